// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// voip: speech frames while talking, comfort noise while silent (NGMN radio access evaluation methodology, annex A).
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

struct VoipSettings {
  Duration frame{}, silence_frame{}, talk{}, silence{};
  std::uint32_t speech{}, comfort_noise{};  ///< octets of UDP payload
};

/// Two states with exponential lengths in whole speech frames. A silence descriptor opens each silence and comes again and again.
class Voip final : public TrafficModel {
 public:
  Voip(const VoipSettings& settings, RandomStream random)
      : settings_(settings), random_(random), gap_(random_.between(0, settings.frame.ns - 1)) {
    talking_ =
        random_.chance(settings.talk.seconds() / (settings.talk.seconds() + settings.silence.seconds()));
    left_ = draw(talking_ ? settings_.talk : settings_.silence);
  }

  bool next(Emission& emission) noexcept override {
    while (left_ == 0) {
      talking_ = !talking_;
      left_ = draw(talking_ ? settings_.talk : settings_.silence);
    }
    emission = {.gap = gap_,
                .payload_bytes = talking_ ? settings_.speech : settings_.comfort_noise,
                .unit_end = true};
    // In silence the frames between two descriptors send nothing.
    const std::int64_t frames =
        talking_ ? 1
                 : std::min<std::int64_t>(
                       std::max<std::int64_t>(settings_.silence_frame.ns / settings_.frame.ns, 1), left_);
    left_ -= frames;
    gap_ = settings_.frame * frames;
    return true;
  }

 private:
  /// Speech frames of a state; 0 happens and means that the other one goes on.
  std::int64_t draw(Duration mean) noexcept {
    return std::llround(random_.exponential(static_cast<double>(mean.ns)) /
                        static_cast<double>(settings_.frame.ns));
  }

  VoipSettings settings_;
  RandomStream random_;
  Duration gap_;
  std::int64_t left_{};
  bool talking_{};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const double activity = options.get<double>("activity");
  const auto talk = options.get<Duration>("talk");
  const VoipSettings settings{
      .frame = options.get<Duration>("frame"),
      .silence_frame = options.get<Duration>("silence_frame"),
      .talk = talk,
      .silence = Duration{std::llround(static_cast<double>(talk.ns) * (1 - activity) / activity)},
      .speech = payload_of(options, "speech_size"),
      .comfort_noise = payload_of(options, "silence_size")};
  return std::make_unique<Voip>(settings, RandomStream{seed, flow, "voip"});
}

}  // namespace

const TrafficModelDescriptor voip_model{
    .name = "voip",
    .purpose =
        "one direction of a call: a frame each 20 ms of a talk spurt, a silence descriptor each 160 ms "
        "(NGMN, AMR 12.2)",
    .options = {{.key = "activity",
                 .type = OptionType::number,
                 .default_value = "0.5",
                 .sentence = "share of the time that is talk (voice activity factor)",
                 .minimum = "0.01",
                 .maximum = "0.99"},
                {.key = "talk",
                 .type = OptionType::duration,
                 .default_value = "2s",
                 .sentence = "mean length of a talk spurt; silences follow from the activity",
                 .minimum = "20ms",
                 .maximum = "1h"},
                {.key = "frame",
                 .type = OptionType::duration,
                 .default_value = "20ms",
                 .sentence = "of the encoder",
                 .minimum = "1ms",
                 .maximum = "1s"},
                {.key = "silence_frame",
                 .type = OptionType::duration,
                 .default_value = "160ms",
                 .sentence = "between two silence descriptors",
                 .minimum = "1ms",
                 .maximum = "10s"},
                {.key = "speech_size",
                 .type = OptionType::bytes,
                 .default_value = "40",
                 .sentence = "UDP payload of a speech frame",
                 .minimum = "1",
                 .maximum = "1472"},
                {.key = "silence_size",
                 .type = OptionType::bytes,
                 .default_value = "15",
                 .sentence = "UDP payload of a silence descriptor",
                 .minimum = "1",
                 .maximum = "1472"}},
    .create = create};

}  // namespace kiriko
