// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDRs and PDIs, with F-TEIDs and UE addresses as given or allocated (TS 29.244 clauses 5.2.1, 5.5, 5.19, 5.21).
#include <algorithm>

#include "vnf/upf/n4/rule_reader.hpp"
#include "vnf/upf/n4/told_values.hpp"

namespace kiriko::upf {
namespace {

using pfcp::Cause;
using pfcp::IeType;

bool contains(const std::vector<pfcp::IeType>& types, IeType type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

// Clause 8.2.3: with CHOOSE the UP function allocates; PDRs with one CHOOSE ID share what it has allocated.
Reading<FTeid> RuleReader::local_f_teid(const pfcp::LocalFTeid& wanted, bool& allocated) {
  if (const auto* given = std::get_if<pfcp::FTeid>(&wanted)) {
    if (!given->ipv4) return refuse_ie(Cause::mandatory_ie_incorrect, IeType::f_teid);
    const auto& known = session_.chosen_by_peer;
    if (std::find(known.begin(), known.end(), given->teid) == known.end()) {
      sources_.teids.choose_by_peer(given->teid);
      session_.chosen_by_peer.push_back(given->teid);
      new_by_peer_.push_back(given->teid);
    }
    return FTeid{given->teid, *given->ipv4};
  }
  const auto& choose = std::get<pfcp::ChooseFTeid>(wanted);
  // N3 has an IPv4 address; of both kinds asked for, that one is given.
  if (!choose.ipv4) return refuse_ie(Cause::invalid_f_teid_allocation_option, IeType::f_teid);
  allocated = true;
  if (choose.choose_id) {
    for (const auto& [id, teid] : session_.chosen)
      if (id == *choose.choose_id) return FTeid{teid, sources_.n3_address};
    session_.chosen.emplace_back(*choose.choose_id, sources_.teids.allocate());
    return FTeid{session_.chosen.back().second, sources_.n3_address};
  }
  return FTeid{sources_.teids.allocate(), sources_.n3_address};
}

// Clause 5.21: all that a session asks for is one address and one prefix.
Reading<void> RuleReader::ue_address(const pfcp::UeIpAddress& wanted, const std::string& instance,
                                     std::optional<Ipv4Address>& address, std::optional<Ipv6Prefix>& prefix,
                                     bool& allocated) {
  address = wanted.ipv4;
  prefix = wanted.prefix();
  if (!wanted.choose_ipv4 && !wanted.choose_ipv6) return {};
  allocated = true;
  if (wanted.choose_ipv4) {
    if (!session_.allocated_address)
      if (const auto free = sources_.addresses.allocate_ipv4(instance)) {
        session_.allocated_address = {instance, *free};
        new_address_ = true;
      }
    if (!session_.allocated_address)
      return refuse_ie(Cause::all_dynamic_addresses_are_occupied, IeType::ue_ip_address);
    address = session_.allocated_address->address;
  }
  if (wanted.choose_ipv6) {
    if (!session_.allocated_prefix)
      if (const auto free = sources_.addresses.allocate_ipv6(instance)) {
        session_.allocated_prefix = {instance, *free};
        new_prefix_ = true;
      }
    if (!session_.allocated_prefix)
      return refuse_ie(Cause::all_dynamic_addresses_are_occupied, IeType::ue_ip_address);
    prefix = session_.allocated_prefix->address;
  }
  return {};
}

Reading<PacketDetectionInformation> RuleReader::pdi(PdrId pdr, const pfcp::Pdi& wire) {
  PacketDetectionInformation out;
  // The two enumerations agree on what there is here (clause 8.2.2).
  out.source_interface = static_cast<SourceInterface>(wire.source_interface);
  if (wire.network_instance) out.network_instance = pfcp::canonical_name(*wire.network_instance);
  // Several would be alternatives, which a PDR of the user plane has none of.
  if (wire.traffic_endpoint_ids.size() > 1)
    return refuse_ie(Cause::service_not_supported, IeType::traffic_endpoint_id);
  for (const pfcp::TrafficEndpointId id : wire.traffic_endpoint_ids) {
    const TrafficEndpoint* endpoint = endpoint_of(id);
    if (endpoint == nullptr) return refuse_ie(Cause::mandatory_ie_incorrect, IeType::traffic_endpoint_id);
    endpoint->fold_into(out);
  }
  pfcp::CreatedPdr created;
  created.pdr_id = pdr;
  bool allocated_teid = false, allocated_address = false;
  if (wire.local_f_teid) {
    const auto f_teid = local_f_teid(*wire.local_f_teid, allocated_teid);
    if (!f_teid) return tl::unexpected(f_teid.error());
    out.local_f_teid = *f_teid;
    if (allocated_teid) created.local_f_teid = told(*f_teid);
  }
  if (!wire.ue_ip_addresses.empty()) {
    const auto read = ue_address(wire.ue_ip_addresses.front(), out.network_instance, out.ue_ip_address,
                                 out.ue_ipv6_prefix, allocated_address);
    if (!read) return tl::unexpected(read.error());
    if (allocated_address) created.ue_ip_addresses = {told(out.ue_ip_address, out.ue_ipv6_prefix)};
  }
  if (!wire.qfis.empty()) out.qfis = values_of(wire.qfis);
  for (const pfcp::SdfFilter& filter : wire.sdf_filters) {
    auto read = sdf_filter(filter);
    if (!read) return tl::unexpected(read.error());
    out.sdf_filters.push_back(std::move(*read));
  }
  if (wire.application_id) {
    const auto* filters = sources_.named.applications.find(wire.application_id->text);
    if (filters == nullptr) return refuse_ie(Cause::unknown_application_id, IeType::application_id);
    // Both would have to match; filters of the user plane are alternatives.
    if (!wire.sdf_filters.empty()) return refuse_ie(Cause::service_not_supported, IeType::sdf_filter);
    out.application_id = wire.application_id->text;
    out.sdf_filters = *filters;
  }
  if (wire.ethernet_pdu_session_information)
    out.ethernet_pdu_session = wire.ethernet_pdu_session_information->ethi;
  for (const pfcp::EthernetPacketFilter& filter : wire.ethernet_packet_filters) {
    auto read = ethernet_filter(filter);
    if (!read) return tl::unexpected(read.error());
    out.ethernet_filters.push_back(std::move(*read));
  }
  if (allocated_teid || allocated_address) created_pdrs_.push_back(std::move(created));
  note_use(pdr, wire.traffic_endpoint_ids);
  return out;
}

Reading<PacketDetectionRule> RuleReader::pdr(const pfcp::CreatePdr& create) {
  touched_pdrs_.insert(create.pdr_id);
  // It may take the place of one that the same request removes.
  std::erase_if(session_.predefined_uses, [&](const PredefinedUse& use) { return use.pdr == create.pdr_id; });
  auto read = pdi(create.pdr_id, create.pdi);
  if (read && !create.activate_predefined_rules.empty())
    if (auto added = add_predefined(create.pdr_id, create.activate_predefined_rules, {}, *read, true); !added)
      read = tl::unexpected(added.error());
  if (!read) {
    read.error().failed_rule = create.pdr_id;
    return tl::unexpected(read.error());
  }
  if (!create.far_id)
    return tl::unexpected<Refusal>({Cause::conditional_ie_missing, IeType::far_id, create.pdr_id});
  PacketDetectionRule out;
  out.id = create.pdr_id;
  out.precedence = create.precedence.value;
  out.pdi = std::move(*read);
  out.outer_header_removal = create.outer_header_removal.has_value();
  out.far = *create.far_id;
  out.qers = create.qer_ids;
  out.urrs = create.urr_ids;
  return out;
}

Reading<PacketDetectionRuleUpdate> RuleReader::pdr(const pfcp::UpdatePdr& update) {
  // What the PDR is to be follows from what it is, which a request may change once.
  if (!touched_pdrs_.insert(update.pdr_id).second)
    return tl::unexpected<Refusal>(
        {Cause::rule_creation_or_modification_failure, IeType::update_pdr, update.pdr_id});
  PacketDetectionRuleUpdate out;
  out.id = update.pdr_id;
  if (update.precedence) out.precedence = update.precedence->value;
  auto read = updated_pdi(update);
  if (!read) {
    read.error().failed_rule = update.pdr_id;
    return tl::unexpected(read.error());
  }
  out.pdi = std::move(*read);
  if (update.outer_header_removal) out.outer_header_removal = true;
  if (contains(update.removed, IeType::outer_header_removal)) out.outer_header_removal = false;
  if (update.far_id) out.far = *update.far_id;
  if (!update.qer_ids.empty() || contains(update.removed, IeType::qer_id)) out.qers = update.qer_ids;
  if (!update.urr_ids.empty() || contains(update.removed, IeType::urr_id)) out.urrs = update.urr_ids;
  return out;
}

void RuleReader::release_new() {
  for (const Teid teid : new_by_peer_) sources_.teids.release(teid);
  if (new_address_)
    sources_.addresses.release(session_.allocated_address->instance, session_.allocated_address->address);
  if (new_prefix_)
    sources_.addresses.release(session_.allocated_prefix->instance, session_.allocated_prefix->address);
}

}  // namespace kiriko::upf
