// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of MAC addresses.
#include "core/net/mac_address.hpp"

#include <charconv>

namespace kiriko {

Result<MacAddress> MacAddress::parse(std::string_view text) {
  const auto bad = [&] {
    return fail({.message = "not a MAC address",
                 .found = "'" + std::string(text) + "'",
                 .allowed = "six pairs of hexadecimal digits, such as 02:00:00:00:00:01"});
  };
  if (text.size() != 17) return bad();
  const char separator = text[2];
  if (separator != ':' && separator != '-') return bad();
  MacAddress mac;
  for (std::size_t i = 0; i < mac.octets.size(); ++i) {
    const char* first = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(first, first + 2, mac.octets[i], 16);
    if (error != std::errc{} || end != first + 2) return bad();
    if (i + 1 < mac.octets.size() && first[2] != separator) return bad();
  }
  return mac;
}

std::string to_string(const MacAddress& mac) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(17);
  for (const std::uint8_t octet : mac.octets) {
    if (!text.empty()) text += ':';
    text += digits[octet >> 4];
    text += digits[octet & 0x0f];
  }
  return text;
}

}  // namespace kiriko
