// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// gaming: a networked game's packets with largest extreme value (Fisher-Tippett) sizes and times (NGMN annex A).
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"

namespace kiriko {
namespace {

/// x = location - scale · ln(-ln u).
struct ExtremeValue {
  double location{}, scale{};
  double draw(RandomStream& random) const noexcept {
    const double u = std::clamp(random.uniform(), 1e-16, 1 - 1e-16);
    return location - scale * std::log(-std::log(u));
  }
};

constexpr double ns_of_ms = 1e6;

class Gaming final : public TrafficModel {
 public:
  Gaming(ExtremeValue size, ExtremeValue gap_ms, std::uint64_t seed, std::string_view flow)
      : size_(size), gap_ms_(gap_ms), sizes_(seed, flow, "size"), gaps_(seed, flow, "gap") {
    first_ = Duration{std::llround(RandomStream{seed, flow, "phase"}.uniform() * gap_ms.location * ns_of_ms)};
  }

  bool next(Emission& emission) noexcept override {
    const double gap = std::max(gap_ms_.draw(gaps_), 0.0) * ns_of_ms;
    const double size = std::clamp(size_.draw(sizes_), 1.0, largest);
    emission = {.gap = first_.value_or(Duration{std::llround(gap)}),
                .payload_bytes = static_cast<std::uint32_t>(std::llround(size)),
                .unit_end = true};
    first_.reset();
    return true;
  }

 private:
  static constexpr double largest = 1472;

  ExtremeValue size_, gap_ms_;
  RandomStream sizes_, gaps_;
  std::optional<Duration> first_{};
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  const bool up = options.get<std::string>("direction") == "uplink";
  const ExtremeValue size = up ? ExtremeValue{45, 5.7} : ExtremeValue{120, 36};
  const ExtremeValue gap = up ? ExtremeValue{40, 0} : ExtremeValue{55, 5.7};  // the uplink's is deterministic
  return std::make_unique<Gaming>(size, gap, seed, flow);
}

}  // namespace

const TrafficModelDescriptor gaming_model{
    .name = "gaming",
    .purpose =
        "a networked game: uplink sizes around 48 B each 40 ms, downlink sizes around 141 B each 58 ms, "
        "Fisher-Tippett distributed (NGMN)",
    .options = {{.key = "direction",
                 .type = OptionType::choice,
                 .default_value = "uplink",
                 .sentence = "whose packets: the player's (uplink) or the server's",
                 .choices = {"uplink", "downlink"}}},
    .create = create};

}  // namespace kiriko
