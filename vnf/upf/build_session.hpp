// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Building a session's block from its rules, with the state that it takes over from the block before.
#pragma once

#include <functional>
#include <vector>

#include "core/control/pdu_session.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// The rules and how much room their block needs.
struct SessionPlan {
  const PduSessionRules& rules;
  std::vector<std::uint8_t> archive;
  std::size_t filters{}, ranges{}, prefixes{}, macs{}, ethernet_filters{}, references{}, duplicates{},
      times{};
  std::size_t lines{};  ///< of the block

  explicit SessionPlan(const PduSessionRules& rules);

 private:
  friend void build_session(const Session&, const SessionPlan&, Duration, ModelTime,
                            const std::function<FarEntry(const ForwardingActionRule&)>&,
                            const std::function<std::uint8_t(const std::string&)>&);
  SessionBlock layout_{};
};

/// Fills a zeroed block of plan.lines lines and, of the lanes, the buckets: full ones. `far_entry` says how a FAR or
/// a copy of it forwards, `instance_of` the number of a network instance.
void build_session(const Session& session, const SessionPlan& plan, Duration mbr_burst, ModelTime now,
                   const std::function<FarEntry(const ForwardingActionRule&)>& far_entry,
                   const std::function<std::uint8_t(const std::string&)>& instance_of);

/// Says which directions need not look at their PDRs. Lanes keep their buckets and usage.
void choose_lanes(const Session& session);

/// The rules from which the session was built, without loss.
PduSessionRules rules_of(const Session& session);

/// Index of an id among a session's FARs, QERs, URRs or BARs, or -1.
int far_index(const Session& session, FarId id);
int qer_index(const Session& session, QerId id);
int urr_index(const Session& session, UrrId id);
int bar_index(const Session& session, BarId id);

/// The key by which the session of a UE's IPv6 prefix is found; never 0.
std::uint64_t prefix_key(const Ipv6Address& address, std::uint8_t length);

}  // namespace kiriko::upf
