// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Session: what the N4 server keeps of a PFCP session beside the rules, which the user plane has.
#pragma once

#include <memory>
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

struct N4SessionHead {
  Seid up_seid{};
  Seid cp_seid{};
  pfcp::IpAddress owner{};                                ///< the association's peer
  pfcp::PeerAddress reports_to{};                         ///< of the CP F-SEID
  std::vector<std::pair<pfcp::ChooseId, Teid>> chosen{};  ///< F-TEIDs by CHOOSE ID
};

/// Empty in most sessions.
struct N4SessionRest {
  std::vector<Teid> chosen_by_peer{};
  std::optional<Allocated<Ipv4Address>> allocated_address{};
  std::optional<Allocated<Ipv6Prefix>> allocated_prefix{};
  std::vector<TrafficEndpoint> endpoints{};
  std::vector<EndpointUse> endpoint_uses{};
  std::vector<PredefinedUse> predefined_uses{};
  std::vector<SdfFilter> bidirectional_filters{};  ///< those with an id, for shorter uses of it

  bool empty() const noexcept {
    return chosen_by_peer.empty() && !allocated_address && !allocated_prefix && endpoints.empty() &&
           endpoint_uses.empty() && predefined_uses.empty() && bidirectional_filters.empty();
  }
};

/// A session under change: a copy, kept only when the user plane has taken the rules.
struct N4Session : N4SessionHead, N4SessionRest {
  /// Keeps nothing that `rules`, the session's, have no use for any more: however often a peer changes its mind, a
  /// session is no larger than its rules. Returns the TEIDs that the peer had chosen and that are free again.
  std::vector<Teid> forget_unused(const PduSessionRules& rules);
};

/// A session as it is kept: a million of them are mostly heads.
class StoredN4Session : public N4SessionHead {
 public:
  explicit StoredN4Session(N4Session&& session) { store(std::move(session)); }

  N4Session copy() const {
    return {static_cast<const N4SessionHead&>(*this), rest_ ? *rest_ : N4SessionRest{}};
  }
  void store(N4Session&& session) {
    static_cast<N4SessionHead&>(*this) = std::move(static_cast<N4SessionHead&>(session));
    chosen.shrink_to_fit();
    rest_ = session.empty() ? nullptr : std::make_unique<N4SessionRest>(std::move(session));
  }
  /// nullptr: empty.
  const N4SessionRest* rest() const noexcept { return rest_.get(); }

 private:
  std::unique_ptr<N4SessionRest> rest_;
};

}  // namespace kiriko::upf
