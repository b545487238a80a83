// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FarBuffers: packets kept by FARs whose apply action is BUFF, and whether the SMF was told (TS 29.244 clause 5.2.4).
#pragma once

#include <cstdint>
#include <vector>

#include "core/control/user_plane_report.hpp"
#include "core/packet/packet.hpp"

namespace kiriko::upf {

/// Buffers are opened and closed on the control side, with room for all they may hold.
class FarBuffers {
 public:
  struct Terms {
    std::size_t packets{};          ///< it may keep
    Duration notification_delay{};  ///< from the first packet to its report
    friend bool operator==(const Terms&, const Terms&) = default;
  };
  /// What a buffer owes the SMF: one report a paging policy (DSCP of the user's packet).
  struct Notice {
    std::uint64_t told{};  ///< bit by DSCP
    ModelTime due{ModelTime::never()};
    DownlinkDataReport report{};  ///< at `due`
  };

  std::uint32_t open(const Terms& terms) {
    std::uint32_t index = static_cast<std::uint32_t>(buffers_.size());
    if (!free_.empty()) {
      index = free_.back();
      free_.pop_back();
    } else {
      buffers_.emplace_back();
      free_.reserve(buffers_.size());
    }
    buffers_[index].notice = {};
    set_terms(index, terms);
    return index;
  }
  void set_terms(std::uint32_t index, const Terms& terms) {
    buffers_[index].terms = terms;
    buffers_[index].packets.reserve(terms.packets);
  }
  const Terms& terms(std::uint32_t index) const noexcept { return buffers_[index].terms; }
  Notice& notice(std::uint32_t index) noexcept { return buffers_[index].notice; }
  const Notice& notice(std::uint32_t index) const noexcept { return buffers_[index].notice; }
  /// False when it is full; the packet then stays the caller's.
  bool push(std::uint32_t index, Packet* packet) noexcept {
    Buffer& buffer = buffers_[index];
    if (buffer.packets.size() >= buffer.terms.packets) return false;
    buffer.packets.push_back(packet);
    ++held_;
    return true;
  }
  /// Gives the packets to `take(Packet*)` in order of arrival; the buffer stays open, and its next packet is a first
  /// one.
  template <class Take>
  void empty(std::uint32_t index, Take&& take) {
    Buffer& buffer = buffers_[index];
    held_ -= buffer.packets.size();
    for (Packet* packet : buffer.packets) take(packet);
    buffer.packets.clear();
    buffer.notice = {};
  }
  /// Empties the buffer and closes it.
  template <class Take>
  void close(std::uint32_t index, Take&& take) {
    empty(index, take);
    free_.push_back(index);
  }
  /// Gives away the packets of all buffers, which stay open.
  template <class Take>
  void empty_all(Take&& take) {
    for (std::uint32_t i = 0; i < buffers_.size(); ++i) empty(i, take);
  }
  std::uint64_t held() const noexcept { return held_; }

 private:
  struct Buffer {
    std::vector<Packet*> packets;
    Terms terms;
    Notice notice;
  };
  std::vector<Buffer> buffers_;
  std::vector<std::uint32_t> free_;
  std::uint64_t held_{};
};

}  // namespace kiriko::upf
