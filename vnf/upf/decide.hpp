// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDR → QER → URR → FAR for one packet (TS 23.501 clause 5.8.2, TS 29.244 clause 5.2).
#pragma once

#include "vnf/upf/pdr_match.hpp"

namespace kiriko::upf {

/// What becomes of the packet: dropped for `reason`, or `far` is to be carried out.
struct Verdict {
  DropReason reason{DropReason::count_};  ///< count_: not dropped
  Direction direction{};
  std::uint8_t qfi{};            ///< to mark; 0: unknown
  std::uint8_t usage_reports{};  ///< URRs that reached their volume threshold with this packet
  FarEntry* far{};

  bool dropped() const noexcept { return reason != DropReason::count_; }
};

/// All QERs of the PDR must let the packet pass; only then it takes tokens from each, so that a packet
/// dropped by one uses up nothing of another.
inline DropReason enforce_qos(const Session& session, const PdrEntry& pdr, std::uint16_t octets,
                              ModelTime now) noexcept {
  if ((pdr.qer_flags & PdrEntry::gate_closed) != 0) return DropReason::gate_closed;
  const Direction direction = pdr.direction();
  for (std::size_t i = 0; i < pdr.qer_count; ++i)
    if (!session.bucket(pdr.qers[i], direction).conforms(octets, now))
      return (pdr.qer_flags >> i & 1U) != 0 ? DropReason::session_ambr_exceeded : DropReason::mfbr_exceeded;
  for (std::size_t i = 0; i < pdr.qer_count; ++i) session.bucket(pdr.qers[i], direction).take(octets);
  return DropReason::count_;
}

/// Returns how many volume thresholds were reached.
inline std::uint8_t count_usage(const Session& session, const PdrEntry& pdr, std::uint16_t octets) noexcept {
  std::uint8_t reports = 0;
  for (std::size_t i = 0; i < pdr.urr_count; ++i) {
    Usage& usage = session.usage(pdr.urrs[i], pdr.direction());
    ++usage.packets;
    usage.bytes += octets;
    std::uint64_t& next_report = session.next_reports()[pdr.urrs[i]];
    if (__builtin_expect(next_report == Session::never_reports, 1)) continue;
    const std::uint64_t total = session.usage(pdr.urrs[i], Direction::uplink).bytes +
                                session.usage(pdr.urrs[i], Direction::downlink).bytes;
    if (total < next_report) continue;
    // TS 29.244 clause 5.2.2.2: the next threshold counts from the report.
    next_report = total + session.threshold(pdr.urrs[i]);
    ++reports;
  }
  return reports;
}

inline Verdict decide(const Session& session, const Arrival& arrival, const std::uint8_t* l3,
                      ModelTime now) noexcept {
  const PdrEntry* pdr = match_pdr(session, arrival, l3);
  if (pdr == nullptr) return {.reason = DropReason::no_pdr};
  Verdict verdict{.direction = pdr->direction(), .qfi = arrival.qfi, .far = session.fars() + pdr->far};
  if (pdr->qfi_mark != PdrEntry::any_qfi) verdict.qfi = pdr->qfi_mark;
  verdict.reason = enforce_qos(session, *pdr, arrival.octets, now);
  if (verdict.dropped()) return verdict;
  verdict.usage_reports = count_usage(session, *pdr, arrival.octets);
  if (verdict.far->action == ApplyAction::drop) verdict.reason = DropReason::far_drop;
  return verdict;
}

}  // namespace kiriko::upf
