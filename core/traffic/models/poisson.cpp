// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// poisson: packets at exponentially distributed distances.
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

class Poisson final : public TrafficModel {
 public:
  Poisson(std::uint32_t size, double mean_gap_ns, RandomStream random)
      : size_(size), mean_gap_ns_(mean_gap_ns), random_(random) {}

  bool next(Emission& emission) noexcept override {
    // Arrivals are placed on the exact, unrounded time axis, so the mean is not biased by rounding.
    exact_ns_ += random_.exponential(mean_gap_ns_);
    const double whole = std::floor(exact_ns_);
    exact_ns_ -= whole;
    emission = {.gap = Duration{static_cast<std::int64_t>(whole)}, .payload_bytes = size_, .unit_end = true};
    return true;
  }

 private:
  std::uint32_t size_;
  double mean_gap_ns_;
  double exact_ns_{0.0};
  RandomStream random_;
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const std::uint32_t size = payload_of(options, "size");
  if (options.has("rate") == options.has("packets_per_second"))
    return fail({.message = "poisson traffic takes either 'rate' or 'packets_per_second'",
                 .where = "rate",
                 .found = options.has("rate") ? "both" : "neither"});
  const double per_second = options.has("rate")
                                ? static_cast<double>(options.get<BitsPerSecond>("rate").value) / (8.0 * size)
                                : options.get<double>("packets_per_second");
  return std::make_unique<Poisson>(size, 1e9 / per_second, RandomStream{seed, flow, "poisson"});
}

}  // namespace

const TrafficModelDescriptor poisson_model{
    .name = "poisson",
    .purpose = "equal packets whose distances are exponentially distributed",
    .options = {{.key = "rate",
                 .type = OptionType::rate,
                 .sentence = "mean, of the UDP payload; this or 'packets_per_second'",
                 .minimum = "1 bit/s",
                 .maximum = "1 Tbit/s"},
                {.key = "packets_per_second",
                 .type = OptionType::number,
                 .sentence = "mean; this or 'rate'",
                 .minimum = "0.000001",
                 .maximum = "1000000000"},
                {.key = "size",
                 .type = OptionType::bytes,
                 .default_value = "1200",
                 .sentence = "UDP payload of a packet",
                 .minimum = "1",
                 .maximum = "65507"}},
    .create = create};

}  // namespace kiriko
