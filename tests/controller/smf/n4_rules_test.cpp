// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Rules to wire and back: what an N4 message says of each kind of rule.
#include "controller/smf/n4_rules.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "core/pfcp/codec.hpp"

using namespace kiriko;

namespace {

PduSessionRules one_of_each() {
  PduSessionRules rules;
  rules.type = PduSessionType::ipv4v6;
  rules.user_plane_inactivity = milliseconds(1500);
  PacketDetectionRule pdr;
  pdr.id = PdrId{7};
  pdr.precedence = 12;
  pdr.pdi.source_interface = SourceInterface::access;
  pdr.pdi.local_f_teid = FTeid{};
  pdr.pdi.ue_ip_address = Ipv4Address{10, 60, 0, 2};
  pdr.pdi.ue_ipv6_prefix = Ipv6Prefix::parse("2001:db8::/64").value();
  pdr.pdi.network_instance = "internet.mnc01";
  pdr.pdi.qfis = {Qfi{3}};
  SdfFilter filter;
  filter.protocol = 17;
  filter.remote = Ipv4Prefix{Ipv4Address{8, 8, 0, 0}, 16};
  filter.remote_ports = {{53, 53}, {1000, 2000}};
  filter.local_ports = {{9, 9}};
  filter.tos_traffic_class = MaskedOctet{0xb8, 0xfc};
  pdr.pdi.sdf_filters = {filter};
  pdr.outer_header_removal = true;
  pdr.far = FarId{1};
  pdr.qers = {QerId{2}};
  pdr.urrs = {UrrId{3}};
  rules.pdrs = {pdr};
  ForwardingActionRule far;
  far.id = FarId{1};
  far.destination_interface = DestinationInterface::vn_internal;
  far.outer_header_creation = OuterHeaderCreation{Teid{9}, Ipv4Address{10, 1, 0, 1}};
  far.dscp = std::uint8_t{46};
  ForwardingActionRule drop;
  drop.id = FarId{2};
  drop.action = ApplyAction::drop;
  rules.fars = {far, drop};
  QosEnforcementRule qer;
  qer.id = QerId{2};
  qer.downlink_gate = GateStatus::closed;
  qer.maximum_bit_rate.downlink = BitsPerSecond{5'000'000};
  qer.guaranteed_bit_rate.downlink = BitsPerSecond{1'000'000};
  qer.qfi = Qfi{3};
  qer.reflective_qos = true;
  rules.qers = {qer};
  UsageReportingRule urr;
  urr.id = UrrId{3};
  urr.triggers.volume_threshold = true;
  urr.volume_threshold.total = Bytes{1'000'000};
  urr.volume_quota = VolumeLimits{};
  urr.measurement_period = milliseconds(2500);
  rules.urrs = {urr};
  rules.bars = {{.id = BarId{4},
                 .suggested_buffering_packets = std::uint16_t{1000},
                 .notification_delay = milliseconds(120)}};
  return rules;
}

}  // namespace

TEST_CASE("when rules of each kind go into an establishment, then the wire says what they say") {
  pfcp::SessionEstablishmentRequest request;
  request.node_id = Ipv4Address{10, 0, 0, 9};
  request.cp_f_seid = {.seid = Seid{1}, .ipv4 = Ipv4Address{10, 0, 0, 9}, .ipv6 = {}};
  smf::put_rules(one_of_each(), request);
  const auto octets = pfcp::encode({.seid = Seid{0}}, request);
  REQUIRE(octets);
  const auto header = pfcp::decode_header(*octets);
  REQUIRE(header);
  const auto read = pfcp::decode_body(header->header.type, header->body);
  REQUIRE(read);
  const auto& back = std::get<pfcp::SessionEstablishmentRequest>(*read);
  CHECK(back == request);
  CHECK(back.user_plane_inactivity_timer->count == 2);
  CHECK(back.pdn_type->value == pfcp::PdnType::Value::ipv4v6);
  REQUIRE(back.create_pdrs.size() == 1);
  const pfcp::CreatePdr& pdr = back.create_pdrs[0];
  CHECK(pdr.precedence == Precedence{12});
  CHECK(std::holds_alternative<pfcp::ChooseFTeid>(*pdr.pdi.local_f_teid));
  CHECK(pfcp::canonical_name(*pdr.pdi.network_instance) == "internet.mnc01");
  REQUIRE(pdr.pdi.ue_ip_addresses.size() == 1);
  CHECK_FALSE(pdr.pdi.ue_ip_addresses[0].destination);
  REQUIRE(pdr.pdi.sdf_filters.size() == 1);
  CHECK(pdr.pdi.sdf_filters[0].flow_description ==
        "permit out 17 from 8.8.0.0/16 53,1000-2000 to assigned 9");
  CHECK(pdr.outer_header_removal->description == pfcp::OuterHeaderRemoval::Description::gtpu_udp_ip);
  REQUIRE(back.create_fars.size() == 2);
  REQUIRE(back.create_fars[0].forwarding_parameters);
  CHECK(back.create_fars[0].forwarding_parameters->destination_interface ==
        pfcp::DestinationInterface::vn_internal_5g);
  CHECK(back.create_fars[0].forwarding_parameters->transport_level_marking->tos_traffic_class ==
        pfcp::TosTrafficClass{46 << 2, 0xfc});
  CHECK(back.create_fars[1].apply_action.drop);
  CHECK_FALSE(back.create_fars[1].forwarding_parameters);
  REQUIRE(back.create_qers.size() == 1);
  CHECK(back.create_qers[0].gate_status ==
        pfcp::GateStatus{pfcp::GateStatus::Gate::open, pfcp::GateStatus::Gate::closed});
  CHECK(back.create_qers[0].maximum_bit_rate->downlink == BitsPerSecond{5'000'000});
  CHECK(back.create_qers[0].maximum_bit_rate->uplink.value > 1'000'000'000'000);  // no limit
  CHECK(back.create_qers[0].guaranteed_bit_rate->uplink == BitsPerSecond{0});     // no guarantee
  REQUIRE(back.create_urrs.size() == 1);
  CHECK(back.create_urrs[0].volume_threshold->total == 1'000'000);
  CHECK(back.create_urrs[0].volume_quota->total == 0);  // used up from the start
  CHECK(back.create_urrs[0].measurement_period->count == 3);
  REQUIRE(back.create_bars.size() == 1);
  CHECK(back.create_bars[0].suggested_buffering_packets_count->value == 255);
  CHECK(back.create_bars[0].downlink_data_notification_delay->value == 2);
}

TEST_CASE("when a modification takes members away, then they are sent empty") {
  PduSessionUpdate update;
  PacketDetectionRuleUpdate pdr{.id = PdrId{1}};
  pdr.outer_header_removal = false;
  pdr.qers = std::vector<QerId>{};
  update.update_pdrs.push_back(pdr);
  ForwardingActionRuleUpdate far{.id = FarId{3}};
  far.outer_header_creation = std::optional<OuterHeaderCreation>{};
  far.action = ApplyAction::drop;
  update.update_fars.push_back(far);
  QosEnforcementRuleUpdate qer{.id = QerId{1}};
  qer.maximum_bit_rate = Ambr{};
  update.update_qers.push_back(qer);
  update.remove_bars = {BarId{1}};
  update.drop_buffered = true;
  const auto request = smf::modification_request(update);
  CHECK(request.update_pdrs[0].removed ==
        std::vector{pfcp::IeType::outer_header_removal, pfcp::IeType::qer_id});
  CHECK(request.update_fars[0].update_forwarding_parameters->removed ==
        std::vector{pfcp::IeType::outer_header_creation});
  CHECK(request.update_qers[0].removed == std::vector{pfcp::IeType::mbr});
  CHECK(request.remove_bars.size() == 1);
  CHECK(request.pfcpsmreq_flags->drobu);
  const auto octets = pfcp::encode({.seid = Seid{1}}, request);
  REQUIRE(octets);
  const auto header = pfcp::decode_header(*octets);
  REQUIRE(header);
  CHECK(pfcp::decode_body(header->header.type, header->body) == pfcp::Message{request});
}

TEST_CASE("when Created PDRs come back, then the F-TEID is in every PDR that asked, or it is missed") {
  PduSessionRules rules = one_of_each();
  rules.pdrs.push_back(rules.pdrs[0]);
  rules.pdrs.push_back(rules.pdrs[0]);
  rules.pdrs[2].pdi.local_f_teid.reset();
  pfcp::CreatedPdr created;
  created.pdr_id = PdrId{7};
  CHECK_FALSE(smf::take_chosen_f_teid({}, rules));
  CHECK_FALSE(smf::take_chosen_f_teid({created}, rules));
  created.local_f_teid = pfcp::FTeid{.teid = Teid{5}, .ipv4 = {}, .ipv6 = Ipv6Address{}};
  CHECK_FALSE(smf::take_chosen_f_teid({created}, rules));
  created.local_f_teid->ipv4 = Ipv4Address{10, 2, 0, 1};
  REQUIRE(smf::take_chosen_f_teid({created}, rules));
  CHECK(rules.pdrs[0].pdi.local_f_teid == FTeid{Teid{5}, Ipv4Address{10, 2, 0, 1}});
  CHECK(rules.pdrs[1].pdi.local_f_teid == rules.pdrs[0].pdi.local_f_teid);
  CHECK_FALSE(rules.pdrs[2].pdi.local_f_teid);
}
