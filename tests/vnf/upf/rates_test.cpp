// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What rate QERs really let through: MBR of one flow, Session-AMBR over several, a closed gate; within 2 %.
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

constexpr std::int64_t rates[]{1'000'000, 10'000'000, 100'000'000};

/// Downlink flows to ports 1 … `flows`, together three times `rate`, for as long as 6,000 packets take; returns the
/// bit/s that came out from the second half second of the first tenth on, by flow.
std::vector<double> measured_rates(UpfUnderTest& upf, std::int64_t rate, std::uint16_t flows) {
  constexpr std::size_t size = 1000;
  constexpr int packets = 6000;
  const double gap_ns = 8e9 * size / (3.0 * static_cast<double>(rate));
  std::vector<double> octets(flows);
  const int skipped = packets / 10;
  for (int i = 0; i < packets; ++i) {
    const auto flow = static_cast<std::uint16_t>(i % flows);
    upf.send(ethernet(datagram(server, ue_address(1), 9, static_cast<std::uint16_t>(flow + 1), size)), n6,
             ModelTime{static_cast<std::int64_t>(i * gap_ns)});
    if (i >= skipped) octets[flow] += static_cast<double>(size * upf.at(n3).size());
    upf.at(n3).clear();
  }
  for (double& rate_of_flow : octets) rate_of_flow = rate_of_flow * 8e9 / (gap_ns * (packets - skipped));
  return octets;
}

}  // namespace

TEST_CASE("when a flow or a session sends more than its rate, then its rate passes, within 2 %") {
  for (const std::int64_t rate : rates) {
    INFO(rate << " bit/s");
    const Ambr both{BitsPerSecond{rate}, BitsPerSecond{rate}};
    {
      UpfUnderTest upf(Options{{"mbr_burst", {"5ms"}}});
      upf.establish(session_rules(1, both));
      const auto measured = measured_rates(upf, rate, 1);
      CHECK(measured[0] == Approx(static_cast<double>(rate)).epsilon(0.02));
    }
    {
      // Three flows under one Session-AMBR; the first has an MBR of a fifth of it beside.
      UpfUnderTest upf(Options{{"mbr_burst", {"5ms"}}});
      PduSessionRules rules = session_rules(1, both);
      for (std::uint16_t flow = 1; flow <= 3; ++flow) {
        PacketDetectionRule pdr = rules.pdrs[1];
        pdr.id = PdrId{static_cast<std::uint16_t>(10 + flow)};
        pdr.precedence = 10;
        pdr.pdi.sdf_filters = {SdfFilter{.local_ports = {{flow, flow}}}};
        if (flow == 1) pdr.qers.push_back(QerId{2});
        rules.pdrs.push_back(pdr);
      }
      rules.qers.push_back({.id = QerId{2}, .maximum_bit_rate = {{}, BitsPerSecond{rate / 5}}});
      upf.establish(rules);
      const auto measured = measured_rates(upf, rate, 3);
      CHECK(measured[0] + measured[1] + measured[2] == Approx(static_cast<double>(rate)).epsilon(0.02));
      CHECK(measured[0] < static_cast<double>(rate) / 5 * 1.02);
    }
    {
      UpfUnderTest upf;
      PduSessionRules rules = session_rules(1, both);
      rules.qers[0].downlink_gate = GateStatus::closed;
      upf.establish(rules);
      CHECK(measured_rates(upf, rate, 1)[0] == 0);
    }
  }
}
