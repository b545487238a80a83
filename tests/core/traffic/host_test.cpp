// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of a host: what it sends and when, changes of scale and port, what it does with what it receives.
#include "tests/core/traffic/host_bench.hpp"

#include <limits>

#include "core/net/arp.hpp"
#include "core/net/icmp.hpp"
#include "core/traffic/probe.hpp"

using namespace kiriko;

namespace {

ModelTime at_ms(std::int64_t ms) { return ModelTime{ms * 1'000'000}; }

std::vector<std::int64_t> times_ms(const RecordingPort& port) {
  std::vector<std::int64_t> out;
  for (const Packet* packet : port.packets) out.push_back(metadata_of(packet).time.ns / 1'000'000);
  return out;
}

HostSetup sender_of(std::vector<FlowSpec> flows) {
  HostSetup setup;
  setup.address = address_a;
  setup.sends = std::move(flows);
  return setup;
}

HostSetup receiver_of(std::vector<FlowSpec> flows) {
  HostSetup setup;
  setup.address = address_b;
  setup.receives = std::move(flows);
  return setup;
}

FlowSpec every_10_ms(std::uint32_t id = 7) {
  return flow_of(id, "constant", {{"interval", {"10ms"}}, {"size", {"100"}}});
}

}  // namespace

TEST_CASE("when a host sends, then headers, probe and metadata are the flow's") {
  HostBench bench(sender_of({every_10_ms()}));
  bench.run(at_ms(10));
  REQUIRE(bench.ports[0]->packets.size() == 2);
  const Packet* packet = bench.ports[0]->packets[1];
  REQUIRE(size_of(packet) == 142);
  const std::uint8_t* bytes = bytes_of(packet);
  const EthernetHeader* ethernet = EthernetHeader::view(bytes, 142);
  CHECK(ethernet->type == ether_type::ipv4);
  CHECK(ethernet->source == mac_of(address_a));
  CHECK(ethernet->destination == mac_of(address_b));
  const Ipv4Header* ip = Ipv4Header::view(bytes + 14, 128);
  REQUIRE(ip != nullptr);
  CHECK(ip->total_length == 128);
  CHECK(ip->checksum_valid());
  CHECK(ip->source() == address_a);
  CHECK(ip->destination() == address_b);
  CHECK(ip->dscp() == 46);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  REQUIRE(udp != nullptr);
  CHECK(udp->source_port == 1007);
  CHECK(udp->destination_port == 2007);
  CHECK(udp->length == 108);
  const ProbeHeader* probe = ProbeHeader::view(udp->payload(), udp->payload_length());
  REQUIRE(probe != nullptr);
  CHECK(probe->flow == 7);
  CHECK(probe->sequence == 1);
  CHECK(probe->birth_ns == 10'000'000);
  const PacketMetadata& metadata = metadata_of(packet);
  CHECK(metadata.time == at_ms(10));
  CHECK(metadata.birth == at_ms(10));
  CHECK(metadata.sequence == 1);
  CHECK(metadata.flow == FlowId{7});
  CHECK(metadata.slice == SliceId{3});
  CHECK(metadata.qfi == 5);
  CHECK(metadata.application == application_mark::unit_end);
  CHECK(metadata.application_word == 1);
  bench.check_conserved();
}

TEST_CASE("when a flow has a start and a stop, then it sends from the one to before the other") {
  FlowSpec spec = every_10_ms();
  spec.start = at_ms(25);
  spec.stop = at_ms(55);
  HostBench bench(sender_of({spec}));
  bench.run(at_ms(1000));
  CHECK(times_ms(*bench.ports[0]) == std::vector<std::int64_t>{25, 35, 45});
  CHECK(bench.host->next_wake() == ModelTime::never());
  CHECK(bench.exits.wake_request() == ModelTime::never());
  CHECK(bench.host->sent()[0].tallies[0].sent == 3);
}

TEST_CASE("when several flows send from one host, then packets leave in order of time and declaration") {
  FlowSpec slow = flow_of(1, "constant", {{"interval", {"20ms"}}});
  FlowSpec fast = flow_of(2, "constant", {{"interval", {"5ms"}}});
  HostBench bench(sender_of({slow, fast}));
  bench.run(at_ms(20));
  std::vector<std::uint32_t> flows;
  for (const Packet* packet : bench.ports[0]->packets) flows.push_back(metadata_of(packet).flow.value);
  CHECK(flows == std::vector<std::uint32_t>{1, 2, 2, 2, 2, 1, 2});
  CHECK(times_ms(*bench.ports[0]) == std::vector<std::int64_t>{0, 0, 5, 10, 15, 20, 20});
}

TEST_CASE("when a message is larger than a packet holds, then it is split and its last packet is marked") {
  FlowSpec spec = flow_of(1, "constant", {{"interval", {"1s"}}, {"size", {"3000"}}});
  HostBench bench(sender_of({spec}));
  REQUIRE(bench.ports[0]->packets.size() == 3);
  const std::vector<std::uint32_t> sizes{1514, 1514, 42 + 56};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(size_of(bench.ports[0]->packets[i]) == sizes[i]);
    CHECK(metadata_of(bench.ports[0]->packets[i]).sequence == i);
    CHECK(metadata_of(bench.ports[0]->packets[i]).application_word == 0);
    CHECK(metadata_of(bench.ports[0]->packets[i]).application == (i == 2 ? application_mark::unit_end : 0));
  }
  CHECK(bench.host->sent()[0].tallies[0].sent_bytes == 3000);
}

TEST_CASE("when a payload is small, then the frame is padded with zeros to Ethernet's minimum") {
  HostBench bench(sender_of({flow_of(1, "constant", {{"interval", {"1s"}}, {"size", {"4"}}})}));
  const Packet* packet = bench.ports[0]->packets.at(0);
  REQUIRE(size_of(packet) == 60);
  for (std::size_t i = 46; i < 60; ++i) CHECK(bytes_of(packet)[i] == 0);
}

TEST_CASE("when the scale changes, then the pending gap stretches from then on") {
  struct Case {
    std::string description;
    double initial;
    std::vector<std::pair<std::int64_t, double>> changes;
    std::vector<std::int64_t> times;
  };
  const std::vector<Case> cases{
      {"unchanged", 1, {}, {0, 10, 20, 30, 40, 50, 60}},
      {"twice from the start", 2, {}, {0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60}},
      {"doubled in the middle of a gap", 1, {{14, 2}}, {0, 10, 17, 22, 27, 32, 37, 42, 47, 52, 57}},
      {"halved in the middle of a gap", 1, {{16, 0.5}}, {0, 10, 24, 44}},
      {"silent, then on: the gap goes on where it was", 1, {{14, 0}, {44, 1}}, {0, 10, 50, 60}},
      {"silent from the start", 0, {{30, 1}}, {30, 40, 50, 60}},
      {"changed twice in one gap", 1, {{12, 2}, {14, 1}}, {0, 10, 18, 28, 38, 48, 58}},
      {"set again at the instant of a packet", 1, {{20, 1}}, {0, 10, 20, 30, 40, 50, 60}},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    FlowSpec spec = every_10_ms();
    spec.scale = c.initial;
    HostBench bench(sender_of({spec}));
    for (const auto& [time, scale] : c.changes) {
      bench.run(at_ms(time));
      bench.change(SetTraffic{NodeId{}, FlowId{7}, scale}, at_ms(time));
    }
    bench.run(at_ms(60));
    CHECK(times_ms(*bench.ports[0]) == c.times);
    bench.check_conserved();
  }
}

TEST_CASE("when the scale changes before the start, then the flow still starts at its start") {
  FlowSpec spec = every_10_ms();
  spec.start = at_ms(20);
  HostBench bench(sender_of({spec}));
  bench.change(SetTraffic{NodeId{}, FlowId{7}, 2}, at_ms(5));
  bench.run(at_ms(30));
  CHECK(times_ms(*bench.ports[0]) == std::vector<std::int64_t>{20, 25, 30});
}

TEST_CASE("when a host is woken late, then it goes on from there without a backlog") {
  HostBench bench(sender_of({every_10_ms()}));
  bench.wake(at_ms(95));
  CHECK(bench.ports[0]->packets.size() == 2);
  bench.wake(at_ms(96));  // an extra wake-up does nothing
  CHECK(bench.ports[0]->packets.size() == 2);
  CHECK(bench.exits.wake_request() == at_ms(105));
}

TEST_CASE("when a change does not fit, then it is refused and nothing changes") {
  HostSetup setup = sender_of({every_10_ms()});
  setup.port_count = 2;
  HostBench bench(setup);
  for (const Change& change :
       std::vector<Change>{SetTraffic{NodeId{}, FlowId{8}, 1}, SetTraffic{NodeId{}, FlowId{7}, -1},
                           SetTraffic{NodeId{}, FlowId{7}, std::numeric_limits<double>::quiet_NaN()},
                           SetTraffic{NodeId{}, FlowId{7}, 1e9}, SetActivePort{NodeId{}, PortId{2}},
                           SetLinkState{LinkId{0}, false}})
    CHECK_FALSE(bench.host->prepare(change));
  bench.change(SetActivePort{NodeId{}, PortId{1}}, at_ms(3));
  CHECK(bench.host->active_port() == PortId{1});
  bench.run(at_ms(10));
  CHECK(bench.ports[0]->packets.size() == 1);
  CHECK(bench.ports[1]->packets.size() == 1);
}

TEST_CASE("when a flow is given twice or its model is unknown, then the host is not created") {
  CHECK_FALSE(Host::create(receiver_of({every_10_ms(), every_10_ms()})));
  FlowSpec unknown = every_10_ms();
  unknown.model = "constnat";
  const auto host = Host::create(sender_of({unknown}));
  REQUIRE_FALSE(host);
  CHECK(host.error().where == "flow7");
}

TEST_CASE("when the pool is empty, then packets count as sent and lost, and the source goes on") {
  HostBench bench(sender_of({flow_of(1, "constant", {{"interval", {"1us"}}})}), 63);
  bench.run(ModelTime{99'000});
  CHECK(bench.host->sent()[0].tallies[0].sent == 100);
  CHECK(bench.exits.pool_exhausted() == 100 - bench.ports[0]->packets.size());
  CHECK(bench.exits.pool_exhausted() > 0);
  bench.ports[0]->clear();
  bench.run(ModelTime{100'000});
  CHECK(metadata_of(bench.ports[0]->packets.at(0)).sequence == 100);
  bench.check_conserved();
}

TEST_CASE("when packets of a flow arrive, then they are measured and consumed") {
  HostBench sender(sender_of({every_10_ms()}));
  sender.run(at_ms(90));
  HostBench receiver(receiver_of({every_10_ms()}));
  std::int64_t i = 0;
  for (Packet* packet : sender.ports[0]->packets) {
    metadata_of(packet).time += milliseconds(i++ == 3 ? 7 : 5);
    receiver.deliver(packet);
  }
  sender.ports[0]->packets.clear();
  const FlowTally tally = receiver.host->received().at(0).tallies.at(0);
  CHECK(tally.received == 10);
  CHECK(tally.received_bytes == 1000);
  CHECK(tally.delay.maximum() == 7'000'000);
  CHECK(tally.delay.minimum() == 5'000'000);
  CHECK(tally.jitter.count() == 9);
  CHECK(tally.longest_gap == milliseconds(12));
  CHECK(receiver.exits.ledger().consumed == 10);
  receiver.check_conserved();
  CHECK(sender.pool.in_use() == 0);
}

TEST_CASE("when packets arrive twice or out of order, then the tally says so and the ledger balances") {
  HostBench sender(sender_of({every_10_ms()}));
  sender.run(at_ms(30));
  HostBench receiver(receiver_of({every_10_ms()}));
  Packet* twin = sender.exits.copy(sender.ports[0]->packets[1]);
  for (Packet* packet :
       {sender.ports[0]->packets[0], sender.ports[0]->packets[2], sender.ports[0]->packets[1], twin}) {
    metadata_of(packet).time = at_ms(100);
    receiver.deliver(packet);
  }
  rte_pktmbuf_free(sender.ports[0]->packets[3]);
  sender.ports[0]->packets.clear();
  const FlowTally tally = receiver.host->received()[0].tallies[0];
  CHECK(tally.received == 3);
  CHECK(tally.reordered == 1);
  CHECK(tally.duplicates == 1);
  CHECK(receiver.exits.ledger().consumed == 4);
  receiver.check_conserved();
}

namespace {

/// Bytes of a UDP frame to `destination` with `payload`.
std::vector<std::uint8_t> udp_frame(Ipv4Address destination, const std::vector<std::uint8_t>& payload) {
  std::vector<std::uint8_t> bytes(42 + payload.size());
  write_ethernet(bytes.data(), mac_of(destination), mac_of(address_a), ether_type::ipv4);
  write_ipv4(bytes.data() + 14, {.source = address_a,
                                 .destination = destination,
                                 .protocol = ip_protocol::udp,
                                 .payload_length = static_cast<std::uint16_t>(8 + payload.size())});
  write_udp(bytes.data() + 34, 1, 2, static_cast<std::uint16_t>(payload.size()));
  std::copy(payload.begin(), payload.end(), bytes.begin() + 42);
  return bytes;
}

std::vector<std::uint8_t> probe_of(FlowId flow, std::uint64_t sequence, ModelTime birth) {
  std::vector<std::uint8_t> payload(30);
  write_probe(payload.data(), flow, sequence, birth);
  return payload;
}

}  // namespace

TEST_CASE(
    "when a packet comes without a flow, then a probe in its payload tells, and nothing else is believed") {
  const auto wrong_magic = [] {
    auto payload = probe_of(FlowId{7}, 0, at_ms(1));
    payload[0] ^= 1;
    return payload;
  };
  auto cut = udp_frame(address_b, probe_of(FlowId{7}, 0, at_ms(1)));
  cut.resize(60);
  auto bad_checksum = udp_frame(address_b, probe_of(FlowId{7}, 0, at_ms(1)));
  bad_checksum[24] ^= 1;
  auto fragment = udp_frame(address_b, probe_of(FlowId{7}, 0, at_ms(1)));
  fragment[20] = 0x20;
  fragment[24] = fragment[25] = 0;
  const std::uint16_t sum = internet_checksum(fragment.data() + 14, 20);
  fragment[24] = static_cast<std::uint8_t>(sum >> 8);
  fragment[25] = static_cast<std::uint8_t>(sum);
  struct Case {
    std::string description;
    std::vector<std::uint8_t> bytes;
    DropReason exit;  // count_: consumed and measured
  };
  const std::vector<Case> cases{
      {"a valid probe", udp_frame(address_b, probe_of(FlowId{7}, 3, at_ms(40))), DropReason::count_},
      {"the largest sequence", udp_frame(address_b, probe_of(FlowId{7}, ~0ULL - 1, at_ms(0))),
       DropReason::count_},
      {"an unknown flow", udp_frame(address_b, probe_of(FlowId{8}, 3, at_ms(40))),
       DropReason::not_for_this_host},
      {"no flow", udp_frame(address_b, probe_of(no_flow, 3, at_ms(40))), DropReason::not_for_this_host},
      {"born in the future", udp_frame(address_b, probe_of(FlowId{7}, 3, at_ms(51))),
       DropReason::not_for_this_host},
      {"born before all time", udp_frame(address_b, probe_of(FlowId{7}, 3, ModelTime{-1})),
       DropReason::not_for_this_host},
      {"another magic", udp_frame(address_b, wrong_magic()), DropReason::not_for_this_host},
      {"no payload", udp_frame(address_b, {}), DropReason::not_for_this_host},
      {"another address", udp_frame(address_a, probe_of(FlowId{7}, 3, at_ms(40))),
       DropReason::not_for_this_host},
      {"cut off", cut, DropReason::malformed},
      {"a bit flipped in the IPv4 header", bad_checksum, DropReason::malformed},
      {"a fragment", fragment, DropReason::not_for_this_host},
      {"an empty frame", {}, DropReason::malformed},
      {"half an Ethernet header", std::vector<std::uint8_t>(7), DropReason::malformed},
      {"an Ethernet header alone", {2, 0, 10, 0, 0, 2, 2, 0, 10, 0, 0, 1, 8, 0}, DropReason::malformed},
      {"LLDP", {1, 128, 194, 0, 0, 14, 2, 0, 10, 0, 0, 1, 0x88, 0xcc, 0, 0}, DropReason::not_for_this_host},
      {"a short ARP", {2, 0, 10, 0, 0, 2, 2, 0, 10, 0, 0, 1, 8, 6, 0, 1}, DropReason::malformed},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    HostBench bench(receiver_of({every_10_ms()}));
    bench.deliver(bench.packet_of(c.bytes, at_ms(50)));
    const bool measured = c.exit == DropReason::count_;
    CHECK(bench.host->received()[0].tallies[0].received == (measured ? 1 : 0));
    CHECK(bench.exits.ledger().consumed == (measured ? 1 : 0));
    if (!measured) CHECK(bench.dropped(c.exit) == 1);
    bench.check_conserved();
    CHECK(bench.pool.in_use() == 0);
  }
}

TEST_CASE("when a packet of a TCP flow carries UDP, or the other way round, then it is not for this host") {
  HostBench bench(receiver_of({flow_of(9, "tcp", {})}));
  Packet* packet = bench.packet_of(udp_frame(address_b, std::vector<std::uint8_t>(40)), at_ms(1));
  metadata_of(packet).flow = FlowId{9};
  bench.deliver(packet);
  CHECK(bench.dropped(DropReason::not_for_this_host) == 1);
}

TEST_CASE("when an echo request comes, then the reply goes back; a broken one is dropped") {
  const std::vector<std::uint8_t> payload{'p', 'i', 'n', 'g', '!'};
  std::vector<std::uint8_t> bytes(14 + 20 + 8 + payload.size());
  write_ethernet(bytes.data(), mac_of(address_b), MacAddress::local(99), ether_type::ipv4);
  write_ipv4(bytes.data() + 14, {.source = address_a,
                                 .destination = address_b,
                                 .protocol = ip_protocol::icmp,
                                 .payload_length = 13,
                                 .time_to_live = 3});
  std::copy(payload.begin(), payload.end(), bytes.begin() + 42);
  write_icmp_echo(bytes.data() + 34, icmp_type::echo_request, 77, 5, payload.size());

  HostBench bench(receiver_of({}));
  bench.deliver(bench.packet_of(bytes, at_ms(4)));
  REQUIRE(bench.ports[0]->packets.size() == 1);
  const std::uint8_t* reply = bytes_of(bench.ports[0]->packets[0]);
  CHECK(EthernetHeader::view(reply, 47)->destination == MacAddress::local(99));
  CHECK(EthernetHeader::view(reply, 47)->source == mac_of(address_b));
  const Ipv4Header* ip = Ipv4Header::view(reply + 14, 33);
  REQUIRE(ip != nullptr);
  CHECK(ip->checksum_valid());
  CHECK(ip->source() == address_b);
  CHECK(ip->destination() == address_a);
  CHECK(ip->time_to_live == 64);
  const IcmpHeader* icmp = IcmpHeader::view(ip->payload(), 13);
  CHECK(icmp->type == icmp_type::echo_reply);
  CHECK(icmp->identifier == 77);
  CHECK(icmp->sequence_number == 5);
  CHECK(internet_checksum(ip->payload(), 13) == 0);
  CHECK(std::equal(payload.begin(), payload.end(), reply + 42));
  CHECK(metadata_of(bench.ports[0]->packets[0]).time == at_ms(4));

  bytes[42] ^= 0x10;
  bench.deliver(bench.packet_of(bytes, at_ms(5)));
  CHECK(bench.dropped(DropReason::malformed) == 1);
  bench.check_conserved();
}

TEST_CASE("when an ARP request asks for the host's address, then it answers out of the port it came by") {
  const auto request_for = [](Ipv4Address target) {
    std::vector<std::uint8_t> bytes(60);
    write_ethernet(bytes.data(), broadcast_mac, MacAddress::local(5), ether_type::arp);
    write_arp(bytes.data() + 14, arp_operation::request, MacAddress::local(5), address_a, MacAddress{},
              target);
    return bytes;
  };
  HostSetup setup = receiver_of({});
  setup.port_count = 2;
  HostBench bench(setup);
  Packet* packet = bench.packet_of(request_for(address_b), at_ms(4));
  metadata_of(packet).ingress = PortId{1};
  bench.deliver(packet);
  REQUIRE(bench.ports[1]->packets.size() == 1);
  const std::uint8_t* reply = bytes_of(bench.ports[1]->packets[0]);
  CHECK(EthernetHeader::view(reply, 60)->destination == MacAddress::local(5));
  const ArpPacket* arp = ArpPacket::view(reply + 14, 46);
  REQUIRE(arp != nullptr);
  CHECK(arp->operation == arp_operation::reply);
  CHECK(arp->sender_mac == mac_of(address_b));
  CHECK(arp->sender_address() == address_b);
  CHECK(arp->target_mac == MacAddress::local(5));
  CHECK(arp->target_address() == address_a);
  bench.deliver(bench.packet_of(request_for(Ipv4Address{10, 0, 0, 3}), at_ms(5)));
  CHECK(bench.dropped(DropReason::not_for_this_host) == 1);
  bench.check_conserved();
}
