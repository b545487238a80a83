// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Device groups: reports of a million devices, each with its own period, made by one source.
#include <fmt/format.h>

#include "bench/bench.hpp"
#include "bench/function_drive.hpp"
#include "bench/machine.hpp"
#include "bench/stopwatch.hpp"
#include "core/traffic/packet_source.hpp"

namespace kiriko::bench {
namespace {

Result<std::unique_ptr<PacketSource>> make_source(std::uint32_t devices) {
  FlowSpec spec;
  spec.id = FlowId{0};
  spec.name = "reports";
  spec.model = "m2m_periodic";
  spec.windows = {MeasureWindow{}};
  const TrafficModelDescriptor* model = find_traffic_model(spec.model);
  // A million devices report 130 times a second; compressed, so that the flow's seconds stay few.
  auto options = OptionValues::parse(
      model->options, {{"devices", {std::to_string(devices)}}, {"time_compression", {"1000"}}}, nullptr);
  if (!options) return fail(options.error());
  auto made = model->create(*options, 1, spec.name);
  if (!made) return fail(made.error());
  return std::make_unique<PacketSource>(spec, std::move(*made), MacAddress::local(1));
}

class DeviceGroupBench final : public Bench {
 public:
  DeviceGroupBench(std::unique_ptr<PacketSource> source, PacketPool pool, double octets)
      : source_(std::move(source)), pool_(std::move(pool)), octets_(octets) {}

  Result<double> measure(Duration wall) override {
    constexpr int between_looks = 1024;
    std::uint64_t sent = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < between_looks; ++i) {
        source_->emit(source_->due(), PortId{0}, exits_);
        if (i % static_cast<int>(burst_size) == 0) exits_.flush_all();
      }
      exits_.flush_all();
      sent += between_looks;
    } while (!watch.passed(wall));
    if (exits_.ledger().dropped_total() != 0) return fail({.message = "packets were dropped"});
    return static_cast<double>(sent) * 1e3 / watch.nanoseconds();
  }
  std::string note() const override { return fmt::format("{:.0f} B of memory a device", octets_); }

 private:
  RecyclingOutput output_;
  std::unique_ptr<PacketSource> source_;
  PacketPool pool_;
  Exits exits_{&pool_, {&output_}};
  double octets_;
};

}  // namespace

void add_device_group_benches(BenchList& list, bool quick) {
  const std::uint32_t devices = quick ? 10'000 : 1'000'000;
  list.push_back({.name = "device_group",
                  .sentence = fmt::format("{} devices of TR 45.820 in one source: a report each", devices),
                  .target = BenchEntry::Target{.at_least = 1, .of = BenchEntry::Target::Of::figure},
                  .make = [devices]() -> Result<std::unique_ptr<Bench>> {
                    auto pool = PacketPool::create("device_group", 1023);
                    if (!pool) return fail(pool.error());
                    const double before = resident_octets();
                    auto source = make_source(devices);
                    if (!source) return fail(source.error());
                    const double octets = (resident_octets() - before) / static_cast<double>(devices);
                    return std::make_unique<DeviceGroupBench>(std::move(*source), std::move(*pool), octets);
                  }});
}

}  // namespace kiriko::bench
