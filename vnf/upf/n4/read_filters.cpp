// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SDF filters and Ethernet packet filters (TS 29.244 clauses 8.2.5 and 7.5.2.2-3).
#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {
namespace {

using pfcp::Cause;
using pfcp::IeType;

std::optional<VlanFilter> vlan_of(const std::optional<pfcp::VlanTag>& tag) {
  if (!tag) return std::nullopt;
  return VlanFilter{
      .id = tag->vlan_identifier, .priority = tag->priority, .drop_eligible = tag->drop_eligible};
}

}  // namespace

const SdfFilter* RuleReader::bidirectional(pfcp::SdfFilterId id) const {
  for (const SdfFilter& filter : session_.bidirectional_filters)
    if (filter.filter_id == id.value) return &filter;
  return nullptr;
}

Reading<SdfFilter> RuleReader::sdf_filter(const pfcp::SdfFilter& filter) {
  // A filter with an id alone is the one that came before with it (clause 5.2.1A.2A).
  const bool id_alone = filter.sdf_filter_id && !filter.flow_description && !filter.tos_traffic_class &&
                        !filter.security_parameter_index && !filter.flow_label;
  if (id_alone) {
    if (const SdfFilter* known = bidirectional(*filter.sdf_filter_id)) return *known;
    return refuse_ie(Cause::mandatory_ie_incorrect, IeType::sdf_filter);
  }
  SdfFilter out;
  if (filter.flow_description) {
    const auto flow = sdf_filter_of(*filter.flow_description);
    if (!flow) return refuse_ie(Cause::mandatory_ie_incorrect, IeType::sdf_filter);
    out = *flow;
  }
  if (filter.tos_traffic_class)
    out.tos_traffic_class = MaskedOctet{filter.tos_traffic_class->value, filter.tos_traffic_class->mask};
  if (filter.security_parameter_index) out.security_parameter_index = filter.security_parameter_index->value;
  if (filter.flow_label) out.flow_label = filter.flow_label->value;
  if (filter.sdf_filter_id) {
    out.filter_id = filter.sdf_filter_id->value;
    std::erase_if(session_.bidirectional_filters,
                  [&](const SdfFilter& known) { return known.filter_id == out.filter_id; });
    session_.bidirectional_filters.push_back(out);
  }
  return out;
}

Reading<EthernetPacketFilter> RuleReader::ethernet_filter(const pfcp::EthernetPacketFilter& filter) {
  EthernetPacketFilter out;
  if (filter.ethernet_filter_id) out.filter_id = filter.ethernet_filter_id->value;
  out.bidirectional = filter.ethernet_filter_properties && filter.ethernet_filter_properties->bide;
  for (const pfcp::MacAddressFilter& address : filter.mac_addresses) {
    if (address.source)
      out.sources.push_back({*address.source, address.upper_source.value_or(*address.source)});
    if (address.destination)
      out.destinations.push_back(
          {*address.destination, address.upper_destination.value_or(*address.destination)});
  }
  if (filter.ethertype) out.ether_type = filter.ethertype->value;
  out.c_tag = vlan_of(filter.c_tag);
  out.s_tag = vlan_of(filter.s_tag);
  for (const pfcp::SdfFilter& inner : filter.sdf_filters) {
    auto read = sdf_filter(inner);
    if (!read) return tl::unexpected(read.error());
    out.sdf_filters.push_back(std::move(*read));
  }
  return out;
}

}  // namespace kiriko::upf
