// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A packet trace over several rate, delay and drop-tail links, against a model of a few lines, to the nanosecond.
#include <catch2/catch.hpp>

#include <deque>

#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;
using namespace kiriko::test;

// A line of R bit/s that is free from F on:
//   start  = max(arrival, F)
//   F      = start + 8 × octets on the wire / R      kept as an exact fraction of a nanosecond
//   leaves = F, rounded up to the nanosecond         the only rounding, once a hop; it does not add up in F
// and reaches the next node `delay` later. The queue holds those whose start lies after the arrival that asks; it
// takes a packet while it is empty, or below its limits in packets and octets with the packet in it.

namespace {

struct TracePacket {
  std::int64_t at;
  std::uint32_t octets;
  std::uint64_t number;
};

struct Hop {
  LinkProperties link;
  __int128 free_by_rate{};  ///< F × R
  std::deque<std::pair<__int128, std::uint32_t>> starts{};
  std::int64_t queued_octets{};
  std::size_t dropped{};

  std::vector<TracePacket> carry(const std::vector<TracePacket>& in) {
    std::vector<TracePacket> out;
    const __int128 rate = link.rate.value;
    for (const TracePacket& packet : in) {
      const __int128 arrival = packet.at * rate;
      const std::uint32_t wire = packet.octets + link.frame_overhead;
      for (; !starts.empty() && starts.front().first <= arrival; starts.pop_front())
        queued_octets -= starts.front().second;
      const bool over_packets = link.limit_packets != 0 && starts.size() >= link.limit_packets;
      const bool over_octets = link.limit_bytes.count != 0 && queued_octets + wire > link.limit_bytes.count;
      if (!starts.empty() && (over_packets || over_octets)) {
        ++dropped;
        continue;
      }
      const __int128 start = std::max(arrival, free_by_rate);
      if (start > arrival) {
        starts.emplace_back(start, wire);
        queued_octets += wire;
      }
      free_by_rate = start + static_cast<__int128>(wire) * 8'000'000'000;
      const auto leaves = static_cast<std::int64_t>((free_by_rate + rate - 1) / rate);
      out.push_back({leaves + link.delay.ns, packet.octets, packet.number});
    }
    return out;
  }
};

/// Sends a trace; records what comes.
class TraceEnd final : public NetworkFunction {
 public:
  explicit TraceEnd(std::vector<TracePacket> trace) : trace_(std::move(trace)) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      seen.push_back({metadata_of(packet).time.ns, size_of(packet), metadata_of(packet).sequence});
      exits.consume(packet);
    }
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    for (; next_ < trace_.size() && trace_[next_].at <= now.ns; ++next_) {
      Packet* packet = exits.create();
      if (packet == nullptr) continue;
      rte_pktmbuf_append(packet, static_cast<std::uint16_t>(trace_[next_].octets));
      metadata_of(packet).time = now;
      metadata_of(packet).sequence = trace_[next_].number;
      exits.emit(PortId{0}, packet);
    }
    if (next_ < trace_.size()) exits.at(ModelTime{trace_[next_].at});
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("test trace", change); }
  void report(Report&) const override {}

  std::vector<TracePacket> seen;

 private:
  std::vector<TracePacket> trace_;
  std::size_t next_{};
};

/// Bursts of back-to-back packets and silences, `mean_gap_ns` apart on average.
std::vector<TracePacket> random_trace(std::uint64_t seed, std::size_t count, double mean_gap_ns) {
  RandomStream random(seed, "trace", "test");
  std::vector<TracePacket> trace;
  double at = 1000;
  for (std::uint64_t number = 0; number < count; ++number) {
    if (random.chance(0.5)) at += random.exponential(2 * mean_gap_ns);
    trace.push_back(
        {static_cast<std::int64_t>(at), static_cast<std::uint32_t>(random.between(40, 1500)), number});
  }
  return trace;
}

LinkProperties line(std::int64_t rate, Duration delay, std::uint32_t limit_packets, std::int64_t limit_octets,
                    std::uint32_t overhead) {
  return {.rate = BitsPerSecond{rate},
          .delay = delay,
          .limit_bytes = Bytes{limit_octets},
          .limit_packets = limit_packets,
          .frame_overhead = overhead};
}

}  // namespace

TEST_CASE(
    "when a packet trace crosses rate, delay and drop-tail links, then every packet's time and every drop is "
    "the model's to the nanosecond") {
  struct Case {
    const char* description;
    std::vector<LinkProperties> path;
    double mean_gap_ns;
  };
  const std::vector<Case> cases{
      {"rates that divide a nanosecond",
       {line(1'000'000'000, microseconds(50), 100, 0, 24), line(100'000'000, milliseconds(1), 20, 0, 24),
        line(500'000'000, Duration{0}, 5, 0, 24)},
       70'000},
      {"rates that do not, one after the other alike",
       {line(300'000'007, nanoseconds(3), 50, 0, 24), line(300'000'007, microseconds(10), 50, 0, 24),
        line(300'000'007, microseconds(7), 50, 0, 24), line(299'999'999, microseconds(1), 50, 0, 24)},
       22'000},
      {"limits in octets",
       {line(70'000'000, microseconds(1), 0, 20'000, 24), line(60'000'000, microseconds(1), 3, 9'000, 0),
        line(50'000'000, microseconds(1), 0, 1'600, 38)},
       110'000},
      {"fast and slow in turn",
       {line(9'999'999'967, microseconds(5), 1000, 0, 24), line(7'000'003, milliseconds(20), 10, 0, 24),
        line(0, microseconds(3), 1, 0, 24), line(99'999'999'977, microseconds(5), 1, 0, 24)},
       500'000}};
  for (const Case& c : cases) {
    INFO(c.description);
    const std::vector<TracePacket> trace = random_trace(5, 60'000, c.mean_gap_ns);
    GraphMaker maker;
    maker.add("from", std::make_unique<TraceEnd>(trace), true);
    const auto hops = static_cast<std::uint32_t>(c.path.size());
    for (std::uint32_t i = 1; i < hops; ++i)
      maker.add("hop" + std::to_string(i), std::make_unique<RelayNode>(std::uint16_t{2}), false);
    const auto* to = maker.add("to", std::make_unique<TraceEnd>(std::vector<TracePacket>{}), false);
    for (std::uint32_t i = 0; i < hops; ++i) maker.link(i, i + 1, c.path[i]);
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool});
    test::run(emulation, ModelTime{trace.back().at} + seconds(1));
    CHECK(emulation.check_conservation().problems.empty());

    std::vector<TracePacket> expected = trace;
    std::size_t dropped = 0;
    for (std::uint32_t i = 0; i < hops; ++i) {
      if (c.path[i].rate.value == 0) {  // no queue, no serialisation
        for (TracePacket& packet : expected) packet.at += c.path[i].delay.ns;
        continue;
      }
      Hop hop{.link = c.path[i]};
      expected = hop.carry(expected);
      dropped += hop.dropped;
      INFO("hop " << i);
      CHECK(emulation.transmit_port(LinkId{i}, LinkDirection::forward).ledger().dropped_total() ==
            hop.dropped);
    }
    CHECK(dropped > 100);
    REQUIRE(to->seen.size() == expected.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const TracePacket& got = to->seen[i];
      if (got.at == expected[i].at && got.number == expected[i].number) continue;
      if (++wrong == 1)
        UNSCOPED_INFO("packet " << expected[i].number << ": expected at " << expected[i].at
                                << " ns, got packet " << got.number << " at " << got.at << " ns");
    }
    CHECK(wrong == 0);
  }
}
