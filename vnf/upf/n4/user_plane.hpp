// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UserPlane: what the N4 server needs of the UPF's user plane, at one model time.
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/control/pdu_session_update.hpp"

namespace kiriko::upf {

/// A refusal's hint is the PFCP cause, and nothing has changed then. Reports that a call leads to come by the user
/// plane's own queue, those of the call last.
class UserPlane {
 public:
  virtual ~UserPlane() = default;
  virtual Result<void> establish(const PduSessionRules& rules) = 0;
  virtual Result<void> modify(Seid seid, const PduSessionUpdate& update) = 0;
  virtual void release(Seid seid) = 0;
  virtual std::optional<PduSessionRules> rules(Seid seid) const = 0;
};

}  // namespace kiriko::upf
