// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CellBench: a gNB with recorded ports, packets in, and wake-ups in the engine's order.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "vnf/gnb/gnb.hpp"

namespace kiriko::gnb_test {

inline constexpr Ipv4Address gnb_address{10, 0, 0, 1};
inline constexpr Ipv4Address upf_address{10, 0, 0, 2};

struct Sent {
  ModelTime time;
  std::uint64_t sequence;
  std::uint16_t port;
  std::uint32_t size;
  friend bool operator==(const Sent&, const Sent&) = default;
};

/// Records what leaves, keeps the last frame's octets, frees the packet.
class Recorder final : public PortOutput {
 public:
  Recorder(std::uint16_t port, std::vector<Sent>* sent) : port_(port), sent_(sent) {}
  void transmit(Burst& burst) noexcept override {
    for (Packet* packet : burst) {
      const PacketMetadata& metadata = metadata_of(packet);
      if (metadata.time < newest_) in_order = false;
      newest_ = metadata.time;
      sent_->push_back({metadata.time, metadata.sequence, port_, size_of(packet)});
      last.assign(bytes_of(packet), bytes_of(packet) + size_of(packet));
      last_metadata = metadata;
      rte_pktmbuf_free(packet);
    }
  }
  bool in_order{true};
  std::vector<std::uint8_t> last;
  PacketMetadata last_metadata;

 private:
  std::uint16_t port_;
  std::vector<Sent>* sent_;
  ModelTime newest_{};
};

class CellBench {
 public:
  explicit CellBench(const std::map<std::string, std::vector<std::string>>& options, std::uint16_t ues = 1,
                     std::vector<std::uint8_t> priorities = {1, 8}, std::uint64_t seed = 7,
                     std::uint32_t packets = 8191)
      : pool_(*PacketPool::create("gnb" + std::to_string(++count()), packets)) {
    FunctionSetup setup;
    setup.node = NodeId{0};
    setup.name = "g1";
    setup.seed = seed;
    setup.address = gnb_address;
    std::vector<Problem> problems;
    auto values = OptionValues::parse(gnb_descriptor.options, options, &problems);
    INFO((problems.empty() ? "" : to_string(problems[0])));
    REQUIRE(values);
    setup.options = *values;
    setup.ports.push_back({});
    for (std::uint16_t ue = 1; ue <= ues; ++ue) setup.ports.push_back({.peer = NodeId{ue}, .radio = true});
    for (std::uint16_t i = 0; i < priorities.size(); ++i)
      setup.slices.push_back({.id = SliceId{i}, .name = "s" + std::to_string(i), .priority = priorities[i]});
    std::vector<PortOutput*> outputs;
    for (std::uint16_t port = 0; port <= ues; ++port) {
      recorders.push_back(std::make_unique<Recorder>(port, &sent));
      outputs.push_back(recorders.back().get());
    }
    exits = Exits{&pool_, outputs};
    auto created = gnb_descriptor.create(setup);
    REQUIRE(created);
    gnb = std::move(*created);
    for (std::uint16_t ue = 1; ue <= ues; ++ue) change(AttachUe{NodeId{0}, context(ue)});
  }
  /// Detaching drops what is buffered, so that the pool ends empty.
  ~CellBench() {
    exits.flush_all();
    for (std::uint16_t ue = 1; ue < recorders.size(); ++ue) {
      if (auto commit = gnb->prepare(DetachUe{NodeId{0}, NodeId{ue}})) (*commit)(now, exits);
    }
    CHECK(pool_.in_use() == 0);
  }
  CellBench(const CellBench&) = delete;
  CellBench& operator=(const CellBench&) = delete;

  static UeContext context(std::uint16_t ue) {
    return {.ue = NodeId{ue},
            .port = PortId{ue},
            .ue_address = ue_address(ue),
            .uplink_teid = Teid{1000U + ue},
            .upf_address = upf_address,
            .downlink_teid = Teid{ue},
            .slice = SliceId{0},
            .default_qfi = Qfi{9}};
  }
  static Ipv4Address ue_address(std::uint16_t ue) { return Ipv4Address{0x0a2d0000U + ue}; }

  void change(const Change& change) {
    auto commit = gnb->prepare(change);
    INFO((commit ? "" : to_string(commit.error())));
    REQUIRE(commit);
    (*commit)(now, exits);
  }
  void set_shares(std::vector<RrmPolicyRatio> shares) {
    change(SetRadioShares{NodeId{0}, std::move(shares)});
  }

  /// An IPv4 packet of `size` octets from the UE.
  Packet* uplink_packet(std::uint16_t ue, std::uint16_t size, SliceId slice = SliceId{0},
                        std::uint8_t qfi = 0) {
    Packet* packet = exits_packet(ethernet_header_size + size, PortId{ue}, slice, qfi);
    std::uint8_t* at = bytes_of(packet);
    write_ethernet(at, MacAddress::local(gnb_address.value), MacAddress::local(ue_address(ue).value),
                   ether_type::ipv4);
    write_inner(at + ethernet_header_size, ue_address(ue), size);
    return packet;
  }
  /// A G-PDU to the UE with an IPv4 packet of `size` octets.
  Packet* downlink_packet(std::uint16_t ue, std::uint16_t size, SliceId slice = SliceId{0},
                          std::uint8_t qfi = 5) {
    constexpr std::size_t outer = ethernet_header_size + ipv4_header_size + udp_header_size;
    Packet* packet = exits_packet(outer + gtpu_pdu_session_header_size + size, PortId{0}, slice, 0);
    std::uint8_t* at = bytes_of(packet);
    write_outer(at, gtpu_pdu_session_header_size + size);
    write_gtpu_pdu_session(at + outer, ue, pdu_type::downlink, qfi, false, size);
    write_inner(at + outer + gtpu_pdu_session_header_size, upf_address, size);
    return packet;
  }
  /// A frame from the UPF with these octets behind the UDP header.
  Packet* n3_frame(const std::vector<std::uint8_t>& gtpu) {
    constexpr std::size_t outer = ethernet_header_size + ipv4_header_size + udp_header_size;
    Packet* packet = exits_packet(outer + gtpu.size(), PortId{0}, no_slice, 0);
    write_outer(bytes_of(packet), gtpu.size());
    if (!gtpu.empty()) std::memcpy(bytes_of(packet) + outer, gtpu.data(), gtpu.size());
    return packet;
  }
  Packet* raw_frame(const std::vector<std::uint8_t>& octets, PortId port) {
    Packet* packet = exits_packet(octets.size(), port, no_slice, 0);
    std::memcpy(bytes_of(packet), octets.data(), octets.size());
    return packet;
  }

  /// Queues for process(); times must not fall.
  void arrive(ModelTime at, Packet* packet) {
    PacketMetadata& metadata = metadata_of(packet);
    metadata.time = metadata.birth = at;
    metadata.sequence = next_sequence_++;
    arrivals_.push_back(packet);
  }
  /// Runs all that is due before `until`: of one instant packets first, cut at `cut(n)` of n, then the wake-up.
  template <class Cut>
  void run(ModelTime until, Cut cut) {
    for (;;) {
      const ModelTime packet_time =
          next_ < arrivals_.size() ? metadata_of(arrivals_[next_]).time : ModelTime::never();
      const ModelTime wake_time = exits.wake_request();
      if (std::min(packet_time, wake_time) >= until) break;
      now = std::min(packet_time, wake_time);
      if (packet_time <= wake_time) {
        std::size_t same = 1;
        while (next_ + same < arrivals_.size() && metadata_of(arrivals_[next_ + same]).time == now) ++same;
        Burst burst;
        for (std::size_t take = std::min<std::size_t>(cut(same), burst_capacity); take > 0; --take) {
          burst.push(arrivals_[next_++]);
          ++exits.ledger().in;
        }
        gnb->process(burst, exits);
      } else {
        exits.clear_wake_request();
        ++wakes;
        gnb->wake(now, exits);
      }
      exits.flush_all();
    }
    now = std::max(now, until);
  }
  void run(ModelTime until) {
    run(until, [](std::size_t n) { return n; });
  }

  std::uint64_t dropped(DropReason reason) const {
    return exits.ledger().dropped[static_cast<std::size_t>(reason)];
  }
  Report report() const {
    Report report;
    gnb->report(report);
    return report;
  }
  bool balanced() const { return exits.ledger().expected_held() == static_cast<std::int64_t>(report().held); }
  /// Octets of IP that left by `port` from `from` on.
  std::uint64_t octets(std::uint16_t port, ModelTime from, std::uint32_t headers) const {
    std::uint64_t sum = 0;
    for (const Sent& s : sent) sum += s.port == port && s.time >= from ? s.size - headers : 0;
    return sum;
  }

  Exits exits;
  std::unique_ptr<NetworkFunction> gnb;
  std::vector<std::unique_ptr<Recorder>> recorders;
  std::vector<Sent> sent;
  ModelTime now{};
  std::uint64_t wakes{};

 private:
  static int& count() {
    static int pools = 0;
    return pools;
  }
  Packet* exits_packet(std::size_t size, PortId port, SliceId slice, std::uint8_t qfi) {
    Packet* packet = pool_.allocate();
    REQUIRE(packet != nullptr);
    std::memset(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(size)), 0, size);
    PacketMetadata& metadata = metadata_of(packet);
    metadata.ingress = port;
    metadata.slice = slice;
    metadata.qfi = qfi;
    return packet;
  }
  static void write_inner(std::uint8_t* at, Ipv4Address source, std::uint16_t size) {
    write_ipv4(at, {.source = source,
                    .destination = Ipv4Address{8, 8, 8, 8},
                    .protocol = 17,
                    .payload_length = static_cast<std::uint16_t>(size - ipv4_header_size),
                    .dscp = 34});
  }
  static void write_outer(std::uint8_t* at, std::size_t gtpu_octets) {
    write_ethernet(at, MacAddress::local(gnb_address.value), MacAddress::local(upf_address.value),
                   ether_type::ipv4);
    write_ipv4(at + ethernet_header_size,
               {.source = upf_address,
                .destination = gnb_address,
                .protocol = 17,
                .payload_length = static_cast<std::uint16_t>(udp_header_size + gtpu_octets)});
    write_udp(at + ethernet_header_size + ipv4_header_size, 2152, gtpu_port,
              static_cast<std::uint16_t>(gtpu_octets));
  }

  PacketPool pool_;
  std::vector<Packet*> arrivals_;
  std::size_t next_{};
  std::uint64_t next_sequence_{};
};

}  // namespace kiriko::gnb_test
