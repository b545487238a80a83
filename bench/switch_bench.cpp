// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Switch benches, and beside them a function that does nothing but send: what the driving itself costs.
#include "bench/forwarding_bench.hpp"
#include "bench/relay.hpp"
#include "vnf/switch/switch.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint16_t switch_ports = 5;
constexpr std::uint16_t payload = 36;

Ipv4Address network(std::uint32_t n) { return Ipv4Address{Ipv4Address{10, 0, 0, 0}.value + (n << 8)}; }

Result<std::unique_ptr<Bench>> make_empty() {
  auto drive = FunctionDrive::create(std::make_unique<Relay>(PortId{1}), 2);
  if (!drive) return fail(drive.error());
  return std::make_unique<ForwardingBench>(
      std::move(*drive), std::vector<ForwardingBench::Stream>{
                             {PortId{0}, PreparedFrames::plain({{.address = server_address}}, payload)}});
}

}  // namespace

Result<std::unique_ptr<Bench>> make_switch_bench(std::uint32_t entries) {
  FunctionSetup setup;
  setup.name = "switch";
  setup.options = OptionValues::defaults(switch_descriptor.options);
  setup.ports.resize(switch_ports);
  auto drive = FunctionDrive::create(switch_descriptor, setup);
  if (!drive) return fail(drive.error());
  SetForwarding forwarding{.node = NodeId{}, .set = {}, .remove = {}};
  std::vector<Endpoint> endpoints;
  for (std::uint32_t i = 0; i < entries; ++i) {
    forwarding.set.push_back({.destination = Ipv4Prefix{network(i), 24},
                              .ports = {PortId{static_cast<std::uint16_t>(1 + i % (switch_ports - 1U))}}});
    endpoints.push_back({.address = Ipv4Address{network(i).value + 1 + i % 250}});
  }
  if (auto applied = (*drive)->apply(forwarding); !applied) return fail(applied.error());
  return std::make_unique<ForwardingBench>(
      std::move(*drive),
      std::vector<ForwardingBench::Stream>{{PortId{0}, PreparedFrames::plain(endpoints, payload)}});
}

void add_switch_benches(BenchList& list) {
  list.push_back({.name = "empty_function",
                  .sentence = "A function that only sends on: allocation, 78 B of headers, metadata, release",
                  .make = make_empty});
  list.push_back({.name = "switch_1flow", .sentence = "Switch, 1 entry, 1 flow", .make = [] {
                    return make_switch_bench(1);
                  }});
  list.push_back({.name = "switch_10k",
                  .sentence = "Switch, 10,000 prefixes to 4 ports, random destinations",
                  .make = [] { return make_switch_bench(10'000); }});
}

}  // namespace kiriko::bench
