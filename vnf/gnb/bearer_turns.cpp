// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Guaranteed bit rates as credit, and the orders in which bearers take what is left.
#include "vnf/gnb/bearer_turns.hpp"

#include <algorithm>
#include <tuple>

namespace kiriko {
namespace {

constexpr std::int64_t credit_a_bit = 1'000'000'000;

double deadline(const Bearer& bearer) noexcept {
  return static_cast<double>((bearer.first_unsent().arrived + bearer.profile.budget).ns);
}

}  // namespace

std::uint32_t BearerTurns::grant_retransmissions(std::span<const std::uint32_t> active,
                                                 std::vector<Bearer>& bearers, std::uint32_t left) noexcept {
  for (const std::uint32_t index : active) {
    Bearer& bearer = bearers[index];
    bearer.retransmission_grant = std::min(bearer.retransmission_demand, left);
    bearer.new_grant = 0;
    left -= bearer.retransmission_grant;
  }
  return left;
}

/// Credit grows at the GFBR, and no further than the averaging window holds (TS 23.501 clause 5.7.3.6).
void BearerTurns::refill(Bearer& bearer, std::int64_t slot) const noexcept {
  const auto rate = static_cast<__int128>(bearer.profile.guaranteed.value);
  const __int128 most = std::min<__int128>(rate * bearer.profile.averaging_window.ns, std::int64_t{1} << 62);
  const __int128 now = bearer.credit + rate * (slot - bearer.credited_slot) * slot_ns_;
  bearer.credit = static_cast<std::int64_t>(std::min(now, most));
  bearer.credited_slot = slot;
}

std::uint32_t BearerTurns::grant_guaranteed(std::uint32_t left) {
  bool any = false;
  for (Candidate& candidate : candidates_) {
    const BearerProfile& profile = candidate.bearer->profile;
    any |= profile.guaranteed.value > 0;
    candidate.key = profile.priority_level;
    candidate.second_key = deadline(*candidate.bearer);
  }
  if (!any) return left;
  sort();
  for (const Candidate& candidate : candidates_) {
    Bearer& bearer = *candidate.bearer;
    if (bearer.profile.guaranteed.value == 0 || bearer.credit <= 0) continue;
    const std::int64_t bits = (bearer.credit + credit_a_bit - 1) / credit_a_bit;
    const std::int64_t blocks =
        (bits > (std::int64_t{1} << 50) ? bearer.new_demand : (bits * 1024 - 1) / candidate.bits_x1024 + 1);
    bearer.new_grant = static_cast<std::uint32_t>(std::min<std::int64_t>({bearer.new_demand, blocks, left}));
    left -= bearer.new_grant;
  }
  // The orders by turn want them as they came.
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& a, const Candidate& b) { return a.place < b.place; });
  return left;
}

std::size_t BearerTurns::grant_by_order(std::uint32_t left) {
  if (order_ == BearerOrder::fair) {
    grant_equally(left);
    return 1;
  }
  if (order_ != BearerOrder::round_robin) {
    set_keys();
    sort();
  }
  std::size_t next = 0;
  for (const Candidate& candidate : candidates_) {
    if (left == 0) break;
    Bearer& bearer = *candidate.bearer;
    const std::uint32_t more = std::min(bearer.new_demand - bearer.new_grant, left);
    bearer.new_grant += more;
    left -= more;
    if (more > 0) next = candidate.place + std::size_t{1};
  }
  return order_ == BearerOrder::round_robin ? next : 0;
}

void BearerTurns::grant_equally(std::uint32_t left) noexcept {
  for (;;) {
    std::uint32_t wanting = 0;
    for (const Candidate& candidate : candidates_)
      wanting += candidate.bearer->new_demand > candidate.bearer->new_grant ? 1U : 0U;
    if (wanting == 0 || left == 0) return;
    const std::uint32_t each = std::max(1U, left / wanting);
    for (const Candidate& candidate : candidates_) {
      Bearer& bearer = *candidate.bearer;
      const std::uint32_t blocks = std::min({bearer.new_demand - bearer.new_grant, each, left});
      bearer.new_grant += blocks;
      left -= blocks;
    }
  }
}

void BearerTurns::set_keys() noexcept {
  for (Candidate& candidate : candidates_) {
    const Bearer& bearer = *candidate.bearer;
    const auto oldest = static_cast<double>(bearer.first_unsent().arrived.ns);
    switch (order_) {
      case BearerOrder::round_robin:
      case BearerOrder::fair: break;
      case BearerOrder::oldest_first: candidate.key = oldest; break;
      case BearerOrder::earliest_deadline: candidate.key = deadline(bearer); break;
      case BearerOrder::priority: candidate.key = bearer.profile.priority_level; break;
      case BearerOrder::proportional_fair:
        candidate.key = static_cast<double>(bearer.average) / static_cast<double>(candidate.bits_x1024);
        break;
    }
    candidate.second_key = oldest;
  }
}

void BearerTurns::sort() {
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.key, a.second_key, a.place) < std::tie(b.key, b.second_key, b.place);
  });
}

void BearerTurns::count(std::span<const std::uint32_t> active, std::vector<Bearer>& bearers) const noexcept {
  for (const std::uint32_t index : active) {
    Bearer& bearer = bearers[index];
    const auto bits = static_cast<std::int64_t>(bearer.served_bits);
    if (bearer.profile.guaranteed.value > 0)
      bearer.credit = std::max<std::int64_t>(0, bearer.credit - bits * credit_a_bit);
    if (order_ == BearerOrder::proportional_fair)
      bearer.average += (bits * 1024 - bearer.average) / average_slots_;
  }
}

}  // namespace kiriko
