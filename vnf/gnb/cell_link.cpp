// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Slots and mini-slots of one direction in the order of time.
#include "vnf/gnb/cell_link.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace kiriko {
namespace {

RandomStream stream(std::uint64_t seed, const std::string& node, bool downlink, const char* what) {
  return RandomStream(seed, node, std::string(what) + (downlink ? " downlink" : " uplink"));
}

}  // namespace

CellLink::CellLink(const Cell& cell, bool downlink, std::uint32_t slices, std::uint64_t seed,
                   const std::string& node)
    : cell_(cell),
      mini_cell_(cell.mini_slot_symbols > 0 ? mini_slots_of(cell) : cell),
      slots_(cell, downlink ? cell.downlink : cell.uplink, slices, stream(seed, node, downlink, "harq")) {
  if (cell.mini_slot_symbols > 0)
    mini_slots_.emplace(mini_cell_, downlink ? mini_cell_.downlink : mini_cell_.uplink, slices,
                        stream(seed, node, downlink, "harq mini-slots"));
}

void CellLink::set_shares(std::span<const RrmPolicyRatio> shares, std::span<const std::uint8_t> priorities) {
  slots_.set_shares(shares, priorities);
  if (mini_slots_) mini_slots_->set_shares(shares, priorities);
}

void CellLink::set_radio(UeIndex ue, std::int64_t bits_x1024, double bler) {
  slots_.set_radio(ue, bits_x1024, bler);
  if (mini_slots_) mini_slots_->set_radio(ue, bits_x1024, bler);
}

void CellLink::set_bearers(UeIndex ue, const BearerProfile& rest, const std::vector<BearerProfile>& flows) {
  slots_.set_bearers(ue, rest, flows);
  if (mini_slots_) mini_slots_->set_bearers(ue, rest, flows);
}

bool CellLink::push(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets) {
  const bool mini = mini_slots_ && slots_.profile_of(ue, slice, metadata_of(packet).qfi).delay_critical;
  return (mini ? *mini_slots_ : slots_).push(ue, slice, packet, octets);
}

void CellLink::close(UeIndex ue, ModelTime until) noexcept {
  slots_.close(ue, until);
  if (mini_slots_) mini_slots_->close(ue, until);
}

void CellLink::take_back(UeIndex ue, std::vector<Packet*>& packets) {
  if (mini_slots_) mini_slots_->take_back(ue, packets);
  slots_.take_back(ue, packets);
}

bool CellLink::is_empty(UeIndex ue) const noexcept {
  return slots_.is_empty(ue) && (!mini_slots_ || mini_slots_->is_empty(ue));
}

void CellLink::detach(UeIndex ue, Exits& exits) noexcept {
  slots_.detach(ue, exits);
  if (mini_slots_) mini_slots_->detach(ue, exits);
}

ModelTime CellLink::next_time(ModelTime now) const noexcept {
  const auto begin_of = [now](const Cell& cell, std::int64_t occasion) {
    return occasion == RadioLink::no_slot ? ModelTime::never()
                                          : cell.begin_of(std::max(occasion, cell.occasion_from(now)));
  };
  ModelTime next = begin_of(cell_, slots_.next_slot());
  if (mini_slots_) next = std::min(next, begin_of(mini_cell_, mini_slots_->next_slot()));
  if (begun_ != RadioLink::no_slot) next = std::min(next, cell_.begin_of(begun_ + 1));
  return next;
}

void CellLink::run(ModelTime now, Exits& exits, std::vector<Delivered>& delivered) {
  const std::int64_t slot = now.ns / cell_.slot().ns;
  if (begun_ < slot) {
    slots_.end_slot(std::exchange(preempted_, 0), exits, delivered);
    begun_ = RadioLink::no_slot;
  }
  const bool slot_begins = cell_.begin_of(slot) == now && slots_.next_slot() <= slot;
  if (!mini_slots_) {
    if (slot_begins) slots_.run_slot(slot, cell_.resource_blocks, exits, delivered);
    return;
  }
  if (slot_begins) {
    slots_.begin_slot(slot, cell_.resource_blocks);
    begun_ = slot;
  }
  const std::int64_t mini = mini_cell_.occasion_from(now);
  if (mini_cell_.begin_of(mini) != now || mini_slots_->next_slot() > mini) return;
  const std::uint32_t used = begun_ == RadioLink::no_slot ? 0 : slots_.granted();
  const std::uint32_t free = cell_.resource_blocks - used;
  mini_slots_->begin_slot(mini, cell_.preemption ? cell_.resource_blocks : free);
  const std::uint32_t taken = mini_slots_->granted();
  if (taken > free)
    preempted_ += std::uint64_t{taken - free} * static_cast<unsigned>(cell_.mini_slot_symbols);
  mini_slots_->end_slot(0, exits, delivered);
}

std::uint64_t CellLink::held() const noexcept {
  return slots_.held() + (mini_slots_ ? mini_slots_->held() : 0);
}

std::uint64_t CellLink::backlog(std::uint32_t slice) const noexcept {
  return slots_.backlog(slice) + (mini_slots_ ? mini_slots_->backlog(slice) : 0);
}

RadioSliceCount CellLink::read(std::uint32_t slice) const noexcept {
  const auto take = [slice](const RadioLink& link) {
    RadioSliceCount count = link.count(slice);
    link.count(slice).delay_max = Duration{0};
    return count;
  };
  RadioSliceCount sum = take(slots_);
  if (!mini_slots_) return sum;
  const RadioSliceCount mini = take(*mini_slots_);
  sum.offered += mini.offered;
  sum.bits += mini.bits;
  sum.block_symbols += mini.block_symbols;
  sum.dropped += mini.dropped;
  sum.delay_max = std::max(sum.delay_max, mini.delay_max);
  return sum;
}

double CellLink::used_blocks() const noexcept {
  const std::uint64_t symbols =
      slots_.used_block_symbols() + (mini_slots_ ? mini_slots_->used_block_symbols() : 0);
  return static_cast<double>(symbols) / symbols_per_slot;
}

CellLink::Blocks CellLink::blocks() const noexcept {
  Blocks sum{slots_.transport_blocks(), slots_.retransmissions(), slots_.harq_failures(),
             slots_.rlc_retransmissions(), static_cast<double>(slots_.preempted()) / symbols_per_slot};
  if (mini_slots_) {
    sum.sent += mini_slots_->transport_blocks();
    sum.retransmissions += mini_slots_->retransmissions();
    sum.harq_failures += mini_slots_->harq_failures();
    sum.rlc_retransmissions += mini_slots_->rlc_retransmissions();
  }
  return sum;
}

}  // namespace kiriko
