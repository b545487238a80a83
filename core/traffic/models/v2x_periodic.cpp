// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// v2x_periodic: the periodic V2X messages of TR 37.885 clause 6.1.5.
#include <vector>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

struct V2xVariant {
  Duration period{};
  std::vector<std::uint32_t> sizes{};   ///< in turn, from a random one on
  std::uint32_t smallest{}, largest{};  ///< uniform, when there are no sizes
  double first_probability{0.0};        ///< above 0: the first of two sizes has this probability
};

V2xVariant variant_of(std::string_view name) {
  if (name == "2") return {.period = milliseconds(10), .sizes = {1200, 800}, .first_probability = 0.2};
  if (name == "3") return {.period = milliseconds(30), .smallest = 30'000, .largest = 60'000};
  return {.period = milliseconds(100), .sizes = {300, 190, 190, 190, 190}};
}

class V2xPeriodic final : public TrafficModel {
 public:
  V2xPeriodic(V2xVariant variant, RandomStream phase, RandomStream size)
      : variant_(std::move(variant)), size_(size), gap_(phase.between(0, variant_.period.ns - 1)) {
    if (!variant_.sizes.empty())
      turn_ =
          static_cast<std::size_t>(phase.between(0, static_cast<std::int64_t>(variant_.sizes.size()) - 1));
  }

  bool next(Emission& emission) noexcept override {
    emission = {.gap = gap_, .payload_bytes = draw_size(), .unit_end = true};
    gap_ = variant_.period;
    return true;
  }

 private:
  std::uint32_t draw_size() noexcept {
    if (variant_.sizes.empty())
      return static_cast<std::uint32_t>(size_.between(variant_.smallest, variant_.largest));
    if (variant_.first_probability > 0.0)
      return variant_.sizes[size_.chance(variant_.first_probability) ? 0 : 1];
    const std::uint32_t size = variant_.sizes[turn_];
    turn_ = turn_ + 1 == variant_.sizes.size() ? 0 : turn_ + 1;
    return size;
  }

  V2xVariant variant_;
  RandomStream size_;
  Duration gap_;
  std::size_t turn_{0};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  V2xVariant variant = variant_of(options.get<std::string>("variant"));
  if (options.has("period")) variant.period = options.get<Duration>("period");
  if (const auto sizes = options.list<Bytes>("sizes"); !sizes.empty()) {
    variant.sizes.clear();
    for (const Bytes size : sizes) variant.sizes.push_back(static_cast<std::uint32_t>(size.count));
    variant.first_probability = 0.0;
  }
  return std::make_unique<V2xPeriodic>(std::move(variant), RandomStream{seed, flow, "phase"},
                                       RandomStream{seed, flow, "size"});
}

}  // namespace

const TrafficModelDescriptor v2x_periodic_model{
    .name = "v2x_periodic",
    .purpose = "periodic V2X messages in the manner of TR 37.885 clause 6.1.5, with a random phase",
    .options = {{.key = "variant",
                 .type = OptionType::choice,
                 .default_value = "1",
                 .sentence =
                     "1: 100 ms, 300 B then four times 190 B; 2: 10 ms, 1200 B (probability 0.2) or 800 B; "
                     "3: 30 ms, 30000 to 60000 B",
                 .choices = {"1", "2", "3"},
                 .unverified = true},
                {.key = "period",
                 .type = OptionType::duration,
                 .sentence = "instead of the variant's",
                 .minimum = "1us",
                 .maximum = "24h"},
                {.key = "sizes",
                 .type = OptionType::bytes,
                 .sentence = "UDP payloads in turn, instead of the variant's",
                 .minimum = "1",
                 .maximum = "65507",
                 .repeated = true}},
    .create = create};

}  // namespace kiriko
