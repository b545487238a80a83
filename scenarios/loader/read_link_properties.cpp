// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The properties of a link direction, as a link declares them and as a timeline event changes them.
#include <charconv>
#include <fstream>
#include <memory>

#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

constexpr std::uintmax_t largest_table = 1U << 20;
constexpr float table_scale = 8192.0F;  ///< NETEM_DIST_SCALE of iproute2

const Section* part_of(std::string_view key) {
  for (const auto& part : link_direction_section().parts)
    if (part.key == key) return part.section;
  return nullptr;
}

/// Whole numbers with spaces between; # begins a comment.
std::shared_ptr<const std::vector<float>> read_table(Loading& loading, const std::string& file,
                                                     const Position& at) {
  const auto refuse = [&](const char* why) {
    loading.problems.add(at, {.message = why,
                              .found = in_quotes(file),
                              .allowed = "a distribution file of iproute2, up to 1 MiB"});
    return nullptr;
  };
  const std::string path = resolve_file(loading, file, at);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return nullptr;
  if (std::filesystem::file_size(path, error) > largest_table || error)
    return refuse("the distribution file is too large");
  std::ifstream stream(path);
  auto table = std::make_shared<std::vector<float>>();
  std::string line;
  while (std::getline(stream, line)) {
    line.resize(std::min(line.find('#'), line.size()));
    const char* from = line.data();
    const char* const end = line.data() + line.size();
    while (true) {
      while (from != end && (*from == ' ' || *from == '\t' || *from == '\r')) ++from;
      if (from == end) break;
      int value = 0;
      const auto [next, bad] = std::from_chars(from, end, value);
      if (bad != std::errc{}) return refuse("the distribution file has something other than whole numbers");
      table->push_back(static_cast<float>(value) / table_scale);
      from = next;
    }
  }
  if (table->size() < 2) return refuse("the distribution file has fewer than two numbers");
  return table;
}

void read_jitter(Loading& loading, const YamlNode& node, Jitter& jitter) {
  const SectionValues values = read_section(node, *part_of("jitter"), "jitter", loading.problems);
  jitter = {.deviation = values.get<Duration>("deviation").value_or(Duration{})};
  const std::string distribution = values.text("distribution");
  if (distribution == "normal") jitter.distribution = JitterDistribution::normal;
  if (distribution == "pareto") jitter.distribution = JitterDistribution::pareto;
  if (distribution == "table") jitter.distribution = JitterDistribution::table;
  const bool table = jitter.distribution == JitterDistribution::table;
  if (table != values.given("file")) {
    loading.problems.add(values.at(table ? "distribution" : "file"),
                         {.message = table ? "the distribution 'table' needs a 'file'"
                                           : "'file' is for the distribution 'table'",
                          .found = in_quotes(distribution)});
  } else if (table && !values.text("file").empty()) {
    jitter.table = read_table(loading, values.text("file"), values.at("file"));
  }
}

void read_gemodel(Loading& loading, const YamlNode& node, GilbertElliott& gemodel) {
  const SectionValues values = read_section(node, *part_of("gemodel"), "gemodel", loading.problems);
  gemodel = {.p = values.get<double>("p").value_or(0.0),
             .r = *values.get<double>("r"),
             .loss_bad = *values.get<double>("loss_bad"),
             .loss_good = *values.get<double>("loss_good")};
}

}  // namespace

void apply_link_properties(Loading& loading, const SectionValues& entry, LinkProperties& properties) {
  const auto set = [&]<class T>(std::string_view key, T& member) {
    if (entry.given(key)) member = entry.get<T>(key).value_or(member);
  };
  set("rate", properties.rate);
  set("delay", properties.delay);
  set("loss", properties.loss);
  set("reorder", properties.reorder);
  set("duplicate", properties.duplicate);
  set("corrupt", properties.corrupt);
  set("limit_bytes", properties.limit_bytes);
  if (entry.given("limit_packets"))
    properties.limit_packets = static_cast<std::uint32_t>(entry.integer("limit_packets"));
  if (entry.given("frame_overhead"))
    properties.frame_overhead = static_cast<std::uint32_t>(entry.integer("frame_overhead"));
  const YamlNode* rate = entry.node->find("rate");
  const auto parsed = rate == nullptr ? Result<BitsPerSecond>{BitsPerSecond{1}} : parse_rate(rate->text);
  if (parsed && parsed->value == 0 && rate->text != "unlimited")
    loading.problems.add(rate->at, {.message = "'rate' is zero",
                                    .found = describe(*rate),
                                    .hint = "write unlimited, or take the link down"});
  if (const YamlNode* jitter = entry.part("jitter")) read_jitter(loading, *jitter, properties.jitter);
  if (const YamlNode* gemodel = entry.part("gemodel")) read_gemodel(loading, *gemodel, properties.gemodel);
}

void apply_both_directions(Loading& loading, const SectionValues& entry, LinkProperties& forward,
                           LinkProperties& backward) {
  apply_link_properties(loading, entry, forward);
  ProblemList said_already;
  std::swap(loading.problems, said_already);
  apply_link_properties(loading, entry, backward);
  std::swap(loading.problems, said_already);
  const auto one_way = [&](std::string_view key, LinkProperties& properties) {
    const YamlNode* node = entry.part(key);
    if (node == nullptr) return;
    const SectionValues values = read_section(*node, link_direction_section(), key, loading.problems);
    if (node->kind == YamlNode::Kind::mapping) apply_link_properties(loading, values, properties);
  };
  one_way("forward", forward);
  one_way("backward", backward);
}

}  // namespace kiriko
