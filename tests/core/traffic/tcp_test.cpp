// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the TCP source and sink over an ideal pipe with delay, rate, queue and chosen losses.
#include <functional>
#include <set>
#include <tuple>

#include "core/traffic/probe.hpp"
#include "tests/core/traffic/host_bench.hpp"

using namespace kiriko;

namespace {

ModelTime at_ms(std::int64_t ms) { return ModelTime{ms * 1'000'000}; }

/// The first copy of this segment.
bool is_segment(const PacketMetadata& metadata, std::uint64_t number) {
  return (metadata.application & application_mark::tcp_segment) != 0 && metadata.sequence == number &&
         (metadata.application & application_mark::tcp_retransmission) == 0;
}

/// Two hosts and a pipe between them, run event by event.
class Connection {
 public:
  /// Told of every segment and acknowledgment when it is sent; true drops it.
  using Loss = std::function<bool(const PacketMetadata&)>;

  explicit Connection(const FlowSpec& spec)
      : flow(spec.id), a(setup_of(spec, true)), b(setup_of(spec, false)) {}

  void run(ModelTime until) {
    collect();
    while (true) {
      const ModelTime arrival = pipe_.empty() ? ModelTime::never() : std::get<0>(*pipe_.begin());
      const ModelTime woken = std::min(a.exits.wake_request(), b.exits.wake_request());
      if (std::min(arrival, woken) > until) return;
      if (arrival <= woken) {  // packets of an instant come before its wake-ups
        const auto [time, number, to_b, packet] = *pipe_.begin();
        pipe_.erase(pipe_.begin());
        metadata_of(packet).time = time;
        metadata_of(packet).ingress = PortId{0};
        (to_b ? b : a).deliver(packet);
      } else {
        HostBench& host = a.exits.wake_request() == woken ? a : b;
        host.wake(woken);
      }
      collect();
    }
  }

  /// Releases what is still in the pipe.
  std::size_t drain() {
    const std::size_t left = pipe_.size();
    for (const auto& entry : pipe_) rte_pktmbuf_free(std::get<3>(entry));
    pipe_.clear();
    return left;
  }

  double metric(const std::string& name) const {
    Report report;
    a.host->report(report);
    for (const auto& [key, value] : report.metrics)
      if (key == name) return value;
    return -1;
  }
  FlowTally sent() const { return a.host->sent().at(0).tallies.at(0); }
  FlowTally received() const { return b.host->received().at(0).tallies.at(0); }
  bool dropped_nothing() const {
    return a.exits.ledger().dropped_total() == 0 && b.exits.ledger().dropped_total() == 0;
  }
  void check_conserved() const {
    a.check_conserved();
    b.check_conserved();
    CHECK(a.pool.in_use() == 0);
    CHECK(b.pool.in_use() == 0);
  }

  FlowId flow;
  Duration delay = milliseconds(10);  ///< one way
  BitsPerSecond rate{};               ///< towards b
  std::size_t queue = 1'000'000;      ///< segments that may wait
  Loss loss = [](const PacketMetadata&) { return false; };
  std::uint64_t flip = ~0ULL;  ///< the first copy of this segment arrives with a bit flipped
  std::vector<std::pair<std::int64_t, std::uint64_t>> segments;  ///< (ms, segment number) as they were sent
  HostBench a, b;

 private:
  static HostSetup setup_of(const FlowSpec& spec, bool source) {
    HostSetup setup;
    setup.name = source ? "a" : "b";
    setup.address = source ? address_a : address_b;
    (source ? setup.sends : setup.receives).push_back(spec);
    return setup;
  }
  void collect() {
    for (const bool from_a : {true, false}) {
      RecordingPort& port = *(from_a ? a : b).ports[0];
      for (Packet* packet : port.packets) send(packet, from_a);
      port.packets.clear();
    }
  }
  void send(Packet* packet, bool from_a) {
    const PacketMetadata& metadata = metadata_of(packet);
    const ModelTime now = metadata.time;
    if (from_a) segments.emplace_back(now.ns / 1'000'000, metadata.sequence);
    const Duration took = transmission_time(Bytes{size_of(packet)}, from_a ? rate : BitsPerSecond{});
    const bool full = from_a && took.ns > 0 && busy_until_ > now &&
                      static_cast<std::size_t>((busy_until_ - now).ns / took.ns) > queue;
    if (full || loss(metadata)) {
      rte_pktmbuf_free(packet);
      return;
    }
    if (is_segment(metadata, flip)) bytes_of(packet)[700] ^= 4;
    ModelTime leaves = now;
    if (from_a) leaves = busy_until_ = std::max(busy_until_, now) + took;
    pipe_.emplace(leaves + delay, number_++, from_a, packet);
  }

  std::set<std::tuple<ModelTime, std::uint64_t, bool, Packet*>> pipe_;
  std::uint64_t number_{0};
  ModelTime busy_until_{};
};

FlowSpec tcp_flow(std::map<std::string, std::vector<std::string>> texts) {
  texts.emplace("mss", std::vector<std::string>{"1000"});
  return flow_of(1, "tcp", texts);
}

}  // namespace

TEST_CASE("when nothing is lost, then slow start doubles the window each round trip") {
  Connection connection(tcp_flow({{"size", {"1 MB"}}}));
  connection.run(at_ms(79));
  std::map<std::int64_t, int> by_round;
  for (const auto& [ms, number] : connection.segments) ++by_round[ms];
  CHECK(by_round == std::map<std::int64_t, int>{{0, 10}, {20, 20}, {40, 40}, {60, 80}});
  connection.run(at_ms(2000));
  CHECK(connection.sent().sent == 1000);
  CHECK(connection.sent().sent_bytes == 1'000'000);
  CHECK(connection.received().received == 1000);
  CHECK(connection.received().received_bytes == 1'000'000);
  CHECK(connection.received().delay.maximum() == 10'000'000);
  CHECK(connection.metric("tcp_retransmissions") == 0);
  CHECK(connection.a.exits.wake_request() == ModelTime::never());
  connection.check_conserved();
}

TEST_CASE(
    "when the size is no multiple of the MSS, then the last segment is short, and every checksum verifies") {
  Connection connection(tcp_flow({{"size", {"2500"}}}));
  connection.run(at_ms(9));
  CHECK(connection.segments.size() == 3);
  connection.run(at_ms(100));
  CHECK(connection.received().received_bytes == 2500);
  CHECK(connection.dropped_nothing());
}

TEST_CASE(
    "when one segment is lost, then three duplicate ACKs bring it back within a round trip, and the window "
    "halves") {
  Connection connection(tcp_flow({{"size", {"1 MB"}}}));
  connection.loss = [](const PacketMetadata& metadata) { return is_segment(metadata, 40); };
  connection.run(at_ms(5000));
  CHECK(connection.received().received == 1000);
  CHECK(connection.received().duplicates == 0);
  CHECK(connection.received().reordered == 0);  // a retransmission is not reordering
  CHECK(connection.metric("tcp_fast_retransmits") == 1);
  CHECK(connection.metric("tcp_retransmissions") == 1);
  CHECK(connection.metric("tcp_timeouts") == 0);
  // Segment 40 went out at 40 ms; its retransmission at 60 ms arrives at 70 ms.
  CHECK(connection.received().delay.maximum() == 30'000'000);
  connection.check_conserved();
}

TEST_CASE(
    "when several segments of one window are lost, then partial ACKs bring each back without a timeout") {
  Connection connection(tcp_flow({{"size", {"500 kB"}}}));
  connection.loss = [](const PacketMetadata& metadata) {
    return is_segment(metadata, 40) || is_segment(metadata, 45) || is_segment(metadata, 46) ||
           is_segment(metadata, 60);
  };
  connection.run(at_ms(5000));
  CHECK(connection.received().received == 500);
  CHECK(connection.metric("tcp_fast_retransmits") == 1);
  CHECK(connection.metric("tcp_retransmissions") == 4);
  CHECK(connection.metric("tcp_timeouts") == 0);
  connection.check_conserved();
}

TEST_CASE("when the last segment is lost, then the timeout brings it back after the minimum RTO") {
  Connection connection(tcp_flow({{"size", {"10 kB"}}}));
  connection.loss = [](const PacketMetadata& metadata) { return is_segment(metadata, 9); };
  connection.run(at_ms(5000));
  CHECK(connection.received().received == 10);
  CHECK(connection.metric("tcp_timeouts") == 1);
  // The timer restarts with the last new ACK at 20 ms.
  CHECK(connection.segments.back() == std::pair<std::int64_t, std::uint64_t>{220, 9});
  connection.check_conserved();
}

TEST_CASE(
    "when the path is dead, then timeouts back off exponentially, and the transfer goes on when it returns") {
  Connection connection(tcp_flow({{"size", {"20 kB"}}}));
  connection.loss = [](const PacketMetadata& metadata) { return metadata.time < at_ms(10'000); };
  connection.run(at_ms(30'000));
  std::vector<std::int64_t> first;
  for (const auto& [ms, number] : connection.segments)
    if (number == 0) first.push_back(ms);
  CHECK(first == std::vector<std::int64_t>{0, 1000, 3000, 7000, 15'000});  // RFC 6298: 1 s before any sample
  CHECK(connection.received().received == 20);
  connection.check_conserved();
}

TEST_CASE("when acknowledgments are lost, then later ones cover them") {
  Connection connection(tcp_flow({{"size", {"1 MB"}}}));
  connection.loss = [](const PacketMetadata& metadata) {
    return (metadata.application & application_mark::tcp_acknowledgment) != 0 && metadata.sequence % 2 == 1 &&
           metadata.sequence < 998;
  };
  connection.run(at_ms(5000));
  CHECK(connection.received().received == 1000);
  CHECK(connection.metric("tcp_retransmissions") == 0);
}

TEST_CASE("when a timeout was too early, then the second copies are dropped as tcp_duplicate and counted") {
  Connection connection(tcp_flow({{"size", {"10 kB"}}}));
  connection.delay = milliseconds(600);  // the round trip of 1.2 s exceeds the first RTO
  connection.run(at_ms(20'000));
  CHECK(connection.received().received == 10);
  CHECK(connection.received().duplicates > 0);
  CHECK(connection.b.dropped(DropReason::tcp_duplicate) == connection.received().duplicates);
  connection.check_conserved();
}

TEST_CASE(
    "when a bottleneck has a queue of about a round trip, then the transfer fills it at more than 90 %") {
  Connection connection(tcp_flow({}));
  connection.rate = BitsPerSecond{20'000'000};
  connection.queue = 60;
  connection.run(at_ms(20'000));
  const double goodput = static_cast<double>(connection.received().received_bytes) * 8 / 20;
  CHECK(goodput > 0.9 * 20e6 * 1000 / 1054);
  CHECK(goodput <= 20e6 * 1000 / 1054);
  CHECK(connection.metric("tcp_fast_retransmits") > 3);
  CHECK(connection.drain() > 0);
  connection.check_conserved();
}

TEST_CASE("when the receive window is small, then no more than it is ever on the way") {
  Connection connection(tcp_flow({{"receive_window", {"8000"}}, {"initial_window", {"4"}}}));
  connection.run(at_ms(1009));
  std::map<std::int64_t, int> by_round;
  for (const auto& [ms, number] : connection.segments) ++by_round[ms];
  CHECK(by_round[0] == 4);
  CHECK(by_round[20] == 8);
  CHECK(by_round[1000] == 8);
  connection.drain();
}

TEST_CASE("when the flow is silenced or stopped, then no new data is sent, and it goes on when resumed") {
  FlowSpec spec = tcp_flow({{"receive_window", {"100 kB"}}});
  spec.start = at_ms(5);
  spec.stop = at_ms(400);
  Connection connection(spec);
  connection.run(at_ms(30));
  CHECK(connection.segments.front().first == 5);
  connection.a.change(SetTraffic{NodeId{}, connection.flow, 0}, at_ms(30));
  connection.run(at_ms(200));
  CHECK(connection.segments.back().first == 25);
  connection.a.change(SetTraffic{NodeId{}, connection.flow, 1}, at_ms(200));
  connection.run(at_ms(1000));
  CHECK(connection.segments.back().first < 400);
  CHECK(connection.segments.back().first >= 380);
  CHECK(connection.received().received == connection.sent().sent);
  connection.check_conserved();
}

TEST_CASE(
    "when a bit of a segment flips on the way, then the checksum sees it and the segment is sent again") {
  Connection connection(tcp_flow({{"size", {"100 kB"}}}));
  connection.flip = 30;
  connection.run(at_ms(5000));
  CHECK(connection.b.dropped(DropReason::malformed) == 1);
  CHECK(connection.received().received == 100);
  CHECK(connection.metric("tcp_retransmissions") >= 1);
  connection.check_conserved();
}
