// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// StandAloneUpf: a UPF between kernel sockets or devices and an outside SMF, in real time until it is stopped.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/engine/emulation.hpp"
#include "scenarios/loader/scenario.hpp"
#include "tools/kiriko/upf/n4_socket.hpp"
#include "tools/kiriko/upf/upf_config.hpp"

namespace kiriko {

class StandAloneUpf {
 public:
  /// Opens devices and sockets; EAL must be up. A problem means that nothing runs.
  static Result<std::unique_ptr<StandAloneUpf>> create(const UpfConfig& config, Scenario scenario);

  /// Until `stop` turns true. `show_status`: set from outside, asks for a status table on standard output.
  void run(const std::atomic<bool>& stop, std::atomic<bool>& show_status);
  /// Sessions, packets and drops so far, as text.
  std::string status() const;

 private:
  class Loop;
  StandAloneUpf(Scenario scenario, PacketPool pool, N4Socket socket, Graph graph, NodeId upf);

  Scenario scenario_;
  PacketPool pool_;  // outlives the emulation, which gives its packets back
  N4Socket socket_;
  NodeId upf_;
  std::unique_ptr<Emulation> emulation_;
};

}  // namespace kiriko
