// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// on_off: constant packets during exponentially distributed on periods, silence in between.
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"
#include "core/traffic/spacing.hpp"

namespace kiriko {
namespace {

class OnOff final : public TrafficModel {
 public:
  OnOff(std::uint32_t size, BitsPerSecond rate, Duration on, Duration off, RandomStream random)
      : size_(size), spacing_(rate), on_(on), off_(off), random_(random) {
    // Both periods are memoryless, so a random state with a fresh period is the stationary start.
    if (random_.chance(on.seconds() / (on.seconds() + off.seconds()))) left_ = draw(on_);
  }

  bool next(Emission& emission) noexcept override {
    std::int64_t wanted = spacing_.gap(size_).ns;  // of on time
    std::int64_t gap = 0;
    while (wanted > left_) {
      gap += left_ + draw(off_);
      wanted -= left_;
      left_ = draw(on_);
    }
    left_ -= wanted;
    emission = {.gap = Duration{gap + wanted}, .payload_bytes = size_, .unit_end = true};
    return true;
  }

 private:
  std::int64_t draw(Duration mean) noexcept {
    return std::llround(random_.exponential(static_cast<double>(mean.ns)));
  }

  std::uint32_t size_;
  Spacing spacing_;
  Duration on_, off_;
  RandomStream random_;
  std::int64_t left_{0};  ///< ns of the current on period; 0: an off period comes first
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  return std::make_unique<OnOff>(payload_of(options, "size"), options.get<BitsPerSecond>("rate"),
                                 options.get<Duration>("on"), options.get<Duration>("off"),
                                 RandomStream{seed, flow, "on_off"});
}

}  // namespace

const TrafficModelDescriptor on_off_model{
    .name = "on_off",
    .purpose =
        "constant packets during on periods, silence during off periods, both exponentially distributed",
    .options = {{.key = "rate",
                 .type = OptionType::rate,
                 .sentence = "of the UDP payload while on",
                 .minimum = "1 bit/s",
                 .maximum = "1 Tbit/s",
                 .required = true},
                {.key = "size",
                 .type = OptionType::bytes,
                 .default_value = "1200",
                 .sentence = "UDP payload of a packet",
                 .minimum = "1",
                 .maximum = "65507"},
                {.key = "on",
                 .type = OptionType::duration,
                 .default_value = "1s",
                 .sentence = "mean on period",
                 .minimum = "1us",
                 .maximum = "1h"},
                {.key = "off",
                 .type = OptionType::duration,
                 .default_value = "1s",
                 .sentence = "mean off period",
                 .minimum = "1us",
                 .maximum = "1h"}},
    .create = create};

}  // namespace kiriko
