// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Name, run settings, controller options, figures to be known of, and slices.
#include "core/fiveg/s_nssai.hpp"
#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

void read_run(Loading& loading, const SectionValues& root) {
  const YamlNode* node = root.node->find("run");
  if (node == nullptr) {
    loading.problems.add(root.node->at,
                         {.message = "'run' is missing", .allowed = "such as run: {duration: 10s}"});
    return;
  }
  const SectionValues values = read_section(*node, run_section(), "run", loading.problems);
  RunSettings& run = loading.scenario.run;
  run.duration = values.get<Duration>("duration").value_or(Duration{});
  run.seed = static_cast<std::uint64_t>(values.integer("seed"));
  run.clock = values.text("clock") == "real" ? ClockKind::real_time : ClockKind::virtual_time;
  run.tolerance = *values.get<Duration>("tolerance");
  run.spin_window = *values.get<Duration>("spin_window");
  run.packets = static_cast<std::uint32_t>(values.integer("packets"));
  run.workers = static_cast<std::uint32_t>(values.integer("workers"));
}

void read_controller(Loading& loading, const SectionValues& root) {
  const YamlNode* node = root.part("controller");
  if (loading.tables.controller == nullptr) {
    if (node != nullptr) loading.problems.add(node->at, {.message = "there is no controller to set"});
    return;
  }
  const OptionTable& table = *loading.tables.controller;
  loading.scenario.controller = OptionValues::defaults(table);
  if (node != nullptr)
    loading.scenario.controller =
        read_section(*node, {.options = table}, "the controller", loading.problems).values;
  for (const auto& option : table)
    if (option.unverified && !option.default_value.empty() &&
        (node == nullptr || node->find(option.key) == nullptr) && in_use(option, loading.scenario.controller))
      loading.unverified.insert("controller: " + option.key + " = " + option.default_value);
}

void read_parameters(Loading& loading, const SectionValues& root) {
  const YamlNode* list = root.part("parameters");
  if (list == nullptr) return;
  for (const auto& node : list_of(*list, "parameters", loading.problems)) {
    const SectionValues values = read_section(node, parameter_section(), "a parameter", loading.problems);
    if (values.get<bool>("verified").value_or(false)) continue;
    std::string text = values.text("name");
    if (!values.text("value").empty()) text += " = " + values.text("value");
    if (!values.text("note").empty()) text += " (" + values.text("note") + ")";
    loading.unverified.insert(std::move(text));
  }
}

void read_throughput(Loading& loading, const SectionValues& slice, std::string_view key,
                     BitsPerSecond& guaranteed, BitsPerSecond& maximum) {
  const YamlNode* node = slice.part(key);
  if (node == nullptr) return;
  const Section* section = nullptr;
  for (const auto& part : slice_section().parts)
    if (part.key == key) section = part.section;
  const SectionValues values = read_section(*node, *section, key, loading.problems);
  guaranteed = values.get<BitsPerSecond>("guaThpt").value_or(BitsPerSecond{});
  maximum = values.get<BitsPerSecond>("maxThpt").value_or(BitsPerSecond{});
  if (maximum.value != 0 && maximum < guaranteed)
    loading.problems.add(values.at("maxThpt"), {.message = "'maxThpt' is below 'guaThpt'",
                                                .found = to_string(maximum),
                                                .allowed = "at least " + to_string(guaranteed)});
}

}  // namespace

void read_header(Loading& loading, const SectionValues& root) {
  Scenario& scenario = loading.scenario;
  scenario.name = root.text("name");
  scenario.title = root.text("title");
  scenario.description = root.text("description");
  if (root.given("name") && !is_name(scenario.name))
    loading.problems.add(root.at("name"), {.message = "not a name",
                                           .found = in_quotes(scenario.name),
                                           .allowed = "up to 64 letters, digits, _, - and +"});
  read_run(loading, root);
  read_controller(loading, root);
  read_parameters(loading, root);
}

void read_slices(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "slices", slice_section(), "a slice");
  std::vector<RrmPolicyRatio> shares;
  std::map<SNssai, std::string> names;
  bool any_share = false;
  for (const auto& values : entries.values) {
    const std::string name = values.text("name");
    if (!add_name(loading, loading.slices, name, values.at("name"), "slices")) continue;
    SliceDescription slice{.id = SliceId{static_cast<std::uint16_t>(loading.scenario.slices.size())},
                           .name = name};
    if (values.given("s_nssai") && values.values.has("s_nssai")) {
      if (const auto s_nssai = SNssai::parse(values.text("s_nssai")); !s_nssai) {
        loading.problems.add(values.at("s_nssai"), s_nssai.error());
      } else if (const auto [found, is_new] = names.try_emplace(*s_nssai, name); !is_new) {
        loading.problems.add(values.at("s_nssai"), {.message = "two slices have the same S-NSSAI",
                                                    .found = in_quotes(values.text("s_nssai")),
                                                    .hint = "slice '" + found->second + "' has it"});
      } else {
        slice.s_nssai = *s_nssai;
      }
    }
    slice.priority = static_cast<std::uint8_t>(values.integer("priority"));
    slice.dl_latency = values.get<Duration>("dLLatency");
    slice.ul_latency = values.get<Duration>("uLLatency");
    read_throughput(loading, values, "dLThptPerSlice", slice.dl_guaranteed, slice.dl_maximum);
    read_throughput(loading, values, "uLThptPerSlice", slice.ul_guaranteed, slice.ul_maximum);
    const RrmPolicyRatio share{slice.id, static_cast<std::uint8_t>(values.integer("rRMPolicyDedicatedRatio")),
                               static_cast<std::uint8_t>(values.integer("rRMPolicyMinRatio")),
                               static_cast<std::uint8_t>(values.integer("rRMPolicyMaxRatio"))};
    any_share = any_share || share != RrmPolicyRatio{.slice = slice.id};
    if (const auto checked = share.check(); !checked) loading.problems.add(values.node->at, checked.error());
    shares.push_back(share);
    loading.scenario.slices.push_back(std::move(slice));
    if (loading.scenario.slices.size() >= 1024) {
      loading.problems.add(values.node->at,
                           {.message = "there are too many slices", .allowed = "at most 1024"});
      return;
    }
  }
  if (!any_share) return;
  int promised = 0;
  for (const auto& share : shares) promised += share.minimum;
  if (promised > 100)
    loading.problems.add(list.at,
                         {.message = "the slices of a cell are promised more than it has",
                          .found = "rRMPolicyMinRatio of " + std::to_string(promised) + " percent together",
                          .allowed = "at most 100 percent"});
  loading.scenario.radio_shares = std::move(shares);
}

}  // namespace kiriko
