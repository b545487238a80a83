// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's description: options, ports, exits, metrics; its creation and its report.
#include "vnf/upf/upf.hpp"

#include <string>

namespace kiriko::upf {
namespace {

constexpr std::array upf_exits{
    DropReason::malformed,        DropReason::unknown_destination,
    DropReason::hop_limit,        DropReason::no_pdr,
    DropReason::gate_closed,      DropReason::session_ambr_exceeded,
    DropReason::mfbr_exceeded,    DropReason::far_drop,
    DropReason::far_buffer_full,  DropReason::unsupported_gtpu,
    DropReason::too_big,          DropReason::node_failed,
    DropReason::port_unconnected,
};

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
        },
    .ports = {{"n3", "GTP-U tunnels to gNBs"},
              {"n6", "plain IPv4 to and from the data network"},
              {"n9", "GTP-U tunnels to other UPFs"}},
    .exits = {upf::upf_exits.begin(), upf::upf_exits.end()},
    .metrics = {{"sessions", "1", "PDU sessions established"},
                {"session_bytes", "B", "memory of sessions and their tables"},
                {"uplink_packets", "packets",
                 "uplink packets that passed their QERs and were not dropped by the FAR"},
                {"uplink_bytes", "B", "their user IPv4 octets"},
                {"downlink_packets", "packets",
                 "downlink packets that passed their QERs and were not dropped by the FAR"},
                {"downlink_bytes", "B", "their user IPv4 octets"},
                {"local_switched", "packets",
                 "packets from UE to UE within this UPF (TS 23.501 clause 5.8.2.13)"},
                {"buffered", "packets", "packets ever buffered by a FAR"},
                {"held", "packets", "packets in FAR buffers now"},
                {"usage_reports", "1", "volume thresholds reached (TS 29.244 clause 5.2.2.2)"},
                {"echo_requests", "1", "GTP-U echo requests answered"},
                {"end_markers_sent", "1", "end markers sent on a path switch (TS 23.501 clause 5.8.2.9)"},
                {"end_markers_received", "1", "end markers that ended here"},
                {"error_indications_sent", "1",
                 "G-PDUs of unknown tunnels answered (TS 29.281 clause 7.3.1)"},
                {"error_indications_received", "1", "error indications from peers"},
                {"dropped_no_pdr", "packets", "no PDR matched"},
                {"dropped_gate_closed", "packets", "a QER's gate was closed"},
                {"dropped_session_ambr_exceeded", "packets", "the Session-AMBR was exceeded"},
                {"dropped_mfbr_exceeded", "packets", "a QoS flow's MFBR was exceeded"},
                {"dropped_far_drop", "packets", "the FAR's apply action was DROP"},
                {"dropped_far_buffer_full", "packets", "the FAR's buffer was full"},
                {"dropped_other", "packets", "all other reasons"}},
    .wakes = false,
    .create = &upf::Upf::create,
};

namespace kiriko::upf {

Upf::Upf(const FunctionSetup& setup, PortRoles roles)
    : name_(setup.name),
      address_(*setup.address),
      mac_(setup.mac),
      mbr_burst_(setup.options.get<Duration>("mbr_burst")),
      roles_(std::move(roles)),
      reader_(address_),
      encapsulation_(address_, mac_),
      buffers_(static_cast<std::size_t>(setup.options.get<std::int64_t>("buffer_packets"))),
      reserved_(std::make_shared<Reservations>()) {}

Result<std::unique_ptr<NetworkFunction>> Upf::create(const FunctionSetup& setup) {
  if (!setup.address || setup.address->is_zero())
    return fail({.message = "the UPF '" + setup.name + "' needs an address",
                 .hint = "it is its address on N3 and N9"});
  auto roles = PortRoles::create(setup);
  if (!roles) return fail(roles.error());
  return std::unique_ptr<NetworkFunction>(new Upf(setup, std::move(*roles)));
}

void Upf::report(Report& report) const {
  report.held += buffers_.held();
  const auto add = [&report](std::string name, std::uint64_t value) {
    report.metrics.emplace_back(std::move(name), static_cast<double>(value));
  };
  add("sessions", sessions_.size());
  add("session_bytes", sessions_.memory());
  add("uplink_packets", counters_.packets[0]);
  add("uplink_bytes", counters_.bytes[0]);
  add("downlink_packets", counters_.packets[1]);
  add("downlink_bytes", counters_.bytes[1]);
  add("local_switched", counters_.local_switched);
  add("buffered", counters_.buffered);
  add("held", buffers_.held());
  add("usage_reports", counters_.usage_reports);
  add("echo_requests", counters_.echo_requests);
  add("end_markers_sent", counters_.end_markers_sent);
  add("end_markers_received", counters_.end_markers_received);
  add("error_indications_sent", counters_.error_indications_sent);
  add("error_indications_received", counters_.error_indications_received);
  std::uint64_t other = 0;
  for (const auto count : counters_.dropped) other += count;
  for (const auto reason : {DropReason::no_pdr, DropReason::gate_closed, DropReason::session_ambr_exceeded,
                            DropReason::mfbr_exceeded, DropReason::far_drop, DropReason::far_buffer_full}) {
    const std::uint64_t count = counters_.dropped[static_cast<std::size_t>(reason)];
    add("dropped_" + std::string(kiriko::name_of(reason)), count);
    other -= count;
  }
  add("dropped_other", other);
}

}  // namespace kiriko::upf
