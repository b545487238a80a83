// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DataForwarding: downlink packets of UEs in handover, from the cell that they leave to the one that they reach.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/control/change.hpp"
#include "core/function/exits.hpp"
#include "vnf/gnb/bearer.hpp"

namespace kiriko {

/// TS 38.300 clause 9.2.3.2.3. The source sends what it could not deliver, and what still comes by the old path, into the target's
/// forwarding tunnel, the UPF's end marker last. The target lets that go first: what comes by the new path waits for the marker,
/// or for `patience`.
class DataForwarding {
 public:
  static constexpr Duration patience = milliseconds(500);

  // Source side.
  void leave(UeIndex ue, const ForwardingTunnel& to, ModelTime now) {
    stop(ue);
    leaving_.push_back({ue, to, now + patience});
  }
  /// Where the UE's downlink goes; nullptr: to its radio.
  const ForwardingTunnel* tunnel_of(UeIndex ue) const noexcept;

  // Target side.
  void arrive(UeIndex ue, Teid tunnel, ModelTime now) {
    arriving_.push_back({ue, tunnel, now + patience, {}, 0});
  }
  /// Whose forwarding tunnel it is.
  std::optional<UeIndex> find(Teid tunnel) const noexcept;
  /// Whether packets of the UE's new path have to wait.
  bool waits(UeIndex ue) const noexcept;
  /// The packet waits; false: `most` octets do already.
  bool hold(UeIndex ue, Packet* packet, std::uint32_t octets, std::uint64_t most);
  struct Released {
    UeIndex ue;
    Packet* packet;
    std::uint32_t octets;
  };
  /// The end marker came: appends what waited.
  void end(UeIndex ue, std::vector<Released>& released);

  /// Neither leaves nor arrives any more; what waits drops.
  void detach(UeIndex ue, Exits& exits) noexcept;
  /// When run() is next wanted.
  ModelTime next_time() const noexcept;
  /// Ends what had no end marker in time; appends what waited, and the UEs that have left.
  void run(ModelTime now, std::vector<Released>& released, std::vector<UeIndex>& left);
  std::uint64_t held() const noexcept;

 private:
  struct Leaving {
    UeIndex ue;
    ForwardingTunnel to;
    ModelTime until;
  };
  struct Arriving {
    UeIndex ue;
    Teid tunnel;
    ModelTime until;
    std::vector<Released> waiting;
    std::uint64_t octets{};  ///< that wait
  };
  void stop(UeIndex ue) {
    std::erase_if(leaving_, [ue](const Leaving& each) { return each.ue == ue; });
  }

  // Few at a time.
  std::vector<Leaving> leaving_;
  std::vector<Arriving> arriving_;
};

}  // namespace kiriko
