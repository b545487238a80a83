// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Usage, downlink data, error indication and inactivity reports.
#include "vnf/upf/n4/write_reports.hpp"

namespace kiriko::upf {
namespace {

pfcp::UsageReportTrigger trigger_of(UsageReportTrigger trigger) {
  pfcp::UsageReportTrigger out;
  switch (trigger) {
    case UsageReportTrigger::periodic: out.perio = true; break;
    case UsageReportTrigger::volume_threshold: out.volth = true; break;
    case UsageReportTrigger::time_threshold: out.timth = true; break;
    case UsageReportTrigger::quota_holding_time: out.quhti = true; break;
    case UsageReportTrigger::start_of_traffic: out.start = true; break;
    case UsageReportTrigger::stop_of_traffic: out.stopt = true; break;
    case UsageReportTrigger::dropped_dl_traffic_threshold: out.droth = true; break;
    case UsageReportTrigger::immediate: out.immer = true; break;
    case UsageReportTrigger::volume_quota: out.volqu = true; break;
    case UsageReportTrigger::time_quota: out.timqu = true; break;
    case UsageReportTrigger::linked_usage_reporting: out.liusa = true; break;
    case UsageReportTrigger::termination: out.termr = true; break;
    case UsageReportTrigger::monitoring_time: out.monit = true; break;
    case UsageReportTrigger::event_threshold: out.eveth = true; break;
    case UsageReportTrigger::event_quota: out.evequ = true; break;
  }
  return out;
}

}  // namespace

pfcp::NtpTime ntp_of(ModelTime time, std::int64_t unix_epoch_seconds) {
  return pfcp::ntp_time(unix_epoch_seconds + time.ns / 1'000'000'000);
}

pfcp::UsageReport wire_of(const UsageReport& report, std::int64_t unix_epoch_seconds) {
  pfcp::UsageReport out;
  out.urr_id = report.urr;
  out.ur_seqn = pfcp::UrSeqn{report.sequence_number};
  out.usage_report_trigger = trigger_of(report.trigger);
  out.start_time = ntp_of(report.start, unix_epoch_seconds);
  out.end_time = ntp_of(report.end, unix_epoch_seconds);
  pfcp::VolumeMeasurement volume;
  volume.total_volume = report.uplink_bytes + report.downlink_bytes;
  volume.uplink_volume = report.uplink_bytes;
  volume.downlink_volume = report.downlink_bytes;
  volume.total_packets = report.uplink_packets + report.downlink_packets;
  volume.uplink_packets = report.uplink_packets;
  volume.downlink_packets = report.downlink_packets;
  out.volume_measurement = volume;
  if (report.duration)
    out.duration_measurement =
        pfcp::WholeSeconds{static_cast<std::uint32_t>(report.duration->ns / 1'000'000'000)};
  if (report.first_packet) out.time_of_first_packet = ntp_of(*report.first_packet, unix_epoch_seconds);
  if (report.last_packet) out.time_of_last_packet = ntp_of(*report.last_packet, unix_epoch_seconds);
  return out;
}

void add_report(const UserPlaneReport& report, std::int64_t unix_epoch_seconds,
                pfcp::SessionReportRequest& request) {
  if (const auto* usage = std::get_if<UsageReport>(&report.content)) {
    request.report_type.usar = true;
    request.usage_reports.push_back(wire_of(*usage, unix_epoch_seconds));
  } else if (const auto* data = std::get_if<DownlinkDataReport>(&report.content)) {
    request.report_type.dldr = true;
    if (!request.downlink_data_report) request.downlink_data_report.emplace();
    request.downlink_data_report->pdr_ids.push_back(data->pdr);
    pfcp::DownlinkDataServiceInformation service;
    service.paging_policy_indication = data->paging_policy_indication;
    service.qfi = data->qfi;
    if (service.qfi || service.paging_policy_indication)
      request.downlink_data_report->downlink_data_service_information.push_back(service);
  } else if (const auto* error = std::get_if<ErrorIndicationReport>(&report.content)) {
    request.report_type.erir = true;
    if (!request.error_indication_report) request.error_indication_report.emplace();
    pfcp::FTeid remote;
    remote.teid = error->remote.teid;
    remote.ipv4 = error->remote.address;
    request.error_indication_report->remote_f_teids.push_back(remote);
  } else if (std::holds_alternative<InactivityReport>(report.content)) {
    request.report_type.upir = true;
  }
}

}  // namespace kiriko::upf
