// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FARs and BARs (TS 29.244 clauses 5.2.3, 5.2.4, 7.5.2.3, 7.5.4.3).
#include <algorithm>

#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {
namespace {

using pfcp::Cause;
using pfcp::IeType;

/// Clause 8.2.26: one of DROP, FORW and BUFF.
std::optional<ApplyAction> action_of(const pfcp::ApplyAction& flags) {
  if (flags.drop + flags.forw + flags.buff != 1) return std::nullopt;
  return flags.drop ? ApplyAction::drop : flags.forw ? ApplyAction::forward : ApplyAction::buffer;
}

/// From 4 on the numbers of source and destination interfaces differ (clauses 8.2.2, 8.2.24).
Reading<DestinationInterface> destination_of(pfcp::DestinationInterface wire) {
  switch (wire) {
    case pfcp::DestinationInterface::access: return DestinationInterface::access;
    case pfcp::DestinationInterface::core: return DestinationInterface::core;
    case pfcp::DestinationInterface::sgi_lan_n6_lan: return DestinationInterface::n6_lan;
    case pfcp::DestinationInterface::cp_function: return DestinationInterface::cp_function;
    case pfcp::DestinationInterface::vn_internal_5g: return DestinationInterface::vn_internal;
    case pfcp::DestinationInterface::li_function: break;
  }
  return refuse_ie(Cause::service_not_supported, IeType::destination_interface);
}

/// Nothing for what only tells where a tunnel is used (N19, N6 indications); of an IPv4 and IPv6 pair the IPv4.
Reading<std::optional<OuterHeaderCreation>> outer_header_of(const pfcp::OuterHeaderCreation& wire) {
  if (wire.gtpu_udp_ipv4 && wire.teid && wire.ipv4)
    return std::optional(OuterHeaderCreation{*wire.teid, *wire.ipv4});
  const bool asks = wire.is_gtpu() || wire.udp_ipv4 || wire.udp_ipv6 || wire.ipv4_header ||
                    wire.ipv6_header || wire.c_tag_header || wire.s_tag_header || wire.low_layer_ssm;
  if (asks) return refuse_ie(Cause::service_not_supported, IeType::outer_header_creation);
  return std::optional<OuterHeaderCreation>{};
}

std::optional<std::uint8_t> dscp_of(const std::optional<pfcp::TransportLevelMarking>& marking) {
  if (!marking) return std::nullopt;
  return static_cast<std::uint8_t>((marking->tos_traffic_class.value & marking->tos_traffic_class.mask) >> 2);
}

Reading<DuplicatingParameters> duplicating_of(const std::optional<pfcp::DestinationInterface>& destination,
                                              const std::optional<pfcp::OuterHeaderCreation>& outer,
                                              const std::optional<pfcp::TransportLevelMarking>& marking) {
  DuplicatingParameters out;
  if (destination) {
    const auto read = destination_of(*destination);
    if (!read) return tl::unexpected(read.error());
    out.destination_interface = *read;
  }
  if (outer) {
    const auto read = outer_header_of(*outer);
    if (!read) return tl::unexpected(read.error());
    out.outer_header_creation = *read;
  }
  out.dscp = dscp_of(marking);
  return out;
}

/// A FAR's refusal names it.
template <class T>
Reading<T> of_far(FarId far, Reading<T> reading) {
  if (!reading) reading.error().failed_rule = far;
  return reading;
}

Reading<ForwardingActionRule> read_far(const pfcp::CreateFar& create) {
  ForwardingActionRule out;
  out.id = create.far_id;
  const auto action = action_of(create.apply_action);
  if (!action) return refuse_ie(Cause::mandatory_ie_incorrect, IeType::apply_action);
  out.action = *action;
  out.notify_cp = create.apply_action.nocp;
  out.duplicate = create.apply_action.dupl;
  if (create.bar_id) out.bar = BarId{create.bar_id->value};
  for (const pfcp::DuplicatingParameters& copy : create.duplicating_parameters) {
    const auto read =
        duplicating_of(copy.destination_interface, copy.outer_header_creation, copy.transport_level_marking);
    if (!read) return tl::unexpected(read.error());
    out.duplicating.push_back(*read);
  }
  if (!create.forwarding_parameters) {
    if (out.action == ApplyAction::forward)
      return refuse_ie(Cause::conditional_ie_missing, IeType::forwarding_parameters);
    return out;
  }
  const pfcp::ForwardingParameters& parameters = *create.forwarding_parameters;
  const auto destination = destination_of(parameters.destination_interface);
  if (!destination) return tl::unexpected(destination.error());
  out.destination_interface = *destination;
  if (parameters.network_instance) out.network_instance = pfcp::canonical_name(*parameters.network_instance);
  if (parameters.outer_header_creation) {
    const auto outer = outer_header_of(*parameters.outer_header_creation);
    if (!outer) return tl::unexpected(outer.error());
    out.outer_header_creation = *outer;
  }
  out.dscp = dscp_of(parameters.transport_level_marking);
  if (parameters.forwarding_policy) out.forwarding_policy = parameters.forwarding_policy->identifier;
  return out;
}

Reading<void> read_parameters(const pfcp::UpdateForwardingParameters& wire, ForwardingActionRuleUpdate& out) {
  const auto removed = [&](IeType type) {
    return std::find(wire.removed.begin(), wire.removed.end(), type) != wire.removed.end();
  };
  if (wire.destination_interface) {
    const auto destination = destination_of(*wire.destination_interface);
    if (!destination) return tl::unexpected(destination.error());
    out.destination_interface = *destination;
  }
  if (wire.network_instance)
    out.network_instance = pfcp::canonical_name(*wire.network_instance);
  else if (removed(IeType::network_instance))
    out.network_instance = std::string{};
  if (wire.outer_header_creation) {
    const auto outer = outer_header_of(*wire.outer_header_creation);
    if (!outer) return tl::unexpected(outer.error());
    out.outer_header_creation = *outer;
  } else if (removed(IeType::outer_header_creation)) {
    out.outer_header_creation = std::optional<OuterHeaderCreation>{};
  }
  if (wire.transport_level_marking || removed(IeType::transport_level_marking))
    out.dscp = dscp_of(wire.transport_level_marking);
  if (wire.forwarding_policy) out.forwarding_policy = wire.forwarding_policy->identifier;
  if (wire.pfcpsmreq_flags) out.send_end_marker = wire.pfcpsmreq_flags->sndem;
  return {};
}

Reading<ForwardingActionRuleUpdate> read_far(const pfcp::UpdateFar& update) {
  ForwardingActionRuleUpdate out;
  out.id = update.far_id;
  if (update.apply_action) {
    const auto action = action_of(*update.apply_action);
    if (!action) return refuse_ie(Cause::mandatory_ie_incorrect, IeType::apply_action);
    out.action = *action;
    out.notify_cp = update.apply_action->nocp;
    out.duplicate = update.apply_action->dupl;
  }
  if (update.update_forwarding_parameters)
    if (auto read = read_parameters(*update.update_forwarding_parameters, out); !read)
      return tl::unexpected(read.error());
  if (!update.update_duplicating_parameters.empty()) {
    out.duplicating.emplace();
    for (const pfcp::UpdateDuplicatingParameters& copy : update.update_duplicating_parameters) {
      const auto read = duplicating_of(copy.destination_interface, copy.outer_header_creation,
                                       copy.transport_level_marking);
      if (!read) return tl::unexpected(read.error());
      out.duplicating->push_back(*read);
    }
  }
  if (update.bar_id) out.bar = BarId{update.bar_id->value};
  if (std::find(update.removed.begin(), update.removed.end(), IeType::bar_id) != update.removed.end())
    out.bar = std::optional<BarId>{};
  return out;
}

}  // namespace

Reading<ForwardingActionRule> RuleReader::far(const pfcp::CreateFar& create) const {
  return of_far(create.far_id, read_far(create));
}

Reading<ForwardingActionRuleUpdate> RuleReader::far(const pfcp::UpdateFar& update) const {
  return of_far(update.far_id, read_far(update));
}

BufferingActionRule RuleReader::bar(const pfcp::CreateBar& create) const {
  BufferingActionRule out;
  out.id = BarId{create.bar_id.value};
  if (create.suggested_buffering_packets_count)
    out.suggested_buffering_packets = create.suggested_buffering_packets_count->value;
  if (create.downlink_data_notification_delay)
    out.notification_delay = create.downlink_data_notification_delay->duration();
  return out;
}

BufferingActionRuleUpdate RuleReader::bar(const pfcp::UpdateBar& update) const {
  BufferingActionRuleUpdate out;
  out.id = BarId{update.bar_id.value};
  if (update.suggested_buffering_packets_count)
    out.suggested_buffering_packets = std::uint16_t{update.suggested_buffering_packets_count->value};
  if (update.downlink_data_notification_delay)
    out.notification_delay = update.downlink_data_notification_delay->duration();
  return out;
}

BufferingActionRuleUpdate RuleReader::bar(const pfcp::UpdateBarInReportResponse& update) const {
  BufferingActionRuleUpdate out;
  out.id = BarId{update.bar_id.value};
  if (update.dl_buffering_suggested_packet_count)
    out.suggested_buffering_packets = update.dl_buffering_suggested_packet_count->packets;
  else if (update.suggested_buffering_packets_count)
    out.suggested_buffering_packets = std::uint16_t{update.suggested_buffering_packets_count->value};
  if (update.downlink_data_notification_delay)
    out.notification_delay = update.downlink_data_notification_delay->duration();
  return out;
}

}  // namespace kiriko::upf
