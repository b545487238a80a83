// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Random access against TR 37.868: its results for both traffic models, with and without barring.
#include "vnf/gnb/random_access/random_access.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "vnf/gnb/random_access/access_barring.hpp"

using namespace kiriko;

namespace {

enum class ArrivalModel { uniform_in_a_minute, beta_in_ten_seconds };

struct Load {
  ArrivalModel model;
  std::uint32_t devices;
  AccessBarring barring;
};

Duration span_of(ArrivalModel model) {
  return model == ArrivalModel::uniform_in_a_minute ? seconds(60) : seconds(10);
}

/// Beta(3, 4) is the third smallest of six uniform numbers.
double arrival(RandomStream& draws, ArrivalModel model) {
  if (model == ArrivalModel::uniform_in_a_minute) return draws.uniform();
  std::array<double, 6> numbers{};
  for (double& number : numbers) number = draws.uniform();
  std::nth_element(numbers.begin(), numbers.begin() + 2, numbers.end());
  return numbers[2];
}

struct Figures {
  double success{}, collision{}, transmissions{},
      delay_ms{};  ///< the latter two of the successful; delay with the barring's
};

Figures measured(const Load& load, std::uint64_t seed = 1) {
  RandomAccess access{{}, seed, 0};
  std::vector<std::int64_t> asked(load.devices);
  for (std::uint32_t device = 0; device < load.devices; ++device) {
    RandomStream draws{seed, device, stream_key("arrival")};
    asked[device] =
        static_cast<std::int64_t>(arrival(draws, load.model) * static_cast<double>(span_of(load.model).ns));
    access.request(device, ModelTime{asked[device]} + load.barring.wait(draws));
  }
  std::vector<RandomAccessOutcome> outcomes;
  access.run(ModelTime{} + span_of(load.model), outcomes);
  Figures figures;
  figures.collision = access.collision_probability(span_of(load.model));
  access.run(ModelTime{} + seconds(3600), outcomes);
  REQUIRE(outcomes.size() == load.devices);
  REQUIRE(access.next_opportunity() == ModelTime::never());
  double successes = 0;
  for (const RandomAccessOutcome& outcome : outcomes) {
    if (!outcome.succeeded) continue;
    ++successes;
    figures.transmissions += outcome.transmissions;
    figures.delay_ms += static_cast<double>(outcome.at.ns - asked[outcome.device]) * 1e-6;
  }
  figures.success = successes / load.devices;
  figures.transmissions /= successes;
  figures.delay_ms /= successes;
  return figures;
}

}  // namespace

// What TR 37.868 clause 6.4.1 gives as it is recalled, beside an independent simulation of the same assumptions; the last two rows
// have only the latter. The delay with barring includes the time barred.
TEST_CASE(
    "when up to 30,000 devices come at once, then success, collisions, transmissions and delay are those of "
    "TR 37.868") {
  struct Row {
    const char* name;
    Load load;
    Figures report, simulation;
  };
  const auto uniform = ArrivalModel::uniform_in_a_minute, beta = ArrivalModel::beta_in_ten_seconds;
  const Figures barred_half{0.971, 0.152, 2.48, 4135}, barred_most{1.0, 0.030, 1.68, 9275};
  const std::array<Row, 8> rows{{
      {"model 1, 5,000", {uniform, 5'000, {}}, {1.0, 0.0001, 1.43, 25.6}, {1.0, 0.0001, 1.43, 27.8}},
      {"model 1, 10,000", {uniform, 10'000, {}}, {1.0, 0.0003, 1.45, 26.05}, {1.0, 0.0002, 1.43, 27.9}},
      {"model 1, 30,000", {uniform, 30'000, {}}, {1.0, 0.0022, 1.50, 27.35}, {1.0, 0.0024, 1.50, 29.2}},
      {"model 2, 5,000", {beta, 5'000, {}}, {1.0, 0.0045, 1.56, 29.06}, {1.0, 0.0039, 1.56, 30.5}},
      {"model 2, 10,000", {beta, 10'000, {}}, {1.0, 0.0198, 1.77, 34.65}, {1.0, 0.0175, 1.75, 34.2}},
      {"model 2, 30,000", {beta, 30'000, {}}, {0.295, 0.4776, 3.49, 76.81}, {0.305, 0.448, 3.43, 68.8}},
      {"model 2, 30,000, barring 0.5", {beta, 30'000, {.factor = 0.5}}, barred_half, barred_half},
      {"model 2, 30,000, barring 0.3", {beta, 30'000, {.factor = 0.3}}, barred_most, barred_most},
  }};
  const auto between = [](double found, double a, double b, double margin) {
    return found >= std::min(a, b) - margin && found <= std::max(a, b) + margin;
  };
  for (const Row& row : rows) {
    const Figures found = measured(row.load);
    const auto& [report, simulation] = std::tie(row.report, row.simulation);
    INFO(row.name << ": success " << found.success << ", collision " << found.collision << ", transmissions "
                  << found.transmissions << ", delay " << found.delay_ms << " ms");
    CHECK(between(found.success, report.success, simulation.success, 0.02));
    CHECK(between(found.collision, report.collision, simulation.collision, 0.02));
    CHECK(between(found.transmissions, report.transmissions, simulation.transmissions, 0.05));
    CHECK(between(found.delay_ms, report.delay_ms, simulation.delay_ms, 0.02 * report.delay_ms));
  }
}

TEST_CASE("when time is cut otherwise and devices ask in another order, then the outcomes are the same") {
  const auto run = [](bool backwards, Duration step) {
    RandomAccess access{{}, 7, 3};
    constexpr std::uint32_t devices = 3000;
    for (std::uint32_t i = 0; i < devices; ++i) {
      const std::uint32_t device = backwards ? devices - 1 - i : i;
      access.request(device, ModelTime{std::int64_t{device % 40} * 1'000'000});
    }
    std::vector<RandomAccessOutcome> outcomes;
    for (ModelTime at{}; access.next_opportunity() < ModelTime::never(); at += step) access.run(at, outcomes);
    return outcomes;
  };
  const auto one = run(false, milliseconds(5)), other = run(true, microseconds(12'345));
  REQUIRE(one.size() == other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].device == other[i].device);
    CHECK(one[i].at == other[i].at);
    CHECK(one[i].transmissions == other[i].transmissions);
  }
}

TEST_CASE("when a cell is empty, then one device's procedure takes what its steps take") {
  RandomAccessParameters sure;
  sure.harq_error = 0;
  sure.preamble_transmissions = 100;
  RandomAccess access{sure, 1, 0};
  access.request(5, ModelTime{1});  // just too late for the opportunity at 0
  std::vector<RandomAccessOutcome> outcomes;
  access.run(ModelTime{} + seconds(10), outcomes);
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].succeeded);
  const auto& counts = access.counts();
  CHECK(counts.preambles_sent == counts.undetected + 1);
  if (outcomes[0].transmissions == 1) CHECK(outcomes[0].at == ModelTime{(5 + 3 + 1 + 5 + 5) * 1'000'000});
}

TEST_CASE("when grants are few, then as many are served as there are grants and the rest try again") {
  RandomAccessParameters narrow;
  narrow.preambles = 100'000;  // no collisions
  narrow.grants_per_millisecond = 1;
  narrow.response_window = milliseconds(2);
  narrow.preamble_transmissions = 1;
  RandomAccess access{narrow, 1, 0};
  for (std::uint32_t device = 0; device < 100; ++device) access.request(device, ModelTime{});
  std::vector<RandomAccessOutcome> outcomes;
  access.run(ModelTime{}, outcomes);
  CHECK(outcomes.size() == 100);
  CHECK(access.counts().successes == 2);
  CHECK(access.counts().failures == 98);
  CHECK(access.counts().without_grant + access.counts().undetected == 98);
}

TEST_CASE("when everyone collides, then all give up after the last transmission allowed") {
  RandomAccessParameters one_preamble;
  one_preamble.preambles = 1;
  one_preamble.backoff = Duration{0};
  RandomAccess access{one_preamble, 1, 0};
  for (std::uint32_t device = 0; device < 3; ++device) access.request(device, ModelTime{});
  std::vector<RandomAccessOutcome> outcomes;
  access.run(ModelTime{} + seconds(1), outcomes);
  REQUIRE(outcomes.size() == 3);
  for (const auto& outcome : outcomes) {
    CHECK_FALSE(outcome.succeeded);
    CHECK(outcome.transmissions == 10);
  }
  CHECK(access.counts().preambles_collided == 10);
}

TEST_CASE("when access is barred, then a device waits 0.7 to 1.3 barring times for each draw that fails") {
  const AccessBarring half{.factor = 0.5, .time = seconds(4)};
  double waited = 0;
  constexpr std::uint32_t devices = 20'000;
  for (std::uint32_t device = 0; device < devices; ++device) {
    RandomStream draws{1, device, 2};
    const Duration wait = half.wait(draws);
    CHECK((wait.ns == 0 || wait >= milliseconds(2800)));
    waited += wait.seconds();
  }
  CHECK(waited / devices == Approx(4.0).epsilon(0.05));  // one failed draw in the mean
  RandomStream draws{1, 1, 2};
  CHECK(AccessBarring{}.wait(draws).ns == 0);
  CHECK(AccessBarring{.factor = 0, .time = milliseconds(1)}.wait(draws, 10) >= milliseconds(7));
}
