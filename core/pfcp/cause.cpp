// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The words for causes.
#include "core/pfcp/cause.hpp"

namespace kiriko::pfcp {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::request_accepted: return "request accepted";
    case Cause::more_usage_report_to_send: return "more usage report to send";
    case Cause::request_partially_accepted: return "request partially accepted";
    case Cause::request_rejected: return "request rejected";
    case Cause::session_context_not_found: return "session context not found";
    case Cause::mandatory_ie_missing: return "mandatory IE missing";
    case Cause::conditional_ie_missing: return "conditional IE missing";
    case Cause::invalid_length: return "invalid length";
    case Cause::mandatory_ie_incorrect: return "mandatory IE incorrect";
    case Cause::invalid_forwarding_policy: return "invalid forwarding policy";
    case Cause::invalid_f_teid_allocation_option: return "invalid F-TEID allocation option";
    case Cause::no_established_pfcp_association: return "no established PFCP association";
    case Cause::rule_creation_or_modification_failure: return "rule creation/modification failure";
    case Cause::pfcp_entity_in_congestion: return "PFCP entity in congestion";
    case Cause::no_resources_available: return "no resources available";
    case Cause::service_not_supported: return "service not supported";
    case Cause::system_failure: return "system failure";
    case Cause::redirection_requested: return "redirection requested";
    case Cause::all_dynamic_addresses_are_occupied: return "all dynamic addresses are occupied";
    case Cause::unknown_predefined_rule: return "unknown pre-defined rule";
    case Cause::unknown_application_id: return "unknown application ID";
    case Cause::l2tp_tunnel_establishment_failure: return "L2TP tunnel establishment failure";
    case Cause::l2tp_session_establishment_failure: return "L2TP session establishment failure";
    case Cause::l2tp_tunnel_release: return "L2TP tunnel release";
    case Cause::l2tp_session_release: return "L2TP session release";
    case Cause::pfcp_session_restoration_failure: return "PFCP session restoration failure";
  }
  return "unassigned cause";
}

}  // namespace kiriko::pfcp
