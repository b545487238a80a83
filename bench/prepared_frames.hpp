// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PreparedFrames: frames of one shape whose TEID and address differ, written from a template as a device would.
#pragma once

#include <array>
#include <cstring>
#include <vector>

#include "core/net/ipv4_address.hpp"
#include "core/packet/packet.hpp"

namespace kiriko::bench {

/// A frame's endpoints: those that a bench draws at random.
struct Endpoint {
  std::uint32_t teid{};  ///< 0 in a frame without a tunnel
  Ipv4Address address{};
};

inline constexpr Ipv4Address own_address{192, 168, 0, 2}, peer_address{192, 168, 0, 1},
    server_address{8, 8, 8, 8};

class PreparedFrames {
 public:
  static constexpr std::size_t largest = 128;

  /// IPv4/UDP in Ethernet from the server to each endpoint's address.
  static PreparedFrames plain(const std::vector<Endpoint>& endpoints, std::uint16_t payload);
  /// The same from each endpoint's address to the server, within GTP-U with a PDU Session Container from the
  /// peer to `own_address`; the PDU type is that of core/net/gtpu.hpp.
  static PreparedFrames tunnelled(const std::vector<Endpoint>& endpoints, std::uint16_t payload,
                                  std::uint8_t pdu_type);

  /// After so many frames they come again.
  std::size_t count() const noexcept { return patches_.size(); }
  /// Fills an empty packet with the next frame; the order was drawn beforehand and repeats.
  void write(Packet* packet) noexcept {
    const Patch& patch = patches_[next_++ & mask_];
    std::uint8_t* at = bytes_of(packet);
    std::memcpy(at, template_.data(), largest);
    if (teid_at_ != 0) std::memcpy(at + teid_at_, &patch.teid, sizeof patch.teid);
    std::memcpy(at + address_at_, &patch.address, sizeof patch.address);
    std::memcpy(at + checksum_at_, &patch.checksum, sizeof patch.checksum);
    packet->data_len = size_;
    packet->pkt_len = size_;
  }

 private:
  /// In wire order.
  struct Patch {
    std::uint32_t teid, address;
    std::uint16_t checksum;
  };
  void prepare(const std::vector<Endpoint>& endpoints, std::size_t ip_at);

  alignas(64) std::array<std::uint8_t, largest> template_{};
  std::vector<Patch> patches_;
  std::size_t mask_{}, next_{};
  std::size_t teid_at_{}, address_at_{}, checksum_at_{};
  std::uint16_t size_{};
};

}  // namespace kiriko::bench
