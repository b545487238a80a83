// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any text as a scenario, and as an override of a good one, ends in a Scenario or in problems.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/scenarios/loader/test_tables.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace kiriko;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const LoadResult result = load_text(text);
  if (result.ok()) {
    if (result.scenario.nodes.empty() || result.scenario.windows.empty()) std::abort();
    for (const auto& link : result.scenario.links)
      if (link.a.value >= result.scenario.nodes.size() || link.b.value >= result.scenario.nodes.size())
        std::abort();
  } else if (to_text(result.problems, "test.yaml").empty()) {
    std::abort();
  }
  if (size < 1000) {
    static constexpr std::string_view good =
        "name: g\nrun: {duration: 1s}\nhosts: [{name: a}, {name: b}]\nlinks: [{name: l, ends: [a, b]}]\n";
    load_text(good, {std::string(text)});
  }
  return 0;
}
