// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// collect(): what a run measured, as a RunResult, its KPIs judged.
#pragma once

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"
#include "core/traffic/host.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// Fills flows, links, nodes, ledger and pool counts; the caller fills identity, events and wall facts.
void collect(const Scenario& scenario, const Emulation& emulation, const std::vector<Host*>& hosts,
             RunResult& result);

/// Judges every KPI on collected results.
std::vector<KpiResult> judge(const Scenario& scenario, const RunResult& result);

}  // namespace kiriko
