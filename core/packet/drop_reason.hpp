// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Named exits: every way a packet can end other than by being delivered, each with one operator's sentence.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiriko {

enum class DropReason : std::uint8_t {
  malformed,
  unknown_destination,
  hop_limit,
  queue_full,
  link_down,
  loss_model,
  slice_unknown,
  node_failed,
  pool_exhausted,
  acl_denied,
  state_table_full,
  rate_exceeded,
  no_pdr,
  gate_closed,
  session_ambr_exceeded,
  mfbr_exceeded,
  far_drop,
  far_buffer_full,
  unsupported_gtpu,
  ue_unknown,
  radio_buffer_full,
  harq_failed,
  radio_detached,
  too_big,
  device_queue_full,
  device_down,
  not_for_this_host,
  port_unconnected,
  tcp_duplicate,
  quota_exhausted,
  neighbour_unresolved,
  neighbour_queue_full,
  random_access_failed,
  count_
};

inline constexpr std::size_t drop_reason_count = static_cast<std::size_t>(DropReason::count_);

struct DropReasonText {
  std::string_view name;
  std::string_view sentence;
};

inline constexpr std::array<DropReasonText, drop_reason_count> drop_reason_texts{{
    {"malformed", "a header did not fit its packet or broke its protocol's rules"},
    {"unknown_destination", "no forwarding entry matched the destination"},
    {"hop_limit", "the packet crossed 255 links: there is a forwarding loop"},
    {"queue_full", "the link's queue was at its limit"},
    {"link_down", "the link was down"},
    {"loss_model", "the link's loss model took it"},
    {"slice_unknown", "its slice has no share on this link"},
    {"node_failed", "the node was failed"},
    {"pool_exhausted", "no packet buffer was left; raise run.packets"},
    {"acl_denied", "an access list entry denied it, or none allowed it"},
    {"state_table_full", "the connection table was full"},
    {"rate_exceeded", "a rate limiter's bucket was empty"},
    {"no_pdr", "no PDR matched (TS 29.244 clause 5.2.1)"},
    {"gate_closed", "the QER's gate was closed"},
    {"session_ambr_exceeded", "the session's AMBR was exceeded"},
    {"mfbr_exceeded", "the QoS flow's MFBR was exceeded"},
    {"far_drop", "the FAR's apply action was DROP"},
    {"far_buffer_full", "the FAR's buffer was full"},
    {"unsupported_gtpu", "a GTP-U message or extension header that must be comprehended is not supported"},
    {"ue_unknown", "the gNB serves no such UE or tunnel"},
    {"radio_buffer_full", "the UE's radio buffer was full"},
    {"harq_failed", "all HARQ transmissions failed"},
    {"radio_detached", "the UE was not attached to this cell"},
    {"too_big", "the packet was larger than the link's MTU or its buffer"},
    {"device_queue_full", "the device took no more packets"},
    {"device_down", "the device was gone"},
    {"not_for_this_host", "the host has no application for it"},
    {"port_unconnected", "the function sent it out of a port with no link"},
    {"tcp_duplicate", "the receiver already had this segment"},
    {"quota_exhausted", "a URR's quota was used up (TS 29.244 clause 5.2.2.2)"},
    {"neighbour_unresolved", "nobody answered for the next hop's address (ARP, neighbour discovery)"},
    {"neighbour_queue_full", "too many packets waited for the next hop's address"},
    {"random_access_failed", "its device gave up random access after the last preamble allowed"},
}};

constexpr std::string_view name_of(DropReason reason) {
  return drop_reason_texts[static_cast<std::size_t>(reason)].name;
}

}  // namespace kiriko
