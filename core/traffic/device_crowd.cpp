// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A heap of the devices' next emissions.
#include "core/traffic/device_crowd.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/random.hpp"

namespace kiriko {
namespace {

class DeviceCrowd final : public TrafficModel {
 public:
  explicit DeviceCrowd(std::size_t devices) { devices_.reserve(devices); }

  void add(std::unique_ptr<TrafficModel> model, Duration start) {
    Device device{.model = std::move(model)};
    const auto number = static_cast<std::uint32_t>(devices_.size());
    if (!device.model->next(device.pending)) return;
    due_.push_back({start.ns + device.pending.gap.ns, number});
    devices_.push_back(std::move(device));
  }
  void begin() { std::make_heap(due_.begin(), due_.end(), later); }

  bool next(Emission& emission) noexcept override {
    if (due_.empty()) return false;
    std::pop_heap(due_.begin(), due_.end(), later);
    Due& due = due_.back();
    Device& device = devices_[due.device];
    emission = device.pending;
    emission.gap = Duration{due.at_ns - now_ns_};
    emission.device = due.device + 1;
    now_ns_ = due.at_ns;
    if (device.model->next(device.pending)) {
      due.at_ns += device.pending.gap.ns;
      std::push_heap(due_.begin(), due_.end(), later);
    } else {
      device.model.reset();
      due_.pop_back();
    }
    return true;
  }

 private:
  struct Device {
    std::unique_ptr<TrafficModel> model;
    Emission pending{};
  };
  struct Due {
    std::int64_t at_ns;
    std::uint32_t device;
  };
  /// Of one instant the first device comes first.
  static bool later(const Due& a, const Due& b) noexcept {
    return a.at_ns != b.at_ns ? a.at_ns > b.at_ns : a.device > b.device;
  }

  std::vector<Device> devices_{};
  std::vector<Due> due_{};
  std::int64_t now_ns_{};
};

}  // namespace

Result<std::unique_ptr<TrafficModel>> make_device_crowd(const TrafficModelDescriptor& descriptor,
                                                        const OptionValues& options, std::uint32_t devices,
                                                        Duration spread, std::uint64_t seed,
                                                        std::string_view flow) {
  auto crowd = std::make_unique<DeviceCrowd>(devices);
  RandomStream starts(seed, flow, "starts of devices");
  for (std::uint32_t i = 1; i <= devices; ++i) {
    auto model = descriptor.create(options, seed, std::string(flow) + "#" + std::to_string(i));
    if (!model) return fail(model.error());
    crowd->add(std::move(*model), Duration{starts.between(0, std::max<std::int64_t>(spread.ns - 1, 0))});
  }
  crowd->begin();
  return crowd;
}

}  // namespace kiriko
