// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Message: any PFCP message as a value, and the header before it (TS 29.244 clause 7.2.2).
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/base/ids.hpp"
#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/message_type.hpp"
#include "core/pfcp/node_messages.hpp"
#include "core/pfcp/session_messages.hpp"

namespace kiriko::pfcp {

using Message =
    std::variant<HeartbeatRequest, HeartbeatResponse, PfdManagementRequest, PfdManagementResponse,
                 AssociationSetupRequest, AssociationSetupResponse, AssociationUpdateRequest,
                 AssociationUpdateResponse, AssociationReleaseRequest, AssociationReleaseResponse,
                 VersionNotSupportedResponse, NodeReportRequest, NodeReportResponse,
                 SessionSetDeletionRequest, SessionSetDeletionResponse, SessionSetModificationRequest,
                 SessionSetModificationResponse, SessionEstablishmentRequest, SessionEstablishmentResponse,
                 SessionModificationRequest, SessionModificationResponse, SessionDeletionRequest,
                 SessionDeletionResponse, SessionReportRequest, SessionReportResponse>;

inline MessageType type_of(const Message& message) {
  return std::visit([](const auto& m) { return m.message_type; }, message);
}

/// 24 bits; an answer has its request's.
using SequenceNumber = StrongId<struct SequenceNumberTag>;

struct Header {
  MessageType type{};
  std::optional<Seid> seid{};  ///< flag S: the receiver's SEID, 0 when it is not known yet
  SequenceNumber sequence{};
  std::optional<std::uint8_t> priority{};  ///< flag MP: 0 (highest) to 15
  bool follow_on{};                        ///< flag FO: another message follows in the datagram
  friend bool operator==(const Header&, const Header&) = default;
};

}  // namespace kiriko::pfcp
