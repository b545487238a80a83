// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of S-NSSAIs.
#include "core/fiveg/s_nssai.hpp"

#include <array>
#include <charconv>

namespace kiriko {

Result<SNssai> SNssai::parse(std::string_view text) {
  const auto bad = [&](const char* hint = "") {
    return fail({.message = "not an S-NSSAI",
                 .found = "'" + std::string(text) + "'",
                 .allowed = "an SST from 0 to 255, and perhaps '-' and an SD of six hexadecimal digits, "
                            "such as 4-000001",
                 .hint = hint});
  };
  const std::size_t dash = text.find('-');
  const std::string_view sst_text = text.substr(0, dash);
  SNssai out;
  {
    const char* last = sst_text.data() + sst_text.size();
    const auto [end, error] = std::from_chars(sst_text.data(), last, out.sst.value);
    if (error != std::errc{} || end != last) return bad();
  }
  if (dash == std::string_view::npos) return out;
  const std::string_view sd_text = text.substr(dash + 1);
  const char* last = sd_text.data() + sd_text.size();
  const auto [end, error] = std::from_chars(sd_text.data(), last, out.sd.value, 16);
  if (error != std::errc{} || end != last || sd_text.size() != 6) return bad("an SD has exactly six digits");
  return out;
}

std::string to_string(const SNssai& s_nssai) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string text = std::to_string(s_nssai.sst.value);
  if (!s_nssai.has_sd()) return text;
  text += '-';
  for (int shift = 20; shift >= 0; shift -= 4) text += digits[(s_nssai.sd.value >> shift) & 0x0fU];
  return text;
}

std::string_view sst_name(Sst sst) {
  static constexpr std::array<std::string_view, 8> names{"reserved", "eMBB", "URLLC", "MIoT",
                                                         "V2X",      "HMTC", "HDLLC", "GBRSS"};
  if (sst.value >= 128) return "operator";
  return sst.value < names.size() ? names[sst.value] : names[0];
}

}  // namespace kiriko
