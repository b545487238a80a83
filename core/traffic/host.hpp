// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Host: an end system, a UE included: the sources of the flows it sends and the sinks of those it receives.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/control/network_view.hpp"
#include "core/function/network_function.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/mac_address.hpp"
#include "core/traffic/agenda.hpp"
#include "core/traffic/flow.hpp"
#include "core/traffic/flow_index.hpp"
#include "core/traffic/packet_source.hpp"
#include "core/traffic/tcp_receiver.hpp"
#include "core/traffic/tcp_sender.hpp"

namespace kiriko {

/// What a host is given when it is created.
struct HostSetup {
  NodeId node{};
  std::string name;
  NodeKind kind{NodeKind::host};
  Ipv4Address address{};
  MacAddress mac{};
  std::uint16_t port_count{1};
  std::uint64_t seed{};              ///< the run's
  std::vector<FlowSpec> sends{};     ///< flows whose source it is
  std::vector<FlowSpec> receives{};  ///< flows whose destination it is
};

/// Sends out of its active port; receives from all. Answers ARP and ICMP echo requests for its address.
/// It wakes (`Descriptor::wakes`): it must get packets of one instant at a time. wake(ModelTime{0}) starts
/// it; further wake-ups that it did not ask for do no harm. It holds no packet.
class Host final : public NetworkFunction {
 public:
  /// A problem names the flow whose model refuses its options, or a flow given twice.
  static Result<std::unique_ptr<Host>> create(const HostSetup& setup);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime now, Exits& exits) noexcept override;
  /// SetActivePort and SetTraffic.
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

  /// One entry a flow, in the order of HostSetup::sends; `sent` and `sent_bytes` are filled.
  std::vector<FlowEndMeasure> sent() const;
  /// One entry a flow, in the order of HostSetup::receives; all but `sent` and `held_at_end` are filled.
  std::vector<FlowEndMeasure> received() const;

  PortId active_port() const noexcept { return active_port_; }
  /// The first thing that this host will do by itself; never() when it only receives.
  ModelTime next_wake() const noexcept { return agenda_.earliest(); }

 private:
  enum class Role : std::uint8_t { udp_receiver, tcp_receiver, tcp_sender };
  struct UdpReceiver {
    explicit UdpReceiver(const FlowSpec& spec) : meter(spec) {}
    SequenceWindow sequences;
    ReceivedMeter meter;
  };

  explicit Host(const HostSetup& setup);
  Result<void> add_source(const FlowSpec& spec, std::uint64_t seed);
  Result<void> add_sink(const FlowSpec& spec);
  Result<void> index_flow(const FlowSpec& spec, Role role, std::size_t position);

  void receive(Packet* packet, Exits& exits) noexcept;
  void receive_ipv4(Packet* packet, Exits& exits) noexcept;
  void receive_udp(Packet* packet, const Ipv4Header& ip, Exits& exits) noexcept;
  void receive_tcp(Packet* packet, const Ipv4Header& ip, Exits& exits) noexcept;
  void measure_udp(UdpReceiver& receiver, const ReceivedMeter::Arrival& arrival) noexcept;
  void answer_echo(Packet* packet, Exits& exits) noexcept;
  void answer_arp(Packet* packet, Exits& exits) noexcept;

  std::string name_;
  NodeKind kind_;
  NodeId node_;
  Ipv4Address address_;
  MacAddress mac_;
  std::uint16_t port_count_;
  PortId active_port_{0};

  std::vector<PacketSource> sources_;
  std::vector<TcpSender> tcp_senders_;
  std::vector<UdpReceiver> udp_receivers_;
  std::vector<TcpReceiver> tcp_receivers_;
  std::vector<std::uint32_t> sends_;     ///< agenda slots in the order of HostSetup::sends
  std::vector<std::uint32_t> receives_;  ///< flow_index_ values in the order of HostSetup::receives
  FlowIndex flow_index_;                 ///< value: role in the top two bits, position below
  Agenda agenda_;                        ///< slots: sources_, then tcp_senders_
};

}  // namespace kiriko
