// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// video: frames of truncated Gaussian size at a frame rate with jitter (TR 38.838 clauses 5.1.1 and 5.1.2).
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"
#include "core/traffic/spacing.hpp"

namespace kiriko {
namespace {

struct VideoSettings {
  double mean_frame{};                                      ///< octets
  double size_deviation{}, size_minimum{}, size_maximum{};  ///< of the mean
  double period_ns{}, jitter_deviation_ns{}, jitter_limit_ns{};
  std::uint32_t packet{};
};

/// A normal deviate within [low, high] by rejection; hopeless bounds end in a clamp.
double truncated_normal(RandomStream& random, double mean, double deviation, double low,
                        double high) noexcept {
  if (deviation <= 0.0) return std::clamp(mean, low, high);
  for (int attempt = 0; attempt < 64; ++attempt) {
    const double x = mean + deviation * random.normal();
    if (low <= x && x <= high) return x;
  }
  return std::clamp(mean, low, high);
}

class Video final : public TrafficModel {
 public:
  Video(const VideoSettings& settings, BitsPerSecond pacing, std::uint64_t seed, std::string_view flow)
      : settings_(settings), spacing_(pacing), size_(seed, flow, "size"), jitter_(seed, flow, "jitter") {
    phase_ns_ = RandomStream{seed, flow, "phase"}.uniform() * settings_.period_ns;
  }

  bool next(Emission& emission) noexcept override {
    // Relative to the last emission; a frame never overtakes the one before it.
    Duration gap = previous_time_;
    if (left_ == 0) {
      const double jitter = truncated_normal(jitter_, 0.0, settings_.jitter_deviation_ns,
                                             -settings_.jitter_limit_ns, settings_.jitter_limit_ns);
      const double at =
          std::max(phase_ns_ + static_cast<double>(frame_++) * settings_.period_ns + jitter, 0.0);
      gap = Duration{std::max<std::int64_t>(std::llround(at), (elapsed_ + gap).ns)} - elapsed_;
      const double share = truncated_normal(size_, 1.0, settings_.size_deviation, settings_.size_minimum,
                                            settings_.size_maximum);
      left_ = std::max<std::int64_t>(std::llround(share * settings_.mean_frame), 1);
    }
    elapsed_ += gap;
    const auto size = static_cast<std::uint32_t>(std::min<std::int64_t>(left_, settings_.packet));
    left_ -= size;
    previous_time_ = spacing_.gap(size);
    emission = {.gap = gap, .payload_bytes = size, .unit_end = left_ == 0};
    return true;
  }

 private:
  VideoSettings settings_;
  Spacing spacing_;
  RandomStream size_, jitter_;
  double phase_ns_{0.0};
  std::int64_t frame_{0};
  std::int64_t left_{0};      ///< octets of the current frame
  Duration elapsed_{};        ///< of the last emission
  Duration previous_time_{};  ///< sending time of the last packet
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const double fps = options.get<double>("fps");
  const VideoSettings settings{
      .mean_frame = static_cast<double>(options.get<BitsPerSecond>("rate").value) / (8.0 * fps),
      .size_deviation = options.get<double>("size_deviation"),
      .size_minimum = options.get<double>("size_minimum"),
      .size_maximum = options.get<double>("size_maximum"),
      .period_ns = 1e9 / fps,
      .jitter_deviation_ns = static_cast<double>(options.get<Duration>("jitter_deviation").ns),
      .jitter_limit_ns = static_cast<double>(options.get<Duration>("jitter_limit").ns),
      .packet = payload_of(options, "packet_size")};
  return std::make_unique<Video>(settings, options.get<BitsPerSecond>("pacing"), seed, flow);
}

}  // namespace

const TrafficModelDescriptor video_model{
    .name = "video",
    .purpose =
        "video by frames: truncated Gaussian sizes, jittered arrivals, each frame a burst of packets (TR "
        "38.838)",
    .options = {{.key = "rate",
                 .type = OptionType::rate,
                 .sentence = "mean, of the UDP payload",
                 .minimum = "1 kbit/s",
                 .maximum = "100 Gbit/s",
                 .required = true},
                {.key = "fps",
                 .type = OptionType::number,
                 .default_value = "60",
                 .sentence = "frames per second",
                 .minimum = "0.1",
                 .maximum = "1000"},
                {.key = "size_deviation",
                 .type = OptionType::number,
                 .default_value = "0.105",
                 .sentence = "standard deviation of the frame size, of the mean",
                 .minimum = "0",
                 .maximum = "1"},
                {.key = "size_minimum",
                 .type = OptionType::number,
                 .default_value = "0.5",
                 .sentence = "least frame size, of the mean",
                 .minimum = "0",
                 .maximum = "1"},
                {.key = "size_maximum",
                 .type = OptionType::number,
                 .default_value = "1.5",
                 .sentence = "largest frame size, of the mean",
                 .minimum = "1",
                 .maximum = "10"},
                {.key = "jitter_deviation",
                 .type = OptionType::duration,
                 .default_value = "2ms",
                 .sentence = "standard deviation of a frame's arrival",
                 .minimum = "0s",
                 .maximum = "1s"},
                {.key = "jitter_limit",
                 .type = OptionType::duration,
                 .default_value = "4ms",
                 .sentence = "largest deviation of a frame's arrival",
                 .minimum = "0s",
                 .maximum = "1s"},
                {.key = "packet_size",
                 .type = OptionType::bytes,
                 .default_value = "1400",
                 .sentence = "UDP payload of a full packet",
                 .minimum = "64",
                 .maximum = "1472"},
                {.key = "pacing",
                 .type = OptionType::rate,
                 .default_value = "1 Gbit/s",
                 .sentence = "at which a frame's packets follow each other; unlimited: all at once"}},
    .create = create};

}  // namespace kiriko
