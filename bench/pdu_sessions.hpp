// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU sessions for the benches: a UPF full of them, and the endpoints of their packets.
#pragma once

#include <vector>

#include "bench/prepared_frames.hpp"
#include "core/function/descriptor.hpp"

namespace kiriko::bench {

inline constexpr PortId n3{0}, n6{1};

/// TEID and UE address of each session; TEIDs are spread over 32 bits as peers choose them.
std::vector<Endpoint> session_endpoints(std::uint32_t sessions);

/// A UPF with a port to a gNB and one to a host.
FunctionSetup upf_setup();

/// The usual session: an uplink and a downlink PDR, one QER with a Session-AMBR, one URR, two FARs.
PduSessionRules session_rules(std::uint32_t number, const Endpoint& endpoint);

}  // namespace kiriko::bench
