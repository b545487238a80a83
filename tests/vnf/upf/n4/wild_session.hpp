// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The PFCP session that a real SMF establishes: four PDRs, three FARs, QER, URR and BAR, Network Instance as plain text.
#pragma once

#include "tests/vnf/upf/n4/n4_server_bed.hpp"

namespace kiriko::upf::test {

inline pfcp::CreatePdr pdr_of(PdrId id, std::uint32_t precedence, pfcp::SourceInterface source, FarId far) {
  pfcp::CreatePdr pdr;
  pdr.pdr_id = id;
  pdr.precedence.value = precedence;
  pdr.pdi.source_interface = source;
  pdr.far_id = far;
  return pdr;
}

inline pfcp::CreatePdr uplink_pdr_of(PdrId id, pfcp::LocalFTeid f_teid, FarId far = FarId{2}) {
  pfcp::CreatePdr pdr = pdr_of(id, 255, pfcp::SourceInterface::access, far);
  pdr.pdi.local_f_teid = f_teid;
  pdr.outer_header_removal.emplace().description = pfcp::OuterHeaderRemoval::Description::gtpu_udp_ip;
  return pdr;
}

inline pfcp::ChooseFTeid choose(std::optional<std::uint8_t> id = std::nullopt) {
  pfcp::ChooseFTeid out{.ipv4 = true, .ipv6 = true, .choose_id = std::nullopt};
  if (id) out.choose_id = pfcp::ChooseId{*id};
  return out;
}

inline pfcp::FTeid chosen_by_smf(std::uint32_t teid, Ipv4Address address = n3_ip) {
  return {.teid = Teid{teid}, .ipv4 = address, .ipv6 = std::nullopt};
}

inline pfcp::CreateFar far_to(FarId id, pfcp::DestinationInterface destination) {
  pfcp::CreateFar far;
  far.far_id = id;
  far.apply_action.forw = true;
  far.forwarding_parameters.emplace().destination_interface = destination;
  return far;
}

inline pfcp::SessionEstablishmentRequest wild_session(Ipv4Address ue = ue_ip) {
  using Source = pfcp::SourceInterface;
  using Destination = pfcp::DestinationInterface;
  pfcp::SessionEstablishmentRequest out;
  out.node_id = smf_ip;
  out.cp_f_seid = {.seid = Seid{0xabc}, .ipv4 = smf_ip, .ipv6 = std::nullopt};

  pfcp::CreatePdr downlink = pdr_of(PdrId{1}, 65535, Source::core, FarId{1});
  downlink.pdi.network_instance = pfcp::NetworkInstance{"internet"};
  downlink.pdi.source_interface_type = pfcp::InterfaceType3gpp{17};
  pfcp::UeIpAddress address;
  address.ipv4 = ue;
  address.destination = true;
  downlink.pdi.ue_ip_addresses = {address};
  downlink.qer_ids = {QerId{1}};
  downlink.urr_ids = {UrrId{1}};

  pfcp::CreatePdr uplink = uplink_pdr_of(PdrId{2}, choose(5));
  uplink.precedence.value = 65535;
  uplink.pdi.network_instance = pfcp::NetworkInstance{pfcp::labels_of("internet")};
  uplink.pdi.source_interface_type = pfcp::InterfaceType3gpp{11};
  uplink.pdi.qfis = {pfcp::QfiIe{Qfi{1}}};
  uplink.qer_ids = {QerId{1}};
  uplink.urr_ids = {UrrId{1}};

  // Router advertisements come from the SMF, solicitations go to it.
  pfcp::CreatePdr from_cp = uplink_pdr_of(PdrId{3}, choose(), FarId{1});
  from_cp.precedence.value = 1000;
  from_cp.pdi.source_interface = Source::cp_function;
  pfcp::CreatePdr to_cp = uplink_pdr_of(PdrId{4}, choose(5), FarId{3});
  to_cp.precedence.value = 1000;
  pfcp::SdfFilter solicitation;
  solicitation.flow_description = "permit out 58 from ff02::2/128 to assigned";
  to_cp.pdi.sdf_filters = {solicitation};
  out.create_pdrs = {downlink, uplink, from_cp, to_cp};

  pfcp::CreateFar buffering;
  buffering.far_id = FarId{1};
  buffering.apply_action.buff = buffering.apply_action.nocp = true;
  buffering.bar_id = pfcp::BarId{1};
  pfcp::CreateFar to_smf = far_to(FarId{3}, Destination::cp_function);
  to_smf.forwarding_parameters->outer_header_creation = pfcp::OuterHeaderCreation::gtpu(Teid{77}, smf_ip);
  out.create_fars = {buffering, far_to(FarId{2}, Destination::core), to_smf};

  pfcp::CreateQer qer;
  qer.qer_id = QerId{1};
  qer.maximum_bit_rate = pfcp::BitRates{BitsPerSecond{1'000'000'000}, BitsPerSecond{1'000'000'000}};
  qer.qfi = pfcp::QfiIe{Qfi{1}};
  out.create_qers = {qer};
  pfcp::CreateUrr urr;
  urr.urr_id = UrrId{1};
  urr.measurement_method.volum = true;
  urr.reporting_triggers.volth = true;
  urr.volume_threshold =
      pfcp::Volumes{.total = 104'857'600, .uplink = std::nullopt, .downlink = std::nullopt};
  out.create_urrs = {urr};
  pfcp::CreateBar bar;
  bar.bar_id = pfcp::BarId{1};
  out.create_bars = {bar};
  out.pdn_type = pfcp::PdnType{pfcp::PdnType::Value::ipv4v6};
  out.apn_dnn = pfcp::ApnDnn{pfcp::labels_of("internet")};
  out.s_nssai = SNssai{sst::embb, Sd{1}};
  return out;
}

/// With the downlink's FAR as the SMF sets it once the gNB's F-TEID is known.
inline pfcp::UpdateFar to_gnb(std::uint32_t teid, Ipv4Address gnb = gnb_ip) {
  pfcp::UpdateFar far;
  far.far_id = FarId{1};
  far.apply_action.emplace().forw = true;
  auto& parameters = far.update_forwarding_parameters.emplace();
  parameters.destination_interface = pfcp::DestinationInterface::access;
  parameters.outer_header_creation = pfcp::OuterHeaderCreation::gtpu(Teid{teid}, gnb);
  return far;
}

}  // namespace kiriko::upf::test
