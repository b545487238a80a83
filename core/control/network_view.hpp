// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NetworkView: what a controller sees: the topology, and loads, backlogs and delays since its last look.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/control/change.hpp"
#include "core/control/ue_radio.hpp"
#include "core/fiveg/s_nssai.hpp"

namespace kiriko {

/// A slice as the scenario declares it; SLA names are ServiceProfile's (TS 28.541).
struct SliceDescription {
  SliceId id{};
  std::string name;
  SNssai s_nssai{};
  std::optional<Duration> dl_latency{};  ///< dLLatency
  std::optional<Duration> ul_latency{};  ///< uLLatency
  BitsPerSecond dl_guaranteed{};         ///< dLThptPerSlice.guaThpt
  BitsPerSecond dl_maximum{};            ///< dLThptPerSlice.maxThpt
  BitsPerSecond ul_guaranteed{};         ///< uLThptPerSlice.guaThpt
  BitsPerSecond ul_maximum{};            ///< uLThptPerSlice.maxThpt
  std::uint8_t priority{8};              ///< ARP priority level 1…15, 1 highest
};

enum class NodeKind : std::uint8_t { host, ue, function, device };

struct PortView {
  LinkId link{};
  NodeId peer{no_node};
  PortId peer_port{};
  bool radio{false};  ///< a UE's candidate cell
};

struct NodeView {
  NodeId id{};
  std::string name;
  NodeKind kind{};
  std::string function;                  ///< catalogue name for NodeKind::function
  std::string site;                      ///< may be empty
  std::optional<Ipv4Address> address{};  ///< hosts, UEs, gNBs (N3) and UPFs (N3)
  std::optional<Ipv4Prefix> serves{};    ///< a UPF's UE address pool; routed to it from N6
  std::optional<MacAddress> mac{};       ///< a device's own, where it has one
  bool running{true};
  std::vector<PortView> ports{};
};

/// One slice on one link direction since the last read.
struct SliceLoad {
  SliceId slice{no_slice};
  Bytes offered{};          ///< octets that came to the queue
  Bytes carried{};          ///< octets that left it
  std::uint64_t dropped{};  ///< packets dropped at the queue
  Bytes backlog{};          ///< now
  Duration delay_max{};     ///< longest wait in the queue since the last read
};

struct LinkDirectionView {
  LinkProperties properties{};
  std::vector<SliceShare> shares{};
  std::vector<SliceLoad> slices{};  ///< one entry (no_slice) where there is no slice scheduler
};

struct LinkView {
  LinkId id{};
  std::string name;
  NodeId a{no_node}, b{no_node};
  PortId a_port{}, b_port{};
  bool up{true};
  LinkDirectionView forward{}, backward{};
};

/// One slice in one cell since the last read.
struct RadioSliceLoad {
  SliceId slice{no_slice};
  Bytes offered_dl{}, offered_ul{};
  Bytes backlog_dl{}, backlog_ul{};         ///< now
  double prb_share_dl{}, prb_share_ul{};    ///< of the cell's PRBs used by it, 0…1
  double efficiency_dl{}, efficiency_ul{};  ///< bits a PRB carried for it; 0 if none was used
  Duration delay_max{};
  std::uint64_t dropped{};
};

struct CellView {
  NodeId node{no_node};
  double prbs_per_second_dl{}, prbs_per_second_ul{};
  std::vector<RrmPolicyRatio> shares{};
  std::vector<RadioSliceLoad> slices{};
};

/// A PDU session the scenario wants: the controller turns it into rules.
struct SessionView {
  NodeId ue{no_node};
  Ipv4Address ue_address{};
  SliceId slice{no_slice};  ///< of the default QoS flow
  Qfi default_qfi{};
  std::uint16_t default_five_qi{9};
  bool mark_by_five_qi{false};         ///< outer DSCP of the downlink tunnel by the QoS flow's 5QI
  bool data_forwarding{true};          ///< between gNBs, at a handover
  NodeId upf{no_node};                 ///< wished anchor
  std::vector<NodeId> standby_upfs{};  ///< in order of preference
  NodeId serving_gnb{no_node};
  Ambr ambr{};
  UeRadio radio{};
  struct QosFlow {
    Qfi qfi{};
    SliceId slice{no_slice};
    std::uint16_t five_qi{9};
    std::uint8_t protocol{17};
    std::uint16_t port{};  ///< destination port (uplink) that selects it
    Ipv4Address peer{};
    Ambr maximum_bit_rate{};
    Ambr guaranteed_bit_rate{};
  };
  std::vector<QosFlow> flows{};
};

struct NetworkView {
  ModelTime time{};
  Duration since_last{};        ///< what the loads below cover
  std::vector<NodeView> nodes;  ///< index = NodeId
  std::vector<LinkView> links;  ///< index = LinkId
  std::vector<CellView> cells;
  std::vector<SliceDescription> slices;  ///< index = SliceId
  std::vector<SessionView> sessions;
};

}  // namespace kiriko
