// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Session: a PDU session's rules and their state as one block of cache lines, in the order of their use.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/control/pdu_session.hpp"
#include "vnf/upf/token_bucket.hpp"

namespace kiriko::upf {

enum class Direction : std::uint8_t { uplink = 0, downlink = 1 };

struct PdrEntry {
  static constexpr std::uint8_t any_qfi = 0xff;
  static constexpr std::size_t most_qers = 3, most_urrs = 3;
  static constexpr std::uint8_t gate_closed = 0x80;

  std::uint32_t teid;        ///< of the local F-TEID; 0: the packet comes without a tunnel
  std::uint32_t ue_address;  ///< 0: any
  std::uint16_t first_filter;
  std::uint8_t filter_count;
  std::uint8_t qfi;
  SourceInterface source;
  std::uint8_t far;
  std::uint8_t qer_count, urr_count;
  std::uint8_t qers[most_qers];
  std::uint8_t urrs[most_urrs];
  std::uint8_t qfi_mark;   ///< of its QERs, or any_qfi; kept right when a QER is updated
  std::uint8_t qer_flags;  ///< gate_closed, and bit i: the i-th QER is the Session-AMBR; kept right likewise

  Direction direction() const noexcept {
    return source == SourceInterface::access ? Direction::uplink : Direction::downlink;
  }
};
static_assert(sizeof(PdrEntry) == 24);

struct UrrEntry {
  static constexpr std::uint64_t never = ~std::uint64_t{0};
  std::uint64_t packets[2], bytes[2];  ///< by Direction
  std::uint64_t next_report_at;        ///< total octets at which the volume threshold is reached again
};
static_assert(sizeof(UrrEntry) == 40);

struct FarEntry {
  static constexpr std::uint16_t port_by_role = 0xffff;
  std::uint32_t peer;  ///< of the outer header; while buffering: the buffer's index
  std::uint32_t teid;  ///< 0: no outer header creation
  ApplyAction action;
  std::uint8_t
      destination_and_dscp;  ///< DestinationInterface in bits 7–6 as access, core, vn_internal; DSCP below
  std::uint16_t port;

  enum class Destination : std::uint8_t { access = 0, core = 1, vn_internal = 2 };
  Destination destination() const noexcept { return static_cast<Destination>(destination_and_dscp >> 6); }
  std::uint8_t dscp() const noexcept { return destination_and_dscp & 0x3fU; }
  bool same_tunnel(const FarEntry& other) const noexcept { return peer == other.peer && teid == other.teid; }
};
static_assert(sizeof(FarEntry) == 12);

/// What a QER says beside its rates; the PDRs carry a digest of it.
struct QerMarks {
  std::uint8_t gate_closed;  ///< bit by Direction
  std::uint8_t session_ambr;
  std::uint8_t qfi;  ///< or PdrEntry::any_qfi
  std::uint8_t unused;
};

struct FilterEntry {
  static constexpr std::uint16_t any_protocol = 0xffff;
  std::uint32_t remote, remote_mask;
  std::uint16_t remote_port_low, remote_port_high, local_port_low, local_port_high;
  std::uint16_t protocol;
  std::uint16_t unused;
};
static_assert(sizeof(FilterEntry) == 20);

/// Header of a block. The common session (two PDRs, one URR, two FARs, one QER) keeps all that a packet
/// touches in three cache lines: header and PDRs; URR and FARs; the QER's buckets.
struct Session {
  std::uint16_t slice;
  std::uint16_t lines;  ///< length of the block in cache lines
  std::uint8_t pdr_count, far_count, qer_count, urr_count;
  std::uint16_t fars_at, buckets_at, marks_at, filters_at;  ///< octets from the block's start

  template <class T>
  T* at(std::size_t offset) const noexcept {
    return reinterpret_cast<T*>(const_cast<std::byte*>(reinterpret_cast<const std::byte*>(this)) + offset);
  }
  /// PDRs with a tunnel first, then those without; each part in order of precedence.
  PdrEntry* pdrs() const noexcept { return at<PdrEntry>(sizeof(Session)); }
  std::size_t urrs_at() const noexcept {
    return sizeof(Session) + ((pdr_count * sizeof(PdrEntry) + 7) & ~std::size_t{7});
  }
  UrrEntry* urrs() const noexcept { return at<UrrEntry>(urrs_at()); }
  FarEntry* fars() const noexcept { return at<FarEntry>(fars_at); }
  /// [2 × QER + Direction]
  TokenBucket* buckets() const noexcept { return at<TokenBucket>(buckets_at); }
  FilterEntry* filters() const noexcept { return at<FilterEntry>(filters_at); }

  // For the control side only.
  QerMarks* marks() const noexcept { return at<QerMarks>(marks_at); }
  std::uint32_t* far_ids() const noexcept {
    return at<std::uint32_t>(marks_at + qer_count * sizeof(QerMarks));
  }
  std::uint32_t* qer_ids() const noexcept { return far_ids() + far_count; }
  std::uint64_t* seid_and_thresholds() const noexcept { return at<std::uint64_t>(thresholds_at()); }
  Seid seid() const noexcept { return Seid{seid_and_thresholds()[0]}; }
  std::uint64_t threshold(std::size_t urr) const noexcept { return seid_and_thresholds()[1 + urr]; }
  std::size_t thresholds_at() const noexcept {
    return (marks_at + (qer_count * 2U + far_count) * sizeof(std::uint32_t) + 7) & ~std::size_t{7};
  }
};
static_assert(sizeof(Session) == 16);

}  // namespace kiriko::upf
