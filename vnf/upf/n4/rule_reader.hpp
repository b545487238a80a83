// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RuleReader: rules of one session request as the user plane takes them, with what has to be allocated for them.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/control/pdu_session_update.hpp"
#include "core/pfcp/message.hpp"
#include "vnf/upf/n4/allocation.hpp"
#include "vnf/upf/n4/n4_session.hpp"
#include "vnf/upf/n4/named_filters.hpp"
#include "vnf/upf/n4/refusal.hpp"
#include "vnf/upf/n4/user_plane.hpp"

namespace kiriko::upf {

/// Of the UPF, for all its sessions.
struct RuleSources {
  TeidAllocator& teids;
  UeAddresses& addresses;
  const NamedRules& named;
  const UserPlane& user_plane;
  Ipv4Address n3_address{};
  std::int64_t unix_epoch_seconds{};  ///< of model time 0
};

/// For one request. It allocates into `session`, a draft; release_new() gives that back when the request is refused.
class RuleReader {
 public:
  RuleReader(N4Session& session, const RuleSources& sources) : session_(session), sources_(sources) {}

  Reading<void> endpoint(const pfcp::CreateTrafficEndpoint& create);
  Reading<void> endpoint(const pfcp::UpdateTrafficEndpoint& update);
  /// PDRs that name the endpoint go with it (table 7.5.4.1-1): they are added to `pdrs`.
  Reading<void> endpoint(const pfcp::RemoveTrafficEndpoint& remove, std::vector<PdrId>& pdrs);
  /// Makes the PDRs of updated endpoints follow them, after all else of `update` was read.
  void follow_endpoints(PduSessionUpdate& update);
  Reading<PacketDetectionRule> pdr(const pfcp::CreatePdr& create);
  Reading<PacketDetectionRuleUpdate> pdr(const pfcp::UpdatePdr& update);
  Reading<ForwardingActionRule> far(const pfcp::CreateFar& create) const;
  Reading<ForwardingActionRuleUpdate> far(const pfcp::UpdateFar& update) const;
  QosEnforcementRule qer(const pfcp::CreateQer& create) const;
  QosEnforcementRuleUpdate qer(const pfcp::UpdateQer& update) const;
  UsageReportingRule urr(const pfcp::CreateUrr& create) const;
  UsageReportingRuleUpdate urr(const pfcp::UpdateUrr& update) const;
  BufferingActionRule bar(const pfcp::CreateBar& create) const;
  BufferingActionRuleUpdate bar(const pfcp::UpdateBar& update) const;
  BufferingActionRuleUpdate bar(const pfcp::UpdateBarInReportResponse& update) const;

  /// What the response has to tell of PDRs and traffic endpoints for which something was allocated.
  std::vector<pfcp::CreatedPdr> take_created_pdrs() { return std::move(created_pdrs_); }
  std::vector<pfcp::CreatedTrafficEndpoint> take_created_endpoints() { return std::move(created_endpoints_); }
  /// The request is refused.
  void release_new();

 private:
  Reading<PacketDetectionInformation> pdi(PdrId pdr, const pfcp::Pdi& pdi);
  /// Nothing where the PDI stays as it is.
  Reading<std::optional<PacketDetectionInformation>> updated_pdi(const pfcp::UpdatePdr& update);
  TrafficEndpoint* endpoint_of(pfcp::TrafficEndpointId id);
  /// What an Update and a Create Traffic Endpoint have in common; tells what was allocated.
  template <class Wire>
  Reading<void> read_endpoint(const Wire& wire, TrafficEndpoint& endpoint);
  void note_use(PdrId pdr, const std::vector<pfcp::TrafficEndpointId>& endpoints);
  Reading<void> add_predefined(PdrId pdr, const std::vector<pfcp::PredefinedRulesName>& activate,
                               const std::vector<pfcp::PredefinedRulesName>& deactivate,
                               PacketDetectionInformation& pdi, bool pdi_is_new);
  /// The PDR as the user plane has it, before the request.
  const PacketDetectionRule* present(PdrId pdr);
  Reading<FTeid> local_f_teid(const pfcp::LocalFTeid& wanted, bool& allocated);
  Reading<void> ue_address(const pfcp::UeIpAddress& wanted, const std::string& instance,
                           std::optional<Ipv4Address>& address, std::optional<Ipv6Prefix>& prefix,
                           bool& allocated);
  Reading<SdfFilter> sdf_filter(const pfcp::SdfFilter& filter);
  Reading<EthernetPacketFilter> ethernet_filter(const pfcp::EthernetPacketFilter& filter);
  const SdfFilter* bidirectional(pfcp::SdfFilterId id) const;
  ModelTime model_time(pfcp::NtpTime time) const;

  N4Session& session_;
  RuleSources sources_;
  std::optional<PduSessionRules> present_{};
  std::vector<pfcp::CreatedPdr> created_pdrs_{};
  std::vector<pfcp::CreatedTrafficEndpoint> created_endpoints_{};
  std::vector<pfcp::TrafficEndpointId> updated_endpoints_{};
  std::set<PdrId> touched_pdrs_{};  ///< created or updated by the request
  std::vector<Teid> new_by_peer_{};
  bool new_address_{false}, new_prefix_{false};
};

}  // namespace kiriko::upf
