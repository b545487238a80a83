// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// judge_real_time(): whether a run kept real time within its tolerance, and where not.
#pragma once

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"

namespace kiriko {

/// Reads `facts` (links, devices, tolerance); sets valid and invalid_because. 99 % of what each link released must be at most
/// `tolerance` late, and so must 99 % of what each device received, by the most it can have waited to be seen; at most 1 % may
/// have been lost before it was taken.
void judge_real_time(WallFacts& facts, Emulation::Lag worst_lag);

}  // namespace kiriko
