// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Exits: where a function puts its packets: a port, a named drop, delivery; and how it asks for wake-ups.
#pragma once

#include <rte_prefetch.h>

#include <array>
#include <cstddef>
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
  Exits(PacketPool* pool, const std::vector<PortOutput*>& ports)
      : port_count_(static_cast<std::uint32_t>(ports.size())),
        pool_(pool),
        stages_(ports.size()),
        staged_(ports.size()) {
    for (std::size_t i = 0; i < ports.size(); ++i) {
      stages_[i].output = ports[i];
      stages_[i].beyond.fill(ports[i]);
    }
  }

  /// Sends `packet` out of `port` at the model time in its metadata.
  void emit(PortId port, Packet* packet) noexcept {
    if (!connected(port)) return drop(packet, DropReason::port_unconnected);
    ++ledger_.out;
    stage_with_room(port).burst.push(packet);
  }

  /// emit() for several packets of one port.
  void emit(PortId port, std::span<Packet* const> packets) noexcept {
    if (!connected(port)) {
      for (Packet* packet : packets) drop(packet, DropReason::port_unconnected);
      return;
    }
    ledger_.out += packets.size();
    while (!packets.empty()) packets = packets.subspan(stage_with_room(port).burst.append(packets));
  }

  void drop(Packet* packet, DropReason reason) noexcept {
    ++ledger_.dropped[static_cast<std::size_t>(reason)];
    if (observer_ != nullptr) observer_->dropped(packet, reason);
    rte_pktmbuf_free(packet);
  }

  /// What has been emitted and has not left goes no further.
  void drop_staged(DropReason reason) noexcept;

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
  /// What a port's transmit() will touch beyond the port: the line and its receiver's.
  void look_beyond(PortId port, const std::array<const void*, 3>& addresses) noexcept {
    stages_[port.value].beyond = addresses;
  }
  /// What sending by a port will touch: its packets' place, and what transmit() does.
  void prefetch(PortId port) const noexcept { stages_[port.value].prefetch(); }
  /// What emit() touches first of a few ports.
  void prefetch() const noexcept {
    constexpr std::uint32_t few = 4;
    for (std::uint32_t i = 0; i < few && i < port_count_; ++i) rte_prefetch0(&stages_[i]);
  }
  struct Told {
    ModelTime at;
    ControlMessage message;
  };
  std::vector<Told>& told() noexcept { return told_; }
  void flush_all() noexcept {
    if (staged_count_ != 0) flush_staged();
  }
  ModelTime wake_request() const noexcept { return wake_request_; }
  void clear_wake_request() noexcept { wake_request_ = ModelTime::never(); }
  Ledger& ledger() noexcept { return ledger_; }
  const Ledger& ledger() const noexcept { return ledger_; }
  std::uint64_t pool_exhausted() const noexcept { return pool_exhausted_; }
  void observe(DropObserver* observer) noexcept { observer_ = observer; }
  std::size_t port_count() const noexcept { return port_count_; }

 private:
  /// A port's packets until they leave. What emit() touches lies together.
  struct alignas(RTE_CACHE_LINE_SIZE) Stage {
    PortOutput* output{nullptr};
    std::array<const void*, 3> beyond{};
    Burst burst;

    /// Asks for what transmit() will touch; where there are many ports, none of it is at hand.
    void prefetch() const noexcept {
      constexpr std::size_t output_lines = 2;
      for (std::size_t line = 0; line < output_lines; ++line)
        rte_prefetch0(reinterpret_cast<const std::byte*>(output) + line * RTE_CACHE_LINE_SIZE);
      for (const void* address : beyond) rte_prefetch0(address);
    }
  };

  bool connected(PortId port) const noexcept {
    return port.value < port_count_ && stages_[port.value].output != nullptr;
  }
  Stage& stage_with_room(PortId port) noexcept {
    Stage& stage = stages_[port.value];
    if (stage.burst.empty()) {
      staged_[staged_count_++] = port;
      stage.prefetch();
    } else if (stage.burst.full()) {
      flush(stage);
    }
    return stage;
  }
  static void flush(Stage& stage) noexcept {
    stage.output->transmit(stage.burst);
    stage.burst.clear();
  }
  void flush_staged() noexcept;

  ModelTime wake_request_{ModelTime::never()};
  std::uint32_t port_count_{}, staged_count_{};
  PacketPool* pool_{nullptr};
  std::vector<Stage> stages_;   ///< by port
  std::vector<PortId> staged_;  ///< `staged_count_` ports with packets, each once
  Ledger ledger_;
  DropObserver* observer_{nullptr};
  std::uint64_t pool_exhausted_{};
  std::vector<Told> told_;
};

}  // namespace kiriko
