// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// topology_svg(): a scenario's nodes and links as a picture.
#pragma once

#include <string>

#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// Layers from the UEs inward, the same picture for the same scenario. Names are escaped.
std::string topology_svg(const Scenario& scenario);

}  // namespace kiriko
