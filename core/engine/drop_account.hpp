// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DropAccount: which flow lost how many packets here, for which reason, in which window.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/exits.hpp"
#include "core/measure/flow_measure.hpp"

namespace kiriko {

/// One per node and link direction, written by its worker. Rows are made at a flow's first drop here.
class DropAccount final : public DropObserver {
 public:
  DropAccount(std::uint32_t flow_count, const std::vector<MeasureWindow>* windows)
      : rows_(flow_count, no_row), windows_(windows) {}

  void dropped(const Packet* packet, DropReason reason) noexcept override {
    const PacketMetadata& metadata = metadata_of(packet);
    if (metadata.flow.value >= rows_.size()) return;
    std::uint32_t& row = rows_[metadata.flow.value];
    if (row == no_row) row = add_row();
    ++reasons_[row * drop_reason_count + static_cast<std::size_t>(reason)];
    for (std::size_t w = 0; w < windows_->size(); ++w)
      if ((*windows_)[w].contains(metadata.birth)) ++by_window_[row * windows_->size() + w];
  }

  std::uint64_t count(FlowId flow, DropReason reason) const noexcept {
    const std::uint32_t row = rows_[flow.value];
    return row == no_row ? 0 : reasons_[row * drop_reason_count + static_cast<std::size_t>(reason)];
  }
  std::uint64_t count_in_window(FlowId flow, std::size_t window) const noexcept {
    const std::uint32_t row = rows_[flow.value];
    return row == no_row ? 0 : by_window_[row * windows_->size() + window];
  }

 private:
  static constexpr std::uint32_t no_row = 0xffffffff;
  std::uint32_t add_row() {
    const auto row = static_cast<std::uint32_t>(reasons_.size() / drop_reason_count);
    reasons_.resize(reasons_.size() + drop_reason_count);
    by_window_.resize(by_window_.size() + windows_->size());
    return row;
  }
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint64_t> reasons_, by_window_;
  const std::vector<MeasureWindow>* windows_;
};

}  // namespace kiriko
