// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Declared links with their slice shares, and the radio links that UEs' candidate cells bring.
#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

constexpr std::size_t maximum_links = 100'000;

std::vector<SliceShare> read_shares(Loading& loading, const SectionValues& link_values,
                                    const LinkProperties& forward, const LinkProperties& backward) {
  std::vector<SliceShare> shares;
  const YamlNode* list = link_values.part("slices");
  if (list == nullptr) return shares;
  const Section* section = nullptr;
  for (const auto& part : link_section().parts)
    if (part.key == "slices") section = part.section;
  std::set<std::uint32_t> seen;
  __int128 guaranteed = 0;
  for (const auto& node : list_of(*list, "slices", loading.problems)) {
    const SectionValues values = read_section(node, *section, "a slice's share", loading.problems);
    const auto slice = find_name(loading, loading.slices, values.text("slice"), values.at("slice"), "slice");
    if (!slice) continue;
    if (!seen.insert(*slice).second)
      loading.problems.add(values.at("slice"), {.message = "a slice has two shares of one link",
                                                .found = in_quotes(values.text("slice"))});
    SliceShare share{.slice = SliceId{static_cast<std::uint16_t>(*slice)},
                     .guaranteed = values.get<BitsPerSecond>("guaranteed").value_or(BitsPerSecond{}),
                     .maximum = values.get<BitsPerSecond>("maximum").value_or(BitsPerSecond{}),
                     .priority = static_cast<std::uint8_t>(values.integer("priority")),
                     .weight = static_cast<std::uint32_t>(values.integer("weight")),
                     .limit_bytes = *values.get<Bytes>("limit_bytes"),
                     .limit_packets = static_cast<std::uint32_t>(values.integer("limit_packets"))};
    if (share.maximum.value != 0 && share.maximum < share.guaranteed)
      loading.problems.add(values.at("maximum"), {.message = "'maximum' is below 'guaranteed'",
                                                  .found = to_string(share.maximum),
                                                  .allowed = "at least " + to_string(share.guaranteed)});
    guaranteed += share.guaranteed.value;
    shares.push_back(share);
  }
  for (const LinkProperties* direction : {&forward, &backward}) {
    if (direction->rate.value == 0 || guaranteed <= direction->rate.value) continue;
    loading.problems.add(list->at, {.message = "a link guarantees more than its rate",
                                    .found = to_string(BitsPerSecond{static_cast<std::int64_t>(guaranteed)}),
                                    .allowed = "at most " + to_string(direction->rate)});
    break;
  }
  return shares;
}

/// "a-b", or "a-b+2" where that is taken.
std::string free_name(const NameList& links, const std::string& base) {
  std::string name = base;
  for (int n = 2; links.find(name); ++n) name = base + "+" + std::to_string(n);
  return name;
}

bool add_link_name(Loading& loading, const SectionValues& values, const std::string& ends) {
  if (values.given("name"))
    return values.values.has("name") &&
           add_name(loading, loading.links, values.text("name"), values.at("name"), "links");
  const std::string name = free_name(loading.links, ends);
  // Longer than a declared name may be, hence not by add_name().
  loading.links.index.emplace(name, static_cast<std::uint32_t>(loading.links.names.size()));
  loading.links.names.push_back(name);
  loading.links.at.push_back(values.node->at);
  return true;
}

}  // namespace

void read_links(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "links", link_section(), "a link");
  auto& links = loading.scenario.links;
  const auto& nodes = loading.scenario.nodes;
  for (const auto& values : entries.values) {
    const auto names = values.values.list<std::string>("ends");
    std::vector<NodeId> ends;
    if (values.given("ends") && names.size() != 2 && values.values.has("ends"))
      loading.problems.add(values.at("ends"), {.message = "a link does not have two ends",
                                               .found = std::to_string(names.size()),
                                               .allowed = "such as ends: [s1, s2]"});
    for (std::size_t i = 0; i < names.size() && names.size() == 2; ++i) {
      const YamlNode* given = values.node->find("ends");
      const auto end =
          find_node(loading, names[i], given->items.size() == 2 ? given->items[i].at : given->at,
                    "a node that links join", [](const ScenarioNode& n) { return n.kind != NodeKind::ue; });
      if (end) ends.push_back(*end);
    }
    ScenarioLink link{};
    apply_both_directions(loading, values, link.forward, link.backward);
    link.forward_shares = read_shares(loading, values, link.forward, link.backward);
    link.backward_shares = link.forward_shares;
    link.capture = values.get<bool>("capture").value_or(false);
    if (ends.size() != 2) continue;
    if (ends[0] == ends[1]) {
      loading.problems.add(values.at("ends"),
                           {.message = "a link joins a node to itself", .found = in_quotes(names[0])});
      continue;
    }
    if (links.size() >= maximum_links) {
      loading.problems.add(values.node->at, {.message = "there are too many links"});
      return;
    }
    if (!add_link_name(loading, values, nodes[ends[0].value].name + "-" + nodes[ends[1].value].name))
      continue;
    link.id = LinkId{static_cast<std::uint32_t>(links.size())};
    link.name = loading.links.names.back();
    link.a = ends[0];
    link.b = ends[1];
    links.push_back(std::move(link));
  }
}

void add_radio_links(Loading& loading) {
  auto& links = loading.scenario.links;
  for (auto& ue : loading.scenario.ues) {
    for (const NodeId cell : ue.cells) {
      const Position at = loading.nodes.at[ue.node.value];
      if (links.size() >= maximum_links) {
        loading.problems.add(at, {.message = "there are too many links, UEs' candidate cells included",
                                  .allowed = "at most " + std::to_string(maximum_links)});
        return;
      }
      const auto& nodes = loading.scenario.nodes;
      const LinkId id{static_cast<std::uint32_t>(links.size())};
      // Not among the names: a radio link is changed by move_ue and by its UE's radio, not as a link.
      links.push_back({.id = id,
                       .name = nodes[ue.node.value].name + "-" + nodes[cell.value].name,
                       .a = ue.node,
                       .b = cell,
                       .radio = true});
      ue.radio_links.push_back(id);
    }
  }
}

}  // namespace kiriko
