// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checks of RRM policy ratios.
#include "core/fiveg/rrm_policy.hpp"

#include <string>

namespace kiriko {

Result<void> RrmPolicyRatio::check() const {
  if (dedicated <= minimum && minimum <= maximum && maximum <= 100) return {};
  return fail({.message = "an RRM policy's ratios are out of order",
               .found = "dedicated " + std::to_string(dedicated) + ", min " + std::to_string(minimum) +
                        ", max " + std::to_string(maximum),
               .allowed = "dedicated <= min <= max <= 100"});
}

Result<void> check(std::span<const RrmPolicyRatio> policies) {
  int sum = 0;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    if (auto result = policies[i].check(); !result) {
      result.error().where = "policy " + std::to_string(i + 1);
      return result;
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (policies[i].slice == no_slice || policies[k].slice != policies[i].slice) continue;
      return fail({.message = "a slice has two RRM policies in one cell",
                   .where = "policy " + std::to_string(i + 1),
                   .found = "the slice of policy " + std::to_string(k + 1)});
    }
    sum += policies[i].minimum;
  }
  if (sum <= 100) return {};
  return fail({.message = "the slices of a cell are promised more than it has",
               .found = "min ratios of " + std::to_string(sum) + " percent together",
               .allowed = "at most 100 percent"});
}

}  // namespace kiriko
