// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a moving UE's way adds to the timeline.
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <algorithm>

#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

namespace {

/// Two cells 400 m apart, a car from one to the other at 72 km/h in 20 s.
std::string two_cells(const std::string& environment = "propagation: umi", const std::string& more = "",
                      const std::string& ue = "") {
  return fmt::format(R"(
name: two_cells
run: {{duration: 20s}}
radio_environment: {{{}}}
slices: [{{name: one, s_nssai: "1"}}]
ues: [{{name: car, cells: [gnb1, gnb2]{}}}]
hosts: [{{name: server}}]
functions:
  - {{name: gnb1, function: gnb, position: "0,10"}}
  - {{name: gnb2, function: gnb, position: "400, 10"}}
  - {{name: upf1, function: upf}}
mobility: [{{ues: [car], path: ["0,0", "400,0"], speed: 72}}]
links: [{{ends: [gnb1, upf1]}}, {{ends: [gnb2, upf1]}}, {{ends: [upf1, server]}}]
{})",
                     environment, ue, more);
}

template <class Event>
std::vector<std::pair<ModelTime, Event>> events_of(const Scenario& scenario) {
  std::vector<std::pair<ModelTime, Event>> found;
  for (const TimelineEvent& event : scenario.timeline)
    if (const auto* action = std::get_if<Event>(&event.action)) found.emplace_back(event.at, *action);
  return found;
}

}  // namespace

TEST_CASE("when a UE drives from one cell to another, then it is handed over once about half way") {
  const LoadResult loaded = load_text(two_cells());
  REQUIRE(loaded.problems.empty());
  const Scenario& scenario = loaded.scenario;
  const auto moves = events_of<MoveUeEvent>(scenario);
  REQUIRE(!moves.empty());
  CHECK(moves.back().second.target_gnb == scenario.ues[0].cells[1]);
  CHECK(moves.front().first > ModelTime{} + seconds(6));
  CHECK(moves.front().first < ModelTime{} + seconds(16));
  CHECK(moves.size() % 2 == 1);
  // Beside the antenna the radio is as good as can be; between the cells it is not.
  REQUIRE(scenario.ues[0].radio.mcs);
  CHECK(*scenario.ues[0].radio.mcs > 20);
  std::int64_t lowest = 28;
  for (const auto& [at, radio] : events_of<UeRadioEvent>(scenario))
    lowest = std::min(lowest, *radio.radio.mcs);
  CHECK(lowest < 20);
  // Radio events go to the cell that serves.
  NodeId serving = scenario.ues[0].cells[0];
  ModelTime before{};
  for (const TimelineEvent& event : scenario.timeline) {
    CHECK(event.at >= before);
    before = event.at;
    if (const auto* move = std::get_if<MoveUeEvent>(&event.action)) serving = move->target_gnb;
    if (const auto* radio = std::get_if<UeRadioEvent>(&event.action)) {
      CHECK(radio->gnb == serving);
      CHECK(*radio->radio.bler >= 0);
      CHECK(*radio->radio.bler <= 1);
    }
  }
}

TEST_CASE(
    "when a UE was handed over, then its radio is told anew, but not before the target can know the UE") {
  const LoadResult loaded =
      load_text(two_cells("propagation: umi, period: 1ms", "controller: {control_channel_delay: 20ms}"));
  REQUIRE(loaded.problems.empty());
  const auto moves = events_of<MoveUeEvent>(loaded.scenario);
  REQUIRE(!moves.empty());
  std::optional<ModelTime> next;
  for (const auto& [at, radio] : events_of<UeRadioEvent>(loaded.scenario))
    if (at >= moves[0].first && !next) next = at;
  REQUIRE(next);
  CHECK(*next == moves[0].first + milliseconds(41));
}

TEST_CASE("when the seed is the same, then so is the way's plan; another seed gives another") {
  const auto plan = [](std::uint64_t seed) {
    std::string text;
    const LoadResult loaded =
        load({.text = two_cells(), .file_name = "test.yaml", .seed = seed}, test_tables());
    for (const TimelineEvent& event : loaded.scenario.timeline)
      text += fmt::format("{} {}\n", event.at.ns, event.text);
    return text;
  };
  CHECK(plan(3) == plan(3));
  CHECK(plan(3) != plan(4));
}

TEST_CASE(
    "when handovers interrupt, then packets wait for so long, or without data forwarding both links are "
    "down") {
  const LoadResult waiting = load_text(two_cells("propagation: umi, interruption: 50ms"));
  REQUIRE(waiting.problems.empty());
  CHECK(events_of<LinkDownEvent>(waiting.scenario).empty());
  for (const auto& [at, move] : events_of<MoveUeEvent>(waiting.scenario))
    CHECK(move.interruption == milliseconds(50));

  const LoadResult loaded = load_text(two_cells("propagation: umi, interruption: 50ms") +
                                      "\ncontroller: {data_forwarding: false}\n");
  REQUIRE(loaded.problems.empty());
  const auto moves = events_of<MoveUeEvent>(loaded.scenario);
  const auto downs = events_of<LinkDownEvent>(loaded.scenario);
  const auto ups = events_of<LinkUpEvent>(loaded.scenario);
  REQUIRE(!moves.empty());
  REQUIRE(downs.size() == 2 * moves.size());
  REQUIRE(ups.size() == downs.size());
  CHECK(downs[0].first == moves[0].first);
  CHECK(ups[0].first == moves[0].first + milliseconds(50));
  for (const auto& [at, radio] : events_of<UeRadioEvent>(loaded.scenario))
    CHECK((at < moves[0].first || at >= moves[0].first + milliseconds(50)));
}

TEST_CASE("when the signal fades or is blocked, then the radio changes more often, by the same seed alike") {
  const auto changes = [](const std::string& more) {
    const LoadResult loaded = load_text(two_cells("propagation: umi" + more));
    REQUIRE(loaded.problems.empty());
    std::string text;
    for (const auto& [at, radio] : events_of<UeRadioEvent>(loaded.scenario))
      text += fmt::format("{} {} {:.3f}\n", at.ns, *radio.radio.mcs, *radio.radio.bler);
    return text;
  };
  const auto count = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  const std::string plain = changes("");
  CHECK(count(changes(", fading_diversity: 4")) > count(plain));
  CHECK(changes(", fading_diversity: 4") == changes(", fading_diversity: 4"));
  CHECK(changes(", blockage_share: 0.3") != plain);
  CHECK(changes(", blockage_share: 0") == plain);
  CHECK(problems_of(two_cells("blockage_share: 1")).find("blockage_share") != std::string::npos);
}

TEST_CASE("when a neighbour never gets better by the offset, then a lost radio link brings the UE there") {
  const LoadResult loaded =
      load_text(two_cells("propagation: umi, time_to_trigger: 5120ms, neighbour_load: 1, q_out: -3"));
  REQUIRE(loaded.problems.empty());
  bool failed = false;
  for (const TimelineEvent& event : loaded.scenario.timeline)
    failed = failed || event.text.find("radio link failure") != std::string::npos;
  CHECK(failed);
  CHECK(!events_of<MoveUeEvent>(loaded.scenario).empty());
}

TEST_CASE("when a way cannot be planned, then the problem says where and why") {
  CHECK(problems_of(two_cells("propagation: sea")).find("umi, uma, rma") != std::string::npos);
  CHECK(problems_of(two_cells("period: 0s")).find("period") != std::string::npos);
  CHECK(problems_of(two_cells("", "", ", radio: {mcs: 3}")).find("leave out its 'radio'") !=
        std::string::npos);
  std::string text = two_cells();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return problems_of(changed);
  };
  CHECK(with("\"0,0\"", "\"0;0\"").find("not a point") != std::string::npos);
  CHECK(with("\"0,0\"", "\"nan,0\"").find("not a point") != std::string::npos);
  CHECK(with("\"0,0\"", "\"1e300,0\"").find("not a point") != std::string::npos);
  CHECK(with("\"0,0\", \"400,0\"", "").find("path") != std::string::npos);
  CHECK(with(", position: \"0,10\"", "").find("has no position") != std::string::npos);
  CHECK(with("function: upf", "function: upf, position: \"1,1\"").find("only a gNB has a position") !=
        std::string::npos);
  CHECK(with("speed: 72}", "speed: 72}, {ues: [\"*\"], path: [\"0,0\"], speed: 1}").find("moves already") !=
        std::string::npos);
  CHECK(problems_of(two_cells("", "timeline: [{at: 1s, do: move_ue, ue: car, to: gnb2}]"))
            .find("leave out its 'move_ue'") != std::string::npos);
  CHECK(with("ues: [car]", "ues: [cat]").find("car") != std::string::npos);
  CHECK(with("duration: 20s", "duration: 30d").find("too much to plan") != std::string::npos);
}

TEST_CASE("when figures of the radio environment are defaults, then the report lists the unverified ones") {
  const LoadResult loaded = load_text(two_cells());
  const auto& unverified = loaded.scenario.unverified;
  CHECK(std::find(unverified.begin(), unverified.end(), "radio_environment: transmit_power = 46") !=
        unverified.end());
}

TEST_CASE("when preparation takes time, then the handover comes so much later than event A3") {
  const auto first_move = [](const std::string& more) {
    const LoadResult loaded = load_text(two_cells("propagation: umi" + more));
    REQUIRE(loaded.problems.empty());
    const auto moves = events_of<MoveUeEvent>(loaded.scenario);
    REQUIRE(!moves.empty());
    return moves.front().first;
  };
  const ModelTime at_once = first_move("");
  CHECK(first_move(", preparation: 50ms") == at_once + milliseconds(50));
  CHECK(first_move(", preparation: 250ms") == at_once + milliseconds(250));
  // Prepared long before, the UE goes by itself as soon as event A3 holds.
  CHECK(first_move(", preparation: 250ms, handover: conditional, preparation_offset: -15") == at_once);
}

TEST_CASE("when the source is lost before its command, then a conditional handover saves the UE") {
  const auto texts = [](const std::string& more) {
    const LoadResult loaded =
        load_text(two_cells("propagation: rma, neighbour_load: 1, q_out: -2, t310: 2s, preparation: 2s, "
                            "interruption: 20ms, reestablishment: 500ms" +
                            more));
    REQUIRE(loaded.problems.empty());
    std::string text;
    for (const TimelineEvent& event : loaded.scenario.timeline)
      if (const auto* move = std::get_if<MoveUeEvent>(&event.action))
        text += fmt::format("{} {}\n", event.text, move->interruption.ns);
    return text;
  };
  const std::string ordinary = texts(""),
                    conditional = texts(", handover: conditional, preparation_offset: -15");
  INFO(ordinary << "----\n" << conditional);
  CHECK(ordinary.find("radio link failure") != std::string::npos);
  CHECK(ordinary.find("500000000\n") != std::string::npos);
  CHECK(conditional.find("500000000\n") == std::string::npos);
  CHECK(conditional.find("conditional handover") != std::string::npos);
}

TEST_CASE("when a UE has a power of its own, then its uplink has an MCS of its own, lower with less power") {
  const auto uplink = [](const std::string& more) {
    const LoadResult loaded = load_text(two_cells("propagation: umi" + more));
    REQUIRE(loaded.problems.empty());
    double sum = 0, downlink = 0, count = 0;
    for (const auto& [at, event] : events_of<UeRadioEvent>(loaded.scenario)) {
      downlink += static_cast<double>(*event.radio.mcs);
      sum += static_cast<double>(event.radio.uplink_mcs.value_or(*event.radio.mcs));
      ++count;
    }
    REQUIRE(count > 0);
    return std::pair{sum / count, downlink / count};
  };
  CHECK(uplink("").first == uplink("").second);
  CHECK(uplink(", ue_power: 23").first != uplink(", ue_power: 23").second);
  CHECK(uplink(", ue_power: 23").first > uplink(", ue_power: 0").first);
}

TEST_CASE("when interference is measured, then each period tells what the UE receives of each cell") {
  const LoadResult loaded = load_text(two_cells("propagation: umi, interference: measured"));
  REQUIRE(loaded.problems.empty());
  const auto events = events_of<UeRadioEvent>(loaded.scenario);
  CHECK(events.size() > 190);
  CHECK(events.front().first == ModelTime{} + milliseconds(100));
  for (const auto& [at, event] : events) {
    REQUIRE(event.received);
    REQUIRE(event.received->others.size() == 1);
    CHECK(event.received->others[0].first != event.gnb);
    CHECK(event.received->serving > event.received->noise);
  }
}

TEST_CASE("when the source is in sync for the report and no more for the command, then the command is lost") {
  const auto first_move = [](const std::string& more) {
    const LoadResult loaded = load_text(
        two_cells("propagation: rma, neighbour_load: 1, a3_offset: 0, hysteresis: 0, time_to_trigger: 0, "
                  "filter_coefficient: 0, t310: 6s, " +
                  more));
    REQUIRE(loaded.problems.empty());
    for (const TimelineEvent& event : loaded.scenario.timeline)
      if (std::holds_alternative<MoveUeEvent>(event.action)) return event.text;
    return std::string();
  };
  CHECK(first_move("q_out: -30, preparation: 3s").find("event A3") != std::string::npos);
  CHECK(first_move("q_out: -8, preparation: 0s").find("event A3") != std::string::npos);
  CHECK(first_move("q_out: -8, preparation: 3s").find("radio link failure") != std::string::npos);
}
