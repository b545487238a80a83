// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Curves of path loss, peak rate and random access beside their reference values, for the READMEs' pictures.
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/fiveg/channel/path_loss.hpp"
#include "core/fiveg/peak_rate.hpp"
#include "vnf/gnb/random_access/access_barring.hpp"
#include "vnf/gnb/random_access/random_access.hpp"

using namespace kiriko;

namespace {

/// Lines of "series,x,y"; written at the end where KIRIKO_FIGURES names a folder.
class Figure {
 public:
  explicit Figure(std::string name) : name_(std::move(name)) {}
  Figure(const Figure&) = delete;
  Figure& operator=(const Figure&) = delete;
  ~Figure() {
    if (const char* folder = std::getenv("KIRIKO_FIGURES"); folder != nullptr)
      std::ofstream(std::filesystem::path(folder) / (name_ + ".csv")) << text_;
  }
  void point(const std::string& series, double x, double y) {
    text_ += fmt::format("{},{},{}\n", series, x, y);
  }

 private:
  std::string name_, text_;
};

double loss(PropagationScenario scenario, bool line_of_sight, double ground_m, double ghz) {
  const Surroundings at = default_surroundings(scenario);
  return path_loss_db(scenario, line_of_sight, radio_distance(ground_m, at), ghz, at);
}

/// Share of `devices` that get in when they come by traffic model 2 of TR 37.868.
double success(std::uint32_t devices, const AccessBarring& barring) {
  RandomAccess access{{}, 1, 0};
  for (std::uint32_t device = 0; device < devices; ++device) {
    RandomStream draws{1, device, stream_key("arrival")};
    std::array<double, 6> numbers{};  // Beta(3, 4) is the third smallest
    for (double& number : numbers) number = draws.uniform();
    std::nth_element(numbers.begin(), numbers.begin() + 2, numbers.end());
    access.request(device, ModelTime{std::llround(numbers[2] * 10e9)} + barring.wait(draws));
  }
  std::vector<RandomAccessOutcome> outcomes;
  access.run(ModelTime{} + seconds(3600), outcomes);
  const auto count = std::count_if(outcomes.begin(), outcomes.end(),
                                   [](const RandomAccessOutcome& outcome) { return outcome.succeeded; });
  return static_cast<double>(count) / devices;
}

}  // namespace

TEST_CASE("when path loss is drawn, then its curves go through the reference values") {
  Figure figure("path_loss");
  using P = PropagationScenario;
  for (const P scenario : {P::umi, P::uma, P::rma})
    for (const bool clear : {true, false})
      for (double distance = 10; distance < 5001; distance *= std::pow(10, 0.02))
        figure.point(fmt::format("{} {}", to_string(scenario), clear ? "LOS" : "NLOS"), distance,
                     loss(scenario, clear, distance, 4.5));
  struct Reference {
    P scenario;
    double ground_m, clear, obstructed;
  };
  for (const Reference& each : {Reference{P::umi, 100, 87.50, 106.97},
                                {P::umi, 200, 93.79, 117.55},
                                {P::uma, 200, 91.75, 116.64},
                                {P::uma, 500, 100.45, 132.10},
                                {P::rma, 200, 92.33, 105.83}}) {
    CHECK(loss(each.scenario, true, each.ground_m, 4.5) == Approx(each.clear).margin(0.006));
    CHECK(loss(each.scenario, false, each.ground_m, 4.5) == Approx(each.obstructed).margin(0.006));
    figure.point("reference", each.ground_m, each.clear);
    figure.point("reference", each.ground_m, each.obstructed);
  }
}

TEST_CASE("when peak rates are drawn, then they are the reference values") {
  Figure figure("peak_rate");
  struct Carrier {
    const char* name;
    FrequencyRange range;
    int khz, mhz;
    RadioDirection direction;
    int layers, modulation_order;
    double mbit_s;
  };
  constexpr auto fr1 = FrequencyRange::fr1, fr2 = FrequencyRange::fr2;
  constexpr auto down = RadioDirection::downlink, up = RadioDirection::uplink;
  for (const Carrier& c : {Carrier{"DL 100 MHz 30 kHz 4 layers 256QAM", fr1, 30, 100, down, 4, 8, 2337.0},
                           {"DL 100 MHz 30 kHz 2 layers 256QAM", fr1, 30, 100, down, 2, 8, 1168.5},
                           {"UL 100 MHz 30 kHz 1 layer 64QAM", fr1, 30, 100, up, 1, 6, 468.8},
                           {"UL 100 MHz 30 kHz 2 layers 256QAM", fr1, 30, 100, up, 2, 8, 1250.0},
                           {"DL 40 MHz 30 kHz 4 layers 256QAM", fr1, 30, 40, down, 4, 8, 907.4},
                           {"DL 20 MHz 30 kHz 2 layers 256QAM", fr1, 30, 20, down, 2, 8, 218.3},
                           {"DL 400 MHz 120 kHz 2 layers 256QAM", fr2, 120, 400, down, 2, 8, 4309.7},
                           {"UL 400 MHz 120 kHz 2 layers 64QAM", fr2, 120, 400, up, 2, 6, 3547.6},
                           {"DL 100 MHz 120 kHz 2 layers 64QAM", fr2, 120, 100, down, 2, 6, 808.1}}) {
    const Numerology n = *Numerology::from_subcarrier_spacing_khz(c.khz);
    const double rate = static_cast<double>(peak_rate({.layers = c.layers,
                                                       .modulation_order = c.modulation_order,
                                                       .resource_blocks = *resource_blocks(c.range, n, c.mhz),
                                                       .numerology = n,
                                                       .overhead = radio_overhead(c.range, c.direction)})
                                                .value) *
                        1e-6;
    CHECK(rate == Approx(c.mbit_s).epsilon(0.001));
    figure.point(c.name, rate, c.mbit_s);
  }
}

TEST_CASE("when bursts of devices are drawn, then those of TR 37.868 are where it has them") {
  Figure figure("random_access");
  for (std::uint32_t devices = 5'000; devices <= 40'000; devices += 5'000) {
    figure.point("no barring", devices, success(devices, {}));
    figure.point("barring 0.5 for 4 s", devices, success(devices, {.factor = 0.5}));
    figure.point("barring 0.3 for 4 s", devices, success(devices, {.factor = 0.3}));
  }
  for (const auto& [devices, share] : {std::pair{5'000U, 1.0}, {10'000U, 1.0}, {30'000U, 0.295}}) {
    CHECK(success(devices, {}) == Approx(share).margin(0.02));
    figure.point("TR 37.868", devices, share);
  }
}
