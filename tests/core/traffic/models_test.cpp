// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the open-loop models: exact where they are certain, means and bounds with fixed seeds elsewhere.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/traffic/traffic_model.hpp"

using namespace kiriko;

namespace {

using Texts = std::map<std::string, std::vector<std::string>>;

Result<std::unique_ptr<TrafficModel>> try_create(std::string_view name, const Texts& texts,
                                                 std::uint64_t seed = 1, std::string_view flow = "f") {
  const TrafficModelDescriptor* descriptor = find_traffic_model(name);
  REQUIRE(descriptor != nullptr);
  const auto options = OptionValues::parse(descriptor->options, texts, nullptr);
  if (!options) return fail(options.error());
  return descriptor->create(*options, seed, flow);
}

struct Timed {
  std::int64_t at;
  std::uint32_t size;
  bool unit_end;
};

std::vector<Timed> draw(std::string_view name, const Texts& texts, std::size_t count, std::uint64_t seed = 1,
                        std::string_view flow = "f") {
  auto model = try_create(name, texts, seed, flow);
  if (!model) FAIL(to_string(model.error()));
  std::vector<Timed> all;
  std::int64_t at = 0;
  Emission emission;
  while (all.size() < count && (*model)->next(emission)) {
    if (emission.gap.ns < 0) FAIL("negative gap");
    at += emission.gap.ns;
    all.push_back({at, emission.payload_bytes, emission.unit_end});
  }
  return all;
}

double bits_per_second(const std::vector<Timed>& all) {
  double bits = 0;
  for (const Timed& t : all) bits += 8.0 * t.size;
  return bits / (static_cast<double>(all.back().at) * 1e-9);
}

}  // namespace

TEST_CASE("when the models are listed, then names differ, defaults parse, and only tcp is closed loop") {
  std::set<std::string_view> names;
  for (const TrafficModelDescriptor* model : traffic_models()) {
    INFO(model->name);
    CHECK(names.insert(model->name).second);
    CHECK_FALSE(model->purpose.empty());
    CHECK(model->closed_loop() == (model->name == "tcp"));
    CHECK(find_traffic_model(model->name) == model);
    OptionValues::defaults(model->options);
    for (const Option& option : model->options) CHECK_FALSE(option.sentence.empty());
  }
  CHECK(find_traffic_model("tpc") == nullptr);
}

TEST_CASE("when constant traffic has a rate that does not divide, then it does not drift by a nanosecond") {
  const auto all = draw("constant", {{"rate", {"7Mbit/s"}}, {"size", {"1000"}}}, 70'001);
  CHECK(all[0].at == 0);
  CHECK(all[1].at == 1'142'857);
  CHECK(all[7].at == 8'000'000);
  CHECK(all[70'000].at == 80'000'000'000);
}

TEST_CASE("when constant traffic has an interval, then every gap is that interval") {
  const auto all = draw("constant", {{"interval", {"3us"}}}, 4);
  CHECK(all[3].at == 9000);
  CHECK(all[3].size == 1200);
}

TEST_CASE("when a model's options contradict each other, then the problem names the option") {
  struct Case {
    std::string model;
    Texts texts;
    std::string where;
  };
  const std::vector<Case> cases{
      {"constant", {}, "rate"},
      {"constant", {{"rate", {"1Mbit/s"}}, {"interval", {"1ms"}}}, "rate"},
      {"constant", {{"rate", {"unlimited"}}}, "rate"},
      {"poisson", {}, "rate"},
      {"periodic", {{"size", {"200"}}, {"size_max", {"100"}}}, "size_max"},
      {"periodic", {{"period", {"10ms"}}, {"jitter", {"6ms"}}}, "jitter"},
      {"video", {}, "rate"},
      {"on_off", {}, "rate"},
      {"m2m_periodic", {{"payload_minimum", {"100"}}, {"payload_maximum", {"50"}}}, "payload_maximum"},
      {"m2m_periodic", {{"devices", {"3000000"}}}, "devices"},
      {"m2m_event", {{"payload_minimum", {"100"}}}, "payload_maximum"},
      {"v2x_periodic", {{"variant", {"4"}}}, "variant"},
      {"pcap", {{"file", {"/nonexistent"}}}, "file"},
  };
  for (const Case& c : cases) {
    INFO(c.model);
    const auto model = try_create(c.model, c.texts);
    REQUIRE_FALSE(model);
    CHECK(model.error().where == c.where);
  }
}

TEST_CASE("when a random model is drawn twice with one seed, then it repeats; another seed or flow differs") {
  const std::vector<std::pair<std::string, Texts>> cases{
      {"poisson", {{"rate", {"1Mbit/s"}}}},
      {"on_off", {{"rate", {"1Mbit/s"}}}},
      {"periodic", {{"jitter", {"1ms"}}}},
      {"v2x_periodic", {{"variant", {"2"}}}},
      {"ftp3", {}},
      {"video", {{"rate", {"10Mbit/s"}}}},
      {"m2m_periodic", {}},
      {"m2m_event", {{"mean_interval", {"1h"}}}},
      {"beta_burst", {{"devices", {"100"}}}},
  };
  const auto times = [](const std::vector<Timed>& all) {
    std::vector<std::int64_t> out;
    for (const Timed& t : all) out.push_back(t.at);
    return out;
  };
  for (const auto& [name, texts] : cases) {
    INFO(name);
    const auto first = times(draw(name, texts, 50));
    CHECK(first == times(draw(name, texts, 50)));
    CHECK(first != times(draw(name, texts, 50, 2)));
    CHECK(first != times(draw(name, texts, 50, 1, "g")));
  }
}

TEST_CASE("when Poisson traffic runs long, then rate and spread are those of an exponential") {
  const auto all = draw("poisson", {{"rate", {"9.6Mbit/s"}}}, 100'000);  // mean gap 1 ms
  CHECK(bits_per_second(all) == Approx(9.6e6).epsilon(0.01));
  double squares = 0;
  for (std::size_t i = 1; i < all.size(); ++i)
    squares += std::pow(static_cast<double>(all[i].at - all[i - 1].at) - 1e6, 2);
  CHECK(std::sqrt(squares / 1e5) == Approx(1e6).epsilon(0.02));
  const auto counted = draw("poisson", {{"packets_per_second", {"1e6"}}, {"size", {"60"}}}, 200'000);
  CHECK(static_cast<double>(counted.back().at) == Approx(2e8).epsilon(0.01));
}

TEST_CASE(
    "when on/off traffic runs long, then its mean is the duty cycle's and no two packets are closer than the "
    "rate") {
  const Texts texts{{"rate", {"12Mbit/s"}}, {"size", {"1500"}}, {"on", {"100ms"}}, {"off", {"300ms"}}};
  const auto all = draw("on_off", texts, 200'000);
  CHECK(bits_per_second(all) == Approx(3e6).epsilon(0.05));
  std::size_t spaced = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].at - all[i - 1].at < 1'000'000) FAIL("packets closer than the rate");
    spaced += all[i].at - all[i - 1].at == 1'000'000 ? 1U : 0U;
  }
  CHECK(static_cast<double>(spaced) / 2e5 == Approx(0.99).margin(0.003));
}

TEST_CASE("when periodic traffic has jitter, then each message stays by its own instant and none overtakes") {
  const Texts texts{{"period", {"10ms"}},
                    {"phase", {"5ms"}},
                    {"jitter", {"5ms"}},
                    {"size", {"50"}},
                    {"size_max", {"1200"}}};
  const auto all = draw("periodic", texts, 20'000);
  double offsets = 0, sizes = 0;
  std::int64_t previous = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::int64_t offset = all[i].at - (5'000'000 + static_cast<std::int64_t>(i) * 10'000'000);
    if (std::abs(offset) > 5'000'000 || all[i].at < previous || all[i].size < 50 || all[i].size > 1200)
      FAIL("message " << i << " out of bounds");
    previous = all[i].at;
    offsets += static_cast<double>(offset);
    sizes += all[i].size;
  }
  CHECK(offsets / 20'000 == Approx(0.0).margin(60'000));
  CHECK(sizes / 20'000 == Approx(625).epsilon(0.02));
}

TEST_CASE("when periodic traffic has no phase, then it starts at a random one within the period") {
  std::set<std::int64_t> starts;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto all = draw("periodic", {}, 2, seed);
    CHECK(all[0].at < 100'000'000);
    CHECK(all[1].at - all[0].at == 100'000'000);
    starts.insert(all[0].at);
  }
  CHECK(starts.size() == 50);
}

TEST_CASE("when V2X messages are drawn, then periods and sizes are the variant's") {
  const auto first = draw("v2x_periodic", {}, 1000);
  std::map<std::uint32_t, int> sizes;
  for (const Timed& t : first) ++sizes[t.size];
  CHECK(sizes == std::map<std::uint32_t, int>{{190, 800}, {300, 200}});
  for (std::size_t i = 5; i < 20; ++i) CHECK(first[i].size == first[i - 5].size);
  CHECK(first[999].at - first[0].at == 999 * 100'000'000LL);

  const auto second = draw("v2x_periodic", {{"variant", {"2"}}}, 20'000);
  CHECK(second[1].at - second[0].at == 10'000'000);
  CHECK(static_cast<double>(std::count_if(second.begin(), second.end(), [](const Timed& t) {
          return t.size == 1200;
        })) == Approx(4000).epsilon(0.05));
  CHECK(std::all_of(second.begin(), second.end(),
                    [](const Timed& t) { return t.size == 1200 || t.size == 800; }));

  const auto third = draw("v2x_periodic", {{"variant", {"3"}}}, 1000);
  CHECK(std::all_of(third.begin(), third.end(),
                    [](const Timed& t) { return t.size >= 30'000 && t.size <= 60'000; }));
  CHECK(draw("v2x_periodic", {{"sizes", {"7"}}, {"period", {"1ms"}}}, 3)[2].size == 7);
}

TEST_CASE("when files arrive, then each is sent whole at the rate, and waits for the one before it") {
  const Texts texts{{"file_size", {"10000"}},
                    {"files_per_second", {"50"}},
                    {"rate", {"8Mbit/s"}},
                    {"packet_size", {"1400"}}};
  const auto all = draw("ftp3", texts, 80'000);  // 10 ms a file, 20 ms between arrivals: half busy
  CHECK(bits_per_second(all) == Approx(4e6).epsilon(0.03));
  std::uint64_t file = 0;
  std::size_t files = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    file += all[i].size;
    if (i > 0 && all[i].at - all[i - 1].at < all[i - 1].size * 1000LL) FAIL("faster than the rate");
    if (i > 0 && !all[i - 1].unit_end && all[i].at - all[i - 1].at != all[i - 1].size * 1000LL)
      FAIL("a gap in a file");
    if (!all[i].unit_end) continue;
    if (file != 10'000) FAIL("a file of " << file);
    file = 0;
    ++files;
  }
  CHECK(files == 10'000);
}

TEST_CASE("when video runs, then frames keep rate, size and arrival within TR 38.838's bounds") {
  const Texts texts{{"rate", {"30Mbit/s"}}, {"fps", {"60"}}};
  const auto all = draw("video", texts, 400'000);
  CHECK(bits_per_second(all) == Approx(30e6).epsilon(0.01));
  const double mean = 30e6 / 8 / 60;
  std::vector<double> frames, starts;
  double frame = 0;
  bool begins = true;
  for (const Timed& t : all) {
    if (begins) starts.push_back(static_cast<double>(t.at));
    frame += t.size;
    begins = t.unit_end;
    if (t.size > 1400) FAIL("a packet too large");
    if (!t.unit_end) continue;
    frames.push_back(frame);
    frame = 0;
  }
  double squares = 0, arrival = 0;
  for (const double f : frames) {
    if (f < 0.5 * mean - 1 || f > 1.5 * mean + 1) FAIL("a frame out of bounds");
    squares += (f - mean) * (f - mean);
  }
  CHECK(std::sqrt(squares / static_cast<double>(frames.size())) / mean == Approx(0.105).epsilon(0.05));
  // With the phase unknown, all arrivals lie in a band of twice the jitter's limit.
  double least = 1e18, most = -1e18;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    arrival = starts[i] - static_cast<double>(i) * 1e9 / 60;
    least = std::min(least, arrival);
    most = std::max(most, arrival);
  }
  CHECK(most - least <= 8e6 + 2);
  CHECK(most - least > 7e6);
  // Pacing at 1 Gbit/s: 1400 octets take 11.2 us.
  const auto inside = std::find_if(all.begin(), all.end(), [](const Timed& t) { return !t.unit_end; });
  CHECK((inside + 1)->at - inside->at == 11'200);
}

TEST_CASE("when many devices report, then the flow is their exact superposition") {
  const Texts few{{"devices", {"3"}}, {"time_compression", {"60"}}};
  // Each device keeps its own period: the times modulo the four periods fall into three phases.
  const auto all = draw("m2m_periodic", few, 200);
  std::map<std::int64_t, int> by_gap;
  REQUIRE(all.size() == 200);
  std::set<std::int64_t> day_phases;
  for (const Timed& t : all)
    day_phases.insert(t.at % 30'000'000'000);  // 30 min / 60, which divides all periods
  CHECK(day_phases.size() == 3);

  // 1.2963e-4 reports a second and device (2.59/s for 20 000 devices, TR 45.820).
  const auto many = draw("m2m_periodic", {{"devices", {"20000"}}}, 200'000);
  CHECK(2e5 / (static_cast<double>(many.back().at) * 1e-9) == Approx(2.59).epsilon(0.02));
  double sum = 0;
  for (const Timed& t : many) {
    if (t.size < 20 || t.size > 200) FAIL("payload out of bounds");
    sum += t.size;
  }
  CHECK(sum / 2e5 == Approx(32.4).epsilon(0.02));  // 32.9 before rounding down to whole octets

  const auto compressed =
      draw("m2m_periodic", {{"devices", {"20000"}}, {"time_compression", {"100"}}}, 10'000);
  CHECK(1e4 / (static_cast<double>(compressed.back().at) * 1e-9) == Approx(259).epsilon(0.05));
}

TEST_CASE("when a mass event happens, then every device sends once, by Beta(3,4)") {
  const auto all = draw("beta_burst", {}, 40'000);
  REQUIRE(all.size() == 30'000);
  CHECK(all.back().at <= 10'000'000'000);
  double sum = 0;
  std::size_t peak = 0;
  for (const Timed& t : all) {
    sum += static_cast<double>(t.at);
    peak += t.at >= 3'500'000'000 && t.at < 4'500'000'000 ? 1U : 0U;
  }
  CHECK(sum / 3e4 == Approx(10e9 * 3.0 / 7.0).epsilon(0.01));
  CHECK(static_cast<double>(peak) == Approx(6200).epsilon(0.03));  // 6221 a second at the peak (0.4 T)

  const auto uniform = draw("beta_burst", {{"alpha", {"1"}}, {"beta", {"1"}}, {"duration", {"60s"}}}, 40'000);
  for (std::int64_t k = 1; k < 6; ++k)
    CHECK(static_cast<double>(std::count_if(uniform.begin(), uniform.end(), [&](const Timed& t) {
            return t.at < k * 10'000'000'000;
          })) == Approx(5000.0 * static_cast<double>(k)).epsilon(0.03));
}
