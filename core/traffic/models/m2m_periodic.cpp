// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// m2m_periodic: small reports of many devices, each with its own period and phase (TR 45.820 annex E.2).
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/base/random.hpp"
#include "core/traffic/models/pareto_payload.hpp"

namespace kiriko {
namespace {

struct ReportingClass {
  double share;
  Duration period;
};
constexpr std::array<ReportingClass, 4> reporting_classes{
    {{0.40, seconds(86'400)}, {0.40, seconds(7'200)}, {0.15, seconds(3'600)}, {0.05, seconds(1'800)}}};

/// The exact superposition: one entry a device, the next to report on top of a heap.
class M2mPeriodic final : public TrafficModel {
 public:
  M2mPeriodic(std::int64_t devices, double time_compression, ParetoPayload payload, std::uint64_t seed,
              std::string_view flow)
      : payload_(payload), size_(seed, flow, "size") {
    RandomStream random{seed, flow, "devices"};
    heap_.reserve(static_cast<std::size_t>(devices));
    for (std::int64_t i = 0; i < devices; ++i) {
      const double drawn = random.uniform();
      std::size_t kind = 0;
      for (double sum = reporting_classes[0].share; kind + 1 < reporting_classes.size() && drawn >= sum;)
        sum += reporting_classes[++kind].share;
      const double period =
          std::max(static_cast<double>(reporting_classes[kind].period.ns) / time_compression, 1.0);
      const std::int64_t period_ns = std::llround(period);
      heap_.push_back({random.between(0, period_ns - 1), period_ns, static_cast<std::uint32_t>(i)});
    }
    std::sort(heap_.begin(), heap_.end(), [](const Device& a, const Device& b) { return later(b, a); });
  }

  bool next(Emission& emission) noexcept override {
    Device& first = heap_.front();
    emission.gap = Duration{first.time_ns - previous_ns_};
    emission.payload_bytes = payload_.draw(size_);
    emission.unit_end = true;
    emission.device = first.number + 1;
    previous_ns_ = first.time_ns;
    first.time_ns += first.period_ns;
    sift_down();
    return true;
  }

 private:
  /// Of a heap's node: half as many levels as with two, each in one or two cache lines.
  static constexpr std::size_t children = 4;

  struct Device {
    std::int64_t time_ns;
    std::int64_t period_ns;
    std::uint32_t number;
  };
  static bool later(const Device& a, const Device& b) noexcept {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.number > b.number;
  }
  void sift_down() noexcept {
    const Device moved = heap_.front();
    std::size_t hole = 0;
    for (std::size_t first = 1; first < heap_.size(); first = children * hole + 1) {
      std::size_t child = first;
      for (std::size_t other = first + 1; other < std::min(first + children, heap_.size()); ++other)
        if (later(heap_[child], heap_[other])) child = other;
      if (!later(moved, heap_[child])) break;
      heap_[hole] = heap_[child];
      hole = child;
    }
    heap_[hole] = moved;
  }

  std::vector<Device> heap_;
  std::int64_t previous_ns_{0};
  ParetoPayload payload_;
  RandomStream size_;
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const auto payload = ParetoPayload::read(options);
  if (!payload) return fail(payload.error());
  return std::make_unique<M2mPeriodic>(options.get<std::int64_t>("devices"),
                                       options.get<double>("time_compression"), *payload, seed, flow);
}

}  // namespace

const TrafficModelDescriptor m2m_periodic_model{
    .name = "m2m_periodic",
    .purpose =
        "periodic reports of many devices in one flow: periods of 1 day (40 %), 2 h (40 %), 1 h (15 %) and "
        "30 min (5 %), random phases (TR 45.820 annex E)",
    .options = with_pareto_payload({{.key = "devices",
                                     .type = OptionType::integer,
                                     .default_value = "1000",
                                     .sentence = "that report in this flow",
                                     .minimum = "1",
                                     .maximum = "2000000"},
                                    {.key = "time_compression",
                                     .type = OptionType::number,
                                     .default_value = "1",
                                     .sentence = "divides all periods, to see a day in less",
                                     .minimum = "0.001",
                                     .maximum = "1000000"}},
                                   "200"),
    .create = create};

}  // namespace kiriko
