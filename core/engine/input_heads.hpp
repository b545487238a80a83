// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// InputHeads: when the next packet of each of a node's inputs comes.
#pragma once

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>

#include "core/base/units.hpp"
#include "core/engine/time_tournament.hpp"

namespace kiriko {

/// Up to eight inputs have their times in one cache line, all compared at once, which is best done once a turn: a vector waits
/// for the stores before it. Of more inputs a tournament keeps the order.
class InputHeads {
 public:
  static constexpr std::uint32_t few = 8;
  using Entry = TimeTournament::Entry;

  /// All at never().
  explicit InputHeads(std::uint32_t inputs)
      : many_(inputs > few ? std::make_unique<TimeTournament>(inputs) : nullptr) {
    times_.fill(ModelTime::never().ns);
  }

  bool are_few() const noexcept { return many_ == nullptr; }
  ModelTime earliest() const noexcept { return are_few() ? earliest_of_few() : many_->top_time(); }
  /// The input of that time, the lowest of several.
  std::uint32_t earliest_input(ModelTime earliest) const noexcept {
    return are_few() ? static_cast<std::uint32_t>(std::countr_zero(at(earliest))) : many_->top();
  }
  ModelTime time_of(std::uint32_t input) const noexcept {
    return are_few() ? ModelTime{times_[input]} : many_->time_of(input);
  }
  /// What a call for an input touches beside this.
  const void* address_of(std::uint32_t input) const noexcept {
    return are_few() ? static_cast<const void*>(times_.data()) : many_->address_of(input);
  }
  void prefetch() const noexcept {
    if (!are_few()) many_->prefetch();
  }

  void set(std::uint32_t input, ModelTime time) noexcept {
    if (are_few())
      times_[input] = time.ns;
    else
      many_->set(input, time);
  }
  /// As set(), for a time that is not later than the present one.
  void bring_forward(std::uint32_t input, ModelTime time) noexcept {
    if (are_few())
      times_[input] = time.ns;
    else
      many_->bring_forward(input, time);
  }

  /// Of few inputs: a bit by input, those whose next packet comes before `bound`.
  unsigned before(ModelTime bound) const noexcept {
    const __m256i limit = _mm256_set1_epi64x(bound.ns);
    return bits(_mm256_cmpgt_epi64(limit, low()), _mm256_cmpgt_epi64(limit, high()));
  }

  /// The earliest, ties by input; and the earliest of all others, never() where there is none.
  Entry first() const noexcept {
    if (!are_few()) return many_->first();
    const ModelTime time = earliest_of_few();
    return {time.ns, earliest_input(time)};
  }
  Entry second() const noexcept {
    if (!are_few()) return many_->second();
    const std::uint32_t best = first().place;
    Entry second{ModelTime::never().ns, 0};
    for (std::uint32_t i = 0; i < few; ++i)
      if (i != best && times_[i] < second.at) second = {times_[i], i};
    return second;
  }

 private:
  __m256i low() const noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(times_.data())); }
  __m256i high() const noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(times_.data() + few / 2));
  }
  static unsigned bits(__m256i low, __m256i high) noexcept {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(low))) |
           static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(high))) << (few / 2);
  }
  unsigned at(ModelTime time) const noexcept {
    const __m256i wanted = _mm256_set1_epi64x(time.ns);
    return bits(_mm256_cmpeq_epi64(wanted, low()), _mm256_cmpeq_epi64(wanted, high()));
  }
  ModelTime earliest_of_few() const noexcept {
    const __m256i a = low(), b = high();
    const __m256i four = _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b));
    const __m128i c = _mm256_castsi256_si128(four), d = _mm256_extracti128_si256(four, 1);
    const __m128i two = _mm_blendv_epi8(c, d, _mm_cmpgt_epi64(c, d));
    return ModelTime{std::min(_mm_extract_epi64(two, 0), _mm_extract_epi64(two, 1))};
  }

  std::unique_ptr<TimeTournament> many_;
  std::array<std::int64_t, few> times_;  ///< never() where there is no input
};

}  // namespace kiriko
