// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of IPv6 addresses and prefixes.
#include "core/net/ipv6_address.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "core/net/ipv4_address.hpp"

namespace kiriko {
namespace {

bool read_address(std::string_view text, Ipv6Address& address) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) return false;
  std::memcpy(terminated, text.data(), text.size());
  return inet_pton(AF_INET6, terminated, address.octets.data()) == 1;
}

/// Where the run of zero groups that "::" stands for begins and ends; begin == end when there is none.
struct ZeroRun {
  std::size_t begin{8};
  std::size_t end{8};
};

ZeroRun longest_zero_run(const std::array<unsigned, 8>& groups) {
  ZeroRun longest;
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i >= 2 && end - i > longest.end - longest.begin) longest = {i, end};
    i = end + 1;
  }
  return longest;
}

}  // namespace

Result<Ipv6Address> Ipv6Address::parse(std::string_view text) {
  Ipv6Address address;
  if (!read_address(text, address))
    return fail({.message = "not an IPv6 address",
                 .found = "'" + std::string(text) + "'",
                 .allowed =
                     "eight groups of hexadecimal digits with ':' between them, '::' for a run of zeros, "
                     "such as 2001:db8::1"});
  return address;
}

Result<Ipv6Prefix> Ipv6Prefix::parse(std::string_view text) {
  const auto bad = [&] {
    return fail({.message = "not an IPv6 prefix",
                 .found = "'" + std::string(text) + "'",
                 .allowed = "an IPv6 address, '/' and a length from 0 to 128, such as 2001:db8::/32"});
  };
  const std::size_t slash = text.find('/');
  Ipv6Prefix prefix{{}, 128};
  if (!read_address(text.substr(0, slash), prefix.address)) return bad();
  if (slash == std::string_view::npos) return prefix;
  const std::string_view digits = text.substr(slash + 1);
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, prefix.length);
  if (error != std::errc{} || end != last || prefix.length > 128) return bad();
  if (digits.size() > 1 && digits.front() == '0') return bad();
  return prefix;
}

std::string to_string(const Ipv6Address& address) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = (unsigned{address.octets[2 * i]} << 8) | address.octets[2 * i + 1];
  if (address.half(0) == 0 && (address.half(1) >> 32) == 0xffffU)
    return "::ffff:" + to_string(Ipv4Address{static_cast<std::uint32_t>(address.half(1))});
  const ZeroRun run = longest_zero_run(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i >= run.begin && i < run.end) {
      if (i == run.begin) text += "::";
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    char digits[4];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, groups[i], 16);
    if (error == std::errc{}) text.append(digits, end);
  }
  return text;
}

std::string to_string(const Ipv6Prefix& prefix) {
  return to_string(prefix.address) + '/' + std::to_string(prefix.length);
}

}  // namespace kiriko
