// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sections in a fixed order: identity, KPIs, slices, groups, flows, links, nodes, ledger, events.
#include "scenarios/report/results_json.hpp"

#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/flow_merge.hpp"
#include "scenarios/report/json_writer.hpp"

namespace kiriko {
namespace {

constexpr JsonWriter::Layout flat = JsonWriter::Layout::flat;

void write_histogram(JsonWriter& json, std::string_view name, const Histogram& histogram) {
  json.key(name).begin_object(flat).member("count", histogram.count());
  if (histogram.count() > 0) {
    json.member("minimum", histogram.minimum()).member("mean", histogram.mean());
    json.member("p50", histogram.quantile(0.5))
        .member("p90", histogram.quantile(0.9))
        .member("p99", histogram.quantile(0.99));
    json.member("p99.9", histogram.quantile(0.999)).member("p99.99", histogram.quantile(0.9999));
    json.member("p99.999", histogram.quantile(0.99999)).member("maximum", histogram.maximum());
  }
  json.end_object();
}

void write_tally(JsonWriter& json, const FlowTally& tally, ModelTime ended_at) {
  json.member("sent", tally.sent).member("sent_bytes", tally.sent_bytes);
  json.member("received", tally.received).member("received_bytes", tally.received_bytes);
  json.member("lost", tally.lost()).member("loss_ratio", loss_ratio(tally));
  json.member("late", tally.late).member("duplicates", tally.duplicates).member("reordered", tally.reordered);
  json.member("held_at_end", tally.held_at_end);
  json.member("throughput_bit_s", throughput(tally, ended_at));
  json.member("longest_gap_ns", tally.longest_gap.ns);
  write_histogram(json, "delay_ns", tally.delay);
  write_histogram(json, "jitter_ns", tally.jitter);
}

void write_kpis(JsonWriter& json, const RunResult& result) {
  json.key("kpis").begin_array();
  for (const KpiResult& kpi : result.kpis) {
    json.begin_object(flat);
    json.member("name", kpi.name)
        .member("metric", kpi.metric)
        .member("scope", kpi.scope)
        .member("statistic", kpi.statistic);
    json.member("comparison", kpi.comparison).member("threshold", kpi.threshold).member("unit", kpi.unit);
    json.member("measured", kpi.measured).member("samples", kpi.samples).member("met", kpi.met);
    json.member("enough_samples", kpi.enough_samples).member("from_ns", kpi.window.from.ns);
    if (kpi.window.to < ModelTime::never()) json.member("to_ns", kpi.window.to.ns);
    json.member("source", kpi.source).member("note", kpi.note).end_object();
  }
  json.end_array();
}

void write_merged(JsonWriter& json, std::string_view name, const std::vector<MergedFlows>& all,
                  ModelTime ended_at) {
  json.key(name).begin_array();
  for (const MergedFlows& merged : all) {
    json.begin_object().member("name", merged.name).member("flows", std::uint64_t{merged.flows});
    write_tally(json, merged.tally, ended_at);
    std::vector<std::uint64_t> sent, received, bytes;
    std::vector<std::int64_t> sum, maximum;
    for (const FlowSecond& second : merged.seconds) {
      sent.push_back(second.sent);
      received.push_back(second.received);
      bytes.push_back(second.received_bytes);
      sum.push_back(second.delay_sum_ns);
      maximum.push_back(second.delay_max_ns);
    }
    json.key("seconds").begin_object();
    json.array("sent", sent).array("received", received).array("received_bytes", bytes);
    json.array("delay_sum_ns", sum).array("delay_max_ns", maximum).end_object();
    json.end_object();
  }
  json.end_array();
}

void write_flows(JsonWriter& json, const RunResult& result) {
  json.key("flows").begin_array();
  for (const FlowResult& flow : result.flows) {
    json.begin_object();
    json.member("name", flow.name).member("group", flow.group).member("source", flow.source);
    json.member("destination", flow.destination).member("slice", flow.slice).member("model", flow.model);
    write_tally(json, flow.tally, result.ended_at);
    json.key("drops").begin_object(flat);
    for (const auto& [place, count] : flow.drops) json.member(place, count);
    json.end_object().end_object();
  }
  json.end_array();
}

void write_links(JsonWriter& json, const RunResult& result) {
  json.key("links").begin_array();
  for (const LinkDirectionResult& link : result.links) {
    json.begin_object();
    json.member("link", link.link).member("packets", link.packets).member("bytes", link.bytes);
    json.member("dropped", link.dropped).member("utilisation", link.utilisation.value_or(0));
    write_histogram(json, "queueing_ns", link.queueing);
    json.array("seconds_mbit_s", link.seconds_mbit_s).end_object();
  }
  json.end_array();
}

void write_ledger(JsonWriter& json, const Ledger& ledger, std::uint64_t held) {
  json.key("ledger").begin_object(flat);
  json.member("in", ledger.in).member("created", ledger.created).member("out", ledger.out);
  json.member("consumed", ledger.consumed).member("held", held).key("dropped").begin_object(flat);
  for (std::size_t i = 0; i < drop_reason_count; ++i)
    if (ledger.dropped[i] != 0) json.member(drop_reason_texts[i].name, ledger.dropped[i]);
  json.end_object().end_object();
}

void write_nodes(JsonWriter& json, const RunResult& result) {
  json.key("nodes").begin_array();
  for (const NodeResult& node : result.nodes) {
    json.begin_object().member("name", node.name).member("kind", node.kind);
    write_ledger(json, node.ledger, node.held);
    json.key("metrics").begin_object(flat);
    for (const auto& [name, value] : node.metrics) json.member(name, value);
    json.end_object().end_object();
  }
  json.end_array();
}

void write_events(JsonWriter& json, const RunResult& result) {
  json.key("events").begin_array();
  for (const EventRecord& event : result.events)
    json.begin_object(flat)
        .member("at_ns", event.at.ns)
        .member("kind", event.kind)
        .member("author", event.author)
        .member("text", event.text)
        .member("packets_lost", event.packets_lost)
        .end_object();
  json.end_array();
}

}  // namespace

std::string results_json(const RunResult& result) {
  JsonWriter json;
  json.begin_object();
  json.member("format", std::uint64_t{1}).member("kiriko", result.version);
  json.member("scenario", result.scenario)
      .member("title", result.title)
      .member("scenario_sha256", result.scenario_sha256);
  json.array("overrides", result.overrides);
  json.member("seed", result.seed).member("clock", result.clock);
  json.member("until_ns", result.until.ns).member("ended_at_ns", result.ended_at.ns);
  json.member("end", end_text(result.end)).member("fault", result.fault);
  write_kpis(json, result);
  write_merged(json, "slices", by_slice(result), result.ended_at);
  write_merged(json, "groups", by_group(result), result.ended_at);
  write_flows(json, result);
  write_links(json, result);
  write_nodes(json, result);
  write_ledger(json, result.ledger, result.held);
  json.member("pool_in_use", result.pool_in_use).member("packet_hops", result.packet_hops);
  write_events(json, result);
  json.array("unverified", result.unverified);
  json.end_object();
  return json.text() + "\n";
}

}  // namespace kiriko
