// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values: their octets as the standard draws them, names in both spellings, units.
#include <catch2/catch.hpp>
#include <string_view>

#include "core/pfcp/message.hpp"
#include "tests/core/pfcp/octets_of_hex.hpp"

using namespace kiriko;
using namespace kiriko::pfcp;

namespace {

/// The value has these octets, and they mean the value.
template <class T>
void same(std::string_view hex, const T& value) {
  CAPTURE(hex);
  Octets written;
  OctetWriter writer(written);
  writer(value);
  CHECK(writer.ok());
  CHECK(written == octets_of_hex(hex));
  const Octets octets = octets_of_hex(hex);
  OctetReader reader(octets);
  T read{};
  reader(read);
  CHECK(reader.ok());
  CHECK(reader.left() == 0);
  CHECK(read == value);
}

template <class T>
T read(std::string_view hex) {
  const Octets octets = octets_of_hex(hex);
  OctetReader reader(octets);
  T value{};
  reader(value);
  REQUIRE(reader.ok());
  return value;
}

template <class T>
bool refused(std::string_view hex) {
  const Octets octets = octets_of_hex(hex);
  OctetReader reader(octets);
  T value{};
  reader(value);
  return !reader.ok();
}

}  // namespace

TEST_CASE("when addresses are written, then flags and order are those of clause 8.2") {
  const Ipv4Address v4{10, 0, 0, 1};
  const Ipv6Address v6 = *Ipv6Address::parse("2001:db8::1");
  const std::string v6_hex = "20010db8000000000000000000000001";
  same("000a000001", pfcp::NodeId{v4});
  same("01" + v6_hex, pfcp::NodeId{v6});
  same(
      "02"
      "03736d66",
      pfcp::NodeId{Fqdn{labels_of("smf")}});
  same(
      "01"
      "00000007"
      "0a000001",
      FTeid{Teid{7}, v4, {}});
  same(
      "03"
      "00000007"
      "0a000001" +
          v6_hex,
      LocalFTeid{FTeid{Teid{7}, v4, v6}});
  same(
      "0d"
      "05",
      LocalFTeid{ChooseFTeid{true, false, ChooseId{5}}});
  same("06", LocalFTeid{ChooseFTeid{false, true, {}}});
  same(
      "02"
      "0000000000000009"
      "0a000001",
      FSeid{Seid{9}, v4, {}});
  same(
      "01"
      "0000000000000009" +
          v6_hex,
      FSeid{Seid{9}, {}, v6});
  same(
      "06"
      "0a000001",
      UeIpAddress{.ipv4 = v4, .destination = true});
  same("30", UeIpAddress{.choose_ipv4 = true, .choose_ipv6 = true});
  same("49" + v6_hex +
           "08"
           "38",
       UeIpAddress{.ipv6 = v6,
                   .ipv6_prefix_delegation_bits = std::uint8_t{8},
                   .ipv6_prefix_length = std::uint8_t{56}});
  same(
      "06"
      "0a000001"
      "000103",
      RemoteGtpuPeer{.ipv4 = v4, .destination_interface = DestinationInterface::cp_function});
  same(
      "69"
      "40"
      "0a000001"
      "6e33"
      "00",
      UserPlaneIpResourceInformation{.ipv4 = v4,
                                     .teid_range_bits = 2,
                                     .teid_range = 0x40,
                                     .network_instance = "n3",
                                     .source_interface = SourceInterface::access});
  CHECK(
      refused<FTeid>("00"
                     "00000007"));
  CHECK(
      refused<FTeid>("01"
                     "00000007"
                     "0a0000"));
  CHECK(
      refused<FTeid>("05"
                     "00000007"
                     "0a000001"));
  CHECK(refused<LocalFTeid>(""));
  CHECK(refused<LocalFTeid>("04"));
  CHECK(
      refused<FSeid>("00"
                     "0000000000000009"));
  CHECK(refused<pfcp::NodeId>("030a000001"));
}

TEST_CASE("when a UE has an IPv6 address, then its prefix follows from delegation and length") {
  UeIpAddress address{.ipv6 = *Ipv6Address::parse("2001:db8::")};
  CHECK(address.prefix()->length == 64);
  address.ipv6_prefix_length = std::uint8_t{80};
  CHECK(address.prefix()->length == 80);
  address.ipv6_prefix_delegation_bits = std::uint8_t{8};
  CHECK(address.prefix()->length == 56);
  CHECK_FALSE(UeIpAddress{}.prefix());
  CHECK(
      refused<UeIpAddress>("41"
                           "20010db8000000000000000000000001"
                           "81"));
}

TEST_CASE("when detection and forwarding values are written, then their octets are those of clause 8.2") {
  same("01", SourceInterface::core);
  same("05", DestinationInterface::vn_internal_5g);
  CHECK(refused<SourceInterface>("05"));
  CHECK(refused<DestinationInterface>("06"));
  same(
      "1f"
      "00"
      "0002"
      "6162"
      "b8fc"
      "00000001"
      "0abcde"
      "00000009",
      SdfFilter{.flow_description = "ab",
                .tos_traffic_class = TosTrafficClass{0xb8, 0xfc},
                .security_parameter_index = SecurityParameterIndex{1},
                .flow_label = FlowLabel{0xabcde},
                .sdf_filter_id = SdfFilterId{9}});
  same("09", QfiIe{Qfi{9}});
  same("00", OuterHeaderRemoval{OuterHeaderRemoval::Description::gtpu_udp_ipv4, {}});
  same("0601",
       OuterHeaderRemoval{OuterHeaderRemoval::Description::gtpu_udp_ip, GtpuExtensionHeaderDeletion{true}});
  same("0c00", ApplyAction{.buff = true, .nocp = true});
  same("0204", ApplyAction{.forw = true, .ddpn = true});
  CHECK(read<ApplyAction>("02") == ApplyAction{.forw = true});
  same(
      "0100"
      "00000007"
      "0a000001",
      OuterHeaderCreation::gtpu(Teid{7}, Ipv4Address{10, 0, 0, 1}));
  same(
      "0402"
      "0a000001"
      "0868",
      OuterHeaderCreation{.udp_ipv4 = true,
                          .n6_indication = true,
                          .ipv4 = Ipv4Address{10, 0, 0, 1},
                          .port = std::uint16_t{2152}});
  same(
      "4000"
      "040064",
      OuterHeaderCreation{.c_tag_header = true, .c_tag = VlanTag{.vlan_identifier = std::uint16_t{100}}});
  same(
      "02"
      "0003"
      "783a79",
      RedirectInformation{RedirectInformation::AddressType::url, "x:y", {}, {}});
  same(
      "06"
      "0001"
      "61"
      "0000"
      "0050",
      RedirectInformation{RedirectInformation::AddressType::ipv4_and_port, "a", {}, std::uint16_t{80}});
  same(
      "07"
      "fefe",
      VlanTag{.priority = std::uint8_t{6}, .drop_eligible = true, .vlan_identifier = std::uint16_t{0xffe}});
  same(
      "05"
      "020000000001"
      "020000000009",
      MacAddressFilter{.source = MacAddress::local(1), .upper_source = MacAddress::local(9)});
  same("20", DlBufferingSuggestedPacketCount{32});
  same("0120", DlBufferingSuggestedPacketCount{288});
  CHECK(DownlinkDataNotificationDelay{3}.duration() == milliseconds(150));
}

TEST_CASE("when QoS and usage values are written, then their octets are those of clause 8.2") {
  same("04", GateStatus{.uplink = GateStatus::Gate::closed, .downlink = GateStatus::Gate::open});
  CHECK(refused<GateStatus>("08"));
  same(
      "00000186a0"
      "ffffffffff",
      BitRates{BitsPerSecond{100'000'000}, BitsPerSecond{1'099'511'627'775'000}});
  Octets written;
  OctetWriter writer(written);
  const BitRates odd{BitsPerSecond{1'001}, BitsPerSecond{9'000'000'000'000'000'000}};
  writer(odd);
  CHECK(written == octets_of_hex("0000000002"
                                 "ffffffffff"));
  same(
      "07"
      "02000a"
      "030014"
      "020001"
      "030002",
      PacketRate{.uplink = PacketRateLimit{PacketRateLimit::TimeUnit::hour, 10},
                 .downlink = PacketRateLimit{PacketRateLimit::TimeUnit::day, 20},
                 .additional_uplink = PacketRateLimit{PacketRateLimit::TimeUnit::hour, 1},
                 .additional_downlink = PacketRateLimit{PacketRateLimit::TimeUnit::day, 2}});
  same("010000", ReportingTriggers{.perio = true});
  same("028002", ReportingTriggers{.volth = true, .quvti = true, .upint = true});
  CHECK(read<ReportingTriggers>("02") == ReportingTriggers{.volth = true});
  CHECK(read<ReportingTriggers>("0280") == ReportingTriggers{.volth = true, .quvti = true});
  same("800802", UsageReportTrigger{.immer = true, .termr = true, .tebur = true});
  same(
      "0a"
      "0000000000000005"
      "0000000000000007",
      VolumeMeasurement{.uplink_volume = 5, .total_packets = 7});
  same(
      "05"
      "0000000000000001"
      "0000000000000002",
      Volumes{.total = 1, .downlink = 2});
  same("8003", AdditionalUsageReportsInformation{true, 3});
  same(
      "03"
      "2e"
      "09",
      DownlinkDataServiceInformation{std::uint8_t{46}, Qfi{9}});
  same(
      "01"
      "00000002",
      FailedRuleId{FarId{2}});
  same(
      "04"
      "07",
      FailedRuleId{BarId{7}});
  CHECK(
      refused<FailedRuleId>("07"
                            "07"));
  same("01000007", SNssai{sst::embb, Sd{7}});
}

TEST_CASE("when functions are announced, then two octets are sent at least and as many as are needed") {
  same("1001", UpFunctionFeatures{.ftup = true, .empu = true});
  same("1000", UpFunctionFeatures{.ftup = true});
  same(
      "100054"
      "04",
      UpFunctionFeatures{.ftup = true, .ueip = true, .mnop = true, .bundl = true, .vtime = true});
  same("00000000000020", UpFunctionFeatures{.upidp = true});
  CHECK(read<UpFunctionFeatures>("10") == UpFunctionFeatures{.ftup = true});
  CHECK(read<UpFunctionFeatures>("1001000000000000ffff") == UpFunctionFeatures{.ftup = true, .empu = true});
}

TEST_CASE("when a timer is read, then its unit counts") {
  CHECK(read<UnitTimer>("05").duration() == seconds(10));
  CHECK(read<UnitTimer>("25").duration() == seconds(300));
  CHECK(read<UnitTimer>("41").duration() == seconds(600));
  CHECK(read<UnitTimer>("61").duration() == seconds(3600));
  CHECK(read<UnitTimer>("82").duration() == seconds(72000));
  CHECK(read<UnitTimer>("a3").duration() == seconds(180));
  CHECK_FALSE(read<UnitTimer>("e0").duration());
  CHECK(ntp_time(0) == NtpTime{2'208'988'800});
}

TEST_CASE("when a name comes as labels or as text, then its canonical name is the same") {
  CHECK(canonical_name(labels_of("Internet.mnc001")) == "internet.mnc001");
  CHECK(canonical_name(std::string("Internet")) == "internet");
  CHECK(canonical_name(std::string("\x08internet")) == "internet");
  CHECK(canonical_name(std::string("\x03"
                                   "abc\x00",
                                   5)) == "abc");
  CHECK(canonical_name(std::string("\x09internet")) == "\x09internet");
  CHECK(canonical_name(std::string()).empty());
  CHECK(labels_of("a..b.") == std::string("\x01"
                                          "a\x01"
                                          "b"));
  CHECK(labels_of(std::string(80, 'x')).size() == 64);
}
