// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NodeTournament: a part's nodes by earliest pending time, ties by index; a node's time can be changed in place.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

/// A tree of winners: a leaf a node, above it the earlier of each two. A change walks from its leaf to the root by
/// selections alone; which of two is earlier is a coin's toss that no branch predictor would win, as in a heap.
class NodeTournament {
 public:
  explicit NodeTournament(std::uint32_t count)
      : leaves_(std::bit_ceil(std::max(count, 1U))), tree_(std::size_t{leaves_} * 2) {
    for (std::uint32_t i = 0; i < leaves_; ++i) tree_[leaves_ + i] = {ModelTime::never().ns, i};
    for (std::uint32_t i = leaves_ - 1; i > 0; --i) tree_[i] = winner(tree_[2 * i], tree_[2 * i + 1]);
  }

  std::uint32_t top() const noexcept { return tree_[1].index; }
  ModelTime top_time() const noexcept { return ModelTime{tree_[1].at}; }
  ModelTime time_of(std::uint32_t index) const noexcept { return ModelTime{tree_[leaves_ + index].at}; }
  /// The earliest among all but the top: it lost to the top somewhere on its way.
  struct Second {
    ModelTime at;
    std::uint32_t index;
  };
  Second second() const noexcept {
    Entry second{ModelTime::never().ns, 0};
    for (std::uint32_t i = leaves_ + top(); i > 1; i /= 2) second = winner(second, tree_[i ^ 1U]);
    return {ModelTime{second.at}, second.index};
  }

  void set(std::uint32_t index, ModelTime time) noexcept {
    std::uint32_t i = leaves_ + index;
    Entry entry{time.ns, index};
    tree_[i] = entry;
    for (; i > 1; i /= 2) {
      entry = winner(entry, tree_[i ^ 1U]);
      tree_[i / 2] = entry;
    }
  }

 private:
  struct Entry {
    std::int64_t at{};
    std::uint32_t index{};
  };
  static Entry winner(const Entry& a, const Entry& b) noexcept {
    const bool first = (a.at < b.at) | ((a.at == b.at) & (a.index < b.index));
    return {first ? a.at : b.at, first ? a.index : b.index};
  }

  std::uint32_t leaves_;
  std::vector<Entry> tree_;  ///< the root at 1, the children of i at 2i and 2i + 1
};

}  // namespace kiriko
