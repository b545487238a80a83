// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What the SMF decides without waiting: admission, addresses, rules, which UPF.
#include <algorithm>

#include "controller/smf/smf.hpp"

namespace kiriko::smf {
namespace {

constexpr BarId downlink_bar{1};

bool wants_ipv4(PduSessionType type) {
  return type == PduSessionType::ipv4 || type == PduSessionType::ipv4v6;
}
bool wants_ipv6(PduSessionType type) {
  return type == PduSessionType::ipv6 || type == PduSessionType::ipv4v6;
}

ForwardingActionRule downlink_far_of(const SmContext& context) {
  ForwardingActionRule far;
  far.id = downlink_far;
  far.destination_interface = DestinationInterface::access;
  far.outer_header_creation = context.downlink;
  // The FAR keeps its BAR while it forwards: an Update FAR can change a BAR ID, but not take it away.
  far.bar = downlink_bar;
  if (!context.downlink) {
    far.action = ApplyAction::buffer;
    far.notify_cp = true;
  }
  return far;
}

}  // namespace

/// The rules as apps/session_rules plans them, with what only N4 knows: the BAR, IPv6 and network instances.
PduSessionRules Smf::plan(const SmContext& context) const {
  static const LocalSwitching none;
  PduSessionRules rules =
      plan_session_rules(local_switching_ ? local_switching_() : none, context.request.wish, context.upf,
                         context.uplink, downlink_far_of(context));
  rules.seid = context.up_seid;
  rules.type = context.request.type;
  rules.bars.push_back({.id = downlink_bar,
                        .suggested_buffering_packets = options_.suggested_buffering_packets,
                        .notification_delay = {}});
  const auto network = data_networks_.find(context.request.dnn);
  const std::string instance =
      network == data_networks_.end() ? std::string{} : network->second.network.network_instance;
  for (PacketDetectionRule& pdr : rules.pdrs) {
    if (!wants_ipv4(rules.type)) pdr.pdi.ue_ip_address.reset();
    pdr.pdi.ue_ipv6_prefix = context.ue_prefix;
    if (pdr.pdi.source_interface == SourceInterface::core) pdr.pdi.network_instance = instance;
  }
  for (ForwardingActionRule& far : rules.fars)
    if (far.destination_interface == DestinationInterface::core) far.network_instance = instance;
  return rules;
}

std::vector<NodeId> Smf::candidates(const SmContext& context) const {
  std::vector<NodeId> upfs{context.request.wish.upf};
  upfs.insert(upfs.end(), context.request.wish.standby_upfs.begin(), context.request.wish.standby_upfs.end());
  std::erase_if(upfs, [this](NodeId upf) { return !n4_.is_usable(upf); });
  return upfs;
}

std::optional<Refusal> Smf::admit(SmContext& context) {
  const PduSessionRequest& request = context.request;
  if (by_ue_.contains({request.supi, request.id}))
    return Refusal{FiveGsmCause::invalid_pdu_session_identity,
                   {.message = "the UE has a PDU session of this identity",
                    .where = request.supi,
                    .found = std::to_string(request.id.value)}};
  if (auto refusal = refusal_of_flows(request.wish)) return refusal;
  if (candidates(context).empty())
    return Refusal{FiveGsmCause::network_failure, {.message = "no UPF accepts the PDU session"}};
  // TS 23.502 clause 4.2.11.4.
  if (slice_admission_.is_subject(request.s_nssai)) {
    const auto admission = slice_admission_.add_pdu_session(request.s_nssai, request.supi, request.id);
    if (!admission) {
      return Refusal{FiveGsmCause::insufficient_resources_for_specific_slice,
                     {.message = "the slice has as many PDU sessions as it may have",
                      .where = to_string(request.s_nssai),
                      .found = std::string(to_string(admission.error()))}};
    }
  }
  by_ue_.emplace(std::pair{request.supi, request.id}, context.ref);
  // Last, so that a refusal uses up no address.
  return allocate_addresses(context);
}

std::optional<Refusal> Smf::allocate_addresses(SmContext& context) {
  PduSessionRequest& request = context.request;
  if (!wants_ipv4(request.type) && !wants_ipv6(request.type))
    return Refusal{FiveGsmCause::unknown_pdu_session_type,
                   {.message = "PDU sessions here are of IP", .allowed = "IPv4, IPv6, IPv4v6"}};
  if (request.dnn.empty()) {
    if (!request.wish.ue_address.is_zero() && request.type == PduSessionType::ipv4) return std::nullopt;
    return Refusal{FiveGsmCause::missing_or_unknown_dnn,
                   {.message = "without a DNN the UE's IPv4 address has to be given", .where = request.supi}};
  }
  const auto found = data_networks_.find(request.dnn);
  if (found == data_networks_.end())
    return Refusal{FiveGsmCause::missing_or_unknown_dnn,
                   {.message = "no such DNN", .where = request.supi, .found = request.dnn.text()}};
  Addresses& addresses = found->second;
  // Of both versions the UE gets the one the DNN has (TS 23.501 clause 5.8.2.2.1).
  if (request.type == PduSessionType::ipv4v6 && !addresses.ipv6) request.type = PduSessionType::ipv4;
  if (request.type == PduSessionType::ipv4v6 && !addresses.ipv4) request.type = PduSessionType::ipv6;
  if (wants_ipv4(request.type) && !addresses.ipv4)
    return Refusal{FiveGsmCause::pdu_session_type_ipv6_only_allowed,
                   {.message = "the DNN has no IPv4 addresses", .where = request.dnn.text()}};
  if (wants_ipv6(request.type) && !addresses.ipv6)
    return Refusal{FiveGsmCause::pdu_session_type_ipv4_only_allowed,
                   {.message = "the DNN has no IPv6 prefixes", .where = request.dnn.text()}};
  if (wants_ipv4(request.type)) {
    if (request.wish.ue_address.is_zero()) {
      const auto address = addresses.ipv4->allocate();
      if (!address) return Refusal{FiveGsmCause::insufficient_resources, address.error()};
      request.wish.ue_address = *address;
    } else if (const auto reserved = addresses.ipv4->reserve(request.wish.ue_address); !reserved) {
      return Refusal{FiveGsmCause::insufficient_resources, reserved.error()};
    }
    context.has_pool_address = true;
  }
  if (wants_ipv6(request.type)) {
    const auto prefix = addresses.ipv6->allocate();
    if (!prefix) {
      free_resources(context);
      return Refusal{FiveGsmCause::insufficient_resources, prefix.error()};
    }
    context.ue_prefix = *prefix;
  }
  return std::nullopt;
}

/// Whatever of it the context has.
void Smf::free_resources(SmContext& context) {
  const PduSessionRequest& request = context.request;
  if (const auto found = data_networks_.find(request.dnn); found != data_networks_.end()) {
    if (std::exchange(context.has_pool_address, false))
      (void)found->second.ipv4->release(request.wish.ue_address);  // it was taken, so this holds
    if (context.ue_prefix) (void)found->second.ipv6->release(*context.ue_prefix);
    context.ue_prefix.reset();
  }
  const auto own = by_ue_.find({request.supi, request.id});
  if (own == by_ue_.end() || own->second != context.ref) return;
  by_ue_.erase(own);
  slice_admission_.remove_pdu_session(request.s_nssai, request.supi, request.id);
}

}  // namespace kiriko::smf
