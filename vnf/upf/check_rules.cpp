// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checks of PDRs, FARs, QERs and URRs, each refusal with its PFCP cause.
#include "vnf/upf/check_rules.hpp"

#include <algorithm>
#include <set>

#include "vnf/upf/session.hpp"

namespace kiriko::upf {
namespace {

template <class Rule>
bool has_id(const std::vector<Rule>& rules, decltype(Rule::id) id) {
  return std::any_of(rules.begin(), rules.end(), [id](const Rule& rule) { return rule.id == id; });
}

template <class Rule>
Result<void> check_unique(const std::vector<Rule>& rules, const std::string& where, const char* kind) {
  std::set<decltype(Rule::id)> ids;
  for (const Rule& rule : rules)
    if (!ids.insert(rule.id).second)
      return refuse(PfcpCause::rule_creation_modification_failure, where,
                    std::string(kind) + " " + std::to_string(rule.id.value) + " is given twice");
  return {};
}

/// The ids that a PDR names exist, and are not more than fit.
template <class Rule>
Result<void> check_named(const std::vector<decltype(Rule::id)>& ids, const std::vector<Rule>& rules,
                         std::size_t most, const std::string& where, const char* kind) {
  if (ids.size() > most)
    return refuse(PfcpCause::no_resources_available, where, std::string("too many ") + kind + "s in one PDR",
                  std::to_string(ids.size()), "at most " + std::to_string(most));
  for (const auto id : ids)
    if (!has_id(rules, id))
      return refuse(PfcpCause::rule_creation_modification_failure, where,
                    std::string("the session has no such ") + kind, std::to_string(id.value));
  return {};
}

Result<void> check_filter(const SdfFilter& filter, const std::string& where) {
  const auto* prefix = std::get_if<Ipv4Prefix>(&filter.remote);
  const auto crossed = [](const SdfPortRange& range) { return range.low > range.high; };
  if ((prefix != nullptr && prefix->length > 32) ||
      std::any_of(filter.remote_ports.begin(), filter.remote_ports.end(), crossed) ||
      std::any_of(filter.local_ports.begin(), filter.local_ports.end(), crossed))
    return refuse(PfcpCause::mandatory_ie_incorrect, where, "an SDF filter's prefix or port range is wrong",
                  {}, "a prefix length up to 32, and a low port not above the high one");
  return {};
}

Result<void> check_pdi(const PacketDetectionRule& pdr, Ipv4Address local, const std::string& where) {
  const PacketDetectionInformation& pdi = pdr.pdi;
  if (pdi.source_interface > SourceInterface::vn_internal ||
      pdi.source_interface == SourceInterface::cp_function)
    return refuse(PfcpCause::service_not_supported, where, "this source interface is not supported",
                  std::to_string(static_cast<unsigned>(pdi.source_interface)),
                  "access, core, n6_lan, vn_internal");
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
  } else if (pdi.source_interface == SourceInterface::access) {
    return refuse(PfcpCause::conditional_ie_missing, where, "a PDR of the access side needs a local F-TEID");
  } else if (!pdi.ue_ip_address) {
    return refuse(PfcpCause::conditional_ie_missing, where,
                  "a PDR without a local F-TEID needs the UE's address");
  }
  if (pdi.ue_ip_address && pdi.ue_ip_address->is_zero())
    return refuse(PfcpCause::mandatory_ie_incorrect, where, "the UE's address must not be 0.0.0.0");
  for (const Qfi qfi : pdi.qfis)
    if (qfi > highest_qfi)
      return refuse(PfcpCause::mandatory_ie_incorrect, where, "the QFI is out of range",
                    std::to_string(qfi.value), "0 to 63");
  for (const SdfFilter& filter : pdi.sdf_filters)
    if (auto checked = check_filter(filter, where); !checked) return checked;
  return {};
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

Result<void> check_far(const ForwardingActionRule& far, const std::string& where) {
  const std::string at = where + ", FAR " + std::to_string(far.id.value);
  if (far.action > ApplyAction::buffer)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "no such apply action",
                  std::to_string(static_cast<unsigned>(far.action)), "drop, forward, buffer");
  if (far.dscp && *far.dscp > 63)
    return refuse(PfcpCause::mandatory_ie_incorrect, at, "the DSCP is out of range",
                  std::to_string(*far.dscp), "0 to 63");
  if (far.action != ApplyAction::forward) return {};
  if (far.destination_interface > DestinationInterface::vn_internal ||
      far.destination_interface == DestinationInterface::cp_function)
    return refuse(PfcpCause::service_not_supported, at, "this destination interface is not supported",
                  std::to_string(static_cast<unsigned>(far.destination_interface)),
                  "access, core, n6_lan, vn_internal");
  if (far.outer_header_creation) {
    if (far.outer_header_creation->teid == Teid{} || far.outer_header_creation->address.is_zero())
      return refuse(PfcpCause::mandatory_ie_incorrect, at,
                    "the outer header's TEID and address must not be 0");
    if (far.destination_interface == DestinationInterface::vn_internal)
      return refuse(PfcpCause::mandatory_ie_incorrect, at, "no outer header goes to 5G VN internal");
  } else if (far.destination_interface == DestinationInterface::access) {
    return refuse(PfcpCause::conditional_ie_missing, at, "forwarding to access needs outer header creation");
  }
  return {};
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

Result<void> check_rules(const PduSessionRules& rules, Ipv4Address local, const std::string& where) {
  if (rules.seid == Seid{}) return refuse(PfcpCause::mandatory_ie_incorrect, where, "the SEID must not be 0");
  if (rules.pdrs.empty()) return refuse(PfcpCause::mandatory_ie_missing, where, "the session has no PDR");
  if (rules.fars.empty()) return refuse(PfcpCause::mandatory_ie_missing, where, "the session has no FAR");
  constexpr std::size_t most = 255;
  if (std::max({rules.pdrs.size(), rules.fars.size(), rules.qers.size(), rules.urrs.size()}) > most)
    return refuse(PfcpCause::no_resources_available, where, "too many rules of one kind", {}, "at most 255");

  if (auto checked = check_unique(rules.pdrs, where, "PDR"); !checked) return checked;
  if (auto checked = check_unique(rules.fars, where, "FAR"); !checked) return checked;
  if (auto checked = check_unique(rules.qers, where, "QER"); !checked) return checked;
  if (auto checked = check_unique(rules.urrs, where, "URR"); !checked) return checked;
  for (const auto& far : rules.fars)
    if (auto checked = check_far(far, where); !checked) return checked;
  for (const auto& qer : rules.qers)
    if (auto checked = check_qer(qer, where); !checked) return checked;
  for (const auto& urr : rules.urrs)
    if (urr.volume_threshold.total.count < 0)
      return refuse(PfcpCause::mandatory_ie_incorrect, where + ", URR " + std::to_string(urr.id.value),
                    "the volume threshold is negative");
  for (const auto& pdr : rules.pdrs) {
    const std::string at = where + ", PDR " + std::to_string(pdr.id.value);
    if (auto checked = check_pdi(pdr, local, at); !checked) return checked;
    if (auto checked = check_named({pdr.far}, rules.fars, 1, at, "FAR"); !checked) return checked;
    if (auto checked = check_named(pdr.qers, rules.qers, PdrEntry::most_qers, at, "QER"); !checked)
      return checked;
    if (auto checked = check_named(pdr.urrs, rules.urrs, PdrEntry::most_urrs, at, "URR"); !checked)
      return checked;
  }
  return {};
}

}  // namespace kiriko::upf
