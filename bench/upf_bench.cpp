// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UPF benches: uplink and downlink packets of random sessions, few and many of them.
#include "bench/forwarding_bench.hpp"
#include "bench/pdu_sessions.hpp"
#include "core/net/gtpu.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t few = 1'000, many = 100'000, most = 1'000'000;
/// Of the user's datagram: 64 octets of IPv4, so 122 on N3 and 78 on N6.
constexpr std::uint16_t payload = 36;

}  // namespace

Result<std::unique_ptr<Bench>> make_upf_bench(std::uint32_t sessions, bool uplink, bool downlink) {
  auto drive = FunctionDrive::create(upf_descriptor, upf_setup());
  if (!drive) return fail(drive.error());
  const auto endpoints = session_endpoints(sessions);
  for (std::uint32_t i = 0; i < sessions; ++i)
    if (auto applied = (*drive)->apply(EstablishPduSession{NodeId{}, session_rules(i + 1, endpoints[i])});
        !applied)
      return fail(applied.error());
  std::vector<ForwardingBench::Stream> streams;
  if (uplink) streams.push_back({n3, PreparedFrames::tunnelled(endpoints, payload, pdu_type::uplink)});
  if (downlink) streams.push_back({n6, PreparedFrames::plain(endpoints, payload)});
  return std::make_unique<ForwardingBench>(std::move(*drive), std::move(streams));
}

void add_upf_benches(BenchList& list, bool quick) {
  using Of = BenchEntry::Target::Of;
  const BenchEntry::Target target{.at_least = 0.40, .of = Of::macswap};
  list.push_back({.name = "upf_1k",
                  .sentence = "UPF, 1,000 sessions, uplink and downlink by turns",
                  .target = BenchEntry::Target{.at_least = 0.45, .of = Of::macswap},
                  .make = [] { return make_upf_bench(few, true, true); }});
  list.push_back({.name = "upf_100k_uplink",
                  .sentence = "UPF, 100,000 sessions, uplink: 122 B with GTP-U to 78 B",
                  .target = target,
                  .make = [] { return make_upf_bench(many, true, false); }});
  list.push_back({.name = "upf_100k_downlink",
                  .sentence = "UPF, 100,000 sessions, downlink: 78 B to 122 B with GTP-U",
                  .target = target,
                  .make = [] { return make_upf_bench(many, false, true); }});
  list.push_back({.name = "upf_1m",
                  .sentence = quick ? "UPF, 100,000 sessions instead of a million, by turns"
                                    : "UPF, 1,000,000 sessions, uplink and downlink by turns",
                  .target = BenchEntry::Target{.at_least = 0.28, .of = Of::macswap},
                  .make = [quick] { return make_upf_bench(quick ? many : most, true, true); }});
}

}  // namespace kiriko::bench
