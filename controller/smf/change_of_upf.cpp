// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Change of UPF: after a failure or a restart (TS 23.527 clause 4), back to a wished one, or away from one that leaves.
#include <algorithm>

#include "controller/smf/smf.hpp"

namespace kiriko::smf {

ProcedureList::Whole Smf::change_of_upf(SmContextPtr context, NodeId from) {
  (void)co_await move_in_turn(context, from);
}

/// True if the session has another UPF now.
Procedure<bool> Smf::move(SmContextPtr context, NodeId from) {
  // Released, or moved by an earlier turn.
  if (context->state == SmState::released || context->upf != from) co_return false;
  const bool source_lives = n4_.is_reachable(from);
  const Seid source_seid = context->up_seid;
  const FTeid source_uplink = context->uplink;
  const PduSessionRules source_rules = context->rules;
  std::vector<NodeId> targets = candidates(*context);
  if (source_lives) {
    // From one that lives only to one that is wished more; from one that leaves to any.
    const auto current = std::find(targets.begin(), targets.end(), from);
    targets.erase(current, targets.end());
    if (targets.empty()) co_return false;
  }
  // 1. N4 session establishment at the new UPF, with the gNB's F-TEID as far as it is known.
  const bool established = co_await establish_n4(context, targets, !source_lives);
  if (!established && source_lives) {
    context->upf = from;
    context->up_seid = source_seid;
    context->uplink = source_uplink;
    context->rules = source_rules;
    co_return false;
  }
  if (!source_lives && from != no_node && source_seid != Seid{}) leave_behind(from, source_seid);
  if (!established) {
    if (context->state != SmState::without_upf) tell(context->ref, SessionWithoutUpf{from});
    context->state = SmState::without_upf;
    co_return false;
  }
  context->state = context->downlink ? SmState::active : SmState::idle;
  // 2. N2: the gNB sends to the new UPF from now on.
  if (context->downlink) (void)co_await ask_access(*context, ModifyResources{context->uplink});
  // 3. N4 session release at the old UPF, where it lives.
  if (source_lives) {
    const N4Answer answer = co_await n4_.request(from, source_seid, pfcp::SessionDeletionRequest{}, now_);
    if (!answer) leave_behind(from, source_seid);
  }
  SessionMoved moved{.from = from, .to = context->upf, .without_upf = {}};
  if (!source_lives) moved.without_upf = now_ - context->without_upf_since;
  tell(context->ref, moved);
  co_return true;
}

Procedure<bool> Smf::move_in_turn(SmContextPtr context, NodeId from) {
  const Turns::Turn turn = co_await context->turns;
  co_return co_await move(context, from);
}

// TS 29.244 clause 6.2.8: sessions first, then the association.
ProcedureList::Whole Smf::release_of_upf(NodeId upf) {
  std::vector<SmContextPtr> sessions;
  for (const auto& [ref, context] : contexts_)
    if (context->upf == upf) sessions.push_back(context);
  for (const SmContextPtr& context : sessions) (void)co_await move_in_turn(context, upf);
  n4_.release(upf, now_);
  // Those that no other UPF takes are without one.
  for (const SmContextPtr& context : sessions) {
    if (context->upf == upf) context->without_upf_since = now_;
    (void)co_await move_in_turn(context, upf);
  }
}

void Smf::leave_behind(NodeId upf, Seid up_seid) {
  if (n4_.is_reachable(upf))
    start(deletion_of_stale_sessions(upf, {up_seid}));
  else
    stale_[upf].push_back(up_seid);
}

// What was left in a UPF: most often one that failed and has come back without a restart. All at once, so that it is
// ahead of what is established there anew.
ProcedureList::Whole Smf::deletion_of_stale_sessions(NodeId upf, std::vector<Seid> up_seids) {
  std::vector<Reply<N4Answer>> replies;
  replies.reserve(up_seids.size());
  for (const Seid up_seid : up_seids)
    replies.push_back(n4_.request(upf, up_seid, pfcp::SessionDeletionRequest{}, now_));
  for (std::size_t i = 0; i < replies.size(); ++i) {
    N4Answer answer = co_await replies[i];
    while (!answer && answer.error() == N4Failure::timed_out && n4_.is_reachable(upf))
      answer = co_await n4_.request(upf, up_seids[i], pfcp::SessionDeletionRequest{}, now_);
    if (!answer) stale_[upf].push_back(up_seids[i]);
  }
}

}  // namespace kiriko::smf
