// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The option tables of every section of a scenario file, each option declared once.
#include <cstdio>
#include <cstdlib>

#include "scenarios/loader/load.hpp"
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

using enum OptionType;

Option name_option(const char* what) {
  return {.key = "name", .type = text, .sentence = what, .required = true};
}

void append_template(OptionTable& table) {
  table.push_back({.key = "count", .type = integer, .default_value = "1",
                   .sentence = "the entry stands for this many, {i} counting them", .minimum = "1", .maximum = "10000"});
  table.push_back({.key = "first", .type = integer, .default_value = "1", .sentence = "value of {i} in the first of them",
                   .minimum = "-1000000", .maximum = "1000000"});
}

Section entry(OptionTable options, std::vector<SectionPart> parts = {}) {
  append_template(options);
  return {.options = std::move(options), .parts = std::move(parts), .entry_template = true};
}

Option probability(const char* key, const char* default_value, const char* sentence) {
  return {.key = key, .type = number, .default_value = default_value, .sentence = sentence, .minimum = "0", .maximum = "1"};
}

const Section& throughput_section() {
  static const Section section{.options = {
      {.key = "guaThpt", .type = rate, .sentence = "guaranteed throughput of the slice"},
      {.key = "maxThpt", .type = rate, .sentence = "maximum throughput of the slice"}}};
  return section;
}

const Section& ambr_section() {
  static const Section section{.options = {
      {.key = "uplink", .type = rate, .default_value = "unlimited", .sentence = "from the UE"},
      {.key = "downlink", .type = rate, .default_value = "unlimited", .sentence = "to the UE"}}};
  return section;
}

const Section& radio_section() {
  static const Section section{.options = {
      {.key = "mcs", .type = integer, .sentence = "MCS index, TS 38.214 clause 5.1.3; absent: the gNB's", .minimum = "0",
       .maximum = "28"},
      {.key = "bler", .type = number, .sentence = "block error rate of a first transmission; absent: the gNB's",
       .minimum = "0", .maximum = "1"}}};
  return section;
}

const Section& qos_flow_section() {
  static const Section section{
      .options = {{.key = "qfi", .type = integer, .sentence = "QoS flow identifier; absent: the next free", .minimum = "1",
                   .maximum = "63"},
                  {.key = "five_qi", .type = integer, .sentence = "5QI, TS 23.501 Table 5.7.4-1", .minimum = "1",
                   .maximum = "254", .required = true},
                  {.key = "slice", .type = text, .sentence = "absent: the UE's"},
                  {.key = "protocol", .type = choice, .default_value = "udp", .sentence = "protocol that selects it",
                   .choices = {"udp", "tcp"}},
                  {.key = "port", .type = integer, .sentence = "port of the far end that selects it; absent: any",
                   .minimum = "1", .maximum = "65535"},
                  {.key = "peer", .type = text, .sentence = "far end that selects it; absent: any"}},
      .parts = {{.key = "maximum_bit_rate", .sentence = "MFBR", .section = &ambr_section()}}};
  return section;
}

const Section& jitter_section() {
  static const Section section{.options = {
      {.key = "deviation", .type = duration, .sentence = "half width (uniform) or standard deviation (others)",
       .minimum = "0", .maximum = "1h", .required = true},
      {.key = "distribution", .type = choice, .default_value = "uniform", .sentence = "as in netem",
       .choices = {"uniform", "normal", "pareto", "table"}},
      {.key = "file", .type = text, .sentence = "for `table`: a distribution file of iproute2 (tc/*.dist)"}}};
  return section;
}

const Section& gemodel_section() {
  static const Section section{.options = {
      {.key = "p", .type = number, .sentence = "good to bad; 0 turns it off", .minimum = "0", .maximum = "1", .required = true},
      probability("r", "1", "bad to good"), probability("loss_bad", "1", "1-h"), probability("loss_good", "0", "1-k")}};
  return section;
}

const Section& share_section() {
  static const Section section{.options = {
      {.key = "slice", .type = text, .sentence = "name of a slice", .required = true},
      {.key = "guaranteed", .type = rate,
       .sentence = "served first while below it; absent: no guarantee"},
      {.key = "maximum", .type = rate, .sentence = "never more than this; absent: the link's rate"},
      {.key = "priority", .type = integer, .default_value = "0", .sentence = "beyond the guarantees a lower number goes first",
       .minimum = "0", .maximum = "255"},
      {.key = "weight", .type = integer, .default_value = "1", .sentence = "share among equal priorities", .minimum = "1",
       .maximum = "1000000"},
      {.key = "limit_bytes", .type = bytes, .default_value = "0", .sentence = "of its queue; 0: the link's"},
      {.key = "limit_packets", .type = integer, .default_value = "1000", .sentence = "of its queue; 0: none",
       .minimum = "0", .maximum = "10000000"}}};
  return section;
}

OptionTable direction_options() {
  return {{.key = "rate", .type = rate, .default_value = "unlimited", .sentence = "bits a second on the wire"},
          {.key = "delay", .type = duration, .default_value = "0", .sentence = "propagation delay", .minimum = "0",
           .maximum = "1h"},
          probability("loss", "0", "independent loss"),
          probability("reorder", "0", "share of packets sent at once, ahead of the delayed ones"),
          probability("duplicate", "0", "share of packets sent twice"),
          probability("corrupt", "0", "share of packets in which one bit is flipped"),
          {.key = "limit_packets", .type = integer, .default_value = "1000", .sentence = "of the queue; 0: none",
           .minimum = "0", .maximum = "10000000"},
          {.key = "limit_bytes", .type = bytes, .default_value = "0", .sentence = "of the queue; 0: none"},
          {.key = "frame_overhead", .type = integer, .default_value = "24",
           .sentence = "octets a frame costs on the wire beyond its bytes: FCS, preamble, gap", .minimum = "0",
           .maximum = "256"}};
}

std::vector<SectionPart> direction_parts() {
  return {{.key = "jitter", .sentence = "delay variation", .section = &jitter_section()},
          {.key = "gemodel", .sentence = "Gilbert-Elliott loss, as netem's gemodel", .section = &gemodel_section()}};
}

OptionTable operator+(OptionTable a, const OptionTable& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<SectionPart> both_directions(std::vector<SectionPart> parts) {
  for (const auto& part : direction_parts()) parts.push_back(part);
  parts.push_back({.key = "forward", .sentence = "what differs from the first end to the second",
                   .section = &link_direction_section()});
  parts.push_back({.key = "backward", .sentence = "what differs on the way back", .section = &link_direction_section()});
  return parts;
}

OptionTable device_table() {
  OptionTable table{
      name_option("unique among all nodes"),
      {.key = "device", .type = choice, .sentence = "kind of DPDK port", .choices = {}, .required = true},
      {.key = "address", .type = text, .sentence = "IPv4 address that is reached through it"},
      {.key = "serves", .type = text, .sentence = "IPv4 network that is reached through it, such as 192.168.7.0/24"},
      {.key = "site", .type = text, .sentence = "where it stands"}};
  for (const std::string_view kind : device_kinds()) {
    table[1].choices.emplace_back(kind);
    for (const auto& option : device_options(kind)) {
      if (find_option(table, option.key) != nullptr) continue;
      // Which kind requires it is checked by kind.
      table.push_back(option);
      table.back().required = false;
    }
  }
  return table;
}

}  // namespace

const Section& link_direction_section() {
  static const Section section{.options = direction_options(), .parts = direction_parts()};
  return section;
}

const Section& run_section() {
  static const Section section{.options = {
      {.key = "duration", .type = duration, .sentence = "model time to run", .minimum = "1us", .maximum = "30d",
       .required = true},
      {.key = "seed", .type = integer, .default_value = "1", .sentence = "of all random streams", .minimum = "0"},
      {.key = "clock", .type = choice, .default_value = "virtual",
       .sentence = "virtual: as fast as the machine can; real: in step with the world", .choices = {"virtual", "real"}},
      {.key = "tolerance", .type = duration, .default_value = "1ms",
       .sentence = "with the real clock: p99 lateness beyond which a run is invalid", .minimum = "1us", .maximum = "1h"},
      {.key = "packets", .type = integer, .default_value = "131072", .sentence = "packets that may be under way at once",
       .minimum = "1024", .maximum = "16777216"},
      {.key = "workers", .type = integer, .default_value = "1", .sentence = "threads", .minimum = "1", .maximum = "64"}}};
  return section;
}

const Section& slice_section() {
  static const Section section = entry(
      {name_option("unique among the slices"),
       {.key = "s_nssai", .type = text, .sentence = "SST and SD, such as 4-000001, TS 23.003 clause 28.4", .required = true},
       {.key = "priority", .type = integer, .default_value = "8", .sentence = "ARP priority level, 1 is the highest",
        .minimum = "1", .maximum = "15"},
       {.key = "dLLatency", .type = duration, .sentence = "downlink packet latency, TS 28.541 ServiceProfile",
        .minimum = "1us", .maximum = "1h"},
       {.key = "uLLatency", .type = duration, .sentence = "uplink packet latency, TS 28.541 ServiceProfile",
        .minimum = "1us", .maximum = "1h"},
       {.key = "rRMPolicyDedicatedRatio", .type = integer, .default_value = "0",
        .sentence = "percent of a cell's PRBs never lent, TS 28.541 clause 4.3.36", .minimum = "0", .maximum = "100"},
       {.key = "rRMPolicyMinRatio", .type = integer, .default_value = "0",
        .sentence = "percent of a cell's PRBs had whenever wanted", .minimum = "0", .maximum = "100"},
       {.key = "rRMPolicyMaxRatio", .type = integer, .default_value = "100", .sentence = "at most this percent of a cell's PRBs",
        .minimum = "0", .maximum = "100"}},
      {{.key = "dLThptPerSlice", .sentence = "downlink throughput of the slice", .section = &throughput_section()},
       {.key = "uLThptPerSlice", .sentence = "uplink throughput of the slice", .section = &throughput_section()}});
  return section;
}

const Section& host_section() {
  static const Section section = entry({name_option("unique among all nodes"),
                                        {.key = "address", .type = text, .sentence = "IPv4; absent: the next of 10.0.0.0/16"},
                                        {.key = "site", .type = text, .sentence = "where it stands"}});
  return section;
}

const Section& ue_section() {
  static const Section section = entry(
      {name_option("unique among all nodes"),
       {.key = "cells", .type = text, .sentence = "candidate gNBs, the first serving at the start; wild cards", .required = true,
        .repeated = true},
       {.key = "slice", .type = text, .sentence = "of the default QoS flow; absent: the only slice"},
       {.key = "five_qi", .type = integer, .default_value = "9", .sentence = "5QI of the default QoS flow", .minimum = "1",
        .maximum = "254"},
       {.key = "upf", .type = text, .sentence = "anchor of the PDU session; absent: the only UPF"},
       {.key = "standby_upfs", .type = text, .sentence = "anchors should that one fail, in order; wild cards", .repeated = true},
       {.key = "address", .type = text, .sentence = "IPv4; absent: the next of the UPF's pool"},
       {.key = "site", .type = text, .sentence = "where it stands"}},
      {{.key = "ambr", .sentence = "Session-AMBR", .section = &ambr_section()},
       {.key = "radio", .sentence = "what its channel is like", .section = &radio_section()},
       {.key = "qos_flows", .kind = SectionPart::Kind::list, .sentence = "QoS flows beside those that traffic brings",
        .section = &qos_flow_section()}});
  return section;
}

const Section& function_section() {
  static const Section section = entry(
      {name_option("unique among all nodes"),
       {.key = "function", .type = text, .sentence = "a name of the catalogue", .required = true},
       {.key = "address", .type = text, .sentence = "IPv4 on N3; absent: gNBs and UPFs have the next of 10.200.0.0/16"},
       {.key = "serves", .type = text, .sentence = "a UPF's pool of UE addresses; absent: 10.45.0.0/16 for the first UPF, 10.46.0.0/16 …"},
       {.key = "site", .type = text, .sentence = "where it stands"}},
      {{.key = "with", .kind = SectionPart::Kind::function_options, .sentence = "the function's options"}});
  return section;
}

const Section& device_section() {
  static const Section section = entry(device_table());
  return section;
}

const Section& link_section() {
  static const Section section = entry(
      OptionTable{{.key = "name", .type = text, .sentence = "unique among the links; absent: end-end"},
                  {.key = "ends", .type = text, .sentence = "the two nodes", .required = true, .repeated = true}} +
          direction_options() +
          OptionTable{{.key = "capture", .type = boolean, .default_value = "false", .sentence = "write its packets to a pcapng file"}},
      both_directions({{.key = "slices", .kind = SectionPart::Kind::list,
                        .sentence = "slice scheduler, both directions; absent: one FIFO queue", .section = &share_section()}}));
  return section;
}

const Section& traffic_section() {
  static const Section section = entry(
      {name_option("unique among the entries"),
       {.key = "group", .type = text, .sentence = "for KPI scopes; absent: the entry's name"},
       {.key = "from", .type = text, .sentence = "hosts or UEs; wild cards", .required = true, .repeated = true},
       {.key = "to", .type = text, .sentence = "hosts, UEs or devices with an address; wild cards", .required = true,
        .repeated = true},
       {.key = "pairs", .type = choice, .default_value = "all", .sentence = "how `from` and `to` are paired",
        .choices = {"all", "one_to_one"}},
       {.key = "slice", .type = text, .sentence = "absent: the UE's, or none between hosts"},
       {.key = "five_qi", .type = integer, .sentence = "absent: the UE's", .minimum = "1", .maximum = "254"},
       {.key = "qfi", .type = integer, .sentence = "one of the UE's qos_flows, instead of slice and five_qi", .minimum = "1",
        .maximum = "63"},
       {.key = "model", .type = text, .sentence = "a traffic model", .required = true},
       {.key = "start", .type = duration, .default_value = "0", .sentence = "model time of the start", .minimum = "0"},
       {.key = "stop", .type = duration, .sentence = "model time of the end; absent: the run's", .minimum = "0"},
       {.key = "spread", .type = duration, .default_value = "0", .sentence = "the k-th of n flows starts k/n of it later",
        .minimum = "0"},
       {.key = "scale", .type = number, .default_value = "1", .sentence = "times the model's rate; 0 is silent", .minimum = "0",
        .maximum = "1000000"},
       {.key = "deadline", .type = duration, .sentence = "later is late; absent: the 5QI's packet delay budget",
        .minimum = "1ns", .maximum = "1h"},
       {.key = "port", .type = integer, .sentence = "both ports; absent: the next from 10000 on", .minimum = "1",
        .maximum = "65535"},
       {.key = "dscp", .type = integer, .default_value = "0", .sentence = "RFC 2474", .minimum = "0", .maximum = "63"}},
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
        {.key = "flows", .type = text, .sentence = "flow:NAME, group:NAME, slice:NAME or all; wild cards"},
        {.key = "scale", .type = number, .sentence = "times the model's rate (burst_on: 10 if absent)", .minimum = "0",
         .maximum = "1000000"},
        {.key = "text", .type = text, .sentence = "for the event log"}};
    for (const auto& kind : timeline_kinds()) options[1].choices.emplace_back(kind.name);
    return entry(options + direction_options(),
                 both_directions({{.key = "with", .kind = SectionPart::Kind::controller_options,
                                   .sentence = "the controller's options that change"}}));
  }();
  return section;
}

const std::vector<TimelineKind>& timeline_kinds() {
  static const std::vector<TimelineKind> kinds{
      {"link_down", {"link!"}},           {"link_up", {"link!"}},
      {"link_change", {"link!"}, true},   {"burst_on", {"flows!", "scale"}},
      {"burst_off", {"flows!"}},          {"traffic_scale", {"flows!", "scale!"}},
      {"node_fail", {"node!"}},           {"node_recover", {"node!"}},
      {"move_ue", {"ue!", "to!"}},        {"policy_change", {"with!"}},
      {"note", {"text!"}}};
  return kinds;
}

const std::vector<MetricKind>& metric_kinds() {
  static const std::vector<MetricKind> kinds{
      {"delay", {"pXX", "mean", "min", "max"}, "duration"},
      {"jitter", {"pXX", "mean", "min", "max"}, "duration"},
      {"loss_ratio", {"ratio"}, "ratio"},
      {"late_or_lost_ratio", {"ratio"}, "ratio"},
      {"duplicates", {"total"}, "packets"},
      {"reordered_ratio", {"ratio"}, "ratio"},
      {"throughput", {"mean", "min", "max"}, "rate"},
      {"received", {"total"}, "packets"},
      {"interruption", {"max"}, "duration"},
      {"packets_lost", {"total"}, "packets"},
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
        {.key = "scope", .type = text, .default_value = "all",
         .sentence = "all, flow:NAME, group:NAME, slice:NAME, link:NAME, link:NAME/forward; wild cards"},
        {.key = "statistic", .type = text, .sentence = "pXX, mean, min, max, total or ratio, by metric", .required = true},
        {.key = "comparison", .type = choice, .sentence = "measured to threshold", .choices = {"<=", ">=", "<", ">"},
         .required = true},
        {.key = "threshold", .type = text, .sentence = "with its unit: 10ms, 1e-4, 0.01%, 25Mbit/s, 1000", .required = true},
        {.key = "source", .type = text, .sentence = "where the threshold comes from", .required = true},
        {.key = "window", .type = duration, .sentence = "from and to: only packets born within", .minimum = "0",
         .repeated = true}};
    for (const auto& kind : metric_kinds()) options[1].choices.emplace_back(kind.name);
    return entry(std::move(options));
  }();
  return section;
}

const Section& parameter_section() {
  static const Section section{.options = {name_option("what the figure is"),
                                           {.key = "value", .type = text, .sentence = "as used in this file"},
                                           {.key = "note", .type = text, .sentence = "where it comes from"},
                                           {.key = "verified", .type = boolean, .default_value = "false",
                                            .sentence = "checked against its source"}}};
  return section;
}

const Section& scenario_section() {
  using Kind = SectionPart::Kind;
  static const Section section{
      .options = {{.key = "name", .type = text, .sentence = "letters, digits, _ and -; names the results' folder",
                   .required = true},
                  {.key = "title", .type = text, .sentence = "heads the report"},
                  {.key = "description", .type = text, .sentence = "a paragraph for the report"}},
      .parts = {{"run", Kind::mapping, "how long, by which clock, with which seed", &run_section()},
                {"slices", Kind::list, "network slices and their ServiceProfiles", &slice_section()},
                {"hosts", Kind::list, "end systems on the wired side", &host_section()},
                {"ues", Kind::list, "user equipment, each with one PDU session", &ue_section()},
                {"functions", Kind::list, "network functions of the catalogue", &function_section()},
                {"devices", Kind::list, "ports to the outside world (real clock)", &device_section()},
                {"links", Kind::list, "two-way links", &link_section()},
                {"traffic", Kind::list, "who sends what to whom", &traffic_section()},
                {"controller", Kind::controller_options, "the controller's options", nullptr},
                {"timeline", Kind::list, "what happens when", &timeline_section()},
                {"kpis", Kind::list, "what is to be met", &kpi_section()},
                {"parameters", Kind::list, "figures that a reader must know of", &parameter_section()}}};
  return section;
}

}  // namespace kiriko
