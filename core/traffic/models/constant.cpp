// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// constant: equal packets at equal distances, by rate or by interval.
#include "core/traffic/models/models.hpp"
#include "core/traffic/spacing.hpp"

namespace kiriko {
namespace {

class Constant final : public TrafficModel {
 public:
  Constant(std::uint32_t size, Duration interval, BitsPerSecond rate)
      : size_(size), interval_(interval), spacing_(rate) {}

  bool next(Emission& emission) noexcept override {
    Duration gap = interval_;
    if (first_)
      gap = Duration{0};
    else if (interval_.ns == 0)
      gap = spacing_.gap(size_);
    first_ = false;
    emission = {.gap = gap, .payload_bytes = size_, .unit_end = true};
    return true;
  }

 private:
  std::uint32_t size_;
  Duration interval_;
  Spacing spacing_;
  bool first_{true};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t, std::string_view) {
  if (options.has("rate") == options.has("interval"))
    return fail({.message = "constant traffic takes either 'rate' or 'interval'",
                 .where = "rate",
                 .found = options.has("rate") ? "both" : "neither"});
  const std::uint32_t size = payload_of(options, "size");
  const Duration interval = options.has("interval") ? options.get<Duration>("interval") : Duration{0};
  const BitsPerSecond rate = options.has("rate") ? options.get<BitsPerSecond>("rate") : BitsPerSecond{0};
  return std::make_unique<Constant>(size, interval, rate);
}

}  // namespace

const TrafficModelDescriptor constant_model{
    .name = "constant",
    .purpose = "equal packets at equal distances, the first at the flow's start",
    .options = {{.key = "rate",
                 .type = OptionType::rate,
                 .sentence = "of the UDP payload; this or 'interval'",
                 .minimum = "1 bit/s",
                 .maximum = "1 Tbit/s"},
                {.key = "interval",
                 .type = OptionType::duration,
                 .sentence = "between packets; this or 'rate'",
                 .minimum = "1ns",
                 .maximum = "24h"},
                {.key = "size",
                 .type = OptionType::bytes,
                 .default_value = "1200",
                 .sentence = "UDP payload of a packet",
                 .minimum = "1",
                 .maximum = "65507"}},
    .create = create};

}  // namespace kiriko
