// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Establishment, modification and release of PDU sessions (TS 29.244 clauses 7.5.2, 7.5.4, 7.5.6).
#include <algorithm>
#include <limits>

#include "vnf/upf/build_session.hpp"
#include "vnf/upf/check_rules.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

std::string session_name(const std::string& upf, Seid seid) {
  return upf + ", session " + std::to_string(seid.value);
}

/// Runs `undo` when the last copy of a Commit is gone, whether it was run or not.
template <class Undo>
std::shared_ptr<void> when_forgotten(Undo undo) {
  return {nullptr, [undo = std::move(undo)](void*) { undo(); }};
}

}  // namespace

Result<Commit> Upf::prepare(const Change& change) {
  if (const auto* establish = std::get_if<EstablishPduSession>(&change)) return prepare_establish(*establish);
  if (const auto* modify = std::get_if<ModifyPduSession>(&change)) return prepare_modify(*modify);
  if (const auto* release = std::get_if<ReleasePduSession>(&change)) return prepare_release(*release);
  if (const auto* port = std::get_if<SetPortState>(&change))
    return Commit{[this, port = *port](ModelTime, Exits&) { roles_.set_up(port.port, port.up); }};
  if (const auto* state = std::get_if<SetNodeState>(&change))
    return Commit{[this, running = state->running](ModelTime, Exits& exits) {
      if (!running)
        buffers_.empty_all([this, &exits](Packet* packet) { drop(packet, DropReason::node_failed, exits); });
    }};
  return unsupported_change("upf", change);
}

Result<void> Upf::check_free(const PduSessionRules& rules) const {
  const std::string where = session_name(name_, rules.seid);
  const auto leaving = [this](Seid seid) { return reserved_->releasing.contains(seid.value); };
  if ((sessions_.find(rules.seid) != SessionTable::none && !leaving(rules.seid)) ||
      reserved_->establishing.contains(rules.seid.value))
    return refuse(PfcpCause::rule_creation_modification_failure, where, "the SEID is in use");
  const auto taken = [&](const FlatTable<std::uint32_t>& table, const std::set<std::uint32_t>& reserved,
                         std::uint32_t key) {
    const SessionIndex holder = table.find(key);
    return reserved.contains(key) ||
           (holder != SessionTable::none && !leaving(sessions_.session(holder).seid()));
  };
  for (const auto& pdr : rules.pdrs) {
    const std::string at = where + ", PDR " + std::to_string(pdr.id.value);
    if (pdr.pdi.local_f_teid) {
      if (taken(sessions_.by_teid(), reserved_->teids, pdr.pdi.local_f_teid->teid.value))
        return refuse(PfcpCause::rule_creation_modification_failure, at,
                      "another session has this local F-TEID",
                      "TEID " + std::to_string(pdr.pdi.local_f_teid->teid.value));
    } else if (taken(sessions_.by_ue_address(), reserved_->ue_addresses, pdr.pdi.ue_ip_address->value)) {
      return refuse(PfcpCause::rule_creation_modification_failure, at, "another session has this UE address",
                    to_string(*pdr.pdi.ue_ip_address));
    }
  }
  return {};
}

Result<Commit> Upf::prepare_establish(const EstablishPduSession& change) {
  const PduSessionRules& rules = change.rules;
  const std::string where = session_name(name_, rules.seid);
  if (auto checked = check_rules(rules, address_, where); !checked) return fail(checked.error());
  for (const auto& pdr : rules.pdrs)
    if (pdr.pdi.sdf_filters.size() > std::numeric_limits<std::uint8_t>::max())
      return refuse(PfcpCause::no_resources_available, where + ", PDR " + std::to_string(pdr.id.value),
                    "too many SDF filters", std::to_string(pdr.pdi.sdf_filters.size()), "at most 255");
  if (SessionLayout::of(rules).lines > SessionTable::most_lines)
    return refuse(PfcpCause::no_resources_available, where, "the session's rules are too large");
  if (auto checked = check_free(rules); !checked) return fail(checked.error());

  reserved_->establishing.insert(rules.seid.value);
  for (const auto& pdr : rules.pdrs) {
    if (pdr.pdi.local_f_teid)
      reserved_->teids.insert(pdr.pdi.local_f_teid->teid.value);
    else
      reserved_->ue_addresses.insert(pdr.pdi.ue_ip_address->value);
  }
  auto shared = std::make_shared<const PduSessionRules>(rules);
  auto reservation = when_forgotten([reserved = reserved_, shared] {
    reserved->establishing.erase(shared->seid.value);
    for (const auto& pdr : shared->pdrs) {
      if (pdr.pdi.local_f_teid)
        reserved->teids.erase(pdr.pdi.local_f_teid->teid.value);
      else
        reserved->ue_addresses.erase(pdr.pdi.ue_ip_address->value);
    }
  });
  return Commit{[this, shared, reservation](ModelTime at, Exits&) { commit_establish(*shared, at); }};
}

Result<Commit> Upf::prepare_modify(const ModifyPduSession& change) {
  const std::string where = session_name(name_, change.seid);
  const SessionIndex id = sessions_.find(change.seid);
  if (id == SessionTable::none || reserved_->releasing.contains(change.seid.value))
    return refuse(PfcpCause::session_context_not_found, where, "there is no such session");
  auto merged = updated(rules_.at(change.seid.value), change.update);
  if (!merged)
    return refuse(PfcpCause::rule_creation_modification_failure, where,
                  "the session has no such " + std::string(to_string(merged.error().kind)),
                  std::to_string(merged.error().id));
  if (auto checked = check_rules(*merged, address_, where); !checked) return fail(checked.error());
  const PduSessionUpdate& update = change.update;
  if (!update.create_pdrs.empty() || !update.create_fars.empty() || !update.create_qers.empty() ||
      !update.create_urrs.empty() || !update.remove_pdrs.empty() || !update.remove_fars.empty() ||
      !update.remove_qers.empty() || !update.remove_urrs.empty() || !update.update_pdrs.empty() ||
      !update.update_urrs.empty())
    return refuse(PfcpCause::service_not_supported, where, "only FARs and QERs are updated so far");
  return Commit{[this, change](ModelTime at, Exits& exits) { commit_modify(change, at, exits); }};
}

Result<Commit> Upf::prepare_release(const ReleasePduSession& change) {
  if (sessions_.find(change.seid) == SessionTable::none || reserved_->releasing.contains(change.seid.value))
    return refuse(PfcpCause::session_context_not_found, session_name(name_, change.seid),
                  "there is no such session");
  reserved_->releasing.insert(change.seid.value);
  auto reservation =
      when_forgotten([reserved = reserved_, seid = change.seid] { reserved->releasing.erase(seid.value); });
  return Commit{
      [this, seid = change.seid, reservation](ModelTime, Exits& exits) { commit_release(seid, exits); }};
}

FarEntry Upf::far_entry(const ForwardingActionRule& rule) {
  FarEntry far{
      .peer = 0, .teid = 0, .action = rule.action, .destination_and_dscp = 0, .port = FarEntry::port_by_role};
  const auto destination =
      rule.destination_interface == DestinationInterface::access        ? FarEntry::Destination::access
      : rule.destination_interface == DestinationInterface::vn_internal ? FarEntry::Destination::vn_internal
                                                                        : FarEntry::Destination::core;
  far.destination_and_dscp =
      static_cast<std::uint8_t>(static_cast<unsigned>(destination) << 6 | (rule.dscp.value_or(0) & 0x3fU));
  if (rule.action == ApplyAction::buffer) {
    far.peer = buffers_.open();
  } else if (rule.action == ApplyAction::forward && rule.outer_header_creation) {
    far.peer = rule.outer_header_creation->address.value;
    far.teid = rule.outer_header_creation->teid.value;
    const PortRole role = destination == FarEntry::Destination::access ? PortRole::n3 : PortRole::n9;
    if (const auto port = roles_.direct(role, rule.outer_header_creation->address)) far.port = port->value;
  }
  return far;
}

void Upf::commit_establish(const PduSessionRules& rules, ModelTime at) {
  const SessionLayout layout = SessionLayout::of(rules);
  const SessionIndex id = sessions_.allocate(static_cast<std::uint16_t>(layout.lines));
  build_session(sessions_.session(id), layout, rules, mbr_burst_, at,
                [this](const ForwardingActionRule& rule) { return far_entry(rule); });
  sessions_.publish(id);
  rules_[rules.seid.value] = rules;
}

void Upf::commit_modify(const ModifyPduSession& change, ModelTime at, Exits& exits) {
  const SessionIndex id = sessions_.find(change.seid);
  if (id == SessionTable::none) return;
  const Session session = sessions_.session(id);
  PduSessionRules& rules = rules_.at(change.seid.value);
  if (auto merged = updated(rules, change.update)) rules = std::move(*merged);
  for (const auto& qer : rules.qers)
    if (const int index = qer_index(session, qer.id); index >= 0)
      replace_qer(session, static_cast<std::size_t>(index), qer, mbr_burst_, at);
  for (const auto& update : change.update.update_fars)
    for (const auto& far : rules.fars)
      if (const int index = far_index(session, far.id); far.id == update.id && index >= 0)
        replace_far(session, session.fars()[index], far, at, exits);
}

void Upf::replace_far(const Session& session, FarEntry& far, const ForwardingActionRule& rule, ModelTime at,
                      Exits& exits) {
  const FarEntry old_far = far;
  if (old_far.action == ApplyAction::buffer && rule.action == ApplyAction::buffer)
    return;  // it goes on buffering
  far = far_entry(rule);
  choose_lanes(session);
  const bool had_tunnel = old_far.action == ApplyAction::forward && old_far.teid != 0;
  const bool has_tunnel = far.action == ApplyAction::forward && far.teid != 0;
  if (had_tunnel && has_tunnel && old_far.destination() == FarEntry::Destination::access &&
      !old_far.same_tunnel(far))
    send_end_marker(old_far, SliceId{session.block->slice}, at, exits);
  if (old_far.action != ApplyAction::buffer) return;
  buffers_.close(old_far.peer, [&](Packet* packet) {
    if (far.action == ApplyAction::drop) return drop(packet, DropReason::far_drop, exits);
    PacketMetadata& metadata = metadata_of(packet);
    if (at > metadata.time) {
      const std::int64_t waited = metadata.queueing_ns + (at - metadata.time).ns;
      metadata.queueing_ns = static_cast<std::uint32_t>(std::min<std::int64_t>(waited, 0xffffffff));
      metadata.time = at;
    }
    release(packet, far, exits);
  });
}

void Upf::commit_release(Seid seid, Exits& exits) {
  const SessionIndex id = sessions_.find(seid);
  if (id == SessionTable::none) return;
  const Session session = sessions_.session(id);
  for (std::size_t i = 0; i < session.block->far_count; ++i)
    if (session.fars()[i].action == ApplyAction::buffer)
      buffers_.close(session.fars()[i].peer,
                     [&](Packet* packet) { drop(packet, DropReason::far_drop, exits); });
  sessions_.remove(id);
  rules_.erase(seid.value);
}

}  // namespace kiriko::upf
