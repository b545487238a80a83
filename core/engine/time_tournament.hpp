// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimeTournament: places 0, 1, … by time, ties by place; each has one time, which can be changed in place.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

/// A tree of winners: a leaf a place, above it the earlier of each two. A change walks from its leaf to the root by
/// selections alone; which of two is earlier is a coin's toss that no branch predictor would win, as in a heap. The left of two
/// has the lower places, so it wins a tie without a look at them.
class TimeTournament {
 public:
  struct Entry {
    std::int64_t at{};
    std::uint32_t place{};
    bool operator<(const Entry& o) const noexcept { return at != o.at ? at < o.at : place < o.place; }
  };

  TimeTournament() : TimeTournament(1) {}
  /// All at never().
  explicit TimeTournament(std::uint32_t count)
      : places_(std::max(count, 1U)),
        lowest_row_(std::bit_ceil(places_)),
        in_lowest_row_(2 * places_ - lowest_row_),
        tree_(std::size_t{places_} * 2) {
    for (std::uint32_t i = 0; i < places_; ++i) tree_[leaf(i)] = {ModelTime::never().ns, i};
    for (std::uint32_t i = places_ - 1; i > 0; --i) tree_[i] = tree_[2 * i];
  }

  const Entry& first() const noexcept { return tree_[1]; }
  std::uint32_t top() const noexcept { return tree_[1].place; }
  ModelTime top_time() const noexcept { return ModelTime{tree_[1].at}; }
  ModelTime time_of(std::uint32_t place) const noexcept { return ModelTime{tree_[leaf(place)].at}; }
  /// The earliest among all but the top, never() at place 0 where there is one place: it lost to the top somewhere on
  /// its way.
  Entry second() const noexcept {
    Entry second{ModelTime::never().ns, 0};
    for (std::uint32_t i = leaf(top()); i > 1; i /= 2) {
      const Entry& loser = tree_[i ^ 1U];
      // Those of higher levels lie on either side of the ones before.
      const bool earlier = (loser.at < second.at) | ((loser.at == second.at) & (loser.place < second.place));
      second = {earlier ? loser.at : second.at, earlier ? loser.place : second.place};
    }
    return second;
  }

  /// As second(), where of equally early ones any will do.
  Entry any_second() const noexcept {
    Entry second{ModelTime::never().ns, 0};
    for (std::uint32_t i = leaf(top()); i > 1; i /= 2) {
      const Entry& loser = tree_[i ^ 1U];
      const bool earlier = loser.at < second.at;
      second = {earlier ? loser.at : second.at, earlier ? loser.place : second.place};
    }
    return second;
  }

  void set(std::uint32_t place, ModelTime time) noexcept {
    std::uint32_t i = leaf(place);
    Entry entry{time.ns, place};
    tree_[i] = entry;
    for (; i > 1; i /= 2) {
      const Entry& rival = tree_[i ^ 1U];
      const bool wins = entry.at < rival.at + static_cast<std::int64_t>((i & 1U) ^ 1U);
      entry = {wins ? entry.at : rival.at, wins ? entry.place : rival.place};
      tree_[i / 2] = entry;
    }
  }
  /// As set(), for a time that is not later than the place's present one: it ends where the place loses.
  void bring_forward(std::uint32_t place, ModelTime time) noexcept {
    std::uint32_t i = leaf(place);
    const Entry entry{time.ns, place};
    tree_[i] = entry;
    for (; i > 1; i /= 2) {
      if (entry.at >= tree_[i ^ 1U].at + static_cast<std::int64_t>((i & 1U) ^ 1U)) return;
      tree_[i / 2] = entry;
    }
  }

 private:
  /// Leaves lie in two rows; the lower one holds the first places.
  std::uint32_t leaf(std::uint32_t place) const noexcept {
    return place < in_lowest_row_ ? lowest_row_ + place : places_ + place - in_lowest_row_;
  }

  std::uint32_t places_, lowest_row_, in_lowest_row_;
  std::vector<Entry> tree_;  ///< the root at 1, the children of i at 2i and 2i + 1
};

}  // namespace kiriko
