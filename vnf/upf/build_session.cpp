// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The layout and the filling of session blocks.
#include "vnf/upf/build_session.hpp"

#include <algorithm>
#include <vector>

#include "vnf/upf/session_table.hpp"

namespace kiriko::upf {
namespace {

constexpr std::size_t aligned(std::size_t at, std::size_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

template <class Rule>
std::uint8_t index_of(const std::vector<Rule>& rules, decltype(Rule::id) id) {
  const auto it = std::find_if(rules.begin(), rules.end(), [id](const Rule& rule) { return rule.id == id; });
  return static_cast<std::uint8_t>(it - rules.begin());
}

int position(const std::uint32_t* ids, std::size_t count, std::uint32_t id) {
  const auto* it = std::find(ids, ids + count, id);
  return it == ids + count ? -1 : static_cast<int>(it - ids);
}

FilterEntry filter_entry(const SdfFilter& filter) {
  return {.remote = filter.remote.address.value,
          .remote_mask = filter.remote.mask(),
          .remote_port_low = filter.remote_port_low,
          .remote_port_high = filter.remote_port_high,
          .local_port_low = filter.local_port_low,
          .local_port_high = filter.local_port_high,
          .protocol = filter.protocol ? std::uint16_t{*filter.protocol} : FilterEntry::any_protocol,
          .unused = 0};
}

void digest_qers(const Session& session, PdrEntry& pdr) {
  const auto direction = static_cast<unsigned>(pdr.direction());
  pdr.qfi_mark = PdrEntry::any_qfi;
  pdr.qer_flags = 0;
  for (unsigned i = 0; i < pdr.qer_count; ++i) {
    const QerMarks& marks = session.marks()[pdr.qers[i]];
    if (pdr.qfi_mark == PdrEntry::any_qfi) pdr.qfi_mark = marks.qfi;
    if ((marks.gate_closed >> direction & 1U) != 0) pdr.qer_flags |= PdrEntry::gate_closed;
    if (marks.session_ambr != 0) pdr.qer_flags = static_cast<std::uint8_t>(pdr.qer_flags | 1U << i);
  }
}

/// Tunnelled PDRs first, then by precedence, then by id.
std::vector<const PacketDetectionRule*> in_match_order(const std::vector<PacketDetectionRule>& pdrs) {
  std::vector<const PacketDetectionRule*> order;
  for (const auto& pdr : pdrs) order.push_back(&pdr);
  std::sort(order.begin(), order.end(), [](const PacketDetectionRule* a, const PacketDetectionRule* b) {
    const bool a_plain = !a->pdi.local_f_teid, b_plain = !b->pdi.local_f_teid;
    return std::tie(a_plain, a->precedence, a->id) < std::tie(b_plain, b->precedence, b->id);
  });
  return order;
}

}  // namespace

SessionLayout SessionLayout::of(const PduSessionRules& rules) {
  std::size_t filters = 0;
  for (const auto& pdr : rules.pdrs) filters += pdr.pdi.sdf_filters.size();
  SessionLayout layout;
  std::size_t at = aligned(sizeof(Session) + rules.pdrs.size() * sizeof(PdrEntry), 8);
  layout.fars_at = at += rules.urrs.size() * sizeof(UrrEntry);
  at += rules.fars.size() * sizeof(FarEntry);
  layout.buckets_at = at = aligned(at, alignof(TokenBucket));
  layout.filters_at = at += rules.qers.size() * 2 * sizeof(TokenBucket);
  layout.marks_at = at += filters * sizeof(FilterEntry);
  at +=
      rules.qers.size() * sizeof(QerMarks) + (rules.fars.size() + rules.qers.size()) * sizeof(std::uint32_t);
  at = aligned(at, 8) + (1 + rules.urrs.size()) * sizeof(std::uint64_t);
  layout.lines = aligned(at, SessionTable::line_size) / SessionTable::line_size;
  return layout;
}

void build_session(Session& session, const SessionLayout& layout, const PduSessionRules& rules,
                   Duration mbr_burst, ModelTime now,
                   const std::function<FarEntry(const ForwardingActionRule&)>& far_entry) {
  session.slice = rules.slice.value;
  session.lines = static_cast<std::uint16_t>(layout.lines);
  session.pdr_count = static_cast<std::uint8_t>(rules.pdrs.size());
  session.far_count = static_cast<std::uint8_t>(rules.fars.size());
  session.qer_count = static_cast<std::uint8_t>(rules.qers.size());
  session.urr_count = static_cast<std::uint8_t>(rules.urrs.size());
  session.fars_at = static_cast<std::uint16_t>(layout.fars_at);
  session.buckets_at = static_cast<std::uint16_t>(layout.buckets_at);
  session.filters_at = static_cast<std::uint16_t>(layout.filters_at);
  session.marks_at = static_cast<std::uint16_t>(layout.marks_at);

  for (std::size_t i = 0; i < rules.fars.size(); ++i) {
    session.fars()[i] = far_entry(rules.fars[i]);
    session.far_ids()[i] = rules.fars[i].id.value;
  }
  session.seid_and_thresholds()[0] = rules.seid.value;
  for (std::size_t i = 0; i < rules.urrs.size(); ++i) {
    const auto threshold = static_cast<std::uint64_t>(rules.urrs[i].volume_threshold.count);
    session.seid_and_thresholds()[1 + i] = threshold;
    session.urrs()[i] =
        UrrEntry{.packets = {}, .bytes = {}, .next_report_at = threshold == 0 ? UrrEntry::never : threshold};
  }
  std::size_t filters = 0;
  std::size_t at = 0;
  for (const PacketDetectionRule* rule : in_match_order(rules.pdrs)) {
    PdrEntry& pdr = session.pdrs()[at++];
    pdr.teid = rule->pdi.local_f_teid ? rule->pdi.local_f_teid->teid.value : 0;
    pdr.ue_address = rule->pdi.ue_ip_address ? rule->pdi.ue_ip_address->value : 0;
    pdr.first_filter = static_cast<std::uint16_t>(filters);
    pdr.filter_count = static_cast<std::uint8_t>(rule->pdi.sdf_filters.size());
    for (const SdfFilter& filter : rule->pdi.sdf_filters) session.filters()[filters++] = filter_entry(filter);
    pdr.qfi = rule->pdi.qfi ? rule->pdi.qfi->value : PdrEntry::any_qfi;
    pdr.source = rule->pdi.source_interface;
    pdr.far = index_of(rules.fars, rule->far);
    for (const QerId id : rule->qers) pdr.qers[pdr.qer_count++] = index_of(rules.qers, id);
    for (const UrrId id : rule->urrs) pdr.urrs[pdr.urr_count++] = index_of(rules.urrs, id);
  }
  for (std::size_t i = 0; i < rules.qers.size(); ++i) {
    session.qer_ids()[i] = rules.qers[i].id.value;
    session.buckets()[2 * i] = session.buckets()[2 * i + 1] = TokenBucket{};
    replace_qer(session, i, rules.qers[i], mbr_burst, now);
  }
  for (std::size_t i = 0; i < session.pdr_count; ++i) digest_qers(session, session.pdrs()[i]);
}

void replace_qer(const Session& session, std::size_t index, const QosEnforcementRule& rule,
                 Duration mbr_burst, ModelTime now) {
  session.buckets()[2 * index].set(rule.maximum_bit_rate.uplink, mbr_burst, now);
  session.buckets()[2 * index + 1].set(rule.maximum_bit_rate.downlink, mbr_burst, now);
  QerMarks& marks = session.marks()[index];
  marks.gate_closed = static_cast<std::uint8_t>((rule.uplink_gate == GateStatus::closed ? 1U : 0U) |
                                                (rule.downlink_gate == GateStatus::closed ? 2U : 0U));
  marks.session_ambr = rule.session_ambr ? 1 : 0;
  marks.qfi = rule.qfi ? rule.qfi->value : PdrEntry::any_qfi;
  for (std::size_t i = 0; i < session.pdr_count; ++i) digest_qers(session, session.pdrs()[i]);
}

int far_index(const Session& session, FarId id) {
  return position(session.far_ids(), session.far_count, id.value);
}
int qer_index(const Session& session, QerId id) {
  return position(session.qer_ids(), session.qer_count, id.value);
}

}  // namespace kiriko::upf
