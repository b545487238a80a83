// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Refusals made from what each response has: Cause, Offending IE, Node ID, Recovery Time Stamp.
#include "core/pfcp/rejection.hpp"

namespace kiriko::pfcp {
namespace {

template <class M>
concept HasCause = requires(M& m) {
  m.cause;
};

template <std::size_t at = 0>
std::optional<Message> refusing(MessageType type, const Fault& fault, const NodeId& own, NtpTime recovery) {
  if constexpr (at < std::variant_size_v<Message>) {
    using M = std::variant_alternative_t<at, Message>;
    if constexpr (HasCause<M>) {
      if (M::message_type == type) {
        M response;
        response.cause = fault.cause;
        if constexpr (requires { response.offending_ie; })
          if (fault.offending_ie != IeType{}) response.offending_ie = fault.offending_ie;
        if constexpr (requires { response.node_id; }) response.node_id = own;
        if constexpr (requires { response.recovery_time_stamp; }) response.recovery_time_stamp = recovery;
        return response;
      }
    }
    return refusing<at + 1>(type, fault, own, recovery);
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Message> rejection(MessageType request, const Fault& fault, const NodeId& own,
                                 NtpTime recovery_time_stamp) {
  const auto response = response_to(request);
  if (!response) return std::nullopt;
  return refusing(*response, fault, own, recovery_time_stamp);
}

std::optional<Cause> cause_of(const Message& message) {
  return std::visit(
      [](const auto& m) -> std::optional<Cause> {
        if constexpr (requires { m.cause; })
          return m.cause;
        else
          return std::nullopt;
      },
      message);
}

}  // namespace kiriko::pfcp
