// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SHA-256 of a scenario's text.
#pragma once

#include <string>
#include <string_view>

namespace kiriko {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view text);

}  // namespace kiriko
