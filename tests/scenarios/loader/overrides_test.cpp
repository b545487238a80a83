// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// --set path=value: names, indexes, new keys, and paths that lead nowhere.
#include <catch2/catch.hpp>

#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

namespace {

constexpr const char* two_hosts = R"(
name: two
run: {duration: 10s}
hosts:
  - {name: h1}
  - {name: h2}
links:
  - {name: cable, ends: [h1, h2], delay: 1ms}
traffic:
  - {name: t, from: h1, to: h2, model: constant, with: {rate: 1Mbit/s}}
kpis:
  - {name: in time, metric: delay, statistic: p99, comparison: <=, threshold: 10ms, source: s}
)";

}  // namespace

TEST_CASE("when an override names a value, then it is changed") {
  const LoadResult result =
      load_text(two_hosts, {"links.cable.delay=5ms", "traffic[0].scale=2", "controller.policy=reactive",
                            "kpis.in time.threshold=20ms", "links.cable.gemodel={p: 0.1}", "run.seed=3",
                            "traffic.t.with.size=100"});
  REQUIRE(to_text(result.problems, "").empty());
  const Scenario& s = result.scenario;
  CHECK(s.links[0].forward.delay == milliseconds(5));
  CHECK(s.links[0].forward.gemodel.p == 0.1);
  CHECK(s.flows[0].spec.scale == 2);
  CHECK(s.controller.get<std::string>("policy") == "reactive");
  CHECK(s.kpis[0].threshold == 20e6);
  CHECK(s.run.seed == 3);
  CHECK(s.flows[0].spec.options.get<Bytes>("size") == Bytes{100});
}

TEST_CASE("when an override is wrong, then its problem names it") {
  struct Case {
    const char* override_text;
    const char* message;
  };
  const Case cases[] = {
      {"links.cabel.delay=5ms",
       "--set links.cabel.delay=5ms: error: an override leads nowhere; found 'cabel' in a list; allowed: "
       "cable; did you mean "
       "'cable'?\n1 problem in test.yaml\n"},
      {"traffic[1].scale=2",
       "--set traffic[1].scale=2: error: an override leads nowhere; found '[1]' in a list; allowed: 1 "
       "entries, from [0]\n"
       "1 problem in test.yaml\n"},
      {"links.cable.delay",
       "--set links.cable.delay: error: an override is not a path and a value; allowed: such as "
       "links.ring1.delay=5ms or traffic[0].scale=2\n1 problem in test.yaml\n"},
      {"links.cable.rate=fast",
       "--set links.cable.rate=fast: error: 'rate' is wrong: a rate is not a number with a unit; found "
       "'fast'; allowed: rate: a "
       "number and bit/s, kbit/s, Mbit/s, Gbit/s or Tbit/s, such as 100Mbit/s, or unlimited\n1 problem in "
       "test.yaml\n"},
      {"name.x=1",
       "--set name.x=1: error: an override leads nowhere; found 'x' in 'two'\n1 problem in test.yaml\n"},
  };
  for (const auto& c : cases) CHECK(problems_of(two_hosts, {c.override_text}) == c.message);
}

TEST_CASE("when an override's path is malformed, then it is refused") {
  for (const char* text : {"=1", ".a=1", "a.=1", "a..b=1", "a[=1", "a[x]=1", "a[1=1", "a[0]b=1"}) {
    INFO(text);
    CHECK(problems_of(two_hosts, {text}).find("an override is not a path and a value") != std::string::npos);
  }
}
