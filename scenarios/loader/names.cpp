// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How the parts of a scenario find each other: names, wild cards and scopes.
#include <algorithm>

#include "core/fiveg/five_qi.hpp"
#include "scenarios/loader/entry_template.hpp"
#include "scenarios/loader/loading.hpp"
#include "scenarios/loader/wild_card.hpp"

namespace kiriko {

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+") ==
             std::string_view::npos;
}

bool spend(Loading& loading, std::size_t looks, const Position& at) {
  if (loading.match_budget >= looks) {
    loading.match_budget -= looks;
    return true;
  }
  if (loading.match_budget != 0)
    loading.problems.add(at, {.message = "the names and wild cards of this file reach too far"});
  loading.match_budget = 0;
  return false;
}

EntryList read_entries(Loading& loading, const YamlNode& list, std::string_view key, const Section& section,
                       std::string_view what) {
  EntryList out;
  for (const auto& entry : list_of(list, key, loading.problems)) {
    expand_entry(entry, loading.template_budget, loading.problems, [&](const YamlNode& copy) {
      if (out.nodes.size() >= maximum_nodes) return;
      out.nodes.push_back(copy);
      out.values.push_back(read_section(out.nodes.back(), section, what, loading.problems));
    });
  }
  return out;
}

bool add_name(Loading& loading, NameList& list, const std::string& name, const Position& at,
              std::string_view what) {
  if (name.empty()) return false;
  if (!is_name(name)) {
    loading.problems.add(at, {.message = "not a name",
                              .found = in_quotes(name),
                              .allowed = "up to 64 letters, digits, _, - and +"});
    return false;
  }
  const auto [found, is_new] = list.index.try_emplace(name, static_cast<std::uint32_t>(list.names.size()));
  if (!is_new) {
    const Position& first = list.at[found->second];
    loading.problems.add(
        at, {.message = "two " + std::string(what) + " have the name " + in_quotes(name),
             .hint = first.override_index >= 0 ? "" : "the first is at line " + std::to_string(first.line)});
    return false;
  }
  list.names.push_back(name);
  list.at.push_back(at);
  return true;
}

std::optional<std::uint32_t> find_name(Loading& loading, const NameList& list, const std::string& name,
                                       const Position& at, std::string_view what) {
  if (name.empty()) return std::nullopt;
  if (const auto found = list.find(name)) return found;
  if (!spend(loading, list.names.size(), at)) return std::nullopt;
  loading.problems.add(at, {.message = "there is no " + std::string(what) + " " + in_quotes(name),
                            .allowed = list.names.empty() ? "nothing: none is declared" : join(list.names),
                            .hint = hint_for(name, list.names)});
  return std::nullopt;
}

bool is_gnb(const ScenarioNode& node) { return node.kind == NodeKind::function && node.function == "gnb"; }
bool is_upf(const ScenarioNode& node) { return node.kind == NodeKind::function && node.function == "upf"; }

std::optional<NodeId> find_node(Loading& loading, const std::string& name, const Position& at,
                                std::string_view what, const std::function<bool(const ScenarioNode&)>& fits) {
  if (name.empty()) return std::nullopt;
  const auto& all = loading.scenario.nodes;
  if (const auto found = loading.nodes.find(name); found && fits(all[*found])) return NodeId{*found};
  if (!spend(loading, all.size(), at)) return std::nullopt;
  std::vector<std::string> candidates;
  for (const auto& node : all)
    if (fits(node)) candidates.push_back(node.name);
  const bool exists = loading.nodes.find(name).has_value();
  loading.problems.add(
      at, {.message = exists ? in_quotes(name) + " is not " + std::string(what)
                             : "there is no node " + in_quotes(name),
           .allowed = candidates.empty() ? std::string(what) + ": none is declared" : join(candidates),
           .hint = exists ? "" : hint_for(name, candidates)});
  return std::nullopt;
}

std::vector<NodeId> find_nodes(Loading& loading, const SectionValues& entry, std::string_view key,
                               std::string_view what, const std::function<bool(const ScenarioNode&)>& fits) {
  std::vector<NodeId> out;
  std::set<NodeId> seen;
  const YamlNode* given = entry.node->find(key);
  const auto patterns = entry.values.list<std::string>(key);
  if (given != nullptr && patterns.empty() && given->kind == YamlNode::Kind::sequence && given->items.empty())
    loading.problems.add(given->at,
                         {.message = "'" + std::string(key) + "' is empty", .allowed = "at least one name"});
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Position at = given->kind == YamlNode::Kind::sequence ? given->items[i].at : given->at;
    if (!has_wild_card(patterns[i])) {
      if (const auto node = find_node(loading, patterns[i], at, what, fits);
          node && seen.insert(*node).second)
        out.push_back(*node);
      continue;
    }
    if (!spend(loading, loading.scenario.nodes.size(), at)) return out;
    bool any = false;
    for (const auto& node : loading.scenario.nodes) {
      if (!matches(patterns[i], node.name) || !fits(node)) continue;
      any = true;
      if (seen.insert(node.id).second) out.push_back(node.id);
    }
    if (!any)
      loading.problems.add(
          at, {.message = in_quotes(patterns[i]) + " matches nothing that is " + std::string(what)});
  }
  return out;
}

std::vector<FlowId> find_flows(Loading& loading, const std::string& scope, const Position& at) {
  std::vector<FlowId> out;
  const auto& flows = loading.scenario.flows;
  const std::size_t colon = scope.find(':');
  const std::string kind = scope.substr(0, colon);
  const std::string name = colon == std::string::npos ? "" : scope.substr(colon + 1);
  const bool all = scope == "all";
  if (!all && (colon == std::string::npos || name.empty() ||
               (kind != "flow" && kind != "group" && kind != "slice"))) {
    loading.problems.add(at, {.message = "not a scope of flows",
                              .found = in_quotes(scope),
                              .allowed = "all, flow:NAME, group:NAME, slice:NAME"});
    return out;
  }
  if (!spend(loading, flows.size() + 1, at)) return out;
  std::vector<std::string> candidates;
  for (const auto& flow : flows) {
    const auto& spec = flow.spec;
    const std::string& text = kind == "flow" ? spec.name
                              : kind == "group" || spec.slice == no_slice
                                  ? spec.group
                                  : loading.scenario.slices[spec.slice.value].name;
    if (kind == "slice" && spec.slice == no_slice) continue;
    if (all || matches(name, text)) {
      out.push_back(spec.id);
    } else if (candidates.size() < 100 && (candidates.empty() || candidates.back() != text)) {
      candidates.push_back(text);
    }
  }
  if (out.empty()) {
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    loading.problems.add(at, {.message = "no flow is in the scope " + in_quotes(scope),
                              .allowed = join(candidates),
                              .hint = hint_for(name, candidates)});
  }
  return out;
}

std::string resolve_file(Loading& loading, const std::string& file, const Position& at) {
  const std::filesystem::path path = loading.folder / file;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    loading.problems.add(at, {.message = "there is no such file",
                              .found = in_quotes(file),
                              .hint = "paths are relative to the scenario's folder"});
  return path.string();
}

void check_five_qi(Loading& loading, const SectionValues& values) {
  constexpr std::int64_t first_of_the_operator = 128;
  const std::int64_t five_qi = values.integer("five_qi");
  if (five_qi == 0 || five_qi >= first_of_the_operator) return;
  if (find_five_qi(FiveQi{static_cast<std::uint8_t>(five_qi)}) != nullptr) return;
  std::string allowed;
  for (const auto& row : five_qi_table()) allowed += std::to_string(row.five_qi.value) + ", ";
  loading.problems.add(values.at("five_qi"), {.message = "not a standardized 5QI",
                                              .found = std::to_string(five_qi),
                                              .allowed = allowed + "or 128 to 254 (the operator's)",
                                              .hint = "TS 23.501 Table 5.7.4-1"});
}

OptionValues read_with(Loading& loading, const SectionValues& entry, const OptionTable& table,
                       std::string_view what) {
  static const YamlNode nothing{.kind = YamlNode::Kind::mapping};
  const YamlNode* with = entry.part("with");
  YamlNode empty = nothing;
  if (with == nullptr) {
    empty.at = entry.node->at;
    with = &empty;
  }
  SectionValues values =
      read_section(*with, {.options = table}, "the options of " + std::string(what), loading.problems);
  for (const auto& option : table) {
    if (option.unverified && !option.default_value.empty() && !values.given(option.key) &&
        in_use(option, values.values))
      loading.unverified.insert(std::string(what) + ": " + option.key + " = " + option.default_value);
    if (option.key == "file" && option.type == OptionType::text && values.given("file") &&
        !values.text("file").empty())
      values.values.set("file", {resolve_file(loading, values.text("file"), values.at("file"))});
  }
  return std::move(values.values);
}

}  // namespace kiriko
