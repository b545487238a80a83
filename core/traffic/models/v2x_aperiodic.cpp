// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// v2x_aperiodic: the aperiodic V2X messages of TR 37.885 clause 6.1.5.
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

struct Variant {
  Duration pause{};  ///< the least gap, and the mean of what comes on top of it
  std::int64_t smallest{}, steps{}, step{};
};

Variant variant_of(std::string_view name) {
  if (name == "2") return {.pause = milliseconds(10), .smallest = 10'000, .steps = 10, .step = 2000};
  return {.pause = milliseconds(50), .smallest = 200, .steps = 9, .step = 200};
}

class V2xAperiodic final : public TrafficModel {
 public:
  V2xAperiodic(const Variant& variant, RandomStream gap, RandomStream size)
      : variant_(variant), gap_(gap), size_(size) {}

  bool next(Emission& emission) noexcept override {
    const double more = gap_.exponential(static_cast<double>(variant_.pause.ns));
    emission = {.gap = variant_.pause + Duration{std::llround(more)},
                .payload_bytes = static_cast<std::uint32_t>(variant_.smallest +
                                                            variant_.step * size_.between(0, variant_.steps)),
                .unit_end = true};
    return true;
  }

 private:
  Variant variant_;
  RandomStream gap_, size_;
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  Variant variant = variant_of(options.get<std::string>("variant"));
  if (options.has("pause")) variant.pause = options.get<Duration>("pause");
  return std::make_unique<V2xAperiodic>(variant, RandomStream{seed, flow, "gap"},
                                        RandomStream{seed, flow, "size"});
}

}  // namespace

const TrafficModelDescriptor v2x_aperiodic_model{
    .name = "v2x_aperiodic",
    .purpose =
        "aperiodic V2X messages in the manner of TR 37.885 clause 6.1.5: a pause and an exponential time of "
        "the same mean between them",
    .options =
        {{.key = "variant",
          .type = OptionType::choice,
          .default_value = "1",
          .sentence =
              "1: 50 ms and as much in the mean, 200 to 2000 B by 200; 2: 10 ms, 10000 to 30000 B by 2000",
          .choices = {"1", "2"},
          .unverified = true},
         {.key = "pause",
          .type = OptionType::duration,
          .sentence = "instead of the variant's",
          .minimum = "1us",
          .maximum = "24h"}},
    .create = create};

}  // namespace kiriko
