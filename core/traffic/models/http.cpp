// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// http and ngmn_ftp: pages with embedded objects, and files, between reading times (NGMN annex A, IEEE 802.16m EMD).
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"
#include "core/traffic/spacing.hpp"

namespace kiriko {
namespace {

constexpr std::uint32_t packet_octets = 1400;

/// Lognormal, drawn again until it is within its bounds.
struct TruncatedLognormal {
  double mu{}, sigma{}, low{}, high{};
  double draw(RandomStream& random) const noexcept {
    for (int attempt = 0; attempt < 64; ++attempt)
      if (const double x = std::exp(mu + sigma * random.normal()); low <= x && x <= high) return x;
    return std::clamp(std::exp(mu), low, high);
  }
};

/// One download after another: sizes and pauses by turns.
class Downloads : public TrafficModel {
 public:
  explicit Downloads(BitsPerSecond pacing) : spacing_(pacing) {}

  bool next(Emission& emission) noexcept final {
    Duration gap = previous_time_;
    if (left_ == 0) {
      const auto [pause, octets] = next_object();
      gap += pause;
      left_ = std::max<std::int64_t>(std::llround(octets), 1);
    }
    const auto size = static_cast<std::uint32_t>(std::min<std::int64_t>(left_, packet_octets));
    left_ -= size;
    previous_time_ = spacing_.gap(size);
    emission = {.gap = gap, .payload_bytes = size, .unit_end = left_ == 0};
    return true;
  }

 protected:
  struct Object {
    Duration pause;  ///< before it
    double octets;
  };
  virtual Object next_object() noexcept = 0;
  static Duration exponential(RandomStream& random, Duration mean) noexcept {
    return Duration{std::llround(random.exponential(static_cast<double>(mean.ns)))};
  }

 private:
  Spacing spacing_;
  std::int64_t left_{};
  Duration previous_time_{};
};

class Http final : public Downloads {
 public:
  Http(BitsPerSecond pacing, Duration reading, Duration parsing, std::uint64_t seed, std::string_view flow)
      : Downloads(pacing), reading_(reading), parsing_(parsing), random_(seed, flow, "http") {}

 private:
  // Of 10,710 B (deviation 25,032) and 7,758 B (126,168) in the mean before truncation.
  static constexpr TruncatedLognormal main_object{8.37, 1.37, 100, 2e6}, embedded_object{6.17, 2.36, 50, 2e6};
  static constexpr double most_embedded = 53, embedded_shape = 1.1, least_embedded = 2;

  /// A truncated Pareto less its scale: 5.64 in the mean.
  int embedded_objects() noexcept {
    const double x = std::min(random_.pareto(embedded_shape, least_embedded), most_embedded + least_embedded);
    return static_cast<int>(x - least_embedded);
  }
  Object next_object() noexcept override {
    if (embedded_left_ > 0) {
      --embedded_left_;
      const Duration pause = parsed_ ? Duration{} : exponential(random_, parsing_);
      parsed_ = true;
      return {pause, embedded_object.draw(random_)};
    }
    const Duration pause = exponential(random_, reading_);
    embedded_left_ = embedded_objects();
    parsed_ = false;
    return {pause, main_object.draw(random_)};
  }

  Duration reading_, parsing_;
  RandomStream random_;
  int embedded_left_{};
  bool parsed_{};
};

class NgmnFtp final : public Downloads {
 public:
  NgmnFtp(BitsPerSecond pacing, Duration reading, std::uint64_t seed, std::string_view flow)
      : Downloads(pacing), reading_(reading), random_(seed, flow, "ngmn_ftp") {}

 private:
  static constexpr TruncatedLognormal file{14.45, 0.35, 1, 5e6};

  Object next_object() noexcept override {
    const Duration pause = exponential(random_, reading_);
    return {pause, file.draw(random_)};
  }

  Duration reading_;
  RandomStream random_;
};

Result<std::unique_ptr<TrafficModel>> create_http(const OptionValues& options, std::uint64_t seed,
                                                  std::string_view flow) {
  return std::make_unique<Http>(options.get<BitsPerSecond>("rate"), options.get<Duration>("reading"),
                                options.get<Duration>("parsing"), seed, flow);
}

Result<std::unique_ptr<TrafficModel>> create_ftp(const OptionValues& options, std::uint64_t seed,
                                                 std::string_view flow) {
  return std::make_unique<NgmnFtp>(options.get<BitsPerSecond>("rate"), options.get<Duration>("reading"), seed,
                                   flow);
}

Option rate_option() {
  return {.key = "rate",
          .type = OptionType::rate,
          .default_value = "100 Mbit/s",
          .sentence = "at which an object's packets follow each other",
          .minimum = "1 kbit/s",
          .maximum = "100 Gbit/s"};
}

Option reading_option(const char* mean) {
  return {.key = "reading",
          .type = OptionType::duration,
          .default_value = mean,
          .sentence = "mean pause before the next page or file, exponentially distributed",
          .minimum = "1ms",
          .maximum = "24h"};
}

}  // namespace

const TrafficModelDescriptor http_model{
    .name = "http",
    .purpose =
        "web pages: a main object, embedded ones, a reading time (NGMN; lognormal sizes, truncated Pareto "
        "number)",
    .options = {rate_option(),
                reading_option("30s"),
                {.key = "parsing",
                 .type = OptionType::duration,
                 .default_value = "130ms",
                 .sentence = "mean pause between a page's main object and the embedded ones",
                 .minimum = "1ms",
                 .maximum = "1min"}},
    .create = create_http};

const TrafficModelDescriptor ngmn_ftp_model{
    .name = "ngmn_ftp",
    .purpose = "files of 2 MB in the mean, truncated lognormal up to 5 MB, between reading times (NGMN)",
    .options = {rate_option(), reading_option("180s")},
    .create = create_ftp};

}  // namespace kiriko
