// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the histogram: error bound, exact merge, quantiles.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.hpp"
#include "core/measure/histogram.hpp"

using namespace kiriko;

TEST_CASE("when a histogram is empty, then it reads zero everywhere") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.minimum() == 0);
  CHECK(histogram.maximum() == 0);
  CHECK(histogram.mean() == 0.0);
  CHECK(histogram.quantile(0.99) == 0);
  CHECK(histogram.count_above(0) == 0);
  CHECK(histogram.buckets().empty());
}

TEST_CASE("when values are below 256, then they are exact") {
  Histogram histogram;
  for (std::int64_t v = 0; v < 256; ++v) histogram.record(v);
  REQUIRE(histogram.buckets().size() == 256);
  for (std::int64_t v = 0; v < 256; ++v) {
    CHECK(histogram.buckets()[static_cast<std::size_t>(v)] == std::pair<std::int64_t, std::uint64_t>{v, 1});
    CHECK(histogram.quantile(static_cast<double>(v + 1) / 256.0) == v);
    CHECK(histogram.count_above(v) == static_cast<std::uint64_t>(255 - v));
  }
  CHECK(histogram.mean() == Approx(127.5));
}

TEST_CASE("when one value of any size is read back from its bucket, then the error is below 1/128") {
  for (int bits = 0; bits < 62; ++bits) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      const std::int64_t value = std::max<std::int64_t>((std::int64_t{1} << bits) + offset, 0);
      Histogram histogram;
      histogram.record(value);
      histogram.record(value == 0 ? 1 : value * 2);  // so that the maximum does not clamp the reading
      const std::int64_t bucket = histogram.buckets().front().first;
      INFO("value " << value << " bucket " << bucket);
      CHECK(bucket >= value);
      CHECK(static_cast<double>(bucket - value) <= static_cast<double>(value) / 128.0);
    }
  }
}

TEST_CASE("when random values are recorded, then quantiles are within 0.8 % of the sorted values") {
  RandomStream random{7, "histogram", "values"};
  std::vector<std::int64_t> values;
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(std::llround(random.pareto(1.5, 1000.0)));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double fraction : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::max(std::ceil(fraction * 20'000.0), 1.0)) - 1;
    const auto exact = static_cast<double>(values[rank]);
    const auto read = static_cast<double>(histogram.quantile(fraction));
    INFO("fraction " << fraction);
    CHECK(read >= exact);
    CHECK(read <= exact * (1.0 + 1.0 / 128.0) + 1.0);
  }
  CHECK(histogram.minimum() == values.front());
  CHECK(histogram.maximum() == values.back());
  CHECK(histogram.quantile(1.0) == values.back());
}

TEST_CASE("when histograms are merged in any order, then they equal one that saw everything") {
  RandomStream random{3, "histogram", "merge"};
  Histogram all, a, b, empty;
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t value = random.between(0, i % 2 == 0 ? 500 : 2'000'000'000);
    all.record(value);
    (i % 3 == 0 ? a : b).record(value);
  }
  Histogram ab = a;
  ab.merge(b);
  ab.merge(empty);
  Histogram ba = empty;
  ba.merge(b);
  ba.merge(a);
  for (const Histogram* merged : {&ab, &ba}) {
    CHECK(*merged == all);
    CHECK(merged->minimum() == all.minimum());
    CHECK(merged->maximum() == all.maximum());
    CHECK(merged->mean() == all.mean());
  }
  CHECK_FALSE(a == all);
}

TEST_CASE(
    "when a value is recorded many times at once, then it counts as often, and negatives count as zero") {
  Histogram histogram;
  histogram.record(1000, 5);
  histogram.record(-3);
  CHECK(histogram.count() == 6);
  CHECK(histogram.minimum() == 0);
  CHECK(histogram.mean() == Approx(5000.0 / 6.0));
  CHECK(histogram.count_above(500) == 5);
  CHECK(histogram.count_above(-1) == 6);
}

TEST_CASE("when a histogram is read, copied or merged between any two values, then it has them all") {
  RandomStream random(15, "histogram", "reads");
  Histogram histogram, merged;
  std::vector<std::int64_t> values;
  for (int step = 0; step < 3000; ++step) {
    const std::int64_t value = random.between(-3, 1 << random.between(1, 30));
    const auto times = static_cast<std::uint64_t>(random.chance(0.1) ? random.between(2, 4) : 1);
    histogram.record(value, times);
    values.insert(values.end(), times, std::max<std::int64_t>(value, 0));
    if (random.chance(0.7)) continue;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const std::int64_t limit = 100;  // below 256 buckets are exact
    REQUIRE(histogram.count() == values.size());
    switch (random.between(0, 5)) {
      case 0: REQUIRE(histogram.minimum() == *least); break;
      case 1: REQUIRE(histogram.maximum() == *most); break;
      case 2:
        REQUIRE(histogram.count_above(limit) ==
                static_cast<std::uint64_t>(
                    std::count_if(values.begin(), values.end(), [&](auto v) { return v > limit; })));
        break;
      case 3: {
        double sum = 0;
        for (const std::int64_t v : values) sum += static_cast<double>(v);
        REQUIRE(histogram.mean() == Approx(sum / static_cast<double>(values.size())));
        break;
      }
      case 4: {
        merged = Histogram{};
        merged.record(0);
        merged.merge(histogram);
        REQUIRE(merged.count() == values.size() + 1);
        REQUIRE(merged.maximum() == *most);
        break;
      }
      default: REQUIRE(Histogram(histogram) == histogram);
    }
  }
}
