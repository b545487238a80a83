// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The rate limiter: exact conformance on model time, classes, directions and changes.
#include "vnf/rate_limiter/rate_limiter.hpp"

#include "tests/vnf/function_bed.hpp"

namespace kiriko::test {
namespace {

/// 100 octets from Ethernet header to end.
Frame hundred(Ipv4Address source = {10, 0, 0, 1}) {
  return udp_frame({.source = source, .payload = 100 - 42});
}

/// GCRA as in ITU-T I.371 Annex A, virtual scheduling, in units of 1/rate bit-nanoseconds so that it is exact.
class Gcra {
 public:
  Gcra(std::int64_t rate, std::int64_t burst_octets)
      : rate_(rate), limit_(static_cast<__int128>(burst_octets) * 8'000'000'000) {}
  bool conforms(std::int64_t octets, ModelTime at) {
    const __int128 now = static_cast<__int128>(at.ns) * rate_;
    const __int128 increment = static_cast<__int128>(octets) * 8'000'000'000;
    const __int128 begin = tat_ > now ? tat_ : now;
    if (begin + increment - now > limit_) return false;
    tat_ = begin + increment;
    return true;
  }

 private:
  __int128 rate_, limit_, tat_{0};
};

}  // namespace

TEST_CASE(
    "when a bucket is used up, then the next packet passes at the nanosecond at which its tokens are there") {
  FunctionBed bed(rate_limiter_descriptor, {.options = {{"rate", {"3 Mbit/s"}}, {"burst", {"200B"}}}});
  const auto passes = [&](std::int64_t at) {
    bed.offer(Arrival{.frame = hundred(), .time = ModelTime{at}});
    return !bed.take_sent().empty();
  };
  CHECK(passes(0));
  CHECK(passes(0));
  CHECK_FALSE(passes(0));
  CHECK_FALSE(passes(266'666));  // 800 bit at 3 Mbit/s are 266 666.67 ns
  CHECK(passes(266'667));
  CHECK_FALSE(passes(533'333));
  CHECK(passes(533'334));
  CHECK(passes(800'000));  // the thirds of a nanosecond were not lost
  CHECK_FALSE(passes(800'000));
  CHECK(bed.dropped(DropReason::rate_exceeded) == 4);
  CHECK(bed.metric("passed") == 5);
  CHECK(bed.metric("exceeded_bytes") == 400);
  bed.check_conservation();
}

TEST_CASE("when traffic is random, then the bucket decides as GCRA does, packet by packet") {
  RandomStream random(3, "rate_limiter", "test");
  for (const std::int64_t rate : {std::int64_t{1'000}, std::int64_t{7'777'777}, std::int64_t{1'000'000'000},
                                  std::int64_t{400'000'000'000}}) {
    const std::int64_t burst = 5'000;
    TokenRate token_rate{BitsPerSecond{rate}, Bytes{burst}};
    PolicingBucket bucket(token_rate);
    Gcra gcra(rate, burst);
    ModelTime now{};
    int passed = 0;
    for (int i = 0; i < 20'000; ++i) {
      const auto size = random.between(60, 1514);
      now += Duration{static_cast<std::int64_t>(
          random.exponential(static_cast<double>(size) * 8e9 / static_cast<double>(rate) * 0.7))};
      const bool passes = bucket.take(token_rate, Bytes{size}, now);
      if (passes != gcra.conforms(size, now)) FAIL("packet " << i << " at " << rate);
      passed += passes;
    }
    CHECK(passed > 10'000);
    CHECK(passed < 19'000);
  }
}

TEST_CASE("when the limit is per slice or per source, then each has its own bucket, in each direction") {
  const std::string per = GENERATE("total", "slice", "source");
  FunctionBed bed(rate_limiter_descriptor,
                  {.options = {{"rate", {"8kbit/s"}}, {"burst", {"100B"}}, {"per", {per}}}, .slices = 2});
  const auto passes = [&](std::uint16_t port, SliceId slice, std::uint8_t host) {
    bed.offer(Arrival{.frame = hundred({10, 0, 0, host}), .port = PortId{port}, .slice = slice});
    return !bed.take_sent().empty();
  };
  CHECK(passes(0, SliceId{0}, 1));
  CHECK_FALSE(passes(0, SliceId{0}, 1));
  CHECK(passes(0, SliceId{1}, 1) == (per == "slice"));
  CHECK(passes(0, no_slice, 1) == (per == "slice"));
  CHECK(passes(0, SliceId{0}, 2) == (per == "source"));
  CHECK(passes(1, SliceId{0}, 1));
  CHECK_FALSE(passes(1, SliceId{0}, 1));
}

TEST_CASE("when the direction is forward, then the way back is free") {
  FunctionBed bed(rate_limiter_descriptor,
                  {.options = {{"rate", {"8kbit/s"}}, {"burst", {"100B"}}, {"direction", {"forward"}}}});
  for (int i = 0; i < 3; ++i) {
    bed.offer(Arrival{.frame = hundred(), .port = PortId{1}});
    bed.offer(Arrival{.frame = hundred(), .port = PortId{0}});
  }
  CHECK(bed.dropped(DropReason::rate_exceeded) == 2);
  CHECK(bed.sent().size() == 4);
}

TEST_CASE("when all source buckets are in use, then a new source waits until one has filled up again") {
  FunctionBed bed(
      rate_limiter_descriptor,
      {.options = {{"rate", {"8kbit/s"}}, {"burst", {"100B"}}, {"per", {"source"}}, {"sources", {"2"}}}});
  const auto offer = [&](std::uint8_t host, Duration at) {
    bed.offer(Arrival{.frame = hundred({10, 0, 0, host}), .time = ModelTime{} + at});
  };
  offer(1, milliseconds(0));
  offer(2, milliseconds(1));
  offer(3, milliseconds(99));
  CHECK(bed.dropped(DropReason::state_table_full) == 1);
  offer(3, milliseconds(100));
  CHECK(bed.dropped(DropReason::state_table_full) == 1);
  CHECK(bed.sent().size() == 3);
  CHECK(bed.metric("sources") == 2);
  bed.offer(Arrival{.frame = arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2}),
                    .time = ModelTime{} + milliseconds(100)});
  CHECK(bed.sent().size() == 4);
}

TEST_CASE("when the rate changes, then tokens gathered by the old rate count until then") {
  FunctionBed bed(rate_limiter_descriptor, {.options = {{"rate", {"8kbit/s"}}, {"burst", {"100B"}}}});
  const auto passes = [&](Duration at) {
    bed.offer(Arrival{.frame = hundred(), .time = ModelTime{} + at});
    return !bed.take_sent().empty();
  };
  CHECK(passes(milliseconds(0)));
  bed.apply(SetRateLimit{.node = {}, .slice = {}, .rate = BitsPerSecond{16'000}},
            ModelTime{} + milliseconds(50));  // half full
  CHECK_FALSE(passes(milliseconds(75) - nanoseconds(1)));
  CHECK(passes(milliseconds(75)));
  bed.apply(SetRateLimit{.node = {}, .slice = {}, .rate = BitsPerSecond{0}}, ModelTime{} + milliseconds(75));
  CHECK(passes(milliseconds(75)));
  CHECK(passes(milliseconds(75)));
  bed.apply(SetRateLimit{.node = {}, .slice = {}, .rate = BitsPerSecond{8'000}, .burst = Bytes{200}},
            ModelTime{} + milliseconds(76));
  CHECK(passes(milliseconds(76)));
  CHECK(passes(milliseconds(76)));
  CHECK_FALSE(passes(milliseconds(76)));
}

TEST_CASE("when one slice's rate changes, then the others keep theirs") {
  FunctionBed bed(rate_limiter_descriptor,
                  {.options = {{"rate", {"8kbit/s"}}, {"burst", {"100B"}}, {"per", {"slice"}}}, .slices = 2});
  bed.apply(SetRateLimit{.node = {}, .slice = SliceId{1}, .rate = BitsPerSecond{0}});
  for (int i = 0; i < 3; ++i)
    for (const SliceId slice : {SliceId{0}, SliceId{1}})
      bed.offer(Arrival{.frame = hundred(), .slice = slice});
  CHECK(bed.sent().size() == 4);
  CHECK(bed.refusal(SetRateLimit{.node = {}, .slice = SliceId{2}}).found == "slice 2");
}

TEST_CASE("when a change or a set-up cannot be, then the problem says why") {
  FunctionBed bed(rate_limiter_descriptor);
  CHECK(bed.refusal(SetRateLimit{.node = {}, .slice = SliceId{0}}).hint == "set its option per to slice");
  CHECK(bed.refusal(SetRateLimit{.node = {}, .slice = {}, .rate = BitsPerSecond{-1}}).where == "rate");
  CHECK(bed.refusal(SetRateLimit{.node = {}, .slice = {}, .rate = {}, .burst = Bytes{2'000'000'000}}).where ==
        "burst");
  CHECK(creation_problem(rate_limiter_descriptor, {.ports = 1}).found == "1 links");
}

}  // namespace kiriko::test
