// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// m2m_event: small messages of many devices, each at random by itself (TR 45.820 annex E: exception reports, software updates).
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/pareto_payload.hpp"

namespace kiriko {
namespace {

/// Poisson processes superposed are one, of the sum of their rates, whose messages belong to any device with the same
/// probability: so no state a device.
class M2mEvent final : public TrafficModel {
 public:
  M2mEvent(std::int64_t devices, double mean_gap_ns, ParetoPayload payload, std::uint64_t seed,
           std::string_view flow)
      : devices_(devices),
        mean_gap_ns_(mean_gap_ns),
        payload_(payload),
        gap_(seed, flow, "m2m_event"),
        whose_(seed, flow, "devices"),
        size_(seed, flow, "size") {}

  bool next(Emission& emission) noexcept override {
    exact_ns_ += gap_.exponential(mean_gap_ns_);
    const double whole = std::floor(exact_ns_);
    exact_ns_ -= whole;
    emission = {.gap = Duration{static_cast<std::int64_t>(whole)},
                .payload_bytes = payload_.draw(size_),
                .unit_end = true};
    emission.device = static_cast<std::uint32_t>(whose_.between(1, devices_));
    return true;
  }

 private:
  std::int64_t devices_;
  double mean_gap_ns_;
  ParetoPayload payload_;
  double exact_ns_{0.0};
  RandomStream gap_, whose_, size_;
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const auto payload = ParetoPayload::read(options);
  if (!payload) return fail(payload.error());
  const auto devices = options.get<std::int64_t>("devices");
  const double interval = static_cast<double>(options.get<Duration>("mean_interval").ns) /
                          options.get<double>("time_compression");
  return std::make_unique<M2mEvent>(devices, std::max(interval / static_cast<double>(devices), 1.0), *payload,
                                    seed, flow);
}

}  // namespace

const TrafficModelDescriptor m2m_event_model{
    .name = "m2m_event",
    .purpose =
        "messages that many devices in one flow send at random, each by itself and seldom: alarms, updates "
        "(TR 45.820 "
        "annex E)",
    .options = with_pareto_payload(
        {{.key = "devices",
          .type = OptionType::integer,
          .default_value = "1000",
          .sentence = "in this flow",
          .minimum = "1",
          .maximum = "2000000"},
         {.key = "mean_interval",
          .type = OptionType::duration,
          .default_value = "30d",
          .sentence = "mean time between two messages of a device, exponentially distributed",
          .minimum = "1ms",
          .maximum = "3650d",
          .unverified = true},
         {.key = "time_compression",
          .type = OptionType::number,
          .default_value = "1",
          .sentence = "divides mean_interval, to see a month in less",
          .minimum = "0.001",
          .maximum = "100000000"}},
        "20"),
    .create = create};

}  // namespace kiriko
