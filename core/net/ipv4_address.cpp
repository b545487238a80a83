// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of IPv4 addresses and prefixes.
#include "core/net/ipv4_address.hpp"

#include <charconv>

namespace kiriko {
namespace {

/// Reads a decimal number of at most `highest`, without sign or leading zero; nullptr when there is none.
const char* read_number(const char* first, const char* last, unsigned highest, unsigned& number) {
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc{} || number > highest || (*first == '0' && end != first + 1)) return nullptr;
  return end;
}

bool read_address(std::string_view text, Ipv4Address& address) {
  const char* at = text.data();
  const char* const last = at + text.size();
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (at == last || *at != '.') return false;
      ++at;
    }
    unsigned octet = 0;
    at = read_number(at, last, 255, octet);
    if (at == nullptr) return false;
    value = (value << 8) | octet;
  }
  address = Ipv4Address{value};
  return at == last;
}

}  // namespace

Result<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  Ipv4Address address;
  if (!read_address(text, address))
    return fail({.message = "not an IPv4 address",
                 .found = "'" + std::string(text) + "'",
                 .allowed = "four numbers from 0 to 255 with dots between them, such as 10.0.0.1"});
  return address;
}

Result<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text) {
  const auto bad = [&] {
    return fail({.message = "not an IPv4 prefix",
                 .found = "'" + std::string(text) + "'",
                 .allowed = "an IPv4 address, '/' and a length from 0 to 32, such as 10.0.0.0/8"});
  };
  const std::size_t slash = text.find('/');
  Ipv4Prefix prefix{{}, 32};
  if (!read_address(text.substr(0, slash), prefix.address)) return bad();
  if (slash == std::string_view::npos) return prefix;
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  if (read_number(digits.data(), digits.data() + digits.size(), 32, length) !=
          digits.data() + digits.size() ||
      digits.empty())
    return bad();
  prefix.length = static_cast<std::uint8_t>(length);
  return prefix;
}

std::string to_string(Ipv4Address address) {
  const std::uint32_t v = address.value;
  return std::to_string(v >> 24) + '.' + std::to_string((v >> 16) & 0xff) + '.' +
         std::to_string((v >> 8) & 0xff) + '.' + std::to_string(v & 0xff);
}

std::string to_string(const Ipv4Prefix& prefix) {
  return to_string(prefix.address) + '/' + std::to_string(prefix.length);
}

}  // namespace kiriko
