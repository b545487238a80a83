// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of packet detection: PDI, PDRs, traffic endpoints (TS 29.244 clauses 7.5.2 to 7.5.4).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/detection_values.hpp"
#include "core/pfcp/ethernet_values.hpp"
#include "core/pfcp/forwarding_values.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/node_values.hpp"

namespace kiriko::pfcp {

/// Table 7.5.2.2-3.
struct EthernetPacketFilter {
  std::optional<EthernetFilterId> ethernet_filter_id{};
  std::optional<EthernetFilterProperties> ethernet_filter_properties{};
  std::vector<MacAddressFilter> mac_addresses{};  ///< any of them matches
  std::optional<Ethertype> ethertype{};
  std::optional<VlanTag> c_tag{};
  std::optional<VlanTag> s_tag{};
  std::vector<SdfFilter> sdf_filters{};
  std::vector<RawIe> others{};
  friend bool operator==(const EthernetPacketFilter&, const EthernetPacketFilter&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::ethernet_filter_id, &EthernetPacketFilter::ethernet_filter_id),
        conditional(IeType::ethernet_filter_properties, &EthernetPacketFilter::ethernet_filter_properties),
        conditional(IeType::mac_address, &EthernetPacketFilter::mac_addresses),
        conditional(IeType::ethertype, &EthernetPacketFilter::ethertype),
        conditional(IeType::c_tag, &EthernetPacketFilter::c_tag),
        conditional(IeType::s_tag, &EthernetPacketFilter::s_tag),
        conditional(IeType::sdf_filter, &EthernetPacketFilter::sdf_filters));
  }
};

/// Table 7.5.2.2-5.
struct RedundantTransmissionDetectionParameters {
  LocalFTeid local_f_teid{};
  std::optional<NetworkInstance> network_instance{};
  std::vector<RawIe> others{};
  friend bool operator==(const RedundantTransmissionDetectionParameters&,
                         const RedundantTransmissionDetectionParameters&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::f_teid, &RedundantTransmissionDetectionParameters::local_f_teid),
        conditional(IeType::network_instance, &RedundantTransmissionDetectionParameters::network_instance));
  }
};

/// Table 7.5.2.2-2. What may be absent there is conditional here: a filter that cannot be read must not widen the match.
struct Pdi {
  SourceInterface source_interface{};
  std::optional<LocalFTeid> local_f_teid{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<RedundantTransmissionDetectionParameters> redundant_transmission_detection_parameters{};
  std::vector<UeIpAddress> ue_ip_addresses{};
  std::vector<TrafficEndpointId> traffic_endpoint_ids{};
  std::vector<SdfFilter> sdf_filters{};
  std::optional<ApplicationId> application_id{};
  std::optional<EthernetPduSessionInformation> ethernet_pdu_session_information{};
  std::vector<EthernetPacketFilter> ethernet_packet_filters{};
  std::vector<QfiIe> qfis{};
  std::vector<FramedRoute> framed_routes{};
  std::optional<FramedRouting> framed_routing{};
  std::vector<FramedIpv6Route> framed_ipv6_routes{};
  std::optional<InterfaceType3gpp> source_interface_type{};
  std::optional<DnsQueryFilter> dns_query_filter{};
  std::vector<RawIe> others{};
  friend bool operator==(const Pdi&, const Pdi&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::source_interface, &Pdi::source_interface),
                conditional(IeType::f_teid, &Pdi::local_f_teid),
                conditional(IeType::network_instance, &Pdi::network_instance),
                conditional(IeType::redundant_transmission_detection_parameters,
                            &Pdi::redundant_transmission_detection_parameters),
                conditional(IeType::ue_ip_address, &Pdi::ue_ip_addresses),
                conditional(IeType::traffic_endpoint_id, &Pdi::traffic_endpoint_ids),
                conditional(IeType::sdf_filter, &Pdi::sdf_filters),
                conditional(IeType::application_id, &Pdi::application_id),
                conditional(IeType::ethernet_pdu_session_information, &Pdi::ethernet_pdu_session_information),
                conditional(IeType::ethernet_packet_filter, &Pdi::ethernet_packet_filters),
                conditional(IeType::qfi, &Pdi::qfis), conditional(IeType::framed_route, &Pdi::framed_routes),
                conditional(IeType::framed_routing, &Pdi::framed_routing),
                conditional(IeType::framed_ipv6_route, &Pdi::framed_ipv6_routes),
                conditional(IeType::interface_type_3gpp, &Pdi::source_interface_type),
                conditional(IeType::dns_query_filter, &Pdi::dns_query_filter));
  }
};

/// Table 7.5.2.2-1.
struct CreatePdr {
  PdrId pdr_id{};
  Precedence precedence{};
  Pdi pdi{};
  std::optional<OuterHeaderRemoval> outer_header_removal{};
  std::optional<FarId> far_id{};
  std::vector<UrrId> urr_ids{};
  std::vector<QerId> qer_ids{};
  std::vector<PredefinedRulesName> activate_predefined_rules{};
  std::optional<NtpTime> activation_time{};
  std::optional<NtpTime> deactivation_time{};
  std::optional<MarId> mar_id{};
  std::optional<PacketReplicationAndDetectionCarryOn> packet_replication_and_detection_carry_on{};
  std::vector<UeIpAddressPoolIdentity> ue_ip_address_pool_identities{};
  std::optional<RatType> rat_type{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreatePdr&, const CreatePdr&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::pdr_id, &CreatePdr::pdr_id), mandatory(IeType::precedence, &CreatePdr::precedence),
        mandatory(IeType::pdi, &CreatePdr::pdi),
        conditional(IeType::outer_header_removal, &CreatePdr::outer_header_removal),
        conditional(IeType::far_id, &CreatePdr::far_id), conditional(IeType::urr_id, &CreatePdr::urr_ids),
        conditional(IeType::qer_id, &CreatePdr::qer_ids),
        conditional(IeType::activate_predefined_rules, &CreatePdr::activate_predefined_rules),
        optional(IeType::activation_time, &CreatePdr::activation_time),
        optional(IeType::deactivation_time, &CreatePdr::deactivation_time),
        conditional(IeType::mar_id, &CreatePdr::mar_id),
        conditional(IeType::packet_replication_and_detection_carry_on_information,
                    &CreatePdr::packet_replication_and_detection_carry_on),
        optional(IeType::ue_ip_address_pool_identity, &CreatePdr::ue_ip_address_pool_identities),
        optional(IeType::rat_type, &CreatePdr::rat_type));
  }
};

/// Table 7.5.4.2-1.
struct UpdatePdr {
  PdrId pdr_id{};
  std::optional<OuterHeaderRemoval> outer_header_removal{};
  std::optional<Precedence> precedence{};
  std::optional<Pdi> pdi{};  ///< replaces the whole PDI
  std::optional<FarId> far_id{};
  std::vector<UrrId> urr_ids{};  ///< replace all
  std::vector<QerId> qer_ids{};  ///< replace all
  std::vector<PredefinedRulesName> activate_predefined_rules{};
  std::vector<PredefinedRulesName> deactivate_predefined_rules{};
  std::optional<NtpTime> activation_time{};
  std::optional<NtpTime> deactivation_time{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdatePdr&, const UpdatePdr&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::pdr_id, &UpdatePdr::pdr_id),
                conditional(IeType::outer_header_removal, &UpdatePdr::outer_header_removal),
                conditional(IeType::precedence, &UpdatePdr::precedence),
                conditional(IeType::pdi, &UpdatePdr::pdi), conditional(IeType::far_id, &UpdatePdr::far_id),
                conditional(IeType::urr_id, &UpdatePdr::urr_ids),
                conditional(IeType::qer_id, &UpdatePdr::qer_ids),
                conditional(IeType::activate_predefined_rules, &UpdatePdr::activate_predefined_rules),
                conditional(IeType::deactivate_predefined_rules, &UpdatePdr::deactivate_predefined_rules),
                optional(IeType::activation_time, &UpdatePdr::activation_time),
                optional(IeType::deactivation_time, &UpdatePdr::deactivation_time));
  }
};

/// Table 7.5.4.6-1.
struct RemovePdr {
  PdrId pdr_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemovePdr&, const RemovePdr&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::pdr_id, &RemovePdr::pdr_id)); }
};

/// Table 7.5.3.2-1: what the UP function allocated. A second F-TEID, of redundant transmission, is among the others.
struct CreatedPdr {
  PdrId pdr_id{};
  std::optional<FTeid> local_f_teid{};
  std::vector<UeIpAddress> ue_ip_addresses{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreatedPdr&, const CreatedPdr&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::pdr_id, &CreatedPdr::pdr_id),
                conditional(IeType::f_teid, &CreatedPdr::local_f_teid),
                conditional(IeType::ue_ip_address, &CreatedPdr::ue_ip_addresses));
  }
};

/// Table 7.5.5.5-1.
struct UpdatedPdr {
  PdrId pdr_id{};
  std::optional<FTeid> local_f_teid{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdatedPdr&, const UpdatedPdr&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::pdr_id, &UpdatedPdr::pdr_id),
                conditional(IeType::f_teid, &UpdatedPdr::local_f_teid));
  }
};

/// Table 7.5.2.7-1.
struct CreateTrafficEndpoint {
  TrafficEndpointId traffic_endpoint_id{};
  std::optional<LocalFTeid> local_f_teid{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<RedundantTransmissionDetectionParameters> redundant_transmission_detection_parameters{};
  std::vector<UeIpAddress> ue_ip_addresses{};
  std::optional<EthernetPduSessionInformation> ethernet_pdu_session_information{};
  std::vector<FramedRoute> framed_routes{};
  std::optional<FramedRouting> framed_routing{};
  std::vector<FramedIpv6Route> framed_ipv6_routes{};
  std::vector<QfiIe> qfis{};
  std::optional<InterfaceType3gpp> source_interface_type{};
  std::optional<RatType> rat_type{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateTrafficEndpoint&, const CreateTrafficEndpoint&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::traffic_endpoint_id, &CreateTrafficEndpoint::traffic_endpoint_id),
                conditional(IeType::f_teid, &CreateTrafficEndpoint::local_f_teid),
                conditional(IeType::network_instance, &CreateTrafficEndpoint::network_instance),
                conditional(IeType::redundant_transmission_detection_parameters,
                            &CreateTrafficEndpoint::redundant_transmission_detection_parameters),
                conditional(IeType::ue_ip_address, &CreateTrafficEndpoint::ue_ip_addresses),
                conditional(IeType::ethernet_pdu_session_information,
                            &CreateTrafficEndpoint::ethernet_pdu_session_information),
                conditional(IeType::framed_route, &CreateTrafficEndpoint::framed_routes),
                conditional(IeType::framed_routing, &CreateTrafficEndpoint::framed_routing),
                conditional(IeType::framed_ipv6_route, &CreateTrafficEndpoint::framed_ipv6_routes),
                conditional(IeType::qfi, &CreateTrafficEndpoint::qfis),
                conditional(IeType::interface_type_3gpp, &CreateTrafficEndpoint::source_interface_type),
                optional(IeType::rat_type, &CreateTrafficEndpoint::rat_type));
  }
};

/// Table 7.5.4.13-1.
struct UpdateTrafficEndpoint {
  TrafficEndpointId traffic_endpoint_id{};
  std::optional<LocalFTeid> local_f_teid{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<RedundantTransmissionDetectionParameters> redundant_transmission_detection_parameters{};
  std::vector<UeIpAddress> ue_ip_addresses{};
  std::vector<FramedRoute> framed_routes{};
  std::optional<FramedRouting> framed_routing{};
  std::vector<FramedIpv6Route> framed_ipv6_routes{};
  std::vector<QfiIe> qfis{};
  std::optional<InterfaceType3gpp> source_interface_type{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateTrafficEndpoint&, const UpdateTrafficEndpoint&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::traffic_endpoint_id, &UpdateTrafficEndpoint::traffic_endpoint_id),
                conditional(IeType::f_teid, &UpdateTrafficEndpoint::local_f_teid),
                conditional(IeType::network_instance, &UpdateTrafficEndpoint::network_instance),
                conditional(IeType::redundant_transmission_detection_parameters,
                            &UpdateTrafficEndpoint::redundant_transmission_detection_parameters),
                conditional(IeType::ue_ip_address, &UpdateTrafficEndpoint::ue_ip_addresses),
                conditional(IeType::framed_route, &UpdateTrafficEndpoint::framed_routes),
                conditional(IeType::framed_routing, &UpdateTrafficEndpoint::framed_routing),
                conditional(IeType::framed_ipv6_route, &UpdateTrafficEndpoint::framed_ipv6_routes),
                conditional(IeType::qfi, &UpdateTrafficEndpoint::qfis),
                conditional(IeType::interface_type_3gpp, &UpdateTrafficEndpoint::source_interface_type));
  }
};

/// Table 7.5.4.14-1.
struct RemoveTrafficEndpoint {
  TrafficEndpointId traffic_endpoint_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveTrafficEndpoint&, const RemoveTrafficEndpoint&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::traffic_endpoint_id, &RemoveTrafficEndpoint::traffic_endpoint_id));
  }
};

/// Table 7.5.3.5-1.
struct CreatedTrafficEndpoint {
  TrafficEndpointId traffic_endpoint_id{};
  std::optional<FTeid> local_f_teid{};
  std::vector<UeIpAddress> ue_ip_addresses{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreatedTrafficEndpoint&, const CreatedTrafficEndpoint&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::traffic_endpoint_id, &CreatedTrafficEndpoint::traffic_endpoint_id),
                conditional(IeType::f_teid, &CreatedTrafficEndpoint::local_f_teid),
                conditional(IeType::ue_ip_address, &CreatedTrafficEndpoint::ue_ip_addresses));
  }
};

}  // namespace kiriko::pfcp
