// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RuleReader: rules of one session request as the user plane takes them, with what has to be allocated for them.
#pragma once

#include <vector>

#include "core/control/pdu_session_update.hpp"
#include "core/pfcp/message.hpp"
#include "vnf/upf/n4/allocation.hpp"
#include "vnf/upf/n4/n4_session.hpp"
#include "vnf/upf/n4/refusal.hpp"

namespace kiriko::upf {

/// Where what is allocated comes from.
struct Allocators {
  TeidAllocator& teids;
  UeAddresses& addresses;
};

/// For one request. It allocates into `session`, a draft; release_new() gives that back when the request is refused.
class RuleReader {
 public:
  RuleReader(N4Session& session, Allocators allocators, Ipv4Address n3_address,
             std::int64_t unix_epoch_seconds)
      : session_(session),
        allocators_(allocators),
        n3_address_(n3_address),
        unix_epoch_(unix_epoch_seconds) {}

  Reading<void> endpoint(const pfcp::CreateTrafficEndpoint& create);
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
  Reading<FTeid> local_f_teid(const pfcp::LocalFTeid& wanted, bool& allocated);
  Reading<void> ue_address(const pfcp::UeIpAddress& wanted, const std::string& instance,
                           std::optional<Ipv4Address>& address, std::optional<Ipv6Prefix>& prefix,
                           bool& allocated);
  Reading<SdfFilter> sdf_filter(const pfcp::SdfFilter& filter);
  Reading<EthernetPacketFilter> ethernet_filter(const pfcp::EthernetPacketFilter& filter);
  const SdfFilter* bidirectional(pfcp::SdfFilterId id) const;
  ModelTime model_time(pfcp::NtpTime time) const;

  N4Session& session_;
  Allocators allocators_;
  Ipv4Address n3_address_;
  std::int64_t unix_epoch_;  ///< of model time 0
  std::vector<pfcp::CreatedPdr> created_pdrs_{};
  std::vector<pfcp::CreatedTrafficEndpoint> created_endpoints_{};
  std::vector<Teid> new_by_peer_{};
  bool new_address_{false}, new_prefix_{false};
};

}  // namespace kiriko::upf
