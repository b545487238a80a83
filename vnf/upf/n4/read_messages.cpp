// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// All rules of an establishment, all updates of a modification (TS 29.244 tables 7.5.2.1-1 and 7.5.4.1-1).
#include "vnf/upf/n4/read_messages.hpp"

namespace kiriko::upf {
namespace {

PduSessionType type_of(const std::optional<pfcp::PdnType>& wire) {
  if (!wire) return PduSessionType::ipv4v6;
  switch (wire->value) {
    case pfcp::PdnType::Value::ipv4: return PduSessionType::ipv4;
    case pfcp::PdnType::Value::ipv6: return PduSessionType::ipv6;
    case pfcp::PdnType::Value::ethernet: return PduSessionType::ethernet;
    default: return PduSessionType::ipv4v6;
  }
}

/// Reads every rule of a kind into `out`; the first refusal ends it.
template <class Wire, class Out, class Read>
std::optional<Refusal> read_all(const std::vector<Wire>& wire, std::vector<Out>& out, Read read) {
  out.reserve(wire.size());
  for (const Wire& rule : wire) {
    auto made = read(rule);
    if (!made) return made.error();
    out.push_back(std::move(*made));
  }
  return std::nullopt;
}

template <class Wire, class Id>
std::vector<Id> ids_of(const std::vector<Wire>& wire, Id Wire::*member) {
  std::vector<Id> out;
  for (const Wire& rule : wire) out.push_back(rule.*member);
  return out;
}

}  // namespace

Reading<PduSessionRules> read_rules(const pfcp::SessionEstablishmentRequest& message, RuleReader& reader) {
  PduSessionRules rules;
  rules.type = type_of(message.pdn_type);
  if (message.user_plane_inactivity_timer)
    rules.user_plane_inactivity = message.user_plane_inactivity_timer->duration();
  for (const pfcp::CreateTrafficEndpoint& endpoint : message.create_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint); !read) return tl::unexpected(read.error());
  if (auto refusal = read_all(message.create_pdrs, rules.pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal = read_all(message.create_fars, rules.fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  for (const pfcp::CreateQer& qer : message.create_qers) rules.qers.push_back(reader.qer(qer));
  for (const pfcp::CreateUrr& urr : message.create_urrs) rules.urrs.push_back(reader.urr(urr));
  for (const pfcp::CreateBar& bar : message.create_bars) rules.bars.push_back(reader.bar(bar));
  return rules;
}

Reading<PduSessionUpdate> read_update(const pfcp::SessionModificationRequest& message, RuleReader& reader) {
  PduSessionUpdate update;
  update.remove_pdrs = ids_of(message.remove_pdrs, &pfcp::RemovePdr::pdr_id);
  update.remove_fars = ids_of(message.remove_fars, &pfcp::RemoveFar::far_id);
  update.remove_qers = ids_of(message.remove_qers, &pfcp::RemoveQer::qer_id);
  update.remove_urrs = ids_of(message.remove_urrs, &pfcp::RemoveUrr::urr_id);
  for (const pfcp::RemoveBar& bar : message.remove_bars)
    update.remove_bars.push_back(BarId{bar.bar_id.value});
  for (const pfcp::RemoveTrafficEndpoint& endpoint : message.remove_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint, update.remove_pdrs); !read) return tl::unexpected(read.error());
  for (const pfcp::CreateTrafficEndpoint& endpoint : message.create_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint); !read) return tl::unexpected(read.error());
  for (const pfcp::UpdateTrafficEndpoint& endpoint : message.update_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint); !read) return tl::unexpected(read.error());
  if (auto refusal =
          read_all(message.create_pdrs, update.create_pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.update_pdrs, update.update_pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.create_fars, update.create_fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.update_fars, update.update_fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  reader.follow_endpoints(update);
  for (const auto& qer : message.create_qers) update.create_qers.push_back(reader.qer(qer));
  for (const auto& qer : message.update_qers) update.update_qers.push_back(reader.qer(qer));
  for (const auto& urr : message.create_urrs) update.create_urrs.push_back(reader.urr(urr));
  for (const auto& urr : message.update_urrs) update.update_urrs.push_back(reader.urr(urr));
  for (const auto& bar : message.create_bars) update.create_bars.push_back(reader.bar(bar));
  for (const auto& bar : message.update_bars) update.update_bars.push_back(reader.bar(bar));
  if (message.user_plane_inactivity_timer)
    update.user_plane_inactivity = message.user_plane_inactivity_timer->duration();
  update.query_urrs = ids_of(message.query_urrs, &pfcp::QueryUrr::urr_id);
  if (message.pfcpsmreq_flags) {
    update.query_all_urrs = message.pfcpsmreq_flags->qaurr;
    update.drop_buffered = message.pfcpsmreq_flags->drobu;
    // Clause 8.2.31: SNDEM in the message stands for all the FARs that it updates.
    if (message.pfcpsmreq_flags->sndem)
      for (ForwardingActionRuleUpdate& far : update.update_fars) far.send_end_marker = true;
  }
  return update;
}

}  // namespace kiriko::upf
