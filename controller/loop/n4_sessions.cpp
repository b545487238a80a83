// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Between the view's sessions and the SMF: who is asked what, what gNBs and UEs are told, what the log says.
#include "controller/loop/n4_sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kiriko {
namespace {

constexpr auto author = "controller.smf";
/// The SMF's on N4 (RFC 5737: of nobody). The channel is modelled by its delay, so it is a name, not a route.
constexpr Ipv4Address smf_address{0xc000'0201};
/// 2026-01-01, as the UPF's option n4_epoch has it.
constexpr std::int64_t epoch = 1'767'225'600;

smf::SmfOptions smf_options(const N4SessionsOptions& options) {
  smf::SmfOptions smf;
  smf.address = smf_address;
  smf.revert = options.revert;
  smf.n4.endpoint.node_id = smf_address;
  smf.n4.endpoint.recovery_time_stamp = pfcp::ntp_time(epoch);
  smf.n4.endpoint.t1 = options.t1;
  smf.n4.endpoint.n1 = options.n1;
  smf.n4.endpoint.heartbeat_interval = options.heartbeat;
  return smf;
}

bool is_running(const NetworkView& view, NodeId node) {
  return node.value < view.nodes.size() && view.nodes[node.value].running;
}

std::vector<NodeId> candidates_of(const SessionView& session) {
  std::vector<NodeId> upfs{session.upf};
  upfs.insert(upfs.end(), session.standby_upfs.begin(), session.standby_upfs.end());
  return upfs;
}

std::string sessions_text(std::size_t count) {
  return fmt::format("{} PDU session{}", count, count == 1 ? "" : "s");
}

}  // namespace

N4Sessions::N4Sessions(const N4SessionsOptions& options) : options_(options), smf_(smf_options(options)) {
  smf_.set_local_switching([this]() -> const LocalSwitching& { return local_switching(); });
}

std::vector<ScheduledChangeSet> N4Sessions::start(const NetworkView& view) {
  view_ = view;
  ChangeSet planned = plan_sessions(view, state_);
  anchors_ = state_.anchors();
  local_switching_ = LocalSwitching(view, state_.placements);
  refs_.assign(view.sessions.size(), {});
  // Of one UE, in the order of the scenario. An identity is an octet: a UE with more sessions is refused the rest.
  std::map<NodeId, std::uint8_t> last_id;
  for (const SessionView& session : view.sessions) {
    std::uint8_t& last = last_id[session.ue];
    if (last < 255) ++last;
    ids_.push_back(smf::PduSessionId{last});
  }
  Sets sets;
  std::erase_if(planned.changes,
                [](const Change& change) { return !std::holds_alternative<SetActivePort>(change); });
  if (!planned.changes.empty()) {
    planned.cause = fmt::format("serving gNBs of {}", sessions_text(view.sessions.size()));
    sets.push_back({Duration{}, std::move(planned)});
  }
  for (const SessionView& session : view.sessions)
    for (const NodeId upf : candidates_of(session)) {
      if (upf.value >= view.nodes.size() || upfs_.contains(upf)) continue;
      const NodeView& node = view.nodes[upf.value];
      const pfcp::PeerAddress n4{node.address.value_or(Ipv4Address{}), pfcp::pfcp_port};
      upfs_.emplace(upf, n4);
      upf_at_.emplace(n4.address, upf);
      if (node.running) awaited_.insert(upf);
      smf_.add_upf({upf, node.name, n4}, view.time);
    }
  start_by_ = view.time + Duration{options_.t1.ns * options_.n1};
  Sets more = collect(view.time);
  sets.insert(sets.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return sets;
}

std::vector<ScheduledChangeSet> N4Sessions::on_event(const NetworkEvent& event, const NetworkView& view) {
  view_ = view;
  if (const auto* handover = std::get_if<HandoverEvent>(&event)) return hand_over(*handover, view.time);
  if (const auto* node = std::get_if<NodeStateEvent>(&event); node != nullptr && node->running)
    return attach_again(node->node, view.time);
  return {};
}

std::vector<ScheduledChangeSet> N4Sessions::on_message(ModelTime now, NodeId from,
                                                       const ControlMessage& message) {
  if (const auto upf = upfs_.find(from); upf != upfs_.end()) smf_.receive(message.octets, upf->second, now);
  return collect(now);
}

std::vector<ScheduledChangeSet> N4Sessions::on_time(ModelTime now) {
  while (!answers_.empty() && answers_.begin()->first <= now) {
    const auto due = answers_.extract(answers_.begin());
    smf_.access_answered(due.mapped().first, due.mapped().second, now);
  }
  smf_.on_time(now);
  if (starting_ && start_by_ <= now) establish_all(now);
  return collect(now);
}

ModelTime N4Sessions::next_due() const {
  ModelTime due = smf_.next_due();
  if (!answers_.empty()) due = std::min(due, answers_.begin()->first);
  if (starting_) due = std::min(due, start_by_);
  return due;
}

void N4Sessions::establish(std::size_t session, ModelTime now) {
  const SessionView& wish = view_.sessions[session];
  smf::PduSessionRequest request;
  request.supi = name_of(wish.ue);
  request.id = ids_[session];
  if (wish.slice.value < view_.slices.size()) request.s_nssai = view_.slices[wish.slice.value].s_nssai;
  request.wish = wish;
  establishing_.insert(session);
  refs_[session] = smf_.establish(std::move(request), now);
  session_of_[refs_[session]] = session;
}

void N4Sessions::establish_all(ModelTime now) {
  starting_ = false;
  for (std::size_t i = 0; i < refs_.size(); ++i) establish(i, now);
}

/// TS 23.502 clause 4.9.1.2.2: as the direct way plans it, but for the N4 session modification, which is the SMF's.
std::vector<ScheduledChangeSet> N4Sessions::hand_over(const HandoverEvent& handover, ModelTime now) {
  const std::vector<SessionPlacement> before = state_.placements;
  ChangeSet set = plan_handover(view_, handover, state_);
  std::erase_if(set.changes,
                [](const Change& change) { return std::holds_alternative<ModifyPduSession>(change); });
  Sets sets{{delay(now), std::move(set)}};
  for (std::size_t i = 0; i < before.size(); ++i)
    if (state_.placements[i].serving_gnb != before[i].serving_gnb)
      if (const auto tunnel = tunnel_of(state_.placements[i])) smf_.switch_path(refs_[i], *tunnel, now);
  Sets more = collect(now);
  sets.insert(sets.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return sets;
}

/// A gNB that runs again gets its UEs' contexts, and what a UPF buffers for them.
std::vector<ScheduledChangeSet> N4Sessions::attach_again(NodeId gnb, ModelTime now) {
  ChangeSet set = plan_gnb_recovery(view_, gnb, state_);
  if (set.changes.empty()) return {};
  Sets sets{{delay(now), std::move(set)}};
  for (std::size_t i = 0; i < state_.placements.size(); ++i) {
    if (state_.placements[i].serving_gnb != gnb) continue;
    const smf::SmContext* context = smf_.find(refs_[i]);
    if (context == nullptr || context->downlink) continue;
    if (const auto tunnel = tunnel_of(state_.placements[i])) smf_.switch_path(refs_[i], *tunnel, now);
  }
  Sets more = collect(now);
  sets.insert(sets.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return sets;
}

std::optional<OuterHeaderCreation> N4Sessions::tunnel_of(const SessionPlacement& placement) const {
  if (placement.serving_gnb.value >= view_.nodes.size()) return std::nullopt;
  const NodeView& gnb = view_.nodes[placement.serving_gnb.value];
  if (!gnb.address) return std::nullopt;
  return OuterHeaderCreation{.teid = placement.downlink_teid, .address = *gnb.address};
}

/// All that the SMF wants done by now. What it hears of it at once may make it want more.
std::vector<ScheduledChangeSet> N4Sessions::collect(ModelTime now) {
  Sets sets;
  for (;;) {
    const auto events = smf_.take_events();
    const auto requests = smf_.take_access_requests();
    const auto datagrams = smf_.take_datagrams();
    if (events.empty() && requests.empty() && datagrams.empty()) break;
    for (const smf::SmfEvent& event : events) on_smf_event(event, now, sets);
    for (const smf::AccessRequest& request : requests) answer(request, now, sets);
    for (const pfcp::OutDatagram& datagram : datagrams) {
      const auto upf = upf_at_.find(datagram.to.address);
      if (upf == upf_at_.end()) continue;
      ChangeSet set{.cause = {}, .author = author, .changes = {}};
      set.changes.emplace_back(
          DeliverControlMessage{upf->second, {{smf_address, pfcp::pfcp_port}, datagram.octets}});
      sets.push_back({delay(now), std::move(set)});
    }
  }
  // An association that holds again, or not any more, may change where sessions go.
  local_switching();
  return sets;
}

/// The access network's side (N2), each way with the channel's delay.
void N4Sessions::answer(const smf::AccessRequest& request, ModelTime now, Sets& sets) {
  const ModelTime at = now + delay(now) + delay(now);
  const auto reply = [&](smf::AccessAnswer what) { answers_.emplace(at, std::pair{request.token, what}); };
  const auto session = session_of(request.session);
  const smf::SmContext* context = smf_.find(request.session);
  if (!session || context == nullptr) return reply(smf::AccessFailed{});
  SessionPlacement& placement = state_.placements[*session];
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  if (std::holds_alternative<smf::ReleaseResources>(request.what)) {
    DetachUe detach;
    detach.node = placement.serving_gnb;
    detach.ue = request.ue;
    detach.downlink_teid = placement.downlink_teid;
    if (is_running(view_, placement.serving_gnb)) set.changes.emplace_back(detach);
  } else if (!std::holds_alternative<smf::PageUe>(request.what)) {
    placement.anchor = context->upf;
    placement.seid = context->up_seid;
    placement.uplink_teid = context->uplink.teid;
    auto attach = plan_attach(view_, view_.sessions[*session], placement);
    if (!attach) return reply(smf::AccessFailed{});
    attach->context.upf_address = context->uplink.address;
    set.changes.emplace_back(*attach);
  } else if (!plan_attach(view_, view_.sessions[*session], placement)) {
    return reply(smf::AccessFailed{});
  }
  if (!set.changes.empty()) sets.push_back({delay(now), std::move(set)});
  const auto tunnel = tunnel_of(placement);
  if (std::holds_alternative<smf::SetUpResources>(request.what) && tunnel)
    reply(smf::AccessTunnel{*tunnel});
  else
    reply(smf::AccessDone{});
}

void N4Sessions::on_smf_event(const smf::SmfEvent& event, ModelTime now, Sets& sets) {
  const auto session = session_of(event.session);
  const auto& what = event.what;
  if (const auto* associated = std::get_if<smf::UpfAssociated>(&what)) {
    on_upf_answered(associated->upf, now);
  } else if (const auto* refused_by = std::get_if<smf::UpfRefusedAssociation>(&what)) {
    note(fmt::format("UPF {} refuses the PFCP association, cause {}", name_of(refused_by->upf),
                     static_cast<int>(refused_by->cause)),
         sets);
    on_upf_answered(refused_by->upf, now);
  } else if (const auto* failed = std::get_if<smf::UpfFailed>(&what)) {
    on_upf_failed(*failed, sets);
  } else if (const auto* restarted = std::get_if<smf::UpfRestarted>(&what)) {
    note(fmt::format("UPF {} has restarted: its sessions are gone", name_of(restarted->upf)), sets);
  } else if (const auto* recovered = std::get_if<smf::UpfRecovered>(&what)) {
    note(fmt::format("UPF {} answers again", name_of(recovered->upf)), sets);
  } else if (const auto* established = std::get_if<smf::SessionEstablished>(&what); established && session) {
    state_.placements[*session].anchor = established->upf;
    on_established(*session, sets);
  } else if (const auto* refused = std::get_if<smf::SessionRefused>(&what); refused && session) {
    note(fmt::format("PDU session of {} refused, 5GSM cause {}: {}", name_of(view_.sessions[*session].ue),
                     static_cast<int>(refused->refusal.cause), to_string(refused->refusal.why)),
         sets);
    session_of_.erase(refs_[*session]);
    refs_[*session] = {};
    state_.placements[*session].anchor = no_node;
    on_established(*session, sets);
  } else if (const auto* moved = std::get_if<smf::SessionMoved>(&what); moved && session) {
    state_.placements[*session].anchor = moved->to;
    on_moved(moved->from, moved->to, moved->without_upf, sets);
  } else if (const auto* without = std::get_if<smf::SessionWithoutUpf>(&what); without && session) {
    state_.placements[*session].anchor = no_node;
    on_moved(without->from, no_node, {}, sets);
  } else if (const auto* path = std::get_if<smf::PathSwitchFailed>(&what); path && session) {
    note(fmt::format("path switch of {} failed: {}", name_of(view_.sessions[*session].ue),
                     to_string(path->refusal.why)),
         sets);
  }
}

/// "PDU session establishment: 9 PDU sessions at upf2", when the last of those under way has ended.
void N4Sessions::on_established(std::size_t session, Sets& sets) {
  if (establishing_.erase(session) == 0 || !establishing_.empty()) return;
  std::map<NodeId, std::size_t> counts;
  for (const SessionPlacement& placement : state_.placements) ++counts[placement.anchor];
  std::string text;
  for (const auto& [upf, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sessions_text(count),
                        upf == no_node ? "without a UPF" : "at " + name_of(upf));
  note("PDU session establishment over N4: " + text, sets);
}

void N4Sessions::on_upf_answered(NodeId upf, ModelTime now) {
  awaited_.erase(upf);
  if (starting_) {
    if (awaited_.empty()) establish_all(now);
    return;
  }
  for (std::size_t i = 0; i < refs_.size(); ++i) {
    const auto upfs = candidates_of(view_.sessions[i]);
    if (refs_[i] == smf::SmContextRef{} && std::find(upfs.begin(), upfs.end(), upf) != upfs.end())
      establish(i, now);
  }
}

void N4Sessions::on_upf_failed(const smf::UpfFailed& failed, Sets& sets) {
  Move move;
  for (const SessionPlacement& placement : state_.placements)
    if (placement.anchor == failed.upf) ++move.left;
  note(fmt::format("UPF {} failed: no answer to {} heartbeats, last heard at {:.3f} s; {} to move",
                   name_of(failed.upf), options_.n1, static_cast<double>(failed.last_heard.ns) / 1e9,
                   sessions_text(move.left)),
       sets);
  if (move.left > 0) moves_[failed.upf] = std::move(move);
}

void N4Sessions::on_moved(NodeId from, NodeId to, Duration without_upf, Sets& sets) {
  const auto found = moves_.find(from);
  if (found == moves_.end()) return;
  Move& move = found->second;
  move.without_upf = std::max(move.without_upf, without_upf);
  if (to == no_node)
    ++move.lost;
  else
    ++move.to[to];
  if (--move.left > 0) return;
  std::string text;
  for (const auto& [upf, count] : move.to)
    text += fmt::format("{}{} to {}", text.empty() ? "" : ", ", sessions_text(count), name_of(upf));
  if (move.lost > 0)
    text += fmt::format("{}{} without a usable standby", text.empty() ? "" : ", ", sessions_text(move.lost));
  if (!move.to.empty())
    text += fmt::format("; without a UPF for {:.3f} s", static_cast<double>(move.without_upf.ns) / 1e9);
  note(fmt::format("sessions of UPF {} are elsewhere: {}", name_of(from), text), sets);
  moves_.erase(found);
}

/// A set without changes is a line in the log.
void N4Sessions::note(std::string text, Sets& sets) const {
  sets.push_back({Duration{}, {.cause = std::move(text), .author = author, .changes = {}}});
}

std::string N4Sessions::name_of(NodeId node) const {
  return node.value < view_.nodes.size() ? view_.nodes[node.value].name : "none";
}

std::optional<std::size_t> N4Sessions::session_of(smf::SmContextRef ref) const {
  const auto found = session_of_.find(ref);
  if (found == session_of_.end()) return std::nullopt;
  return found->second;
}

/// Rules are planned from where every session will be once those under way have ended, so that those of sessions
/// that move together agree. Until the start is over that is where the direct way would put them.
const LocalSwitching& N4Sessions::local_switching() {
  if (starting_) return local_switching_;
  std::vector<bool> usable;
  usable.reserve(upfs_.size());
  for (const auto& [upf, n4] : upfs_) usable.push_back(smf_.n4().is_usable(upf));
  if (usable == usable_) return local_switching_;
  usable_ = std::move(usable);
  std::vector<SessionPlacement> placements = state_.placements;
  for (std::size_t i = 0; i < placements.size(); ++i) {
    NodeId& anchor = placements[i].anchor;
    if (!options_.revert && anchor != no_node && smf_.n4().is_usable(anchor)) continue;
    const auto upfs = candidates_of(view_.sessions[i]);
    const auto first =
        std::find_if(upfs.begin(), upfs.end(), [this](NodeId upf) { return smf_.n4().is_usable(upf); });
    anchor = first == upfs.end() ? no_node : *first;
  }
  local_switching_ = LocalSwitching(view_, placements);
  SessionAnchors anchors;
  anchors.reserve(placements.size());
  for (const SessionPlacement& placement : placements) anchors.push_back(placement.anchor);
  anchors_changed_ = anchors_changed_ || anchors != anchors_;
  anchors_ = std::move(anchors);
  return local_switching_;
}

}  // namespace kiriko
