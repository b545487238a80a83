// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The answer that refuses a request, whatever its type.
#pragma once

#include <optional>

#include "core/pfcp/message.hpp"

namespace kiriko::pfcp {

/// The response to `request` with the fault's Cause and Offending IE. Responses that have them get the node's own ID and
/// recovery time stamp. None for heartbeats, whose response has no Cause, and for what is not a request.
std::optional<Message> rejection(MessageType request, const Fault& fault, const NodeId& own,
                                 NtpTime recovery_time_stamp);

/// The Cause of a response; none if its type has none.
std::optional<Cause> cause_of(const Message& message);

}  // namespace kiriko::pfcp
