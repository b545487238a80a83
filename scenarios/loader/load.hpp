// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// load(): scenario text to Scenario, with every problem at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/options.hpp"
#include "core/base/result.hpp"
#include "core/function/descriptor.hpp"
#include "core/traffic/traffic_model.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// What the loader checks names and options against; the loader itself knows no function and no controller.
struct LoadTables {
  Catalogue functions{};
  std::span<const TrafficModelDescriptor* const> traffic_models{};
  const OptionTable* controller{nullptr};  ///< options of the section `controller`; nullptr: none
};

struct LoadRequest {
  std::string_view text;
  std::string file_name;                 ///< for messages; files named in the scenario are relative to it
  std::vector<std::string> overrides{};  ///< "path=value": links.ring1.delay=5ms, timeline[2].at=10s
  std::optional<std::uint64_t> seed{};   ///< wins over run.seed
};

struct LoadResult {
  Scenario scenario;              ///< usable only where there are no problems
  std::vector<Problem> problems;  ///< sorted by line and column

  bool ok() const { return problems.empty(); }
};

/// Never throws. At most `maximum_problems` are returned, the last then saying that there are more.
LoadResult load(const LoadRequest& request, const LoadTables& tables);

/// Reads the file (at most 16 MiB) and loads it; request.text is ignored.
LoadResult load_file(LoadRequest request, const LoadTables& tables);

/// "FILE:LINE:COLUMN: error: message; found …; allowed: …; hint", one line a problem, then "N problems in FILE".
/// "" where there are none.
std::string to_text(const std::vector<Problem>& problems, std::string_view file_name);

/// JSON Schema (draft 2020-12) of a scenario file, from the option tables.
std::string json_schema(const LoadTables& tables);

/// The reference page of a scenario file in Markdown, from the option tables.
std::string reference_markdown(const LoadTables& tables);

/// af_packet, af_xdp, tap, memif, pcap, ring, null, pci, udp_tunnel, tun.
std::span<const std::string_view> device_kinds();

/// Options that a device node may have beside its kind, by kind; aborts on an unknown kind.
const OptionTable& device_options(std::string_view kind);

inline constexpr std::size_t maximum_problems = 200;
inline constexpr std::size_t maximum_text = std::size_t{16} << 20;
inline constexpr std::size_t maximum_nodes = 100'000;

}  // namespace kiriko
