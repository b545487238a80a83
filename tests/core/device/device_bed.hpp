// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A device opened by a test, its one port recorded, polled until what is awaited has come.
#pragma once

#include "core/device/open_device.hpp"
#include "scenarios/loader/load.hpp"
#include "tests/vnf/function_bed.hpp"

namespace kiriko::test {

inline DeviceSetup device_setup(const std::string& kind, const OptionTexts& texts = {}) {
  std::vector<Problem> problems;
  auto options = OptionValues::parse(device_options(kind), texts, &problems);
  for (const Problem& problem : problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(options.has_value());
  return {.name = "device", .kind = kind, .options = *options, .packets = 1024};
}

class DeviceBed {
 public:
  explicit DeviceBed(const std::string& kind, const OptionTexts& texts = {})
      : DeviceBed(open_device(device_setup(kind, texts))) {}
  explicit DeviceBed(Result<std::unique_ptr<DeviceFunction>> opened) {
    if (!opened) FAIL(to_string(opened.error()));
    device_ = std::move(*opened);
    clock_.start();
  }

  /// Polls until `count` frames are there, at most some ten thousand times.
  std::vector<Frame> receive(std::size_t count) {
    for (int i = 0; i < 20'000 && sent_.size() < count; ++i) {
      device_->poll(clock_, {}, exits_);
      exits_.flush_all();
    }
    std::vector<Frame> frames;
    for (const Sent& sent : std::exchange(sent_, {})) frames.push_back(sent.frame);
    return frames;
  }
  void send(const std::vector<Frame>& frames) {
    Burst burst;
    for (const Frame& frame : frames) {
      Packet* packet = pool_.allocate();
      REQUIRE(packet != nullptr);
      char* bytes = rte_pktmbuf_append(packet, static_cast<std::uint16_t>(frame.size()));
      REQUIRE(bytes != nullptr);
      std::memcpy(bytes, frame.data(), frame.size());
      burst.push(packet);
    }
    exits_.ledger().in += burst.size();
    device_->process(burst, exits_);
  }
  DeviceFunction& device() { return *device_; }
  std::uint64_t dropped(DropReason reason) const {
    return exits_.ledger().dropped[static_cast<std::size_t>(reason)];
  }
  const Ledger& ledger() const { return exits_.ledger(); }
  double metric(std::string_view name) const {
    Report report;
    device_->report(report);
    for (const auto& [key, value] : report.metrics)
      if (key == name) return value;
    FAIL("no metric '" << name << "'");
    return 0;
  }
  void check_conservation() const { CHECK(ledger().expected_held() == 0); }

 private:
  static PacketPool make_pool() {
    static unsigned serial = 0;
    auto pool = PacketPool::create("device_bed" + std::to_string(++serial), 1023, 128 + 3600);
    REQUIRE(pool.has_value());
    return std::move(*pool);
  }

  PacketPool pool_{make_pool()};
  std::vector<Sent> sent_{};
  bool recording_{true};
  RecordingOutput output_{PortId{0}, &sent_, &recording_};
  Exits exits_{&pool_, {&output_}};
  RealClock clock_{};
  std::unique_ptr<DeviceFunction> device_{};
};

}  // namespace kiriko::test
