// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Change: everything that can be altered while running, whoever asks: timeline, controller, shell, dashboard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/control/control_message.hpp"
#include "core/control/link_properties.hpp"
#include "core/control/pdu_session.hpp"
#include "core/control/pdu_session_update.hpp"
#include "core/control/ue_radio.hpp"
#include "core/fiveg/ambr.hpp"
#include "core/fiveg/rrm_policy.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/mac_address.hpp"

namespace kiriko {

// Links.
struct SetLinkProperties {
  LinkId link;
  LinkDirection direction{};
  LinkProperties properties;
};
struct SetLinkState {
  LinkId link;
  bool up{true};
};
/// Replaces the slice scheduler's shares; an empty list returns the direction to one FIFO queue.
struct SetSliceShares {
  LinkId link;
  LinkDirection direction{};
  std::vector<SliceShare> shares;
};

// Any node.
struct SetNodeState {
  NodeId node;
  bool running{true};
};
/// Told to a node when one of its ports loses or regains its link.
struct SetPortState {
  NodeId node;
  PortId port;
  bool up{true};
};

// switch
/// Where packets to a destination go. Several ports: ECMP by five-tuple hash. `slice` narrows the entry
/// to one slice (slice-aware egress); a narrower prefix wins, then a slice entry over a general one.
struct ForwardingEntry {
  std::variant<Ipv4Prefix, MacAddress> destination;
  std::optional<SliceId> slice{};
  std::vector<PortId> ports{};
  friend bool operator==(const ForwardingEntry&, const ForwardingEntry&) = default;
};
/// Adds entries or replaces those of the same destination and slice; `remove` names entries to delete.
struct SetForwarding {
  NodeId node;
  std::vector<ForwardingEntry> set;
  std::vector<ForwardingEntry> remove;
  bool clear_first{false};
};

// upf
struct EstablishPduSession {
  NodeId node;
  PduSessionRules rules;
};
/// Removes, creates and updates rules by id, all or none (TS 29.244 clause 7.5.4).
struct ModifyPduSession {
  NodeId node;
  Seid seid{};
  PduSessionUpdate update{};
};
struct ReleasePduSession {
  NodeId node;
  Seid seid{};
};

// any function with a control protocol of its own
/// A datagram from the controller; what the function answers comes as a ControlMessageEvent.
struct DeliverControlMessage {
  NodeId node;
  ControlMessage message;
};

// gnb
/// Of a gNB that a UE is handed over to: for what the source has of its downlink (TS 38.423 clause 9.2.1.16).
struct ForwardingTunnel {
  Ipv4Address gnb{};
  Teid teid{};
};
/// One UE's context in a gNB: its tunnel on N3 and its radio. DL packets come to `downlink_teid`.
struct UeContext {
  NodeId ue{no_node};
  PortId port{};  ///< the gNB's radio port towards this UE
  Ipv4Address ue_address{};
  Teid uplink_teid{};  ///< at the UPF
  Ipv4Address upf_address{};
  Teid downlink_teid{};     ///< at this gNB
  SliceId slice{no_slice};  ///< of its default QoS flow
  Qfi default_qfi{};
  std::uint16_t default_five_qi{9};
  UeRadio radio{};
  /// A QoS flow with a data radio bearer of its own (TS 38.413 clause 9.3.1.12).
  struct QosFlow {
    Qfi qfi{};
    SliceId slice{no_slice};
    std::uint16_t five_qi{9};
    Ambr guaranteed_bit_rate{};  ///< GFBR; 0: none
  };
  std::vector<QosFlow> flows{};  ///< beside the default one
  /// Its ForwardingTunnel here; 0: none. Until the end marker in it, what comes to `downlink_teid` waits.
  Teid forwarding_teid{};
  Duration
      reached_after{};  ///< from the change on its packets wait so long here, the UE is between two cells
};
struct AttachUe {
  NodeId node;
  UeContext context;
};
/// Detaches and drops what is still buffered. With a TEID it only ends the context of that tunnel: a UE that
/// has come back meanwhile stays.
struct DetachUe {
  NodeId node;
  NodeId ue{no_node};
  Teid downlink_teid{};
  /// Its downlink, buffered or still to come, goes there up to the end marker instead of being dropped.
  std::optional<ForwardingTunnel> forward{};
};
/// RRMPolicyRatio for each slice of the cell (TS 28.541 clause 4.3.36).
struct SetRadioShares {
  NodeId node;
  std::vector<RrmPolicyRatio> shares;
};
struct SetUeRadio {
  NodeId node;
  NodeId ue{no_node};
  UeRadio radio{};  ///< what is absent stays as it was
};

// host (and UE)
/// The host sends out of this port from now on (a UE's serving cell).
struct SetActivePort {
  NodeId node;
  PortId port;
};
/// `flow` scaled to `scale` times its declared rate; 0 stops it.
struct SetTraffic {
  NodeId node;
  FlowId flow{};
  double scale{1.0};
};

// firewall, rate_limiter
struct SetAccessList {
  NodeId node;
  std::vector<std::string> entries;
};
struct SetRateLimit {
  NodeId node;
  std::optional<SliceId> slice;
  BitsPerSecond rate{};
  Bytes burst{};
};

using Change =
    std::variant<SetLinkProperties, SetLinkState, SetSliceShares, SetNodeState, SetPortState, SetForwarding,
                 EstablishPduSession, ModifyPduSession, ReleasePduSession, AttachUe, DetachUe, SetRadioShares,
                 SetUeRadio, SetActivePort, SetTraffic, SetAccessList, SetRateLimit, DeliverControlMessage>;

/// Changes that are validated whole, then applied whole at one model time.
struct ChangeSet {
  std::string cause;   ///< one sentence for the event log
  std::string author;  ///< timeline, controller.reactive, controller.routing, …
  std::vector<Change> changes;
};

/// "SetLinkState", for logs.
std::string_view name_of(const Change& change);

}  // namespace kiriko
