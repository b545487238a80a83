// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The descriptor of `gnb`.
#include "vnf/gnb/gnb.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vnf/gnb/base_station.hpp"

namespace kiriko {
namespace {

/// By the place of a slice; last for packets of none.
Result<std::vector<AccessBarring>> barring_of(const FunctionSetup& setup,
                                              const ConnectionParameters& connections) {
  std::vector<AccessBarring> barring(setup.slices.size() + 1, connections.barring);
  for (const auto& [name, own] : connections.slice_barring) {
    const auto slice =
        std::find_if(setup.slices.begin(), setup.slices.end(),
                     [&wanted = name](const SliceDescription& each) { return each.name == wanted; });
    if (slice == setup.slices.end()) {
      std::string names;
      for (const SliceDescription& each : setup.slices) names += (names.empty() ? "" : ", ") + each.name;
      return fail(
          {.message = "there is no slice '" + name + "'", .where = "slice_barring", .allowed = names});
    }
    barring[static_cast<std::size_t>(slice - setup.slices.begin())] = own;
  }
  return barring;
}

Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup) {
  auto cell = make_cell(setup.options);
  if (!cell) return fail(cell.error());
  if (!setup.address)
    return fail({.message = "a gnb needs an address for its N3 tunnels",
                 .where = setup.name,
                 .hint = "add address: to it"});
  if (cell->n3_port >= setup.ports.size())
    return fail({.message = "a gnb's N3 port must be linked",
                 .where = "n3_port",
                 .found = std::to_string(cell->n3_port),
                 .allowed = "one of its " + std::to_string(setup.ports.size()) + " ports, counted from 0"});
  if (setup.ports[cell->n3_port].radio)
    return fail({.message = "a gnb's N3 port is not a radio port",
                 .where = "n3_port",
                 .found = std::to_string(cell->n3_port)});
  auto barring = barring_of(setup, cell->connections);
  if (!barring) return fail(barring.error());
  return std::make_unique<BaseStation>(setup, *cell, std::move(*barring));
}

}  // namespace

const Descriptor gnb_descriptor{
    .name = "gnb",
    .purpose =
        "a 5G base station of one cell: slots, HARQ, slice-aware scheduling by RRMPolicyRatio, GTP-U on N3",
    .options = cell_options(),
    .ports = {{"n3", "towards the transport network; port 0 unless n3_port says otherwise"},
              {"radio", "one to each UE that may be served"}},
    .exits = {DropReason::malformed, DropReason::not_for_this_host, DropReason::unsupported_gtpu,
              DropReason::ue_unknown, DropReason::radio_detached, DropReason::radio_buffer_full,
              DropReason::harq_failed, DropReason::random_access_failed, DropReason::too_big},
    .metrics = {{"attached_ues", "UEs", "UEs attached now"},
                {"prbs_used_dl", "PRBs", "downlink resource blocks of 14 symbols used since the start"},
                {"prbs_used_ul", "PRBs", "uplink resource blocks of 14 symbols used since the start"},
                {"backlog_dl", "B", "octets buffered or under HARQ for the downlink"},
                {"backlog_ul", "B", "octets buffered or under HARQ for the uplink"},
                {"transport_blocks_dl", "blocks", "downlink transport blocks sent for the first time"},
                {"transport_blocks_ul", "blocks", "uplink transport blocks sent for the first time"},
                {"harq_retransmissions_dl", "blocks", "downlink HARQ retransmissions"},
                {"harq_retransmissions_ul", "blocks", "uplink HARQ retransmissions"},
                {"harq_failures_dl", "blocks", "downlink transport blocks that failed in all transmissions"},
                {"harq_failures_ul", "blocks", "uplink transport blocks that failed in all transmissions"},
                {"rlc_retransmissions_dl", "blocks", "of them in the downlink, given to HARQ anew by RLC AM"},
                {"rlc_retransmissions_ul", "blocks", "of them in the uplink, given to HARQ anew by RLC AM"},
                {"preempted_dl", "PRBs",
                 "downlink resource blocks of slots that mini-slots took from transmissions under way"},
                {"preempted_ul", "PRBs", "uplink resource blocks of slots that mini-slots took likewise"},
                {"access_requests", "procedures", "random access: procedures begun (with access: random)"},
                {"access_successes", "procedures", "random access: devices connected"},
                {"access_resumes", "procedures", "random access: of them from RRC_INACTIVE"},
                {"access_failures", "procedures", "random access: devices that gave up"},
                {"preambles_sent", "preambles", "random access: preambles sent, repetitions included"},
                {"preambles_collided", "preambles",
                 "random access: preambles that two devices or more chose at once"},
                {"access_delay_p50_ms", "ms",
                 "median time from an idle device's first packet to its first grant"},
                {"access_delay_p99_ms", "ms", "the same, 99 % of them"},
                {"waiting_for_access", "packets", "packets whose device is not connected yet"},
                {"forwarded_packets", "packets", "at handovers, to the cell that the UE went to"},
                {"echoes_answered", "messages", "GTP-U Echo Requests answered"},
                {"end_markers", "messages", "GTP-U End Markers received"},
                {"error_indications_sent", "messages", "GTP-U Error Indications sent for unknown tunnels"},
                {"error_indications_received", "messages", "GTP-U Error Indications received"}},
    .wakes = true,
    .create = create,
};

}  // namespace kiriko
