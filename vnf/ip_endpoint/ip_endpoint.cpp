// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The endpoint's two directions, its changes and its report.
#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko {

IpEndpoint::IpEndpoint(endpoint::EndpointSettings settings)
    : mac_(settings.mac),
      addresses_(std::move(settings.addresses)),
      mtu_(settings.mtu),
      neighbours_(settings.limits) {}

void IpEndpoint::process(Burst& burst, Exits& exits) noexcept {
  for (std::uint32_t i = 0; i < burst.size(); ++i) {
    if (i + 1 < burst.size()) rte_prefetch0(bytes_of(burst[i + 1]));
    if (metadata_of(burst[i]).ingress == outside)
      from_outside(burst[i], exits);
    else
      from_inside(burst[i], exits);
  }
  plan(exits);
}

Result<Commit> IpEndpoint::prepare(const Change& change) {
  const auto* state = std::get_if<SetPortState>(&change);
  if (state == nullptr) return unsupported_change("ip_endpoint", change);
  // Who comes back may stand elsewhere on the network.
  return Commit{[this, again = state->up && state->port == outside](ModelTime now, Exits& exits) {
    if (!again) return;
    announcements_left_ = announcements;
    announce_at_ = now;
    plan(exits);
  }};
}

void IpEndpoint::report(Report& report) const {
  report.held += neighbours_.waiting();
  const auto add = [&](const char* name, double value) { report.metrics.emplace_back(name, value); };
  add("neighbours", neighbours_.known());
  add("waiting", neighbours_.waiting());
  add("questions", static_cast<double>(questions_));
  add("answers", static_cast<double>(answers_));
  add("unanswered", static_cast<double>(unanswered_));
  add("echo_replies", static_cast<double>(echo_replies_));
  add("icmp_errors", static_cast<double>(errors_));
  add("turned_back", static_cast<double>(turned_back_));
  add("address_conflicts", static_cast<double>(conflicts_));
}

}  // namespace kiriko
