// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing of TDD patterns and their shares.
#include "core/fiveg/tdd_pattern.hpp"

#include <charconv>

namespace kiriko {

Result<TddPattern> TddPattern::parse(std::string_view slots, std::string_view special_symbols) {
  TddPattern pattern;
  if (slots == "FDD") return pattern;
  const bool known = slots.find_first_not_of("DSU") == std::string_view::npos;
  if (slots.empty() || slots.size() > longest || !known)
    return fail({.message = "not a TDD pattern",
                 .found = "'" + std::string(slots.substr(0, 80)) + "'",
                 .allowed = "D, S and U, one a slot, at most 640, such as DDDSU; or FDD"});

  unsigned parts[3] = {};
  const char* at = special_symbols.data();
  const char* const last = at + special_symbols.size();
  bool well_formed = true;
  for (int i = 0; i < 3 && well_formed; ++i) {
    if (i > 0) well_formed = at != last && *at++ == ':';
    if (!well_formed) break;
    const auto [end, error] = std::from_chars(at, last, parts[i]);
    well_formed = error == std::errc{} && parts[i] <= unsigned{symbols_per_slot};
    at = end;
  }
  if (!well_formed || at != last || parts[1] < 1 ||
      parts[0] + parts[1] + parts[2] != unsigned{symbols_per_slot})
    return fail(
        {.message = "not a split of a special slot",
         .found = "'" + std::string(special_symbols.substr(0, 80)) + "'",
         .allowed =
             "downlink:guard:uplink symbols that sum to 14 with a guard of at least 1, such as 10:2:2"});
  pattern.slots_ = slots;
  pattern.special_downlink_ = static_cast<int>(parts[0]);
  pattern.special_uplink_ = static_cast<int>(parts[2]);
  return pattern;
}

double TddPattern::downlink_share() const noexcept {
  double sum = 0;
  for (std::size_t slot = 0; slot < period(); ++slot) sum += downlink_symbols(slot);
  return sum / static_cast<double>(period() * symbols_per_slot);
}

double TddPattern::uplink_share() const noexcept {
  double sum = 0;
  for (std::size_t slot = 0; slot < period(); ++slot) sum += uplink_symbols(slot);
  return sum / static_cast<double>(period() * symbols_per_slot);
}

std::string TddPattern::special_symbols() const {
  const int guard = symbols_per_slot - special_downlink_ - special_uplink_;
  return std::to_string(special_downlink_) + ':' + std::to_string(guard) + ':' +
         std::to_string(special_uplink_);
}

}  // namespace kiriko
