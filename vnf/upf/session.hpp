// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Session: a PDU session's rules and their state as one block of cache lines, in the order of their use.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/control/pdu_session.hpp"
#include "core/net/big_endian.hpp"
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

/// What a URR has counted in one direction.
struct Usage {
  std::uint64_t packets, bytes;
};

/// One direction of a session in one cache line: the state of its first QER and URR and, where the direction
/// has a single PDR without conditions that forwards, all that such a packet needs (`kind`).
struct Lane {
  enum class Kind : std::uint8_t {
    by_rules = 0,  ///< look at the PDRs
    to_core,       ///< uplink from a tunnel to N6
    to_access      ///< downlink from N6 into a gNB's tunnel
  };
  Be32 address;        ///< to_core: the UE's, 0: any; to_access: of the tunnel's far end
  Be32 teid;           ///< to_access: of the tunnel's far end
  std::uint16_t port;  ///< to_access: FarEntry::port
  std::uint16_t slice;
  std::uint8_t qfi_mark;  ///< PdrEntry::qfi_mark
  std::uint8_t dscp;
  Kind kind;
  std::uint8_t unused;
  Usage usage;
  TokenBucket bucket;
};
static_assert(sizeof(Lane) == 64);

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

/// Begin of the block of cache lines that holds a session's rules; the common session (two PDRs, one URR, two
/// FARs, one QER) has two of them.
struct SessionBlock {
  std::uint16_t slice;
  std::uint16_t lines;  ///< length of the block in cache lines
  std::uint8_t pdr_count, far_count, qer_count, urr_count;
  std::uint16_t fars_at, buckets_at, filters_at, marks_at;  ///< octets from the block's start
};
static_assert(sizeof(SessionBlock) == 16);

/// A session as a whole: its block and its two lanes, which lie elsewhere, close to other sessions' lanes.
struct Session {
  SessionBlock* block;
  Lane* lanes[2];  ///< by Direction

  static constexpr std::uint64_t never_reports = ~std::uint64_t{0};

  template <class T>
  T* at(std::size_t offset) const noexcept {
    return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(block) + offset);
  }
  Lane& lane(Direction direction) const noexcept { return *lanes[static_cast<std::size_t>(direction)]; }
  /// PDRs with a tunnel first, then those without; each part in order of precedence.
  PdrEntry* pdrs() const noexcept { return at<PdrEntry>(sizeof(SessionBlock)); }
  /// By URR: total octets at which the volume threshold is reached again, or never_reports.
  std::uint64_t* next_reports() const noexcept {
    return at<std::uint64_t>(sizeof(SessionBlock) +
                             ((block->pdr_count * sizeof(PdrEntry) + 7) & ~std::size_t{7}));
  }
  FarEntry* fars() const noexcept { return at<FarEntry>(block->fars_at); }
  TokenBucket& bucket(std::size_t qer, Direction direction) const noexcept {
    if (qer == 0) return lane(direction).bucket;
    return at<TokenBucket>(block->buckets_at)[2 * (qer - 1) + static_cast<std::size_t>(direction)];
  }
  Usage& usage(std::size_t urr, Direction direction) const noexcept {
    if (urr == 0) return lane(direction).usage;
    const std::size_t more_buckets = block->qer_count > 1 ? 2 * (block->qer_count - 1U) : 0;
    return at<Usage>(block->buckets_at +
                     more_buckets * sizeof(TokenBucket))[2 * (urr - 1) + static_cast<std::size_t>(direction)];
  }
  FilterEntry* filters() const noexcept { return at<FilterEntry>(block->filters_at); }

  // For the control side only.
  QerMarks* marks() const noexcept { return at<QerMarks>(block->marks_at); }
  std::uint32_t* far_ids() const noexcept {
    return at<std::uint32_t>(block->marks_at + block->qer_count * sizeof(QerMarks));
  }
  std::uint32_t* qer_ids() const noexcept { return far_ids() + block->far_count; }
  std::uint64_t* seid_and_thresholds() const noexcept { return at<std::uint64_t>(thresholds_at()); }
  Seid seid() const noexcept { return Seid{seid_and_thresholds()[0]}; }
  std::uint64_t threshold(std::size_t urr) const noexcept { return seid_and_thresholds()[1 + urr]; }
  std::size_t thresholds_at() const noexcept {
    return (block->marks_at + (block->qer_count * 2U + block->far_count) * sizeof(std::uint32_t) + 7) &
           ~std::size_t{7};
  }
};
}  // namespace kiriko::upf
