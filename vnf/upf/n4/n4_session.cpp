// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a session keeps beside its rules, after these have changed.
#include "vnf/upf/n4/n4_session.hpp"

#include <algorithm>
#include <set>

namespace kiriko::upf {

std::vector<Teid> N4Session::forget_unused(const PduSessionRules& rules) {
  std::set<Teid> teids;
  std::set<std::uint32_t> filters;
  std::set<PdrId> pdrs;
  const auto note_filters = [&filters](const std::vector<SdfFilter>& of) {
    for (const SdfFilter& filter : of)
      if (filter.filter_id) filters.insert(*filter.filter_id);
  };
  for (const PacketDetectionRule& pdr : rules.pdrs) {
    pdrs.insert(pdr.id);
    if (pdr.pdi.local_f_teid) teids.insert(pdr.pdi.local_f_teid->teid);
    note_filters(pdr.pdi.sdf_filters);
    for (const EthernetPacketFilter& filter : pdr.pdi.ethernet_filters) note_filters(filter.sdf_filters);
  }
  // An endpoint may wait for its first PDR.
  for (const TrafficEndpoint& endpoint : endpoints)
    if (endpoint.local_f_teid) teids.insert(endpoint.local_f_teid->teid);

  std::vector<Teid> free;
  std::erase_if(chosen_by_peer, [&](Teid teid) {
    const bool unused = !teids.contains(teid);
    if (unused) free.push_back(teid);
    return unused;
  });
  std::erase_if(chosen, [&](const auto& by_id) { return !teids.contains(by_id.second); });
  std::erase_if(bidirectional_filters,
                [&](const SdfFilter& filter) { return !filters.contains(*filter.filter_id); });
  std::erase_if(endpoint_uses, [&](const EndpointUse& use) { return !pdrs.contains(use.pdr); });
  std::erase_if(predefined_uses, [&](const PredefinedUse& use) { return !pdrs.contains(use.pdr); });
  return free;
}

}  // namespace kiriko::upf
