// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The option tables of traffic, timeline and KPIs, and which keys go with which kind of them.
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

using enum OptionType;

}  // namespace

const Section& traffic_section() {
  static const Section section = entry_section(
      {name_option("unique among the entries"),
       {.key = "group", .type = text, .sentence = "for KPI scopes; absent: the entry's name"},
       {.key = "from",
        .type = text,
        .sentence = "hosts or UEs; wild cards",
        .required = true,
        .repeated = true},
       {.key = "to",
        .type = text,
        .sentence = "hosts, UEs or devices with an address; wild cards",
        .required = true,
        .repeated = true},
       {.key = "pairs",
        .type = choice,
        .default_value = "all",
        .sentence = "how `from` and `to` are paired",
        .choices = {"all", "one_to_one"}},
       {.key = "slice", .type = text, .sentence = "absent: the UE's, or none between hosts"},
       {.key = "five_qi", .type = integer, .sentence = "absent: the UE's", .minimum = "1", .maximum = "254"},
       {.key = "qfi",
        .type = integer,
        .sentence = "one of the UE's qos_flows, instead of slice and five_qi",
        .minimum = "1",
        .maximum = "63"},
       {.key = "model", .type = text, .sentence = "a traffic model", .required = true},
       {.key = "start",
        .type = duration,
        .default_value = "0",
        .sentence = "model time of the start",
        .minimum = "0"},
       {.key = "stop",
        .type = duration,
        .sentence = "model time of the end; absent: the run's",
        .minimum = "0"},
       {.key = "spread",
        .type = duration,
        .default_value = "0",
        .sentence = "the k-th of n flows starts k/n of it later",
        .minimum = "0"},
       {.key = "devices",
        .type = integer,
        .default_value = "1",
        .sentence =
            "independent sources of the model in one flow; models with an option of that name have their own",
        .minimum = "1",
        .maximum = "100000"},
       {.key = "device_spread",
        .type = duration,
        .default_value = "1s",
        .sentence = "within which they start, each at random",
        .minimum = "0",
        .maximum = "30d"},
       {.key = "scale",
        .type = number,
        .default_value = "1",
        .sentence = "times the model's rate; 0 is silent",
        .minimum = "0",
        .maximum = "1000000"},
       {.key = "deadline",
        .type = duration,
        .sentence = "later is late; absent: the 5QI's packet delay budget",
        .minimum = "1ns",
        .maximum = "1h"},
       {.key = "port",
        .type = integer,
        .sentence = "both ports; absent: the next from 10000 on",
        .minimum = "1",
        .maximum = "65535"},
       {.key = "dscp",
        .type = integer,
        .default_value = "0",
        .sentence = "RFC 2474",
        .minimum = "0",
        .maximum = "63"}},
      {{.key = "with", .kind = SectionPart::Kind::model_options, .sentence = "the model's options"}});
  return section;
}

const Section& timeline_section() {
  static const Section section = [] {
    OptionTable options{
        {.key = "at", .type = duration, .sentence = "model time", .minimum = "0", .required = true},
        {.key = "do", .type = choice, .sentence = "what happens", .choices = {}, .required = true},
        {.key = "link", .type = text, .sentence = "name of a link"},
        {.key = "node", .type = text, .sentence = "name of a node"},
        {.key = "ue", .type = text, .sentence = "name of a UE"},
        {.key = "to", .type = text, .sentence = "one of the UE's cells"},
        {.key = "interruption",
         .type = duration,
         .default_value = "0",
         .sentence = "so long the UE reaches neither cell (with the controller's data_forwarding)",
         .minimum = "0",
         .maximum = "10s"},
        {.key = "flows", .type = text, .sentence = "flow:NAME, group:NAME, slice:NAME or all; wild cards"},
        {.key = "scale",
         .type = number,
         .sentence = "times the model's rate (burst_on: 10 if absent)",
         .minimum = "0",
         .maximum = "1000000"},
        {.key = "text", .type = text, .sentence = "for the event log"}};
    for (const auto& kind : timeline_kinds()) options[1].choices.emplace_back(kind.name);
    return entry_section(options + link_direction_section().options,
                         both_directions({{.key = "with",
                                           .kind = SectionPart::Kind::controller_options,
                                           .sentence = "the controller's options that change"}}));
  }();
  return section;
}

const std::vector<TimelineKind>& timeline_kinds() {
  static const std::vector<TimelineKind> kinds{{"link_down", {"link!"}},
                                               {"link_up", {"link!"}},
                                               {"link_change", {"link!"}, true},
                                               {"burst_on", {"flows!", "scale"}},
                                               {"burst_off", {"flows!"}},
                                               {"traffic_scale", {"flows!", "scale!"}},
                                               {"node_fail", {"node!"}},
                                               {"node_recover", {"node!"}},
                                               {"move_ue", {"ue!", "to!", "interruption"}},
                                               {"policy_change", {"with!"}},
                                               {"note", {"text!"}}};
  return kinds;
}

const std::vector<MetricKind>& metric_kinds() {
  static const std::vector<MetricKind> kinds{{"delay", {"pXX", "mean", "min", "max"}, "duration"},
                                             {"jitter", {"pXX", "mean", "min", "max"}, "duration"},
                                             {"loss_ratio", {"ratio"}, "ratio"},
                                             {"late_or_lost_ratio", {"ratio"}, "ratio"},
                                             {"duplicates", {"total"}, "packets"},
                                             {"reordered_ratio", {"ratio"}, "ratio"},
                                             {"throughput", {"mean", "min", "max"}, "rate"},
                                             {"received", {"total"}, "packets"},
                                             {"interruption", {"max"}, "duration"},
                                             {"packets_lost", {"total"}, "packets"},
                                             {"isolation_index", {"pXX", "mean"}, "factor"},
                                             {"utilisation", {"mean", "max"}, "ratio", true},
                                             {"dropped", {"total"}, "packets", true},
                                             {"queueing", {"pXX", "mean", "min", "max"}, "duration", true}};
  return kinds;
}

const Section& kpi_section() {
  static const Section section = [] {
    OptionTable options{
        name_option("unique among the KPIs"),
        {.key = "metric", .type = choice, .sentence = "what is measured", .choices = {}, .required = true},
        {.key = "scope",
         .type = text,
         .default_value = "all",
         .sentence = "all, flow:NAME, group:NAME, slice:NAME, link:NAME, link:NAME/forward; wild cards"},
        {.key = "statistic",
         .type = text,
         .sentence = "pXX, mean, min, max, total or ratio, by metric",
         .required = true},
        {.key = "comparison",
         .type = choice,
         .sentence = "measured to threshold",
         .choices = {"<=", ">=", "<", ">"},
         .required = true},
        {.key = "threshold",
         .type = text,
         .sentence = "with its unit: 10ms, 1e-4, 0.01%, 25Mbit/s, 1000",
         .required = true},
        {.key = "source", .type = text, .sentence = "where the threshold comes from", .required = true},
        {.key = "window",
         .type = duration,
         .sentence = "from and to: only packets born within",
         .minimum = "0",
         .repeated = true},
        {.key = "unloaded",
         .type = duration,
         .sentence = "for isolation_index: from and to of the calm that its delay is held against",
         .minimum = "0",
         .repeated = true}};
    for (const auto& kind : metric_kinds()) options[1].choices.emplace_back(kind.name);
    return entry_section(std::move(options));
  }();
  return section;
}

}  // namespace kiriko
