// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// periodic: one message a period, with a phase, jitter about its instants and a size or range of sizes.
#include <algorithm>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

struct PeriodicSettings {
  Duration period{}, jitter{}, phase{};
  std::uint32_t smallest{}, largest{};
};

class Periodic final : public TrafficModel {
 public:
  Periodic(const PeriodicSettings& settings, RandomStream jitter, RandomStream size)
      : settings_(settings), jitter_(jitter), size_(size), instant_(settings.phase) {}

  bool next(Emission& emission) noexcept override {
    const Duration offset{
        settings_.jitter.ns == 0 ? 0 : jitter_.between(-settings_.jitter.ns, settings_.jitter.ns)};
    const Duration at = std::max(instant_ + offset, previous_);
    emission.gap = at - previous_;
    emission.payload_bytes =
        settings_.smallest == settings_.largest
            ? settings_.smallest
            : static_cast<std::uint32_t>(size_.between(settings_.smallest, settings_.largest));
    emission.unit_end = true;
    // Times are kept relative to the last emission: a run of any length stays exact.
    instant_ = instant_ + settings_.period - at;
    previous_ = Duration{0};
    return true;
  }

 private:
  PeriodicSettings settings_;
  RandomStream jitter_, size_;
  Duration instant_;  ///< the next one without jitter, since the last emission
  Duration previous_{};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  PeriodicSettings settings{.period = options.get<Duration>("period"),
                            .jitter = options.get<Duration>("jitter"),
                            .smallest = payload_of(options, "size")};
  settings.largest = options.has("size_max") ? payload_of(options, "size_max") : settings.smallest;
  if (settings.largest < settings.smallest)
    return fail({.message = "'size_max' is below 'size'",
                 .where = "size_max",
                 .found = std::to_string(settings.largest),
                 .allowed = "from " + std::to_string(settings.smallest)});
  if (settings.jitter * 2 > settings.period)
    return fail({.message = "'jitter' would put messages out of order",
                 .where = "jitter",
                 .found = to_string(settings.jitter),
                 .allowed = "up to half the period"});
  RandomStream phase{seed, flow, "phase"};
  settings.phase = options.has("phase") ? options.get<Duration>("phase")
                                        : Duration{phase.between(0, settings.period.ns - 1)};
  return std::make_unique<Periodic>(settings, RandomStream{seed, flow, "jitter"},
                                    RandomStream{seed, flow, "size"});
}

}  // namespace

const TrafficModelDescriptor periodic_model{
    .name = "periodic",
    .purpose = "one message a period, with a random phase and optional jitter and range of sizes",
    .options = {{.key = "period",
                 .type = OptionType::duration,
                 .default_value = "100ms",
                 .sentence = "between messages",
                 .minimum = "1us",
                 .maximum = "24h"},
                {.key = "size",
                 .type = OptionType::bytes,
                 .default_value = "300",
                 .sentence = "UDP payload of a message, or its least",
                 .minimum = "1",
                 .maximum = "65507"},
                {.key = "size_max",
                 .type = OptionType::bytes,
                 .sentence = "largest UDP payload; sizes are then uniform from 'size' to this",
                 .minimum = "1",
                 .maximum = "65507"},
                {.key = "jitter",
                 .type = OptionType::duration,
                 .default_value = "0s",
                 .sentence =
                     "half width of a uniform deviation from the period's instants; it does not accumulate",
                 .minimum = "0s"},
                {.key = "phase",
                 .type = OptionType::duration,
                 .sentence =
                     "of the first message after the flow's start; random within the period when absent",
                 .minimum = "0s",
                 .maximum = "24h"}},
    .create = create};

}  // namespace kiriko
