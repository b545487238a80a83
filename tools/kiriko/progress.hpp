// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Progress of a run on stderr: a bar on a terminal, else a plain line now and then.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/units.hpp"

namespace kiriko {

struct RunProgress {
  ModelTime now{}, until{};
  std::int64_t wall_ns{};       ///< since the start
  std::uint64_t packet_hops{};  ///< since the start
};

/// "12.0 s of 300 s │ 4 % │ 31.2× real time │ 2.1 M packets/s"; packets a second are since `last`.
std::string progress_text(const RunProgress& progress, const RunProgress& last);

class ProgressBar {
 public:
  /// Quiet: says nothing.
  explicit ProgressBar(bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const RunProgress& progress);

 private:
  void draw(const std::string& text, double done);

  bool quiet_, terminal_, drawn_{false};
  RunProgress last_{};
};

}  // namespace kiriko
