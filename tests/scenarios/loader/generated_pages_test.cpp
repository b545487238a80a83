// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// JSON Schema and reference page hold every key of the option tables.
#include <catch2/catch.hpp>

#include "scenarios/loader/section.hpp"
#include "scenarios/loader/yaml_tree.hpp"
#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

TEST_CASE("when the JSON Schema is made, then it is JSON and has every section and key") {
  // JSON is YAML: the loader's own reader can look into it.
  const auto schema = parse_yaml(json_schema(test_tables()), {.nodes = 100'000, .depth = 40});
  REQUIRE(schema);
  CHECK(schema->find("$schema")->text == "https://json-schema.org/draft/2020-12/schema");
  const YamlNode* properties = schema->find("properties");
  REQUIRE(properties != nullptr);
  for (const auto& part : scenario_section().parts) {
    INFO(part.key);
    const YamlNode* section = properties->find(part.key);
    REQUIRE(section != nullptr);
    if (part.kind != SectionPart::Kind::list) continue;
    const YamlNode* keys = section->find("items")->find("properties");
    for (const auto& option : part.section->options) CHECK(keys->find(option.key) != nullptr);
    for (const auto& below : part.section->parts) CHECK(keys->find(below.key) != nullptr);
  }
  const YamlNode* models = properties->find("traffic")->find("items")->find("allOf");
  REQUIRE(models != nullptr);
  CHECK(models->items.size() == traffic_models().size());
}

TEST_CASE("when the reference page is made, then it names every function, model, option and metric") {
  const std::string page = reference_markdown(test_tables());
  for (const Descriptor* function : catalogue()) {
    CHECK(page.find("### `function: " + std::string(function->name) + "`") != std::string::npos);
    for (const auto& option : function->options)
      CHECK(page.find("| `" + option.key + "` |") != std::string::npos);
  }
  for (const auto* model : traffic_models())
    CHECK(page.find("### `model: " + std::string(model->name) + "`") != std::string::npos);
  for (const auto& kind : metric_kinds())
    CHECK(page.find("| `" + std::string(kind.name) + "` |") != std::string::npos);
  for (const auto& option : link_section().options)
    CHECK(page.find("| `" + option.key + "` |") != std::string::npos);
}

TEST_CASE("when metrics and events are listed, then their order is that of the typed ones") {
  CHECK(metric_kinds().size() == static_cast<std::size_t>(KpiMetric::queueing) + 1);
  CHECK(metric_kinds()[static_cast<std::size_t>(KpiMetric::interruption)].name == "interruption");
  CHECK(metric_kinds()[static_cast<std::size_t>(KpiMetric::queueing)].name == "queueing");
  // The last one is of moving UEs, not of the file's timeline.
  CHECK(timeline_kinds().size() + 1 == std::variant_size_v<TimelineAction>);
}
