// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NSAC: counts, refusals and early availability check of slices.
#include "controller/smf/slice_admission.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kiriko;
using smf::AcuFailureReason;
using smf::PduSessionId;

namespace {

const SNssai massive_iot{sst::miot};

std::string ue(std::uint32_t number) { return "imsi-" + std::to_string(number); }

}  // namespace

TEST_CASE("when a slice is full, then UEs and PDU sessions are refused with their cause until one goes") {
  smf::SliceAdmission admission;
  REQUIRE(admission.set_maxima(massive_iot, {.ues = 2, .pdu_sessions = 3}));
  enum class Step : std::uint8_t { add_ue, remove_ue, add_session, remove_session };
  struct Case {
    Step step;
    std::uint32_t ue;
    std::uint8_t session;
    std::optional<AcuFailureReason> refused;
    smf::SliceAdmission::Counts counts;
  };
  const std::vector<Case> cases{
      {Step::add_ue, 1, 0, {}, {1, 0}},
      {Step::add_ue, 1, 0, {}, {1, 0}},  // told twice, counted once
      {Step::add_ue, 2, 0, {}, {2, 0}},
      {Step::add_ue, 3, 0, AcuFailureReason::exceed_max_ue_num, {2, 0}},
      {Step::add_ue, 2, 0, {}, {2, 0}},  // one of those counted is never refused
      {Step::remove_ue, 9, 0, {}, {2, 0}},
      {Step::remove_ue, 1, 0, {}, {1, 0}},
      {Step::add_ue, 3, 0, {}, {2, 0}},
      {Step::add_session, 3, 1, {}, {2, 1}},
      {Step::add_session, 3, 2, {}, {2, 2}},
      {Step::add_session, 3, 2, {}, {2, 2}},
      {Step::add_session, 2, 1, {}, {2, 3}},
      {Step::add_session, 2, 2, AcuFailureReason::exceed_max_pdu_num, {2, 3}},
      {Step::remove_session, 3, 1, {}, {2, 2}},
      {Step::remove_session, 3, 1, {}, {2, 2}},
      {Step::add_session, 2, 2, {}, {2, 3}},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO("step " << i);
    const Case& each = cases[i];
    smf::SliceAdmission::Admission result{};
    switch (each.step) {
      case Step::add_ue: result = admission.add_ue(massive_iot, ue(each.ue)); break;
      case Step::remove_ue: admission.remove_ue(massive_iot, ue(each.ue)); break;
      case Step::add_session:
        result = admission.add_pdu_session(massive_iot, ue(each.ue), PduSessionId{each.session});
        break;
      case Step::remove_session:
        admission.remove_pdu_session(massive_iot, ue(each.ue), PduSessionId{each.session});
        break;
    }
    CHECK(result.has_value() == !each.refused);
    if (each.refused && !result) CHECK(result.error() == *each.refused);
    CHECK(admission.counts(massive_iot) == each.counts);
  }
  std::size_t refusals = 0;
  for (const auto& event : admission.take_events())
    refusals += std::holds_alternative<smf::AdmissionRefused>(event);
  CHECK(refusals == 2);
  CHECK(admission.take_events().empty());
}

TEST_CASE("when a slice fills up, then early availability check begins, and ends only well below") {
  smf::SliceAdmission admission;
  REQUIRE(admission.set_maxima(massive_iot, {.ues = 10, .eac_begins_percent = 80, .eac_ends_percent = 50}));
  std::uint32_t count = 0;
  const auto active = [&] { return admission.is_early_availability_check_active(massive_iot); };
  while (count < 7) CHECK(admission.add_ue(massive_iot, ue(count++)));
  CHECK_FALSE(active());
  CHECK(admission.add_ue(massive_iot, ue(count++)));
  CHECK(active());
  while (count > 5) admission.remove_ue(massive_iot, ue(--count));
  CHECK(active());
  admission.remove_ue(massive_iot, ue(--count));
  CHECK_FALSE(active());
  const auto events = admission.take_events();
  REQUIRE(events.size() == 2);
  CHECK(std::get<smf::EarlyAvailabilityCheck>(events[0]).active);
  CHECK(std::get<smf::EarlyAvailabilityCheck>(events[0]).ues == 8);
  CHECK_FALSE(std::get<smf::EarlyAvailabilityCheck>(events[1]).active);
}

TEST_CASE("when maxima are lowered, then nobody is thrown out and nobody comes in") {
  smf::SliceAdmission admission;
  REQUIRE(admission.set_maxima(massive_iot, {.ues = 3}));
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(admission.add_ue(massive_iot, ue(i)));
  REQUIRE(admission.set_maxima(massive_iot, {.ues = 1}));
  CHECK(admission.counts(massive_iot).ues == 3);
  CHECK_FALSE(admission.add_ue(massive_iot, ue(4)));
  REQUIRE(admission.set_maxima(massive_iot, {}));
  CHECK(admission.add_ue(massive_iot, ue(4)));
}

TEST_CASE("when a slice is not known or its maxima make no sense, then this is told") {
  smf::SliceAdmission admission;
  CHECK(admission.add_ue(massive_iot, ue(1)).error() == AcuFailureReason::slice_not_found);
  CHECK(admission.add_pdu_session(massive_iot, ue(1), PduSessionId{1}).error() ==
        AcuFailureReason::slice_not_found);
  CHECK_FALSE(
      admission.set_maxima(massive_iot, {.ues = 5, .eac_begins_percent = 50, .eac_ends_percent = 60}));
  CHECK_FALSE(admission.set_maxima(massive_iot, {.ues = 5, .eac_begins_percent = 101}));
  CHECK_FALSE(admission.is_subject(massive_iot));
  CHECK(to_string(AcuFailureReason::exceed_max_pdu_num) == "EXCEED_MAX_PDU_NUM");
}
