// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Token buckets against their definition: over any window of t the octets that pass are at most depth + rate × t.
#include <catch2/catch.hpp>

#include "tests/core/fidelity/bottleneck.hpp"
#include "vnf/upf/token_bucket.hpp"

using namespace kiriko;
using namespace kiriko::test;

// The definition is that of RFC 2697 (committed information rate and burst size) and of ITU-T I.371 annex A, the
// generic cell rate algorithm: the two are equivalent. All windows at once: the bucket's content as an exact
// number, followed from the packets that passed, never falls below zero.

namespace {

/// Counts in 1e-9 bit, 128 bits wide: nothing is rounded.
class ExactBucket {
 public:
  ExactBucket(std::int64_t rate, __int128 depth) : rate_(rate), depth_(depth), content_(depth) {}
  __int128 content_at(std::int64_t now) {
    content_ = std::min(depth_, content_ + static_cast<__int128>(now - last_) * rate_);
    last_ = now;
    return content_;
  }
  void take(std::uint32_t octets) { content_ -= cost(octets); }
  static __int128 cost(std::int64_t octets) { return static_cast<__int128>(octets) * 8'000'000'000; }

 private:
  std::int64_t rate_;
  __int128 depth_, content_;
  std::int64_t last_{};
};

double octets_of(__int128 content) { return static_cast<double>(content) / 8e9; }

}  // namespace

TEST_CASE(
    "when packets of any size come at any time to a UPF's token bucket, then what passes keeps to depth + "
    "rate "
    "× t over every window, and nothing is refused that would") {
  RandomStream random(2, "meter", "test");
  constexpr std::size_t rounds = 40;
  constexpr std::size_t packets = 10'000;
  std::size_t passed = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::int64_t rate = random.between(1'000, round % 2 == 0 ? 10'000'000 : 100'000'000'000);
    const Duration burst{random.between(0, 20'000'000)};
    upf::TokenBucket bucket(BitsPerSecond{rate}, burst, ModelTime{});
    const __int128 depth = std::max(static_cast<__int128>(rate) * burst.ns,
                                    ExactBucket::cost(upf::TokenBucket::least_depth.count));
    ExactBucket exact(rate, depth);
    std::int64_t now = 0;
    std::size_t over = 0, refused_in_vain = 0;
    for (std::size_t i = 0; i < packets; ++i) {
      now += random.chance(0.5) ? 0 : random.between(0, 16'000'000'000'000 / rate + 1);
      const auto octets = static_cast<std::uint32_t>(random.between(40, 1500));
      const bool fits = exact.content_at(now) >= ExactBucket::cost(octets);
      if (bucket.try_take(octets, ModelTime{now})) {
        ++passed;
        over += fits ? 0 : 1;
        exact.take(octets);
      } else {
        refused_in_vain += fits ? 1 : 0;
      }
    }
    INFO("rate " << rate << ", depth " << bucket.depth().count);
    CHECK(over == 0);
    CHECK(refused_in_vain == 0);
  }
  CHECK(passed > rounds * packets / 4);
  CHECK(passed < rounds * packets * 9 / 10);
}

// The slice scheduler's meter asks before a packet whether it is ahead by no more than 1 ms, so its depth is 1 ms
// of the rate and the packet that starts.
TEST_CASE(
    "when a slice floods a link above its maximum, then it keeps to the maximum to the octet over every "
    "window, and uses all of it") {
  constexpr BitsPerSecond line{10'000'000'000};
  for (const std::int64_t maximum : {7'000'000'003L, 3'333'333'333L, 999'999'937L, 10'000'001L}) {
    const double packets_a_second = static_cast<double>(maximum) / 8 / 150;
    const auto length = Duration{static_cast<std::int64_t>(150'000 / packets_a_second * 1e9)};
    const Sizes sizes = Sizes::uniform(100, 200);
    Bottleneck bottleneck{
        .seed = 9,
        .streams = {{sizes, 1e9 / (1.3 * packets_a_second), SliceId{0}},
                    {sizes, 4e9 / packets_a_second, SliceId{1}}},
        .rate = line,
        .delay = microseconds(50),
        .shares = {
            {.slice = SliceId{0}, .maximum = BitsPerSecond{maximum}, .priority = 0, .limit_packets = 200},
            {.slice = SliceId{1}, .priority = 1}}};
    const __int128 ahead = static_cast<__int128>(maximum) * 1'000'000;
    ExactBucket bucket(maximum, ahead);  // goes below zero by the packet that starts, never further
    std::size_t started = 0, over = 0;
    __int128 least = ahead;
    bottleneck.started = [&](const Packet* packet, ModelTime start, Duration) {
      if (metadata_of(packet).slice != SliceId{0}) return;
      ++started;
      const __int128 content = bucket.content_at(start.ns);
      least = std::min(least, content);
      over += content < 0 ? 1 : 0;
      bucket.take(size_of(packet));
    };
    bottleneck.run(length);
    INFO("maximum " << maximum << " bit/s, " << started << " packets, least content " << octets_of(least)
                    << " octets");
    CHECK(over == 0);
    const double allowed = static_cast<double>(maximum) / 8 * (length + milliseconds(1)).seconds();
    CHECK(static_cast<double>(bottleneck.carried[0]) == Approx(allowed).epsilon(0.01));
    // At the tightest it starts less than 1 ns after the first instant that is allowed.
    CHECK(least < maximum);
  }
}
