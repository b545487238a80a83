// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Report: what a function says of itself: metrics, packets it holds, and a gNB's radio load.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/control/network_view.hpp"

namespace kiriko {

/// What a gNB's cell has carried since its start, in resource blocks of a slot, and what it can carry.
struct CellUse {
  double blocks_dl{}, blocks_ul{};
  double blocks_per_second_dl{}, blocks_per_second_ul{};
};

struct Report {
  std::uint64_t held{};  ///< packets inside the function now; the ledger checks it
  std::vector<std::pair<std::string, double>> metrics{};  ///< name as in the descriptor, value
  /// A gNB's load, counted since its start: `prb_share_*` are resource blocks and `efficiency_*` bits, of
  /// which the reader makes shares and bits per block; `delay_max` is since the last report.
  std::optional<CellView> cell{};
};

}  // namespace kiriko
