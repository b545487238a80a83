// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Session: what the N4 server keeps of a PFCP session beside the rules, which the user plane has.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/control/pdu_session.hpp"
#include "core/pfcp/detection_groups.hpp"
#include "core/pfcp/peer_address.hpp"

namespace kiriko::upf {

/// A traffic endpoint (table 7.5.2.7-1) whose F-TEID and addresses are known.
struct TrafficEndpoint {
  pfcp::TrafficEndpointId id{};
  std::optional<FTeid> local_f_teid{};
  std::string network_instance{};
  std::optional<Ipv4Address> ue_ip_address{};
  std::optional<Ipv6Prefix> ue_ipv6_prefix{};
  bool ethernet_pdu_session{false};
  std::vector<Qfi> qfis{};

  /// Clause 5.2.1A.2: what the endpoint says stands for the PDI's own.
  void fold_into(PacketDetectionInformation& pdi) const;
};

/// A UE address or prefix, and the network instance whose pool it goes back to.
template <class Address>
struct Allocated {
  std::string instance{};
  Address address{};
};

/// A PDR and the traffic endpoints that its PDI names.
struct EndpointUse {
  PdrId pdr{};
  std::vector<pfcp::TrafficEndpointId> endpoints{};
};

/// A PDR with predefined rules; their filters stand behind the PDR's own.
struct PredefinedUse {
  PdrId pdr{};
  std::size_t own_filters{};
  std::vector<std::string> names{};
};

/// Copied to be changed and kept only when the user plane has taken the rules; most of it is empty in most sessions.
struct N4Session {
  Seid up_seid{};
  Seid cp_seid{};
  pfcp::IpAddress owner{};                                ///< the association's peer
  pfcp::PeerAddress reports_to{};                         ///< of the CP F-SEID
  std::vector<std::pair<pfcp::ChooseId, Teid>> chosen{};  ///< F-TEIDs by CHOOSE ID
  std::vector<Teid> chosen_by_peer{};
  std::optional<Allocated<Ipv4Address>> allocated_address{};
  std::optional<Allocated<Ipv6Prefix>> allocated_prefix{};
  std::vector<TrafficEndpoint> endpoints{};
  std::vector<EndpointUse> endpoint_uses{};
  std::vector<PredefinedUse> predefined_uses{};
  std::vector<SdfFilter> bidirectional_filters{};  ///< those with an id, for shorter uses of it

  /// Keeps nothing that `rules`, the session's, have no use for any more: however often a peer changes its mind, a
  /// session is no larger than its rules. Returns the TEIDs that the peer had chosen and that are free again.
  std::vector<Teid> forget_unused(const PduSessionRules& rules);
};

}  // namespace kiriko::upf
