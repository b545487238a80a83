// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Traffic endpoints: made, changed, removed (TS 29.244 clauses 5.2.1A.2, 7.5.2.7, 7.5.4.13).
#include <algorithm>

#include "vnf/upf/n4/rule_reader.hpp"
#include "vnf/upf/n4/told_values.hpp"

namespace kiriko::upf {

namespace {

using pfcp::Cause;
using pfcp::IeType;

}  // namespace

void TrafficEndpoint::fold_into(PacketDetectionInformation& pdi) const {
  if (local_f_teid) pdi.local_f_teid = local_f_teid;
  if (!network_instance.empty()) pdi.network_instance = network_instance;
  if (ue_ip_address) pdi.ue_ip_address = ue_ip_address;
  if (ue_ipv6_prefix) pdi.ue_ipv6_prefix = ue_ipv6_prefix;
  if (ethernet_pdu_session) pdi.ethernet_pdu_session = true;
  if (!qfis.empty()) pdi.qfis = qfis;
}

TrafficEndpoint* RuleReader::endpoint_of(pfcp::TrafficEndpointId id) {
  const auto found = std::find_if(session_.endpoints.begin(), session_.endpoints.end(),
                                  [id](const TrafficEndpoint& endpoint) { return endpoint.id == id; });
  return found == session_.endpoints.end() ? nullptr : &*found;
}

void RuleReader::note_use(PdrId pdr, const std::vector<pfcp::TrafficEndpointId>& endpoints) {
  std::erase_if(session_.endpoint_uses, [pdr](const EndpointUse& use) { return use.pdr == pdr; });
  if (!endpoints.empty()) session_.endpoint_uses.push_back({pdr, endpoints});
}

template <class Wire>
Reading<void> RuleReader::read_endpoint(const Wire& wire, TrafficEndpoint& endpoint) {
  pfcp::CreatedTrafficEndpoint created;
  created.traffic_endpoint_id = endpoint.id;
  bool allocated_teid = false, allocated_address = false;
  if (wire.network_instance) endpoint.network_instance = pfcp::canonical_name(*wire.network_instance);
  if (wire.local_f_teid) {
    const auto f_teid = local_f_teid(*wire.local_f_teid, allocated_teid);
    if (!f_teid) return tl::unexpected(f_teid.error());
    endpoint.local_f_teid = *f_teid;
    if (allocated_teid) created.local_f_teid = told(*f_teid);
  }
  if (!wire.ue_ip_addresses.empty()) {
    const auto read = ue_address(wire.ue_ip_addresses.front(), endpoint.network_instance,
                                 endpoint.ue_ip_address, endpoint.ue_ipv6_prefix, allocated_address);
    if (!read) return read;
    if (allocated_address) created.ue_ip_addresses = {told(endpoint.ue_ip_address, endpoint.ue_ipv6_prefix)};
  }
  if (!wire.qfis.empty()) endpoint.qfis = values_of(wire.qfis);
  if (allocated_teid || allocated_address) created_endpoints_.push_back(std::move(created));
  return {};
}

Reading<void> RuleReader::endpoint(const pfcp::CreateTrafficEndpoint& create) {
  if (endpoint_of(create.traffic_endpoint_id) != nullptr)
    return refuse_ie(Cause::rule_creation_or_modification_failure, IeType::create_traffic_endpoint);
  TrafficEndpoint endpoint{.id = create.traffic_endpoint_id};
  endpoint.ethernet_pdu_session =
      create.ethernet_pdu_session_information && create.ethernet_pdu_session_information->ethi;
  if (auto read = read_endpoint(create, endpoint); !read) return read;
  session_.endpoints.push_back(std::move(endpoint));
  return {};
}

Reading<void> RuleReader::endpoint(const pfcp::UpdateTrafficEndpoint& update) {
  TrafficEndpoint* endpoint = endpoint_of(update.traffic_endpoint_id);
  if (endpoint == nullptr)
    return refuse_ie(Cause::rule_creation_or_modification_failure, IeType::update_traffic_endpoint);
  if (auto read = read_endpoint(update, *endpoint); !read) return read;
  updated_endpoints_.push_back(update.traffic_endpoint_id);
  return {};
}

Reading<void> RuleReader::endpoint(const pfcp::RemoveTrafficEndpoint& remove, std::vector<PdrId>& pdrs) {
  const pfcp::TrafficEndpointId id = remove.traffic_endpoint_id;
  if (std::erase_if(session_.endpoints,
                    [id](const TrafficEndpoint& endpoint) { return endpoint.id == id; }) == 0)
    return refuse_ie(Cause::rule_creation_or_modification_failure, IeType::remove_traffic_endpoint);
  for (const EndpointUse& use : session_.endpoint_uses) {
    const bool names_it = std::find(use.endpoints.begin(), use.endpoints.end(), id) != use.endpoints.end();
    if (names_it && std::find(pdrs.begin(), pdrs.end(), use.pdr) == pdrs.end()) pdrs.push_back(use.pdr);
  }
  return {};
}

// What a PDR of an endpoint has from it is replaced; all else of its PDI stays.
void RuleReader::follow_endpoints(PduSessionUpdate& update) {
  for (const EndpointUse& use : session_.endpoint_uses) {
    const auto is_updated = [&](pfcp::TrafficEndpointId id) {
      return std::find(updated_endpoints_.begin(), updated_endpoints_.end(), id) != updated_endpoints_.end();
    };
    if (std::none_of(use.endpoints.begin(), use.endpoints.end(), is_updated)) continue;
    const bool goes =
        std::find(update.remove_pdrs.begin(), update.remove_pdrs.end(), use.pdr) != update.remove_pdrs.end();
    const PacketDetectionRule* rule = present(use.pdr);
    if (goes || rule == nullptr) continue;  // one that is created only now has read the new endpoint
    auto& updates = update.update_pdrs;
    auto own =
        std::find_if(updates.begin(), updates.end(), [&](const auto& each) { return each.id == use.pdr; });
    if (own == updates.end()) own = updates.insert(updates.end(), PacketDetectionRuleUpdate{.id = use.pdr});
    if (!own->pdi) own->pdi = rule->pdi;
    for (const pfcp::TrafficEndpointId id : use.endpoints)
      if (const TrafficEndpoint* endpoint = endpoint_of(id)) endpoint->fold_into(*own->pdi);
  }
}

}  // namespace kiriko::upf
