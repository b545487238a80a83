// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The user plane's reports as PFCP tells them (TS 29.244 clauses 7.5.5.2, 7.5.7.2, 7.5.8).
#pragma once

#include <cstdint>

#include "core/control/user_plane_report.hpp"
#include "core/pfcp/session_messages.hpp"

namespace kiriko::upf {

/// Model time as seconds of the wall clock; `unix_epoch_seconds`: of model time 0.
pfcp::NtpTime ntp_of(ModelTime time, std::int64_t unix_epoch_seconds);

pfcp::UsageReport wire_of(const UsageReport& report, std::int64_t unix_epoch_seconds);

/// Adds the content to a Session Report Request; path reports are of the node and have no place there.
void add_report(const UserPlaneReport& report, std::int64_t unix_epoch_seconds,
                pfcp::SessionReportRequest& request);

}  // namespace kiriko::upf
