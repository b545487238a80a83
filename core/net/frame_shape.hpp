// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FrameShape: the header octets that nearly all frames of a kind have, compared in one go.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace kiriko {

/// A frame of the shape needs no other check of its headers; any other goes the long way through the views.
/// Length fields must say exactly what the frame's size says: a padded frame has no shape.
class FrameShape {
 public:
  static constexpr std::size_t reach = 64;  ///< octets compared

  /// Frames of less than `least_size` octets have not the shape.
  explicit FrameShape(std::size_t least_size) : least_size_(least_size < reach ? reach : least_size) {}

  /// Bits of `mask` in the octet at `at` are those of `value`.
  FrameShape& octet(std::size_t at, std::uint8_t value, std::uint8_t mask = 0xff) noexcept {
    wanted_[at] = static_cast<std::uint8_t>(value & mask);
    mask_[at] = mask;
    return *this;
  }
  FrameShape& number(std::size_t at, std::uint16_t value) noexcept {
    return octet(at, static_cast<std::uint8_t>(value >> 8)).octet(at + 1, static_cast<std::uint8_t>(value));
  }
  FrameShape& number32(std::size_t at, std::uint32_t value) noexcept {
    return number(at, static_cast<std::uint16_t>(value >> 16))
        .number(at + 2, static_cast<std::uint16_t>(value));
  }
  /// The 16 bits at `at`, which is even, count the frame's octets without the `outside` that they leave out.
  FrameShape& length(std::size_t at, std::uint16_t outside) noexcept {
    number(at, 0);
    outside_[at / 2] = outside;
    is_length_[at] = is_length_[at + 1] = 0xff;
    return *this;
  }

  /// `data` holds `size` octets.
  bool matches(const std::uint8_t* data, std::size_t size) const noexcept {
    if (size < least_size_ || size > 0xffff) return false;
    const __m256i sizes = _mm256_set1_epi16(static_cast<std::int16_t>(size));
    const __m256i different = _mm256_or_si256(difference(data, sizes, 0), difference(data, sizes, 32));
    return _mm256_testz_si256(different, different) != 0;
  }

 private:
  __m256i difference(const std::uint8_t* data, __m256i sizes, std::size_t from) const noexcept {
    const auto load = [from](const auto& array) {
      return _mm256_load_si256(
          reinterpret_cast<const __m256i*>(reinterpret_cast<const std::uint8_t*>(array.data()) + from));
    };
    const __m256i to_wire_order =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
    const __m256i lengths = _mm256_and_si256(
        _mm256_shuffle_epi8(_mm256_sub_epi16(sizes, load(outside_)), to_wire_order), load(is_length_));
    const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + from));
    return _mm256_and_si256(_mm256_xor_si256(octets, _mm256_or_si256(lengths, load(wanted_))), load(mask_));
  }

  alignas(32) std::array<std::uint8_t, reach> wanted_{};
  alignas(32) std::array<std::uint8_t, reach> mask_{};
  alignas(32) std::array<std::uint8_t, reach> is_length_{};
  alignas(32) std::array<std::uint16_t, reach / 2> outside_{};
  std::size_t least_size_;
};

}  // namespace kiriko
