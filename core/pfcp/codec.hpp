// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The PFCP codec: octets to values and back (TS 29.244 clauses 7.2, 7.6 and 8.1). No state, no input or output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tl/expected.hpp>

#include "core/base/result.hpp"
#include "core/pfcp/cause.hpp"
#include "core/pfcp/message.hpp"

namespace kiriko::pfcp {

/// What a UDP datagram over IPv4 carries at most.
inline constexpr std::size_t largest_datagram = 65507;

/// Why the octets are no message that can be answered as such.
enum class HeaderFault : std::uint8_t {
  too_short,           ///< shorter than its header or than its length field says: dropped (clause 7.6.3)
  version_unsupported  ///< answered by a Version Not Supported Response (clause 7.6.2)
};

/// A message whose header was read; `body` lies in the octets given.
struct UndecodedMessage {
  Header header{};
  OctetView body{};
  std::size_t size{};  ///< octets of the whole message: where the next one of a bundle begins
};

/// With version_unsupported `sequence_number_of()` still tells which number the answer has.
tl::expected<UndecodedMessage, HeaderFault> decode_header(OctetView octets);

/// The sequence number where version 1 has it, 0 when the octets do not reach so far.
SequenceNumber sequence_number_of(OctetView octets);

/// The message's IEs. `type` is one of MessageType, else the fault is request_rejected. Depth is bounded by the types
/// (four levels), number and size by that of the octets.
tl::expected<Message, Fault> decode_body(MessageType type, OctetView body);

/// The F-SEID among the IEs of a body that may be unreadable otherwise, so that a refusal finds its way.
std::optional<FSeid> f_seid_of(OctetView body);

/// Appends one message to `octets`; `header.type` is taken from the message. A Problem if it or a part of it is longer
/// than its length field can say; then `octets` is as before.
Result<void> encode(const Header& header, const Message& message, Octets& octets);

/// One message alone.
Result<Octets> encode(const Header& header, const Message& message);

}  // namespace kiriko::pfcp
