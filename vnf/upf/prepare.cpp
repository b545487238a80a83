// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a change asks for, checked against the rules of TS 29.244 and what other sessions have (clauses 7.5.2 to 7.5.6).
#include <algorithm>

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

/// What leads packets to a session: each TEID, UE address and UE prefix once.
struct Keys {
  std::set<std::uint32_t> teids, ue_addresses;
  std::set<std::uint64_t> ue_prefixes;

  explicit Keys(const PduSessionRules& rules) {
    for (const auto& pdr : rules.pdrs) {
      const PacketDetectionInformation& pdi = pdr.pdi;
      if (pdi.local_f_teid) {
        teids.insert(pdi.local_f_teid->teid.value);
        continue;
      }
      if (pdi.ue_ip_address) ue_addresses.insert(pdi.ue_ip_address->value);
      if (pdi.ue_ipv6_prefix)
        ue_prefixes.insert(prefix_key(pdi.ue_ipv6_prefix->address, pdi.ue_ipv6_prefix->length));
    }
  }
};

template <class Set, class Values>
void erase_one_of_each(Set& from, const Values& values) {
  for (const auto& value : values)
    if (const auto it = from.find(value); it != from.end()) from.erase(it);
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

std::optional<PduSessionRules> Upf::rules(Seid seid) const {
  const SessionIndex index = sessions_.find(seid);
  if (index == SessionTable::none) return std::nullopt;
  return rules_of(sessions_.session(index));
}

Result<void> Upf::check_free(const PduSessionRules& rules) const {
  const std::string where = session_name(name_, rules.seid);
  // A key is free when nobody has it, when who has it is about to be released, or when it is the session's own.
  const auto may_have = [&](SessionIndex holder) {
    if (holder == SessionTable::none) return true;
    const Seid seid = sessions_.session(holder).seid();
    return seid == rules.seid || reserved_->releasing.contains(seid.value);
  };
  const auto own = reserved_->pending.find(rules.seid.value);
  const Keys pending = own == reserved_->pending.end() ? Keys(PduSessionRules{}) : Keys(*own->second);
  for (const auto& pdr : rules.pdrs) {
    const std::string at = where + ", PDR " + std::to_string(pdr.id.value);
    const PacketDetectionInformation& pdi = pdr.pdi;
    if (pdi.local_f_teid) {
      const std::uint32_t teid = pdi.local_f_teid->teid.value;
      if (!may_have(sessions_.by_teid().find(teid)) ||
          (reserved_->teids.contains(teid) && !pending.teids.contains(teid)))
        return refuse(PfcpCause::rule_creation_modification_failure, at,
                      "another session has this local F-TEID", "TEID " + std::to_string(teid));
      continue;
    }
    if (pdi.ue_ip_address) {
      const std::uint32_t address = pdi.ue_ip_address->value;
      if (!may_have(sessions_.by_ue_address().find(address)) ||
          (reserved_->ue_addresses.contains(address) && !pending.ue_addresses.contains(address)))
        return refuse(PfcpCause::rule_creation_modification_failure, at,
                      "another session has this UE address", to_string(*pdi.ue_ip_address));
    }
    if (pdi.ue_ipv6_prefix) {
      const std::uint64_t key = prefix_key(pdi.ue_ipv6_prefix->address, pdi.ue_ipv6_prefix->length);
      if (!may_have(sessions_.find_prefix(*pdi.ue_ipv6_prefix)) ||
          (reserved_->ue_prefixes.contains(key) && !pending.ue_prefixes.contains(key)))
        return refuse(PfcpCause::rule_creation_modification_failure, at, "another session has this UE prefix",
                      to_string(*pdi.ue_ipv6_prefix));
    }
  }
  return {};
}

std::shared_ptr<void> Upf::reserve(std::shared_ptr<const PduSessionRules> rules) {
  const Keys keys(*rules);
  reserved_->teids.insert(keys.teids.begin(), keys.teids.end());
  reserved_->ue_addresses.insert(keys.ue_addresses.begin(), keys.ue_addresses.end());
  reserved_->ue_prefixes.insert(keys.ue_prefixes.begin(), keys.ue_prefixes.end());
  reserved_->pending[rules->seid.value] = rules;
  return when_forgotten([reserved = reserved_, rules, keys] {
    erase_one_of_each(reserved->teids, keys.teids);
    erase_one_of_each(reserved->ue_addresses, keys.ue_addresses);
    erase_one_of_each(reserved->ue_prefixes, keys.ue_prefixes);
    if (const auto it = reserved->pending.find(rules->seid.value);
        it != reserved->pending.end() && it->second == rules)
      reserved->pending.erase(it);
  });
}

Result<Commit> Upf::prepare_establish(const EstablishPduSession& change) {
  const PduSessionRules& rules = change.rules;
  const std::string where = session_name(name_, rules.seid);
  if (auto checked = check_rules(rules, address_, where); !checked) return fail(checked.error());
  if (SessionPlan(rules).lines > SessionTable::most_lines)
    return refuse(PfcpCause::no_resources_available, where, "the session's rules are too large");
  if ((sessions_.find(rules.seid) != SessionTable::none &&
       !reserved_->releasing.contains(rules.seid.value)) ||
      reserved_->pending.contains(rules.seid.value))
    return refuse(PfcpCause::rule_creation_modification_failure, where, "the SEID is in use");
  if (auto checked = check_free(rules); !checked) return fail(checked.error());
  auto shared = std::make_shared<const PduSessionRules>(rules);
  return Commit{[this, shared, reservation = reserve(shared)](ModelTime at, Exits& exits) {
    commit_establish(*shared, at, exits);
  }};
}

Result<Commit> Upf::prepare_modify(const ModifyPduSession& change) {
  const std::string where = session_name(name_, change.seid);
  const SessionIndex index = sessions_.find(change.seid);
  const auto pending = reserved_->pending.find(change.seid.value);
  const bool is_pending = pending != reserved_->pending.end();
  if ((index == SessionTable::none && !is_pending) ||
      (reserved_->releasing.contains(change.seid.value) && !is_pending))
    return refuse(PfcpCause::session_context_not_found, where, "there is no such session");
  auto merged = updated(is_pending ? *pending->second : rules_of(sessions_.session(index)), change.update);
  if (!merged) {
    const RuleConflict& conflict = merged.error();
    return refuse(PfcpCause::rule_creation_modification_failure, where,
                  (conflict.exists ? "the session has this " : "the session has no such ") +
                      std::string(to_string(conflict.kind)),
                  std::to_string(conflict.id));
  }
  for (const UrrId id : change.update.query_urrs)
    if (std::none_of(merged->urrs.begin(), merged->urrs.end(), [id](const auto& u) { return u.id == id; }))
      return refuse(PfcpCause::rule_creation_modification_failure, where, "the session has no such URR",
                    std::to_string(id.value));
  if (auto checked = check_rules(*merged, address_, where); !checked) return fail(checked.error());
  if (SessionPlan(*merged).lines > SessionTable::most_lines)
    return refuse(PfcpCause::no_resources_available, where, "the session's rules are too large");
  if (auto checked = check_free(*merged); !checked) return fail(checked.error());
  auto shared = std::make_shared<const PduSessionRules>(std::move(*merged));
  return Commit{[this, shared, update = change.update, reservation = reserve(shared)](
                    ModelTime at, Exits& exits) { commit_modify(*shared, update, at, exits); }};
}

Result<Commit> Upf::prepare_release(const ReleasePduSession& change) {
  const bool is_new =
      sessions_.find(change.seid) == SessionTable::none && reserved_->pending.contains(change.seid.value);
  if ((sessions_.find(change.seid) == SessionTable::none && !is_new) ||
      reserved_->releasing.contains(change.seid.value))
    return refuse(PfcpCause::session_context_not_found, session_name(name_, change.seid),
                  "there is no such session");
  reserved_->releasing.insert(change.seid.value);
  auto reservation =
      when_forgotten([reserved = reserved_, seid = change.seid] { reserved->releasing.erase(seid.value); });
  return Commit{[this, seid = change.seid, reservation](ModelTime at, Exits& exits) {
    commit_release(seid, at, exits);
  }};
}

}  // namespace kiriko::upf
