// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's description: options, ports, exits, metrics; its creation and its report.
#include "vnf/upf/upf.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "vnf/upf/n4/n4_server.hpp"

namespace kiriko::upf {
namespace {

constexpr std::array upf_exits{
    DropReason::malformed,        DropReason::unknown_destination,
    DropReason::hop_limit,        DropReason::no_pdr,
    DropReason::gate_closed,      DropReason::session_ambr_exceeded,
    DropReason::mfbr_exceeded,    DropReason::far_drop,
    DropReason::far_buffer_full,  DropReason::unsupported_gtpu,
    DropReason::too_big,          DropReason::node_failed,
    DropReason::port_unconnected, DropReason::quota_exhausted,
};

/// RFC 8200 section 5.
constexpr std::int64_t least_mtu = 1280;
constexpr std::size_t most_instances = 255;

}  // namespace
}  // namespace kiriko::upf

const kiriko::Descriptor kiriko::upf_descriptor{
    .name = "upf",
    .purpose = "User plane function: N3, N6 and N9, PDR, QER, URR and FAR (TS 23.501 clause 5.8)",
    .options =
        {
            {.key = "n3_ports",
             .type = OptionType::integer,
             .sentence = "Ports towards gNBs; by default those with a gNB as neighbour, else port 0",
             .minimum = "0",
             .maximum = "65535",
             .repeated = true},
            {.key = "n6_ports",
             .type = OptionType::integer,
             .sentence = "Ports towards the data network; by default those with a host as neighbour, else "
                         "those after the first",
             .minimum = "0",
             .maximum = "65535",
             .repeated = true},
            {.key = "n9_ports",
             .type = OptionType::integer,
             .sentence =
                 "Ports towards other UPFs; by default those with a UPF as neighbour, else the N3 ports",
             .minimum = "0",
             .maximum = "65535",
             .repeated = true},
            {.key = "mbr_burst",
             .type = OptionType::duration,
             .default_value = "100ms",
             .sentence = "Depth of a QER's token bucket, as time at its MBR; never below 2000 octets",
             .minimum = "0",
             .maximum = "10s",
             .unverified = true},
            {.key = "buffer_packets",
             .type = OptionType::integer,
             .default_value = "64",
             .sentence = "Packets that one FAR keeps while its apply action is BUFF (TS 29.244 clause 5.2.4)",
             .minimum = "0",
             .maximum = "65536",
             .unverified = true},
            {.key = "network_instances",
             .type = OptionType::text,
             .sentence =
                 "Network instances (DNNs) with an N6 port of their own, as name=port; others use any",
             .repeated = true},
            {.key = "n3_mtu",
             .type = OptionType::integer,
             .default_value = "0",
             .sentence = "Largest IP packet on N3 and N9, outer header included; 0 for any",
             .minimum = "0",
             .maximum = "65535"},
            {.key = "n6_mtu",
             .type = OptionType::integer,
             .default_value = "0",
             .sentence = "Largest IP packet on N6; 0 for any",
             .minimum = "0",
             .maximum = "65535"},
            {.key = "end_markers",
             .type = OptionType::choice,
             .default_value = "always",
             .sentence =
                 "End markers when a downlink tunnel changes: always, or when the update asks (SNDEM)",
             .choices = {"always", "asked"}},
            {.key = "echo_interval",
             .type = OptionType::duration,
             .default_value = "0",
             .sentence =
                 "Between echo requests to each GTP-U peer in use (TS 29.281 clause 7.2.1); 0 for none",
             .minimum = "0",
             .maximum = "1h"},
            {.key = "echo_timeout",
             .type = OptionType::duration,
             .default_value = "3s",
             .sentence = "T3-RESPONSE: an echo request without response is repeated after so long",
             .minimum = "1ms",
             .maximum = "1min",
             .unverified = true},
            {.key = "echo_attempts",
             .type = OptionType::integer,
             .default_value = "3",
             .sentence = "N3-REQUESTS: after so many requests without response the path has failed",
             .minimum = "1",
             .maximum = "100",
             .unverified = true},
            {.key = "report_queue",
             .type = OptionType::integer,
             .default_value = "4096",
             .sentence = "Reports to the SMF that can wait to be taken; beyond it they are lost",
             .minimum = "1",
             .maximum = "1048576",
             .unverified = true},
            {.key = "traffic_idle",
             .type = OptionType::duration,
             .default_value = "60s",
             .sentence = "Without a packet for so long traffic has stopped, where its URR names no time",
             .minimum = "1ms",
             .maximum = "1h",
             .unverified = true},
            {.key = "mac_addresses",
             .type = OptionType::integer,
             .default_value = "4096",
             .sentence = "MAC addresses learned behind Ethernet PDU sessions",
             .minimum = "1",
             .maximum = "1048576",
             .unverified = true},
            {.key = "mac_age",
             .type = OptionType::duration,
             .default_value = "300s",
             .sentence = "A learned MAC address is forgotten after so long without a frame from it",
             .minimum = "1s",
             .maximum = "24h",
             .unverified = true},
            {.key = "n4",
             .type = OptionType::boolean,
             .default_value = "false",
             .sentence =
                 "Takes its rules by PFCP from an SMF (TS 29.244) instead of by the controller's changes"},
            {.key = "n4_address",
             .type = OptionType::text,
             .sentence = "IPv4 address of N4: node ID and F-SEID; absent: that of N3"},
            {.key = "n4_smfs",
             .type = OptionType::text,
             .sentence = "IPv4 addresses of SMFs with which it sets up associations itself",
             .repeated = true},
            {.key = "n4_most_sessions",
             .type = OptionType::integer,
             .default_value = "1048576",
             .sentence = "PFCP sessions that it takes; more are refused with cause 75",
             .minimum = "1",
             .maximum = "16777216"},
            {.key = "applications",
             .type = OptionType::text,
             .sentence = "Applications that PDRs may name, as name=flow description; a name may have several",
             .repeated = true},
            {.key = "predefined_rules",
             .type = OptionType::text,
             .sentence =
                 "Filters of predefined rules that PDRs may activate, as name=flow description; a name may "
                 "have several",
             .repeated = true},
            {.key = "ue_pools",
             .type = OptionType::text,
             .sentence = "UE addresses that it may allocate, as network instance=prefix, IPv4 or IPv6",
             .repeated = true},
            {.key = "n4_heartbeat",
             .type = OptionType::duration,
             .default_value = "60s",
             .sentence = "Between heartbeats to an SMF",
             .minimum = "1ms",
             .maximum = "1h"},
            {.key = "n4_t1",
             .type = OptionType::duration,
             .default_value = "3s",
             .sentence = "How long N4 waits for a response before it sends a request again (T1)",
             .minimum = "1ms",
             .maximum = "1min"},
            {.key = "n4_n1",
             .type = OptionType::integer,
             .default_value = "3",
             .sentence = "How often N4 sends a request in all (N1)",
             .minimum = "1",
             .maximum = "20"},
            {.key = "n4_epoch",
             .type = OptionType::integer,
             .default_value = "1767225600",
             .sentence = "Unix time at the start, for times in PFCP; by default 2026-01-01",
             .minimum = "0",
             .maximum = "4000000000"},
        },
    .ports = {{"n3", "GTP-U tunnels to gNBs"},
              {"n6", "plain IPv4, IPv6 or Ethernet to and from the data network"},
              {"n9", "GTP-U tunnels to other UPFs"}},
    .exits = {upf::upf_exits.begin(), upf::upf_exits.end()},
    .metrics = {{"sessions", "1", "PDU sessions established"},
                {"session_bytes", "B", "memory of sessions and their tables"},
                {"uplink_packets", "packets",
                 "uplink packets that passed their QERs and were not dropped by the FAR"},
                {"uplink_bytes", "B", "their users' octets"},
                {"downlink_packets", "packets",
                 "downlink packets that passed their QERs and were not dropped by the FAR"},
                {"downlink_bytes", "B", "their users' octets"},
                {"local_switched", "packets",
                 "packets from UE to UE within this UPF (TS 23.501 clause 5.8.2.13)"},
                {"buffered", "packets", "packets ever buffered by a FAR"},
                {"held", "packets", "packets in FAR buffers now"},
                {"reports", "1", "reports made for the SMF (TS 29.244 clause 7.5.8)"},
                {"reports_lost", "1", "reports that found no room in the queue"},
                {"duplicated", "packets", "copies made by FARs"},
                {"fragments", "packets", "fragments sent of packets too large for the next link"},
                {"too_big_answers", "packets", "ICMP errors sent about packets too large"},
                {"mac_addresses", "1", "MAC addresses known behind Ethernet PDU sessions"},
                {"echo_requests", "1", "GTP-U echo requests answered"},
                {"echo_requests_sent", "1", "GTP-U echo requests sent to peers in use"},
                {"end_markers_sent", "1", "end markers sent on a path switch (TS 23.501 clause 5.8.2.9)"},
                {"end_markers_received", "1", "end markers that ended here"},
                {"error_indications_sent", "1",
                 "G-PDUs of unknown tunnels answered (TS 29.281 clause 7.3.1)"},
                {"error_indications_received", "1", "error indications from peers"},
                {"extension_notices_sent", "1",
                 "supported extension headers notifications (TS 29.281 clause 7.2.3)"},
                {"dropped_no_pdr", "packets", "no PDR matched"},
                {"dropped_gate_closed", "packets", "a QER's gate was closed"},
                {"dropped_session_ambr_exceeded", "packets", "the Session-AMBR was exceeded"},
                {"dropped_mfbr_exceeded", "packets", "a QoS flow's MFBR was exceeded"},
                {"dropped_far_drop", "packets", "the FAR's apply action was DROP"},
                {"dropped_far_buffer_full", "packets", "the FAR's buffer was full"},
                {"dropped_quota_exhausted", "packets", "a URR's quota was used up"},
                {"dropped_other", "packets", "all other reasons"},
                {"n4_associations", "1", "SMFs with an association"},
                {"n4_sessions", "1", "PFCP sessions"},
                {"n4_requests", "1", "requests of SMFs, heartbeats left out"},
                {"n4_establishments", "1", "session establishment requests"},
                {"n4_modifications", "1", "session modification requests"},
                {"n4_deletions", "1", "session deletion requests"},
                {"n4_refusals", "1", "requests refused"},
                {"n4_refused_no_session", "1", "by cause 65"},
                {"n4_refused_ie_missing", "1", "by cause 67, a conditional IE"},
                {"n4_refused_ie_incorrect", "1", "by cause 69"},
                {"n4_refused_rule_failure", "1", "by cause 73"},
                {"n4_refused_no_resources", "1", "by cause 75"},
                {"n4_refused_no_address", "1", "by cause 79"},
                {"n4_unusable", "1", "datagrams and requests that were no use before they were looked into"},
                {"n4_repeated", "1", "requests that came again and were answered as before"},
                {"n4_reports", "1", "session report requests sent"},
                {"n4_reports_unanswered", "1", "session reports that no SMF answered"},
                {"n4_reports_refused", "1", "session reports that an SMF refused"},
                {"n4_sessions_dropped", "1", "sessions that ended with their association"}},
    .wakes = false,
    .tells = "n4",
    .create = &upf::Upf::create,
};

namespace kiriko::upf {

Upf::Upf(const FunctionSetup& setup, PortRoles roles, std::map<std::string, std::uint8_t> instances,
         std::vector<PortId> instance_ports)
    : name_(setup.name),
      address_(*setup.address),
      mac_(setup.mac),
      mbr_burst_(setup.options.get<Duration>("mbr_burst")),
      buffer_packets_(static_cast<std::size_t>(setup.options.get<std::int64_t>("buffer_packets"))),
      always_end_marker_(setup.options.get<std::string>("end_markers") == "always"),
      n3_mtu_(static_cast<std::uint16_t>(setup.options.get<std::int64_t>("n3_mtu"))),
      n6_mtu_(static_cast<std::uint16_t>(setup.options.get<std::int64_t>("n6_mtu"))),
      largest_uplink_(n6_mtu_ == 0 ? std::uint16_t{0xffff} : n6_mtu_),
      largest_downlink_(
          static_cast<std::uint16_t>(n3_mtu_ == 0 ? Encapsulation::largest_payload
                                                  : n3_mtu_ - (Encapsulation::size - ethernet_header_size))),
      roles_(std::move(roles)),
      instances_(std::move(instances)),
      instance_ports_(std::move(instance_ports)),
      instance_of_port_(instance_ports_.empty() ? 0 : setup.ports.size()),
      reader_(address_),
      encapsulation_(address_, mac_),
      ethernet_(static_cast<std::uint32_t>(setup.options.get<std::int64_t>("mac_addresses")),
                setup.options.get<Duration>("mac_age")),
      reports_(static_cast<std::size_t>(setup.options.get<std::int64_t>("report_queue"))),
      meter_(reports_, setup.options.get<Duration>("traffic_idle")),
      paths_({.interval = setup.options.get<Duration>("echo_interval"),
              .timeout = setup.options.get<Duration>("echo_timeout"),
              .attempts = static_cast<unsigned>(setup.options.get<std::int64_t>("echo_attempts"))}),
      path_timer_(timers_.take(path_owner)),
      reserved_(std::make_shared<Reservations>()) {
  for (std::size_t i = 0; i < instance_ports_.size(); ++i)
    instance_of_port_[instance_ports_[i].value] = static_cast<std::uint8_t>(i + 1);
}

Result<std::unique_ptr<NetworkFunction>> Upf::create(const FunctionSetup& setup) {
  if (!setup.address || setup.address->is_zero())
    return fail({.message = "the UPF '" + setup.name + "' needs an address",
                 .hint = "it is its address on N3 and N9"});
  for (const char* key : {"n3_mtu", "n6_mtu"})
    if (const auto mtu = setup.options.get<std::int64_t>(key); mtu != 0 && mtu < least_mtu)
      return fail({.message = "the UPF '" + setup.name + "' has an MTU that IPv6 forbids",
                   .where = key,
                   .found = std::to_string(mtu),
                   .allowed = "0, or " + std::to_string(least_mtu) + " to 65535"});
  auto roles = PortRoles::create(setup);
  if (!roles) return fail(roles.error());
  std::map<std::string, std::uint8_t> instances;
  std::vector<PortId> ports;
  for (const std::string& text : setup.options.list<std::string>("network_instances")) {
    const std::size_t equals = text.rfind('=');
    unsigned port = 0;
    const char* end = text.data() + text.size();
    if (equals == std::string::npos || equals == 0 ||
        std::from_chars(text.data() + equals + 1, end, port).ptr != end || equals + 1 == text.size() ||
        port >= setup.ports.size() || !roles->is(PortRole::n6, PortId{static_cast<std::uint16_t>(port)}) ||
        ports.size() == most_instances)
      return fail({.message = "the UPF '" + setup.name + "' cannot serve this network instance",
                   .where = "network_instances",
                   .found = text,
                   .allowed = "name=port, where port is an index of an N6 port; at most 255"});
    const PortId id{static_cast<std::uint16_t>(port)};
    // Names may share a port; a port's packets then belong to all of them.
    auto known = std::find(ports.begin(), ports.end(), id);
    if (known == ports.end()) known = ports.insert(ports.end(), id);
    instances[text.substr(0, equals)] = static_cast<std::uint8_t>(known - ports.begin() + 1);
  }
  std::unique_ptr<Upf> upf(new Upf(setup, std::move(*roles), std::move(instances), std::move(ports)));
  if (setup.options.get<bool>("n4")) {
    auto n4 = make_n4(setup);
    if (!n4) return fail(n4.error());
    upf->n4_ = std::move(*n4);
    upf->n4_->collect_reports_by([queue = &upf->reports_] { return queue->take(); });
  }
  return upf;
}

Upf::~Upf() = default;

void Upf::report(Report& report) const {
  report.held += buffers_.held();
  const auto add = [&report](std::string name, std::uint64_t value) {
    report.metrics.emplace_back(std::move(name), static_cast<double>(value));
  };
  add("sessions", sessions_.size());
  add("session_bytes", sessions_.memory() + indexes_.memory());
  add("uplink_packets", counters_.packets[0]);
  add("uplink_bytes", counters_.bytes[0]);
  add("downlink_packets", counters_.packets[1]);
  add("downlink_bytes", counters_.bytes[1]);
  add("local_switched", counters_.local_switched);
  add("buffered", counters_.buffered);
  add("held", buffers_.held());
  add("reports", reports_.made());
  add("reports_lost", reports_.lost());
  add("duplicated", counters_.duplicated);
  add("fragments", counters_.fragmented);
  add("too_big_answers", counters_.too_big_answers);
  add("mac_addresses", ethernet_.size());
  add("echo_requests", counters_.echo_requests);
  add("echo_requests_sent", counters_.echo_requests_sent);
  add("end_markers_sent", counters_.end_markers_sent);
  add("end_markers_received", counters_.end_markers_received);
  add("error_indications_sent", counters_.error_indications_sent);
  add("error_indications_received", counters_.error_indications_received);
  add("extension_notices_sent", counters_.extension_notices_sent);
  std::uint64_t other = 0;
  for (const auto count : counters_.dropped) other += count;
  for (const auto reason : {DropReason::no_pdr, DropReason::gate_closed, DropReason::session_ambr_exceeded,
                            DropReason::mfbr_exceeded, DropReason::far_drop, DropReason::far_buffer_full,
                            DropReason::quota_exhausted}) {
    const std::uint64_t count = counters_.dropped[static_cast<std::size_t>(reason)];
    add("dropped_" + std::string(kiriko::name_of(reason)), count);
    other -= count;
  }
  add("dropped_other", other);
  report_n4(report);
}

}  // namespace kiriko::upf
