// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From a device's first packet to its first grant.
#include "vnf/gnb/random_access/connections.hpp"

#include <algorithm>

namespace kiriko {

Connections::Connections(const ConnectionParameters& parameters, std::vector<AccessBarring> barring,
                         std::uint64_t seed, std::uint64_t cell)
    : parameters_(parameters),
      barring_(std::move(barring)),
      seed_(seed),
      cell_(cell),
      access_(parameters.random_access, seed, cell) {}

std::uint32_t Connections::place(UeIndex ue, std::uint32_t device) {
  if (ue.value >= places_.size()) places_.resize(ue.value + std::size_t{1});
  std::vector<std::uint32_t>& of_ue = places_[ue.value];
  if (device >= of_ue.size()) of_ue.resize(device + std::size_t{1}, none);
  std::uint32_t& index = of_ue[device];
  if (index == none) {
    index = static_cast<std::uint32_t>(devices_.size());
    devices_.push_back({.ue = ue});
  }
  return index;
}

Connections::Answer Connections::ask(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets,
                                     bool downlink, ModelTime now) {
  if (!parameters_.needed) return Answer::go;
  const std::uint32_t index = place(ue, metadata_of(packet).device);
  Device& device = devices_[index];
  const bool asleep = device.state == State::connected && device.first != none;
  const bool connected = asleep || (device.state == State::connected && now < device.until);
  const ModelTime listens = connected && downlink && !asleep ? listens_at(index, now) : now;
  if (connected && listens == now && !(asleep && downlink)) {
    device.until = now + parameters_.inactivity;
    // One that sends listens too.
    if (asleep) steps_.push(now, {index, device.access, Step::Kind::wakes});
    return Answer::go;
  }
  if (std::uint64_t{device.waiting_octets} + octets > parameters_.buffer) return Answer::full;
  hold(device, packet, octets, downlink);
  if (connected) {
    if (!asleep) steps_.push(listens, {index, device.access, Step::Kind::wakes});
  } else if (device.state != State::accessing) {
    begin(index, slice, downlink, now);
  }
  return Answer::wait;
}

ModelTime Connections::listens_at(std::uint32_t index, ModelTime now) const {
  const ConnectedDrx& drx = parameters_.drx;
  const ModelTime last_packet = devices_[index].until - parameters_.inactivity;
  if (drx.cycle.ns <= 0 || now < last_packet + drx.inactivity) return now;
  RandomStream of_device{seed_, (cell_ << 32) ^ index, stream_key("DRX offset")};
  const std::int64_t offset = of_device.between(0, drx.cycle.ns - 1);
  const std::int64_t within = (now.ns - offset + drx.cycle.ns) % drx.cycle.ns;
  return within < drx.on_duration.ns ? now : now + Duration{drx.cycle.ns - within};
}

void Connections::hold(Device& device, Packet* packet, std::uint32_t octets, bool downlink) {
  std::uint32_t at = free_held_;
  if (at == none) {
    at = static_cast<std::uint32_t>(held_packets_.size());
    held_packets_.push_back({});
  } else {
    free_held_ = held_packets_[at].next;
  }
  held_packets_[at] = {packet, octets, none, downlink};
  (device.first == none ? device.first : held_packets_[device.last].next) = at;
  device.last = at;
  device.waiting_octets += octets;
  ++held_;
}

// A device that is not connected hears of a downlink packet at its paging occasion (TS 38.304 clause 7.1); mobile terminated
// access is not barred.
void Connections::begin(std::uint32_t index, std::uint32_t slice, bool downlink, ModelTime now) {
  Device& device = devices_[index];
  device.resumes = device.state == State::connected && now < device.until + parameters_.inactive;
  device.state = State::accessing;
  device.asked = now;
  ++device.access;
  RandomStream draws{seed_ ^ static_cast<std::uint64_t>(now.ns), (cell_ << 32) ^ index,
                     stream_key("connection")};
  ModelTime start = now;
  if (downlink && parameters_.paging_cycle.ns > 0) {
    const std::int64_t cycle = parameters_.paging_cycle.ns;
    RandomStream of_device{seed_, (cell_ << 32) ^ index, stream_key("paging occasion")};
    const std::int64_t offset = of_device.between(0, cycle - 1);
    start = ModelTime{(now.ns - offset + cycle - 1) / cycle * cycle + offset};
    if (start < now) start = now;
  } else if (!downlink) {
    start = now + barring_[slice].wait(draws);
  }
  steps_.push(start, {index, device.access, Step::Kind::begins});
}

void Connections::attach(UeIndex ue, ModelTime now) {
  if (!parameters_.needed) return;
  Device& device = devices_[place(ue, 0)];
  if (device.state == State::accessing) return;
  device.state = State::connected;
  device.until = now + parameters_.inactivity;
}

void Connections::detach(UeIndex ue, Exits& exits) noexcept {
  if (ue.value >= places_.size()) return;
  for (const std::uint32_t index : places_[ue.value]) {
    if (index == none) continue;
    Device& device = devices_[index];
    drop(device, DropReason::radio_detached, exits);
    device.state = State::idle;
    device.deferred = device.resumes = false;
    ++device.access;
  }
}

ModelTime Connections::next_time() noexcept {
  const ModelTime opportunity = access_.next_opportunity();
  const ModelTime answered = opportunity == ModelTime::never() ? opportunity : answer_time(opportunity);
  return steps_.empty() ? answered : std::min(answered, steps_.next_time());
}

void Connections::run(ModelTime now, Exits& exits, std::vector<Admitted>& admitted) {
  while (next_time() <= now) {
    const ModelTime opportunity = access_.next_opportunity();
    if (!steps_.empty() &&
        (opportunity == ModelTime::never() || steps_.next_time() <= answer_time(opportunity))) {
      const ModelTime at = steps_.next_time();
      take(steps_.pop(), at, exits, admitted);
      continue;
    }
    outcomes_.clear();
    access_.run(opportunity, outcomes_);
    for (const RandomAccessOutcome& outcome : outcomes_) end(outcome);
  }
}

// A device asks random access for one thing at a time: after a detachment meanwhile for the next only when that one has ended.
void Connections::request(std::uint32_t index, ModelTime at) {
  Device& device = devices_[index];
  device.deferred = device.requested != 0;
  if (device.deferred) return;
  device.requested = device.access;
  access_.request(index, at);
}

void Connections::end(const RandomAccessOutcome& outcome) {
  Device& device = devices_[outcome.device];
  const std::uint32_t ended = device.requested;
  device.requested = 0;
  if (device.deferred) return request(outcome.device, outcome.at);
  const Duration setup = device.resumes ? parameters_.resume : parameters_.setup;
  steps_.push(outcome.succeeded ? outcome.at + setup : outcome.at,
              {outcome.device, ended, outcome.succeeded ? Step::Kind::succeeded : Step::Kind::failed});
}

void Connections::take(const Step& step, ModelTime at, Exits& exits, std::vector<Admitted>& admitted) {
  Device& device = devices_[step.device];
  // Detached since: what it began comes to nothing.
  const State expected = step.kind == Step::Kind::wakes ? State::connected : State::accessing;
  if (device.state != expected || device.access != step.access) return;
  if (step.kind == Step::Kind::begins) return request(step.device, at);
  if (step.kind == Step::Kind::wakes) {
    if (device.first == none) return;  // it woke before
    device.until = at + parameters_.inactivity;
    return let_go(device, at, admitted);
  }
  if (step.kind == Step::Kind::failed) {
    drop(device, DropReason::random_access_failed, exits);
    device.state = State::idle;
    return;
  }
  delay_.record((at - device.asked).ns);
  resumed_ += device.resumes ? 1 : 0;
  device.state = State::connected;
  device.until = at + parameters_.inactivity;
  let_go(device, at, admitted);
}

template <class Take>
void Connections::empty(Device& device, Take take) noexcept {
  while (device.first != none) {
    Held& held = held_packets_[device.first];
    take(held);
    const std::uint32_t next = held.next;
    held.next = free_held_;
    free_held_ = device.first;
    device.first = next;
    --held_;
  }
  device.waiting_octets = 0;
}

void Connections::let_go(Device& device, ModelTime at, std::vector<Admitted>& admitted) noexcept {
  empty(device, [&](const Held& held) {
    PacketMetadata& metadata = metadata_of(held.packet);
    const std::int64_t waited = metadata.queueing_ns + (at - metadata.time).ns;
    metadata.queueing_ns = static_cast<std::uint32_t>(std::min<std::int64_t>(waited, 0xffffffff));
    metadata.time = at;
    admitted.push_back({held.packet, device.ue, held.octets, held.downlink});
  });
}

void Connections::take_back(UeIndex ue, std::vector<Packet*>& packets) noexcept {
  if (ue.value >= places_.size()) return;
  for (const std::uint32_t index : places_[ue.value])
    if (index != none && devices_[index].state == State::connected)
      empty(devices_[index], [&](const Held& held) { packets.push_back(held.packet); });
}

void Connections::drop(Device& device, DropReason reason, Exits& exits) noexcept {
  empty(device, [&](const Held& held) { exits.drop(held.packet, reason); });
}

}  // namespace kiriko
