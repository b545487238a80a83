// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The controller and its two drivers over a fake data path.
#include "controller/loop/controller.hpp"

#include <poll.h>

#include <chrono>

#include "controller/loop/asio_driver.hpp"
#include "controller/loop/timeline_driver.hpp"
#include "tests/controller/ring_network.hpp"

using namespace kiriko;

namespace {

ModelTime ms(std::int64_t n) { return ModelTime{n * 1'000'000}; }

struct Recorder {
  std::vector<ChangeLog> logs;
  ChangeLogListener listener() {
    return [this](const ChangeLog& log) { logs.push_back(log); };
  }
};

void overload(RingNetwork& net) {
  auto& side = net.link(net.s1_s2).forward;
  side.properties.rate = BitsPerSecond{1'000'000'000};
  side.slices = {{.slice = SliceId{0}, .offered = Bytes{250'000}, .carried = Bytes{250'000}},
                 {.slice = SliceId{1}, .offered = Bytes{5'000'000}, .carried = Bytes{2'250'000}}};
  side.shares = {{.slice = SliceId{0}}, {.slice = SliceId{1}}};
}

}  // namespace

TEST_CASE("when options are defaults, then the table and the struct agree") {
  const auto parsed = ControllerOptions::from(OptionValues::defaults(controller_options()));
  const ControllerOptions plain;
  CHECK(parsed.policy == plain.policy);
  CHECK(parsed.period == plain.period);
  CHECK(parsed.control_channel_delay == plain.control_channel_delay);
  CHECK(parsed.link_detection_delay == plain.link_detection_delay);
  CHECK(parsed.node_detection_delay == plain.node_detection_delay);
  CHECK(parsed.routing == plain.routing);
  CHECK(parsed.sessions == plain.sessions);
  CHECK(parsed.revert == plain.revert);
  CHECK(parsed.prepare == plain.prepare);
  CHECK(parsed.shares.headroom == plain.shares.headroom);
  CHECK(parsed.shares.load_up == plain.shares.load_up);
  CHECK(parsed.shares.load_down == plain.shares.load_down);
  CHECK(parsed.shares.delay_up == plain.shares.delay_up);
  CHECK(parsed.shares.delay_down == plain.shares.delay_down);
  CHECK(parsed.shares.minimum_change == plain.shares.minimum_change);
  CHECK(parsed.shares.floor == plain.shares.floor);
  CHECK(parsed.shares.reserve == plain.shares.reserve);
  CHECK(parsed.shares.hold == plain.shares.hold);
}

TEST_CASE("when the edge UPF fails, then one set moves sessions and routes together") {
  RingNetwork net;
  net.add_sessions();
  Controller controller{ControllerOptions{}};
  CHECK(controller.start(net.view).size() == 2);
  net.node(net.edge_upf).running = false;
  const auto sets = controller.on_event(ms(0), NodeStateEvent{net.edge_upf, false}, net.view);
  REQUIRE(sets.size() == 1);
  CHECK(sets[0].after == milliseconds(1));
  CHECK(all_of_type<EstablishPduSession>(sets[0].set).size() == 2);
  bool prefix_to_core = false;
  const PortId core_n6 = net.ports_to(net.s1, {net.core_upf})[1];
  for (const auto& change : all_of_type<SetForwarding>(sets[0].set))
    for (const auto& entry : change.set)
      if (change.node == net.s1 && std::get<Ipv4Prefix>(entry.destination) == RingNetwork::pool())
        prefix_to_core = entry.ports == std::vector{core_n6};
  CHECK(prefix_to_core);
  CHECK(sets[0].set.cause.find("UPF edge failed: 2 sessions to core; routes: ") == 0);
}

TEST_CASE("when the policy is static, then the timeline has nothing after the start") {
  RingNetwork net;
  net.add_sessions();
  overload(net);
  FakeDatapath path(net.view);
  Recorder recorder;
  TimelineDriver driver(Controller{ControllerOptions{}}, recorder.listener());
  CHECK(driver.next_due() == ModelTime{0});
  driver.run_due(ModelTime{0}, path);
  CHECK(path.applied.size() == 2);
  CHECK(recorder.logs.size() == 2);
  CHECK(driver.next_due() == ModelTime::never());

  SECTION("and a change of policy starts the ticks on the next multiple of the period") {
    driver.set_policy(ms(30), SlicePolicyKind::reactive);
    CHECK(driver.next_due() == ms(40));
  }
}

TEST_CASE("when a link fails, then routes change after detection and control channel delay") {
  RingNetwork net;
  FakeDatapath path(net.view);
  Recorder recorder;
  TimelineDriver driver(Controller{ControllerOptions{}}, recorder.listener());
  driver.run_due(ModelTime{0}, path);
  path.applied.clear();
  net.link(net.s2_s3).up = false;
  driver.on_event(ms(5), LinkStateEvent{net.s2_s3, false});
  CHECK(driver.next_due() == ms(15));
  driver.run_due(ms(15), path);
  CHECK(path.applied.empty());
  CHECK(driver.next_due() == ms(16));
  driver.run_due(ms(16), path);
  REQUIRE(path.applied.size() == 1);
  CHECK(path.applied[0].cause.find("link s2-s3 down: routes: ") == 0);
  CHECK(recorder.logs.back().at == ms(16));
  CHECK(driver.next_due() == ModelTime::never());
}

TEST_CASE(
    "when actions fall due together, then they run by time, then in the order in which they were queued") {
  RingNetwork net;
  net.add_sessions();
  overload(net);
  FakeDatapath path(net.view);
  Recorder recorder;
  ControllerOptions options;
  options.policy = SlicePolicyKind::reactive;
  options.prepare = false;
  options.control_channel_delay = Duration{0};
  TimelineDriver driver(Controller{options}, recorder.listener());
  driver.run_due(ModelTime{0}, path);
  recorder.logs.clear();
  const int reads = path.reads;
  driver.on_event(ms(20), HandoverEvent{net.ue1, net.gnb2});  // behind the tick of the same time
  driver.on_event(ms(10), HandoverEvent{net.ue2, net.gnb2});
  driver.on_event(ms(10), HandoverEvent{net.ue2, net.gnb2});
  driver.run_due(ms(20), path);
  REQUIRE(recorder.logs.size() == 4);
  CHECK(recorder.logs[0].at == ms(10));
  CHECK(recorder.logs[0].set.cause == "handover of ue2 from gnb1 to gnb2");
  CHECK(recorder.logs[1].set.changes.empty());  // the second asks for what is done already
  CHECK_FALSE(recorder.logs[1].result);
  CHECK(recorder.logs[2].set.author == "controller.reactive");
  CHECK(recorder.logs[3].set.cause == "handover of ue1 from gnb1 to gnb2");
  CHECK(path.reads == reads + 2);  // one look a moment
  CHECK(driver.next_due() == ms(40));
}

TEST_CASE("when the data path refuses routes, then the next event programs every switch from scratch") {
  RingNetwork net;
  FakeDatapath path(net.view);
  Recorder recorder;
  TimelineDriver driver(Controller{ControllerOptions{}}, recorder.listener());
  path.refuse = true;
  driver.run_due(ModelTime{0}, path);
  REQUIRE(recorder.logs.size() == 1);
  CHECK_FALSE(recorder.logs[0].result);
  path.refuse = false;
  driver.on_event(ms(1), LinkStateEvent{net.s1_s2, true});
  driver.run_due(ms(100), path);
  REQUIRE(path.applied.size() == 1);
  const auto changes = all_of_type<SetForwarding>(path.applied[0]);
  REQUIRE(changes.size() == 4);
  for (const auto& change : changes) CHECK(change.clear_first);
}

TEST_CASE("when the same controller runs in real time, then its answers come back through drain") {
  RingNetwork net;
  net.add_sessions();
  overload(net);
  FakeDatapath path(net.view);
  Recorder recorder;
  ControllerOptions options;
  options.policy = SlicePolicyKind::reactive;
  options.prepare = false;
  options.period = milliseconds(1);
  AsioDriver driver(Controller{options}, recorder.listener());
  driver.start(path);
  REQUIRE(path.applied.size() == 2);
  driver.on_event(ms(1), HandoverEvent{net.ue1, net.gnb2});
  const auto has = [&](const std::string& author, const std::string& cause) {
    return std::any_of(recorder.logs.begin(), recorder.logs.end(), [&](const ChangeLog& log) {
      return log.set.author == author && log.set.cause.find(cause) != std::string::npos;
    });
  };
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool handover = false;
  bool shares = false;
  pollfd bell{driver.wait_descriptor(), POLLIN, 0};
  while (!(handover && shares) && std::chrono::steady_clock::now() < limit) {
    REQUIRE(poll(&bell, 1, 20'000) == 1);
    driver.drain(ms(2), path);
    handover = has("controller.sessions", "handover of ue1 from gnb1 to gnb2");
    shares = has("controller.reactive", "slice v2x in s1-s2");
  }
  CHECK(handover);
  CHECK(shares);
  driver.stop();
}
