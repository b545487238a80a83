// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One opportunity after another: preambles, detection, grants, contention resolution.
#include "vnf/gnb/random_access/random_access.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/base/random.hpp"

namespace kiriko {
namespace {

constexpr Duration one_millisecond = milliseconds(1);

/// Draws of a device's attempt, apart from those of any other device, procedure or attempt.
RandomStream draws_of(std::uint64_t seed, std::uint64_t cell, std::uint32_t device, ModelTime requested,
                      std::uint32_t transmission, std::string_view purpose) {
  const auto procedure = static_cast<std::uint64_t>(requested.ns);
  return RandomStream{seed ^ procedure, (cell << 32) ^ device, stream_key(purpose) + transmission};
}

}  // namespace

RandomAccess::RandomAccess(const RandomAccessParameters& parameters, std::uint64_t seed, std::uint64_t cell)
    : parameters_(parameters), seed_(seed), cell_(cell) {}

void RandomAccess::request(std::uint32_t device, ModelTime now) {
  ++counts_.requests;
  wait_for_opportunity({now, device, 0}, now);
}

void RandomAccess::wait_for_opportunity(const Attempt& attempt, ModelTime from) {
  const std::int64_t period = parameters_.prach_period.ns;
  waiting_.push(ModelTime{(from.ns + period - 1) / period * period}, attempt);
}

void RandomAccess::run(ModelTime until, std::vector<RandomAccessOutcome>& outcomes) {
  while (!waiting_.empty() && waiting_.next_time() <= until) run_opportunity(waiting_.next_time(), outcomes);
}

void RandomAccess::run_opportunity(ModelTime at, std::vector<RandomAccessOutcome>& outcomes) {
  senders_.clear();
  while (!waiting_.empty() && waiting_.next_time() == at) {
    Attempt attempt = waiting_.pop();
    ++attempt.transmissions;
    RandomStream draws =
        draws_of(seed_, cell_, attempt.device, attempt.requested, attempt.transmissions, "preamble");
    const auto preamble =
        static_cast<std::uint32_t>(draws.between(0, std::int64_t{parameters_.preambles} - 1));
    const double detection = draws.uniform();
    senders_.push_back({attempt, draws.next(), preamble, detection});
  }
  counts_.preambles_sent += senders_.size();
  const std::size_t first = outcomes.size();
  hear();
  answer(at, outcomes);
  std::sort(outcomes.begin() + static_cast<std::ptrdiff_t>(first), outcomes.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
}

void RandomAccess::hear() {
  heard_.clear();
  unheard_.clear();
  std::sort(senders_.begin(), senders_.end(), [](const Sender& a, const Sender& b) {
    return a.preamble != b.preamble ? a.preamble < b.preamble : a.attempt.device < b.attempt.device;
  });
  for (auto from = senders_.begin(); from != senders_.end();) {
    const auto to =
        std::find_if(from, senders_.end(), [&](const Sender& s) { return s.preamble != from->preamble; });
    if (to - from > 1) {
      ++counts_.preambles_collided;
      unheard_.insert(unheard_.end(), from, to);
    } else if (from->detection < -std::expm1(-static_cast<double>(from->attempt.transmissions))) {
      heard_.push_back(*from);
    } else {
      ++counts_.undetected;
      unheard_.push_back(*from);
    }
    from = to;
  }
}

void RandomAccess::answer(ModelTime at, std::vector<RandomAccessOutcome>& outcomes) {
  const ModelTime window = at + parameters_.response_offset;
  const ModelTime window_end = window + parameters_.response_window;
  std::sort(heard_.begin(), heard_.end(), [](const Sender& a, const Sender& b) { return a.place < b.place; });
  const std::size_t grants = static_cast<std::size_t>(parameters_.grants_per_millisecond) *
                             static_cast<std::size_t>(parameters_.response_window.ns / one_millisecond.ns);
  for (std::size_t i = 0; i < heard_.size(); ++i) {
    const Attempt& attempt = heard_[i].attempt;
    if (i >= grants) {
      ++counts_.without_grant;
      try_again(attempt, window_end, outcomes);
      continue;
    }
    const auto response_ms = static_cast<std::int64_t>(i / parameters_.grants_per_millisecond) + 1;
    ModelTime end{};
    if (resolve(attempt, window + Duration{response_ms * one_millisecond.ns}, end)) {
      ++counts_.successes;
      outcomes.push_back({attempt.device, true, end, end - attempt.requested, attempt.transmissions});
    } else {
      try_again(attempt, end, outcomes);
    }
  }
  for (const Sender& sender : unheard_) try_again(sender.attempt, window_end, outcomes);
}

void RandomAccess::try_again(const Attempt& attempt, ModelTime from,
                             std::vector<RandomAccessOutcome>& outcomes) {
  if (attempt.transmissions >= parameters_.preamble_transmissions) {
    ++counts_.failures;
    outcomes.push_back({attempt.device, false, from, from - attempt.requested, attempt.transmissions});
    return;
  }
  RandomStream draws =
      draws_of(seed_, cell_, attempt.device, attempt.requested, attempt.transmissions, "backoff");
  const auto backoff = std::llround(draws.uniform() * static_cast<double>(parameters_.backoff.ns));
  wait_for_opportunity(attempt, from + Duration{backoff});
}

bool RandomAccess::resolve(const Attempt& attempt, ModelTime response, ModelTime& at) const noexcept {
  RandomStream draws =
      draws_of(seed_, cell_, attempt.device, attempt.requested, attempt.transmissions, "contention");
  at = response + parameters_.message3_delay;
  std::uint32_t sent = 1;
  while (draws.chance(parameters_.harq_error)) {
    if (++sent > parameters_.harq_transmissions) {
      at = at + parameters_.contention_resolution;
      return false;
    }
    at = at + parameters_.message3_round_trip;
  }
  const ModelTime message3 = at;
  at = at + parameters_.message4_delay;
  for (sent = 1; draws.chance(parameters_.harq_error);) {
    at = at + parameters_.message4_round_trip;
    if (++sent <= parameters_.harq_transmissions && at - message3 <= parameters_.contention_resolution)
      continue;
    at = message3 + parameters_.contention_resolution;
    return false;
  }
  return true;
}

double RandomAccess::collision_probability(Duration span) const noexcept {
  const double opportunities =
      static_cast<double>(span.ns) / static_cast<double>(parameters_.prach_period.ns);
  return opportunities <= 0
             ? 0
             : static_cast<double>(counts_.preambles_collided) / (opportunities * parameters_.preambles);
}

}  // namespace kiriko
