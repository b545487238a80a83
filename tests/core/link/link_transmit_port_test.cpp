// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A link's quick ways against its long ones: whole bursts give what single packets give, and what the formula says.
#include "core/link/link_transmit_port.hpp"

#include <catch2/catch.hpp>
#include <tuple>

#include "core/base/random.hpp"
#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;

namespace {

struct Sent {
  std::int64_t at;
  std::uint32_t bytes;
  std::uint16_t slice;
};

/// A packet's number and when it arrives.
using Arrivals = std::vector<std::pair<std::uint64_t, std::int64_t>>;

struct Outcome {
  Arrivals arrivals;
  std::vector<std::tuple<std::int64_t, std::int64_t, std::uint64_t, std::int64_t>> loads;
  std::uint64_t dropped{};
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Times that do not decrease; every fourth packet is of the same instant as the one before.
std::vector<Sent> draw(RandomStream& random, std::int64_t longest_gap, std::uint16_t slices) {
  std::vector<Sent> sent;
  std::int64_t now = 0;
  for (int i = 0; i < 400; ++i) {
    if (random.between(0, 3) != 0) now += random.between(1, longest_gap);
    const std::int64_t slice = random.between(0, slices);
    sent.push_back({now, static_cast<std::uint32_t>(random.between(60, 1500)),
                    slice == slices ? no_slice.value : static_cast<std::uint16_t>(slice)});
  }
  return sent;
}

Outcome send(const LinkTransmitPort::Setup& setup, const std::vector<Sent>& sent, std::uint32_t burst_size) {
  LinkTransmitPort port(setup);
  Outcome outcome;
  for (std::size_t i = 0; i < sent.size();) {
    Burst burst;
    for (; i < sent.size() && burst.size() < burst_size; ++i) {
      Packet* packet = setup.pool->allocate();
      REQUIRE(packet != nullptr);
      REQUIRE(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(sent[i].bytes)) != nullptr);
      PacketMetadata& metadata = metadata_of(packet);
      metadata.time = ModelTime{sent[i].at};
      metadata.sequence = i;
      metadata.slice = SliceId{sent[i].slice};
      burst.push(packet);
    }
    port.transmit(burst);
    port.advance(i == sent.size() ? ModelTime::never() : ModelTime{sent[i].at});
  }
  LinkDirectionView view;
  port.read(view, ModelTime::never());
  for (const SliceLoad& load : view.slices)
    outcome.loads.emplace_back(load.offered.count, load.carried.count, load.dropped, load.delay_max.ns);
  const Ledger& ledger = port.ledger();
  outcome.dropped = ledger.dropped_total();
  CHECK(ledger.in == port.held() + ledger.dropped_total());
  CHECK(port.carried_packets() == port.held());
  CHECK(port.queueing().count() == port.carried_packets());
  std::vector<Packet*> left;
  port.drain(left);
  for (Packet* packet : left) {
    outcome.arrivals.emplace_back(metadata_of(packet).sequence, metadata_of(packet).time.ns);
    rte_pktmbuf_free(packet);
  }
  return outcome;
}

SliceShare random_share(RandomStream& random, std::uint16_t slice, std::int64_t rate) {
  SliceShare share{.slice = SliceId{slice},
                   .priority = static_cast<std::uint8_t>(random.between(0, 2)),
                   .weight = static_cast<std::uint32_t>(random.between(1, 3))};
  if (random.between(0, 1) != 0) share.guaranteed = BitsPerSecond{random.between(1, rate / 4)};
  if (random.between(0, 2) == 0) share.maximum = BitsPerSecond{random.between(rate / 4, rate)};
  if (random.between(0, 3) == 0) share.limit_bytes = Bytes{random.between(200, 20'000)};
  return share;
}

}  // namespace

TEST_CASE("when packets come in bursts, then slices send them as they do those that come one by one") {
  auto pool = PacketPool::create("link_bursts", 1023);
  REQUIRE(pool);
  RandomStream random(7, "link", "slices");
  std::uint64_t dropped = 0;
  for (int round = 0; round < 60; ++round) {
    const std::int64_t rate = random.between(20'000'000, 2'000'000'000);
    LinkTransmitPort::Setup setup{.name = "a → b", .properties = {}, .shares = {}, .seed = 1, .pool = &*pool};
    setup.properties.rate = BitsPerSecond{rate};
    setup.properties.delay = microseconds(random.between(0, 50));
    for (std::uint16_t slice = 0; slice < 3; ++slice)
      setup.shares.push_back(random_share(random, slice, rate));
    if (random.between(0, 1) != 0) setup.shares.back().slice = no_slice;
    // From a link that is always busy to one that hardly ever is.
    const std::vector<Sent> sent = draw(random, random.between(100, 400'000), 3);
    const Outcome one_by_one = send(setup, sent, 1);
    CHECK(send(setup, sent, 64) == one_by_one);
    CHECK(send(setup, sent, 5) == one_by_one);
    dropped += one_by_one.dropped;
  }
  CHECK(dropped > 0);
}

TEST_CASE("when a FIFO link is busy and free by turns, then each packet arrives when the formula says") {
  auto pool = PacketPool::create("link_fifo", 1023);
  REQUIRE(pool);
  RandomStream random(8, "link", "fifo");
  for (int round = 0; round < 60; ++round) {
    const std::int64_t rate = random.between(0, 4) == 0 ? 0 : random.between(1'000'000, 10'000'000'000);
    const std::int64_t limit = random.between(0, 1) * random.between(1, 8);
    LinkTransmitPort::Setup setup{.name = "a → b", .properties = {}, .shares = {}, .seed = 1, .pool = &*pool};
    setup.properties.rate = BitsPerSecond{rate};
    setup.properties.delay = microseconds(random.between(0, 50));
    setup.properties.limit_packets = static_cast<std::uint32_t>(limit);
    setup.properties.limit_bytes = Bytes{0};
    const std::vector<Sent> sent = draw(random, random.between(100, 4'000'000), 1);
    // In units of 1 / rate ns: start = max(now, free), free = start + bits.
    Arrivals expected;
    std::vector<__int128> starts;
    __int128 free = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (rate == 0) {
        expected.emplace_back(i, sent[i].at + setup.properties.delay.ns);
        continue;
      }
      const __int128 now = static_cast<__int128>(sent[i].at) * rate;
      const auto waiting =
          std::count_if(starts.begin(), starts.end(), [&](__int128 start) { return start > now; });
      if (limit != 0 && waiting >= limit) continue;
      const __int128 start = std::max(now, free);
      // A start is told in whole nanoseconds, rounded up.
      starts.push_back((start + rate - 1) / rate * rate);
      free = start + static_cast<__int128>(sent[i].bytes + setup.properties.frame_overhead) * 8'000'000'000;
      expected.emplace_back(i,
                            static_cast<std::int64_t>((free + rate - 1) / rate) + setup.properties.delay.ns);
    }
    for (const std::uint32_t burst_size : {1U, 7U, 64U})
      CHECK(send(setup, sent, burst_size).arrivals == expected);
  }
}

TEST_CASE("when a link's shares are taken away, then its loads go on from what was told before") {
  auto pool = PacketPool::create("link_loads", 255);
  REQUIRE(pool);
  LinkTransmitPort port({.name = "a → b",
                         .properties = {.rate = BitsPerSecond{1'000'000'000}},
                         .shares = {{.slice = SliceId{0}}},
                         .seed = 1,
                         .pool = &*pool});
  std::int64_t now = 0;
  const auto send_some = [&](std::uint32_t bytes) {
    Burst burst;
    for (int i = 0; i < 10; ++i) {
      Packet* packet = pool->allocate();
      REQUIRE(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(bytes)) != nullptr);
      metadata_of(packet).time = ModelTime{now += 100'000};
      metadata_of(packet).slice = SliceId{0};
      burst.push(packet);
    }
    port.transmit(burst);
    port.advance(ModelTime{now + 1});
  };
  const auto load = [&] {
    LinkDirectionView view;
    port.read(view, ModelTime{now});
    REQUIRE(view.slices.size() == 1);
    return std::pair{view.slices[0].offered.count, view.slices[0].carried.count};
  };
  send_some(100);
  CHECK(load() == std::pair<std::int64_t, std::int64_t>{1000, 1000});
  port.set_shares({}, ModelTime{now + 1});
  send_some(200);
  CHECK(load() == std::pair<std::int64_t, std::int64_t>{2000, 2000});
  std::vector<Packet*> left;
  port.drain(left);
  for (Packet* packet : left) rte_pktmbuf_free(packet);
}
