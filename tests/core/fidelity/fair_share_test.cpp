// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What slices get of an overloaded link under random load, against the fluid ideal; and that no guarantee starves.
#include <catch2/catch.hpp>

#include <set>

#include "tests/core/fidelity/bottleneck.hpp"

using namespace kiriko;
using namespace kiriko::test;

namespace {

constexpr BitsPerSecond rate{100'000'000};
constexpr double line_rate = 100e6;

struct Offer {
  SliceShare share;
  double load;  ///< bit/s
};

/// Parts of `rest` by weight, none above its demand: generalised processor sharing (A. Parekh, R. Gallager,
/// IEEE/ACM Transactions on Networking 1, 1993), which deficit round robin approaches (M. Shreedhar, G.
/// Varghese, SIGCOMM 1995). Takes from `rest` what it gives.
void fill_by_weight(const std::vector<Offer>& offers, const std::vector<std::size_t>& members,
                    std::vector<double>& got, const std::vector<double>& demand, double& rest) {
  std::set<std::size_t> open(members.begin(), members.end());
  while (!open.empty()) {
    double weights = 0;
    for (const std::size_t i : open) weights += offers[i].share.weight;
    const double per_weight = rest / weights;
    std::vector<std::size_t> satisfied;
    for (const std::size_t i : open)
      if (demand[i] <= per_weight * offers[i].share.weight) satisfied.push_back(i);
    for (const std::size_t i : satisfied.empty() ? std::vector(open.begin(), open.end()) : satisfied) {
      const double part = satisfied.empty() ? per_weight * offers[i].share.weight : demand[i];
      got[i] += part;
      rest -= part;
      open.erase(i);
    }
  }
}

/// The fluid ideal of what SliceScheduler promises: guarantees; then what is left by priority, equal priorities
/// by weight; never above load and maximum.
std::vector<double> fluid_ideal(const std::vector<Offer>& offers) {
  std::vector<double> got, demand;
  std::set<std::uint8_t> priorities;
  double rest = line_rate;
  for (const Offer& offer : offers) {
    const double limit =
        offer.share.maximum.value == 0 ? line_rate : static_cast<double>(offer.share.maximum.value);
    got.push_back(std::min(offer.load, static_cast<double>(offer.share.guaranteed.value)));
    demand.push_back(std::min(offer.load, limit) - got.back());
    rest -= got.back();
    priorities.insert(offer.share.priority);
  }
  for (const std::uint8_t priority : priorities) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < offers.size(); ++i)
      if (offers[i].share.priority == priority) members.push_back(i);
    fill_by_weight(offers, members, got, demand, rest);
  }
  return got;
}

/// True where 15 % more or less load of one slice would make it a greedy one or a modest one: there random load
/// and finite queues decide, not the scheduler.
bool on_the_edge(const std::vector<Offer>& offers) {
  const std::vector<double> ideal = fluid_ideal(offers);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    std::vector<Offer> more = offers;
    more[i].load *= 1.15;
    const bool modest = ideal[i] > 0.999 * offers[i].load;
    if (modest ? fluid_ideal(more)[i] < 0.999 * more[i].load : offers[i].load < 1.15 * ideal[i]) return true;
  }
  return false;
}

std::vector<Offer> random_offers(RandomStream& random) {
  const auto mbit = [&](std::int64_t low, std::int64_t high) {
    return BitsPerSecond{random.between(low, high) * 1'000'000};
  };
  for (;;) {
    std::vector<Offer> offers;
    const std::int64_t count = random.between(2, 6);
    double total = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      SliceShare share{.slice = SliceId{static_cast<std::uint16_t>(i)},
                       .priority = static_cast<std::uint8_t>(random.between(0, 2)),
                       .weight = static_cast<std::uint32_t>(random.between(1, 8)),
                       .limit_packets = 300};
      if (random.chance(0.5)) share.guaranteed = mbit(2, 100 / count);
      if (random.chance(0.3)) share.maximum = std::max(share.guaranteed, mbit(5, 60));
      offers.push_back({share, random.exponential(1.5 * line_rate / static_cast<double>(count))});
      total += offers.back().load;
    }
    const bool idle_slice = std::any_of(offers.begin(), offers.end(),
                                        [](const Offer& offer) { return offer.load < 0.01 * line_rate; });
    if (!idle_slice && total > 1.1 * line_rate && total < 2.5 * line_rate && !on_the_edge(offers))
      return offers;
  }
}

Bottleneck bottleneck_of(const std::vector<Offer>& offers, std::uint64_t seed) {
  Bottleneck bottleneck{.seed = seed, .rate = rate};
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Sizes sizes = i % 2 == 0 ? Sizes::exponential(500, 1500) : Sizes::uniform(200, 1500);
    bottleneck.streams.push_back({sizes, sizes.mean() * 8e9 / offers[i].load, offers[i].share.slice});
    bottleneck.shares.push_back(offers[i].share);
  }
  return bottleneck;
}

}  // namespace

TEST_CASE(
    "when slices with any guarantees, maxima, priorities and weights overload a link at random, then each "
    "gets "
    "what the fluid ideal gives it within 1 %") {
  RandomStream random(7, "shares", "test");
  for (std::uint64_t round = 0; round < 10; ++round) {
    std::vector<Offer> offers = random_offers(random);
    Bottleneck bottleneck = bottleneck_of(offers, round);
    constexpr std::int64_t length = 3;
    bottleneck.run(seconds(length));
    for (std::size_t i = 0; i < offers.size(); ++i)
      offers[i].load = static_cast<double>(bottleneck.offered[i]) * 8 / length;
    const std::vector<double> ideal = fluid_ideal(offers);
    for (std::size_t i = 0; i < offers.size(); ++i) {
      const SliceShare& share = offers[i].share;
      const double got = static_cast<double>(bottleneck.carried[static_cast<std::uint16_t>(i)]) * 8 / length;
      INFO("round " << round << ", slice " << i << " of " << offers.size() << ": load " << offers[i].load
                    << ", guaranteed " << share.guaranteed.value << ", maximum " << share.maximum.value
                    << ", priority " << int{share.priority} << ", weight " << share.weight << "; error "
                    << 100 * (got / ideal[i] - 1) << " %");
      // A maximum is a bucket of 1 ms, not a fluid: what others' bursts keep a slice from for longer is lost to it.
      const bool capped =
          share.maximum.value != 0 && ideal[i] > 0.999 * static_cast<double>(share.maximum.value);
      CHECK(got > (capped ? 0.97 : 0.99) * ideal[i] - 1);
      // A slice that is to get nothing may send before the others' queues have filled.
      CHECK(got < 1.01 * ideal[i] + 0.0005 * line_rate);
    }
  }
}

// While a slice is backlogged, those before it may use their guarantees and what they saved (1 ms of them), and
// each may have a frame on the way: so the slice is never further behind its guarantee g than
//   (C - g) × 1 ms + (slices + 1) frames of the largest size.
TEST_CASE(
    "when others burst and flood the link, then a backlogged slice is never behind its guarantee by more "
    "than "
    "what they may save") {
  struct Case {
    const char* description;
    std::vector<SliceShare> shares;
    std::vector<double> loads, batches;
  };
  const auto share = [](std::uint16_t slice, std::int64_t guaranteed_m, std::uint8_t priority) {
    return SliceShare{.slice = SliceId{slice},
                      .guaranteed = BitsPerSecond{guaranteed_m * 1'000'000},
                      .priority = priority,
                      .limit_packets = 300};
  };
  const std::vector<Case> cases{
      {"a flood without a guarantee", {share(0, 0, 0), share(1, 30, 9)}, {150e6, 60e6}, {1, 1}},
      {"bursts within a large guarantee, a flood for the rest",
       {share(0, 80, 0), share(1, 0, 1), share(2, 20, 9)},
       {76e6, 100e6, 60e6},
       {60, 1, 1}},
      {"three guarantees that fill the link, all bursting",
       {share(0, 50, 0), share(1, 30, 1), share(2, 20, 2), share(3, 0, 0)},
       {50e6, 40e6, 30e6, 100e6},
       {40, 30, 20, 10}}};
  constexpr std::uint32_t largest = 1000;
  for (const Case& c : cases) {
    struct Progress {
      double ahead{};  ///< the largest served - guaranteed of this backlog so far, octets
      double served{};
      ModelTime since, last_start;
      double worst{};
    };
    std::vector<Progress> slices(c.shares.size());
    Bottleneck bottleneck{.seed = 3, .rate = rate, .shares = c.shares};
    for (std::size_t i = 0; i < c.shares.size(); ++i) {
      const Sizes sizes = i % 2 == 0 ? Sizes::fixed(largest) : Sizes::uniform(100, largest);
      bottleneck.streams.push_back(
          {sizes, sizes.mean() * 8e9 * c.batches[i] / c.loads[i], c.shares[i].slice, c.batches[i]});
    }
    bottleneck.started = [&](const Packet* packet, ModelTime start, Duration queued) {
      const std::size_t i = metadata_of(packet).slice.value;
      Progress& p = slices[i];
      const double guaranteed = static_cast<double>(c.shares[i].guaranteed.value) / 8e9;  // octets a ns
      const ModelTime arrival = start - queued;
      if (arrival > p.last_start) {  // its queue was empty
        p.since = arrival;
        p.served = p.ahead = 0;
      }
      const double lead = p.served - guaranteed * static_cast<double>((start - p.since).ns);
      p.worst = std::max(p.worst, p.ahead - lead);
      p.ahead = std::max(p.ahead, lead);
      p.served += size_of(packet);
      p.last_start = start;
    };
    bottleneck.run(seconds(10));
    for (std::size_t i = 0; i < c.shares.size(); ++i) {
      const double guaranteed = static_cast<double>(c.shares[i].guaranteed.value);
      if (guaranteed == 0) continue;
      const double bound =
          (line_rate - guaranteed) / 8 * 1e-3 + static_cast<double>((c.shares.size() + 1) * largest);
      INFO(c.description << ", slice " << i << ": got "
                         << static_cast<double>(bottleneck.carried[c.shares[i].slice.value]) * 8 / 10e6
                         << " Mbit/s, at most " << slices[i].worst << " octets behind");
      CHECK(slices[i].worst <= bound);
    }
  }
}
