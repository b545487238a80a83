// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Counter-based random streams, keyed by (seed, entity, purpose): no order of use changes another stream.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace kiriko {

/// FNV-1a, to turn an entity's or a purpose's name into a key.
constexpr std::uint64_t stream_key(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h;
}

/// One stream: the n-th draw is a mix (SplitMix64's finalizer, twice) of key and n.
class RandomStream {
 public:
  RandomStream() = default;
  RandomStream(std::uint64_t seed, std::uint64_t entity, std::uint64_t purpose)
      : key_(mix(mix(seed + 0x9e3779b97f4a7c15ULL) ^ mix(entity + 0xd1b54a32d192ed03ULL) ^
                 mix(purpose + 0x8cb92ba72f3d8dd7ULL))) {}
  RandomStream(std::uint64_t seed, std::string_view entity, std::string_view purpose)
      : RandomStream(seed, stream_key(entity), stream_key(purpose)) {}

  std::uint64_t next() noexcept { return mix(key_ + (++counter_) * 0x9e3779b97f4a7c15ULL); }
  /// Uniform in [0, 1).
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return span == 0 ? static_cast<std::int64_t>(next())
                     : low + static_cast<std::int64_t>(static_cast<unsigned __int128>(next()) * span >> 64);
  }
  bool chance(double probability) noexcept { return uniform() < probability; }
  double exponential(double mean) noexcept { return -mean * std::log1p(-uniform()); }
  /// Standard normal (Box–Muller; two draws a value, so that the stream stays addressable).
  double normal() noexcept {
    const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }
  /// Pareto with the given shape and minimum.
  double pareto(double shape, double minimum) noexcept {
    return minimum * std::pow(1.0 - uniform(), -1.0 / shape);
  }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t key_{};
  std::uint64_t counter_{};
};

}  // namespace kiriko
