// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Be16, Be32, Be64: big-endian integers as they lie on the wire, without alignment.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

namespace kiriko {

/// Reads and assigns as Int; its bytes are the wire's. Alignment 1, trivially copyable.
template <class Int>
class BigEndian {
 public:
  using Value = Int;

  constexpr BigEndian() = default;
  constexpr BigEndian(Int value) noexcept : bytes_(std::bit_cast<Octets>(swapped(value))) {}
  constexpr operator Int() const noexcept { return swapped(std::bit_cast<Int>(bytes_)); }
  constexpr Int value() const noexcept { return *this; }

 private:
  using Octets = std::array<std::uint8_t, sizeof(Int)>;

  static constexpr Int swapped(Int v) noexcept {
    static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);
    if constexpr (std::endian::native == std::endian::big) return v;
    if constexpr (sizeof(Int) == 2) return static_cast<Int>(__builtin_bswap16(v));
    if constexpr (sizeof(Int) == 4) return static_cast<Int>(__builtin_bswap32(v));
    if constexpr (sizeof(Int) == 8) return static_cast<Int>(__builtin_bswap64(v));
  }

  Octets bytes_;
};

using Be16 = BigEndian<std::uint16_t>;
using Be32 = BigEndian<std::uint32_t>;
using Be64 = BigEndian<std::uint64_t>;

static_assert(sizeof(Be16) == 2 && alignof(Be16) == 1 && std::is_trivially_copyable_v<Be16>);
static_assert(sizeof(Be32) == 4 && alignof(Be32) == 1 && std::is_trivially_copyable_v<Be32>);
static_assert(sizeof(Be64) == 8 && alignof(Be64) == 1 && std::is_trivially_copyable_v<Be64>);

}  // namespace kiriko
