// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checks of a PDU session's rules by themselves, before anything is built from them (TS 29.244 clause 7.5).
#pragma once

#include "core/base/result.hpp"
#include "core/control/pdu_session.hpp"
#include "core/pfcp/ie_type.hpp"
#include "vnf/upf/pfcp_cause.hpp"

namespace kiriko::upf {

/// A problem whose hint is the PFCP cause.
tl::unexpected<Problem> refuse(PfcpCause cause, std::string where, std::string message,
                               std::string found = {}, std::string allowed = {});

/// The same with the offending IE (clause 7.6).
tl::unexpected<Problem> refuse(PfcpCause cause, pfcp::IeType offending_ie, std::string where,
                               std::string message, std::string found = {}, std::string allowed = {});

/// `local`: the UPF's address on N3 and N9. The problem's `where` begins with `where`.
Result<void> check_rules(const PduSessionRules& rules, Ipv4Address local, const std::string& where);

}  // namespace kiriko::upf
