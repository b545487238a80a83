// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a tournament or a vector comparison must find, by a look at every time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace kiriko::test {

/// The places of the first and the second time, the lower place where they are equal; the count of times where there is no second.
inline std::pair<std::uint32_t, std::uint32_t> first_two(const std::vector<std::int64_t>& times) {
  const auto count = static_cast<std::uint32_t>(times.size());
  std::uint32_t first = 0, second = count;
  for (std::uint32_t i = 1; i < count; ++i)
    if (times[i] < times[first]) first = i;
  for (std::uint32_t i = 0; i < count; ++i)
    if (i != first && (second == count || times[i] < times[second])) second = i;
  return {first, second};
}

}  // namespace kiriko::test
