// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A PDU session's rules as a short row of octets: what an update merges into is kept without loss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/control/pdu_session.hpp"

namespace kiriko::upf {

/// Members that have their default value cost one bit. An archive never leaves the process: it is read only by
/// read_rules() of the same program.
std::vector<std::uint8_t> write_rules(const PduSessionRules& rules);

/// The inverse of write_rules().
PduSessionRules read_rules(const std::uint8_t* octets, std::size_t size);

}  // namespace kiriko::upf
