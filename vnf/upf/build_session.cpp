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
  const auto* prefix = std::get_if<Ipv4Prefix>(&filter.remote);
  const SdfPortRange remote = filter.remote_ports.empty() ? SdfPortRange{} : filter.remote_ports.front();
  const SdfPortRange local = filter.local_ports.empty() ? SdfPortRange{} : filter.local_ports.front();
  return {.remote = prefix == nullptr ? 0 : prefix->address.value,
          .remote_mask = prefix == nullptr ? 0 : prefix->mask(),
          .remote_port_low = remote.low,
          .remote_port_high = remote.high,
          .local_port_low = local.low,
          .local_port_high = local.high,
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

/// The direction's PDR if it has only that one, which matches whatever the tables lead to it, and enforces and
/// counts with nothing but what the lane has.
const PdrEntry* plain_pdr(const Session& session, Direction direction) {
  const bool tunnelled = direction == Direction::uplink;
  const PdrEntry* only = nullptr;
  for (std::size_t i = 0; i < session.block->pdr_count; ++i) {
    const PdrEntry& pdr = session.pdrs()[i];
    if ((pdr.teid != 0) != tunnelled) continue;
    if (only != nullptr) return nullptr;
    only = &pdr;
  }
  if (only == nullptr || only->direction() != direction || only->source == SourceInterface::vn_internal)
    return nullptr;
  if (only->filter_count != 0 || only->qfi != PdrEntry::any_qfi) return nullptr;
  if ((only->qer_flags & PdrEntry::gate_closed) != 0) return nullptr;
  // A first QER or URR that is another PDR's has its state in the lane.
  if (only->qer_count != (session.block->qer_count != 0 ? 1 : 0) ||
      (only->qer_count == 1 && only->qers[0] != 0))
    return nullptr;
  if (only->urr_count != (session.block->urr_count != 0 ? 1 : 0) ||
      (only->urr_count == 1 && only->urrs[0] != 0))
    return nullptr;
  if (only->urr_count == 1 && session.next_reports()[0] != Session::never_reports) return nullptr;
  return only;
}

void choose_lane(const Session& session, Direction direction) {
  Lane& lane = session.lane(direction);
  lane.kind = Lane::Kind::by_rules;
  lane.slice = session.block->slice;
  const PdrEntry* pdr = plain_pdr(session, direction);
  if (pdr == nullptr) return;
  const FarEntry& far = session.fars()[pdr->far];
  if (far.action != ApplyAction::forward) return;
  lane.qfi_mark = pdr->qfi_mark;
  if (direction == Direction::uplink && far.destination() == FarEntry::Destination::core && far.teid == 0) {
    lane.kind = Lane::Kind::to_core;
    lane.address = pdr->ue_address;
  } else if (direction == Direction::downlink && far.destination() == FarEntry::Destination::access &&
             far.teid != 0) {
    lane.kind = Lane::Kind::to_access;
    lane.address = far.peer;
    lane.teid = far.teid;
    lane.port = far.port;
    lane.dscp = far.dscp();
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
  std::size_t at = aligned(sizeof(SessionBlock) + rules.pdrs.size() * sizeof(PdrEntry), 8);
  layout.fars_at = at += rules.urrs.size() * sizeof(std::uint64_t);
  at += rules.fars.size() * sizeof(FarEntry);
  layout.buckets_at = at = aligned(at, alignof(TokenBucket));
  // The first of each lies in the lanes.
  if (rules.qers.size() > 1) at += (rules.qers.size() - 1) * 2 * sizeof(TokenBucket);
  if (rules.urrs.size() > 1) at += (rules.urrs.size() - 1) * 2 * sizeof(Usage);
  layout.filters_at = at;
  layout.marks_at = at += filters * sizeof(FilterEntry);
  at +=
      rules.qers.size() * sizeof(QerMarks) + (rules.fars.size() + rules.qers.size()) * sizeof(std::uint32_t);
  at = aligned(at, 8) + (1 + rules.urrs.size()) * sizeof(std::uint64_t);
  layout.lines = aligned(at, SessionTable::line_size) / SessionTable::line_size;
  return layout;
}

void build_session(const Session& session, const SessionLayout& layout, const PduSessionRules& rules,
                   Duration mbr_burst, ModelTime now,
                   const std::function<FarEntry(const ForwardingActionRule&)>& far_entry) {
  session.block->slice = rules.slice.value;
  session.block->lines = static_cast<std::uint16_t>(layout.lines);
  session.block->pdr_count = static_cast<std::uint8_t>(rules.pdrs.size());
  session.block->far_count = static_cast<std::uint8_t>(rules.fars.size());
  session.block->qer_count = static_cast<std::uint8_t>(rules.qers.size());
  session.block->urr_count = static_cast<std::uint8_t>(rules.urrs.size());
  session.block->fars_at = static_cast<std::uint16_t>(layout.fars_at);
  session.block->buckets_at = static_cast<std::uint16_t>(layout.buckets_at);
  session.block->filters_at = static_cast<std::uint16_t>(layout.filters_at);
  session.block->marks_at = static_cast<std::uint16_t>(layout.marks_at);

  for (std::size_t i = 0; i < rules.fars.size(); ++i) {
    session.fars()[i] = far_entry(rules.fars[i]);
    session.far_ids()[i] = rules.fars[i].id.value;
  }
  session.seid_and_thresholds()[0] = rules.seid.value;
  for (std::size_t i = 0; i < rules.urrs.size(); ++i) {
    const auto threshold = static_cast<std::uint64_t>(rules.urrs[i].triggers.volume_threshold ? rules.urrs[i].volume_threshold.total.count : 0);
    session.seid_and_thresholds()[1 + i] = threshold;
    session.next_reports()[i] = threshold == 0 ? Session::never_reports : threshold;
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
    pdr.qfi = rule->pdi.qfis.empty() ? PdrEntry::any_qfi : rule->pdi.qfis.front().value;
    pdr.source = rule->pdi.source_interface;
    pdr.far = index_of(rules.fars, rule->far);
    for (const QerId id : rule->qers) pdr.qers[pdr.qer_count++] = index_of(rules.qers, id);
    for (const UrrId id : rule->urrs) pdr.urrs[pdr.urr_count++] = index_of(rules.urrs, id);
  }
  for (std::size_t i = 0; i < rules.qers.size(); ++i) {
    session.qer_ids()[i] = rules.qers[i].id.value;
    replace_qer(session, i, rules.qers[i], mbr_burst, now);
  }
  for (std::size_t i = 0; i < session.block->pdr_count; ++i) digest_qers(session, session.pdrs()[i]);
  choose_lanes(session);
}

void choose_lanes(const Session& session) {
  choose_lane(session, Direction::uplink);
  choose_lane(session, Direction::downlink);
}

void replace_qer(const Session& session, std::size_t index, const QosEnforcementRule& rule,
                 Duration mbr_burst, ModelTime now) {
  session.bucket(index, Direction::uplink).set(rule.maximum_bit_rate.uplink, mbr_burst, now);
  session.bucket(index, Direction::downlink).set(rule.maximum_bit_rate.downlink, mbr_burst, now);
  QerMarks& marks = session.marks()[index];
  marks.gate_closed = static_cast<std::uint8_t>((rule.uplink_gate == GateStatus::closed ? 1U : 0U) |
                                                (rule.downlink_gate == GateStatus::closed ? 2U : 0U));
  marks.session_ambr = rule.session_ambr ? 1 : 0;
  marks.qfi = rule.qfi ? rule.qfi->value : PdrEntry::any_qfi;
  for (std::size_t i = 0; i < session.block->pdr_count; ++i) digest_qers(session, session.pdrs()[i]);
  choose_lanes(session);
}

int far_index(const Session& session, FarId id) {
  return position(session.far_ids(), session.block->far_count, id.value);
}
int qer_index(const Session& session, QerId id) {
  return position(session.qer_ids(), session.block->qer_count, id.value);
}

}  // namespace kiriko::upf
