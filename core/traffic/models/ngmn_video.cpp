// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ngmn_video: a low-rate video stream: frames of slices with truncated Pareto sizes and gaps (NGMN annex A).
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

constexpr double shape = 1.2;

/// Pareto given that it is at most `most`: by the inverse of its distribution, one draw a value.
struct TruncatedPareto {
  double least{}, most{};
  double draw(RandomStream& random) const noexcept {
    const double within = 1 - std::pow(least / most, shape);
    return least * std::pow(1 - random.uniform() * within, -1 / shape);
  }
};

class NgmnVideo final : public TrafficModel {
 public:
  NgmnVideo(Duration frame, std::int64_t slices, TruncatedPareto octets, TruncatedPareto gap_ms,
            std::uint64_t seed, std::string_view flow)
      : frame_(frame),
        slices_(slices),
        octets_(octets),
        gap_ms_(gap_ms),
        size_(seed, flow, "size"),
        gap_(seed, flow, "gap") {}

  bool next(Emission& emission) noexcept override {
    // A slice follows the one before it; the first of a frame the frame's own time, if that is later.
    const std::int64_t before = slice_ == 0 ? std::max(frame_ns_, sent_ns_) : sent_ns_;
    const std::int64_t at = before + std::llround(gap_ms_.draw(gap_) * 1e6);
    const Duration gap{at - sent_ns_};
    sent_ns_ = at;
    if (++slice_ == slices_) {
      slice_ = 0;
      frame_ns_ += frame_.ns;
    }
    emission = {.gap = gap,
                .payload_bytes = static_cast<std::uint32_t>(octets_.draw(size_)),
                .unit_end = slice_ == 0};
    return true;
  }

 private:
  Duration frame_;
  std::int64_t slices_, slice_{};
  TruncatedPareto octets_, gap_ms_;
  RandomStream size_, gap_;
  std::int64_t frame_ns_{}, sent_ns_{};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const auto octets = [&](const char* key) { return static_cast<double>(options.get<Bytes>(key).count); };
  const auto milliseconds_of = [&](const char* key) { return options.get<Duration>(key).seconds() * 1e3; };
  const TruncatedPareto size{octets("slice_minimum"), octets("slice_maximum")};
  const TruncatedPareto gap{milliseconds_of("gap_minimum"), milliseconds_of("gap_maximum")};
  if (size.most < size.least)
    return fail({.message = "'slice_maximum' is below 'slice_minimum'", .where = "slice_maximum"});
  if (gap.most < gap.least)
    return fail({.message = "'gap_maximum' is below 'gap_minimum'", .where = "gap_maximum"});
  return std::make_unique<NgmnVideo>(options.get<Duration>("frame"), options.get<std::int64_t>("slices"),
                                     size, gap, seed, flow);
}

Option octets_option(const char* key, const char* value, const char* sentence) {
  return {.key = key,
          .type = OptionType::bytes,
          .default_value = value,
          .sentence = sentence,
          .minimum = "1",
          .maximum = "1472"};
}
Option gap_option(const char* key, const char* value, const char* sentence) {
  return {.key = key,
          .type = OptionType::duration,
          .default_value = value,
          .sentence = sentence,
          .minimum = "1us",
          .maximum = "1s"};
}

}  // namespace

const TrafficModelDescriptor ngmn_video_model{
    .name = "ngmn_video",
    .purpose =
        "video of 32 kbit/s: 8 slices of 50 B in the mean, 10 times a second (NGMN; truncated Pareto sizes "
        "and "
        "gaps of shape 1.2)",
    .options = {gap_option("frame", "100ms", "between two frames"),
                {.key = "slices",
                 .type = OptionType::integer,
                 .default_value = "8",
                 .sentence = "in a frame, a packet each",
                 .minimum = "1",
                 .maximum = "1000"},
                octets_option("slice_minimum", "20", "least octets of a slice, UDP payload"),
                octets_option("slice_maximum", "250", "most octets of a slice"),
                gap_option("gap_minimum", "2.5ms", "least time before a slice"),
                gap_option("gap_maximum", "12.5ms", "most time before a slice")},
    .create = create};

}  // namespace kiriko
