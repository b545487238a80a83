// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FunctionDrive: a network function between ports that give packets back to their pool, driven burst by burst.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "bench/prepared_frames.hpp"
#include "core/function/descriptor.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko::bench {

inline constexpr std::uint32_t burst_size = 32;

/// Behind every port: what a null device does with what it is told to send.
class RecyclingOutput final : public PortOutput {
 public:
  void transmit(Burst& burst) noexcept override { rte_pktmbuf_free_bulk(burst.data(), burst.size()); }
};

/// A packet's life is counted whole: taken from the pool, its headers written, processed, given back.
class FunctionDrive {
 public:
  static Result<std::unique_ptr<FunctionDrive>> create(std::unique_ptr<NetworkFunction> function,
                                                       std::uint16_t ports, std::uint32_t packets = 8191);
  /// Of the catalogue, with default options.
  static Result<std::unique_ptr<FunctionDrive>> create(const Descriptor& descriptor,
                                                       const FunctionSetup& setup,
                                                       std::uint32_t packets = 8191);

  Result<void> apply(const Change& change);

  /// A burst of packets `spacing` apart; with `spacing` 0 all are of one instant. False when the pool is empty.
  bool offer(PreparedFrames& frames, PortId ingress, Duration spacing) noexcept {
    Burst burst;
    if (rte_pktmbuf_alloc_bulk(pool_.raw(), burst.data(), burst_size) != 0) return false;
    for (std::uint32_t i = 0; i < burst_size; ++i) {
      Packet* packet = burst[i];
      burst.push(packet);
      PacketMetadata& metadata = metadata_of(packet);
      metadata = PacketMetadata{};
      metadata.time = metadata.birth = now_;
      metadata.ingress = ingress;
      now_ += spacing;
      frames.write(packet);
    }
    exits_.ledger().in += burst_size;
    function_->process(burst, exits_);
    exits_.flush_all();
    return true;
  }
  /// Lets model time pass, with the wake-ups asked for.
  void advance(Duration step) noexcept;

  /// What the function told its controller.
  std::vector<Exits::Told> take_told() { return std::exchange(exits_.told(), {}); }
  const Ledger& ledger() const noexcept { return exits_.ledger(); }
  /// A problem unless every packet offered since the last call left by a port: a bench of drops says nothing.
  Result<void> check_delivery();

 private:
  FunctionDrive(PacketPool pool, std::unique_ptr<NetworkFunction> function, std::uint16_t ports);

  RecyclingOutput output_;
  PacketPool pool_;
  std::unique_ptr<NetworkFunction> function_;
  Exits exits_;
  ModelTime now_{};
};

}  // namespace kiriko::bench
