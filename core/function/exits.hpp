// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Exits: where a function puts its packets: a port, a named drop, delivery; and how it asks for wake-ups.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/units.hpp"
#include "core/control/control_message.hpp"
#include "core/packet/burst.hpp"
#include "core/packet/ledger.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko {

/// What stands behind a port: a link's egress, a directly called function, a test's recorder.
class PortOutput {
 public:
  virtual ~PortOutput() = default;
  /// Takes the packets, in order of their model time.
  virtual void transmit(Burst& burst) noexcept = 0;
};

/// Told of each drop before the packet is freed: captures, flow accounts.
class DropObserver {
 public:
  virtual ~DropObserver() = default;
  virtual void dropped(const Packet* packet, DropReason reason) noexcept = 0;
};

/// One per node, used by its worker only. A port's packets must be emitted in order of model time.
class Exits {
 public:
  Exits() = default;
  Exits(PacketPool* pool, std::vector<PortOutput*> ports)
      : pool_(pool), ports_(std::move(ports)), staged_(ports_.size()), listed_(ports_.size()) {
    staged_ports_.reserve(ports_.size());
  }

  /// Sends `packet` out of `port` at the model time in its metadata.
  void emit(PortId port, Packet* packet) noexcept {
    if (port.value >= ports_.size() || ports_[port.value] == nullptr) {
      drop(packet, DropReason::port_unconnected);
      return;
    }
    ++ledger_.out;
    Burst& staged = staged_[port.value];
    staged.push(packet);
    mark_staged(port);
    if (staged.full()) flush(port);
  }

  /// emit() for several packets of one port.
  void emit(PortId port, std::span<Packet* const> packets) noexcept {
    if (port.value >= ports_.size() || ports_[port.value] == nullptr) {
      for (Packet* packet : packets) drop(packet, DropReason::port_unconnected);
      return;
    }
    ledger_.out += packets.size();
    Burst& staged = staged_[port.value];
    mark_staged(port);
    while (!packets.empty()) {
      packets = packets.subspan(staged.append(packets));
      if (staged.full()) flush(port);
    }
  }

  void drop(Packet* packet, DropReason reason) noexcept {
    ++ledger_.dropped[static_cast<std::size_t>(reason)];
    if (observer_ != nullptr) observer_->dropped(packet, reason);
    rte_pktmbuf_free(packet);
  }

  /// The packet has reached its end here.
  void consume(Packet* packet) noexcept {
    ++ledger_.consumed;
    rte_pktmbuf_free(packet);
  }
  /// Delivered, but the caller keeps and later frees the packet (a device).
  void count_consumed(std::uint64_t packets) noexcept { ledger_.consumed += packets; }
  void count_created(std::uint64_t packets) noexcept { ledger_.created += packets; }

  /// A new packet, or nullptr (counted as pool_exhausted).
  Packet* create() noexcept {
    Packet* packet = pool_->allocate();
    if (packet == nullptr) {
      ++pool_exhausted_;
      return nullptr;
    }
    ++ledger_.created;
    return packet;
  }
  /// A deep copy with the same metadata, or nullptr.
  Packet* copy(const Packet* packet) noexcept;

  /// Asks for wake() at `time`. Only the earliest request is kept; the wake-up clears it, and the function
  /// asks anew for its next one.
  void at(ModelTime time) noexcept {
    if (time < wake_request_) wake_request_ = time;
  }

  /// A message to the controller, told at `at`. From prepare()'s commits and wake() only, never for every packet: it takes
  /// memory. Of one call the times do not decrease.
  void tell(ModelTime at, ControlMessage message) { told_.push_back({at, std::move(message)}); }

  // The engine's side.
  struct Told {
    ModelTime at;
    ControlMessage message;
  };
  std::vector<Told>& told() noexcept { return told_; }
  void flush(PortId port) noexcept {
    Burst& staged = staged_[port.value];
    if (staged.empty()) return;
    ports_[port.value]->transmit(staged);
    staged.clear();
  }
  void flush_all() noexcept {
    if (!staged_ports_.empty()) flush_staged();
  }
  ModelTime wake_request() const noexcept { return wake_request_; }
  void clear_wake_request() noexcept { wake_request_ = ModelTime::never(); }
  Ledger& ledger() noexcept { return ledger_; }
  const Ledger& ledger() const noexcept { return ledger_; }
  std::uint64_t pool_exhausted() const noexcept { return pool_exhausted_; }
  void observe(DropObserver* observer) noexcept { observer_ = observer; }
  std::size_t port_count() const noexcept { return ports_.size(); }

 private:
  void flush_staged() noexcept;
  void mark_staged(PortId port) noexcept {
    if (listed_[port.value] != 0) return;
    listed_[port.value] = 1;
    staged_ports_.push_back(port);
  }

  ModelTime wake_request_{ModelTime::never()};
  std::vector<PortId> staged_ports_;  ///< those with packets since the last flush_all(), each once
  PacketPool* pool_{nullptr};
  std::vector<PortOutput*> ports_;
  std::vector<Burst> staged_;
  std::vector<std::uint8_t> listed_;  ///< by port: in staged_ports_
  Ledger ledger_;
  DropObserver* observer_{nullptr};
  std::uint64_t pool_exhausted_{};
  std::vector<Told> told_;
};

}  // namespace kiriko
