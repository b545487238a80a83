// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AgingTable: a flat hash table of fixed capacity whose entries lie in the order of their last use.
#pragma once

#include <rte_prefetch.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace kiriko {

/// For state kept by packet: connections, bindings, buckets. All memory is taken at construction; no call
/// but the constructor allocates. The caller gives each key's 32-bit hash, and decides when the entry that
/// was used longest ago may go.
template <class Key, class Value>
class AgingTable {
 public:
  using Index = std::uint32_t;
  static constexpr Index none = 0xffffffffU;

  explicit AgingTable(Index capacity)
      : entries_(capacity),
        slots_(std::bit_ceil(std::size_t{std::max<Index>(capacity, 1)} * 2)),
        mask_(slots_.size() - 1) {
    for (Index i = capacity; i > 0; --i) {
      entries_[i - 1].older = free_;
      free_ = i - 1;
    }
  }

  Index size() const noexcept { return size_; }
  Index capacity() const noexcept { return static_cast<Index>(entries_.size()); }
  bool full() const noexcept { return free_ == none; }
  const Key& key(Index i) const noexcept { return entries_[i].key; }
  Value& value(Index i) noexcept { return entries_[i].value; }
  const Value& value(Index i) const noexcept { return entries_[i].value; }

  void prefetch(std::uint32_t hash) const noexcept { rte_prefetch0(&slots_[hash & mask_]); }

  Index find(const Key& key, std::uint32_t hash) const noexcept {
    for (std::size_t at = hash & mask_; slots_[at].entry != none; at = (at + 1) & mask_)
      if (slots_[at].hash == hash && entries_[slots_[at].entry].key == key) return slots_[at].entry;
    return none;
  }

  /// A new entry as the one last used. The key must be absent and the table not full.
  Index insert(const Key& key, std::uint32_t hash, const Value& value) noexcept {
    const Index i = free_;
    free_ = entries_[i].older;
    entries_[i] = {key, value, hash, none, none};
    link_newest(i);
    std::size_t at = hash & mask_;
    while (slots_[at].entry != none) at = (at + 1) & mask_;
    slots_[at] = {hash, i};
    ++size_;
    return i;
  }

  /// The entry becomes the one last used.
  void touch(Index i) noexcept {
    if (i == newest_) return;
    unlink(i);
    link_newest(i);
  }

  void erase(Index i) noexcept {
    std::size_t hole = entries_[i].hash & mask_;
    while (slots_[hole].entry != i) hole = (hole + 1) & mask_;
    // Entries behind the hole move up unless that would put them before their home.
    for (std::size_t at = (hole + 1) & mask_; slots_[at].entry != none; at = (at + 1) & mask_) {
      const std::size_t home = slots_[at].hash & mask_;
      if (((at - home) & mask_) < ((at - hole) & mask_)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
    unlink(i);
    entries_[i].older = free_;
    free_ = i;
    --size_;
  }

  /// The entry used longest ago, or none; newer(i) is the next one.
  Index oldest() const noexcept { return oldest_; }
  Index newer(Index i) const noexcept { return entries_[i].newer; }

 private:
  struct Entry {
    Key key{};
    Value value{};
    std::uint32_t hash{};
    Index older{none};
    Index newer{none};
  };
  struct Slot {
    std::uint32_t hash{};
    Index entry{none};
  };

  void link_newest(Index i) noexcept {
    entries_[i].older = newest_;
    entries_[i].newer = none;
    if (newest_ != none)
      entries_[newest_].newer = i;
    else
      oldest_ = i;
    newest_ = i;
  }
  void unlink(Index i) noexcept {
    const Index older = entries_[i].older, newer = entries_[i].newer;
    if (older != none)
      entries_[older].newer = newer;
    else
      oldest_ = newer;
    if (newer != none)
      entries_[newer].older = older;
    else
      newest_ = older;
  }

  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::size_t mask_;
  Index free_{none}, oldest_{none}, newest_{none}, size_{0};
};

}  // namespace kiriko
