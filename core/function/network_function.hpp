// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NetworkFunction: what a node of the data path does with its packets.
#pragma once

#include <functional>

#include "core/base/result.hpp"
#include "core/control/change.hpp"
#include "core/function/exits.hpp"
#include "core/function/report.hpp"
#include "core/packet/burst.hpp"

namespace kiriko {

/// Puts a prepared change into effect at a model time; it cannot fail.
using Commit = std::function<void(ModelTime, Exits&)>;

/// Runs on one worker at a time. It computes on the packets' model time only, so that its result does
/// not depend on how its packets were cut into bursts, on the clock, or on the number of workers.
class NetworkFunction {
 public:
  virtual ~NetworkFunction() = default;

  /// Takes every packet of `burst` (in order of model time; metadata's `ingress` names the port) and gives
  /// each to one of `exits`, now or at a later wake-up. A function whose descriptor says `wakes` gets only
  /// packets of one instant at a time, so that wake-ups can take their place between them. Any other gets whole
  /// bursts and, should it ask for wake-ups, lets what is due happen before a later packet by itself.
  virtual void process(Burst& burst, Exits& exits) noexcept = 0;

  /// A wake-up asked for with exits.at(). Packets of the same instant were processed before. A function that gets whole
  /// bursts may be woken later than it asked, with nothing left to do.
  virtual void wake(ModelTime now, Exits& exits) noexcept = 0;

  /// Builds what `change` needs and checks it, changing nothing; the Commit then swaps it in.
  virtual Result<Commit> prepare(const Change& change) = 0;

  /// Adds metrics, held packets and loads to `report`.
  virtual void report(Report& report) const = 0;

  /// Of a gNB.
  virtual std::optional<CellUse> cell_use() const { return std::nullopt; }
};

/// For prepare(): "the firewall takes no SetForwarding".
tl::unexpected<Problem> unsupported_change(std::string_view function, const Change& change);

}  // namespace kiriko
