// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ScheduledChangeSet: what the controller wants done, and how long from now.
#pragma once

#include "core/control/change.hpp"

namespace kiriko {

/// To be applied `after` the moment it was planned.
struct ScheduledChangeSet {
  Duration after{};
  ChangeSet set;
};

}  // namespace kiriko
