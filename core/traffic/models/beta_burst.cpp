// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// beta_burst: many devices send one message each, at beta distributed times (TR 37.868 clause 6.1.1).
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

class BetaBurst final : public TrafficModel {
 public:
  BetaBurst(std::vector<std::int64_t> times_ns, std::uint32_t size)
      : times_ns_(std::move(times_ns)), size_(size) {}

  bool next(Emission& emission) noexcept override {
    if (position_ == times_ns_.size()) return false;
    const std::int64_t previous = position_ == 0 ? 0 : times_ns_[position_ - 1];
    emission = {.gap = Duration{times_ns_[position_++] - previous}, .payload_bytes = size_, .unit_end = true};
    emission.device = static_cast<std::uint32_t>(position_);
    return true;
  }

 private:
  std::vector<std::int64_t> times_ns_;
  std::size_t position_{0};
  std::uint32_t size_;
};

constexpr std::int64_t largest_parameter = 16;

/// Beta(a, b) for whole a, b: the a-th smallest of a + b - 1 uniform numbers.
double beta(RandomStream& random, std::int64_t a, std::int64_t b) noexcept {
  std::array<double, 2 * largest_parameter> uniform{};
  const std::int64_t count = a + b - 1;
  for (std::int64_t i = 0; i < count; ++i) uniform[static_cast<std::size_t>(i)] = random.uniform();
  std::nth_element(uniform.begin(), uniform.begin() + (a - 1), uniform.begin() + count);
  return uniform[static_cast<std::size_t>(a - 1)];
}

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  RandomStream random{seed, flow, "beta_burst"};
  const auto alpha = options.get<std::int64_t>("alpha");
  const auto beta_parameter = options.get<std::int64_t>("beta");
  const auto duration = static_cast<double>(options.get<Duration>("duration").ns);
  std::vector<std::int64_t> times(static_cast<std::size_t>(options.get<std::int64_t>("devices")));
  for (std::int64_t& time : times) time = std::llround(beta(random, alpha, beta_parameter) * duration);
  std::sort(times.begin(), times.end());
  return std::make_unique<BetaBurst>(std::move(times), payload_of(options, "size"));
}

}  // namespace

const TrafficModelDescriptor beta_burst_model{
    .name = "beta_burst",
    .purpose =
        "a mass event: every device sends one message, at beta distributed times (TR 37.868 traffic model 2; "
        "alpha and beta 1 over 60 s give model 1)",
    .options = {{.key = "devices",
                 .type = OptionType::integer,
                 .default_value = "30000",
                 .sentence = "messages in all",
                 .minimum = "1",
                 .maximum = "2000000"},
                {.key = "duration",
                 .type = OptionType::duration,
                 .default_value = "10s",
                 .sentence = "from the first possible message to the last",
                 .minimum = "1ms",
                 .maximum = "24h"},
                {.key = "alpha",
                 .type = OptionType::integer,
                 .default_value = "3",
                 .sentence = "first parameter of the beta distribution",
                 .minimum = "1",
                 .maximum = "16"},
                {.key = "beta",
                 .type = OptionType::integer,
                 .default_value = "4",
                 .sentence = "second parameter of the beta distribution",
                 .minimum = "1",
                 .maximum = "16"},
                {.key = "size",
                 .type = OptionType::bytes,
                 .default_value = "100",
                 .sentence = "UDP payload of a message; TR 37.868 gives none",
                 .minimum = "1",
                 .maximum = "1472",
                 .unverified = true}},
    .create = create};

}  // namespace kiriko
