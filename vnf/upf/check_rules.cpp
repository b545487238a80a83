// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checks of PDRs, FARs, QERs and URRs, each refusal with its PFCP cause.
#include "vnf/upf/check_rules.hpp"

#include <algorithm>
#include <optional>

namespace kiriko::upf {
namespace {

/// Most of each kind; a FAR, QER or URR is named by an index of 16 bits, a PDR's id has as many.
constexpr std::size_t most_rules = 65'535, most_bars = 255, most_filters = 65'535;
/// Of one PDR.
constexpr std::size_t most_named = 255;
/// No sum of model times overflows: PFCP's seconds are 32 bits.
constexpr Duration longest_span = seconds(4'294'967'295);

/// The ids of one kind of rules.
template <class Id>
class Ids {
 public:
  template <class Rule>
  explicit Ids(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) ids_.push_back(rule.id);
    std::sort(ids_.begin(), ids_.end());
  }
  bool has(Id id) const { return std::binary_search(ids_.begin(), ids_.end(), id); }
  /// The first that is given twice.
  std::optional<Id> twice() const {
    const auto it = std::adjacent_find(ids_.begin(), ids_.end());
    return it == ids_.end() ? std::nullopt : std::optional(*it);
  }

 private:
  std::vector<Id> ids_;
};
template <class Rule>
Ids(const std::vector<Rule>&) -> Ids<decltype(Rule::id)>;

/// What rules name.
struct Known {
  Ids<PdrId> pdrs;
  Ids<FarId> fars;
  Ids<QerId> qers;
  Ids<UrrId> urrs;
  Ids<BarId> bars;
};

template <class Id>
Result<void> check_unique(const Ids<Id>& ids, const std::string& where, const char* kind) {
  if (const auto id = ids.twice())
    return refuse(PfcpCause::rule_creation_modification_failure, where,
                  std::string(kind) + " " + std::to_string(id->value) + " is given twice");
  return {};
}

template <class Id>
Result<void> check_named(const std::vector<Id>& named, const Ids<Id>& known, const std::string& where,
                         const char* kind) {
  if (named.size() > most_named)
    return refuse(PfcpCause::no_resources_available, where, std::string("too many ") + kind + "s named",
                  std::to_string(named.size()), "at most " + std::to_string(most_named));
  for (const Id id : named)
    if (!known.has(id))
      return refuse(PfcpCause::rule_creation_modification_failure, where,
                    std::string("the session has no such ") + kind, std::to_string(id.value));
  return {};
}

bool has_wrong_length(const AddressRange& range) {
  if (const auto* v4 = std::get_if<Ipv4Prefix>(&range)) return v4->length > 32;
  if (const auto* v6 = std::get_if<Ipv6Prefix>(&range)) return v6->length > 128;
  return false;
}

Result<void> check_filters(const std::vector<SdfFilter>& filters, const std::string& where) {
  if (filters.size() > most_filters)
    return refuse(PfcpCause::no_resources_available, where, "too many SDF filters",
                  std::to_string(filters.size()), "at most " + std::to_string(most_filters));
  const auto crossed = [](const SdfPortRange& range) { return range.low > range.high; };
  for (const SdfFilter& filter : filters) {
    if (has_wrong_length(filter.remote) || has_wrong_length(filter.local) ||
        std::any_of(filter.remote_ports.begin(), filter.remote_ports.end(), crossed) ||
        std::any_of(filter.local_ports.begin(), filter.local_ports.end(), crossed))
      return refuse(PfcpCause::mandatory_ie_incorrect, where, "an SDF filter's prefix or port range is wrong",
                    {}, "a prefix length up to 32 or 128, and a low port not above the high one");
    if (filter.remote_ports.size() > most_filters || filter.local_ports.size() > most_filters)
      return refuse(PfcpCause::no_resources_available, where, "too many port ranges in an SDF filter");
  }
  return {};
}

Result<void> check_ethernet(const PacketDetectionInformation& pdi, PduSessionType type,
                            const std::string& where) {
  if (type != PduSessionType::ethernet) {
    if (!pdi.ethernet_filters.empty())
      return refuse(PfcpCause::mandatory_ie_incorrect, where,
                    "an Ethernet packet filter in a session of IP type");
    return {};
  }
  if (pdi.ethernet_filters.size() >= most_filters)
    return refuse(PfcpCause::no_resources_available, where, "too many Ethernet packet filters");
  for (const EthernetPacketFilter& filter : pdi.ethernet_filters) {
    if (auto checked = check_filters(filter.sdf_filters, where); !checked) return checked;
    if (filter.sources.size() > most_filters || filter.destinations.size() > most_filters)
      return refuse(PfcpCause::no_resources_available, where, "too many MAC addresses in one filter");
    for (const auto* tag : {&filter.c_tag, &filter.s_tag})
      if (*tag && ((*tag)->id.value_or(0) > 4095 || (*tag)->priority.value_or(0) > 7))
        return refuse(PfcpCause::mandatory_ie_incorrect, where, "a VLAN tag is out of range", {},
                      "an id up to 4095, a priority up to 7");
  }
  return {};
}

Result<void> check_pdi(const PacketDetectionRule& pdr, PduSessionType type, Ipv4Address local,
                       const std::string& where) {
  const PacketDetectionInformation& pdi = pdr.pdi;
  if (pdi.source_interface > SourceInterface::vn_internal)
    return refuse(PfcpCause::service_not_supported, where, "this source interface is not supported",
                  std::to_string(static_cast<unsigned>(pdi.source_interface)),
                  "access, core, n6_lan, cp_function, vn_internal");
  if (pdi.local_f_teid) {
    if (pdi.local_f_teid->teid == Teid{})
      return refuse(PfcpCause::mandatory_ie_incorrect, where, "a local F-TEID must not be 0");
    if (pdi.local_f_teid->address != local)
      return refuse(PfcpCause::mandatory_ie_incorrect, where,
                    "the local F-TEID has another address than the UPF", to_string(pdi.local_f_teid->address),
                    to_string(local));
    if (!pdr.outer_header_removal)
      return refuse(PfcpCause::conditional_ie_missing, where,
                    "a PDR with a local F-TEID needs outer header removal");
  } else if (pdi.source_interface == SourceInterface::access ||
             pdi.source_interface == SourceInterface::cp_function) {
    return refuse(PfcpCause::conditional_ie_missing, where,
                  "a PDR of the access or control plane side needs a local F-TEID");
  } else if (!pdi.ue_ip_address && !pdi.ue_ipv6_prefix && type != PduSessionType::ethernet) {
    return refuse(PfcpCause::conditional_ie_missing, where,
                  "a PDR without a local F-TEID needs the UE's address");
  }
  if (pdi.ue_ip_address && pdi.ue_ip_address->is_zero())
    return refuse(PfcpCause::mandatory_ie_incorrect, where, "the UE's address must not be 0.0.0.0");
  if (pdi.ue_ipv6_prefix &&
      (pdi.ue_ipv6_prefix->length == 0 || pdi.ue_ipv6_prefix->length > 128 ||
       pdi.ue_ipv6_prefix->address.is_zero() || pdi.ue_ipv6_prefix->address.is_multicast()))
    return refuse(PfcpCause::mandatory_ie_incorrect, where, "the UE's IPv6 prefix is wrong",
                  to_string(*pdi.ue_ipv6_prefix), "a unicast prefix of 1 to 128 bits");
  for (const Qfi qfi : pdi.qfis)
    if (qfi > highest_qfi)
      return refuse(PfcpCause::mandatory_ie_incorrect, where, "the QFI is out of range",
                    std::to_string(qfi.value), "0 to 63");
  if (auto checked = check_filters(pdi.sdf_filters, where); !checked) return checked;
  return check_ethernet(pdi, type, where);
}

Result<void> check_outer_header(const std::optional<OuterHeaderCreation>& outer,
                                DestinationInterface destination, std::optional<std::uint8_t> dscp,
                                const std::string& at) {
  if (dscp && *dscp > 63)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "the DSCP is out of range", std::to_string(*dscp),
                  "0 to 63");
  if (destination > DestinationInterface::vn_internal)
    return refuse(PfcpCause::service_not_supported, at, "this destination interface is not supported",
                  std::to_string(static_cast<unsigned>(destination)),
                  "access, core, n6_lan, cp_function, vn_internal");
  if (outer) {
    if (outer->teid == Teid{} || outer->address.is_zero())
      return refuse(PfcpCause::mandatory_ie_incorrect, at,
                    "the outer header's TEID and address must not be 0");
    if (destination == DestinationInterface::vn_internal)
      return refuse(PfcpCause::mandatory_ie_incorrect, at, "no outer header goes to 5G VN internal");
  } else if (destination == DestinationInterface::access ||
             destination == DestinationInterface::cp_function) {
    return refuse(PfcpCause::conditional_ie_missing, at,
                  "forwarding to access or the control plane needs outer header creation");
  }
  return {};
}

Result<void> check_far(const ForwardingActionRule& far, const Known& known, const std::string& where) {
  const std::string at = where + ", FAR " + std::to_string(far.id.value);
  if (far.action > ApplyAction::buffer)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "no such apply action",
                  std::to_string(static_cast<unsigned>(far.action)), "drop, forward, buffer");
  if (far.bar && !known.bars.has(*far.bar))
    return refuse(PfcpCause::rule_creation_modification_failure, at, "the session has no such BAR",
                  std::to_string(far.bar->value));
  if (far.duplicating.size() > 255)
    return refuse(PfcpCause::no_resources_available, at, "too many duplicating parameters");
  for (const DuplicatingParameters& copy : far.duplicating)
    if (auto checked =
            check_outer_header(copy.outer_header_creation, copy.destination_interface, copy.dscp, at);
        !checked)
      return checked;
  if (far.action != ApplyAction::forward) {
    if (far.dscp && *far.dscp > 63)
      return refuse(PfcpCause::mandatory_ie_incorrect, at, "the DSCP is out of range",
                    std::to_string(*far.dscp), "0 to 63");
    return {};
  }
  return check_outer_header(far.outer_header_creation, far.destination_interface, far.dscp, at);
}

Result<void> check_qer(const QosEnforcementRule& qer, const std::string& where) {
  const std::string at = where + ", QER " + std::to_string(qer.id.value);
  if (qer.qfi && *qer.qfi > highest_qfi)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "the QFI is out of range",
                  std::to_string(qer.qfi->value), "0 to 63");
  if (qer.maximum_bit_rate.uplink.value < 0 || qer.maximum_bit_rate.downlink.value < 0)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "a maximum bit rate is negative");
  return {};
}

Result<void> check_urr(const UsageReportingRule& urr, const Known& known, const std::string& where) {
  const std::string at = where + ", URR " + std::to_string(urr.id.value);
  const auto negative = [](const VolumeLimits& limits) {
    return limits.total.count < 0 || limits.uplink.count < 0 || limits.downlink.count < 0;
  };
  if (negative(urr.volume_threshold) || negative(urr.subsequent_volume_threshold) ||
      negative(urr.volume_quota.value_or(VolumeLimits{})) ||
      negative(urr.subsequent_volume_quota.value_or(VolumeLimits{})) ||
      urr.dropped_dl_traffic_threshold.octets.count < 0)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "the volume threshold or quota is negative");
  for (const Duration span : {urr.measurement_period, urr.time_threshold, urr.time_quota.value_or(Duration{}),
                              urr.quota_holding_time, urr.inactivity_detection_time,
                              urr.subsequent_time_threshold, urr.subsequent_time_quota.value_or(Duration{})})
    if (span.ns < 0 || span > longest_span)
      return refuse(PfcpCause::mandatory_ie_incorrect, at, "a time is out of range", to_string(span),
                    "up to " + to_string(longest_span));
  if (urr.triggers.periodic && urr.measurement_period.ns == 0)
    return refuse(PfcpCause::conditional_ie_missing, at, "periodic reports need a measurement period");
  if (urr.quota_far && !known.fars.has(*urr.quota_far))
    return refuse(PfcpCause::rule_creation_modification_failure, at, "the session has no such FAR",
                  std::to_string(urr.quota_far->value));
  return check_named(urr.linked, known.urrs, at, "URR");
}

}  // namespace

tl::unexpected<Problem> refuse(PfcpCause cause, std::string where, std::string message, std::string found,
                               std::string allowed) {
  return fail({.message = std::move(message),
               .where = std::move(where),
               .found = std::move(found),
               .allowed = std::move(allowed),
               .hint = to_string(cause)});
}

Result<void> check_rules(const PduSessionRules& rules, Ipv4Address local, const std::string& where) {
  if (rules.seid == Seid{}) return refuse(PfcpCause::mandatory_ie_incorrect, where, "the SEID must not be 0");
  if (rules.pdrs.empty()) return refuse(PfcpCause::mandatory_ie_missing, where, "the session has no PDR");
  if (rules.fars.empty()) return refuse(PfcpCause::mandatory_ie_missing, where, "the session has no FAR");
  if (rules.user_plane_inactivity.ns < 0 || rules.user_plane_inactivity > longest_span)
    return refuse(PfcpCause::mandatory_ie_incorrect, where,
                  "the user plane inactivity timer is out of range");
  if (std::max({rules.pdrs.size(), rules.fars.size(), rules.qers.size(), rules.urrs.size()}) > most_rules ||
      rules.bars.size() > most_bars)
    return refuse(PfcpCause::no_resources_available, where, "too many rules of one kind", {},
                  "at most 65535 of each, 255 BARs");

  const Known known{Ids(rules.pdrs), Ids(rules.fars), Ids(rules.qers), Ids(rules.urrs), Ids(rules.bars)};
  if (auto checked = check_unique(known.pdrs, where, "PDR"); !checked) return checked;
  if (auto checked = check_unique(known.fars, where, "FAR"); !checked) return checked;
  if (auto checked = check_unique(known.qers, where, "QER"); !checked) return checked;
  if (auto checked = check_unique(known.urrs, where, "URR"); !checked) return checked;
  if (auto checked = check_unique(known.bars, where, "BAR"); !checked) return checked;
  for (const auto& far : rules.fars)
    if (auto checked = check_far(far, known, where); !checked) return checked;
  for (const auto& qer : rules.qers)
    if (auto checked = check_qer(qer, where); !checked) return checked;
  for (const auto& urr : rules.urrs)
    if (auto checked = check_urr(urr, known, where); !checked) return checked;
  for (const auto& bar : rules.bars)
    if (bar.notification_delay.ns < 0 || bar.notification_delay > longest_span)
      return refuse(PfcpCause::mandatory_ie_incorrect, where + ", BAR " + std::to_string(bar.id.value),
                    "the notification delay is out of range");
  for (const auto& pdr : rules.pdrs) {
    const std::string at = where + ", PDR " + std::to_string(pdr.id.value);
    if (auto checked = check_pdi(pdr, rules.type, local, at); !checked) return checked;
    if (!known.fars.has(pdr.far))
      return refuse(PfcpCause::rule_creation_modification_failure, at, "the session has no such FAR",
                    std::to_string(pdr.far.value));
    if (auto checked = check_named(pdr.qers, known.qers, at, "QER"); !checked) return checked;
    if (auto checked = check_named(pdr.urrs, known.urrs, at, "URR"); !checked) return checked;
  }
  return {};
}

}  // namespace kiriko::upf
