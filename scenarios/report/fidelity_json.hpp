// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// fidelity.json: how well this machine kept the clock; the one result that differs from machine to machine.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

std::string fidelity_json(const RunResult& result);

}  // namespace kiriko
