// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UPFs that fail, restart, recover and leave: when the SMF notices, and where sessions go.
#include "tests/controller/smf/n4_bed.hpp"

using namespace kiriko;

namespace {

constexpr std::uint32_t load = 50;

std::vector<smf::SmContextRef> establish_many(N4Bed& bed) {
  bed.run_for(milliseconds(10));
  std::vector<smf::SmContextRef> refs;
  for (std::uint32_t i = 1; i <= load; ++i)
    refs.push_back(bed.smf.establish(bed.session_request(i), bed.now));
  bed.run_for(milliseconds(20));
  REQUIRE(bed.upfs[0].sessions().size() == load);
  return refs;
}

}  // namespace

TEST_CASE(
    "when a UPF dies under load, then its heartbeats stay away and its sessions are at the standby in time") {
  N4Bed bed(2);
  const auto refs = establish_many(bed);
  bed.run_until(ModelTime{} + milliseconds(1500));
  // Its last answer was to the heartbeat of about 1 s; the next one goes out an interval later.
  const ModelTime died = bed.now;
  bed.upfs[0].die();
  bed.smf.switch_path(refs[3], N4Bed::gnb_tunnel(refs[3], 2), bed.now);  // caught in the middle
  bed.run_for(seconds(3));

  const auto failed = bed.events_of<smf::UpfFailed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].second.upf == N4Bed::upf_id(0));
  const Duration noticed = failed[0].first.at - died;
  CHECK(noticed <= N4Bed::heartbeat_interval + N4Bed::t1 * N4Bed::n1);
  CHECK(noticed >= N4Bed::t1 * N4Bed::n1);
  CHECK(failed[0].second.last_heard <= died);

  const auto moved = bed.events_of<smf::SessionMoved>();
  REQUIRE(moved.size() == load);
  for (const auto& [event, what] : moved) {
    CHECK((what.from == N4Bed::upf_id(0) && what.to == N4Bed::upf_id(1)));
    // Establishment at the standby and the gNB's answer: one round trip each.
    CHECK(event.at - failed[0].first.at == N4Bed::wire_delay * 2 + N4Bed::access_delay);
    CHECK(what.without_upf == event.at - failed[0].second.last_heard);
  }
  CHECK(bed.upfs[1].sessions().size() == load);
  for (const auto& [seid, session] : bed.upfs[1].sessions()) {
    REQUIRE(session.established.pfcpsereq_flags);
    CHECK(session.established.pfcpsereq_flags->resti);
    bool forwards = false;
    for (const auto& far : session.established.create_fars)
      if (far.far_id == downlink_far) forwards = far.apply_action.forw;
    CHECK(forwards);  // the gNB's F-TEID is known
  }
  for (const auto ref : refs) {
    CHECK(bed.smf.find(ref)->state == smf::SmState::active);
    CHECK(bed.smf.find(ref)->uplink.address == Ipv4Address{10, 2, 0, 2});
  }
  // The handover that was under way holds at the standby.
  CHECK(bed.smf.find(refs[3])->rules.fars[2].outer_header_creation->address == Ipv4Address{10, 1, 0, 2});
}

TEST_CASE("when a UPF comes back with its sessions, then those left in it are deleted and all return") {
  N4Bed bed(2);
  const auto refs = establish_many(bed);
  bed.upfs[0].die();
  bed.run_for(seconds(3));
  REQUIRE(bed.upfs[1].sessions().size() == load);
  bed.upfs[0].wake();
  bed.run_for(seconds(3));
  CHECK(bed.count<smf::UpfRecovered>() == 1);
  CHECK(bed.upfs[0].sessions().size() == load);
  CHECK(bed.upfs[0].deletions() == static_cast<int>(load));
  CHECK(bed.upfs[1].sessions().empty());
  for (const auto ref : refs) CHECK(bed.smf.find(ref)->upf == N4Bed::upf_id(0));
}

TEST_CASE("when a UPF restarts unseen, then its recovery time stamp tells and the sessions are made anew") {
  N4Bed bed(1);
  const auto refs = establish_many(bed);
  bed.upfs[0].restart();
  bed.run_for(seconds(3));
  CHECK(bed.count<smf::UpfRestarted>() == 1);
  CHECK(bed.count<smf::UpfFailed>() == 0);
  CHECK(bed.count<smf::SessionWithoutUpf>() == load);
  CHECK(bed.upfs[0].sessions().size() == load);
  for (const auto ref : refs) CHECK(bed.smf.find(ref)->state == smf::SmState::active);
}

TEST_CASE("when a UPF has lost its association, then the first refused request tells") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  bed.upfs[0].restart();
  bed.smf.switch_path(ref, N4Bed::gnb_tunnel(ref, 2), bed.now);
  bed.run_for(milliseconds(100));
  CHECK(bed.count<smf::UpfRestarted>() == 1);
  CHECK(bed.upfs[0].sessions().size() == 1);
  CHECK(bed.smf.find(ref)->state == smf::SmState::active);
}

TEST_CASE("when no UPF is left, then sessions wait without one until one is there") {
  N4Bed bed(1);
  const auto refs = establish_many(bed);
  bed.upfs[0].die();
  bed.run_for(seconds(3));
  CHECK(bed.count<smf::SessionWithoutUpf>() == load);
  CHECK(bed.smf.find(refs[0])->state == smf::SmState::without_upf);
  bed.smf.switch_path(refs[0], N4Bed::gnb_tunnel(refs[0], 2), bed.now);
  bed.smf.release(refs[1], bed.now);
  bed.run_for(milliseconds(10));
  bed.upfs[0].restart();
  bed.run_for(seconds(3));
  CHECK(bed.upfs[0].sessions().size() == load - 1);
  CHECK(bed.smf.find(refs[0])->rules.fars[2].outer_header_creation->address == Ipv4Address{10, 1, 0, 2});
}

TEST_CASE("when a UPF asks to be released, then its sessions go elsewhere before the association does") {
  N4Bed bed(2);
  const auto refs = establish_many(bed);
  bed.upfs[0].ask_for_release(N4Bed::smf_address(), bed.now);
  bed.run_for(seconds(2));
  CHECK(bed.count<smf::UpfReleased>() == 1);
  CHECK(bed.upfs[0].sessions().empty());
  CHECK(bed.upfs[0].deletions() == static_cast<int>(load));
  CHECK(bed.upfs[1].sessions().size() == load);
  CHECK_FALSE(bed.upfs[0].is_associated(N4Bed::smf_address()));
  for (const auto& [event, what] : bed.events_of<smf::SessionMoved>()) CHECK(what.without_upf == Duration{0});
  for (const auto ref : refs) CHECK(bed.smf.find(ref)->state == smf::SmState::active);
}

TEST_CASE("when a UPF is not there at first, then the association is tried again until it is") {
  N4Bed bed(1);
  bed.upfs[0].die();
  bed.run_for(seconds(5));
  CHECK(bed.count<smf::UpfAssociated>() == 0);
  bed.upfs[0].wake();
  bed.run_for(seconds(2));
  CHECK(bed.count<smf::UpfAssociated>() == 1);
  bed.establish();
}
