// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of node messages (TS 29.244 clause 7.4).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/detection_values.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/node_values.hpp"

namespace kiriko::pfcp {

/// Table 7.4.3.1-3.
struct PfdContext {
  std::vector<PfdContents> pfd_contents{};
  std::vector<RawIe> others{};
  friend bool operator==(const PfdContext&, const PfdContext&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::pfd_contents, &PfdContext::pfd_contents));
  }
};

/// Table 7.4.3.1-2; without a context all PFDs of the application are deleted.
struct ApplicationIdsPfds {
  ApplicationId application_id{};
  std::vector<PfdContext> pfd_contexts{};
  std::vector<RawIe> others{};
  friend bool operator==(const ApplicationIdsPfds&, const ApplicationIdsPfds&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::application_id, &ApplicationIdsPfds::application_id),
                conditional(IeType::pfd_context, &ApplicationIdsPfds::pfd_contexts));
  }
};

/// Table 7.4.4.1-3.
struct UeIpAddressPoolInformation {
  std::vector<UeIpAddressPoolIdentity> ue_ip_address_pool_identities{};
  std::optional<NetworkInstance> network_instance{};
  std::vector<SNssai> s_nssais{};
  std::optional<IpVersion> ip_version{};
  std::vector<RawIe> others{};
  friend bool operator==(const UeIpAddressPoolInformation&, const UeIpAddressPoolInformation&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::ue_ip_address_pool_identity,
                          &UeIpAddressPoolInformation::ue_ip_address_pool_identities),
                optional(IeType::network_instance, &UeIpAddressPoolInformation::network_instance),
                optional(IeType::s_nssai, &UeIpAddressPoolInformation::s_nssais),
                optional(IeType::ip_version, &UeIpAddressPoolInformation::ip_version));
  }
};

/// Table 7.4.4.1-2; without an address all sessions are retained.
struct PfcpSessionRetentionInformation {
  std::vector<CpPfcpEntityIpAddress> cp_pfcp_entity_ip_addresses{};
  std::vector<RawIe> others{};
  friend bool operator==(const PfcpSessionRetentionInformation&,
                         const PfcpSessionRetentionInformation&) = default;
  static constexpr auto members(auto list) {
    return list(optional(IeType::cp_pfcp_entity_ip_address,
                         &PfcpSessionRetentionInformation::cp_pfcp_entity_ip_addresses));
  }
};

/// Tables 7.4.5.1.2-1 and 7.4.5.1.3-1: GTP-U paths that failed, or came back.
struct UserPlanePathReport {
  std::vector<RemoteGtpuPeer> remote_gtpu_peers{};
  std::vector<RawIe> others{};
  friend bool operator==(const UserPlanePathReport&, const UserPlanePathReport&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::remote_gtpu_peer, &UserPlanePathReport::remote_gtpu_peers));
  }
};

/// Table 7.4.7.1-2: the sessions another SMF of the set has taken over.
struct PfcpSessionChangeInfo {
  std::vector<FqCsid> fq_csids{};
  std::vector<GroupId> group_ids{};
  std::vector<CpIpAddress> cp_ip_addresses{};
  AlternativeSmfIpAddress alternative_smf_ip_address{};
  std::vector<RawIe> others{};
  friend bool operator==(const PfcpSessionChangeInfo&, const PfcpSessionChangeInfo&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::fq_csid, &PfcpSessionChangeInfo::fq_csids),
        conditional(IeType::group_id, &PfcpSessionChangeInfo::group_ids),
        conditional(IeType::cp_ip_address, &PfcpSessionChangeInfo::cp_ip_addresses),
        mandatory(IeType::alternative_smf_ip_address, &PfcpSessionChangeInfo::alternative_smf_ip_address));
  }
};

}  // namespace kiriko::pfcp
