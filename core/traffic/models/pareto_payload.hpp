// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ParetoPayload: the UDP payload of small messages, a Pareto distribution that is cut (TR 45.820 annex E).
#pragma once

#include <algorithm>
#include <utility>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {

struct ParetoPayload {
  double shape{}, minimum{}, maximum{};

  static Result<ParetoPayload> read(const OptionValues& options) {
    const ParetoPayload payload{.shape = options.get<double>("payload_shape"),
                                .minimum = static_cast<double>(payload_of(options, "payload_minimum")),
                                .maximum = static_cast<double>(payload_of(options, "payload_maximum"))};
    if (payload.maximum < payload.minimum)
      return fail({.message = "'payload_maximum' is below 'payload_minimum'", .where = "payload_maximum"});
    return payload;
  }
  /// In octets.
  std::uint32_t draw(RandomStream& random) const noexcept {
    return static_cast<std::uint32_t>(std::min(random.pareto(shape, minimum), maximum));
  }
};

/// `options` with those of the payload; `most` octets unless they say otherwise.
inline OptionTable with_pareto_payload(OptionTable options, const char* most) {
  options.push_back({.key = "payload_shape",
                     .type = OptionType::number,
                     .default_value = "2.5",
                     .sentence = "shape of the Pareto distribution of the UDP payload",
                     .minimum = "0.1",
                     .maximum = "100",
                     .unverified = true});
  options.push_back({.key = "payload_minimum",
                     .type = OptionType::bytes,
                     .default_value = "20",
                     .sentence = "least UDP payload",
                     .minimum = "1",
                     .maximum = "1472",
                     .unverified = true});
  options.push_back({.key = "payload_maximum",
                     .type = OptionType::bytes,
                     .default_value = most,
                     .sentence = "UDP payload at which larger draws are cut",
                     .minimum = "1",
                     .maximum = "1472",
                     .unverified = true});
  return options;
}

}  // namespace kiriko
