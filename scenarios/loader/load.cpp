// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The steps of loading, in order: text, overrides, sections, references, paths.
#include "scenarios/loader/load.hpp"

#include <exception>
#include <fstream>
#include <sstream>

#include "scenarios/loader/device_groups.hpp"
#include "scenarios/loader/loading.hpp"
#include "scenarios/loader/overrides.hpp"

namespace kiriko {
namespace {

constexpr YamlLimits file_limits{.nodes = 100'000, .depth = 24};

void read_sections(Loading& loading, const YamlNode& root, std::optional<std::uint64_t> seed) {
  const SectionValues values = read_section(root, scenario_section(), "a scenario", loading.problems);
  if (root.kind != YamlNode::Kind::mapping) return;
  static const YamlNode nothing{};
  const auto section = [&](std::string_view key) -> const YamlNode& {
    const YamlNode* node = values.part(key);
    return node == nullptr ? nothing : *node;
  };
  read_header(loading, values);
  if (seed) loading.scenario.run.seed = *seed;  // ahead of the ways, which are drawn with it
  read_slices(loading, section("slices"));
  read_hosts(loading, section("hosts"));
  read_ues(loading, section("ues"));
  read_functions(loading, section("functions"));
  read_devices(loading, section("devices"));
  assign_pools(loading);
  resolve_ues(loading);
  assign_addresses(loading);
  read_links(loading, section("links"));
  add_radio_links(loading);
  loading.scenario.windows.push_back({});
  read_traffic(loading, section("traffic"));
  check_paths(loading);
  read_timeline(loading, section("timeline"));
  read_mobility(loading, values);
  read_kpis(loading, section("kpis"));
  for (auto& flow : loading.scenario.flows) flow.spec.windows = loading.scenario.windows;
  loading.scenario.unverified.assign(loading.unverified.begin(), loading.unverified.end());
  if (loading.scenario.nodes.empty() && loading.problems.empty())
    loading.problems.add(
        root.at, {.message = "the scenario has no nodes", .allowed = "hosts, ues, functions, devices"});
}

LoadResult load_or_throw(const LoadRequest& request, const LoadTables& tables) {
  Loading loading{.tables = tables, .folder = std::filesystem::path(request.file_name).parent_path()};
  const auto finish = [&] {
    LoadResult out;
    out.problems = loading.problems.sorted(request.file_name, request.overrides);
    out.scenario = std::move(loading.scenario);
    return out;
  };
  if (request.text.size() > maximum_text) {
    loading.problems.add({}, {.message = "the file is too large",
                              .found = std::to_string(request.text.size()) + " B",
                              .allowed = "at most 16 MiB"});
    return finish();
  }
  auto root = parse_yaml(request.text, file_limits);
  if (!root) {
    loading.problems.add(root.error().at, root.error().problem);
    return finish();
  }
  for (std::size_t i = 0; i < request.overrides.size(); ++i)
    apply_override(*root, request.overrides[i], static_cast<int>(i), loading.problems);
  expand_device_groups(*root, loading.template_budget, loading.unverified, loading.problems);
  read_sections(loading, *root, request.seed);
  return finish();
}

}  // namespace

LoadResult load(const LoadRequest& request, const LoadTables& tables) {
  try {
    return load_or_throw(request, tables);
  } catch (const std::exception& error) {
    LoadResult out;
    out.problems.push_back(
        {.message = std::string("the file cannot be read: ") + error.what(), .where = request.file_name});
    return out;
  }
}

LoadResult load_file(LoadRequest request, const LoadTables& tables) {
  const auto refuse = [&](const char* why) {
    LoadResult out;
    out.problems.push_back({.message = why, .where = request.file_name});
    return out;
  };
  std::error_code error;
  if (!std::filesystem::exists(request.file_name, error)) return refuse("there is no such file");
  if (!std::filesystem::is_regular_file(request.file_name, error)) return refuse("not a file");
  if (std::filesystem::file_size(request.file_name, error) > maximum_text || error)
    return refuse("the file is larger than 16 MiB");
  std::ifstream file(request.file_name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return refuse("the file cannot be read");
  const std::string content = text.str();
  request.text = content;
  return load(request, tables);
}

}  // namespace kiriko
