// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Session: a PDU session's rules and their state as one block of cache lines, in the order of their use.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/control/pdu_session.hpp"
#include "core/control/user_plane_report.hpp"
#include "core/net/big_endian.hpp"
#include "vnf/upf/token_bucket.hpp"
#include "vnf/upf/user_packet.hpp"

namespace kiriko::upf {

enum class Direction : std::uint8_t { uplink = 0, downlink = 1 };

struct PdrEntry {
  static constexpr std::uint8_t any_qfi = 0xff;
  static constexpr std::uint64_t all_qfis = ~std::uint64_t{0};
  static constexpr std::uint8_t gate_closed = 1, reflective_qos = 2;

  std::uint64_t qfis;        ///< bit by QFI
  std::uint32_t teid;        ///< of the local F-TEID; 0: the packet comes without a tunnel
  std::uint32_t ue_address;  ///< 0: none asked for
  std::uint32_t first_filter;
  std::uint32_t first_reference;  ///< of the indexes of its QERs, then of its URRs
  std::uint16_t filter_count;     ///< SDF filters; in an Ethernet session Ethernet packet filters
  std::uint16_t far;
  std::uint16_t id;
  std::uint16_t ue_prefix;  ///< 1 + index of the UE's IPv6 prefix; 0: none asked for
  std::uint8_t qer_count, urr_count;
  SourceInterface source;
  std::uint8_t instance;  ///< of the network; 0: any
  std::uint8_t qfi_mark;  ///< of its QERs, or any_qfi
  std::uint8_t flags;     ///< of its QERs: gate_closed (in its direction), reflective_qos
  std::uint8_t unused[2];

  Direction direction() const noexcept {
    return source == SourceInterface::access ? Direction::uplink : Direction::downlink;
  }
};
static_assert(sizeof(PdrEntry) == 40);

/// What a URR has counted in one direction: octets are what was granted (UrrState::granted) less `room`. A packet
/// that finds no room goes by the rules, which look at the thresholds and grant anew.
struct Usage {
  std::uint64_t packets, room;
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
  std::uint16_t port;  ///< FarEntry::port
  std::uint16_t slice;
  std::uint8_t qfi_mark;  ///< PdrEntry::qfi_mark
  std::uint8_t dscp;
  Kind kind;
  std::uint8_t qfi_flags;  ///< to_access: beside the QFI in the PDU Session Container (RQI)
  Usage usage;
  TokenBucket bucket;
};
static_assert(sizeof(Lane) == 64);

struct FarEntry {
  static constexpr std::uint16_t port_by_role = 0xffff;
  static constexpr std::uint32_t no_buffer = 0xffffffffU;
  static constexpr std::uint8_t notify_cp = 1, duplicate = 2;

  std::uint32_t peer;    ///< of the outer header
  std::uint32_t teid;    ///< 0: no outer header creation
  std::uint32_t buffer;  ///< while it buffers
  std::uint32_t id;
  std::uint16_t port;
  std::uint16_t first_duplicate;  ///< of the entries behind the FARs
  std::uint8_t duplicate_count;
  ApplyAction action;
  DestinationInterface destination;
  std::uint8_t dscp;
  std::uint8_t flags;
  std::uint8_t unused[3];

  bool same_tunnel(const FarEntry& other) const noexcept { return peer == other.peer && teid == other.teid; }
  bool has_tunnel() const noexcept { return action == ApplyAction::forward && teid != 0; }
};
static_assert(sizeof(FarEntry) == 28);

/// What a QER says beside its rates; the PDRs carry a digest of it.
struct QerEntry {
  std::uint32_t id;
  std::uint8_t session_ambr;
  std::uint8_t unused[3];
};

/// What a URR has counted and what it looks for.
struct UrrState {
  static constexpr std::uint64_t unlimited = ~std::uint64_t{0} >> 1;
  /// Of `flags`.
  static constexpr std::uint8_t before_qos = 1, inactive = 2, exhausted = 4, by_time = 8, linked = 16;
  static constexpr std::uint16_t no_times = 0xffff, no_far = 0xffff;

  std::uint64_t granted[2];                      ///< by Direction
  std::uint64_t base_bytes[2], base_packets[2];  ///< at the last report
  /// Octets at which a report is due, counted since `base_bytes`: total, uplink, downlink; or unlimited.
  std::uint64_t threshold[3];
  ModelTime start;        ///< of this report's span
  ModelTime first, last;  ///< packets in it; never: none
  std::uint32_t id;
  std::uint32_t next_sequence_number;
  std::uint32_t first_linked;  ///< of the indexes of the URRs whose reports it follows, among the references
  std::uint16_t linked_count;
  std::uint16_t times;  ///< index of its UrrTimes
  std::uint16_t quota_far;
  std::uint8_t flags;
  std::uint8_t unused[5];
};
static_assert(sizeof(UrrState) == 120);

/// What a URR needs that measures time, events or drops, or has a quota.
struct UrrTimes {
  std::uint64_t
      quota[3];      ///< octets (UrrState::granted's scale, from the beginning) that may pass; or unlimited
  Duration counted;  ///< duration in this report's span, up to `running_since`
  ModelTime running_since;  ///< never: it stands still
  Duration counted_before;  ///< of all earlier spans since the time quota was given
  ModelTime next_period;
  ModelTime monitoring_time;
  std::uint64_t dropped_packets, dropped_bytes;  ///< downlink, since the last report
  std::uint32_t events, events_before;
  // From the rule.
  Duration period, threshold, quota_time, holding, inactivity;  ///< 0: none; quota_time -1: none
  std::uint64_t drop_packets, drop_bytes;
  std::uint64_t next_threshold[3], next_quota[3];  ///< from the monitoring time on
  Duration next_time_threshold, next_time_quota;   ///< 0 or -1: none
  std::uint32_t event_threshold, event_quota;      ///< event_quota 0xffffffff: none
  std::uint32_t urr;                               ///< index of its UrrState
  bool measures_duration, measures_events, immediate_start, start_trigger, stop_trigger;
  bool has_next_quota;
  bool traffic;  ///< there was a packet, and it did not stop
};

struct BarEntry {
  Duration delay;
  std::uint16_t packets;  ///< 0: as the UPF is set up
  std::uint8_t id;
};

/// Begin of the block of cache lines that holds a session's rules.
struct SessionBlock {
  static constexpr std::uint32_t none = 0xffffffffU;
  std::uint64_t seid;
  std::uint32_t lines;  ///< length of the block in cache lines
  std::uint32_t pdr_count;
  std::uint32_t tunnelled_count;  ///< PDRs with a tunnel come first
  std::uint32_t pdr_index;        ///< of a large session: its PdrIndex
  std::uint32_t timer;            ///< its slot in the timers, or none
  std::uint32_t fars_at, qers_at, buckets_at, urrs_at, references_at, filters_at;  ///< octets from the begin
  std::uint32_t prefixes_at, ranges_at, ethernet_at, macs_at, times_at, bars_at, archive_at, archive_size;
  std::uint16_t far_count, duplicate_count, qer_count, urr_count, times_count, prefix_count;
  std::uint16_t slice;
  std::uint8_t bar_count;
  PduSessionType type;
  Duration inactivity;    ///< 0: none
  ModelTime last_packet;  ///< of those that went by the rules
};

/// A session as a whole: its block and its two lanes, which lie elsewhere, close to other sessions' lanes.
struct Session {
  SessionBlock* block;
  Lane* lanes[2];  ///< by Direction

  template <class T>
  T* at(std::size_t offset) const noexcept {
    return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(block) + offset);
  }
  Lane& lane(Direction direction) const noexcept { return *lanes[static_cast<std::size_t>(direction)]; }
  /// PDRs with a tunnel first, then those without; each part in order of precedence.
  PdrEntry* pdrs() const noexcept { return at<PdrEntry>(sizeof(SessionBlock)); }
  FarEntry* fars() const noexcept { return at<FarEntry>(block->fars_at); }
  QerEntry* qers() const noexcept { return at<QerEntry>(block->qers_at); }
  UrrState* urrs() const noexcept { return at<UrrState>(block->urrs_at); }
  UrrTimes* times() const noexcept { return at<UrrTimes>(block->times_at); }
  UrrTimes* times_of(const UrrState& urr) const noexcept {
    return urr.times == UrrState::no_times ? nullptr : times() + urr.times;
  }
  std::uint16_t* references() const noexcept { return at<std::uint16_t>(block->references_at); }
  const std::uint16_t* qers_of(const PdrEntry& pdr) const noexcept {
    return references() + pdr.first_reference;
  }
  const std::uint16_t* urrs_of(const PdrEntry& pdr) const noexcept { return qers_of(pdr) + pdr.qer_count; }
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
  std::uint64_t bytes(std::size_t urr, Direction direction) const noexcept {
    return urrs()[urr].granted[static_cast<std::size_t>(direction)] - usage(urr, direction).room;
  }
  FilterEntry* filters() const noexcept { return at<FilterEntry>(block->filters_at); }
  SdfPortRange* ranges() const noexcept { return at<SdfPortRange>(block->ranges_at); }
  MacAddressRange* macs() const noexcept { return at<MacAddressRange>(block->macs_at); }
  BarEntry* bars() const noexcept { return at<BarEntry>(block->bars_at); }
  PrefixEntry* prefixes() const noexcept { return at<PrefixEntry>(block->prefixes_at); }
  EthernetFilterEntry* ethernet_filters() const noexcept {
    return at<EthernetFilterEntry>(block->ethernet_at);
  }

  Seid seid() const noexcept { return Seid{block->seid}; }
  // For the control side only.
  std::uint8_t* archive() const noexcept { return at<std::uint8_t>(block->archive_at); }
};
}  // namespace kiriko::upf
