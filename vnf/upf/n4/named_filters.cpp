// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Flow descriptions as filters of the user plane, alone and under names.
#include "vnf/upf/n4/named_filters.hpp"

#include <utility>

#include "core/pfcp/flow_description.hpp"

namespace kiriko::upf {
namespace {

/// Nothing where it is "all but these", which no session of the standard's uses.
std::optional<AddressRange> range_of(const pfcp::AddressMatch& match) {
  if (match.inverted) return std::nullopt;
  if (const auto* v4 = std::get_if<Ipv4Prefix>(&match.addresses)) return *v4;
  if (const auto* v6 = std::get_if<Ipv6Prefix>(&match.addresses)) return *v6;
  return AddressRange{};
}

std::vector<SdfPortRange> ranges_of(const std::vector<pfcp::PortRange>& ports) {
  std::vector<SdfPortRange> out;
  for (const pfcp::PortRange& range : ports) out.push_back({range.low, range.high});
  return out;
}

}  // namespace

std::optional<SdfFilter> sdf_filter_of(const std::string& flow_description) {
  auto flow = pfcp::FlowDescription::parse(flow_description);
  if (!flow || flow->action != pfcp::FlowDescription::Action::permit) return std::nullopt;
  // Written for the downlink; one with direction "in" is written for the uplink.
  if (flow->direction == pfcp::FlowDescription::Direction::in) {
    std::swap(flow->source, flow->destination);
    std::swap(flow->source_ports, flow->destination_ports);
  }
  const auto remote = range_of(flow->source), local = range_of(flow->destination);
  if (!remote || !local) return std::nullopt;
  SdfFilter out;
  out.protocol = flow->protocol;
  out.remote = *remote;
  out.local = *local;
  out.remote_ports = ranges_of(flow->source_ports);
  out.local_ports = ranges_of(flow->destination_ports);
  return out;
}

Result<NamedFilters> NamedFilters::create(const std::string& option, const std::vector<std::string>& texts) {
  NamedFilters made;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const auto filter =
        equals == std::string::npos || equals == 0 ? std::nullopt : sdf_filter_of(text.substr(equals + 1));
    if (!filter)
      return fail({.message = "a name needs a flow description that permits something",
                   .where = option,
                   .found = "'" + text + "'",
                   .allowed = "such as video=permit out 17 from 10.9.0.0/16 5000-5999 to assigned"});
    made.filters_[text.substr(0, equals)].push_back(*filter);
  }
  return made;
}

}  // namespace kiriko::upf
