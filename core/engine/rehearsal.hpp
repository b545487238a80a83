// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Rehearsal: a frame's way from device to device, gone while the loop waits, so that the next frame finds it warm.
#pragma once

#include "core/engine/engine_node.hpp"
#include "core/engine/part.hpp"

namespace kiriko {

/// What the kernel does for a frame, and a neighbour on the core's other thread, leave little of the code in the caches, and
/// nothing in the branch predictors. A node, a link and a node beside the emulation run the same code with a packet of
/// their own, which none of the emulation's accounts knows.
class Rehearsal {
 public:
  /// No packet left in `pool`: run() does nothing.
  Rehearsal(PacketPool& pool, const RealClock& clock);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  void run() noexcept;
  /// How often the packet came to the end of its way.
  std::uint64_t arrived() const noexcept { return to_.exits().ledger().in; }

 private:
  /// Takes the packet and leaves it to its owner.
  class End final : public NetworkFunction {
   public:
    void process(Burst&, Exits&) noexcept override {}
    void wake(ModelTime, Exits&) noexcept override {}
    Result<Commit> prepare(const Change& change) override { return unsupported_change("rehearsal", change); }
    void report(Report&) const override {}
  };

  const RealClock& clock_;
  Packet* packet_;
  LinkTransmitPort link_;
  End end_;
  EngineNode from_, to_;
  Part part_;
};

}  // namespace kiriko
