// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The one list of all network functions.
#pragma once

#include "core/function/descriptor.hpp"

namespace kiriko {

Catalogue catalogue();

}  // namespace kiriko
