// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a session request asks of the user plane, or the first thing in it that cannot be had.
#pragma once

#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {

/// Without the SEID, which is the server's to give.
Reading<PduSessionRules> read_rules(const pfcp::SessionEstablishmentRequest& message, RuleReader& reader);
Reading<PduSessionUpdate> read_update(const pfcp::SessionModificationRequest& message, RuleReader& reader);

}  // namespace kiriko::upf
