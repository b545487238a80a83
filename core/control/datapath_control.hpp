// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DatapathControl: the one narrow interface by which a controller sees and changes the data path.
#pragma once

#include <functional>
#include <variant>

#include "core/base/result.hpp"
#include "core/control/change.hpp"
#include "core/control/network_view.hpp"

namespace kiriko {

struct LinkStateEvent {
  LinkId link;
  bool up{};
};
struct NodeStateEvent {
  NodeId node;
  bool running{};
};
struct HandoverEvent {
  NodeId ue;
  NodeId target_gnb;
  UeRadio radio{};  ///< in the target; what is absent stays as the session has it
  Duration
      interruption{};  ///< so long it reaches neither cell, and what is for it waits (with data forwarding)
};
/// A function told its controller something, by its own protocol.
struct ControlMessageEvent {
  NodeId node;
  ControlMessage message;
};
using NetworkEvent = std::variant<LinkStateEvent, NodeStateEvent, HandoverEvent, ControlMessageEvent>;

/// What applying a ChangeSet did.
struct ApplyReport {
  ModelTime at{};                ///< model time at which it took effect
  std::int64_t wall_ns{};        ///< how long the apply took; never enters the model
  std::uint64_t packets_lost{};  ///< packets that the change itself dropped
};

/// Thread: called between steps only; in real time an adapter carries calls from the controller's thread.
class DatapathControl {
 public:
  virtual ~DatapathControl() = default;
  /// Would the whole set apply? Changes nothing.
  virtual Result<void> validate(const ChangeSet& set) const = 0;
  /// Validates, then applies whole, now; on a problem nothing has changed.
  virtual Result<ApplyReport> apply(const ChangeSet& set) = 0;
  /// Loads since the previous read.
  virtual NetworkView read() = 0;
  virtual void subscribe(std::function<void(ModelTime, const NetworkEvent&)> listener) = 0;
};

}  // namespace kiriko
