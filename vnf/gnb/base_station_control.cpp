// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The gNB's control side: its changes, and what it reports.
#include "vnf/gnb/base_station.hpp"

#include <algorithm>
#include <string>

namespace kiriko {

Result<Commit> BaseStation::prepare(const Change& change) {
  if (const auto* attach = std::get_if<AttachUe>(&change)) return prepare_attach(attach->context);
  if (const auto* detach = std::get_if<DetachUe>(&change)) return prepare_detach(*detach);
  if (const auto* shares = std::get_if<SetRadioShares>(&change)) return prepare_shares(shares->shares);
  if (const auto* radio = std::get_if<SetUeRadio>(&change)) return prepare_radio(*radio);
  return unsupported_change("gnb", change);
}

/// An attached UE's context is replaced and its buffers stay: a path switch, another UPF.
Result<Commit> BaseStation::prepare_attach(const UeContext& context) {
  const std::string where = setup_.name;
  if (context.port.value >= setup_.ports.size() || !setup_.ports[context.port.value].radio)
    return fail({.message = "the UE's port is not a radio port",
                 .where = where,
                 .found = std::to_string(context.port.value)});
  if (const PortView& port = setup_.ports[context.port.value];
      port.peer != no_node && port.peer != context.ue)
    return fail({.message = "the radio port leads to another UE",
                 .where = where,
                 .found = std::to_string(context.port.value)});
  if (context.downlink_teid == Teid{})
    return fail({.message = "TEID 0 is no tunnel", .where = where, .allowed = "1 to 4294967295"});
  if (const auto other = ues_.by_teid(context.downlink_teid); other && ues_[*other].context.ue != context.ue)
    return fail({.message = "the downlink TEID is another UE's",
                 .where = where,
                 .found = std::to_string(context.downlink_teid.value)});
  if (context.default_qfi > highest_qfi)
    return fail({.message = "not a QFI",
                 .where = where,
                 .found = std::to_string(context.default_qfi.value),
                 .allowed = "0 to 63"});
  for (const UeContext::QosFlow& flow : context.flows)
    if (flow.qfi > highest_qfi || (flow.slice != no_slice && flow.slice.value >= no_slice_place_))
      return fail(
          {.message = "not a QoS flow of this cell",
           .where = where,
           .found = "QFI " + std::to_string(flow.qfi.value) + ", slice " + std::to_string(flow.slice.value)});
  if (context.slice != no_slice && context.slice.value >= no_slice_place_)
    return fail({.message = "no such slice", .where = where, .found = std::to_string(context.slice.value)});
  if (auto checked = check_radio(context.radio); !checked) return fail(checked.error());
  return Commit{[this, context](ModelTime now, Exits& exits) {
    const auto known = ues_.by_node(context.ue);
    if (known && forwarding_.tunnel_of(*known) != nullptr) remove(*known, exits);  // it comes back
    if (const auto ue = ues_.by_node(context.ue)) {
      ues_.update(*ue, context);
      apply_qos(*ue);
    } else {
      const UeIndex added = ues_.add(context);
      apply_radio(added);
      apply_qos(added);
      connections_.attach(added, now);
      if (context.forwarding_teid != Teid{}) {
        forwarding_.arrive(added, context.forwarding_teid, now);
        exits.at(forwarding_.next_time());
      }
      downlink_.close(added, now + context.reached_after);
      uplink_.close(added, now + context.reached_after);
    }
  }};
}

Result<Commit> BaseStation::prepare_detach(const DetachUe& change) {
  if (!ues_.by_node(change.ue))
    return fail({.message = "the UE is not attached to this cell",
                 .where = setup_.name,
                 .found = std::to_string(change.ue.value)});
  return Commit{[this, change](ModelTime now, Exits& exits) {
    const auto ue = ues_.by_node(change.ue);
    if (!ue) return;
    if (change.downlink_teid != Teid{} && ues_[*ue].context.downlink_teid != change.downlink_teid) return;
    if (!change.forward) return remove(*ue, exits);
    std::vector<Packet*> packets;
    downlink_.take_back(*ue, packets);
    connections_.take_back(*ue, packets);
    for (Packet* packet : packets) forward(packet, *change.forward, now, exits);
    forwarding_.leave(*ue, *change.forward, now);
    exits.at(forwarding_.next_time());
  }};
}

void BaseStation::remove(UeIndex ue, Exits& exits) {
  downlink_.detach(ue, exits);
  uplink_.detach(ue, exits);
  connections_.detach(ue, exits);
  forwarding_.detach(ue, exits);
  ues_.remove(ue);
}

Result<Commit> BaseStation::prepare_shares(const std::vector<RrmPolicyRatio>& shares) {
  if (auto checked = check(shares); !checked) {
    checked.error().where = setup_.name + " " + checked.error().where;
    return fail(checked.error());
  }
  for (const RrmPolicyRatio& ratio : shares)
    if (ratio.slice.value >= no_slice_place_)
      return fail(
          {.message = "no such slice", .where = setup_.name, .found = std::to_string(ratio.slice.value)});
  return Commit{[this, shares](ModelTime, Exits&) {
    shares_ = shares;
    std::vector<std::uint8_t> priorities;
    for (const SliceDescription& slice : setup_.slices) priorities.push_back(slice.priority);
    downlink_.set_shares(shares_, priorities);
    uplink_.set_shares(shares_, priorities);
  }};
}

Result<void> BaseStation::check_radio(const UeRadio& radio) const {
  const auto rows = static_cast<std::int64_t>(mcs_table(cell_.mcs_table).size());
  for (const auto& mcs : {radio.mcs, radio.uplink_mcs})
    if (mcs && (*mcs < 0 || *mcs >= rows))
      return fail({.message = "no such MCS index in " + std::string(to_string(cell_.mcs_table)),
                   .where = setup_.name,
                   .found = std::to_string(*mcs),
                   .allowed = "0 to " + std::to_string(rows - 1)});
  for (const auto& bler : {radio.bler, radio.uplink_bler})
    if (bler && !(*bler >= 0.0 && *bler <= 1.0))
      return fail({.message = "not a block error rate",
                   .where = setup_.name,
                   .found = std::to_string(*bler),
                   .allowed = "0 to 1"});
  return {};
}

Result<Commit> BaseStation::prepare_radio(const SetUeRadio& change) {
  if (!ues_.by_node(change.ue))
    return fail({.message = "the UE is not attached to this cell",
                 .where = setup_.name,
                 .found = std::to_string(change.ue.value)});
  if (auto checked = check_radio(change.radio); !checked) return fail(checked.error());
  return Commit{[this, change](ModelTime, Exits&) {
    const auto ue = ues_.by_node(change.ue);
    if (!ue) return;
    ues_[*ue].radio.update(change.radio);
    apply_radio(*ue);
  }};
}

void BaseStation::apply_radio(UeIndex ue) {
  const UeRadio& radio = ues_[ue].radio;
  const std::int64_t mcs = radio.mcs.value_or(cell_.mcs), uplink_mcs = radio.uplink_mcs.value_or(mcs);
  const double bler = radio.bler.value_or(cell_.bler);
  const auto efficiency = [&](std::int64_t index) {
    return mcs_table(cell_.mcs_table)[static_cast<std::size_t>(index)].spectral_efficiency;
  };
  downlink_.set_radio(ue, bits_x1024_per_block_symbol(efficiency(mcs), cell_.downlink), bler);
  uplink_.set_radio(ue, bits_x1024_per_block_symbol(efficiency(uplink_mcs), cell_.uplink),
                    radio.uplink_bler.value_or(bler));
}

void BaseStation::apply_qos(UeIndex ue) {
  const UeContext& context = ues_[ue].context;
  const BearerProfile rest = bearer_profile(context.default_five_qi);
  std::vector<BearerProfile> downlink, uplink;
  for (const UeContext::QosFlow& flow : context.flows) {
    BearerProfile profile = bearer_profile(flow.five_qi);
    profile.slice = std::min<std::uint32_t>(flow.slice.value, no_slice_place_);
    profile.qfi = flow.qfi.value;
    profile.guaranteed = flow.guaranteed_bit_rate.downlink;
    downlink.push_back(profile);
    profile.guaranteed = flow.guaranteed_bit_rate.uplink;
    uplink.push_back(profile);
  }
  downlink_.set_bearers(ue, rest, downlink);
  uplink_.set_bearers(ue, rest, uplink);
}

std::optional<CellUse> BaseStation::cell_use() const {
  return CellUse{.blocks_dl = downlink_.used_blocks(),
                 .blocks_ul = uplink_.used_blocks(),
                 .blocks_per_second_dl = cell_.resource_blocks_per_second(cell_.downlink),
                 .blocks_per_second_ul = cell_.resource_blocks_per_second(cell_.uplink)};
}

void BaseStation::report(Report& report) const {
  report.held += downlink_.held() + uplink_.held() + connections_.held() + forwarding_.held();
  report.cell = view();
  double blocks_dl = 0, blocks_ul = 0, backlog_dl = 0, backlog_ul = 0;
  for (const RadioSliceLoad& load : report.cell->slices) {
    blocks_dl += load.prb_share_dl;
    blocks_ul += load.prb_share_ul;
    backlog_dl += static_cast<double>(load.backlog_dl.count);
    backlog_ul += static_cast<double>(load.backlog_ul.count);
  }
  const auto add = [&](const char* name, auto value) {
    report.metrics.emplace_back(name, static_cast<double>(value));
  };
  add("attached_ues", ues_.attached());
  add("prbs_used_dl", blocks_dl);
  add("prbs_used_ul", blocks_ul);
  add("backlog_dl", backlog_dl);
  add("backlog_ul", backlog_ul);
  const CellLink::Blocks dl = downlink_.blocks(), ul = uplink_.blocks();
  add("transport_blocks_dl", dl.sent);
  add("transport_blocks_ul", ul.sent);
  add("harq_retransmissions_dl", dl.retransmissions);
  add("harq_retransmissions_ul", ul.retransmissions);
  add("harq_failures_dl", dl.harq_failures);
  add("harq_failures_ul", ul.harq_failures);
  add("rlc_retransmissions_dl", dl.rlc_retransmissions);
  add("rlc_retransmissions_ul", ul.rlc_retransmissions);
  add("preempted_dl", dl.preempted);
  add("preempted_ul", ul.preempted);
  const RandomAccess::Counts& access = connections_.counts();
  add("access_requests", access.requests);
  add("access_successes", access.successes);
  add("access_resumes", connections_.resumed());
  add("access_failures", access.failures);
  add("preambles_sent", access.preambles_sent);
  add("preambles_collided", access.preambles_collided);
  add("access_delay_p50_ms", static_cast<double>(connections_.delay().quantile(0.5)) * 1e-6);
  add("access_delay_p99_ms", static_cast<double>(connections_.delay().quantile(0.99)) * 1e-6);
  add("waiting_for_access", connections_.held());
  add("forwarded_packets", forwarded_);
  add("echoes_answered", echoes_answered_);
  add("end_markers", end_markers_);
  add("error_indications_sent", error_indications_sent_);
  add("error_indications_received", error_indications_received_);
}

/// Counts since the start: `prb_share_*` hold resource blocks (of 14 symbols) used and `efficiency_*` bits sent,
/// for the reader to difference and divide. `delay_max` is since the last call.
CellView BaseStation::view() const {
  CellView cell{.node = setup_.node,
                .prbs_per_second_dl = cell_.resource_blocks_per_second(cell_.downlink),
                .prbs_per_second_ul = cell_.resource_blocks_per_second(cell_.uplink),
                .shares = shares_};
  for (std::uint32_t slice = 0; slice <= no_slice_place_; ++slice) {
    const RadioSliceCount dl = downlink_.read(slice), ul = uplink_.read(slice);
    if (slice == no_slice_place_ && dl.offered + ul.offered == 0) continue;
    RadioSliceLoad load;
    if (slice < no_slice_place_) load.slice = setup_.slices[slice].id;
    load.offered_dl = Bytes{static_cast<std::int64_t>(dl.offered)};
    load.offered_ul = Bytes{static_cast<std::int64_t>(ul.offered)};
    load.backlog_dl = Bytes{static_cast<std::int64_t>(downlink_.backlog(slice))};
    load.backlog_ul = Bytes{static_cast<std::int64_t>(uplink_.backlog(slice))};
    load.prb_share_dl = static_cast<double>(dl.block_symbols) / symbols_per_slot;
    load.prb_share_ul = static_cast<double>(ul.block_symbols) / symbols_per_slot;
    load.efficiency_dl = static_cast<double>(dl.bits);
    load.efficiency_ul = static_cast<double>(ul.bits);
    load.delay_max = std::max(dl.delay_max, ul.delay_max);
    load.dropped = dl.dropped + ul.dropped;
    cell.slices.push_back(load);
  }
  return cell;
}

}  // namespace kiriko
