// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU sessions: establishment, handover, change of anchor and back.
#include "controller/apps/sessions.hpp"

#include <set>

#include "tests/controller/ring_network.hpp"

using namespace kiriko;

namespace {

const PacketDetectionRule* first_match(const PduSessionRules& rules, SourceInterface source,
                                       Ipv4Address remote, std::uint16_t remote_port,
                                       std::uint16_t local_port) {
  const PacketDetectionRule* best = nullptr;
  for (const auto& pdr : rules.pdrs) {
    if (pdr.pdi.source_interface != source) continue;
    const bool matches =
        pdr.pdi.sdf_filters.empty() ||
        std::any_of(pdr.pdi.sdf_filters.begin(), pdr.pdi.sdf_filters.end(), [&](const SdfFilter& f) {
          const auto* prefix = std::get_if<Ipv4Prefix>(&f.remote);
          const auto within = [](const std::vector<SdfPortRange>& ranges, std::uint16_t port) {
            return ranges.empty() ||
                   std::any_of(ranges.begin(), ranges.end(), [port](const SdfPortRange& range) {
                     return port >= range.low && port <= range.high;
                   });
          };
          return (!f.protocol || *f.protocol == 17) && (prefix == nullptr || prefix->contains(remote)) &&
                 within(f.remote_ports, remote_port) && within(f.local_ports, local_port);
        });
    if (matches && (best == nullptr || pdr.precedence < best->precedence)) best = &pdr;
  }
  return best;
}

std::optional<Qfi> qfi_of(const PduSessionRules& rules, const PacketDetectionRule& pdr) {
  for (const auto& qer : rules.qers)
    if (qer.qfi && std::find(pdr.qers.begin(), pdr.qers.end(), qer.id) != pdr.qers.end()) return qer.qfi;
  return std::nullopt;
}

bool under_ambr(const PduSessionRules& rules, const PacketDetectionRule& pdr) {
  for (const auto& qer : rules.qers)
    if (qer.session_ambr && std::find(pdr.qers.begin(), pdr.qers.end(), qer.id) != pdr.qers.end())
      return true;
  return false;
}

}  // namespace

TEST_CASE("when sessions are established, then UPF, gNB and UE agree on tunnels and ports") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  const ChangeSet set = plan_sessions(net.view, state);
  const auto established = all_of_type<EstablishPduSession>(set);
  const auto attached = all_of_type<AttachUe>(set);
  REQUIRE(established.size() == 2);
  REQUIRE(attached.size() == 2);
  CHECK(all_of_type<SetActivePort>(set).size() == 2);
  std::set<Teid> uplink_teids;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& rules = established[i].rules;
    const auto& context = attached[i].context;
    CHECK(established[i].node == net.edge_upf);
    CHECK(attached[i].node == net.gnb1);
    CHECK(context.ue_address == net.view.sessions[i].ue_address);
    CHECK(context.upf_address == *net.node(net.edge_upf).address);
    CHECK(net.node(net.gnb1).ports[context.port.value].peer == context.ue);
    const auto* uplink = first_match(rules, SourceInterface::access, *net.node(net.h1).address, 80, 4000);
    REQUIRE(uplink != nullptr);
    REQUIRE(uplink->pdi.local_f_teid);
    CHECK(*uplink->pdi.local_f_teid == FTeid{context.uplink_teid, context.upf_address});
    CHECK(uplink->outer_header_removal);
    const auto far = std::find_if(rules.fars.begin(), rules.fars.end(),
                                  [](const auto& f) { return f.id == downlink_far; });
    REQUIRE(far != rules.fars.end());
    REQUIRE(far->outer_header_creation);
    CHECK(*far->outer_header_creation ==
          OuterHeaderCreation{context.downlink_teid, *net.node(net.gnb1).address});
    CHECK(context.downlink_teid.value != 0);
    uplink_teids.insert(context.uplink_teid);
  }
  CHECK(uplink_teids.size() == 2);
}

TEST_CASE("when packets of a session are classified, then QFI, AMBR and the way out are right") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  const PduSessionRules rules = plan_session_rules(net.view, LocalSwitching(net.view, state.placements),
                                                   state.placements[0], net.view.sessions[0]);
  using enum SourceInterface;
  const Ipv4Address ue2{10, 60, 0, 2};
  const Ipv4Address h1{10, 0, 0, 1};
  const Ipv4Address h2{10, 0, 0, 2};
  struct Case {
    const char* what;
    SourceInterface from;
    Ipv4Address remote;
    std::uint16_t remote_port, local_port;
    Qfi qfi;
    FarId far;
    bool ambr;
  };
  const std::vector<Case> cases{
      {"control to the other UE stays in the UPF; GBR is not under the AMBR", access, ue2, 5000, 1, Qfi{1},
       local_switch_far, false},
      {"control from the other UE, switched locally", vn_internal, ue2, 1, 5000, Qfi{1}, downlink_far, false},
      {"video up", access, h2, 6000, 1, Qfi{2}, uplink_far, true},
      {"video down to the UE's port", core, h2, 1, 6000, Qfi{2}, downlink_far, true},
      {"another port of the same peer", access, h2, 6001, 1, Qfi{9}, uplink_far, true},
      {"other traffic to the other UE", access, ue2, 80, 1, Qfi{9}, local_switch_far, true},
      {"anything else up", access, h1, 80, 1, Qfi{9}, uplink_far, true},
      {"anything else down", core, h1, 80, 1, Qfi{9}, downlink_far, true},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    const auto* pdr = first_match(rules, c.from, c.remote, c.remote_port, c.local_port);
    REQUIRE(pdr != nullptr);
    CHECK(qfi_of(rules, *pdr) == c.qfi);
    CHECK(pdr->far == c.far);
    CHECK(under_ambr(rules, *pdr) == c.ambr);
    CHECK(pdr->urrs.size() == 1);
  }
  std::set<PdrId> ids;
  for (const auto& pdr : rules.pdrs) ids.insert(pdr.id);
  CHECK(ids.size() == rules.pdrs.size());
}

TEST_CASE(
    "when tunnels are marked by 5QI, then each DSCP has a downlink FAR, and a handover turns them all") {
  RingNetwork net;
  net.add_sessions();
  SessionView& session = net.view.sessions[0];
  session.mark_by_five_qi = true;
  session.flows = {{.qfi = Qfi{1}, .five_qi = 86, .port = 5000},
                   {.qfi = Qfi{2}, .five_qi = 2, .port = 6000},
                   {.qfi = Qfi{3}, .five_qi = 1, .port = 7000},
                   {.qfi = Qfi{4}, .five_qi = 8, .port = 8000}};
  SessionsState state;
  plan_sessions(net.view, state);
  const PduSessionRules rules =
      plan_session_rules(net.view, LocalSwitching(net.view, state.placements), state.placements[0], session);
  const auto dscp_of = [&](std::uint16_t local_port) -> std::optional<std::uint8_t> {
    const auto* pdr = first_match(rules, SourceInterface::core, Ipv4Address{10, 0, 0, 1}, 1, local_port);
    REQUIRE(pdr != nullptr);
    const auto far =
        std::find_if(rules.fars.begin(), rules.fars.end(), [&](const auto& f) { return f.id == pdr->far; });
    REQUIRE(far != rules.fars.end());
    CHECK(far->outer_header_creation);
    return far->dscp;
  };
  CHECK(dscp_of(5000) == 46);  // delay-critical
  CHECK(dscp_of(6000) == 34);  // conversational video
  CHECK(dscp_of(7000) == 46);
  CHECK(dscp_of(8000) == 0);
  CHECK(dscp_of(9) == 0);         // the default flow's 5QI 9
  CHECK(rules.fars.size() == 5);  // up, local, and down: best effort, EF, AF41
  const ChangeSet set = plan_handover(net.view, {net.ue1, net.gnb2}, state);
  const auto modify = all_of_type<ModifyPduSession>(set).at(0);
  REQUIRE(modify.update.update_fars.size() == 3);
  int end_markers = 0;
  for (const auto& far : modify.update.update_fars) {
    CHECK(far.outer_header_creation->value().address == *net.node(net.gnb2).address);
    end_markers += far.send_end_marker;
  }
  CHECK(end_markers == 3);  // the UPF sends one a tunnel
}

TEST_CASE("when the other UE is at another UPF, then its traffic leaves by N6") {
  RingNetwork net;
  net.add_sessions();
  net.view.sessions[1].upf = net.core_upf;
  SessionsState state;
  plan_sessions(net.view, state);
  const PduSessionRules rules = plan_session_rules(net.view, LocalSwitching(net.view, state.placements),
                                                   state.placements[0], net.view.sessions[0]);
  const Ipv4Address ue2{10, 60, 0, 2};
  for (const std::uint16_t port : {std::uint16_t{5000}, std::uint16_t{80}})
    CHECK(first_match(rules, SourceInterface::access, ue2, port, 1)->far == uplink_far);
}

TEST_CASE("when a UE hands over, then the changes come in the order of TS 23.502 clause 4.9.1.2.2") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  const Teid old_teid = state.placements[0].downlink_teid;
  const ChangeSet set = plan_handover(net.view, {net.ue1, net.gnb2}, state);
  CHECK(names_of(set) ==
        std::vector<std::string>{"AttachUe", "SetActivePort", "ModifyPduSession", "DetachUe"});
  const auto attach = all_of_type<AttachUe>(set).at(0);
  const auto modify = all_of_type<ModifyPduSession>(set).at(0);
  CHECK(attach.node == net.gnb2);
  CHECK(attach.context.downlink_teid != old_teid);
  CHECK(attach.context.uplink_teid == state.placements[0].uplink_teid);
  CHECK(net.node(net.gnb2).ports[attach.context.port.value].peer == net.ue1);
  CHECK(net.node(net.ue1).ports[all_of_type<SetActivePort>(set).at(0).port.value].peer == net.gnb2);
  CHECK(modify.node == net.edge_upf);
  CHECK(modify.seid == state.placements[0].seid);
  REQUIRE(modify.update.update_fars.size() == 1);
  CHECK(modify.update.update_fars[0].id == downlink_far);
  CHECK(modify.update.update_fars[0].outer_header_creation ==
        OuterHeaderCreation{attach.context.downlink_teid, *net.node(net.gnb2).address});
  const auto detach = all_of_type<DetachUe>(set).at(0);
  CHECK(detach.node == net.gnb1);
  CHECK(set.cause == "handover of ue1 from gnb1 to gnb2");
  // Data forwarding: the source sends into the tunnel that the target has for it.
  REQUIRE(detach.forward);
  CHECK(detach.forward->gnb == *net.node(net.gnb2).address);
  CHECK(detach.forward->teid == attach.context.forwarding_teid);
  CHECK(attach.context.forwarding_teid != Teid{});
  CHECK(attach.context.forwarding_teid != attach.context.downlink_teid);
}

TEST_CASE("when data cannot or shall not be forwarded, then the target waits for nothing") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  SECTION("not wanted") {
    for (auto& session : net.view.sessions) session.data_forwarding = false;
  }
  SECTION("no way to the target") {
    for (const PortView& port : net.node(net.gnb2).ports)
      if (!port.radio) net.view.links[port.link.value].up = false;
  }
  SECTION("no UPF that could send an end marker") { net.node(net.edge_upf).running = false; }
  const ChangeSet set = plan_handover(net.view, {net.ue1, net.gnb2}, state);
  CHECK(all_of_type<AttachUe>(set).at(0).context.forwarding_teid == Teid{});
  CHECK(!all_of_type<DetachUe>(set).at(0).forward);
}

TEST_CASE("when a handover cannot be done, then nothing changes and the cause says why") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  SECTION("already there") {
    const auto set = plan_handover(net.view, {net.ue1, net.gnb1}, state);
    CHECK(set.changes.empty());
    CHECK(set.cause == "no handover of ue1 to gnb1: no PDU session to move");
  }
  SECTION("no radio port") {
    const auto set = plan_handover(net.view, {net.ue1, net.h1}, state);
    CHECK(set.changes.empty());
    CHECK(set.cause == "no handover of ue1 to h1: the UE has no port to it");
  }
  SECTION("target down") {
    net.node(net.gnb2).running = false;
    const auto set = plan_handover(net.view, {net.ue1, net.gnb2}, state);
    CHECK(set.changes.empty());
    CHECK(state.placements[0].serving_gnb == net.gnb1);
  }
}

TEST_CASE(
    "when the anchor fails and runs again, then its sessions move to the standby and, with revert, back") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  plan_handover(net.view, {net.ue1, net.gnb2}, state);
  const auto at_edge = state.placements;

  net.node(net.edge_upf).running = false;
  const ChangeSet failure = plan_anchor_failure(net.view, net.edge_upf, state);
  CHECK(names_of(failure) ==
        std::vector<std::string>{"EstablishPduSession", "EstablishPduSession", "AttachUe", "AttachUe"});
  CHECK(failure.cause == "UPF edge failed: 2 sessions to core");
  for (const auto& e : all_of_type<EstablishPduSession>(failure)) CHECK(e.node == net.core_upf);
  const auto attach = all_of_type<AttachUe>(failure);
  CHECK(attach[0].node == net.gnb2);  // where the UE is by now
  CHECK(attach[0].context.upf_address == *net.node(net.core_upf).address);
  CHECK(attach[0].context.uplink_teid != at_edge[0].uplink_teid);
  CHECK(attach[0].context.downlink_teid == at_edge[0].downlink_teid);
  CHECK(plan_anchor_failure(net.view, net.edge_upf, state).changes.empty());

  net.node(net.edge_upf).running = true;
  SECTION("revert") {
    const ChangeSet recovery = plan_anchor_recovery(net.view, net.edge_upf, true, state);
    CHECK(names_of(recovery) == std::vector<std::string>{"ReleasePduSession", "ReleasePduSession",
                                                         "EstablishPduSession", "EstablishPduSession",
                                                         "AttachUe", "AttachUe", "ReleasePduSession",
                                                         "ReleasePduSession"});
    const auto released = all_of_type<ReleasePduSession>(recovery);
    CHECK(released[0].node == net.edge_upf);
    CHECK(released[0].seid == at_edge[0].seid);
    CHECK(released[2].node == net.core_upf);
    CHECK(all_of_type<EstablishPduSession>(recovery)[0].rules.seid != at_edge[0].seid);
    CHECK(state.anchors() == SessionAnchors{net.edge_upf, net.edge_upf});
  }
  SECTION("no revert") {
    const ChangeSet recovery = plan_anchor_recovery(net.view, net.edge_upf, false, state);
    CHECK(names_of(recovery) == std::vector<std::string>{"ReleasePduSession", "ReleasePduSession"});
    CHECK(state.anchors() == SessionAnchors{net.core_upf, net.core_upf});
  }
}

TEST_CASE("when no standby runs, then sessions wait for the first UPF that runs again, even without revert") {
  RingNetwork net;
  net.add_sessions();
  SessionsState state;
  plan_sessions(net.view, state);
  net.node(net.edge_upf).running = net.node(net.core_upf).running = false;
  const ChangeSet failure = plan_anchor_failure(net.view, net.edge_upf, state);
  CHECK(failure.changes.empty());
  CHECK(failure.cause == "UPF edge failed; 2 without a running standby");
  net.node(net.core_upf).running = true;
  CHECK(all_of_type<EstablishPduSession>(plan_anchor_recovery(net.view, net.core_upf, false, state)).size() ==
        2);
}
