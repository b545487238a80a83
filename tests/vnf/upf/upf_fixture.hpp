// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A UPF with recorders at its ports, and builders for the frames and rules of its tests.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf::test {

using Octets = std::vector<std::uint8_t>;

inline constexpr Ipv4Address upf_address{10, 0, 0, 1};
inline constexpr Ipv4Address gnb_address{10, 0, 1, 1};
inline constexpr Ipv4Address server{8, 8, 8, 8};
inline constexpr PortId n3{0}, n6{1};

inline Ipv4Address ue_address(std::uint32_t n) { return Ipv4Address{0x0a800000U + n}; }

struct Frame {
  Octets bytes;
  PacketMetadata metadata;
};

class Recorder final : public PortOutput {
 public:
  void transmit(Burst& burst) noexcept override {
    for (Packet* packet : burst) {
      frames.push_back({Octets(bytes_of(packet), bytes_of(packet) + packet->data_len), metadata_of(packet)});
      rte_pktmbuf_free(packet);
    }
  }
  std::vector<Frame> frames;
};

/// An IPv4/UDP datagram of `size` octets.
inline Octets datagram(Ipv4Address source, Ipv4Address destination, std::uint16_t source_port,
                       std::uint16_t destination_port, std::size_t size = 100, std::uint8_t ttl = 64) {
  Octets ip(size);
  for (std::size_t i = 0; i < size; ++i) ip[i] = static_cast<std::uint8_t>(i);
  write_ipv4(ip.data(), {.source = source,
                         .destination = destination,
                         .protocol = ip_protocol::udp,
                         .payload_length = static_cast<std::uint16_t>(size - 20),
                         .time_to_live = ttl});
  write_udp(ip.data() + 20, source_port, destination_port, static_cast<std::uint16_t>(size - 28));
  return ip;
}

inline Octets ethernet(const Octets& ip) {
  Octets frame(14);
  write_ethernet(frame.data(), MacAddress::local(1), MacAddress::local(2), ether_type::ipv4);
  frame.insert(frame.end(), ip.begin(), ip.end());
  return frame;
}

/// Ethernet, IPv4 and UDP round a GTP-U message to the UPF.
inline Octets on_n3(const Octets& gtpu, Ipv4Address from = gnb_address,
                    std::uint16_t source_port = gtpu_port) {
  Octets ip(28);
  write_ipv4(ip.data(), {.source = from,
                         .destination = upf_address,
                         .protocol = ip_protocol::udp,
                         .payload_length = static_cast<std::uint16_t>(8 + gtpu.size())});
  write_udp(ip.data() + 20, source_port, gtpu_port, static_cast<std::uint16_t>(gtpu.size()));
  ip.insert(ip.end(), gtpu.begin(), gtpu.end());
  return ethernet(ip);
}

inline Octets g_pdu(std::uint32_t teid, std::uint8_t qfi, const Octets& inner,
                    std::uint8_t type = pdu_type::uplink) {
  Octets gtpu(16);
  write_gtpu_pdu_session(gtpu.data(), teid, type, qfi, false, static_cast<std::uint16_t>(inner.size()));
  gtpu.insert(gtpu.end(), inner.begin(), inner.end());
  return gtpu;
}

/// The common session number n: uplink TEID 100 + n, gNB TEID 500 + n, QER 1 with QFI 9, URR 1.
inline PduSessionRules session_rules(std::uint32_t n, Ambr rate = {}) {
  PduSessionRules rules;
  rules.seid = Seid{n};
  rules.slice = SliceId{3};
  PacketDetectionRule uplink{
      .id = PdrId{1}, .precedence = 100, .outer_header_removal = true, .far = FarId{1}};
  uplink.pdi = {.source_interface = SourceInterface::access,
                .local_f_teid = FTeid{Teid{100 + n}, upf_address},
                .ue_ip_address = ue_address(n)};
  uplink.qers = {QerId{1}};
  uplink.urrs = {UrrId{1}};
  PacketDetectionRule downlink = uplink;
  downlink.id = PdrId{2};
  downlink.pdi = {.source_interface = SourceInterface::core, .ue_ip_address = ue_address(n)};
  downlink.outer_header_removal = false;
  downlink.far = FarId{2};
  rules.pdrs = {uplink, downlink};
  rules.fars = {{.id = FarId{1}, .destination_interface = DestinationInterface::core},
                {.id = FarId{2},
                 .destination_interface = DestinationInterface::access,
                 .outer_header_creation = OuterHeaderCreation{Teid{500 + n}, gnb_address},
                 .dscp = std::uint8_t{46}}};
  rules.qers = {{.id = QerId{1}, .maximum_bit_rate = rate, .qfi = Qfi{9}, .session_ambr = true}};
  rules.urrs = {{.id = UrrId{1}}};
  return rules;
}

/// A modification of session 1.
inline ModifyPduSession modify(PduSessionUpdate update) {
  return {.node = {}, .seid = Seid{1}, .update = std::move(update)};
}

using Options = std::map<std::string, std::vector<std::string>>;

class UpfUnderTest {
 public:
  explicit UpfUnderTest(const Options& options = {}, std::size_t ports = 2)
      : recorders(ports), pool_(make_pool()), exits(&pool_, outputs(recorders)) {
    FunctionSetup setup;
    setup.name = "upf1";
    std::vector<Problem> problems;
    setup.options = *OptionValues::parse(upf_descriptor.options, options, &problems);
    setup.address = upf_address;
    setup.mac = MacAddress::local(upf_address.value);
    setup.ports.resize(ports);
    auto created = upf_descriptor.create(setup);
    REQUIRE(created);
    function = std::move(*created);
  }

  Packet* packet(const Octets& bytes, PortId port, ModelTime at = {}) {
    Packet* packet = pool_.allocate();
    REQUIRE(packet != nullptr);
    char* data = rte_pktmbuf_append(packet, static_cast<std::uint16_t>(bytes.size()));
    REQUIRE(data != nullptr);
    std::copy(bytes.begin(), bytes.end(), data);
    metadata_of(packet).time = at;
    metadata_of(packet).birth = at;
    metadata_of(packet).ingress = port;
    ++exits.ledger().in;
    return packet;
  }
  void send(const Octets& bytes, PortId port, ModelTime at = {}) {
    Burst burst;
    burst.push(packet(bytes, port, at));
    function->process(burst, exits);
    exits.flush_all();
  }
  /// A frame and how it comes.
  struct Coming {
    Octets bytes;
    PortId port;
    ModelTime at{};
  };
  /// All in one burst.
  void send(const std::vector<Coming>& frames) {
    Burst burst;
    for (const Coming& frame : frames) burst.push(packet(frame.bytes, frame.port, frame.at));
    function->process(burst, exits);
    exits.flush_all();
  }
  /// Empty when it was applied, else "found in where: message (hint)".
  std::string apply(const Change& change, ModelTime at = {}) {
    auto commit = function->prepare(change);
    if (!commit) return to_string(commit.error());
    (*commit)(at, exits);
    exits.flush_all();
    return {};
  }
  void establish(const PduSessionRules& rules, ModelTime at = {}) {
    REQUIRE(apply(EstablishPduSession{NodeId{}, rules}, at).empty());
  }

  void wake(ModelTime at) {
    exits.clear_wake_request();
    function->wake(at, exits);
    exits.flush_all();
  }
  /// Every wake-up that is asked for, up to and including `until`.
  void advance(ModelTime until) {
    while (exits.wake_request() <= until) wake(exits.wake_request());
  }
  Upf& upf() { return static_cast<Upf&>(*function); }
  std::vector<UserPlaneReport> reports() { return upf().take_reports(); }
  /// The usage reports among them.
  std::vector<UsageReport> usage() {
    std::vector<UsageReport> usage;
    for (const UserPlaneReport& report : reports())
      if (const auto* content = std::get_if<UsageReport>(&report.content)) usage.push_back(*content);
    return usage;
  }

  std::vector<Frame>& at(PortId port) { return recorders[port.value].frames; }
  std::uint64_t dropped(DropReason reason) const {
    return exits.ledger().dropped[static_cast<std::size_t>(reason)];
  }
  Report report() const {
    Report report;
    function->report(report);
    return report;
  }
  double metric(const std::string& name) const {
    for (const auto& [key, value] : report().metrics)
      if (key == name) return value;
    FAIL("no metric " + name);
    return 0;
  }
  /// in + created = out + consumed + dropped + held, and the pool agrees.
  void check_conservation() const {
    CHECK(exits.ledger().expected_held() == static_cast<std::int64_t>(report().held));
    CHECK(pool_.in_use() == report().held);
  }

  std::vector<Recorder> recorders;

 private:
  static PacketPool make_pool() {
    static int number = 0;
    auto pool = PacketPool::create("upf_test_" + std::to_string(number++), 511);
    REQUIRE(pool);
    return std::move(*pool);
  }
  static std::vector<PortOutput*> outputs(std::vector<Recorder>& recorders) {
    std::vector<PortOutput*> outputs;
    for (auto& recorder : recorders) outputs.push_back(&recorder);
    return outputs;
  }
  PacketPool pool_;

 public:
  Exits exits;
  std::unique_ptr<NetworkFunction> function;
};

/// What an outgoing N3 or N9 frame says, after its lengths and checksum were checked.
struct Tunnelled {
  Ipv4Address destination;
  std::uint8_t dscp;
  GtpuPacket gtpu;
  Octets inner;
};

inline Tunnelled open_tunnelled(const Frame& frame) {
  const Octets& bytes = frame.bytes;
  const auto* eth = EthernetHeader::view(bytes.data(), bytes.size());
  REQUIRE(eth != nullptr);
  const auto* ip = Ipv4Header::view(bytes.data() + 14, bytes.size() - 14);
  REQUIRE(ip != nullptr);
  CHECK(ip->checksum_valid());
  CHECK(ip->total_length == bytes.size() - 14);
  CHECK(ip->source() == upf_address);
  CHECK(eth->destination == MacAddress::local(ip->destination().value));
  CHECK(eth->source == MacAddress::local(upf_address.value));
  const auto* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  REQUIRE(udp != nullptr);
  CHECK(udp->length == ip->payload_length());
  CHECK(udp->destination_port == gtpu_port);
  CHECK(udp->checksum == 0);
  Tunnelled out{.destination = ip->destination(), .dscp = ip->dscp(), .gtpu = {}, .inner = {}};
  REQUIRE(parse_gtpu(udp->payload(), udp->payload_length(), out.gtpu));
  CHECK(out.gtpu.total_length == udp->payload_length());
  out.inner.assign(udp->payload() + out.gtpu.header_length, udp->payload() + out.gtpu.total_length);
  return out;
}

/// The datagram as a router passes it on.
inline Octets routed(Octets ip) {
  reinterpret_cast<Ipv4Header*>(ip.data())->decrement_time_to_live();
  return ip;
}

}  // namespace kiriko::upf::test
