// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Hosts, UEs, functions and devices become nodes; what refers to other nodes is resolved once all are known.
#include <algorithm>

#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

std::optional<Ipv4Address> read_address(Loading& loading, const SectionValues& values) {
  if (!values.given("address") || !values.values.has("address")) return std::nullopt;
  const std::string text = values.text("address");
  auto address = Ipv4Address::parse(text);
  if (!address) {
    Problem problem = address.error();
    problem.found = in_quotes(text);
    loading.problems.add(values.at("address"), std::move(problem));
    return std::nullopt;
  }
  // Beside real sockets a node may stand on loopback.
  const bool loopback =
      (address->value >> 24) == 127 && loading.scenario.run.clock == ClockKind::virtual_time;
  if (address->is_multicast() || address->is_broadcast() || (address->value >> 24) == 0 || loopback) {
    loading.problems.add(values.at("address"),
                         {.message = "not the address of one node", .found = in_quotes(text)});
    return std::nullopt;
  }
  return *address;
}

std::optional<Ipv4Prefix> read_prefix(Loading& loading, const SectionValues& values) {
  if (!values.given("serves") || !values.values.has("serves")) return std::nullopt;
  const std::string text = values.text("serves");
  const auto prefix = Ipv4Prefix::parse(text);
  if (!prefix) {
    Problem problem = prefix.error();
    problem.found = in_quotes(text);
    loading.problems.add(values.at("serves"), std::move(problem));
    return std::nullopt;
  }
  if (!prefix->is_network()) {
    loading.problems.add(values.at("serves"), {.message = "a network has host bits",
                                               .found = in_quotes(text),
                                               .allowed = to_string(prefix->network())});
    return std::nullopt;
  }
  return *prefix;
}

/// nullptr where its name is wrong or taken.
ScenarioNode* add_node(Loading& loading, const SectionValues& values, NodeKind kind) {
  auto& nodes = loading.scenario.nodes;
  if (nodes.size() >= maximum_nodes) {
    loading.problems.add(values.node->at, {.message = "there are too many nodes",
                                           .allowed = "at most " + std::to_string(maximum_nodes)});
    return nullptr;
  }
  const std::string name = values.text("name");
  if (!add_name(loading, loading.nodes, name, values.at("name"), "nodes")) return nullptr;
  nodes.push_back({.id = NodeId{static_cast<std::uint32_t>(nodes.size())},
                   .name = name,
                   .kind = kind,
                   .site = values.text("site"),
                   .address = read_address(loading, values)});
  return &nodes.back();
}

const Descriptor* find_descriptor(Catalogue functions, std::string_view name) {
  for (const Descriptor* descriptor : functions)
    if (descriptor->name == name) return descriptor;
  return nullptr;
}

}  // namespace

void read_hosts(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "hosts", host_section(), "a host");
  for (const auto& values : entries.values) add_node(loading, values, NodeKind::host);
}

void read_ues(Loading& loading, const YamlNode& list) {
  EntryList entries = read_entries(loading, list, "ues", ue_section(), "a UE");
  loading.ues.nodes = std::move(entries.nodes);
  for (auto& values : entries.values) {
    const ScenarioNode* node = add_node(loading, values, NodeKind::ue);
    if (node == nullptr) continue;
    loading.ue_of_node[node->id.value] = loading.scenario.ues.size();
    loading.scenario.ues.push_back({.node = node->id});
    loading.ues.values.push_back(std::move(values));
  }
}

void read_functions(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "functions", function_section(), "a function");
  std::vector<std::string> names;
  for (const Descriptor* descriptor : loading.tables.functions) names.emplace_back(descriptor->name);
  for (const auto& values : entries.values) {
    ScenarioNode* node = add_node(loading, values, NodeKind::function);
    const std::string function = values.text("function");
    const Descriptor* descriptor = find_descriptor(loading.tables.functions, function);
    if (descriptor == nullptr) {
      if (!function.empty())
        loading.problems.add(values.at("function"), {.message = "there is no function " + in_quotes(function),
                                                     .allowed = join(names),
                                                     .hint = hint_for(function, names)});
      continue;
    }
    OptionValues options = read_with(loading, values, descriptor->options, "the function '" + function + "'");
    const auto serves = read_prefix(loading, values);
    if (serves && function != "upf")
      loading.problems.add(values.at("serves"), {.message = "only a UPF serves a pool of UE addresses",
                                                 .found = in_quotes(function)});
    std::optional<PlanePoint> position;
    if (values.values.has("position"))
      position = read_point(loading, values.text("position"), values.at("position"));
    if (position && function != "gnb")
      loading.problems.add(values.at("position"),
                           {.message = "only a gNB has a position", .found = in_quotes(function)});
    if (node == nullptr) continue;
    node->position = position;
    node->function = function;
    node->options = std::move(options);
    node->serves = serves;
  }
}

void read_devices(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "devices", device_section(), "a device");
  for (const auto& values : entries.values) {
    ScenarioNode* node = add_node(loading, values, NodeKind::device);
    const std::string kind = values.text("device");
    if (std::find(device_kinds().begin(), device_kinds().end(), kind) == device_kinds().end()) continue;
    const auto serves = read_prefix(loading, values);
    const bool outside = kind != "null" && kind != "ring" && kind != "pcap";
    if (outside && loading.scenario.run.clock != ClockKind::real_time)
      loading.problems.add(
          values.at("device"),
          {.message = "a device of kind '" + kind + "' needs the real clock", .hint = "run: {clock: real}"});
    const OptionTable& table = device_options(kind);
    OptionValues options = OptionValues::defaults(table);
    for (const auto& option : device_section().options) {
      bool foreign = find_option(table, option.key) == nullptr;
      for (const std::string_view other : device_kinds())
        if (foreign && values.given(option.key) &&
            find_option(device_options(other), option.key) != nullptr) {
          loading.problems.add(values.at(option.key),
                               {.message = "a device of kind '" + kind + "' has no '" + option.key + "'"});
          foreign = false;
        }
    }
    for (const auto& option : table) {
      if (option.required && !values.given(option.key))
        loading.problems.add(values.node->at,
                             {.message = "'" + option.key + "' is missing in a device of kind '" + kind + "'",
                              .allowed = describe_allowed(option)});
      if (!values.given(option.key)) continue;
      // Against the kind's own table: another kind's key of the same name may have other bounds.
      std::vector<OptionValue> read;
      if (values.values.has(option.key)) {
        ProblemList said_already;
        if (auto own = read_option(*values.node->find(option.key), option, said_already))
          read = std::move(*own);
      }
      if (!read.empty()) options.set(option.key, std::move(read));
    }
    if (values.given("receive") && options.has("receive"))
      options.set("receive", {resolve_file(loading, values.text("receive"), values.at("receive"))});
    if (kind == "pcap" && !values.given("receive") && !values.given("transmit"))
      loading.problems.add(values.node->at,
                           {.message = "a device of kind 'pcap' has neither 'receive' nor 'transmit'"});
    if (node == nullptr) continue;
    node->function = kind;
    node->options = std::move(options);
    node->serves = serves;
  }
}

}  // namespace kiriko
