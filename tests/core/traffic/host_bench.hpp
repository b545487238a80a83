// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// HostBench: one host with recording ports, driven wake-up by wake-up, for the tests of core/traffic.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/traffic/host.hpp"

namespace kiriko {

class RecordingPort final : public PortOutput {
 public:
  ~RecordingPort() override { clear(); }
  void transmit(Burst& burst) noexcept override { packets.insert(packets.end(), burst.begin(), burst.end()); }
  void clear() {
    for (Packet* packet : packets) rte_pktmbuf_free(packet);
    packets.clear();
  }
  std::vector<Packet*> packets;
};

inline PacketPool test_pool(std::uint32_t count = 4095) {
  static int number = 0;
  auto pool = PacketPool::create("traffic_test_" + std::to_string(number++), count);
  REQUIRE(pool);
  return std::move(*pool);
}

inline OptionValues options_of(const std::string& model,
                               const std::map<std::string, std::vector<std::string>>& texts) {
  const TrafficModelDescriptor* descriptor = find_traffic_model(model);
  REQUIRE(descriptor != nullptr);
  auto options = OptionValues::parse(descriptor->options, texts, nullptr);
  if (!options) FAIL(to_string(options.error()));
  return *options;
}

inline constexpr Ipv4Address address_a{10, 0, 0, 1};
inline constexpr Ipv4Address address_b{10, 0, 0, 2};

inline FlowSpec flow_of(std::uint32_t id, const std::string& model,
                        const std::map<std::string, std::vector<std::string>>& texts) {
  FlowSpec spec;
  spec.id = FlowId{id};
  spec.name = "flow" + std::to_string(id);
  spec.source_address = address_a;
  spec.destination_address = address_b;
  spec.source_port = static_cast<std::uint16_t>(1000 + id);
  spec.destination_port = static_cast<std::uint16_t>(2000 + id);
  spec.slice = SliceId{3};
  spec.qfi = 5;
  spec.dscp = 46;
  spec.model = model;
  spec.options = options_of(model, texts);
  return spec;
}

struct HostBench {
  explicit HostBench(HostSetup setup, std::uint32_t packets = 4095) : pool(test_pool(packets)) {
    if (setup.name.empty()) setup.name = "h";
    setup.mac = mac_of(setup.address);
    auto created = Host::create(setup);
    if (!created) FAIL(to_string(created.error()));
    host = std::move(*created);
    std::vector<PortOutput*> outputs;
    for (std::uint16_t i = 0; i < setup.port_count; ++i) {
      ports.push_back(std::make_unique<RecordingPort>());
      outputs.push_back(ports.back().get());
    }
    exits = Exits(&pool, outputs);
    wake(ModelTime{0});
  }

  void wake(ModelTime now) {
    exits.clear_wake_request();
    host->wake(now, exits);
    exits.flush_all();
  }
  /// Runs every wake-up up to and including `until`.
  void run(ModelTime until) {
    while (exits.wake_request() <= until) wake(exits.wake_request());
  }
  void change(const Change& what, ModelTime now) {
    auto commit = host->prepare(what);
    if (!commit) FAIL(to_string(commit.error()));
    (*commit)(now, exits);
    exits.flush_all();
  }
  /// Hands `packet` to the host as if it had come from a link.
  void deliver(Packet* packet) {
    ++exits.ledger().in;
    Burst burst;
    burst.push(packet);
    host->process(burst, exits);
    exits.flush_all();
  }
  Packet* packet_of(const std::vector<std::uint8_t>& bytes, ModelTime time) {
    Packet* packet = pool.allocate();
    REQUIRE(packet != nullptr);
    auto* at =
        reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(bytes.size())));
    REQUIRE(at != nullptr);
    std::copy(bytes.begin(), bytes.end(), at);
    metadata_of(packet).time = time;
    return packet;
  }
  std::uint64_t dropped(DropReason reason) const {
    return exits.ledger().dropped[static_cast<std::size_t>(reason)];
  }
  void check_conserved() const {
    CHECK(exits.ledger().expected_held() == 0);
    Report report;
    host->report(report);
    CHECK(report.held == 0);
  }

  PacketPool pool;
  std::vector<std::unique_ptr<RecordingPort>> ports;  // freed before the pool
  std::unique_ptr<Host> host;
  Exits exits;
};

}  // namespace kiriko
