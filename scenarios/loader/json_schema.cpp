// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// JSON Schema of a scenario file, so that an editor completes and checks while one writes.
#include <cstdio>

#include "scenarios/loader/load.hpp"
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// "a":b,"c":d without the braces.
class Members {
 public:
  void add(std::string_view key, const std::string& json) {
    text_ += (text_.empty() ? "" : ",") + quote(key) + ":" + json;
  }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string string_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ",") + quote(text);
  return "[" + out + "]";
}

/// One value; in a template entry a number may be a text with {i} as well.
Members single_value(const Option& option, bool entry_template) {
  Members out;
  const auto number = [&](std::string_view type) {
    Members plain;
    plain.add("type", quote(type));
    if (!option.minimum.empty()) plain.add("minimum", option.minimum);
    if (!option.maximum.empty()) plain.add("maximum", option.maximum);
    if (!entry_template) {
      out = plain;
      return;
    }
    Members text;
    text.add("type", quote("string"));
    text.add("pattern", quote("\\{.*i.*\\}"));
    out.add("anyOf", "[" + plain.object() + "," + text.object() + "]");
  };
  switch (option.type) {
    case OptionType::boolean: out.add("type", quote("boolean")); break;
    case OptionType::integer: number("integer"); break;
    case OptionType::number: number("number"); break;
    case OptionType::text: out.add("type", R"(["string","number","boolean"])"); break;
    case OptionType::choice: out.add("enum", string_list(option.choices)); break;
    case OptionType::bytes:
    case OptionType::rate:
    case OptionType::duration: out.add("type", R"(["string","number"])"); break;
  }
  return out;
}

std::string option_schema(const Option& option, bool entry_template) {
  Members out = single_value(option, entry_template);
  if (option.repeated) {
    Members list;
    list.add("type", quote("array"));
    list.add("items", out.object());
    Members either;
    either.add("anyOf", "[" + out.object() + "," + list.object() + "]");
    out = either;
  }
  std::string sentence = sentence_of(option) + " (" + describe_allowed(option) + ")";
  if (option.unverified) sentence += " The default has not been checked against a source.";
  out.add("description", quote(sentence));
  if (!option.default_value.empty()) out.add("default", quote(option.default_value));
  return out.object();
}

class SchemaWriter {
 public:
  explicit SchemaWriter(const LoadTables& tables) : tables_(tables) {}

  std::string mapping(const Section& section, bool entry_template) const {
    Members properties;
    std::vector<std::string> required;
    std::string conditions;
    for (const auto& option : section.options) {
      properties.add(option.key, option_schema(option, entry_template));
      if (option.required) required.push_back(option.key);
    }
    for (const auto& part : section.parts) {
      properties.add(part.key, part_schema(part, entry_template));
      conditions += conditions_of(part, entry_template);
      if (part.key == "run") required.emplace_back(part.key);
    }
    Members out;
    out.add("type", quote("object"));
    out.add("properties", properties.object());
    out.add("additionalProperties", "false");
    if (!required.empty()) out.add("required", string_list(required));
    if (!conditions.empty()) out.add("allOf", "[" + conditions.substr(1) + "]");
    return out.object();
  }

 private:
  std::string options_only(const OptionTable& table, bool entry_template) const {
    return mapping({.options = table}, entry_template);
  }

  std::string part_schema(const SectionPart& part, bool entry_template) const {
    Members out;
    out.add("description", quote(part.sentence));
    switch (part.kind) {
      case SectionPart::Kind::mapping:
        out.add("anyOf", "[" + mapping(*part.section, entry_template) + "]");
        break;
      case SectionPart::Kind::list:
        out.add("type", R"(["array","null"])");
        out.add("items", mapping(*part.section, entry_template || part.section->entry_template));
        break;
      case SectionPart::Kind::controller_options:
        if (tables_.controller != nullptr)
          out.add("anyOf", "[" + options_only(*tables_.controller, entry_template) + "]");
        break;
      case SectionPart::Kind::function_options:
      case SectionPart::Kind::model_options: out.add("type", quote("object")); break;
    }
    return out.object();
  }

  /// "with" depends on the function or model that the entry names.
  std::string conditions_of(const SectionPart& part, bool entry_template) const {
    std::string out;
    const auto condition = [&](std::string_view key, std::string_view name, const OptionTable& table) {
      out += ",{\"if\":{\"properties\":{" + quote(key) + ":{\"const\":" + quote(name) +
             "}}},\"then\":{\"properties\":{" + quote(part.key) + ":" + options_only(table, entry_template) +
             "}}}";
    };
    if (part.kind == SectionPart::Kind::function_options)
      for (const Descriptor* function : tables_.functions)
        condition("function", function->name, function->options);
    if (part.kind == SectionPart::Kind::model_options)
      for (const auto* model : tables_.traffic_models) condition("model", model->name, model->options);
    return out;
  }

  const LoadTables& tables_;
};

/// The names themselves complete better than "text".
Section with_names(const Section& section, std::string_view key, std::vector<std::string> names) {
  Section out = section;
  for (auto& option : out.options) {
    if (option.key != key || names.empty()) continue;
    option.type = OptionType::choice;
    option.choices = names;
  }
  return out;
}

}  // namespace

std::string json_schema(const LoadTables& tables) {
  std::vector<std::string> functions, models;
  for (const Descriptor* function : tables.functions) functions.emplace_back(function->name);
  for (const auto* model : tables.traffic_models) models.emplace_back(model->name);
  const Section function = with_names(function_section(), "function", functions);
  const Section traffic = with_names(traffic_section(), "model", models);
  Section whole = scenario_section();
  for (auto& part : whole.parts) {
    if (part.key == "functions") part.section = &function;
    if (part.key == "traffic") part.section = &traffic;
  }
  std::string schema = SchemaWriter(tables).mapping(whole, false);
  Members head;
  head.add("$schema", quote("https://json-schema.org/draft/2020-12/schema"));
  head.add("title", quote("Kiriko scenario"));
  const std::string start = head.object();
  return start.substr(0, start.size() - 1) + "," + schema.substr(1) + "\n";
}

}  // namespace kiriko
