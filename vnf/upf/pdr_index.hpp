// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PdrIndex: the PDRs of a large session by what their filters ask for exactly, so that a packet meets few of them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "vnf/upf/pdr_match.hpp"

namespace kiriko::upf {

/// Filters that ask for the same members (protocol, a remote prefix of one length, one remote port, one local port,
/// one QFI) make a group: one look into its hash table finds all of them that a packet may match; those are then
/// matched in full. Groups are few (one a shape of filter), and one whose best PDR stands behind a match already
/// found is left out. A filter of port ranges only is a candidate for every packet of its group.
class PdrIndex {
 public:
  /// From so many PDRs on a session has an index.
  static constexpr std::size_t least_pdrs = 32;

  explicit PdrIndex(const Session& session);
  const PdrEntry* match(const Session& session, Candidate& candidate) const noexcept;
  std::size_t memory() const noexcept;

 private:
  struct Shape {
    WideAddress mask{};      ///< of the remote address
    std::uint8_t version{};  ///< 0: any
    bool protocol{}, remote_port{}, local_port{}, qfi{};
    friend bool operator==(const Shape&, const Shape&) = default;
  };
  struct Key {
    WideAddress remote{};
    std::uint32_t ports{};
    std::uint8_t version{}, protocol{}, qfi{};
    std::uint64_t hash() const noexcept;
  };
  struct Entry {
    std::uint64_t hash;
    std::uint32_t pdr;
  };
  struct Group {
    Shape shape;
    std::uint32_t best;                ///< lowest position of its PDRs
    std::vector<Entry> entries;        ///< by slot of the hash, then by position
    std::vector<std::uint32_t> slots;  ///< first entry of each slot, and the end
  };
  using Part = std::vector<Group>;  ///< in order of `best`

  static Part build(const Session& session, std::uint32_t first, std::uint32_t end);
  static std::size_t slot_of(const Group& group, std::uint64_t hash) noexcept {
    return static_cast<std::size_t>(hash >> 32) & (group.slots.size() - 2);
  }

  Part parts_[2];  ///< PDRs with a tunnel, those without
};

/// The indexes of all large sessions.
class PdrIndexes {
 public:
  std::uint32_t add(std::unique_ptr<PdrIndex> index) {
    std::uint32_t at = static_cast<std::uint32_t>(indexes_.size());
    if (!free_.empty()) {
      at = free_.back();
      free_.pop_back();
      indexes_[at] = std::move(index);
    } else {
      indexes_.push_back(std::move(index));
    }
    memory_ += indexes_[at]->memory();
    return at;
  }
  void remove(std::uint32_t at) {
    memory_ -= indexes_[at]->memory();
    indexes_[at].reset();
    free_.push_back(at);
  }
  const PdrIndex& operator[](std::uint32_t at) const noexcept { return *indexes_[at]; }
  std::size_t memory() const noexcept { return memory_; }

 private:
  std::vector<std::unique_ptr<PdrIndex>> indexes_;
  std::vector<std::uint32_t> free_;
  std::size_t memory_{};
};

}  // namespace kiriko::upf
