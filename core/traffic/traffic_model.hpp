// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TrafficModel: when an open-loop source sends and how much; and the list of all models with their options.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/base/options.hpp"
#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace kiriko {

/// One datagram to send.
struct Emission {
  Duration gap{};  ///< since the previous emission (the first: since the flow's start), at scale 1; ≥ 0
  std::uint32_t payload_bytes{};  ///< of UDP; the host splits what one packet does not hold
  bool unit_end{true};            ///< last packet of its frame, file or message
  std::uint32_t device{};         ///< of a group, from 1: who sends it; 0: the source is one device
};

/// Yields emissions without looking at the network. A model that goes on for ever must let time advance.
class TrafficModel {
 public:
  virtual ~TrafficModel() = default;
  /// False when there is nothing more to send.
  virtual bool next(Emission& emission) noexcept = 0;
};

struct TrafficModelDescriptor {
  std::string_view name;
  std::string_view purpose;
  OptionTable options;
  /// `seed` is the run's, `flow` the flow's name: together they key the model's random streams. Absent for a
  /// closed-loop source (tcp), which a host builds itself. May read a file (pcap), so not for the data path.
  Result<std::unique_ptr<TrafficModel>> (*create)(const OptionValues& options, std::uint64_t seed,
                                                  std::string_view flow){nullptr};
  /// Checks what an option by itself cannot show; the closed-loop counterpart of create()'s checks.
  Result<void> (*check)(const OptionValues& options){nullptr};

  bool closed_loop() const noexcept { return create == nullptr; }
};

/// Every model, in the order of the reference page.
std::span<const TrafficModelDescriptor* const> traffic_models();
/// nullptr when there is none of that name.
const TrafficModelDescriptor* find_traffic_model(std::string_view name);

}  // namespace kiriko
