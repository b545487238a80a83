// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The sessions' rules and the UPF's surroundings.
#include "bench/pdu_sessions.hpp"

#include "vnf/upf/upf.hpp"

namespace kiriko::bench {

std::vector<Endpoint> session_endpoints(std::uint32_t sessions) {
  std::vector<Endpoint> endpoints;
  for (std::uint32_t i = 1; i <= sessions; ++i)
    // An odd factor: no TEID comes twice, and none is 0.
    endpoints.push_back({i * 2'654'435'769U, Ipv4Address{Ipv4Address{10, 45, 0, 0}.value + i}});
  return endpoints;
}

FunctionSetup upf_setup() {
  FunctionSetup setup;
  setup.name = "upf";
  setup.options = OptionValues::defaults(upf_descriptor.options);
  setup.address = own_address;
  setup.mac = mac_of(own_address);
  NodeView gnb;
  gnb.kind = NodeKind::function;
  gnb.function = "gnb";
  NodeView host;
  host.kind = NodeKind::host;
  setup.neighbours = {gnb, host};
  setup.ports.resize(2);
  return setup;
}

PduSessionRules session_rules(std::uint32_t number, const Endpoint& endpoint) {
  PduSessionRules rules{.seid = Seid{number}, .slice = SliceId{0}};
  PacketDetectionRule uplink{.id = PdrId{1}, .precedence = 100};
  uplink.pdi.source_interface = SourceInterface::access;
  uplink.pdi.local_f_teid = FTeid{Teid{endpoint.teid}, own_address};
  uplink.pdi.ue_ip_address = endpoint.address;
  uplink.outer_header_removal = true;
  uplink.far = FarId{1};
  uplink.qers = {QerId{1}};
  uplink.urrs = {UrrId{1}};
  PacketDetectionRule downlink{.id = PdrId{2}, .precedence = 100};
  downlink.pdi.source_interface = SourceInterface::core;
  downlink.pdi.ue_ip_address = endpoint.address;
  downlink.far = FarId{2};
  downlink.qers = {QerId{1}};
  downlink.urrs = {UrrId{1}};
  rules.pdrs = {uplink, downlink};
  rules.fars = {{.id = FarId{1}, .destination_interface = DestinationInterface::core},
                {.id = FarId{2},
                 .destination_interface = DestinationInterface::access,
                 .outer_header_creation = OuterHeaderCreation{Teid{endpoint.teid}, peer_address}}};
  rules.qers = {{.id = QerId{1},
                 .maximum_bit_rate = {BitsPerSecond{1'000'000'000}, BitsPerSecond{1'000'000'000}},
                 .qfi = Qfi{9},
                 .session_ambr = true}};
  rules.urrs = {{.id = UrrId{1}}};
  return rules;
}

}  // namespace kiriko::bench
