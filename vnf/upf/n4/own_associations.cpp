// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Associations that the UPF sets up itself, with the SMFs that it was given (TS 29.244 clause 6.2.6.3).
#include <algorithm>

#include "vnf/upf/n4/n4_server.hpp"

namespace kiriko::upf {

void N4Server::ask_for_associations(ModelTime now) {
  for (auto planned = setups_.begin(); planned != setups_.end();) {
    if (planned->second > now) {
      ++planned;
      continue;
    }
    const pfcp::PeerAddress smf = planned->first;
    planned = setups_.erase(planned);
    pfcp::AssociationSetupRequest request;
    request.node_id = options_.address;
    request.recovery_time_stamp = endpoint_.options().recovery_time_stamp;
    request.up_function_features = features();
    // A setup is always short enough to be encoded.
    if (const auto token = endpoint_.request(smf, request, now)) setups_under_way_.emplace(token->value, smf);
  }
}

void N4Server::association_answered(const pfcp::PeerAddress& smf,
                                    const pfcp::AssociationSetupResponse& response, ModelTime now,
                                    UserPlane& user_plane) {
  if (pfcp::accepts(response.cause))
    begin_association(smf.address, response.node_id, now, user_plane);
  else
    plan_setup(smf, now + options_.setup_interval);
}

void N4Server::association_lost(const pfcp::IpAddress& peer, ModelTime now) {
  for (const pfcp::PeerAddress& smf : options_.smfs)
    if (smf.address == peer) plan_setup(smf, now + options_.t1);
}

}  // namespace kiriko::upf
