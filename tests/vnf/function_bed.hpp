// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FunctionBed: one network function between recording ports, driven in model time as the engine drives it.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/random.hpp"
#include "core/function/descriptor.hpp"
#include "tests/vnf/frames.hpp"

namespace kiriko::test {

struct Sent {
  PortId port{};
  ModelTime time{};
  Frame frame{};
  SliceId slice{no_slice};
  std::uint8_t qfi{};
  std::uint8_t hops{};
  ModelTime birth{};
  friend bool operator==(const Sent&, const Sent&) = default;
};

/// Behind each port: keeps copies of what is sent (unless told not to) and frees the packets.
class RecordingOutput final : public PortOutput {
 public:
  RecordingOutput(PortId port, std::vector<Sent>* sent, const bool* recording)
      : port_(port), sent_(sent), recording_(recording) {}

  void transmit(Burst& burst) noexcept override {
    for (Packet* packet : burst) {
      const PacketMetadata& metadata = metadata_of(packet);
      in_order_ = in_order_ && metadata.time >= last_;
      last_ = metadata.time;
      if (*recording_)
        sent_->push_back({port_, metadata.time, Frame(bytes_of(packet), bytes_of(packet) + size_of(packet)),
                          metadata.slice, metadata.qfi, metadata.hops, metadata.birth});
      rte_pktmbuf_free(packet);
    }
  }
  bool in_order() const noexcept { return in_order_; }

 private:
  PortId port_;
  std::vector<Sent>* sent_;
  const bool* recording_;
  ModelTime last_{-1};
  bool in_order_{true};
};

/// One packet to be offered.
struct Arrival {
  Frame frame{};
  PortId port{};
  ModelTime time{};
  SliceId slice{no_slice};
  std::uint8_t qfi{};
  std::uint8_t hops{};
};

using OptionTexts = std::map<std::string, std::vector<std::string>>;

struct BedSettings {
  std::uint16_t ports{2};
  OptionTexts options{};
  std::uint16_t slices{0};  ///< named slice0, slice1, …
  std::optional<Ipv4Address> address{};
  std::uint64_t seed{1};
  std::uint32_t packets{2047};
  std::vector<NodeView> neighbours{};  ///< by port; missing ones are plain hosts
};

/// Where one packet ended: sent out of ports (in order), dropped by a reason, consumed, or still held.
struct Consumed {
  friend bool operator==(const Consumed&, const Consumed&) = default;
};
struct Held {
  friend bool operator==(const Held&, const Held&) = default;
};
using Ending = std::variant<std::vector<PortId>, DropReason, Consumed, Held>;

/// A row of a packet test: `in` goes in by `port`; `out`, where given, is the frame that must come out.
struct PacketCase {
  std::string description;
  Frame in;
  std::optional<Frame> out{};
  Ending exit{};
  PortId port{0};
  SliceId slice{no_slice};
};

inline FunctionSetup make_setup(const Descriptor& descriptor, const BedSettings& settings) {
  std::vector<Problem> problems;
  auto options = OptionValues::parse(descriptor.options, settings.options, &problems);
  for (const auto& problem : problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(options.has_value());
  FunctionSetup setup{.node = NodeId{0},
                      .name = std::string(descriptor.name) + "1",
                      .options = *options,
                      .seed = settings.seed,
                      .address = settings.address,
                      .mac = MacAddress::local(100)};
  for (std::uint16_t i = 0; i < settings.ports; ++i) {
    const NodeId peer{i + 1U};
    setup.ports.push_back({.link = LinkId{i}, .peer = peer, .peer_port = PortId{0}});
    NodeView neighbour;
    neighbour.id = peer;
    neighbour.name = "h" + std::to_string(i + 1);
    setup.neighbours.push_back(i < settings.neighbours.size() ? settings.neighbours[i] : neighbour);
  }
  for (std::uint16_t i = 0; i < settings.slices; ++i)
    setup.slices.push_back({.id = SliceId{i}, .name = "slice" + std::to_string(i)});
  return setup;
}

/// The problem of creating the function with these settings.
inline Problem creation_problem(const Descriptor& descriptor, const BedSettings& settings) {
  const auto made = descriptor.create(make_setup(descriptor, settings));
  REQUIRE_FALSE(made.has_value());
  return made.error();
}

class FunctionBed {
 public:
  explicit FunctionBed(const Descriptor& descriptor, const BedSettings& settings = {})
      : FunctionBed(descriptor, make_setup(descriptor, settings), settings.packets) {}
  FunctionBed(const Descriptor& descriptor, const FunctionSetup& setup, std::uint32_t packets)
      : wakes_(descriptor.wakes), pool_(make_pool(packets)) {
    std::vector<PortOutput*> ports;
    for (std::uint16_t i = 0; i < setup.ports.size(); ++i) {
      outputs_.push_back(std::make_unique<RecordingOutput>(PortId{i}, &sent_, &recording_));
      ports.push_back(outputs_.back().get());
    }
    exits_ = Exits(&pool_, ports);
    auto made = descriptor.create(setup);
    if (!made) FAIL(to_string(made.error()));
    function_ = std::move(*made);
    // As the engine does: once at the start.
    if (wakes_) exits_.at(ModelTime{});
  }
  FunctionBed(const FunctionBed&) = delete;
  FunctionBed& operator=(const FunctionBed&) = delete;

  NetworkFunction& function() { return *function_; }
  Exits& exits() { return exits_; }
  PacketPool& pool() { return pool_; }
  const Ledger& ledger() const { return exits_.ledger(); }
  std::uint64_t dropped(DropReason reason) const {
    return ledger().dropped[static_cast<std::size_t>(reason)];
  }
  Report report() const {
    Report out;
    function_->report(out);
    return out;
  }
  double metric(std::string_view name) const {
    const Report found = report();
    for (const auto& [key, value] : found.metrics)
      if (key == name) return value;
    FAIL("no metric '" << name << "'");
    return 0;
  }

  /// Applies `change`; it must be accepted.
  void apply(const Change& change, ModelTime at = ModelTime{}) {
    advance(at);
    auto commit = function_->prepare(change);
    if (!commit) FAIL(name_of(change) << ": " << to_string(commit.error()));
    (*commit)(at, exits_);
    exits_.flush_all();
  }
  /// The problem with which `change` is refused; it must be.
  Problem refusal(const Change& change) {
    const auto commit = function_->prepare(change);
    REQUIRE_FALSE(commit.has_value());
    return commit.error();
  }

  Packet* make_packet(const Arrival& arrival) {
    Packet* packet = pool_.allocate();
    REQUIRE(packet != nullptr);
    char* bytes = rte_pktmbuf_append(packet, static_cast<std::uint16_t>(arrival.frame.size()));
    REQUIRE(bytes != nullptr);
    if (!arrival.frame.empty()) std::memcpy(bytes, arrival.frame.data(), arrival.frame.size());
    PacketMetadata& metadata = metadata_of(packet);
    metadata.time = metadata.birth = arrival.time;
    metadata.ingress = arrival.port;
    metadata.slice = arrival.slice;
    metadata.qfi = arrival.qfi;
    metadata.hops = arrival.hops;
    return packet;
  }

  /// Offers arrivals, which must be in order of time, in bursts of `burst_size` packets; cuts at random with
  /// `cuts`. Wake-ups asked for come in their place between the packets.
  void offer(const std::vector<Arrival>& arrivals, std::uint32_t burst_size = burst_capacity,
             RandomStream* cuts = nullptr) {
    std::size_t i = 0;
    while (i < arrivals.size()) {
      wake_before(arrivals[i].time);
      const auto limit =
          cuts != nullptr ? static_cast<std::uint32_t>(cuts->between(1, burst_capacity)) : burst_size;
      Burst burst;
      const ModelTime first = arrivals[i].time;
      while (i < arrivals.size() && burst.size() < limit && (!wakes_ || arrivals[i].time == first))
        burst.push(make_packet(arrivals[i++]));
      process(burst);
    }
  }
  void offer(const Arrival& arrival) { offer(std::vector<Arrival>{arrival}); }

  /// Hands over packets that are made already.
  void process(Burst& burst) {
    exits_.ledger().in += burst.size();
    if (!burst.empty()) now_ = std::max(now_, metadata_of(burst[burst.size() - 1]).time);
    const std::uint64_t before = allocation_counter_();
    function_->process(burst, exits_);
    exits_.flush_all();
    allocations_ += allocation_counter_() - before;
  }
  /// Runs all wake-ups up to and including `until`.
  void advance(ModelTime until) { wake_before(until + nanoseconds(1)); }

  const std::vector<Sent>& sent() const { return sent_; }
  std::vector<Sent> take_sent() { return std::exchange(sent_, {}); }
  /// With false, packets sent are freed and forgotten.
  void record(bool on) { recording_ = on; }
  /// From now on, counts what the function allocates: `counter` gives the program's allocations so far.
  void count_allocations(std::uint64_t (*counter)()) {
    allocation_counter_ = counter;
    allocations_ = 0;
  }
  std::uint64_t allocations() const { return allocations_; }

  bool in_order() const {
    return std::all_of(outputs_.begin(), outputs_.end(),
                       [](const auto& output) { return output->in_order(); });
  }
  /// in + created = out + consumed + dropped + held, and the pool agrees.
  void check_conservation() {
    const auto held = report().held;
    CHECK(ledger().expected_held() == static_cast<std::int64_t>(held));
    CHECK(pool_.in_use() == held);
    CHECK(in_order());
  }

  /// Offers one case's packet and checks where it ended.
  void check(const PacketCase& c, ModelTime at = ModelTime{}) {
    INFO(c.description);
    const Ledger before = ledger();
    sent_.clear();
    offer(Arrival{.frame = c.in, .port = c.port, .time = at, .slice = c.slice});
    const Ending ending = ending_since(before);
    if (ending.index() == 1) UNSCOPED_INFO("dropped: " << name_of(std::get<DropReason>(ending)));
    CHECK((ending == c.exit));
    if (c.out) {
      REQUIRE_FALSE(sent_.empty());
      CHECK(sent_.front().frame == *c.out);
    }
    check_conservation();
  }
  void check(const std::vector<PacketCase>& cases) {
    for (const auto& c : cases) check(c);
  }

 private:
  static PacketPool make_pool(std::uint32_t packets) {
    static std::atomic<unsigned> serial{0};
    auto pool = PacketPool::create("bed" + std::to_string(++serial), packets);
    REQUIRE(pool.has_value());
    return std::move(*pool);
  }
  /// Wake-ups earlier than `time`.
  void wake_before(ModelTime time) {
    while (exits_.wake_request() < time) {
      // One that gets whole bursts may have done already what it asked for.
      const ModelTime at = wakes_ ? exits_.wake_request() : std::max(exits_.wake_request(), now_);
      REQUIRE(at >= now_);
      now_ = at;
      exits_.clear_wake_request();
      const std::uint64_t before = allocation_counter_();
      function_->wake(at, exits_);
      exits_.flush_all();
      allocations_ += allocation_counter_() - before;
    }
  }
  Ending ending_since(const Ledger& before) const {
    for (std::size_t r = 0; r < drop_reason_count; ++r)
      if (ledger().dropped[r] != before.dropped[r]) return static_cast<DropReason>(r);
    if (!sent_.empty()) {
      std::vector<PortId> ports;
      for (const auto& s : sent_) ports.push_back(s.port);
      return ports;
    }
    if (ledger().consumed != before.consumed) return Consumed{};
    return Held{};
  }

  bool wakes_;
  PacketPool pool_;
  std::vector<std::unique_ptr<RecordingOutput>> outputs_;
  std::vector<Sent> sent_;
  bool recording_{true};
  Exits exits_;
  std::unique_ptr<NetworkFunction> function_;
  ModelTime now_{};
  std::uint64_t (*allocation_counter_)(){[]() -> std::uint64_t { return 0; }};
  std::uint64_t allocations_{};
};

/// Sent out of these ports, in this order.
inline Ending to_ports(std::initializer_list<std::uint16_t> ports) {
  std::vector<PortId> out;
  for (const auto port : ports) out.push_back(PortId{port});
  return out;
}

}  // namespace kiriko::test
