// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The codec: every IE and message there and back, messages of an independent encoder, faults with their cause.
#include "core/pfcp/codec.hpp"

#include <catch2/catch.hpp>
#include <string_view>

#include "core/pfcp/rejection.hpp"
#include "tests/core/pfcp/octets_of_hex.hpp"
#include "tests/core/pfcp/random_values.hpp"
#include "tests/core/pfcp/sample_messages.hpp"

using namespace kiriko;
using namespace kiriko::pfcp;

namespace {

/// Encodes, decodes, and expects the same; returns the octets.
Octets there_and_back(const Header& header, const Message& message) {
  const auto octets = encode(header, message);
  REQUIRE(octets);
  const auto received = decode_header(*octets);
  REQUIRE(received);
  CHECK(received->size == octets->size());
  Header expected = header;
  expected.type = type_of(message);
  CHECK(received->header == expected);
  const auto decoded = decode_body(received->header.type, received->body);
  REQUIRE(decoded);
  CHECK(*decoded == message);
  return *octets;
}

template <class M>
M decoded(std::string_view hex) {
  const Octets octets = octets_of_hex(hex);
  const auto received = decode_header(octets);
  REQUIRE(received);
  CHECK(received->size == octets.size());
  auto message = decode_body(received->header.type, received->body);
  REQUIRE(message);
  REQUIRE(std::holds_alternative<M>(*message));
  return std::get<M>(std::move(*message));
}

Fault fault_of(MessageType type, std::string_view body_hex) {
  const auto message = decode_body(type, octets_of_hex(body_hex));
  REQUIRE_FALSE(message);
  return message.error();
}

}  // namespace

TEST_CASE("when a message of each type is encoded, then it is decoded to the same") {
  std::uint32_t sequence = 0xfffff0;
  for (const SampleMessage& sample : sample_messages()) {
    CAPTURE(sample.name);
    there_and_back({.seid = sample.seid, .sequence = SequenceNumber{sequence++ & 0xffffffU}}, sample.message);
  }
}

TEST_CASE(
    "when messages of every type are filled at random, then each IE of each group goes there and back") {
  RandomValues random(29244);
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Message>; ++alternative) {
    CAPTURE(alternative);
    for (int i = 0; i < 60; ++i) {
      const Message message = random.message(alternative);
      const Octets octets = there_and_back({.seid = Seid{random.number(1000)}}, message);
      const auto again = encode({.seid = decode_header(octets)->header.seid},
                                *decode_body(type_of(message), decode_header(octets)->body));
      CHECK(again == octets);
    }
  }
}

TEST_CASE("when a header has priority and follow-on, then they are kept and the next message is found") {
  Octets bundle;
  const HeartbeatRequest heartbeat{NtpTime{1}, {}, {}};
  REQUIRE(encode({.sequence = SequenceNumber{0xabcdef}, .priority = std::uint8_t{9}, .follow_on = true},
                 heartbeat, bundle));
  const std::size_t first = bundle.size();
  REQUIRE(encode({.sequence = SequenceNumber{2}}, heartbeat, bundle));
  CHECK(bundle[0] == 0x26);
  const auto one = decode_header(bundle);
  REQUIRE(one);
  CHECK(one->size == first);
  CHECK(one->header.priority == 9);
  CHECK(one->header.follow_on);
  CHECK(one->header.sequence == SequenceNumber{0xabcdef});
  const auto two = decode_header(OctetView(bundle).subspan(first));
  REQUIRE(two);
  CHECK_FALSE(two->header.follow_on);
  CHECK(two->header.sequence == SequenceNumber{2});
}

TEST_CASE("when octets are no message, then the header's fault says so") {
  const auto fault = [](std::string_view hex) { return decode_header(octets_of_hex(hex)).error(); };
  CHECK(fault("") == HeaderFault::too_short);
  CHECK(fault("200100") == HeaderFault::too_short);
  CHECK(fault("20010004") == HeaderFault::too_short);
  CHECK(fault("2001000300000100") == HeaderFault::too_short);
  CHECK(fault("2001000500000100") == HeaderFault::too_short);
  CHECK(fault("2134000b0000000000000001000001") == HeaderFault::too_short);
  CHECK(fault("4001000400000700") == HeaderFault::version_unsupported);
  CHECK(sequence_number_of(octets_of_hex("4001000400000700")) == SequenceNumber{7});
  CHECK(sequence_number_of(octets_of_hex("4132000c000000000000000000000800")) == SequenceNumber{8});
  CHECK(sequence_number_of(octets_of_hex("40")) == SequenceNumber{});
  CHECK(decode_header(octets_of_hex("2001000400000100ff"))->size == 8);
}

// Scapy numbers PDN types from 0; the last octet is the standard's.
TEST_CASE("when an independent encoder made an establishment, then its rules are read as it meant them") {
  const auto request = decoded<SessionEstablishmentRequest>(
      "21320203000000000000000000000300003c0005000a0000010039000d0211223344556677880a000001000100450038000200"
      "0100"
      "1d0004000000ff0002001b00140001010016000908696e7465726e6574005d0005060a2d0002006c0004000000010051000400"
      "0000"
      "01006d00040000000100010048003800020002001d0004000000ff000200190014000100001500020f05005d0005020a2d0002"
      "007c"
      "000101005f000100006c0004000000020051000400000001006d00040000000100010029003800020003001d0004000003e800"
      "02000"
      "a00140001030015000107005f000100006c0004000000010001005c003800020004001d0004000000010002003d00140001000"
      "0150002"
      "0f050017002e0100002a7065726d6974206f75742035382066726f6d20666630323a3a322f31323820746f2061737369676e65"
      "640"
      "05f000100006c00040000000300030012006c000400000001002c00010c005800010100030023006c000400000002002c00010"
      "200"
      "040012002a0001010016000908696e7465726e657400030024006c000400000003002c00010200040013002a0001030054000a"
      "01"
      "000000cafe0a000001000600200051000400000001003e000102002500020200001f000901000000000010000000070020006d"
      "0004"
      "000000010019000101001a000a00000186a000000f4240007c0001010055000500580001010071000101");
  CHECK(request.node_id == pfcp::NodeId{Ipv4Address{10, 0, 0, 1}});
  CHECK(request.cp_f_seid == FSeid{Seid{0x1122334455667788}, Ipv4Address{10, 0, 0, 1}, std::nullopt});
  REQUIRE(request.create_pdrs.size() == 4);
  const Pdi& downlink = request.create_pdrs[0].pdi;
  CHECK(downlink.source_interface == SourceInterface::core);
  REQUIRE(downlink.network_instance);
  CHECK(canonical_name(*downlink.network_instance) == "internet");
  REQUIRE(downlink.ue_ip_addresses.size() == 1);
  CHECK(downlink.ue_ip_addresses[0].destination);
  CHECK(downlink.ue_ip_addresses[0].ipv4 == Ipv4Address{10, 45, 0, 2});
  const CreatePdr& uplink = request.create_pdrs[1];
  CHECK(uplink.pdi.local_f_teid == LocalFTeid{ChooseFTeid{true, true, ChooseId{5}}});
  CHECK(uplink.pdi.qfis == std::vector<QfiIe>{{Qfi{1}}});
  CHECK(uplink.outer_header_removal->description == OuterHeaderRemoval::Description::gtpu_udp_ipv4);
  CHECK(uplink.qer_ids == std::vector<QerId>{QerId{1}});
  CHECK(request.create_pdrs[2].pdi.local_f_teid == LocalFTeid{ChooseFTeid{true, true, std::nullopt}});
  CHECK(request.create_pdrs[3].pdi.sdf_filters[0].flow_description ==
        "permit out 58 from ff02::2/128 to assigned");
  REQUIRE(request.create_fars.size() == 3);
  CHECK(request.create_fars[0].apply_action == ApplyAction{.buff = true, .nocp = true});
  CHECK(request.create_fars[0].bar_id == BarId{1});
  CHECK(request.create_fars[2].forwarding_parameters->destination_interface ==
        DestinationInterface::cp_function);
  CHECK(request.create_fars[2].forwarding_parameters->outer_header_creation ==
        OuterHeaderCreation::gtpu(Teid{0xcafe}, Ipv4Address{10, 0, 0, 1}));
  CHECK(request.create_urrs[0].reporting_triggers == ReportingTriggers{.volth = true});
  CHECK(request.create_urrs[0].volume_threshold->total == 1048576);
  CHECK(request.create_qers[0].gate_status.downlink == GateStatus::Gate::closed);
  CHECK(request.create_qers[0].maximum_bit_rate ==
        BitRates{BitsPerSecond{100'000'000}, BitsPerSecond{1'000'000'000}});
  CHECK(request.pdn_type->value == PdnType::Value::ipv4);
}

TEST_CASE("when an independent encoder made other messages, then they are read as it meant them") {
  CHECK(decoded<HeartbeatRequest>("2001000c0000010000600004e8fe9b40").recovery_time_stamp ==
        NtpTime{3909000000});
  const auto setup = decoded<AssociationSetupRequest>(
      "2005002600000200003c00110203736d66076578616d706c65036f726700600004e8fe9b400059000101");
  CHECK(canonical_name(std::get<Fqdn>(setup.node_id)) == "smf.example.org");
  CHECK(setup.cp_function_features == CpFunctionFeatures{.load = true});
  const auto setup_response = decoded<AssociationSetupResponse>(
      "2006002c00000700003c00110120010db8000000000000000000000002001300010100600004e8fe9b40002b00021001");
  CHECK(std::get<Ipv6Address>(setup_response.node_id) == *Ipv6Address::parse("2001:db8::2"));
  CHECK(setup_response.up_function_features == UpFunctionFeatures{.ftup = true, .empu = true});
  const auto modification = decoded<SessionModificationRequest>(
      "21340060000000000000000200000400000f0006003800020004000a0029006c000400000001002c000102000b0018002a0001"
      "00005"
      "4000a0100112233440a0001030031000102000e000d006d0004000000010019000100004d00080051000400000001");
  CHECK(modification.remove_pdrs[0].pdr_id == PdrId{4});
  const auto& forwarding = *modification.update_fars[0].update_forwarding_parameters;
  CHECK(forwarding.outer_header_creation ==
        OuterHeaderCreation::gtpu(Teid{0x11223344}, Ipv4Address{10, 0, 1, 3}));
  CHECK(forwarding.pfcpsmreq_flags == PfcpsmReqFlags{.sndem = true});
  CHECK(modification.query_urrs[0].urr_id == UrrId{1});
  const auto deletion = decoded<SessionDeletionResponse>(
      "213700601122334455667788000005000013000101004f004b00510004000000010068000400000002003f00020008004b0004"
      "e8fe9b4"
      "0004c0004e8fe9b7c0042001907000000000000012c000000000000006400000000000000c8004300040000003c");
  CHECK(deletion.usage_reports[0].usage_report_trigger == UsageReportTrigger{.termr = true});
  CHECK(deletion.usage_reports[0].volume_measurement->downlink_volume == 200);
  const auto report = decoded<SessionReportRequest>(
      "2138002211223344556677880000060000270001010053000d003800020001002d0003032e09");
  CHECK(report.downlink_data_report->downlink_data_service_information[0] ==
        DownlinkDataServiceInformation{std::uint8_t{46}, Qfi{9}});
}

TEST_CASE("when a body breaks a rule of clause 7.6, then cause and offending IE tell which") {
  using enum MessageType;
  const struct {
    const char* description;
    MessageType type;
    const char* body;
    Fault fault;
  } cases[] = {
      {"nothing", association_setup_request, "", {Cause::mandatory_ie_missing, IeType::node_id}},
      {"one of two",
       association_setup_request,
       "003c0005000a000001",
       {Cause::mandatory_ie_missing, IeType::recovery_time_stamp}},
      {"half an IE's header",
       heartbeat_request,
       "006000",
       {Cause::invalid_length, IeType::recovery_time_stamp}},
      {"one octet", heartbeat_request, "00", {Cause::invalid_length, IeType{}}},
      {"longer than the message",
       heartbeat_request,
       "00600005e8fe9b40",
       {Cause::invalid_length, IeType::recovery_time_stamp}},
      {"shorter than its fixed part",
       heartbeat_request,
       "00600003e8fe9b",
       {Cause::mandatory_ie_incorrect, IeType::recovery_time_stamp}},
      {"empty", heartbeat_request, "00600000", {Cause::mandatory_ie_incorrect, IeType::recovery_time_stamp}},
      {"a node ID of type 3",
       association_release_request,
       "003c0005030a000001",
       {Cause::mandatory_ie_incorrect, IeType::node_id}},
      {"an F-SEID without an address",
       session_establishment_request,
       "003c0005000a0000010039000900000000000000000a",
       {Cause::mandatory_ie_incorrect, IeType::f_seid}},
      {"no PDR",
       session_establishment_request,
       "003c0005000a0000010039000d0200000000000000010a000001",
       {Cause::mandatory_ie_missing, IeType::create_pdr}},
      {"a PDR without a PDI",
       session_modification_request,
       "0001000e003800020001001d0004000000ff",
       {Cause::mandatory_ie_missing, IeType::pdi}},
      {"a PDI of source interface 9",
       session_modification_request,
       "00010017003800020001001d0004000000ff000200050014000109",
       {Cause::mandatory_ie_incorrect, IeType::source_interface}},
      {"an IE inside that is longer than its group",
       session_modification_request,
       "00010012003800020001001d0004000000ff00020005",
       {Cause::invalid_length, IeType::pdi}},
      {"an F-TEID that is to be chosen in a report",
       session_report_request,
       "00270001040063000600150002050a",
       {Cause::mandatory_ie_incorrect, IeType::f_teid}},
      {"a conditional IE that is incorrect",
       session_modification_request,
       "0039000102",
       {Cause::mandatory_ie_incorrect, IeType::f_seid}},
      {"a type that is no message", MessageType{99}, "", {Cause::request_rejected, IeType{}}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.description);
    const Fault fault = fault_of(c.type, c.body);
    CHECK(fault.cause == c.fault.cause);
    CHECK(fault.offending_ie == c.fault.offending_ie);
  }
}

TEST_CASE(
    "when IEs are longer, repeated, unknown or optional and incorrect, then the message counts all the "
    "same") {
  const auto heartbeat = [](std::string_view body) {
    const auto message = decode_body(MessageType::heartbeat_request, octets_of_hex(body));
    REQUIRE(message);
    CHECK(decode_body(MessageType::heartbeat_request, decode_header(*encode({}, *message))->body) == message);
    return std::get<HeartbeatRequest>(*message);
  };
  CHECK(heartbeat("00600006000000010203").recovery_time_stamp == NtpTime{1});
  CHECK(heartbeat("0060000400000001"
                  "0060000400000002")
            .recovery_time_stamp == NtpTime{1});
  const auto unknown = heartbeat(
      "7fff0001aa"
      "0060000400000001"
      "8000000448f90102");
  CHECK(unknown.recovery_time_stamp == NtpTime{1});
  CHECK(unknown.others == std::vector<RawIe>{{0x7fff, {0xaa}}, {0x8000, {0x48, 0xf9, 1, 2}}});
  const auto incorrect = heartbeat(
      "0060000400000001"
      "00c0000202aa");
  CHECK_FALSE(incorrect.source_ip_address);
  CHECK(incorrect.others.size() == 1);
}

TEST_CASE("when an update names an IE with length 0, then it is to be removed") {
  const auto message =
      decode_body(MessageType::session_modification_request, octets_of_hex("00090012"
                                                                           "003800020001"
                                                                           "00510000"
                                                                           "006c000400000007"));
  REQUIRE(message);
  const auto& update = std::get<SessionModificationRequest>(*message).update_pdrs.at(0);
  CHECK(update.removed == std::vector<IeType>{IeType::urr_id});
  CHECK(update.urr_ids.empty());
  CHECK(update.far_id == FarId{7});
}

TEST_CASE("when a text is longer than its length field can say, then the message is not encoded") {
  SessionModificationRequest request;
  request.create_fars.emplace_back().forwarding_parameters.emplace().forwarding_policy =
      ForwardingPolicy{std::string(256, 'x')};
  Octets octets{1, 2, 3};
  CHECK_FALSE(encode({.seid = Seid{1}}, request, octets));
  CHECK(octets == Octets{1, 2, 3});
  request.create_fars.clear();
  request.others.push_back({40000, Octets(70'000)});
  CHECK_FALSE(encode({.seid = Seid{1}}, request, octets));
}

TEST_CASE("when a request is refused, then the response of its type has cause, offending IE and node ID") {
  const Fault fault{Cause::mandatory_ie_missing, IeType::pdi};
  for (const SampleMessage& sample : sample_messages()) {
    CAPTURE(sample.name);
    const MessageType type = type_of(sample.message);
    const auto refusal = rejection(type, fault, Ipv4Address{10, 0, 0, 2}, NtpTime{5});
    CHECK(refusal.has_value() == (is_request(type) && type != MessageType::heartbeat_request));
    if (!refusal) continue;
    CHECK(type_of(*refusal) == response_to(type));
    CHECK(cause_of(*refusal) == fault.cause);
    there_and_back({.seid = Seid{1}}, *refusal);
  }
  const auto refusal =
      rejection(MessageType::session_establishment_request, fault, Ipv4Address{10, 0, 0, 2}, {});
  const auto& response = std::get<SessionEstablishmentResponse>(*refusal);
  CHECK(response.offending_ie == IeType::pdi);
  CHECK(response.node_id == pfcp::NodeId{Ipv4Address{10, 0, 0, 2}});
}

TEST_CASE("when a body is unreadable, then its F-SEID is found all the same") {
  const auto found =
      f_seid_of(octets_of_hex("003c0005000a0000010039000d0200000000000000070a000001"
                              "0001ffff"));
  REQUIRE(found);
  CHECK(found->seid == Seid{7});
  CHECK_FALSE(f_seid_of(octets_of_hex("00390001ff")));
}
