// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// URRs (TS 29.244 clauses 5.2.2, 7.5.2.4, 7.5.4.4).
#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {
namespace {

constexpr std::int64_t ntp_to_unix = 2'208'988'800;

MeasurementMethod method_of(const pfcp::MeasurementMethod& wire) {
  return {.duration = wire.durat, .volume = wire.volum, .event = wire.event};
}

ReportingTriggers triggers_of(const pfcp::ReportingTriggers& wire) {
  return {.periodic = wire.perio,
          .volume_threshold = wire.volth,
          .time_threshold = wire.timth,
          .quota_holding_time = wire.quhti,
          .start_of_traffic = wire.start,
          .stop_of_traffic = wire.stopt,
          .dropped_dl_traffic_threshold = wire.droth,
          .linked_usage_reporting = wire.liusa,
          .volume_quota = wire.volqu,
          .time_quota = wire.timqu,
          .event_threshold = wire.eveth,
          .event_quota = wire.evequ};
}

Bytes bytes_of(const std::optional<std::uint64_t>& octets) {
  // What does not fit a signed number is no limit.
  const std::uint64_t count = octets.value_or(0);
  return Bytes{count > static_cast<std::uint64_t>(INT64_MAX) ? 0 : static_cast<std::int64_t>(count)};
}

VolumeLimits volumes_of(const pfcp::Volumes& wire) {
  return {
      .total = bytes_of(wire.total), .uplink = bytes_of(wire.uplink), .downlink = bytes_of(wire.downlink)};
}

/// What a Create URR and an Update URR have in common, by name; `out` is the rule or its update.
template <class Wire, class Rule, class Time>
void read_limits(const Wire& wire, Rule& out, Time model_time) {
  if (wire.measurement_period) out.measurement_period = wire.measurement_period->duration();
  if (wire.volume_threshold) out.volume_threshold = volumes_of(*wire.volume_threshold);
  if (wire.volume_quota) out.volume_quota = volumes_of(*wire.volume_quota);
  if (wire.time_threshold) out.time_threshold = wire.time_threshold->duration();
  if (wire.time_quota) out.time_quota = wire.time_quota->duration();
  if (wire.event_threshold) out.event_threshold = wire.event_threshold->value;
  if (wire.event_quota) out.event_quota = wire.event_quota->value;
  if (wire.quota_holding_time) out.quota_holding_time = wire.quota_holding_time->duration();
  if (wire.dropped_dl_traffic_threshold)
    out.dropped_dl_traffic_threshold =
        DroppedTrafficThreshold{.packets = wire.dropped_dl_traffic_threshold->packets.value_or(0),
                                .octets = bytes_of(wire.dropped_dl_traffic_threshold->octets_dropped)};
  if (wire.monitoring_time) out.monitoring_time = model_time(*wire.monitoring_time);
  if (wire.subsequent_volume_threshold)
    out.subsequent_volume_threshold = volumes_of(*wire.subsequent_volume_threshold);
  if (wire.subsequent_time_threshold)
    out.subsequent_time_threshold = wire.subsequent_time_threshold->duration();
  if (wire.subsequent_volume_quota) out.subsequent_volume_quota = volumes_of(*wire.subsequent_volume_quota);
  if (wire.subsequent_time_quota) out.subsequent_time_quota = wire.subsequent_time_quota->duration();
  if (wire.inactivity_detection_time)
    out.inactivity_detection_time = wire.inactivity_detection_time->duration();
  if (!wire.linked_urr_ids.empty()) out.linked = wire.linked_urr_ids;
  if (wire.far_id_for_quota_action) out.quota_far = *wire.far_id_for_quota_action;
  if (wire.measurement_information) {
    out.measure_before_qos = wire.measurement_information->mbqe;
    out.inactive_measurement = wire.measurement_information->inam;
    out.immediate_start_metering = wire.measurement_information->istm;
  }
}

}  // namespace

ModelTime RuleReader::model_time(pfcp::NtpTime time) const {
  // The era that began in 2036 has the highest bit clear.
  const std::int64_t era = (time.value & 0x80000000U) == 0 ? std::int64_t{1} << 32 : 0;
  const std::int64_t unix_seconds = era + std::int64_t{time.value} - ntp_to_unix;
  return ModelTime{} + seconds(unix_seconds - sources_.unix_epoch_seconds);
}

UsageReportingRule RuleReader::urr(const pfcp::CreateUrr& create) const {
  UsageReportingRule out;
  out.id = create.urr_id;
  out.method = method_of(create.measurement_method);
  out.triggers = triggers_of(create.reporting_triggers);
  read_limits(create, out, [this](pfcp::NtpTime time) { return model_time(time); });
  return out;
}

UsageReportingRuleUpdate RuleReader::urr(const pfcp::UpdateUrr& update) const {
  UsageReportingRuleUpdate out;
  out.id = update.urr_id;
  if (update.measurement_method) out.method = method_of(*update.measurement_method);
  if (update.reporting_triggers) out.triggers = triggers_of(*update.reporting_triggers);
  read_limits(update, out, [this](pfcp::NtpTime time) { return model_time(time); });
  return out;
}

}  // namespace kiriko::upf
