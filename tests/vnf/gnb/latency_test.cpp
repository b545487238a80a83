// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Unloaded one-way user-plane latency by numerology and grant against its formula, beside ITU-R M.2410's 4 ms and 1 ms.
#include <array>
#include <cmath>

#include "tests/vnf/gnb/cell_bench.hpp"

using namespace kiriko;
using namespace kiriko::gnb_test;

namespace {

enum class Way { downlink, configured_grant, dynamic_grant };

struct Row {
  int mu;
  const char* range;
  int bandwidth;
  int processing_symbols;  ///< N1 of UE processing capability 1 (TS 38.214 Table 5.3-1), here on both sides
};
constexpr std::array<Row, 4> rows{
    {{0, "FR1", 20, 8}, {1, "FR1", 100, 10}, {2, "FR1", 100, 17}, {3, "FR2", 100, 20}}};
constexpr std::int64_t grant_slots = 4, request_slots = 4;

struct Latency {
  double mean_ms{}, worst_ms{};
};

std::int64_t slot_ns(int mu) { return 1'000'000 >> mu; }
std::int64_t processing_ns(const Row& row) { return slot_ns(row.mu) * row.processing_symbols / 14; }

/// Sender's processing, wait for an occasion (half of its period in the mean), grant, a slot, receiver's processing.
Latency formula(const Row& row, Way way) {
  const double slot = static_cast<double>(slot_ns(row.mu)) * 1e-6,
               processing = static_cast<double>(processing_ns(row)) * 1e-6;
  const double period = way == Way::dynamic_grant ? request_slots * slot : slot;
  const double rest = 2 * processing + (way == Way::dynamic_grant ? grant_slots * slot : 0) + slot;
  return {rest + period / 2, rest + period};
}

/// A 32 octet datagram (IPv4 and UDP included 60) alone in the cell, at many phases of the occasions.
Latency measured(const Row& row, Way way) {
  const bool dynamic = way == Way::dynamic_grant;
  const std::string processing = std::to_string(processing_ns(row)) + "ns";
  CellBench bench{{{"tdd", {"FDD"}},
                   {"bler", {"0"}},
                   {"numerology", {std::to_string(row.mu)}},
                   {"frequency_range", {row.range}},
                   {"bandwidth", {std::to_string(row.bandwidth)}},
                   {"gnb_processing", {processing}},
                   {"ue_processing", {processing}},
                   {"dl_scheduling_delay", {"0"}},
                   {"ul_grant_delay", {dynamic ? std::to_string(grant_slots) : "0"}},
                   {"sr_period", {dynamic ? std::to_string(request_slots) : "0"}}}};
  constexpr std::int64_t phases = 500;
  const std::int64_t span = slot_ns(row.mu) * request_slots;
  Latency out;
  for (std::int64_t phase = 0; phase < phases; ++phase) {
    // In the middle of each of equal parts: their mean is that of all times.
    const ModelTime at{40 * span * (phase + 1) + span * (2 * phase + 1) / (2 * phases)};
    bench.arrive(at, way == Way::downlink ? bench.downlink_packet(1, 60) : bench.uplink_packet(1, 60));
    bench.run(at + Duration{30 * span});
    REQUIRE(bench.sent.size() == static_cast<std::size_t>(phase + 1));
    const double latency = static_cast<double>((bench.sent.back().time - at).ns) * 1e-6;
    out.mean_ms += latency / phases;
    out.worst_ms = std::max(out.worst_ms, latency);
  }
  return out;
}

}  // namespace

TEST_CASE("when a cell is empty, then a packet takes what processing, occasion, grant and slot add up to") {
  for (const Row& row : rows)
    for (const Way way : {Way::downlink, Way::configured_grant, Way::dynamic_grant}) {
      const Latency expected = formula(row, way), found = measured(row, way);
      const double step_ms = static_cast<double>(slot_ns(row.mu) * request_slots) * 1e-6 / 500;
      INFO("µ " << row.mu << ", way " << static_cast<int>(way) << ": mean " << found.mean_ms << " of "
                << expected.mean_ms << " ms, worst " << found.worst_ms << " of " << expected.worst_ms
                << " ms");
      CHECK(std::abs(found.mean_ms - expected.mean_ms) <= step_ms / 2);
      CHECK(found.worst_ms <= expected.worst_ms);
      CHECK(found.worst_ms >= expected.worst_ms - step_ms);
    }
  // ITU-R M.2410: 4 ms for eMBB, 1 ms for URLLC.
  CHECK(measured(rows[0], Way::downlink).mean_ms < 4);
  CHECK(measured(rows[0], Way::configured_grant).mean_ms < 4);
  CHECK(measured(rows[0], Way::dynamic_grant).mean_ms > 4);
  CHECK(measured(rows[2], Way::configured_grant).mean_ms < 1);
  CHECK(measured(rows[3], Way::configured_grant).worst_ms < 1);
}
