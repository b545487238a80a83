// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The program's own tables and two ways to load a text, for tests of the loader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/loop/controller.hpp"
#include "scenarios/loader/load.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko {

inline LoadTables test_tables() {
  static const OptionTable controller = controller_options();
  return {.functions = catalogue(), .traffic_models = traffic_models(), .controller = &controller};
}

inline LoadResult load_text(std::string_view text, std::vector<std::string> overrides = {}) {
  return load({.text = text, .file_name = "test.yaml", .overrides = std::move(overrides)}, test_tables());
}

/// All problems as text; "" where there are none.
inline std::string problems_of(std::string_view text, std::vector<std::string> overrides = {}) {
  return to_text(load_text(text, std::move(overrides)).problems, "test.yaml");
}

}  // namespace kiriko
