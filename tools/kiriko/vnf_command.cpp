// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko vnf list, kiriko vnf show NAME: the catalogue of network functions.
#include <fmt/format.h>

#include <cstdio>

#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko {
namespace {

std::string list_text() {
  std::string out;
  for (const Descriptor* descriptor : catalogue())
    out += fmt::format("{:<16} {}\n", descriptor->name, descriptor->purpose);
  return out;
}

std::string show_text(const Descriptor& descriptor) {
  std::string out = fmt::format("{}: {}\n\nPorts\n", descriptor.name, descriptor.purpose);
  for (const PortDescription& port : descriptor.ports)
    out += fmt::format("  {:<28} {}\n", port.name, port.sentence);
  out += "\nOptions (under `with`)\n";
  for (const Option& option : descriptor.options)
    out += fmt::format("  {:<28} {}\n  {:<28} {}{}{}{}\n", option.key, sentence_of(option), "",
                       describe_allowed(option), option.required ? ", required" : "",
                       option.default_value.empty() ? "" : "; default " + option.default_value,
                       option.unverified ? " (not verified against its source)" : "");
  if (descriptor.options.empty()) out += "  none\n";
  out += "\nExits (named drops)\n";
  for (const DropReason reason : descriptor.exits)
    out += fmt::format("  {:<28} {}\n", name_of(reason),
                       drop_reason_texts[static_cast<std::size_t>(reason)].sentence);
  if (descriptor.exits.empty()) out += "  none\n";
  out += "\nMetrics\n";
  for (const MetricDescription& metric : descriptor.metrics)
    out += fmt::format("  {:<28} {}{}\n", metric.name, metric.sentence,
                       metric.unit.empty() ? "" : fmt::format(" [{}]", metric.unit));
  if (descriptor.metrics.empty()) out += "  none\n";
  return out;
}

int show(const std::string& name) {
  const Descriptor* descriptor = find_function(catalogue(), name);
  if (descriptor != nullptr) {
    std::fputs(show_text(*descriptor).c_str(), stdout);
    return static_cast<int>(ExitCode::met);
  }
  std::vector<std::string> names;
  for (const Descriptor* each : catalogue()) names.emplace_back(each->name);
  const std::string near = did_you_mean(name, names);
  std::fprintf(stderr, "there is no function '%s'; %s\n", name.c_str(),
               near.empty() ? "`kiriko vnf list` lists them" : ("did you mean '" + near + "'?").c_str());
  return static_cast<int>(ExitCode::wrong);
}

}  // namespace

void add_vnf_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("vnf", "List and explain the network functions");
  command->require_subcommand(1);
  command->footer("Examples:\n  kiriko vnf list\n  kiriko vnf show upf");
  auto* list = command->add_subcommand("list", "One line a function");
  list->callback([&exit_code] {
    std::fputs(list_text().c_str(), stdout);
    exit_code = 0;
  });
  auto* one = command->add_subcommand("show", "Options, ports, exits and metrics of one function");
  const auto name = std::make_shared<std::string>();
  one->add_option("NAME", *name, "of the function")->required();
  one->footer("Example:\n  kiriko vnf show gnb");
  one->callback([name, &exit_code] { exit_code = show(*name); });
}

}  // namespace kiriko
