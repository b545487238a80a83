// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// GTP-U (TS 29.281) with the PDU Session Container (TS 38.415): views and builders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

inline constexpr std::uint16_t gtpu_port = 2152;                 ///< clause 4.4.2
inline constexpr std::size_t gtpu_header_size = 8;               ///< the mandatory part
inline constexpr std::size_t gtpu_optional_size = 4;             ///< present when E, S or PN is set
inline constexpr std::size_t gtpu_pdu_session_header_size = 16;  ///< 8 + 4 + the container's 4
inline constexpr std::size_t gtpu_echo_request_size = 12;
inline constexpr std::size_t gtpu_echo_response_size = 14;
inline constexpr std::size_t gtpu_end_marker_size = 8;
inline constexpr std::size_t gtpu_error_indication_size = 24;

/// Clause 6.1, Table 6.1-1.
namespace gtpu_message {
inline constexpr std::uint8_t echo_request = 1;
inline constexpr std::uint8_t echo_response = 2;
inline constexpr std::uint8_t error_indication = 26;
inline constexpr std::uint8_t supported_extension_headers_notification = 31;
inline constexpr std::uint8_t end_marker = 254;
inline constexpr std::uint8_t g_pdu = 255;
}  // namespace gtpu_message

/// Clause 5.2.1, Figure 5.2.1-3.
namespace gtpu_extension {
inline constexpr std::uint8_t none = 0x00;
inline constexpr std::uint8_t pdu_session_container = 0x85;
inline constexpr std::uint8_t comprehension_required = 0x80;  ///< by the receiving endpoint
}  // namespace gtpu_extension

/// TS 38.415 clause 5.5.3.1.
namespace pdu_type {
inline constexpr std::uint8_t downlink = 0;
inline constexpr std::uint8_t uplink = 1;
}  // namespace pdu_type

/// Clause 5.1: the mandatory part of the header.
struct GtpuHeader {
  static constexpr std::uint8_t version_1_gtp = 0x30;  ///< version 1, protocol type GTP
  static constexpr std::uint8_t extension_flag = 0x04;
  static constexpr std::uint8_t sequence_flag = 0x02;
  static constexpr std::uint8_t npdu_flag = 0x01;

  std::uint8_t flags;
  std::uint8_t message_type;
  Be16 length;  ///< everything after these 8 octets
  Be32 teid;

  constexpr std::size_t total_length() const noexcept { return gtpu_header_size + length; }
  constexpr bool has_optional_part() const noexcept { return (flags & 0x07U) != 0; }

  /// nullptr unless it is version 1, not GTP', and as long as it says. Extension headers: parse_gtpu().
  static const GtpuHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < gtpu_header_size) return nullptr;
    const auto* gtpu = reinterpret_cast<const GtpuHeader*>(data);
    if ((gtpu->flags & 0xf0U) != version_1_gtp || gtpu->total_length() > available) return nullptr;
    if (gtpu->has_optional_part() && gtpu->length < gtpu_optional_size) return nullptr;
    return gtpu;
  }
};
static_assert(sizeof(GtpuHeader) == gtpu_header_size && alignof(GtpuHeader) == 1);

/// What one GTP-U message says ahead of its payload.
struct GtpuPacket {
  std::uint8_t message_type{};
  std::uint32_t teid{};
  bool has_pdu_session{};
  std::uint8_t pdu_type{};
  std::uint8_t qfi{};             ///< 6 bits
  bool rqi{};                     ///< reflective QoS indicator; downlink only
  std::uint16_t header_length{};  ///< extension headers included; the payload (T-PDU) begins here
  std::uint32_t total_length{};   ///< header and payload
  bool has_sequence_number{};
  std::uint16_t sequence_number{};
  /// The first extension type that is not known here and must be comprehended; 0: none.
  std::uint8_t unknown_extension{};

  constexpr std::size_t payload_length() const noexcept { return total_length - header_length; }
};

/// Reads the header and walks its extension headers; false when anything reaches beyond its bounds.
inline bool parse_gtpu(const std::uint8_t* data, std::size_t available, GtpuPacket& out) noexcept {
  const GtpuHeader* header = GtpuHeader::view(data, available);
  if (header == nullptr) return false;
  out = GtpuPacket{};
  out.message_type = header->message_type;
  out.teid = header->teid;
  const std::size_t total = header->total_length();
  out.total_length = static_cast<std::uint32_t>(total);
  if (!header->has_optional_part()) {
    out.header_length = gtpu_header_size;
    return true;
  }
  std::size_t at = gtpu_header_size + gtpu_optional_size;
  if ((header->flags & GtpuHeader::sequence_flag) != 0) {
    out.has_sequence_number = true;
    out.sequence_number = static_cast<std::uint16_t>((data[8] << 8) | data[9]);
  }
  // The next extension header type is not to be looked at unless E is set (clause 5.1).
  std::uint8_t type = (header->flags & GtpuHeader::extension_flag) != 0 ? data[11] : gtpu_extension::none;
  while (type != gtpu_extension::none) {
    if (at >= total) return false;
    const std::size_t size = std::size_t{data[at]} * 4;
    if (size == 0 || size > total - at) return false;
    if (type == gtpu_extension::pdu_session_container) {
      out.has_pdu_session = true;
      out.pdu_type = static_cast<std::uint8_t>(data[at + 1] >> 4);
      out.qfi = data[at + 2] & 0x3fU;
      out.rqi = out.pdu_type == pdu_type::downlink && (data[at + 2] & 0x40U) != 0;
    } else if ((type & gtpu_extension::comprehension_required) != 0 && out.unknown_extension == 0) {
      out.unknown_extension = type;
    }
    type = data[at + size - 1];
    at += size;
  }
  out.header_length = static_cast<std::uint16_t>(at);
  return at <= 0xffffU;
}

/// Writes 8 octets: a message without optional fields.
inline void write_gtpu(std::uint8_t* at, std::uint8_t message_type, std::uint32_t teid,
                       std::uint16_t payload_length) noexcept {
  const GtpuHeader header{GtpuHeader::version_1_gtp, message_type, payload_length, teid};
  std::memcpy(at, &header, sizeof header);
}

/// Writes 16 octets: a G-PDU's header with a PDU Session Container. `payload_length` is at most 65527.
/// `type` is pdu_type::downlink or uplink; `rqi` is written in downlink only.
inline void write_gtpu_pdu_session(std::uint8_t* at, std::uint32_t teid, std::uint8_t type, std::uint8_t qfi,
                                   bool rqi, std::uint16_t payload_length) noexcept {
  const GtpuHeader header{GtpuHeader::version_1_gtp | GtpuHeader::extension_flag, gtpu_message::g_pdu,
                          static_cast<std::uint16_t>(payload_length + 8), teid};
  std::memcpy(at, &header, sizeof header);
  const bool reflective = rqi && type == pdu_type::downlink;
  const std::uint8_t rest[8] = {0,
                                0,
                                0,
                                gtpu_extension::pdu_session_container,
                                1,
                                static_cast<std::uint8_t>(type << 4),
                                static_cast<std::uint8_t>((qfi & 0x3fU) | (reflective ? 0x40U : 0U)),
                                gtpu_extension::none};
  std::memcpy(at + gtpu_header_size, rest, sizeof rest);
}

/// Writes the 12 octets of a message with the S flag; the path messages use TEID 0 (clause 5.1).
inline void write_gtpu_sequenced(std::uint8_t* at, std::uint8_t message_type, std::uint16_t sequence_number,
                                 std::uint16_t elements_length) noexcept {
  const GtpuHeader header{GtpuHeader::version_1_gtp | GtpuHeader::sequence_flag, message_type,
                          static_cast<std::uint16_t>(gtpu_optional_size + elements_length), std::uint32_t{0}};
  std::memcpy(at, &header, sizeof header);
  const std::uint8_t rest[4] = {static_cast<std::uint8_t>(sequence_number >> 8),
                                static_cast<std::uint8_t>(sequence_number), 0, 0};
  std::memcpy(at + gtpu_header_size, rest, sizeof rest);
}

/// Clause 7.2.1. Writes 12 octets.
inline void write_gtpu_echo_request(std::uint8_t* at, std::uint16_t sequence_number) noexcept {
  write_gtpu_sequenced(at, gtpu_message::echo_request, sequence_number, 0);
}

/// Clause 7.2.2. Writes 14 octets: the Recovery element (type 14) is mandatory and its value 0.
inline void write_gtpu_echo_response(std::uint8_t* at, std::uint16_t sequence_number) noexcept {
  write_gtpu_sequenced(at, gtpu_message::echo_response, sequence_number, 2);
  at[12] = 14;
  at[13] = 0;
}

/// Clause 7.3.2. Writes 8 octets.
inline void write_gtpu_end_marker(std::uint8_t* at, std::uint32_t teid) noexcept {
  write_gtpu(at, gtpu_message::end_marker, teid, 0);
}

/// Clause 7.3.1. Writes 24 octets: TEID Data I (type 16) and GTP-U Peer Address (type 133) of the tunnel that
/// is not there.
inline void write_gtpu_error_indication(std::uint8_t* at, std::uint32_t teid, Ipv4Address peer) noexcept {
  write_gtpu_sequenced(at, gtpu_message::error_indication, 0, 12);
  const Be32 wire_teid = teid;
  const Be32 wire_peer = peer.value;
  at[12] = 16;
  std::memcpy(at + 13, &wire_teid, 4);
  at[17] = 133;
  at[18] = 0;
  at[19] = 4;
  std::memcpy(at + 20, &wire_peer, 4);
}

/// Clause 7.3.1. The tunnel that a peer does not know, from the octets behind the message's header (its elements);
/// false when TEID Data I or an IPv4 GTP-U Peer Address is missing.
inline bool parse_gtpu_error_indication(const std::uint8_t* elements, std::size_t size, std::uint32_t& teid,
                                        Ipv4Address& peer) noexcept {
  bool has_teid = false, has_peer = false;
  std::size_t at = 0;
  while (at < size && !(has_teid && has_peer)) {
    const std::uint8_t type = elements[at++];
    if (type == 16) {
      if (size - at < 4) return false;
      Be32 value;
      std::memcpy(&value, elements + at, 4);
      teid = value;
      has_teid = true;
      at += 4;
    } else if (type == 14) {
      ++at;
    } else if (type < 128) {
      return false;  // of a length that is not known here
    } else {
      if (size - at < 2) return false;
      const std::size_t length = (std::size_t{elements[at]} << 8) | elements[at + 1];
      at += 2;
      if (length > size - at) return false;
      if (type == 133 && length == 4) {
        Be32 value;
        std::memcpy(&value, elements + at, 4);
        peer = Ipv4Address{value};
        has_peer = true;
      }
      at += length;
    }
  }
  return has_teid && has_peer;
}

/// Clause 7.2.3: the extension headers known here, as a list (type 141). Writes 15 octets.
inline constexpr std::size_t gtpu_supported_extension_headers_size = 15;
inline void write_gtpu_supported_extension_headers(std::uint8_t* at) noexcept {
  write_gtpu_sequenced(at, gtpu_message::supported_extension_headers_notification, 0, 3);
  at[12] = 141;
  at[13] = 1;
  at[14] = gtpu_extension::pdu_session_container;
}

}  // namespace kiriko
