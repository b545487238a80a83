// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Loading: the scenario half read, with what its parts need to find each other. One step, one file.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/load.hpp"
#include "scenarios/loader/problem_list.hpp"
#include "scenarios/loader/section_reader.hpp"

namespace kiriko {

/// Index by name, and the names in order for hints and wild cards.
struct NameList {
  std::map<std::string, std::uint32_t, std::less<>> index;
  std::vector<std::string> names;
  std::vector<Position> at;

  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto found = index.find(name);
    return found == index.end() ? std::nullopt : std::optional(found->second);
  }
};

/// The copies of a section's entries, read.
struct EntryList {
  std::deque<YamlNode> nodes;
  std::vector<SectionValues> values;
};

struct Loading {
  const LoadTables& tables;
  std::filesystem::path folder{};  ///< of the scenario file
  ProblemList problems{};
  Scenario scenario{};
  NameList nodes{}, slices{}, links{}, flows{};
  std::map<std::uint32_t, std::size_t> ue_of_node{};  ///< NodeId → index in Scenario::ues
  EntryList ues{};                                    ///< read with the nodes, resolved after them
  std::set<std::string> unverified{};
  std::size_t template_budget{200'000};  ///< values that templates may still make
  std::size_t match_budget{20'000'000};  ///< names that wild cards and scopes may still look at
};

// Steps, in this order. Each adds to the scenario and reports what is wrong with its section.
void read_header(Loading& loading, const SectionValues& root);
void read_slices(Loading& loading, const YamlNode& list);
void read_hosts(Loading& loading, const YamlNode& list);
void read_ues(Loading& loading, const YamlNode& list);
void read_functions(Loading& loading, const YamlNode& list);
void read_devices(Loading& loading, const YamlNode& list);
void assign_pools(Loading& loading);
void resolve_ues(Loading& loading);
void assign_addresses(Loading& loading);
void read_links(Loading& loading, const YamlNode& list);
void add_radio_links(Loading& loading);
void read_traffic(Loading& loading, const YamlNode& list);
void check_paths(Loading& loading);
void read_timeline(Loading& loading, const YamlNode& list);
void read_mobility(Loading& loading, const SectionValues& root);
void read_kpis(Loading& loading, const YamlNode& list);

// Shared by the steps.

/// Entries of a list, templates expanded, each read by `section`.
EntryList read_entries(Loading& loading, const YamlNode& list, std::string_view key, const Section& section,
                       std::string_view what);

/// Adds a name; false, with a problem, where it is not a name or there already. An empty name is refused in
/// silence: that it is missing has been said.
bool add_name(Loading& loading, NameList& list, const std::string& name, const Position& at,
              std::string_view what);
/// Letters, digits and - _ + only, at most 64.
bool is_name(std::string_view text);

/// The index of `name`; a problem with a hint where there is none, but none about an empty name.
std::optional<std::uint32_t> find_name(Loading& loading, const NameList& list, const std::string& name,
                                       const Position& at, std::string_view what);

/// Nodes by names and wild cards, each once; `fits` says which nodes are meant by `what` ("a host or UE").
std::vector<NodeId> find_nodes(Loading& loading, const SectionValues& entry, std::string_view key,
                               std::string_view what, const std::function<bool(const ScenarioNode&)>& fits);
std::optional<NodeId> find_node(Loading& loading, const std::string& name, const Position& at,
                                std::string_view what, const std::function<bool(const ScenarioNode&)>& fits);
bool is_gnb(const ScenarioNode& node);
bool is_upf(const ScenarioNode& node);

/// "250,35"; a problem where it is no point.
std::optional<PlanePoint> read_point(Loading& loading, const std::string& text, const Position& at);

/// Flows of "all", "flow:…", "group:…" or "slice:…"; a problem where there are none.
std::vector<FlowId> find_flows(Loading& loading, const std::string& scope, const Position& at);
/// Uses up the match budget; false, once with a problem, when it is gone.
bool spend(Loading& loading, std::size_t looks, const Position& at);

/// The options of a function, model or controller from `with`; `where_unverified` names them in the report.
OptionValues read_with(Loading& loading, const SectionValues& entry, const OptionTable& table,
                       std::string_view what);

/// Applies the keys that are given on top of `properties`.
void apply_link_properties(Loading& loading, const SectionValues& entry, LinkProperties& properties);
/// Common keys, then those of `forward` and `backward`.
void apply_both_directions(Loading& loading, const SectionValues& entry, LinkProperties& forward,
                           LinkProperties& backward);

/// Standardized (TS 23.501 Table 5.7.4-1) or the operator's; a problem where `five_qi` is neither.
void check_five_qi(Loading& loading, const SectionValues& values);

/// Makes the path of a named file relative to the scenario's folder; a problem where it is no readable file.
std::string resolve_file(Loading& loading, const std::string& file, const Position& at);

}  // namespace kiriko
