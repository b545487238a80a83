// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF with N4 switched on: datagrams and packets together, failure, and two workers against one.
#include <algorithm>
#include <utility>

#include "tests/core/engine/engine_bed.hpp"
#include "tests/vnf/upf/n4/wild_session.hpp"
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;
using pfcp::Cause;

namespace {

const Options n4_on{{"n4", {"true"}}, {"ue_pools", {"internet=10.45.0.0/16"}}, {"n4_heartbeat", {"1h"}}};

DeliverControlMessage to_upf(NodeId node, const pfcp::Message& message, std::uint32_t sequence,
                             std::optional<Seid> seid = std::nullopt) {
  const auto octets = pfcp::encode({.seid = seid, .sequence = pfcp::SequenceNumber{sequence}}, message);
  REQUIRE(octets);
  return {node, {.peer = smf_peer, .octets = *octets}};
}

pfcp::AssociationSetupRequest association() {
  pfcp::AssociationSetupRequest setup;
  setup.node_id = smf_ip;
  setup.recovery_time_stamp = pfcp::NtpTime{1000};
  return setup;
}

/// The fixture's UPF, spoken to by PFCP.
class N4Upf : public UpfUnderTest {
 public:
  N4Upf() : UpfUnderTest(n4_on) {
    REQUIRE(ask<pfcp::AssociationSetupResponse>(association()).cause == Cause::request_accepted);
  }
  void tell(const pfcp::Message& message, std::optional<Seid> seid = std::nullopt, ModelTime at = {}) {
    REQUIRE(apply(to_upf(NodeId{}, message, ++sequence_, seid), at).empty());
  }
  template <class Response>
  Response ask(const pfcp::Message& message, std::optional<Seid> seid = std::nullopt, ModelTime at = {}) {
    exits.told().clear();
    tell(message, seid, at);
    return last<Response>();
  }
  /// The last one told of its type.
  template <class Message>
  Message last() {
    auto& told = exits.told();
    for (auto each = told.rbegin(); each != told.rend(); ++each) {
      const auto undecoded = pfcp::decode_header(each->message.octets);
      REQUIRE(undecoded);
      auto message = pfcp::decode_body(undecoded->header.type, undecoded->body);
      REQUIRE(message);
      if (auto* found = std::get_if<Message>(&*message)) return *found;
    }
    FAIL("nothing of the type was told");
    return {};
  }
  /// Wakes the function as it has asked for.
  void wake(ModelTime at) {
    exits.clear_wake_request();
    function->wake(at, exits);
    exits.flush_all();
  }

 private:
  std::uint32_t sequence_{};
};

constexpr Ipv4Address pool_ue{10, 45, 0, 2};

pfcp::SessionEstablishmentRequest session_of_fixture() { return wild_session(pool_ue); }

}  // namespace

TEST_CASE("when an SMF drives the UPF by PFCP, then packets pass, wait and are counted as its rules say") {
  N4Upf upf;
  const auto session = upf.ask<pfcp::SessionEstablishmentResponse>(session_of_fixture(), Seid{0});
  REQUIRE(session.cause == Cause::request_accepted);
  REQUIRE(session.created_pdrs.size() == 3);
  const std::uint32_t uplink_teid = session.created_pdrs[0].local_f_teid->teid.value;
  CHECK(session.created_pdrs[0].local_f_teid->ipv4 == upf_address);
  const Seid seid = session.up_f_seid->seid;

  upf.send(on_n3(g_pdu(uplink_teid, 1, datagram(pool_ue, server, 1, 2))), n3, ModelTime{} + milliseconds(1));
  CHECK(upf.at(n6).size() == 1);

  // The downlink waits, and the SMF hears of it.
  upf.exits.told().clear();
  const ModelTime arrived = ModelTime{} + milliseconds(2);
  upf.send(ethernet(datagram(server, pool_ue, 2, 1)), n6, arrived);
  CHECK(upf.at(n3).empty());
  CHECK(upf.report().held == 1);
  CHECK(upf.exits.wake_request() == arrived);
  upf.wake(arrived);
  const auto report = upf.last<pfcp::SessionReportRequest>();
  CHECK(report.report_type.dldr);
  CHECK(report.downlink_data_report->pdr_ids == std::vector{PdrId{1}});
  CHECK(upf.exits.told().back().at == arrived);

  // Its answer comes, then the gNB's tunnel.
  pfcp::SessionModificationRequest forward;
  forward.update_fars = {to_gnb(0x500, gnb_address)};
  const auto forwarded =
      upf.ask<pfcp::SessionModificationResponse>(forward, seid, ModelTime{} + milliseconds(5));
  CHECK(forwarded.cause == Cause::request_accepted);
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).gtpu.teid == 0x500);

  const auto deleted =
      upf.ask<pfcp::SessionDeletionResponse>(pfcp::SessionDeletionRequest{}, seid, ModelTime{} + seconds(9));
  CHECK(deleted.cause == Cause::request_accepted);
  REQUIRE(deleted.usage_reports.size() == 1);
  CHECK(deleted.usage_reports[0].usage_report_trigger.termr);
  REQUIRE(deleted.usage_reports[0].volume_measurement);
  CHECK(deleted.usage_reports[0].volume_measurement->uplink_packets == 1);
  CHECK(deleted.usage_reports[0].volume_measurement->downlink_packets == 1);
  CHECK(deleted.usage_reports[0].end_time == pfcp::ntp_time(unix_epoch + 9));
  CHECK(upf.metric("sessions") == 0);
  CHECK(upf.metric("n4_establishments") == 1);
  CHECK(upf.metric("n4_modifications") == 1);
  CHECK(upf.metric("n4_deletions") == 1);
  upf.check_conservation();
}

TEST_CASE("when a refusal comes from the user plane, then its cause and rule are told and counted") {
  N4Upf upf;
  auto request = session_of_fixture();
  request.create_pdrs[1].pdi.local_f_teid = chosen_by_smf(0x1234, upf_address);
  request.create_pdrs[3].pdi.local_f_teid = chosen_by_smf(0x1234, upf_address);
  REQUIRE(upf.ask<pfcp::SessionEstablishmentResponse>(request, Seid{0}).cause == Cause::request_accepted);
  const auto refused = upf.ask<pfcp::SessionEstablishmentResponse>(request, Seid{0});
  CHECK(refused.cause == Cause::rule_creation_or_modification_failure);
  CHECK(refused.failed_rule_id);
  CHECK(upf.metric("n4_refused_rule_failure") == 1);
  CHECK(upf.metric("sessions") == 1);
}

TEST_CASE("when the UPF has failed, then it says nothing until it is back, and then has what it had") {
  N4Upf upf;
  REQUIRE(upf.ask<pfcp::SessionEstablishmentResponse>(session_of_fixture(), Seid{0}).cause ==
          Cause::request_accepted);
  REQUIRE(upf.apply(SetNodeState{NodeId{}, false}, ModelTime{} + seconds(1)).empty());
  upf.exits.told().clear();
  pfcp::HeartbeatRequest heartbeat;
  heartbeat.recovery_time_stamp = pfcp::NtpTime{1000};
  upf.tell(heartbeat, std::nullopt, ModelTime{} + seconds(2));
  CHECK(upf.exits.told().empty());

  // Its own heartbeat was due meanwhile, and goes now.
  const ModelTime back = ModelTime{} + seconds(7200);
  REQUIRE(upf.apply(SetNodeState{NodeId{}, true}, back).empty());
  for (const auto& told : upf.exits.told()) CHECK(told.at == back);
  const auto answer = upf.ask<pfcp::HeartbeatResponse>(heartbeat, std::nullopt, back + seconds(1));
  CHECK(answer.recovery_time_stamp == pfcp::ntp_time(unix_epoch));
  CHECK(upf.metric("n4_sessions") == 1);
}

namespace {

struct Told {
  ModelTime at;
  NodeId node;
  ControlMessage message;
  friend bool operator==(const Told&, const Told&) = default;
};

/// Delivers messages at their times.
class Script final : public Schedule {
 public:
  explicit Script(Emulation& emulation) : emulation_(emulation) {}
  void at(ModelTime time, Change change) { changes_.emplace_back(time, std::move(change)); }
  ModelTime next_due() override {
    return next_ < changes_.size() ? changes_[next_].first : ModelTime::never();
  }
  void run_due(ModelTime now) override {
    for (; next_ < changes_.size() && changes_[next_].first <= now; ++next_)
      REQUIRE(emulation_.apply({"script", "test", {changes_[next_].second}}));
  }

 private:
  Emulation& emulation_;
  std::vector<std::pair<ModelTime, Change>> changes_{};
  std::size_t next_{};
};

/// Four UPFs in a ring, each with an SMF and many sessions; everything that they say within three seconds.
std::vector<Told> all_told(std::uint32_t workers) {
  PacketPool pool = kiriko::test::make_pool(1023);
  kiriko::test::GraphMaker maker;
  constexpr std::uint32_t upfs = 4;
  for (std::uint32_t i = 0; i < upfs; ++i) {
    FunctionSetup setup;
    setup.name = "upf" + std::to_string(i);
    std::vector<Problem> problems;
    Options options = n4_on;
    options["n4_heartbeat"] = {std::to_string(100 + 10 * i) + "ms"};
    options["n4_t1"] = {"70ms"};
    if (i % 2 == 1) options["n4_smfs"] = {to_string(other_smf_ip)};
    setup.options = *OptionValues::parse(upf_descriptor.options, options, &problems);
    setup.address = upf_address;
    setup.mac = MacAddress::local(upf_address.value);
    setup.ports.resize(2);
    auto created = upf_descriptor.create(setup);
    REQUIRE(created);
    maker.add(setup.name, std::move(*created), false);
    maker.graph.nodes.back().tells = true;
  }
  for (std::uint32_t i = 0; i < upfs; ++i) maker.link(i, (i + 1) % upfs, {.delay = microseconds(50)});
  Emulation emulation(Emulation::Setup{.graph = std::move(maker.graph),
                                       .pool = &pool,
                                       .workers = workers,
                                       .control_lookahead = milliseconds(1)});
  std::vector<Told> told;
  emulation.subscribe([&](ModelTime at, const NetworkEvent& event) {
    const auto& message = std::get<ControlMessageEvent>(event);
    told.push_back({at, message.node, message.message});
  });
  Script script(emulation);
  for (std::uint32_t step = 0; step < 40; ++step)
    for (std::uint32_t i = 0; i < upfs; ++i) {
      const ModelTime at = ModelTime{} + milliseconds(7 * step);
      if (step == 0)
        script.at(at, to_upf(NodeId{i}, association(), 1));
      else
        script.at(at, to_upf(NodeId{i},
                             wild_session(Ipv4Address{10, 45, static_cast<std::uint8_t>(i),
                                                      static_cast<std::uint8_t>(step)}),
                             step + 1, Seid{0}));
    }
  const std::atomic<bool> stop{false};
  emulation.run(ModelTime{} + seconds(3), script, stop, [](ModelTime) {});
  return told;
}

}  // namespace

TEST_CASE(
    "when UPFs speak PFCP in parts of their own, then every octet comes in the same order with any workers") {
  const auto one = all_told(1);
  CHECK(one.size() > 4 * 40);
  CHECK(one == all_told(2));
  // Two were given an SMF and have spoken before anybody spoke to them.
  const auto by_itself = [](const Told& told) {
    return told.message.peer == other_smf_peer && told.at == ModelTime{};
  };
  CHECK(std::count_if(one.begin(), one.end(), by_itself) == 2);
}
