// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Octets written as hexadecimal digits.
#pragma once

#include <string_view>

#include "core/pfcp/octet_io.hpp"

namespace kiriko::pfcp {

inline Octets octets_of_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Octets octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    octets.push_back(static_cast<std::uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  return octets;
}

}  // namespace kiriko::pfcp
