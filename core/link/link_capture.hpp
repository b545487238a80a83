// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// LinkCapture: both directions of a link to one pcapng file, each packet with its explanation.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/link/direction_capture.hpp"

namespace kiriko {

/// By FlowId and SliceId.
struct CaptureNames {
  std::vector<std::string> flows, slices;
};

/// The file does not depend on the number of workers: records are sorted by time, then forward before backward, then
/// sent before dropped, then as they came.
class LinkCapture {
 public:
  struct Setup {
    std::string path;  ///< of the pcapng file; its folder exists
    std::string link, a, b;
    BitsPerSecond forward_rate{}, backward_rate{};  ///< at the start; 0 = unlimited
    std::string application;                        ///< who wrote the file
  };
  static Result<std::unique_ptr<LinkCapture>> create(Setup setup);

  LinkTaps taps() const noexcept { return {forward_.get(), backward_.get()}; }
  /// Writes the file. What was planned to start at `end` or later did not happen. Once, after the run.
  Result<void> finish(const CaptureNames& names, ModelTime end);

 private:
  explicit LinkCapture(Setup setup) : setup_(std::move(setup)) {}

  Setup setup_;
  std::unique_ptr<DirectionCapture> forward_, backward_;
};

}  // namespace kiriko
