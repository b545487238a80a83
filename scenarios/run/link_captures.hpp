// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// LinkCaptures: the captures of a scenario's links with `capture: true`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/link/link_capture.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// Outlives the emulation that it looks at. Files: `<folder>/<link>.pcapng`.
class LinkCaptures {
 public:
  /// Makes the folder where a link is captured. An empty folder: nothing is captured.
  static Result<LinkCaptures> create(const Scenario& scenario, const std::string& folder);

  /// By LinkId, for build().
  std::vector<LinkTaps> taps() const;
  /// After the run, which ended at `end`. Writes all files that can be written; the problem is the first one's.
  Result<void> finish(ModelTime end);

 private:
  CaptureNames names_;
  std::vector<std::unique_ptr<LinkCapture>> links_;  ///< by LinkId; nullptr: not captured
};

}  // namespace kiriko
