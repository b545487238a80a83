// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DirectionCapture: what the tap of one link direction saw, kept as records in a nameless file until the run's end.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/link/link_transmit_port.hpp"

namespace kiriko {

enum class CaptureKind : std::uint8_t { sent, dropped, replanned };

/// Followed by `captured` octets of the packet. A `replanned` record has none: it moves the packet that was sent
/// `sequence` packets before the last one.
struct CaptureRecord {
  ModelTime at{};
  Duration queued{}, propagation{};
  std::uint64_t sequence{};
  FlowId flow{no_flow};
  std::uint32_t captured{}, length{};
  SliceId slice{no_slice};
  CaptureKind kind{};
  DropReason reason{};
};

/// Written by the sender's worker alone, read after the run. A packet costs a copy, and every mebibyte a write().
class DirectionCapture final : public LinkTap {
 public:
  /// `path` is where the nameless file lies; it needs the room of what is captured.
  static Result<std::unique_ptr<DirectionCapture>> create(const std::string& path);
  DirectionCapture(const DirectionCapture&) = delete;
  DirectionCapture& operator=(const DirectionCapture&) = delete;
  ~DirectionCapture() override;

  void sent(const Packet* packet, ModelTime at, Duration queued, Duration propagation) noexcept override;
  void dropped(const Packet* packet, ModelTime at, DropReason reason) noexcept override;
  void replanned(std::size_t back, ModelTime at, Duration propagation) noexcept override;

  /// Every record and its octets, in the order of the calls, as memory that belongs to this object. Once, at the end.
  Result<std::span<std::uint8_t>> read_back();

 private:
  explicit DirectionCapture(int file) : buffer_(buffer_size), file_(file) {}
  void append(CaptureRecord record, const Packet* packet) noexcept;
  void flush() noexcept;

  static constexpr std::size_t buffer_size = std::size_t{1} << 20;
  std::vector<std::uint8_t> buffer_;
  std::size_t used_{};
  std::size_t written_{};
  int file_;
  int error_{};  ///< errno of the first write that failed
  std::span<std::uint8_t> mapped_{};
};

}  // namespace kiriko
