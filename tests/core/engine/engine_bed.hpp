// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A bed for engine tests: a sender of timed packets, a relay, a collector, and graphs made of them.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/engine/emulation.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko::test {

struct Seen {
  ModelTime at;
  std::uint64_t sequence;
  std::uint32_t flow;
  std::uint16_t port;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Sends packets of `bytes` at the given times out of port 0; records what comes back.
class EndNode final : public NetworkFunction {
 public:
  EndNode(std::uint32_t flow, std::vector<ModelTime> times, std::uint32_t bytes)
      : flow_(flow), times_(std::move(times)), bytes_(bytes) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      const auto& m = metadata_of(packet);
      seen.push_back({m.time, m.sequence, m.flow.value, m.ingress.value});
      exits.consume(packet);
    }
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    for (; next_ < times_.size() && times_[next_] <= now; ++next_) {
      Packet* packet = exits.create();
      if (packet == nullptr) continue;
      rte_pktmbuf_append(packet, static_cast<std::uint16_t>(bytes_));
      auto& m = metadata_of(packet);
      m.time = m.birth = now;
      m.sequence = next_;
      m.flow = FlowId{flow_};
      m.slice = slice;
      exits.emit(PortId{0}, packet);
    }
    if (next_ < times_.size()) exits.at(times_[next_]);
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("test end", change); }
  void report(Report&) const override {}

  std::vector<Seen> seen;
  SliceId slice{no_slice};

 private:
  std::uint32_t flow_;
  std::vector<ModelTime> times_;
  std::uint32_t bytes_;
  std::size_t next_{};
};

/// Sends every packet on by flow modulo ports, never back; loses the packet numbered `leak` on purpose.
class RelayNode final : public NetworkFunction {
 public:
  explicit RelayNode(std::uint16_t ports, std::int64_t leak = -1) : ports_(ports), leak_(leak) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      auto& m = metadata_of(packet);
      seen.push_back({m.time, m.sequence, m.flow.value, m.ingress.value});
      if (leak_ >= 0 && m.sequence == static_cast<std::uint64_t>(leak_)) {
        leak_ = -1;
        leaked = packet;
        continue;
      }
      auto port = static_cast<std::uint16_t>(m.flow.value % ports_);
      if (port == m.ingress.value) port = static_cast<std::uint16_t>((port + 1) % ports_);
      exits.emit(PortId{port}, packet);
    }
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("test relay", change); }
  void report(Report&) const override {}

  std::vector<Seen> seen;
  Packet* leaked{nullptr};

 private:
  std::uint16_t ports_;
  std::int64_t leak_;
};

class EmptySchedule final : public Schedule {
 public:
  ModelTime next_due() override { return ModelTime::never(); }
  void run_due(ModelTime) override {}
};

inline PacketPool make_pool(std::uint32_t count = 8191) {
  static std::atomic<unsigned> serial{0};
  return std::move(PacketPool::create("engine_bed" + std::to_string(serial++), count).value());
}

inline std::vector<ModelTime> every(Duration period, std::size_t count, ModelTime first = ModelTime{0}) {
  std::vector<ModelTime> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(first + period * static_cast<std::int64_t>(i));
  return times;
}

struct GraphMaker {
  Graph graph;
  std::vector<std::uint16_t> ports;

  template <class Function>
  Function* add(const std::string& name, std::unique_ptr<Function> function, bool wakes) {
    GraphNode node;
    node.view.id = NodeId{static_cast<std::uint32_t>(graph.nodes.size())};
    node.view.name = name;
    node.view.kind = NodeKind::function;
    node.wakes = wakes;
    Function* raw = function.get();
    node.function = std::move(function);
    graph.nodes.push_back(std::move(node));
    ports.push_back(0);
    return raw;
  }
  void link(std::uint32_t a, std::uint32_t b, const LinkProperties& properties,
            std::vector<SliceShare> shares = {}) {
    GraphLink link;
    link.a = NodeId{a};
    link.b = NodeId{b};
    link.a_port = PortId{ports[a]++};
    link.b_port = PortId{ports[b]++};
    link.forward = link.backward = properties;
    link.forward_shares = std::move(shares);
    graph.links.push_back(std::move(link));
  }
};

inline void run(Emulation& emulation, ModelTime until) {
  EmptySchedule schedule;
  const std::atomic<bool> stop{false};
  emulation.run(until, schedule, stop, [](ModelTime) {});
}

}  // namespace kiriko::test
