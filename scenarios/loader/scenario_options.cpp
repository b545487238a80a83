// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The option tables of a scenario file's head, run, slices, nodes and parameters; each option declared once.
#include "scenarios/loader/load.hpp"
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

using enum OptionType;

void append_template(OptionTable& table) {
  table.push_back({.key = "count",
                   .type = integer,
                   .default_value = "1",
                   .sentence = "the entry stands for this many, {i} counting them",
                   .minimum = "1",
                   .maximum = "10000"});
  table.push_back({.key = "first",
                   .type = integer,
                   .default_value = "1",
                   .sentence = "value of {i} in the first of them",
                   .minimum = "-1000000",
                   .maximum = "1000000"});
}

const Section& throughput_section() {
  static const Section section{
      .options = {{.key = "guaThpt", .type = rate, .sentence = "guaranteed throughput of the slice"},
                  {.key = "maxThpt", .type = rate, .sentence = "maximum throughput of the slice"}}};
  return section;
}

const Section& ambr_section() {
  static const Section section{
      .options = {{.key = "uplink", .type = rate, .default_value = "unlimited", .sentence = "from the UE"},
                  {.key = "downlink", .type = rate, .default_value = "unlimited", .sentence = "to the UE"}}};
  return section;
}

const Section& radio_section() {
  static const Section section{
      .options = {{.key = "mcs",
                   .type = integer,
                   .sentence = "MCS index, TS 38.214 clause 5.1.3; absent: the gNB's",
                   .minimum = "0",
                   .maximum = "28"},
                  {.key = "bler",
                   .type = number,
                   .sentence = "block error rate of a first transmission; absent: the gNB's",
                   .minimum = "0",
                   .maximum = "1"},
                  {.key = "uplink_mcs",
                   .type = integer,
                   .sentence = "MCS index of the uplink; absent: mcs",
                   .minimum = "0",
                   .maximum = "28"},
                  {.key = "uplink_bler",
                   .type = number,
                   .sentence = "of the uplink; absent: bler",
                   .minimum = "0",
                   .maximum = "1"}}};
  return section;
}

const Section& qos_flow_section() {
  static const Section section{
      .options = {{.key = "qfi",
                   .type = integer,
                   .sentence = "QoS flow identifier; absent: the next free",
                   .minimum = "1",
                   .maximum = "63"},
                  {.key = "five_qi",
                   .type = integer,
                   .sentence = "5QI, TS 23.501 Table 5.7.4-1",
                   .minimum = "1",
                   .maximum = "254",
                   .required = true},
                  {.key = "slice", .type = text, .sentence = "absent: the UE's"},
                  {.key = "protocol",
                   .type = choice,
                   .default_value = "udp",
                   .sentence = "protocol that selects it",
                   .choices = {"udp", "tcp"}},
                  {.key = "port",
                   .type = integer,
                   .sentence = "port of the far end that selects it; absent: any",
                   .minimum = "1",
                   .maximum = "65535"},
                  {.key = "peer", .type = text, .sentence = "far end that selects it; absent: any"}},
      .parts = {{.key = "maximum_bit_rate", .sentence = "MFBR", .section = &ambr_section()},
                {.key = "guaranteed_bit_rate",
                 .sentence = "GFBR: the gNB serves it first, up to this",
                 .section = &ambr_section()}}};
  return section;
}

OptionTable device_table() {
  OptionTable table{
      name_option("unique among all nodes"),
      {.key = "device", .type = choice, .sentence = "kind of DPDK port", .choices = {}, .required = true},
      {.key = "address", .type = text, .sentence = "IPv4 address that is reached through it"},
      {.key = "serves",
       .type = text,
       .sentence = "IPv4 network that is reached through it, such as 192.168.7.0/24"},
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

Option name_option(const char* what) {
  return {.key = "name", .type = text, .sentence = what, .required = true};
}

Section entry_section(OptionTable options, std::vector<SectionPart> parts) {
  append_template(options);
  return {.options = std::move(options), .parts = std::move(parts), .entry_template = true};
}

const Section& run_section() {
  static const Section section{
      .options = {
          {.key = "duration",
           .type = duration,
           .sentence = "model time to run",
           .minimum = "1us",
           .maximum = "30d",
           .required = true},
          {.key = "seed",
           .type = integer,
           .default_value = "1",
           .sentence = "of all random streams",
           .minimum = "0"},
          {.key = "clock",
           .type = choice,
           .default_value = "virtual",
           .sentence = "virtual: as fast as the machine can; real: in step with the world",
           .choices = {"virtual", "real"}},
          {.key = "tolerance",
           .type = duration,
           .default_value = "1ms",
           .sentence = "with the real clock: p99 lateness beyond which a run is invalid",
           .minimum = "1us",
           .maximum = "1h"},
          {.key = "spin_window",
           .type = duration,
           .default_value = "100ms",
           .sentence = "with the real clock and devices: how long after the last frame the loop still spins "
                       "before it waits to be woken",
           .minimum = "0",
           .maximum = "1h"},
          {.key = "packets",
           .type = integer,
           .default_value = "131072",
           .sentence = "packets that may be under way at once",
           .minimum = "1024",
           .maximum = "16777216"},
          {.key = "workers",
           .type = integer,
           .default_value = "1",
           .sentence = "threads",
           .minimum = "1",
           .maximum = "64"}}};
  return section;
}

const Section& slice_section() {
  static const Section section =
      entry_section({name_option("unique among the slices"),
                     {.key = "s_nssai",
                      .type = text,
                      .sentence = "SST and SD, such as 4-000001, TS 23.003 clause 28.4",
                      .required = true},
                     {.key = "priority",
                      .type = integer,
                      .default_value = "8",
                      .sentence = "ARP priority level, 1 is the highest",
                      .minimum = "1",
                      .maximum = "15"},
                     {.key = "dLLatency",
                      .type = duration,
                      .sentence = "downlink packet latency, TS 28.541 ServiceProfile",
                      .minimum = "1us",
                      .maximum = "1h"},
                     {.key = "uLLatency",
                      .type = duration,
                      .sentence = "uplink packet latency, TS 28.541 ServiceProfile",
                      .minimum = "1us",
                      .maximum = "1h"},
                     {.key = "rRMPolicyDedicatedRatio",
                      .type = integer,
                      .default_value = "0",
                      .sentence = "percent of a cell's PRBs never lent, TS 28.541 clause 4.3.36",
                      .minimum = "0",
                      .maximum = "100"},
                     {.key = "rRMPolicyMinRatio",
                      .type = integer,
                      .default_value = "0",
                      .sentence = "percent of a cell's PRBs had whenever wanted",
                      .minimum = "0",
                      .maximum = "100"},
                     {.key = "rRMPolicyMaxRatio",
                      .type = integer,
                      .default_value = "100",
                      .sentence = "at most this percent of a cell's PRBs",
                      .minimum = "0",
                      .maximum = "100"}},
                    {{.key = "dLThptPerSlice",
                      .sentence = "downlink throughput of the slice",
                      .section = &throughput_section()},
                     {.key = "uLThptPerSlice",
                      .sentence = "uplink throughput of the slice",
                      .section = &throughput_section()}});
  return section;
}

const Section& host_section() {
  static const Section section =
      entry_section({name_option("unique among all nodes"),
                     {.key = "address", .type = text, .sentence = "IPv4; absent: the next of 10.0.0.0/16"},
                     {.key = "site", .type = text, .sentence = "where it stands"}});
  return section;
}

const Section& ue_section() {
  static const Section section = entry_section(
      {name_option("unique among all nodes"),
       {.key = "cells",
        .type = text,
        .sentence = "candidate gNBs, the first serving at the start; wild cards",
        .required = true,
        .repeated = true},
       {.key = "slice", .type = text, .sentence = "of the default QoS flow; absent: the only slice"},
       {.key = "five_qi",
        .type = integer,
        .default_value = "9",
        .sentence = "5QI of the default QoS flow",
        .minimum = "1",
        .maximum = "254"},
       {.key = "upf", .type = text, .sentence = "anchor of the PDU session; absent: the only UPF"},
       {.key = "standby_upfs",
        .type = text,
        .sentence = "anchors should that one fail, in order; wild cards",
        .repeated = true},
       {.key = "address", .type = text, .sentence = "IPv4; absent: the next of the UPF's pool"},
       {.key = "site", .type = text, .sentence = "where it stands"}},
      {{.key = "ambr", .sentence = "Session-AMBR", .section = &ambr_section()},
       {.key = "radio", .sentence = "what its channel is like", .section = &radio_section()},
       {.key = "qos_flows",
        .kind = SectionPart::Kind::list,
        .sentence = "QoS flows beside those that traffic brings",
        .section = &qos_flow_section()}});
  return section;
}

const Section& function_section() {
  static const Section section = entry_section(
      {name_option("unique among all nodes"),
       {.key = "function", .type = text, .sentence = "a name of the catalogue", .required = true},
       {.key = "address",
        .type = text,
        .sentence = "IPv4 on N3; absent: gNBs and UPFs have the next of 10.200.0.0/16"},
       {.key = "position",
        .type = text,
        .sentence = "a gNB's antenna on the plane of mobility, in metres: 250,35"},
       {.key = "serves",
        .type = text,
        .sentence = "a UPF's pool of UE addresses; absent: 10.45.0.0/16 for the first UPF, 10.46.0.0/16 …"},
       {.key = "site", .type = text, .sentence = "where it stands"}},
      {{.key = "with", .kind = SectionPart::Kind::function_options, .sentence = "the function's options"}});
  return section;
}

const Section& device_section() {
  static const Section section = entry_section(device_table());
  return section;
}

const Section& parameter_section() {
  static const Section section{.options = {name_option("what the figure is"),
                                           {.key = "value", .type = text, .sentence = "as used in this file"},
                                           {.key = "note", .type = text, .sentence = "where it comes from"},
                                           {.key = "verified",
                                            .type = boolean,
                                            .default_value = "false",
                                            .sentence = "checked against its source"}}};
  return section;
}

const Section& scenario_section() {
  using Kind = SectionPart::Kind;
  static const Section section{
      .options = {{.key = "name",
                   .type = text,
                   .sentence = "letters, digits, _ and -; names the results' folder",
                   .required = true},
                  {.key = "title", .type = text, .sentence = "heads the report"},
                  {.key = "description", .type = text, .sentence = "a paragraph for the report"}},
      .parts = {
          {"run", Kind::mapping, "how long, by which clock, with which seed", &run_section()},
          {"slices", Kind::list, "network slices and their ServiceProfiles", &slice_section()},
          {"hosts", Kind::list, "end systems on the wired side", &host_section()},
          {"ues", Kind::list, "user equipment, each with one PDU session", &ue_section()},
          {"device_groups", Kind::list,
           "many devices an entry: the UE that stands for them, and what they send", &device_group_section()},
          {"functions", Kind::list, "network functions of the catalogue", &function_section()},
          {"devices", Kind::list, "ports to the outside world (real clock)", &device_section()},
          {"radio_environment", Kind::mapping, "how well moving UEs hear the cells",
           &radio_environment_section()},
          {"mobility", Kind::list, "UEs that move", &mobility_section()},
          {"links", Kind::list, "two-way links", &link_section()},
          {"traffic", Kind::list, "who sends what to whom", &traffic_section()},
          {"controller", Kind::controller_options, "the controller's options", nullptr},
          {"timeline", Kind::list, "what happens when", &timeline_section()},
          {"kpis", Kind::list, "what is to be met", &kpi_section()},
          {"parameters", Kind::list, "figures that a reader must know of", &parameter_section()}}};
  return section;
}

}  // namespace kiriko
