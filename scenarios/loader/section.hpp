// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Section: what a mapping of a scenario file may hold; parser, JSON Schema and reference page derive from it.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/options.hpp"

namespace kiriko {

struct Section;

/// A key whose value is not one option but a mapping or a list of mappings.
struct SectionPart {
  /// `with` takes the option table of the function, model or controller that the entry names.
  enum class Kind { mapping, list, function_options, model_options, controller_options };

  std::string_view key;
  Kind kind{Kind::mapping};
  std::string_view sentence;
  const Section* section{nullptr};  ///< of mapping and list
};

struct Section {
  OptionTable options{};
  std::vector<SectionPart> parts{};
  bool entry_template{false};  ///< `count` and `first` are among its options
};

/// `options` with `count` and `first`.
Section entry_section(OptionTable options, std::vector<SectionPart> parts = {});
Option name_option(const char* sentence);
OptionTable operator+(OptionTable a, const OptionTable& b);
/// `parts` and those of a link: jitter, gemodel, forward, backward.
std::vector<SectionPart> both_directions(std::vector<SectionPart> parts);

/// The whole file; all other sections hang below it.
const Section& scenario_section();

const Section& run_section();
const Section& slice_section();
const Section& host_section();
const Section& ue_section();
const Section& device_group_section();
const Section& function_section();
const Section& radio_environment_section();
const Section& mobility_section();
const Section& device_section();
const Section& link_section();
const Section&
link_direction_section();  ///< the properties of one direction; those of link_section() are the same
const Section& traffic_section();
const Section& timeline_section();
const Section& kpi_section();
const Section& parameter_section();

/// Kinds of events with the keys each takes beside `at`, `do` and `text`; required ones end in '!'.
struct TimelineKind {
  std::string_view name;
  std::vector<std::string_view> keys;
  bool link_properties{false};
};
const std::vector<TimelineKind>& timeline_kinds();

/// Metrics with their statistics ("pXX" for quantiles).
struct MetricKind {
  std::string_view name;
  std::vector<std::string_view> statistics;
  std::string_view unit;  ///< duration, ratio, rate, packets
  bool of_links{false};
};
const std::vector<MetricKind>& metric_kinds();

}  // namespace kiriko
