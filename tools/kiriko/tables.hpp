// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What the loader checks scenarios against in this program: all functions, traffic models and the controller.
#pragma once

#include "scenarios/loader/load.hpp"

namespace kiriko {

const LoadTables& load_tables();

}  // namespace kiriko
