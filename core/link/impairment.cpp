// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Jitter distributions and the Gilbert–Elliott chain.
#include "core/link/impairment.hpp"

#include <algorithm>
#include <cmath>

namespace kiriko {
namespace {

// Pareto of shape 3, normalised to mean 0 and standard deviation 1: mean 1.5, variance 0.75 for minimum 1.
constexpr double pareto_shape = 3.0;
constexpr double pareto_mean = 1.5;
const double pareto_deviation = std::sqrt(0.75);
constexpr double normal_cut = 4.0;

}  // namespace

Impairment::Impairment(std::uint64_t seed, std::string_view direction_name)
    : loss_(seed, direction_name, "loss"),
      gemodel_(seed, direction_name, "gemodel"),
      corrupt_(seed, direction_name, "corrupt"),
      duplicate_(seed, direction_name, "duplicate"),
      reorder_(seed, direction_name, "reorder"),
      jitter_(seed, direction_name, "jitter") {}

bool Impairment::gilbert_elliott_loses(const GilbertElliott& model) noexcept {
  bad_ = bad_ ? !gemodel_.chance(model.r) : gemodel_.chance(model.p);
  return gemodel_.chance(bad_ ? model.loss_bad : model.loss_good);
}

Duration Impairment::jittered(const LinkProperties& properties) noexcept {
  const auto deviation = static_cast<double>(properties.jitter.deviation.ns);
  double offset = 0;
  switch (properties.jitter.distribution) {
    case JitterDistribution::uniform: offset = (2 * jitter_.uniform() - 1) * deviation; break;
    case JitterDistribution::normal:
      offset = std::clamp(jitter_.normal(), -normal_cut, normal_cut) * deviation;
      break;
    case JitterDistribution::pareto:
      offset = (jitter_.pareto(pareto_shape, 1.0) - pareto_mean) / pareto_deviation * deviation;
      break;
    case JitterDistribution::table: {
      const auto& table = *properties.jitter.table;
      offset = static_cast<double>(
                   table[static_cast<std::size_t>(jitter_.uniform() * static_cast<double>(table.size()))]) *
               deviation;
      break;
    }
  }
  return Duration{std::max<std::int64_t>(0, properties.delay.ns + std::llround(offset))};
}

Duration minimum_delay(const LinkProperties& properties) noexcept {
  if (properties.reorder > 0) return Duration{0};
  const auto deviation = static_cast<double>(properties.jitter.deviation.ns);
  double least = 0;
  switch (properties.jitter.distribution) {
    case JitterDistribution::uniform: least = -deviation; break;
    case JitterDistribution::normal: least = -normal_cut * deviation; break;
    case JitterDistribution::pareto: least = (1.0 - pareto_mean) / pareto_deviation * deviation; break;
    case JitterDistribution::table:
      if (properties.jitter.table != nullptr && !properties.jitter.table->empty())
        least = static_cast<double>(
                    *std::min_element(properties.jitter.table->begin(), properties.jitter.table->end())) *
                deviation;
      break;
  }
  return Duration{
      std::max<std::int64_t>(0, properties.delay.ns + static_cast<std::int64_t>(std::floor(least)))};
}

}  // namespace kiriko
