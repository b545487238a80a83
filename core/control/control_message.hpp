// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ControlMessage: octets of a control protocol between a function and its controller, such as a PFCP datagram on N4.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/pfcp/peer_address.hpp"

namespace kiriko {

/// `peer` is the far end as the function sees it: where the datagram came from, or goes to.
struct ControlMessage {
  pfcp::PeerAddress peer{};
  std::vector<std::uint8_t> octets{};
  friend bool operator==(const ControlMessage&, const ControlMessage&) = default;
};

}  // namespace kiriko
