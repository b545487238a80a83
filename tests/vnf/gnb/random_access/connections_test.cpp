// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// An idle device's packets wait for its connection, those of a connected one do not; none is lost without a reason.
#include "vnf/gnb/random_access/connections.hpp"

#include <catch2/catch.hpp>

#include "core/packet/packet_pool.hpp"

using namespace kiriko;

namespace {

class Bed {
 public:
  explicit Bed(ConnectionParameters parameters = usual())
      : connections(parameters, {parameters.barring, {.factor = 0.01, .time = seconds(100)}}, 1, 2) {}
  ~Bed() {
    for (const Admitted& each : admitted) exits.consume(each.packet);
  }

  static ConnectionParameters usual() {
    ConnectionParameters parameters{.needed = true};
    parameters.random_access.harq_error = 0;
    parameters.setup = milliseconds(50);
    parameters.inactivity = seconds(1);
    parameters.buffer = 250;
    return parameters;
  }

  Connections::Answer ask(ModelTime now, std::uint32_t device, bool downlink = false,
                          std::uint32_t slice = 0) {
    Packet* packet = pool.allocate();
    REQUIRE(packet != nullptr);
    metadata_of(packet) = {.time = now, .birth = now, .device = device};
    exits.ledger().in += 1;
    const auto answer = connections.ask(UeIndex{0}, slice, packet, 100, downlink, now);
    if (answer == Connections::Answer::full) exits.drop(packet, DropReason::radio_buffer_full);
    if (answer == Connections::Answer::go) exits.consume(packet);
    return answer;
  }
  void run_all() {
    while (connections.next_time() != ModelTime::never())
      connections.run(connections.next_time(), exits, admitted);
  }

  PacketPool pool = *PacketPool::create("connections", 1024);
  Exits exits{&pool, {}};
  Connections connections;
  std::vector<Admitted> admitted;
};

constexpr ModelTime at_ms(std::int64_t ms) { return ModelTime{ms * 1'000'000}; }

}  // namespace

TEST_CASE(
    "when an idle device sends, then its packets wait for random access and set-up, in order, and later ones "
    "do not") {
  Bed bed;
  CHECK(bed.ask(at_ms(1), 7) == Connections::Answer::wait);
  CHECK(bed.ask(at_ms(2), 7) == Connections::Answer::wait);
  CHECK(bed.ask(at_ms(3), 7) == Connections::Answer::full);  // 250 octets may wait
  CHECK(bed.connections.held() == 2);
  bed.run_all();
  REQUIRE(bed.admitted.size() == 2);
  CHECK(bed.connections.held() == 0);
  const ModelTime connected = metadata_of(bed.admitted[0].packet).time;
  CHECK(connected >=
        at_ms(5 + 3 + 1 + 5 + 5 + 50));  // the opportunity at 5 ms, answered, contention resolved, set up
  CHECK(metadata_of(bed.admitted[1].packet).time == connected);
  CHECK(metadata_of(bed.admitted[0].packet).birth < metadata_of(bed.admitted[1].packet).birth);
  CHECK(metadata_of(bed.admitted[0].packet).queueing_ns == (connected - at_ms(1)).ns);
  CHECK(bed.ask(connected + milliseconds(1), 7) == Connections::Answer::go);
  // Each packet keeps the connection for another second, then the device is idle.
  CHECK(bed.ask(connected + milliseconds(900), 7) == Connections::Answer::go);
  CHECK(bed.ask(connected + milliseconds(1800), 7) == Connections::Answer::go);
  CHECK(bed.ask(connected + milliseconds(2900), 7) == Connections::Answer::wait);
  // Another device of the group has its own connection.
  CHECK(bed.ask(connected + milliseconds(1900), 8) == Connections::Answer::wait);
  bed.run_all();
  CHECK(bed.connections.counts().successes == 3);
}

TEST_CASE("when a downlink packet comes for an idle device, then it waits for the paging occasion as well") {
  ConnectionParameters parameters = Bed::usual();
  parameters.paging_cycle = milliseconds(1280);
  parameters.setup = Duration{};
  double waited_ms = 0;
  constexpr std::uint32_t devices = 500;
  parameters.buffer = 1000;
  Bed bed{parameters};
  for (std::uint32_t device = 1; device <= devices; ++device)
    CHECK(bed.ask(at_ms(0), device, true) == Connections::Answer::wait);
  bed.run_all();
  REQUIRE(bed.admitted.size() + bed.exits.ledger().dropped_total() == devices);
  for (const Admitted& each : bed.admitted) {
    CHECK(each.downlink);
    CHECK(metadata_of(each.packet).time <= at_ms(1280 + 500));
    waited_ms += (metadata_of(each.packet).time - at_ms(0)).milliseconds();
  }
  CHECK(waited_ms / static_cast<double>(bed.admitted.size()) == Approx(640 + 27).epsilon(0.1));
}

TEST_CASE("when random access fails, then the packets go by a named exit and the device may try again") {
  ConnectionParameters parameters = Bed::usual();
  parameters.random_access.preambles = 1;
  parameters.random_access.preamble_transmissions = 2;
  parameters.random_access.backoff = Duration{};
  Bed bed{parameters};
  bed.ask(at_ms(1), 1);
  bed.ask(at_ms(1), 2);
  bed.run_all();
  CHECK(bed.admitted.empty());
  CHECK(bed.connections.counts().failures == 2);
  CHECK(bed.exits.ledger().dropped[static_cast<std::size_t>(DropReason::random_access_failed)] == 2);
  bed.ask(at_ms(1000), 1);
  bed.run_all();
  CHECK(bed.connections.counts().failures + bed.connections.counts().successes == 3);
}

TEST_CASE("when a UE is detached meanwhile, then what waits drops and its random access comes to nothing") {
  Bed bed;
  bed.ask(at_ms(1), 3);
  bed.connections.detach(UeIndex{0}, bed.exits);
  CHECK(bed.connections.held() == 0);
  CHECK(bed.exits.ledger().dropped[static_cast<std::size_t>(DropReason::radio_detached)] == 1);
  bed.run_all();
  CHECK(bed.admitted.empty());
  bed.connections.attach(UeIndex{0}, at_ms(500));
  CHECK(bed.ask(at_ms(600), 0) == Connections::Answer::go);
  CHECK(bed.ask(at_ms(600), 3) == Connections::Answer::wait);
  bed.run_all();
}

TEST_CASE(
    "when a device comes back before its abandoned random access has ended, then it gets one connection of "
    "its own") {
  ConnectionParameters parameters = Bed::usual();
  parameters.random_access.preambles = 1;  // with another device at work nobody gets through
  parameters.random_access.preamble_transmissions = 3;
  parameters.random_access.backoff = Duration{};
  Bed bed{parameters};
  bed.ask(at_ms(1), 1);
  bed.ask(at_ms(1), 2);
  bed.connections.run(at_ms(8), bed.exits, bed.admitted);  // both have collided once
  bed.connections.detach(UeIndex{0}, bed.exits);
  bed.ask(at_ms(9), 1);
  // The first ones fail at 33 ms; the opportunity after that is at 35 ms, and with the set-up nothing is through before 99 ms.
  bed.connections.run(at_ms(95), bed.exits, bed.admitted);
  CHECK(bed.connections.held() == 1);
  bed.run_all();
  // The abandoned procedures ended, and device 1's second one was neither ended by the first's outcome nor run beside it.
  CHECK(bed.connections.counts().requests == 3);
  CHECK(bed.connections.counts().successes + bed.connections.counts().failures == 3);
  CHECK(bed.connections.held() == 0);
  CHECK(bed.admitted.size() + bed.exits.ledger().dropped_total() == 3);
}

TEST_CASE("when connections are not asked for, then every packet goes on") {
  Bed bed{ConnectionParameters{}};
  CHECK(bed.ask(at_ms(1), 9) == Connections::Answer::go);
  CHECK(bed.connections.next_time() == ModelTime::never());
}

TEST_CASE("when a released device is inactive, then it resumes sooner than an idle one is set up") {
  const auto wait_after = [](Duration pause) {
    ConnectionParameters parameters = Bed::usual();
    parameters.inactive = seconds(10);
    parameters.resume = milliseconds(15);
    Bed bed(parameters);
    CHECK(bed.ask(at_ms(1), 7) == Connections::Answer::wait);
    bed.run_all();
    const ModelTime connected = metadata_of(bed.admitted[0].packet).time;
    // Aligned to the opportunities, so that both wait as long for theirs.
    const ModelTime again{(connected.ns / 5'000'000 + 1) * 5'000'000 + pause.ns};
    CHECK(bed.ask(again, 7) == Connections::Answer::wait);
    bed.run_all();
    REQUIRE(bed.admitted.size() == 2);
    return std::pair{metadata_of(bed.admitted[1].packet).time - again, bed.connections.resumed()};
  };
  const auto inactive = wait_after(seconds(5)), idle = wait_after(seconds(50));
  CHECK(idle.first - inactive.first == milliseconds(35));
  CHECK(inactive.second == 1);
  CHECK(idle.second == 0);
}

TEST_CASE("when slices have barring of their own, then only the barred one's devices wait for it") {
  Bed bed;
  bed.ask(at_ms(1), 1, false, 0);
  bed.ask(at_ms(1), 2, false, 1);
  bed.run_all();
  REQUIRE(bed.admitted.size() == 2);
  CHECK(metadata_of(bed.admitted[0].packet).device == 1);
  CHECK(metadata_of(bed.admitted[0].packet).time < at_ms(200));
  CHECK(metadata_of(bed.admitted[1].packet).time > at_ms(60'000));
}

TEST_CASE(
    "when a connected device sleeps, then downlink packets wait for its on-duration in order, uplink ones do "
    "not") {
  ConnectionParameters parameters = Bed::usual();
  parameters.drx = {
      .cycle = milliseconds(320), .on_duration = milliseconds(10), .inactivity = milliseconds(50)};
  parameters.inactivity = seconds(10);
  // Its sleep begins at 50 ms. Of one cycle's steps of a millisecond it listens in ten.
  int listening = 0;
  for (std::int64_t ms = 100; ms < 420; ++ms) {
    Bed other(parameters);
    other.connections.attach(UeIndex{0}, at_ms(0));
    const bool go = other.ask(at_ms(ms), 0, true) == Connections::Answer::go;
    listening += go ? 1 : 0;
    if (go) continue;
    CHECK(other.connections.next_time() > at_ms(ms));
    CHECK(other.connections.next_time() <= at_ms(ms + 320));
    CHECK(other.ask(at_ms(ms) + nanoseconds(1), 0, true) == Connections::Answer::wait);
    const ModelTime wakes = other.connections.next_time();
    other.connections.run(wakes, other.exits, other.admitted);
    REQUIRE(other.admitted.size() == 2);
    CHECK(metadata_of(other.admitted[0].packet).time == wakes);
    CHECK(metadata_of(other.admitted[0].packet).birth < metadata_of(other.admitted[1].packet).birth);
    CHECK(other.ask(wakes + milliseconds(49), 0, true) == Connections::Answer::go);
  }
  Bed bed(parameters);
  bed.connections.attach(UeIndex{0}, at_ms(0));
  CHECK(bed.ask(at_ms(40), 0, true) == Connections::Answer::go);
  ModelTime bed_time = at_ms(100);
  // One that sends while a packet waits gets it at once.
  const auto asleep = [&] { return bed.ask(bed_time, 0, true) == Connections::Answer::wait; };
  while (!asleep()) bed_time = bed_time + milliseconds(51);
  CHECK(bed.ask(bed_time + nanoseconds(1), 0, false) == Connections::Answer::go);
  CHECK(bed.connections.next_time() == bed_time + nanoseconds(1));
  bed.run_all();
  REQUIRE(bed.admitted.size() == 1);
  CHECK(metadata_of(bed.admitted[0].packet).time == bed_time + nanoseconds(1));
  // What waits when it goes to another cell goes there with it, and its wake-up comes to nothing.
  while (!asleep()) bed_time = bed_time + milliseconds(51);
  CHECK(bed.connections.held() == 1);
  std::vector<Packet*> taken;
  bed.connections.take_back(UeIndex{0}, taken);
  REQUIRE(taken.size() == 1);
  CHECK(bed.connections.held() == 0);
  bed.exits.consume(taken[0]);
  bed.run_all();
  CHECK(bed.admitted.size() == 1);
  CHECK(listening >= 9);
  CHECK(listening <= 10);
  CHECK(bed.connections.held() == 0);
}
