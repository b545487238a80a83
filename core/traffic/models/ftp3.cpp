// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ftp3: FTP model 3 (TR 36.872, TR 36.889): files of one size arrive as a Poisson process.
#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/traffic/models/models.hpp"
#include "core/traffic/spacing.hpp"

namespace kiriko {
namespace {

class Ftp3 final : public TrafficModel {
 public:
  Ftp3(std::int64_t file, std::uint32_t packet, double files_per_second, BitsPerSecond rate,
       RandomStream random)
      : file_(file), packet_(packet), mean_gap_ns_(1e9 / files_per_second), spacing_(rate), random_(random) {}

  bool next(Emission& emission) noexcept override {
    Duration gap = previous_time_;  // a packet follows when the one before it has been sent
    until_arrival_ns_ -= static_cast<double>(gap.ns);
    if (left_ == 0) {
      // Files that arrive meanwhile wait their turn, so the arrival may lie in the past.
      until_arrival_ns_ += random_.exponential(mean_gap_ns_);
      const auto wait = static_cast<std::int64_t>(std::max(std::floor(until_arrival_ns_), 0.0));
      until_arrival_ns_ -= static_cast<double>(wait);
      gap += Duration{wait};
      left_ = file_;
    }
    const auto size = static_cast<std::uint32_t>(std::min<std::int64_t>(left_, packet_));
    left_ -= size;
    previous_time_ = spacing_.gap(size);
    emission = {.gap = gap, .payload_bytes = size, .unit_end = left_ == 0};
    return true;
  }

 private:
  std::int64_t file_;
  std::uint32_t packet_;
  double mean_gap_ns_;
  Spacing spacing_;
  RandomStream random_;
  std::int64_t left_{0};          ///< octets of the current file
  double until_arrival_ns_{0.0};  ///< from the last emission to the last file's arrival
  Duration previous_time_{};      ///< sending time of the last packet
};

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t seed,
                                             std::string_view flow) {
  return std::make_unique<Ftp3>(options.get<Bytes>("file_size").count, payload_of(options, "packet_size"),
                                options.get<double>("files_per_second"), options.get<BitsPerSecond>("rate"),
                                RandomStream{seed, flow, "ftp3"});
}

}  // namespace

const TrafficModelDescriptor ftp3_model{
    .name = "ftp3",
    .purpose = "FTP model 3: files of one size arrive as a Poisson process and are sent as packets",
    .options = {{.key = "file_size",
                 .type = OptionType::bytes,
                 .default_value = "500000",
                 .sentence = "of every file (TR 36.872: 0.5 MB)",
                 .minimum = "1",
                 .maximum = "1 GB",
                 .unverified = true},
                {.key = "files_per_second",
                 .type = OptionType::number,
                 .default_value = "1",
                 .sentence = "mean arrival rate",
                 .minimum = "0.000001",
                 .maximum = "100000"},
                {.key = "rate",
                 .type = OptionType::rate,
                 .default_value = "100 Mbit/s",
                 .sentence = "at which a file's UDP payload is sent; further files wait",
                 .minimum = "1 kbit/s",
                 .maximum = "1 Tbit/s"},
                {.key = "packet_size",
                 .type = OptionType::bytes,
                 .default_value = "1400",
                 .sentence = "UDP payload of a full packet",
                 .minimum = "64",
                 .maximum = "1472"}},
    .create = create};

}  // namespace kiriko
