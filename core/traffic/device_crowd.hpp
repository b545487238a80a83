// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A crowd: many independent devices that follow one open-loop model, as the one source of a flow.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/traffic/traffic_model.hpp"

namespace kiriko {

inline constexpr std::uint32_t largest_crowd = 100'000;

/// The superposition of `devices` models: each starts at random within `spread` and draws from streams of its own, keyed by
/// the flow and its number. Emission::device says whose a message is, from 1. Costs a model, 64 octets and a heap step
/// that grows with the logarithm of their number. Models that stand for many devices themselves need none of it.
/// Errors: those of the model.
Result<std::unique_ptr<TrafficModel>> make_device_crowd(const TrafficModelDescriptor& descriptor,
                                                        const OptionValues& options, std::uint32_t devices,
                                                        Duration spread, std::uint64_t seed,
                                                        std::string_view flow);

}  // namespace kiriko
