// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the token bucket against exact arithmetic.
#include "vnf/upf/token_bucket.hpp"

#include <catch2/catch.hpp>

#include "core/base/random.hpp"

using namespace kiriko;
using namespace kiriko::upf;

TEST_CASE("when octets come in any pattern, then the bucket passes what exact arithmetic passes") {
  RandomStream random(1, "bucket", "test");
  for (int round = 0; round < 20; ++round) {
    const std::int64_t rate = random.between(1, 10'000'000'000);
    const Duration burst{random.between(0, 50'000'000)};
    TokenBucket bucket(BitsPerSecond{rate}, burst, ModelTime{});
    // Reference: content in bit × 1e9, 128 bits wide.
    const __int128 depth =
        std::max<__int128>(static_cast<__int128>(rate) * burst.ns, __int128{2000} * 8'000'000'000);
    __int128 content = depth;
    std::int64_t now = 0, last = 0;
    for (int i = 0; i < 20'000; ++i) {
      now += random.chance(0.3) ? 0 : random.between(0, 24'000'000'000'000 / rate + 1);
      const auto octets = static_cast<std::uint32_t>(random.between(1, 1500));
      content = std::min(depth, content + static_cast<__int128>(now - last) * rate);
      last = now;
      const __int128 cost = static_cast<__int128>(octets) * 8'000'000'000;
      const bool expected = content >= cost;
      if (expected) content -= cost;
      const bool passed = bucket.conforms(octets, ModelTime{now});
      if (passed) bucket.take(octets);
      REQUIRE(passed == expected);
    }
  }
}

TEST_CASE("when a token is missing by one billionth of a bit, then the packet does not pass") {
  TokenBucket bucket(BitsPerSecond{1'000'000'000}, Duration{0}, ModelTime{});  // 1 bit a ns, 2000 octets deep
  REQUIRE(bucket.conforms(2000, ModelTime{}));
  bucket.take(2000);
  CHECK_FALSE(bucket.conforms(100, ModelTime{799}));
  CHECK(bucket.conforms(100, ModelTime{800}));
}

TEST_CASE("when the rate changes, then tokens gathered so far stay, cut to the new depth") {
  TokenBucket bucket(BitsPerSecond{8'000'000}, milliseconds(10), ModelTime{});  // 10,000 octets deep
  bucket.conforms(10'000, ModelTime{});
  bucket.take(10'000);
  bucket.set(BitsPerSecond{16'000'000}, milliseconds(10), ModelTime{1'000'000});  // 1000 octets were gathered
  CHECK(bucket.conforms(1000, ModelTime{1'000'000}));
  CHECK_FALSE(bucket.conforms(1001, ModelTime{1'000'000}));
  bucket.set(BitsPerSecond{}, milliseconds(10), ModelTime{1'000'000});
  CHECK(bucket.conforms(1'000'000, ModelTime{1'000'000}));
}

TEST_CASE("when rates and times are extreme, then nothing overflows") {
  TokenBucket bucket(BitsPerSecond{1'000'000'000'000'000}, seconds(10), ModelTime{});
  CHECK(bucket.depth() == TokenBucket::greatest_depth);
  CHECK(bucket.conforms(65535, ModelTime::never()));
}
