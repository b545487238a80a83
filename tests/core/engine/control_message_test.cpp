// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Messages between functions and their controller: in order, in time, whatever the number of workers.
#include <catch2/catch.hpp>

#include <tuple>

#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;
using namespace kiriko::test;

namespace {

/// Tells a number every `period`, and answers what it is delivered with one octet more.
class Teller final : public NetworkFunction {
 public:
  explicit Teller(Duration period) : period_(period) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.consume(packet);
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    exits.tell(now, {.peer = {}, .octets = {number_++}});
    exits.at(now + period_);
  }
  Result<Commit> prepare(const Change& change) override {
    const auto* deliver = std::get_if<DeliverControlMessage>(&change);
    if (deliver == nullptr) return unsupported_change("teller", change);
    return Commit{[message = deliver->message](ModelTime at, Exits& exits) {
      ControlMessage answer = message;
      answer.octets.push_back(0xff);
      exits.tell(at, std::move(answer));
    }};
  }
  void report(Report&) const override {}

 private:
  Duration period_;
  std::uint8_t number_{};
};

struct Heard {
  ModelTime at;
  NodeId node;
  std::vector<std::uint8_t> octets;
  friend bool operator==(const Heard&, const Heard&) = default;
};

struct TellerBed {
  PacketPool pool = make_pool(127);
  std::unique_ptr<Emulation> emulation;
  std::vector<Heard> heard;
  Duration latest{};  ///< how far model time was past a message when it was heard

  TellerBed(std::uint32_t workers, Duration lookahead) {
    GraphMaker maker;
    for (const std::int64_t period : {300, 700, 300, 1100})
      maker.add("t" + std::to_string(maker.graph.nodes.size()),
                std::make_unique<Teller>(microseconds(period)), true);
    for (auto& node : maker.graph.nodes) node.tells = true;
    for (std::uint32_t i = 1; i < 4; ++i) maker.link(0, i, {.delay = microseconds(50)});
    emulation = std::make_unique<Emulation>(Emulation::Setup{
        .graph = std::move(maker.graph), .pool = &pool, .workers = workers, .control_lookahead = lookahead});
    emulation->subscribe([this](ModelTime at, const NetworkEvent& event) {
      const auto& told = std::get<ControlMessageEvent>(event);
      heard.push_back({at, told.node, told.message.octets});
      latest = std::max(latest, emulation->now() - at);
    });
  }
};

}  // namespace

TEST_CASE(
    "when functions tell their controller, then it hears them by time, node and sequence with any workers") {
  TellerBed one(1, milliseconds(1)), two(2, milliseconds(1));
  test::run(*one.emulation, ModelTime{} + milliseconds(20));
  test::run(*two.emulation, ModelTime{} + milliseconds(20));
  REQUIRE(one.heard.size() > 150);
  CHECK(one.heard == two.heard);
  CHECK(std::is_sorted(one.heard.begin(), one.heard.end(), [](const Heard& a, const Heard& b) {
    return std::tie(a.at, a.node) < std::tie(b.at, b.node);
  }));
}

TEST_CASE("when a function tells something, then it is heard before model time passes the channel's delay") {
  TellerBed bed(1, microseconds(200));
  test::run(*bed.emulation, ModelTime{} + milliseconds(20));
  CHECK(bed.latest <= microseconds(200));
  CHECK(bed.latest > Duration{0});
}

TEST_CASE("when the controller sends a message, then the answer is heard at the same model time") {
  TellerBed bed(1, milliseconds(1));
  REQUIRE(bed.emulation->apply(
      {"test", "test", {DeliverControlMessage{NodeId{2}, {.peer = {}, .octets = {7}}}}}));
  REQUIRE(bed.heard.size() == 1);
  CHECK(bed.heard[0] == Heard{ModelTime{0}, NodeId{2}, {7, 0xff}});
}
