// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The reference page of a scenario file: every section, function and model with its options.
#include <set>

#include "scenarios/loader/load.hpp"
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

void write_options(std::string& page, const OptionTable& options,
                   const std::vector<SectionPart>& parts = {}) {
  if (options.empty() && parts.empty()) {
    page += "No options.\n\n";
    return;
  }
  page += "| key | value | default | |\n|---|---|---|---|\n";
  for (const auto& option : options) {
    const std::string default_value = option.required                ? "**required**"
                                      : option.default_value.empty() ? ""
                                                                     : "`" + option.default_value + "`";
    page += "| `" + option.key + "` | " + cell(describe_allowed(option)) + " | " + cell(default_value) +
            " | " + cell(sentence_of(option)) + (option.unverified ? " *(default unverified)*" : "") + " |\n";
  }
  for (const auto& part : parts) {
    const bool list = part.kind == SectionPart::Kind::list;
    page += "| `" + std::string(part.key) + "` | " + (list ? "list of mappings" : "mapping") + " | | " +
            cell(part.sentence) + " |\n";
  }
  page += "\n";
}

/// Depth first; a section that several keys share is written once.
void write_section(std::string& page, const Section& section, const std::string& path,
                   std::set<const Section*>& written) {
  if (!written.insert(&section).second) return;
  page += "### `" + path + "`\n\n";
  write_options(page, section.options, section.parts);
  for (const auto& part : section.parts) {
    if (part.section == nullptr) continue;
    const bool list = part.kind == SectionPart::Kind::list;
    write_section(page, *part.section, path + "." + std::string(part.key) + (list ? "[]" : ""), written);
  }
}

}  // namespace

std::string reference_markdown(const LoadTables& tables) {
  std::string page =
      "# Scenario reference\n\nGenerated from the option tables by `kiriko reference`.\n\n## "
      "Sections\n\n";
  std::set<const Section*> written;
  write_options(page, scenario_section().options, scenario_section().parts);
  for (const auto& part : scenario_section().parts) {
    if (part.section == nullptr) continue;
    write_section(page, *part.section,
                  std::string(part.key) + (part.kind == SectionPart::Kind::list ? "[]" : ""), written);
  }
  page += "### `controller`\n\n";
  if (tables.controller != nullptr) write_options(page, *tables.controller);
  page += "## Devices\n\n";
  for (const std::string_view kind : device_kinds()) {
    page += "### `device: " + std::string(kind) + "`\n\n";
    write_options(page, device_options(kind));
  }
  page += "## Events\n\n| `do` | arguments |\n|---|---|\n";
  for (const auto& kind : timeline_kinds()) {
    page += "| `" + std::string(kind.name) + "` |";
    for (const auto key : kind.keys) {
      const bool required = key.ends_with('!');
      page += " `" + std::string(key.substr(0, key.size() - (required ? 1 : 0))) + "`" +
              (required ? "" : " (optional)");
    }
    page += kind.link_properties ? " and a link's properties |\n" : " |\n";
  }
  page += "\n## Metrics\n\n| metric | statistics | threshold | scope |\n|---|---|---|---|\n";
  for (const auto& kind : metric_kinds()) {
    page += "| `" + std::string(kind.name) + "` |";
    for (const auto statistic : kind.statistics) page += " `" + std::string(statistic) + "`";
    page += " | " + std::string(kind.unit) + " | " + (kind.of_links ? "links" : "flows") + " |\n";
  }
  page += "\n## Functions\n\n";
  for (const Descriptor* function : tables.functions) {
    page +=
        "### `function: " + std::string(function->name) + "`\n\n" + std::string(function->purpose) + "\n\n";
    write_options(page, function->options);
  }
  page += "## Traffic models\n\n";
  for (const auto* model : tables.traffic_models) {
    page += "### `model: " + std::string(model->name) + "`\n\n" + std::string(model->purpose) + "\n\n";
    write_options(page, model->options);
  }
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace kiriko
