// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The diagnosis as JSON: what is unknown is null.
#include <limits>

#include "scenarios/report/json_writer.hpp"
#include "tools/kiriko/doctor/diagnosis.hpp"

namespace kiriko::doctor {
namespace {

template <class T>
void optional_member(JsonWriter& json, std::string_view name, const std::optional<T>& value) {
  json.key(name);
  if (value)
    json.value(*value);
  else
    json.value(std::numeric_limits<double>::quiet_NaN());
}

void optional_cpus(JsonWriter& json, std::string_view name, const std::optional<CpuList>& cpus) {
  optional_member(json, name, cpus ? std::optional(cpu_list_text(*cpus)) : std::nullopt);
}

void write_machine(JsonWriter& json, const Diagnosis& diagnosis) {
  const MachineFacts& facts = diagnosis.machine;
  json.key("machine").begin_object();
  optional_member(json, "processor", facts.processor);
  json.member("usable_cpus", cpu_list_text(facts.usable));
  json.member("usable_cpu_count", std::uint64_t{facts.usable.size()});
  optional_cpus(json, "online_cpus", facts.online);
  optional_cpus(json, "isolated_cpus", facts.isolated);
  optional_cpus(json, "tickless_cpus", facts.tickless);
  std::vector<std::string> shared;
  for (const CpuList& core : facts.shared_cores) shared.push_back(cpu_list_text(core));
  json.array("shared_cores", shared);
  if (facts.missing_features)
    json.array("missing_features", *facts.missing_features);
  else
    optional_member(json, "missing_features", std::optional<bool>{});
  json.member("avx512", facts.avx512).member("virtual_machine", facts.virtual_machine);
  optional_member(json, "cpu_quota", facts.cpu_quota);
  optional_member(json, "governor", facts.governor);
  optional_member(json, "clock_source", facts.clock_source);
  optional_member(json, "invariant_tsc", facts.invariant_tsc);
  optional_member(json, "tsc_ghz", diagnosis.tsc_ghz > 0 ? std::optional(diagnosis.tsc_ghz) : std::nullopt);
  optional_member(json, "memory_total_bytes", facts.memory_total);
  optional_member(json, "memory_available_bytes", facts.memory_available);
  optional_member(json, "memory_limit_bytes", facts.memory_limit);
  json.key("hugepages").begin_array();
  for (const HugepageFacts& size : facts.hugepages.value_or(std::vector<HugepageFacts>{}))
    json.begin_object(JsonWriter::Layout::flat)
        .member("page_bytes", size.page_bytes)
        .member("total", size.total)
        .member("free", size.free)
        .end_object();
  json.end_array();
  optional_member(json, "load", facts.load);
  json.end_object();
}

void write_network(JsonWriter& json, const NetworkFacts& facts) {
  json.key("interfaces").begin_array();
  for (const InterfaceFacts& each : facts.interfaces) {
    json.begin_object(JsonWriter::Layout::flat).member("name", each.name);
    optional_member(json, "driver", each.driver);
    optional_member(json, "state", each.state);
    optional_member(json, "mtu", each.mtu);
    json.end_object();
  }
  json.end_array().key("network_cards").begin_array();
  for (const NetworkCardFacts& each : facts.cards) {
    json.begin_object(JsonWriter::Layout::flat).member("address", each.address);
    json.member("vendor", each.vendor).member("device", each.device);
    optional_member(json, "driver", each.driver);
    json.member("bound_for_dpdk", each.bound_for_dpdk()).end_object();
  }
  json.end_array();
}

void write_permissions(JsonWriter& json, const Permissions& permissions) {
  json.key("permissions").begin_object();
  json.member("root", permissions.root)
      .member("packet_socket", permissions.packet_socket)
      .member("xdp_socket", permissions.xdp_socket)
      .member("xdp_program", permissions.xdp_program)
      .member("tap", permissions.tap)
      .member("namespaces", permissions.namespaces)
      .member("user_namespaces", permissions.user_namespaces)
      .member("nice", std::int64_t{permissions.nice})
      .member("best_nice", std::int64_t{permissions.best_nice})
      .member("real_time_priority", permissions.real_time_priority);
  optional_member(json, "locked_memory_bytes", permissions.locked_memory);
  optional_member(json, "address_space_bytes", permissions.address_space);
  json.end_object();
}

void write_rate(JsonWriter& json, std::string_view name, const PacketRate& rate) {
  json.key(name)
      .begin_object(JsonWriter::Layout::flat)
      .member("median_hops_per_second", rate.median)
      .member("low_hops_per_second", rate.low)
      .end_object();
}

void write_quantiles(JsonWriter& json, const Histogram& histogram) {
  json.member("count", histogram.count())
      .member("p50_ns", histogram.quantile(0.5))
      .member("p99_ns", histogram.quantile(0.99))
      .member("p99_9_ns", histogram.quantile(0.999))
      .member("max_ns", histogram.maximum());
}

void write_real_time(JsonWriter& json, std::string_view name, const RealTimeTrial& trial) {
  json.key(name).begin_object(JsonWriter::Layout::flat);
  json.member("hops_per_second", trial.packet_hops_per_second);
  write_quantiles(json, trial.lateness);
  json.member("worst_window_p99_ns", trial.worst_p99.ns).end_object();
}

void write_measures(JsonWriter& json, const Measures& measures) {
  json.key("measured").begin_object();
  write_rate(json, "one_worker", measures.one_worker);
  if (measures.two_workers) write_rate(json, "two_workers", *measures.two_workers);
  if (measures.step) {
    json.key("step_of_two_workers").begin_object(JsonWriter::Layout::flat);
    write_quantiles(json, measures.step->nanoseconds);
    json.end_object();
  }
  write_real_time(json, "lateness_few_packets", measures.light);
  write_real_time(json, "lateness_many_packets", measures.loaded);
  if (measures.disturbance)
    json.member("cpus_used_by_others", measures.disturbance->others)
        .member("cpus_stolen", measures.disturbance->stolen);
  json.end_object();
}

}  // namespace

std::string diagnosis_json(const Diagnosis& diagnosis) {
  JsonWriter json;
  json.begin_object().member("version", KIRIKO_VERSION).member("quick", diagnosis.quick);
  write_machine(json, diagnosis);
  write_network(json, diagnosis.network);
  write_permissions(json, diagnosis.permissions);
  if (diagnosis.measures) write_measures(json, *diagnosis.measures);
  if (const auto& advice = diagnosis.advice)
    json.key("advice")
        .begin_object()
        .member("virtual_hops_per_second", advice->virtual_rate)
        .member("workers", advice->workers)
        .member("real_hops_per_second", advice->real_rate)
        .member("many_packets_in_time", advice->real_rate_is_tried)
        .member("tolerance", to_string(advice->tolerance))
        .member("tolerance_ns", advice->tolerance.ns)
        .end_object();
  optional_member(json, "fault", diagnosis.fault.empty() ? std::nullopt : std::optional(diagnosis.fault));
  json.key("findings").begin_array();
  for (const Finding& finding : findings(diagnosis))
    json.begin_object()
        .member("name", finding.name)
        .member("mark", name_of(finding.mark))
        .member("text", finding.text)
        .member("hint", finding.hint)
        .end_object();
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace kiriko::doctor
