// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The N3 end of a gNB: what a frame from the transport network is, and the frames that go there (TS 29.281).
#pragma once

#include <cstdint>
#include <optional>

#include "core/fiveg/identifiers.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/mac_address.hpp"
#include "core/packet/drop_reason.hpp"
#include "core/packet/packet.hpp"

namespace kiriko {

enum class N3Kind : std::uint8_t { g_pdu, echo_request, end_marker, error_indication, other_answer, dropped };

/// A frame from N3, inspected; members beyond `kind` hold for the kinds that have them.
struct N3Frame {
  N3Kind kind{N3Kind::dropped};
  DropReason reason{DropReason::malformed};  ///< for dropped
  GtpuPacket gtpu{};
  Ipv4Address peer{};
  std::uint32_t payload_offset{};  ///< of the T-PDU in the frame
  std::uint32_t payload_length{};
};

/// Reads `size` octets of an Ethernet frame addressed to `own`. Trusts nothing in it.
N3Frame inspect_n3(const std::uint8_t* frame, std::size_t size, Ipv4Address own) noexcept;

/// Octets of the IPv4 packet in an Ethernet frame, or nullopt when it is not one.
std::optional<std::uint32_t> ipv4_in_frame(const std::uint8_t* frame, std::size_t size) noexcept;

struct OutgoingTunnel {
  Ipv4Address gnb{}, peer{};
  Teid teid{};
  Qfi qfi{};
  std::uint8_t type{pdu_type::uplink};  ///< downlink: to the gNB that a UE is handed over to
};

/// Ethernet frame with an IPv4 packet → the same packet in a G-PDU with a PDU Session Container; the outer DSCP is
/// the inner one's. False when the packet has no room in front.
bool encapsulate(Packet* packet, const OutgoingTunnel& tunnel) noexcept;

/// Takes the T-PDU out and puts an Ethernet header in front of it.
void decapsulate_downlink(Packet* packet, const N3Frame& frame, const MacAddress& ue,
                          const MacAddress& gnb) noexcept;

/// Fill an empty packet with a message to `peer`; false when it has no room.
bool write_echo_response(Packet* packet, Ipv4Address gnb, Ipv4Address peer,
                         std::uint16_t sequence_number) noexcept;
bool write_end_marker(Packet* packet, Ipv4Address gnb, Ipv4Address peer, Teid tunnel) noexcept;
bool write_error_indication(Packet* packet, Ipv4Address gnb, Ipv4Address peer, Teid unknown) noexcept;

}  // namespace kiriko
