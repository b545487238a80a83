// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AsioDriver: runs a Controller in real time, on a Boost.Asio thread beside the engine.
#pragma once

#include <memory>

#include "controller/loop/controller.hpp"

namespace kiriko {

/// start(), on_event(), drain() and set_policy() are the engine thread's, between steps; the Controller runs on the
/// driver's thread. drain() costs one atomic read when there is nothing to do.
class AsioDriver {
 public:
  AsioDriver(Controller controller, ChangeLogListener listener);
  AsioDriver(const AsioDriver&) = delete;
  AsioDriver& operator=(const AsioDriver&) = delete;
  ~AsioDriver();  ///< stops and joins

  /// Applies the start sets at once, then starts the thread.
  void start(DatapathControl& control);
  void on_event(ModelTime at, const NetworkEvent& event);
  /// Hands the controller a view if it waits for one, and applies what it sent back.
  void drain(ModelTime now, DatapathControl& control);
  /// Readable while there is something for drain(); -1: the system gave none.
  int wait_descriptor() const noexcept;
  void set_policy(SlicePolicyKind kind);
  void stop();

 private:
  class Loop;
  void apply(ModelTime at, ChangeSet set, DatapathControl& control);

  ChangeLogListener listener_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace kiriko
