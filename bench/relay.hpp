// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Relay: a function that sends every packet out of one port.
#pragma once

#include "core/function/network_function.hpp"

namespace kiriko::bench {

class Relay : public NetworkFunction {
 public:
  explicit Relay(PortId out) : out_(out) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.emit(out_, packet);
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("relay", change); }
  void report(Report&) const override {}

 private:
  PortId out_;
};

}  // namespace kiriko::bench
