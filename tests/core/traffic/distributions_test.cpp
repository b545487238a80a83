// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The models' random figures against their definitions, by the test of Kolmogorov and Smirnov.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/traffic/device_crowd.hpp"
#include "core/traffic/traffic_model.hpp"

using namespace kiriko;

namespace {

using Texts = std::map<std::string, std::vector<std::string>>;
using Distribution = std::function<double(double)>;

/// What a model sends as whole messages: when each begins, and its octets.
struct Message {
  double at_s{};
  double octets{};
  std::uint32_t device{};
};

std::vector<Message> messages(std::string_view name, const Texts& texts, std::size_t count) {
  const TrafficModelDescriptor* descriptor = find_traffic_model(name);
  REQUIRE(descriptor != nullptr);
  const auto options = OptionValues::parse(descriptor->options, texts, nullptr);
  REQUIRE(options);
  auto model = descriptor->create(*options, 1, "flow");
  REQUIRE(model);
  std::vector<Message> all;
  double at = 0, octets = 0, begin = 0;
  for (Emission emission; all.size() < count && (*model)->next(emission);) {
    at += emission.gap.seconds();
    if (octets == 0) begin = at;
    octets += emission.payload_bytes;
    if (!emission.unit_end) continue;
    all.push_back({begin, octets, emission.device});
    octets = 0;
  }
  return all;
}

std::vector<double> octets_of(const std::vector<Message>& all) {
  std::vector<double> out;
  for (const Message& each : all) out.push_back(each.octets);
  return out;
}
std::vector<double> gaps_of(const std::vector<Message>& all) {
  std::vector<double> out;
  for (std::size_t i = 1; i < all.size(); ++i) out.push_back(all[i].at_s - all[i - 1].at_s);
  return out;
}

/// Largest distance of the sample's distribution from `expected`, in units of 1/√n: below 1.63 in 99 of 100 samples.
double distance(std::vector<double> sample, const Distribution& expected) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double largest = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double at = expected(sample[i]);
    largest = std::max({largest, at - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - at});
  }
  return largest * std::sqrt(n);
}
constexpr double critical = 1.63;

/// For whole numbers: the distance at the steps only.
double step_distance(const std::vector<double>& sample, const Distribution& expected) {
  std::map<double, std::size_t> counts;
  for (const double x : sample) ++counts[x];
  const auto n = static_cast<double>(sample.size());
  double largest = 0, below = 0;
  for (const auto& [x, count] : counts) {
    below += static_cast<double>(count);
    largest = std::max(largest, std::abs(below / n - expected(x)));
  }
  return largest * std::sqrt(n);
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

Distribution exponential(double mean) {
  return [mean](double x) { return 1 - std::exp(-x / mean); };
}
/// Of `distribution`, given that it is within its bounds.
Distribution truncated(Distribution distribution, double low, double high) {
  return [=](double x) {
    return (distribution(std::clamp(x, low, high)) - distribution(low)) /
           (distribution(high) - distribution(low));
  };
}
Distribution lognormal(double mu, double sigma) {
  return [=](double x) { return normal_cdf((std::log(x) - mu) / sigma); };
}
Distribution largest_extreme_value(double location, double scale) {
  return [=](double x) { return std::exp(-std::exp(-(x - location) / scale)); };
}

}  // namespace

TEST_CASE("when a sample has another distribution than it is held against, then the test finds it") {
  const auto gaps = gaps_of(messages("poisson", {{"rate", {"8 Mbit/s"}}, {"size", {"1000"}}}, 5'000));
  CHECK(distance(gaps, exponential(1e-3)) < critical);
  CHECK(distance(gaps, exponential(1.1e-3)) > critical);
}

TEST_CASE("when devices burst, then their times are Beta(3, 4) over ten seconds (TR 37.868 clause 6.1.1)") {
  std::vector<double> times;
  std::vector<bool> seen(10'001);
  for (const Message& each : messages("beta_burst", {{"devices", {"10000"}}}, 10'000)) {
    times.push_back(each.at_s / 10);
    REQUIRE(each.device >= 1);
    REQUIRE(each.device <= 10'000);
    CHECK_FALSE(seen[each.device]);
    seen[each.device] = true;
  }
  const auto beta = [](double x) {  // at least three of six uniform numbers are below
    double sum = 0;
    for (int j = 3; j <= 6; ++j)
      sum += std::tgamma(7) / (std::tgamma(j + 1) * std::tgamma(7 - j)) * std::pow(x, j) *
             std::pow(1 - x, 6 - j);
    return sum;
  };
  CHECK(distance(times, beta) < critical);
}

TEST_CASE(
    "when devices have events, then gaps are exponential, sizes Pareto, and every device is as likely") {
  const auto all = messages("m2m_event",
                            {{"devices", {"1000"}},
                             {"mean_interval", {"1000s"}},
                             {"payload_shape", {"1.5"}},
                             {"payload_minimum", {"200"}},
                             {"payload_maximum", {"1472"}}},
                            20'000);
  CHECK(distance(gaps_of(all), exponential(1.0)) < critical);
  const auto pareto = [](double octets) {  // whole octets, cut at 1472
    return octets >= 1472 ? 1.0 : 1 - std::pow(200 / (octets + 1), 1.5);
  };
  CHECK(step_distance(octets_of(all), pareto) < critical);
  std::vector<double> devices;
  for (const Message& each : all) devices.push_back(each.device);
  CHECK(step_distance(devices, [](double device) { return device / 1000; }) < critical);
}

TEST_CASE("when meters report, then payloads are Pareto (TR 45.820 annex E.2)") {
  const auto all = messages("m2m_periodic", {{"devices", {"20000"}}, {"time_compression", {"60"}}}, 60'000);
  const auto pareto = [](double octets) {  // whole octets, cut at 200
    return octets >= 200 ? 1.0 : 1 - std::pow(20 / (octets + 1), 2.5);
  };
  CHECK(step_distance(octets_of(all), pareto) < critical);
}

TEST_CASE(
    "when meters report for days, then their periods are shared 40, 40, 15 and 5 % (TR 45.820 annex E.2)") {
  constexpr int devices = 2000;
  // More than two days, each in a second.
  const auto all = messages("m2m_periodic", {{"devices", {"2000"}}, {"time_compression", {"86400"}}}, 60'000);
  REQUIRE(all.back().at_s > 2.1);
  std::map<std::uint32_t, double> last, period;
  for (const Message& each : all) {
    if (const auto before = last.find(each.device); before != last.end()) {
      const double gap = std::round((each.at_s - before->second) * 86'400);
      CHECK((period[each.device] == 0 || period[each.device] == gap));  // a device keeps its own
      period[each.device] = gap;
    }
    last[each.device] = each.at_s;
  }
  REQUIRE(period.size() == devices);
  std::map<double, double> count;
  for (const auto& [device, seconds] : period) ++count[seconds];
  CHECK(count.size() == 4);
  for (const auto& [seconds, share] :
       std::map<double, double>{{86'400, 0.40}, {7'200, 0.40}, {3'600, 0.15}, {1'800, 0.05}})
    CHECK(std::abs(count[seconds] - devices * share) < 3 * std::sqrt(devices * share * (1 - share)));
}

TEST_CASE(
    "when video is sent, then frame sizes are a truncated normal distribution (TR 38.838 clause 5.1.1)") {
  const auto sizes = octets_of(messages("video", {{"rate", {"30 Mbit/s"}}, {"fps", {"60"}}}, 5'000));
  const double mean = 30e6 / 8 / 60;
  const auto normal = [mean](double x) { return normal_cdf((x - mean) / (0.105 * mean)); };
  CHECK(distance(sizes, truncated(normal, 0.5 * mean, 1.5 * mean)) < critical);
}

TEST_CASE("when a game is played, then sizes and gaps are those of Fisher and Tippett (NGMN annex A)") {
  const auto down = messages("gaming", {{"direction", {"downlink"}}}, 20'000);
  CHECK(step_distance(octets_of(down), [](double x) { return largest_extreme_value(120, 36)(x + 0.5); }) <
        critical);
  CHECK(distance(gaps_of(down), [](double s) { return largest_extreme_value(55, 5.7)(s * 1e3); }) < critical);
  const auto up = messages("gaming", {{"direction", {"uplink"}}}, 20'000);
  CHECK(step_distance(octets_of(up), [](double x) { return largest_extreme_value(45, 5.7)(x + 0.5); }) <
        critical);
  for (const double gap : gaps_of(up)) CHECK(gap == Approx(0.040));
}

TEST_CASE("when files are fetched, then sizes and reading times are as defined (NGMN annex A)") {
  const auto files = messages("ngmn_ftp", {{"rate", {"100 Gbit/s"}}, {"reading", {"180s"}}}, 3'000);
  CHECK(distance(octets_of(files), truncated(lognormal(14.45, 0.35), 1, 5e6)) < critical);
  CHECK(distance(gaps_of(files), exponential(180)) < critical);
  double sum = 0;
  for (const Message& each : files) sum += each.octets;
  CHECK(sum / static_cast<double>(files.size()) == Approx(2e6).epsilon(0.03));
  const auto three = messages("ftp3", {{"files_per_second", {"2"}}, {"rate", {"100 Gbit/s"}}}, 5'000);
  CHECK(distance(gaps_of(three), exponential(0.5)) < critical);
}

TEST_CASE(
    "when pages are read, then main objects, their number of parts and reading times are as defined (NGMN "
    "annex A)") {
  const auto objects =
      messages("http", {{"rate", {"100 Gbit/s"}}, {"reading", {"1h"}}, {"parsing", {"1ms"}}}, 40'000);
  std::vector<double> pages, readings;
  double parts = 0;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const double before = i == 0 ? objects[i].at_s : objects[i].at_s - objects[i - 1].at_s;
    if (before < 0.1) {  // a part: 1 ms of parsing in the mean
      ++parts;
      continue;
    }
    pages.push_back(objects[i].octets);
    if (i != 0) readings.push_back(before);
  }
  CHECK(distance(pages, truncated(lognormal(8.37, 1.37), 100, 2e6)) < critical);
  CHECK(distance(readings, exponential(3600)) < critical);
  CHECK(parts / static_cast<double>(pages.size()) == Approx(5.64).epsilon(0.15));
}

TEST_CASE(
    "when people talk, then half of the time is speech, and silence has a descriptor each 160 ms (NGMN annex "
    "A)") {
  const auto frames = messages("voip", {}, 200'000);
  double speech_s = 0, silence_s = 0, longest_silent_gap = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const double gap = frames[i].at_s - frames[i - 1].at_s;
    CHECK((frames[i - 1].octets == 40 || frames[i - 1].octets == 15));
    (frames[i - 1].octets == 40 ? speech_s : silence_s) += gap;
    if (frames[i - 1].octets == 40) CHECK(gap == Approx(0.020));
    if (frames[i - 1].octets == 15) longest_silent_gap = std::max(longest_silent_gap, gap);
  }
  CHECK(speech_s / (speech_s + silence_s) == Approx(0.5).epsilon(0.05));
  CHECK(longest_silent_gap == Approx(0.160));
}

TEST_CASE("v2x_aperiodic: gaps are a pause and an exponential time of the same mean, sizes are even") {
  const auto all = messages("v2x_aperiodic", {{"variant", {"1"}}}, 5000);
  CHECK(distance(gaps_of(all), [](double s) { return s < 0.05 ? 0 : 1 - std::exp(-(s - 0.05) / 0.05); }) <
        critical);
  CHECK(step_distance(octets_of(all), [](double octets) { return octets / 2000; }) < critical);
}

TEST_CASE("ngmn_video: slices are truncated Pareto in size and gap, eight a frame, ten frames a second") {
  const auto pareto = [](double least, double most) {
    return [=](double x) {
      return (1 - std::pow(least / std::clamp(x, least, most), 1.2)) / (1 - std::pow(least / most, 1.2));
    };
  };
  // Slices of their own: one a frame.
  const auto single = messages("ngmn_video", {{"slices", {"1"}}}, 5000);
  CHECK(distance(octets_of(single), [&](double octets) { return pareto(20, 250)(octets + 0.5); }) <
        critical + 1.5);
  std::vector<double> gaps;
  for (std::size_t i = 0; i < single.size(); ++i)
    gaps.push_back((single[i].at_s - 0.1 * static_cast<double>(i)) * 1e3);
  CHECK(distance(gaps, pareto(2.5, 12.5)) < critical);

  const auto frames = messages("ngmn_video", {}, 5000);
  double octets = 0;
  for (const Message& frame : frames) octets += frame.octets;
  const double rate = octets * 8 / frames.back().at_s;
  CHECK(rate == Approx(32e3).epsilon(0.03));
}

TEST_CASE("a crowd: as many devices, each as the model by itself, their times independent") {
  const TrafficModelDescriptor* descriptor = find_traffic_model("periodic");
  const auto options =
      OptionValues::parse(descriptor->options, Texts{{"period", {"100ms"}}, {"phase", {"0s"}}}, nullptr);
  REQUIRE(options);
  constexpr std::uint32_t devices = 2000;
  auto crowd = make_device_crowd(*descriptor, *options, devices, milliseconds(100), 1, "flow");
  REQUIRE(crowd);
  std::vector<double> starts;
  std::map<std::uint32_t, double> last;
  double at = 0;
  for (std::uint32_t i = 0; i < 3 * devices; ++i) {
    Emission emission;
    REQUIRE((*crowd)->next(emission));
    REQUIRE(emission.gap.ns >= 0);
    at += emission.gap.seconds();
    REQUIRE(emission.device >= 1);
    REQUIRE(emission.device <= devices);
    if (const auto before = last.find(emission.device); before != last.end())
      REQUIRE(at - before->second == Approx(0.1).margin(1e-8));
    else
      starts.push_back(at);
    last[emission.device] = at;
  }
  CHECK(starts.size() == devices);
  CHECK(distance(starts, [](double s) { return std::clamp(s / 0.1, 0.0, 1.0); }) < critical);
}

TEST_CASE("a crowd of models that end: it ends with the last, and every device's message came") {
  const TrafficModelDescriptor* descriptor = find_traffic_model("beta_burst");
  const auto options = OptionValues::parse(descriptor->options, Texts{{"devices", {"3"}}}, nullptr);
  REQUIRE(options);
  auto crowd = make_device_crowd(*descriptor, *options, 4, seconds(1), 1, "flow");
  REQUIRE(crowd);
  int count = 0;
  for (Emission emission; (*crowd)->next(emission);) ++count;
  CHECK(count == 12);
}
