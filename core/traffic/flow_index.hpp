// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FlowIndex: from a flow's id to what a host has for it; an open-addressing table, fixed after creation.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace kiriko {

class FlowIndex {
 public:
  static constexpr std::uint32_t absent = 0xffffffffU;

  explicit FlowIndex(std::size_t flows)
      : entries_(std::bit_ceil(2 * flows + 1)), mask_(entries_.size() - 1) {}

  /// False when the flow is there already.
  bool add(FlowId flow, std::uint32_t value) {
    std::size_t i = slot_of(flow);
    for (; entries_[i].value != absent; i = (i + 1) & mask_)
      if (entries_[i].flow == flow) return false;
    entries_[i] = {flow, value};
    return true;
  }
  /// `absent` when the flow is not known.
  std::uint32_t find(FlowId flow) const noexcept {
    std::size_t i = slot_of(flow);
    for (; entries_[i].value != absent; i = (i + 1) & mask_)
      if (entries_[i].flow == flow) return entries_[i].value;
    return absent;
  }

 private:
  struct Entry {
    FlowId flow{};
    std::uint32_t value{absent};
  };
  std::size_t slot_of(FlowId flow) const noexcept {
    return static_cast<std::size_t>((flow.value * 0x9e3779b97f4a7c15ULL) >> 32) & mask_;
  }
  std::vector<Entry> entries_;
  std::size_t mask_;
};

}  // namespace kiriko
