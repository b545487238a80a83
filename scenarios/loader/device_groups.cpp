// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The profiles of device groups, and the entries that a group becomes.
#include "scenarios/loader/device_groups.hpp"

#include <array>
#include <set>
#include <span>
#include <string>

#include "scenarios/loader/entry_template.hpp"
#include "scenarios/loader/section.hpp"
#include "scenarios/loader/section_reader.hpp"

namespace kiriko {
namespace {

using enum OptionType;

struct Setting {
  const char* key;
  const char* value;
};
struct Profile {
  const char* name;
  const char* model;
  bool downlink;
  std::span<const Setting> settings;
  bool verified{true};  ///< the settings, against their source
  bool crowd{false};    ///< the model stands for one device
};

constexpr std::array<Setting, 4> update_settings{{{"mean_interval", "180d"},
                                                  {"payload_shape", "1.5"},
                                                  {"payload_minimum", "200"},
                                                  {"payload_maximum", "1472"}}};
constexpr std::array<Setting, 3> even_settings{{{"alpha", "1"}, {"beta", "1"}, {"duration", "60s"}}};
constexpr std::array<Setting, 2> gaming_settings{{{"rate", "30 Mbit/s"}, {"fps", "60"}}};
constexpr std::array<Setting, 2> view_settings{{{"rate", "45 Mbit/s"}, {"fps", "60"}}};
constexpr std::array<Setting, 2> scene_settings{{{"rate", "10 Mbit/s"}, {"fps", "60"}}};
constexpr std::array<Setting, 2> pose_settings{{{"period", "4ms"}, {"size", "100"}}};
constexpr std::array<Setting, 1> downlink_settings{{{"direction", "downlink"}}};
constexpr std::array<Profile, 17> profiles{{{"periodic_report", "m2m_periodic", false, {}},
                                            {"exception_report", "m2m_event", false, {}},
                                            {"software_update", "m2m_event", true, update_settings, false},
                                            {"mass_event", "beta_burst", false, {}},
                                            {"even_arrivals", "beta_burst", false, even_settings},
                                            {"v2x_awareness", "v2x_periodic", false, {}, true, true},
                                            {"v2x_event", "v2x_aperiodic", false, {}, true, true},
                                            {"cloud_gaming", "video", true, gaming_settings, false, true},
                                            {"xr_view", "video", true, view_settings, false, true},
                                            {"xr_scene", "video", false, scene_settings, false, true},
                                            {"xr_pose", "periodic", false, pose_settings, true, true},
                                            {"video", "ngmn_video", true, {}, true, true},
                                            {"voice", "voip", false, {}, true, true},
                                            {"web", "http", true, {}, true, true},
                                            {"files", "ngmn_ftp", true, {}, true, true},
                                            {"game_moves", "gaming", false, {}, true, true},
                                            {"game_state", "gaming", true, downlink_settings, true, true}}};

YamlNode scalar(std::string text, const Position& at) {
  return {.kind = YamlNode::Kind::scalar, .text = std::move(text), .at = at};
}

void put(YamlNode& mapping, const char* key, YamlNode value) {
  mapping.keys.push_back(scalar(key, value.at));
  mapping.items.push_back(std::move(value));
}

/// Whether it was missing.
bool put_default(YamlNode& mapping, const Setting& setting, const Position& at) {
  if (mapping.find(setting.key) != nullptr) return false;
  put(mapping, setting.key, scalar(setting.value, at));
  return true;
}

/// Copies the group's own value of the key, if it has one.
void take(YamlNode& mapping, const YamlNode& group, const char* key) {
  if (const YamlNode* value = group.find(key); value != nullptr) put(mapping, key, *value);
}

YamlNode& list_in(YamlNode& root, const char* key) {
  YamlNode* list = root.find(key);
  if (list == nullptr || list->kind == YamlNode::Kind::null) {
    const YamlNode empty{.kind = YamlNode::Kind::sequence, .at = root.at};
    if (list != nullptr)
      *list = empty;
    else
      put(root, key, empty);
    list = root.find(key);
  }
  return *list;
}

YamlNode ue_of(const YamlNode& group) {
  YamlNode ue{.kind = YamlNode::Kind::mapping, .at = group.at};
  for (const char* key :
       {"name", "cells", "slice", "five_qi", "upf", "standby_upfs", "site", "ambr", "radio"})
    take(ue, group, key);
  return ue;
}

YamlNode traffic_of(const YamlNode& group, const Profile& profile, std::set<std::string>& unverified) {
  YamlNode traffic{.kind = YamlNode::Kind::mapping, .at = group.at};
  const YamlNode &name = *group.find("name"), &peer = *group.find("to");
  put(traffic, "name", name);
  put(traffic, "from", profile.downlink ? peer : name);
  put(traffic, "to", profile.downlink ? name : peer);
  put(traffic, "model", scalar(profile.model, group.at));
  for (const char* key : {"start", "stop", "scale", "deadline", "device_spread"}) take(traffic, group, key);
  if (profile.crowd) put(traffic, "devices", *group.find("devices"));
  YamlNode with{.kind = YamlNode::Kind::mapping, .at = group.at};
  if (const YamlNode* own = group.find("with"); own != nullptr) with = *own;
  if (with.kind == YamlNode::Kind::null) with.kind = YamlNode::Kind::mapping;
  if (with.kind == YamlNode::Kind::mapping) {
    if (!profile.crowd) put(with, "devices", *group.find("devices"));
    for (const Setting& setting : profile.settings)
      if (put_default(with, setting, group.at) && !profile.verified)
        unverified.insert(std::string(profile.name) + ": " + setting.key + " = " + setting.value);
  }
  put(traffic, "with", std::move(with));
  return traffic;
}

}  // namespace

const Section& device_group_section() {
  static const Section section = [] {
    OptionTable options{
        name_option("of the UE that stands for the devices, and of their traffic"),
        {.key = "devices",
         .type = integer,
         .sentence = "how many",
         .minimum = "1",
         .maximum = "2000000",
         .required = true},
        {.key = "profile",
         .type = choice,
         .sentence = "what they do: periodic_report and exception_report (TR 45.820 annex "
                     "E), software_update from `to`, "
                     "mass_event and even_arrivals (TR 37.868 traffic models 2 and 1), "
                     "v2x_awareness and v2x_event (TR 37.885), cloud_gaming and xr_view from "
                     "`to`, xr_scene and xr_pose (TR 38.838), video, web, files and game_state "
                     "from `to`, voice and game_moves (NGMN annex A). From v2x_awareness on at "
                     "most 100000 devices",
         .choices = {},
         .required = true},
        {.key = "to", .type = text, .sentence = "host at the other end", .required = true}};
    for (const Profile& profile : profiles) options[2].choices.emplace_back(profile.name);
    // As the UE and the traffic have them.
    for (const char* key : {"cells", "slice", "five_qi", "upf", "standby_upfs", "site"})
      options.push_back(*find_option(ue_section().options, key));
    for (const char* key : {"start", "stop", "scale", "deadline", "device_spread"})
      options.push_back(*find_option(traffic_section().options, key));
    std::vector<SectionPart> parts;
    for (const SectionPart& part : ue_section().parts)
      if (part.key != "qos_flows") parts.push_back(part);
    for (const SectionPart& part : traffic_section().parts)
      if (part.key == "with") parts.push_back(part);
    return entry_section(std::move(options), std::move(parts));
  }();
  return section;
}

void expand_device_groups(YamlNode& root, std::size_t& template_budget, std::set<std::string>& unverified,
                          ProblemList& problems) {
  if (root.kind != YamlNode::Kind::mapping) return;
  const YamlNode* list = root.find("device_groups");
  if (list == nullptr || list->kind == YamlNode::Kind::null) return;
  // A copy: the lists below are in the same tree.
  const std::vector<YamlNode> groups = list_of(*list, "device_groups", problems);
  const auto add = [&](const YamlNode& group) {
    const std::size_t before = problems.size();
    const SectionValues values = read_section(group, device_group_section(), "a device group", problems);
    // Of a template's copies only the first that lacks something is told of.
    if (problems.size() != before || !values.given("name") || !values.given("to") || !values.given("devices"))
      return;
    list_in(root, "ues").items.push_back(ue_of(group));
    for (const Profile& profile : profiles)
      if (values.text("profile") == profile.name)
        list_in(root, "traffic").items.push_back(traffic_of(group, profile, unverified));
  };
  for (const YamlNode& group : groups) expand_entry(group, template_budget, problems, add);
}

}  // namespace kiriko
