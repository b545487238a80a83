// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimeTournament: places 0, 1, … by time, ties by place; each has one time, which can be changed in place.
#pragma once

#include <rte_prefetch.h>

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
        tree_(std::size_t{places_} * 2),
        found_(std::size_t{places_} * 2) {
    for (std::uint32_t i = 0; i < places_; ++i) tree_[leaf(i)] = {ModelTime::never().ns, i};
    for (std::uint32_t i = places_ - 1; i > 0; --i) tree_[i] = tree_[2 * i];
  }

  const Entry& first() const noexcept { return tree_[1]; }
  void prefetch() const noexcept { rte_prefetch0(tree_.data()); }
  /// Where a place's time is kept.
  const Entry* address_of(std::uint32_t place) const noexcept { return &tree_[leaf(place)]; }
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
      second = either(earlier, loser, second);
    }
    return second;
  }

  /// As second(), where of equally early ones any will do.
  Entry any_second() const noexcept {
    Entry second{ModelTime::never().ns, 0};
    for (std::uint32_t i = leaf(top()); i > 1; i /= 2) {
      const Entry& loser = tree_[i ^ 1U];
      const bool earlier = loser.at < second.at;
      second = either(earlier, loser, second);
    }
    return second;
  }

  void set(std::uint32_t place, ModelTime time) noexcept {
    std::uint32_t i = leaf(place);
    store(i, time);
    // The winner stays in registers: read again from the level below it would come late.
    Entry winner{time.ns, place};
    for (; i > 1; i /= 2) {
      const Entry& other = tree_[i ^ 1U];
      winner = either(other.at < winner.at + static_cast<std::int64_t>(i & 1U), other, winner);
      tree_[i / 2] = winner;
    }
  }
  /// As set(), for a time that is not later than the place's present one: it ends where the place loses.
  void bring_forward(std::uint32_t place, ModelTime time) noexcept {
    std::uint32_t i = leaf(place);
    const Entry entry{time.ns, place};
    store(i, time);
    for (; i > 1; i /= 2) {
      if (entry.at >= tree_[i ^ 1U].at + static_cast<std::int64_t>((i & 1U) ^ 1U)) return;
      tree_[i / 2] = entry;
    }
  }

  /// The places whose time is before `limit`, which the first one's is. After put() of their new times, settle() finds
  /// the first anew: of k places in k log(n/k) steps, each a selection. Others may be brought forward meanwhile.
  std::uint32_t find_before(ModelTime limit) noexcept {
    // In order of tree places, level by level: those that have children, then leaves.
    const Entry* const tree = tree_.data();
    std::uint32_t* const found = found_.data();
    std::uint32_t count = 1, parents = 0;
    found[0] = 1;
    for (; parents < count && found[parents] < places_; ++parents) {
      const std::uint32_t child = 2 * found[parents];
      found[count] = child;
      count += tree[child].at < limit.ns ? 1 : 0;
      found[count] = child + 1;
      count += tree[child + 1].at < limit.ns ? 1 : 0;
    }
    parents_ = parents;
    return count - parents;
  }
  /// The i-th place that find_before() found.
  std::uint32_t found(std::uint32_t i) const noexcept { return tree_[found_[parents_ + i]].place; }
  void put(std::uint32_t place, ModelTime time) noexcept { store(leaf(place), time); }
  void settle() noexcept {
    Entry* const tree = tree_.data();
    const std::uint32_t* const found = found_.data();
    for (std::uint32_t i = parents_; i-- > 0;) decide(tree, found[i]);
  }

 private:
  /// `a` if `first`, else `b`. By a mask: of ?: the compiler makes a branch.
  static Entry either(bool first, const Entry& a, const Entry& b) noexcept {
    const std::int64_t mask = -static_cast<std::int64_t>(first);
    return {b.at ^ ((a.at ^ b.at) & mask),
            b.place ^ ((a.place ^ b.place) & static_cast<std::uint32_t>(mask))};
  }
  /// The earlier of a node's children; the left one has the lower places.
  static void decide(Entry* tree, std::uint32_t parent) noexcept {
    const Entry* pair = &tree[std::size_t{2} * parent];
    tree[parent] = pair[pair[1].at < pair[0].at ? 1 : 0];
  }
  /// A leaf's place never changes.
  void store(std::uint32_t leaf, ModelTime time) noexcept { tree_[leaf].at = time.ns; }
  /// Leaves lie in two rows; the lower one holds the first places.
  std::uint32_t leaf(std::uint32_t place) const noexcept {
    return place < in_lowest_row_ ? lowest_row_ + place : places_ + place - in_lowest_row_;
  }

  std::uint32_t places_, lowest_row_, in_lowest_row_;
  std::vector<Entry> tree_;           ///< the root at 1, the children of i at 2i and 2i + 1
  std::vector<std::uint32_t> found_;  ///< by find_before(): `parents_` of those found, then their leaves
  std::uint32_t parents_{};
};

}  // namespace kiriko
