// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// S-NSSAI: slice/service type and slice differentiator (TS 23.501 clause 5.15.2, TS 23.003 clause 28.4).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace kiriko {

using Sst = StrongId<struct SstTag, std::uint8_t>;  ///< 0 to 127 standard, 128 to 255 the operator's
using Sd = StrongId<struct SdTag>;                  ///< 24 bits

/// Standardized SST values, TS 23.501 Table 5.15.2.2-1.
namespace sst {
inline constexpr Sst embb{1};
inline constexpr Sst urllc{2};
inline constexpr Sst miot{3};
inline constexpr Sst v2x{4};
inline constexpr Sst hmtc{5};
inline constexpr Sst hdllc{6};
inline constexpr Sst gbrss{7};
}  // namespace sst

/// The SD value that means "no SD" (TS 23.003 clause 28.4.2).
inline constexpr Sd no_sd{0xffffffU};

struct SNssai {
  Sst sst{};
  Sd sd{no_sd};

  friend constexpr auto operator<=>(const SNssai&, const SNssai&) = default;
  constexpr bool has_sd() const noexcept { return sd != no_sd; }
  constexpr bool is_standardized() const noexcept { return sst.value < 128; }

  /// "4-000001" (six hexadecimal digits) or "4".
  static Result<SNssai> parse(std::string_view text);
};

std::string to_string(const SNssai& s_nssai);

/// "eMBB", "URLLC", …; "operator" from 128 on; "reserved" for the rest.
std::string_view sst_name(Sst sst);

}  // namespace kiriko
