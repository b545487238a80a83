// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The option tables of links; a timeline event changes a link by the same.
#include "scenarios/loader/section.hpp"

namespace kiriko {
namespace {

using enum OptionType;

Option probability(const char* key, const char* default_value, const char* sentence) {
  return {.key = key,
          .type = number,
          .default_value = default_value,
          .sentence = sentence,
          .minimum = "0",
          .maximum = "1"};
}

const Section& jitter_section() {
  static const Section section{
      .options = {{.key = "deviation",
                   .type = duration,
                   .sentence = "half width (uniform) or standard deviation (others)",
                   .minimum = "0",
                   .maximum = "1h",
                   .required = true},
                  {.key = "distribution",
                   .type = choice,
                   .default_value = "uniform",
                   .sentence = "as in netem",
                   .choices = {"uniform", "normal", "pareto", "table"}},
                  {.key = "file",
                   .type = text,
                   .sentence = "for `table`: a distribution file of iproute2 (tc/*.dist)"}}};
  return section;
}

const Section& gemodel_section() {
  static const Section section{.options = {{.key = "p",
                                            .type = number,
                                            .sentence = "good to bad; 0 turns it off",
                                            .minimum = "0",
                                            .maximum = "1",
                                            .required = true},
                                           probability("r", "1", "bad to good"),
                                           probability("loss_bad", "1", "1-h"),
                                           probability("loss_good", "0", "1-k")}};
  return section;
}

const Section& share_section() {
  static const Section section{
      .options = {
          {.key = "slice", .type = text, .sentence = "name of a slice", .required = true},
          {.key = "guaranteed",
           .type = rate,
           .sentence = "served first while below it; absent: no guarantee"},
          {.key = "maximum", .type = rate, .sentence = "never more than this; absent: the link's rate"},
          {.key = "priority",
           .type = integer,
           .default_value = "0",
           .sentence = "beyond the guarantees a lower number goes first",
           .minimum = "0",
           .maximum = "255"},
          {.key = "weight",
           .type = integer,
           .default_value = "1",
           .sentence = "share among equal priorities",
           .minimum = "1",
           .maximum = "1000000"},
          {.key = "limit_bytes", .type = bytes, .default_value = "0", .sentence = "of its queue; 0: none"},
          {.key = "limit_packets",
           .type = integer,
           .default_value = "1000",
           .sentence = "of its queue; 0: none",
           .minimum = "0",
           .maximum = "10000000"}}};
  return section;
}

OptionTable direction_options() {
  return {
      {.key = "rate", .type = rate, .default_value = "unlimited", .sentence = "bits a second on the wire"},
      {.key = "delay",
       .type = duration,
       .default_value = "0",
       .sentence = "propagation delay",
       .minimum = "0",
       .maximum = "1h"},
      probability("loss", "0", "independent loss"),
      probability("reorder", "0", "share of packets sent at once, ahead of the delayed ones"),
      probability("duplicate", "0", "share of packets sent twice"),
      probability("corrupt", "0", "share of packets in which one bit is flipped"),
      {.key = "limit_packets",
       .type = integer,
       .default_value = "1000",
       .sentence = "of the queue; 0: none",
       .minimum = "0",
       .maximum = "10000000"},
      {.key = "limit_bytes", .type = bytes, .default_value = "0", .sentence = "of the queue; 0: none"},
      {.key = "frame_overhead",
       .type = integer,
       .default_value = "24",
       .sentence = "octets a frame costs on the wire beyond its bytes: FCS, preamble, gap",
       .minimum = "0",
       .maximum = "256"}};
}

std::vector<SectionPart> direction_parts() {
  return {{.key = "jitter", .sentence = "delay variation", .section = &jitter_section()},
          {.key = "gemodel",
           .sentence = "Gilbert-Elliott loss, as netem's gemodel",
           .section = &gemodel_section()}};
}

}  // namespace

OptionTable operator+(OptionTable a, const OptionTable& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<SectionPart> both_directions(std::vector<SectionPart> parts) {
  for (const auto& part : direction_parts()) parts.push_back(part);
  parts.push_back({.key = "forward",
                   .sentence = "what differs from the first end to the second",
                   .section = &link_direction_section()});
  parts.push_back(
      {.key = "backward", .sentence = "what differs on the way back", .section = &link_direction_section()});
  return parts;
}

const Section& link_direction_section() {
  static const Section section{.options = direction_options(), .parts = direction_parts()};
  return section;
}

const Section& link_section() {
  static const Section section = entry_section(
      OptionTable{
          {.key = "name", .type = text, .sentence = "unique among the links; absent: end-end"},
          {.key = "ends", .type = text, .sentence = "the two nodes", .required = true, .repeated = true}} +
          direction_options() +
          OptionTable{{.key = "capture",
                       .type = boolean,
                       .default_value = "false",
                       .sentence = "write its packets to a pcapng file"}},
      both_directions({{.key = "slices",
                        .kind = SectionPart::Kind::list,
                        .sentence = "slice scheduler, both directions; absent: one FIFO queue",
                        .section = &share_section()}}));
  return section;
}

}  // namespace kiriko
