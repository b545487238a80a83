// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One slot of one direction: demands, the slices' grants, the bearers' turns, transport blocks.
#include "vnf/gnb/radio_link.hpp"

#include <algorithm>
#include <utility>

namespace kiriko {
namespace {

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept { return (a + b - 1) / b; }

}  // namespace

RadioLink::RadioLink(const Cell& cell, const CellDirection& direction, std::uint32_t slices,
                     RandomStream random)
    : cell_(cell), direction_(direction), slices_(slices), random_(random), turns_(cell), counts_(slices) {
  double factor = 1.0;
  for (int i = 0; i < cell.harq_transmissions; ++i, factor *= cell.retransmission_bler_factor)
    bler_factor_.push_back(factor);
  set_shares({}, {});
}

void RadioLink::set_shares(std::span<const RrmPolicyRatio> shares, std::span<const std::uint8_t> priorities) {
  const SlicePart rest = slice_part(RrmPolicyRatio{}, cell_.resource_blocks, 255);
  std::vector<SlicePart> parts;
  group_of_slice_.assign(slices_, static_cast<std::uint16_t>(shares.size()));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::uint16_t slice = shares[i].slice.value;
    group_of_slice_[slice] = static_cast<std::uint16_t>(i);
    parts.push_back(slice_part(shares[i], cell_.resource_blocks, priorities[slice]));
  }
  parts.push_back(rest);
  scheduler_ = PrbScheduler{cell_.resource_blocks, cell_.remainder_order, parts};
  demand_.assign(parts.size(), 0);
  grant_.assign(parts.size(), 0);
  groups_.assign(parts.size(), Group{});
  for (std::uint32_t i = 0; i < bearers_.size(); ++i) {
    if (bearers_[i].active) groups_[group_of_slice_[bearers_[i].profile.slice]].active.push_back(i);
  }
}

void RadioLink::set_radio(UeIndex ue, std::int64_t bits_x1024, double bler) {
  if (ue.value >= radios_.size()) radios_.resize(ue.value + std::size_t{1});
  radios_[ue.value].bits_x1024 = bits_x1024;
  radios_[ue.value].bler = bler;
}

void RadioLink::set_bearers(UeIndex ue, const BearerProfile& rest, std::vector<BearerProfile> flows) {
  if (ue.value >= radios_.size()) radios_.resize(ue.value + std::size_t{1});
  Radio& radio = radios_[ue.value];
  radio.rest = rest;
  radio.flows = std::move(flows);
  for (const std::uint32_t index : radio.bearers) {
    BearerProfile& own = bearers_[index].profile;
    BearerProfile updated = rest;
    for (const BearerProfile& flow : radio.flows)
      if (flow.slice == own.slice && flow.qfi == own.qfi) updated = flow;
    updated.slice = own.slice;
    updated.qfi = own.qfi;
    own = updated;
  }
}

BearerProfile RadioLink::profile_of(UeIndex ue, std::uint32_t slice, std::uint8_t qfi) const noexcept {
  const Radio& radio = radios_[ue.value];
  for (const BearerProfile& flow : radio.flows)
    if (flow.slice == slice && flow.qfi == qfi) return flow;
  BearerProfile rest = radio.rest;
  rest.slice = slice;
  return rest;
}

std::uint32_t RadioLink::bearer_of(UeIndex ue, std::uint32_t slice, std::uint8_t qfi) {
  Radio& radio = radios_[ue.value];
  const BearerProfile wanted = profile_of(ue, slice, qfi);
  for (const std::uint32_t index : radio.bearers)
    if (bearers_[index].profile.slice == slice && bearers_[index].profile.qfi == wanted.qfi) return index;
  const auto index = static_cast<std::uint32_t>(bearers_.size());
  Bearer& bearer = bearers_.emplace_back();
  bearer.ue = ue;
  bearer.profile = wanted;
  radio.bearers.push_back(index);
  return index;
}

bool RadioLink::push(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets) {
  const std::uint32_t index = bearer_of(ue, slice, metadata_of(packet).qfi);
  Bearer& bearer = bearers_[index];
  const std::uint64_t cost = octets + cell_.layer2_overhead;
  counts_[slice].offered += cost;
  if (bearer.buffered_octets() + cost > cell_.buffer) {
    ++counts_[slice].dropped;
    return false;
  }
  std::int64_t asked = cell_.occasion_from(metadata_of(packet).time + direction_.sender_processing);
  // What comes while something is unsent is told in a buffer status report; the first needs a request of its own (TS 38.321 clause 5.4.4).
  if (direction_.request_period > 1 && bearer.arrived == bearer.sent)
    asked = ceil_div(asked, direction_.request_period) * direction_.request_period;
  const std::int64_t slot =
      std::max({asked + direction_.delay_slots, last_slot_ + 1, radios_[ue.value].first_slot});
  bearer.arrived += cost;
  bearer.buffer.push(
      {.packet = packet, .end = bearer.arrived, .ready_slot = slot, .arrived = metadata_of(packet).time});
  ++held_;
  if (!bearer.active) activate(index);
  next_slot_ = std::min(next_slot_, direction_.grid.next_usable(slot));
  return true;
}

void RadioLink::activate(std::uint32_t index) {
  // It may come in the middle of a slot, which has nothing of it.
  bearers_[index].retransmission_grant = bearers_[index].new_grant = 0;
  bearers_[index].served_bits = 0;
  bearers_[index].active = true;
  groups_[group_of_slice_[bearers_[index].profile.slice]].active.push_back(index);
}

void RadioLink::close(UeIndex ue, ModelTime until) noexcept {
  radios_[ue.value].first_slot = cell_.occasion_from(until);
}

bool RadioLink::is_empty(UeIndex ue) const noexcept {
  const std::vector<std::uint32_t>& indexes = radios_[ue.value].bearers;
  return std::all_of(indexes.begin(), indexes.end(),
                     [this](std::uint32_t index) { return bearers_[index].buffer.empty(); });
}

void RadioLink::take_back(UeIndex ue, std::vector<Packet*>& packets) {
  std::vector<BufferedPacket> taken;
  for (const std::uint32_t index : radios_[ue.value].bearers) {
    Bearer& bearer = bearers_[index];
    while (!bearer.buffer.empty()) {
      const BufferedPacket packet = bearer.pop();
      // What HARQ gave up is lost to RLC's receiver, not to PDCP's sender.
      taken.push_back(packet);
      --held_;
    }
    bearer.clear();
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const BufferedPacket& a, const BufferedPacket& b) { return a.arrived < b.arrived; });
  for (const BufferedPacket& packet : taken) packets.push_back(packet.packet);
}

void RadioLink::detach(UeIndex ue, Exits& exits) noexcept {
  if (ue.value >= radios_.size()) return;
  for (const std::uint32_t index : radios_[ue.value].bearers) {
    Bearer& bearer = bearers_[index];
    while (!bearer.buffer.empty()) {
      exits.drop(bearer.pop().packet, DropReason::radio_detached);
      --held_;
    }
    bearer.clear();
  }
}

std::uint64_t RadioLink::backlog(std::uint32_t slice) const noexcept {
  std::uint64_t octets = 0;
  for (const Bearer& bearer : bearers_)
    if (bearer.profile.slice == slice) octets += bearer.buffered_octets();
  return octets;
}

void RadioLink::begin_slot(std::int64_t slot, std::uint32_t blocks) {
  last_slot_ = slot;
  next_slot_ = no_slot;
  granted_ = 0;
  symbols_ = static_cast<std::uint32_t>(direction_.grid.symbols(slot));
  for (Group& group : groups_) group.turn = 0;
  if (symbols_ == 0) return;
  for (std::size_t g = 0; g < groups_.size(); ++g) demand_[g] = plan(groups_[g], slot, symbols_);
  scheduler_.allocate(demand_, grant_);
  trim_grants(blocks);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (demand_[g] == 0) continue;
    Group& group = groups_[g];
    group.turn = turns_.grant(group.active, bearers_, grant_[g], slot, [this](const Bearer& bearer) {
      return radios_[bearer.ue.value].bits_x1024 * symbols_;
    });
    for (const std::uint32_t index : group.active)
      granted_ += bearers_[index].retransmission_grant + bearers_[index].new_grant;
  }
}

/// The last groups lose first what is more than there is.
void RadioLink::trim_grants(std::uint32_t blocks) noexcept {
  std::uint32_t sum = 0;
  for (std::uint32_t& grant : grant_) {
    grant = std::min(grant, blocks - sum);
    sum += grant;
  }
}

void RadioLink::end_slot(std::uint64_t preempted, Exits& exits, std::vector<Delivered>& delivered) {
  // What was lost is spread over all that was sent, without a remainder.
  const std::uint64_t all = std::uint64_t{granted_} * symbols_;
  std::uint64_t sent = 0, spread = 0;
  const auto part = [&](std::uint32_t grant) {
    sent += std::uint64_t{grant} * symbols_;
    const std::uint64_t upto = all == 0 ? 0 : std::min(preempted, all) * sent / all;
    return upto - std::exchange(spread, upto);
  };
  std::int64_t next = no_slot;
  for (Group& group : groups_) {
    if (group.active.empty()) continue;
    for (const std::uint32_t index : group.active) {
      Bearer& bearer = bearers_[index];
      if (granted_ == 0 || (bearer.retransmission_grant == 0 && bearer.new_grant == 0)) continue;
      const Radio& radio = radios_[bearer.ue.value];
      if (bearer.retransmission_grant > 0) retransmit(bearer, radio.bler, part(bearer.retransmission_grant));
      if (bearer.new_grant > 0) transmit(bearer, radio, part(bearer.new_grant));
      release(bearer, last_slot_, exits, delivered);
    }
    if (granted_ > 0) turns_.count(group.active, bearers_);
    group.next_active.clear();
    for (std::size_t i = 0; i < group.active.size(); ++i) {
      const std::size_t at = (group.turn + i) % group.active.size();
      Bearer& bearer = bearers_[group.active[at]];
      bearer.retransmission_grant = bearer.new_grant = 0;
      bearer.active = bearer.has_work();
      if (!bearer.active) continue;
      group.next_active.push_back(group.active[at]);
      next = std::min(next, bearer.next_slot(last_slot_ + 1, no_slot));
    }
    group.active.swap(group.next_active);
  }
  granted_ = 0;
  next_slot_ = next == no_slot ? no_slot : direction_.grid.next_usable(next);
}

/// What each bearer wants of this slot; the sum.
std::uint32_t RadioLink::plan(Group& group, std::int64_t slot, std::uint32_t symbols) noexcept {
  std::uint32_t sum = 0;
  for (const std::uint32_t index : group.active) {
    Bearer& bearer = bearers_[index];
    bearer.advance_eligibility(slot);
    bearer.retransmission_demand = bearer.harq.empty() ? 0 : bearer.retransmission_blocks(slot, symbols);
    bearer.new_demand = 0;
    bearer.served_bits = 0;
    if (bearer.unsent() > 0 &&
        (bearer.harq.size() < cell_.harq_processes || bearer.processes_in_use() < cell_.harq_processes)) {
      const auto per_block = static_cast<std::uint64_t>(radios_[bearer.ue.value].bits_x1024) * symbols;
      const std::uint64_t blocks = (bearer.unsent() * 8192 + per_block - 1) / per_block;
      bearer.new_demand = static_cast<std::uint32_t>(std::min<std::uint64_t>(blocks, cell_.resource_blocks));
    }
    sum += bearer.retransmission_demand + bearer.new_demand;
  }
  return sum;
}

bool RadioLink::fails(double bler, std::uint32_t transmission) noexcept {
  return random_.chance(bler * bler_factor_[transmission - 1]);
}

/// AM: after t-PollRetransmit at the latest the sender knows, and sends the octets anew (TS 38.322 clauses 5.3.2 and 5.3.3).
bool RadioLink::back_to_rlc(TransportBlock& block, std::int64_t slot) noexcept {
  ++harq_failures_;
  if (block.rlc_transmissions > cell_.rlc_retransmissions) return false;
  ++rlc_retransmissions_;
  ++block.rlc_transmissions;
  block.transmissions = 0;
  block.remaining = block.block_symbols;
  block.ready_slot = slot + cell_.rlc_round_trip;
  return true;
}

/// A retransmission that does not fit its grant goes by code block groups (TS 38.214 clause 5.1.7) over several slots; what was
/// pre-empted of it is to be sent still.
void RadioLink::retransmit(Bearer& bearer, double bler, std::uint64_t preempted) noexcept {
  std::uint32_t left = bearer.retransmission_grant;
  auto kept = bearer.harq.begin();
  for (TransportBlock& block : bearer.harq) {
    bool settled = false;
    if (left > 0 && block.ready_slot <= last_slot_) {
      const std::uint32_t blocks = std::min(left, (block.remaining + symbols_ - 1) / symbols_);
      left -= blocks;
      const std::uint32_t sent = blocks * symbols_;
      const auto lost = static_cast<std::uint32_t>(std::min<std::uint64_t>(preempted, sent));
      preempted -= lost;
      preempted_ += lost;
      counts_[bearer.profile.slice].block_symbols += sent;
      block.remaining -= std::min(block.remaining, sent - lost);
      if (block.remaining == 0) {
        ++retransmissions_;
        ++block.transmissions;
        block.remaining = block.block_symbols;
        block.ready_slot = last_slot_ + cell_.harq_round_trip;
        settled = !fails(bler, block.transmissions);
        if (!settled && block.transmissions == bler_factor_.size() && !back_to_rlc(block, last_slot_)) {
          bearer.mark_lost(block);
          settled = true;
        }
      }
    }
    if (!settled) *kept++ = block;
  }
  bearer.harq.erase(kept, bearer.harq.end());
}

void RadioLink::transmit(Bearer& bearer, const Radio& radio, std::uint64_t preempted) {
  const std::uint32_t block_symbols = bearer.new_grant * symbols_;
  RadioSliceCount& count = counts_[bearer.profile.slice];
  count.block_symbols += block_symbols;
  const std::uint64_t capacity = block_symbols * static_cast<std::uint64_t>(radio.bits_x1024) / 8192;
  const std::uint64_t octets = std::min(capacity, bearer.unsent());
  if (octets == 0) return;
  TransportBlock block{.from = bearer.sent,
                       .to = bearer.sent + octets,
                       .ready_slot = last_slot_ + cell_.harq_round_trip,
                       .block_symbols = block_symbols,
                       .remaining = block_symbols,
                       .transmissions = 1};
  bearer.send(octets);
  bearer.served_bits = octets * 8;
  count.bits += octets * 8;
  ++transport_blocks_;
  preempted_ += preempted;
  if (!fails(radio.bler, 1)) {
    if (preempted == 0) return;
    // Only the code block groups that were hit go again.
    const std::uint64_t lost = (octets * preempted + block_symbols - 1) / block_symbols;
    block.from = block.to - lost;
    block.block_symbols = block.remaining = static_cast<std::uint32_t>(preempted);
  }
  if (bler_factor_.size() > 1 || back_to_rlc(block, last_slot_)) {
    bearer.harq.push_back(block);
  } else {
    bearer.mark_lost(block);
  }
}

/// In order: a packet behind a transport block that is still under HARQ waits for it.
void RadioLink::release(Bearer& bearer, std::int64_t slot, Exits& exits, std::vector<Delivered>& delivered) {
  const std::int64_t begin = cell_.begin_of(slot).ns;
  const ModelTime received = cell_.begin_of(slot + 1) + direction_.receiver_processing;
  RadioSliceCount& count = counts_[bearer.profile.slice];
  const std::uint64_t settled = bearer.settled();
  while (!bearer.buffer.empty() && bearer.buffer[0].end <= settled) {
    const BufferedPacket head = bearer.pop();
    --held_;
    if (head.lost) {
      ++count.dropped;
      exits.drop(head.packet, DropReason::harq_failed);
      continue;
    }
    PacketMetadata& metadata = metadata_of(head.packet);
    const std::int64_t waited = std::max<std::int64_t>(begin - metadata.time.ns, 0);
    metadata.queueing_ns =
        static_cast<std::uint32_t>(std::min<std::int64_t>(metadata.queueing_ns + waited, 0xffffffff));
    count.delay_max = std::max(count.delay_max, received - metadata.time);
    metadata.time = received;
    delivered.push_back({head.packet, bearer.ue});
  }
}

}  // namespace kiriko
