// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The gNB as a function: tunnels, hostile input, changes, conservation, indifference to how bursts are cut.
#include "tests/vnf/gnb/cell_bench.hpp"

#include "core/base/random.hpp"
#include "core/net/edit.hpp"

using namespace kiriko;
using namespace kiriko::gnb_test;

namespace {

ModelTime ms(std::int64_t n) { return ModelTime{} + milliseconds(n); }

constexpr std::size_t outer = ethernet_header_size + ipv4_header_size + udp_header_size;

}  // namespace

TEST_CASE("when an uplink packet crosses the radio, then it leaves N3 in its tunnel") {
  for (const std::uint8_t qfi : {std::uint8_t{0}, std::uint8_t{3}}) {
    CellBench bench{{{"bler", {"0"}}}};
    bench.arrive(ModelTime{5}, bench.uplink_packet(1, 300, no_slice, qfi));
    bench.run(ms(20));
    REQUIRE(bench.sent.size() == 1);
    const auto& frame = bench.recorders[0]->last;
    REQUIRE(frame.size() == outer + 16 + 300);
    CHECK(EthernetHeader::view(frame.data(), frame.size())->destination ==
          MacAddress::local(upf_address.value));
    const Ipv4Header* ip = Ipv4Header::view(frame.data() + 14, frame.size() - 14);
    REQUIRE(ip != nullptr);
    CHECK(ip->checksum_valid());
    CHECK(ip->source() == gnb_address);
    CHECK(ip->destination() == upf_address);
    CHECK(ip->dscp() == 34);
    const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
    REQUIRE(udp != nullptr);
    CHECK(udp->destination_port == gtpu_port);
    GtpuPacket gtpu;
    REQUIRE(parse_gtpu(udp->payload(), udp->payload_length(), gtpu));
    CHECK(gtpu.message_type == gtpu_message::g_pdu);
    CHECK(gtpu.teid == 1001);
    CHECK(gtpu.pdu_type == pdu_type::uplink);
    CHECK(gtpu.qfi == (qfi == 0 ? 9 : qfi));
    CHECK(Ipv4Header::view(udp->payload() + gtpu.header_length, gtpu.payload_length())->source() ==
          CellBench::ue_address(1));
    CHECK(bench.recorders[0]->last_metadata.slice == SliceId{0});
    CHECK(bench.recorders[0]->last_metadata.queueing_ns > 0);
  }
}

TEST_CASE("when a G-PDU comes from N3, then its UE gets the inner packet with the QFI") {
  CellBench bench{{{"bler", {"0"}}}, 2};
  bench.arrive(ModelTime{0}, bench.downlink_packet(2, 300, SliceId{1}, 7));
  bench.run(ms(20));
  REQUIRE(bench.sent.size() == 1);
  CHECK(bench.sent[0].port == 2);
  const auto& frame = bench.recorders[2]->last;
  REQUIRE(frame.size() == 14 + 300);
  CHECK(EthernetHeader::view(frame.data(), frame.size())->destination ==
        MacAddress::local(CellBench::ue_address(2).value));
  CHECK(EthernetHeader::view(frame.data(), frame.size())->source == MacAddress::local(gnb_address.value));
  CHECK(Ipv4Header::view(frame.data() + 14, 300)->source() == upf_address);
  CHECK(bench.recorders[2]->last_metadata.qfi == 7);
}

TEST_CASE("when an Echo Request comes, then an Echo Response with its sequence number leaves") {
  CellBench bench{{}};
  std::vector<std::uint8_t> request(gtpu_echo_request_size);
  write_gtpu_echo_request(request.data(), 0x1234);
  bench.arrive(ms(1), bench.n3_frame(request));
  bench.run(ms(2));
  REQUIRE(bench.sent.size() == 1);
  CHECK(bench.sent[0].time == ms(1));
  const auto& frame = bench.recorders[0]->last;
  GtpuPacket gtpu;
  REQUIRE(parse_gtpu(frame.data() + outer, frame.size() - outer, gtpu));
  CHECK(gtpu.message_type == gtpu_message::echo_response);
  CHECK(gtpu.sequence_number == 0x1234);
  CHECK(bench.exits.ledger().consumed == 1);
  CHECK(bench.exits.ledger().created == 1);
  CHECK(bench.balanced());
}

TEST_CASE("when an echo comes after an uplink slot was sent, then N3 stays in order") {
  CellBench bench{{{"bler", {"0"}}, {"ul_grant_delay", {"0"}}, {"ue_processing", {"0"}}}};
  std::vector<std::uint8_t> request(gtpu_echo_request_size);
  write_gtpu_echo_request(request.data(), 1);
  bench.arrive(ModelTime{0}, bench.uplink_packet(1, 300));
  bench.arrive(ModelTime{1'600'000}, bench.n3_frame(request));  // in slot 3, which carries the packet
  bench.run(ms(10));
  CHECK(bench.sent.size() == 2);
  CHECK(bench.recorders[0]->in_order);
}

TEST_CASE("when the TEID is unknown, then an Error Indication goes back") {
  CellBench bench{{}};
  bench.arrive(ms(1), bench.downlink_packet(77, 300));
  bench.run(ms(2));
  REQUIRE(bench.sent.size() == 1);
  const auto& frame = bench.recorders[0]->last;
  REQUIRE(frame.size() == outer + gtpu_error_indication_size);
  GtpuPacket gtpu;
  REQUIRE(parse_gtpu(frame.data() + outer, frame.size() - outer, gtpu));
  CHECK(gtpu.message_type == gtpu_message::error_indication);
  CHECK(frame[outer + 16] == 77);
  CHECK(Ipv4Header::view(frame.data() + 14, frame.size() - 14)->destination() == upf_address);
  CHECK(bench.dropped(DropReason::ue_unknown) == 1);
  CHECK(bench.balanced());
}

TEST_CASE("when frames are wrong, then each has its exit") {
  struct Case {
    const char* description;
    std::vector<std::uint8_t> gtpu;
    DropReason reason;
  };
  const std::vector<Case> cases{
      {"empty", {}, DropReason::malformed},
      {"shorter than a header", {0x30, 255, 0, 0}, DropReason::malformed},
      {"longer than it is", {0x30, 255, 0, 9, 0, 0, 0, 1, 0}, DropReason::malformed},
      {"version 2", {0x50, 255, 0, 0, 0, 0, 0, 1}, DropReason::malformed},
      {"GTP prime", {0x20, 255, 0, 0, 0, 0, 0, 1}, DropReason::malformed},
      {"extension of length 0",
       {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0},
       DropReason::malformed},
      {"extension beyond the end",
       {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 9, 0, 0, 0},
       DropReason::malformed},
      {"extension that must be comprehended",
       {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0xc0, 1, 0, 0, 0},
       DropReason::unsupported_gtpu},
      {"uplink container on the downlink",
       {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0x10, 5, 0},
       DropReason::malformed},
      {"no inner packet", {0x30, 255, 0, 0, 0, 0, 0, 1}, DropReason::malformed},
      {"inner packet not IPv4", {0x30, 255, 0, 4, 0, 0, 0, 1, 0x60, 0, 0, 0}, DropReason::malformed},
      {"unknown message", {0x30, 99, 0, 0, 0, 0, 0, 0}, DropReason::unsupported_gtpu},
      {"echo without a sequence number", {0x30, 1, 0, 0, 0, 0, 0, 0}, DropReason::malformed},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    CellBench bench{{}};
    bench.arrive(ms(1), bench.n3_frame(c.gtpu));
    bench.run(ms(2));
    CHECK(bench.dropped(c.reason) == 1);
    CHECK(bench.sent.empty());
    CHECK(bench.balanced());
  }
  CellBench bench{{}, 2};
  bench.change(DetachUe{NodeId{0}, NodeId{2}});
  bench.arrive(ms(1), bench.raw_frame(std::vector<std::uint8_t>(9), PortId{0}));
  bench.arrive(ms(1), bench.raw_frame(std::vector<std::uint8_t>(60), PortId{0}));
  bench.arrive(ms(1), bench.raw_frame(std::vector<std::uint8_t>(60), PortId{1}));
  bench.arrive(ms(1), bench.uplink_packet(2, 300));
  Packet* damaged = bench.downlink_packet(1, 300);
  bytes_of(damaged)[14 + 8] ^= 1;  // the outer time to live, under its checksum
  bench.arrive(ms(1), damaged);
  Packet* fragment = bench.downlink_packet(1, 300);
  write_ipv4(bytes_of(fragment) + 14, {.source = upf_address,
                                       .destination = gnb_address,
                                       .protocol = 17,
                                       .payload_length = udp_header_size + 16 + 300,
                                       .dont_fragment = false});
  Ipv4Header& ip = *edit<Ipv4Header>(bytes_of(fragment) + 14, fragment->data_len - 14U);
  ip.flags_and_fragment_offset = std::uint16_t{0x2000};
  ip.checksum = updated_checksum(ip.checksum, 0, 0x2000);
  bench.arrive(ms(1), fragment);
  bench.run(ms(2));
  CHECK(bench.dropped(DropReason::malformed) == 4);
  CHECK(bench.dropped(DropReason::not_for_this_host) == 1);
  CHECK(bench.dropped(DropReason::radio_detached) == 1);
  CHECK(bench.balanced());
}

TEST_CASE("when random octets come from N3, then nothing is lost from the ledger") {
  CellBench bench{{}};
  RandomStream random{3, "fuzz", "n3"};
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> gtpu(static_cast<std::size_t>(random.between(0, 64)));
    for (auto& octet : gtpu) octet = static_cast<std::uint8_t>(random.next());
    if (gtpu.size() >= 8 && i % 2 == 0) {
      gtpu[0] = static_cast<std::uint8_t>(0x30 | (gtpu[0] & 7));
      gtpu[1] = i % 4 == 0 ? 255 : gtpu[1];
      gtpu[2] = 0;
      gtpu[3] = static_cast<std::uint8_t>(gtpu.size() - 8);
      gtpu[4] = gtpu[5] = gtpu[6] = 0;
      gtpu[7] = 1;
    }
    bench.arrive(ModelTime{i * 1000}, bench.n3_frame(gtpu));
    bench.run(ModelTime{i * 1000 + 1});
  }
  bench.run(ms(1000));
  CHECK(bench.balanced());
}

TEST_CASE("when a UE detaches with packets buffered, then they drop as radio_detached") {
  CellBench bench{{}};
  for (int i = 0; i < 5; ++i) bench.arrive(ModelTime{1}, bench.downlink_packet(1, 300));
  for (int i = 0; i < 3; ++i) bench.arrive(ModelTime{2}, bench.uplink_packet(1, 300));
  bench.run(ModelTime{3});
  CHECK(bench.report().held == 8);
  bench.change(DetachUe{NodeId{0}, NodeId{1}});
  CHECK(bench.dropped(DropReason::radio_detached) == 8);
  CHECK(bench.report().held == 0);
  CHECK(bench.balanced());
  bench.run(ms(10));
  CHECK(bench.sent.empty());
  bench.change(AttachUe{NodeId{0}, CellBench::context(1)});
  bench.arrive(ms(11), bench.downlink_packet(1, 300));
  bench.run(ms(30));
  CHECK(bench.sent.size() == 1);
}

TEST_CASE("when an attached UE attaches again, then its tunnel changes and its buffers stay") {
  CellBench bench{{{"bler", {"0"}}}};
  bench.arrive(ModelTime{1}, bench.uplink_packet(1, 300));
  bench.run(ModelTime{2});
  UeContext moved = CellBench::context(1);
  moved.uplink_teid = Teid{4242};
  moved.upf_address = Ipv4Address{10, 0, 0, 3};
  moved.downlink_teid = Teid{99};
  bench.change(AttachUe{NodeId{0}, moved});
  bench.arrive(ms(1), bench.downlink_packet(99, 300));
  bench.arrive(ms(1), bench.downlink_packet(1, 300));
  bench.run(ms(20));
  CHECK(bench.dropped(DropReason::ue_unknown) == 1);
  CHECK(bench.exits.ledger().out == 3);
  const auto& frame = bench.recorders[0]->last;
  CHECK(Ipv4Header::view(frame.data() + 14, frame.size() - 14)->destination() == Ipv4Address{10, 0, 0, 3});
}

TEST_CASE("when a change is wrong, then prepare says what and nothing changes") {
  CellBench bench{{}, 2};
  const auto message = [&](const Change& change) {
    const auto commit = bench.gnb->prepare(change);
    return commit ? std::string{} : commit.error().message;
  };
  const auto attach = [](auto edit) {
    UeContext context = CellBench::context(1);
    edit(context);
    return AttachUe{NodeId{0}, context};
  };
  CHECK(message(attach([](UeContext& c) { c.port = PortId{0}; })) == "the UE's port is not a radio port");
  CHECK(message(attach([](UeContext& c) { c.port = PortId{99}; })) == "the UE's port is not a radio port");
  CHECK(message(attach([](UeContext& c) { c.port = PortId{2}; })) == "the radio port leads to another UE");
  CHECK(message(attach([](UeContext& c) { c.downlink_teid = Teid{0}; })) == "TEID 0 is no tunnel");
  CHECK(message(attach([](UeContext& c) { c.downlink_teid = Teid{2}; })) ==
        "the downlink TEID is another UE's");
  CHECK(message(attach([](UeContext& c) { c.default_qfi = Qfi{64}; })) == "not a QFI");
  CHECK(message(attach([](UeContext& c) { c.slice = SliceId{5}; })) == "no such slice");
  CHECK(message(DetachUe{NodeId{0}, NodeId{9}}) == "the UE is not attached to this cell");
  CHECK(message(SetRadioShares{NodeId{0}, {{SliceId{7}, 0, 0, 100}}}) == "no such slice");
  CHECK(message(SetRadioShares{NodeId{0}, {{SliceId{0}, 50, 40, 100}}}) ==
        "an RRM policy's ratios are out of order");
  CHECK(message(SetRadioShares{NodeId{0}, {{SliceId{0}, 0, 60, 100}, {SliceId{1}, 0, 50, 100}}}) ==
        "the slices of a cell are promised more than it has");
  CHECK(message(SetUeRadio{NodeId{0}, NodeId{1}, {.mcs = 28}}) == "no such MCS index in qam256");
  CHECK(message(SetUeRadio{NodeId{0}, NodeId{1}, {.bler = 1.5}}) == "not a block error rate");
  CHECK(message(SetRateLimit{}) == "a gnb takes no SetRateLimit");
  CHECK(bench.report().cell->shares.empty());
}

TEST_CASE("when packets of an instant come in other bursts, then the same leaves, and the ledger balances") {
  const auto run = [](std::uint64_t cut_seed, std::uint64_t seed) {
    CellBench bench{{{"bler", {"0.2"}}, {"buffer", {"60 kB"}}, {"bandwidth", {"20"}}}, 5, {1, 8, 8}, seed};
    RandomStream load{11, "load", "packets"};
    RandomStream cuts{cut_seed, "cuts", "bursts"};
    std::int64_t t = 0;
    for (int i = 0; i < 4000; ++i) {
      if (i == 1000) bench.set_shares({{SliceId{0}, 10, 20, 100}, {SliceId{1}, 0, 30, 60}});
      if (i == 2000) bench.change(DetachUe{NodeId{0}, NodeId{3}});
      if (i == 2500) bench.change(SetUeRadio{NodeId{0}, NodeId{2}, {.mcs = 3, .bler = 0.5}});
      if (i == 3000) bench.set_shares({});
      t += load.between(0, 60'000);
      if (i % 7 == 0) t -= t % 500'000;
      t = std::max(t, bench.now.ns);
      for (auto n = load.between(1, 6); n > 0; --n) {
        const auto ue = static_cast<std::uint16_t>(load.between(1, 5));
        const auto size = static_cast<std::uint16_t>(load.between(40, 1500));
        const SliceId slice{static_cast<std::uint16_t>(load.between(0, 3))};
        bench.arrive(ModelTime{t}, load.chance(0.5) ? bench.downlink_packet(ue, size, slice)
                                                    : bench.uplink_packet(ue, size, slice));
      }
      bench.run(ModelTime{t + 1}, [&](std::size_t n) {
        return static_cast<std::size_t>(cuts.between(1, static_cast<std::int64_t>(n)));
      });
      if (i % 100 == 0) REQUIRE(bench.balanced());
    }
    bench.run(ms(100'000));
    CHECK(bench.balanced());
    CHECK(bench.report().held == 0);
    CHECK(bench.exits.wake_request() == ModelTime::never());
    for (const auto& recorder : bench.recorders) CHECK(recorder->in_order);
    return bench.sent;
  };
  const auto once = run(1, 7);
  CHECK(once.size() > 3000);
  CHECK(run(2, 7) == once);
  CHECK_FALSE(run(1, 8) == once);
}

TEST_CASE("when a UE is handed over with data forwarding, then nothing is lost and the order holds") {
  // Source and target by turns in one clock: what the source sends to the target's address arrives there 100 us later.
  CellBench source{{{"bler", {"0"}}}, 1}, target{{{"bler", {"0"}}}, 1};
  target.change(DetachUe{NodeId{0}, NodeId{1}});
  const auto at = [](int milliseconds_after, int microseconds_after = 0) {
    return ModelTime{} + milliseconds(milliseconds_after) + microseconds(microseconds_after);
  };
  for (int i = 0; i < 20; ++i) source.arrive(at(0, 10 * i), source.downlink_packet(1, 1400, SliceId{0}, 9));
  source.arrive(at(0, 300), source.uplink_packet(1, 300));
  source.run(at(0, 400));
  REQUIRE(source.sent.empty());

  UeContext context = CellBench::context(1);
  context.downlink_teid = Teid{77};
  context.forwarding_teid = Teid{78};
  context.reached_after = milliseconds(30);
  target.run(at(0, 400));
  target.change(AttachUe{NodeId{0}, context});
  source.change(DetachUe{.node = NodeId{0},
                         .ue = NodeId{1},
                         .downlink_teid = Teid{1},
                         .forward = ForwardingTunnel{gnb_address, Teid{78}}});
  source.exits.flush_all();
  CHECK(source.sent.size() == 20);
  CHECK(source.report().held == 1);  // the uplink's

  // The new path is quicker than what still is on its way by the old one.
  const auto to_tunnel = [&](std::uint32_t teid, std::uint16_t size) {
    Packet* packet = target.downlink_packet(1, size, SliceId{0}, 9);
    constexpr std::size_t gtpu_at = ethernet_header_size + ipv4_header_size + udp_header_size;
    write_gtpu_pdu_session(bytes_of(packet) + gtpu_at, teid, pdu_type::downlink, 9, false, size);
    return packet;
  };
  std::vector<std::uint8_t> marker(gtpu_end_marker_size);
  for (int i = 0; i < 3; ++i) target.arrive(at(1), to_tunnel(77, 200));
  for (int i = 0; i < 20; ++i) target.arrive(at(2), to_tunnel(78, 1400));
  target.run(at(3));
  CHECK(target.report().held == 23);
  CHECK(target.balanced());
  write_gtpu_end_marker(marker.data(), 78);
  target.arrive(at(3), target.n3_frame(marker));
  target.run(at(100));
  REQUIRE(target.sent.size() == 23);
  CHECK(target.sent.front().time >= at(30, 400));
  CHECK(target.sent.front().size == ethernet_header_size + 1400);
  CHECK(target.sent.back().size == ethernet_header_size + 200);
  CHECK(target.recorders[1]->in_order);
  CHECK(target.balanced());

  // The old path's last packet and the UPF's end marker go on to the target; the uplink crosses the old cell.
  source.arrive(at(1), source.downlink_packet(1, 500, SliceId{0}, 9));
  write_gtpu_end_marker(marker.data(), 1);
  Packet* end = source.n3_frame(marker);
  metadata_of(end).slice = SliceId{1};
  source.arrive(at(1, 1), end);
  source.run(at(1, 2));
  // The marker goes by its slice's queues, so that nothing of its tunnel comes after it.
  CHECK(source.recorders[0]->last_metadata.slice == SliceId{1});
  source.run(at(50));
  REQUIRE(source.sent.size() == 23);
  for (const Sent& sent : source.sent) CHECK(sent.port == 0);
  CHECK(source.balanced());
  CHECK(source.report().held == 0);
  source.run(at(2000));
  CHECK(source.dropped(DropReason::radio_detached) == 0);
  // It has forgotten the UE.
  source.arrive(at(2000), source.downlink_packet(1, 100));
  source.run(at(2100));
  CHECK(source.dropped(DropReason::ue_unknown) == 1);
}

TEST_CASE("when no end marker comes, then what waits for it goes on in time") {
  CellBench bench{{{"bler", {"0"}}}, 1};
  bench.change(DetachUe{NodeId{0}, NodeId{1}});
  UeContext context = CellBench::context(1);
  context.forwarding_teid = Teid{78};
  bench.change(AttachUe{NodeId{0}, context});
  bench.arrive(ModelTime{1000}, bench.downlink_packet(1, 200));
  bench.run(ModelTime{} + milliseconds(499));
  CHECK(bench.sent.empty());
  CHECK(bench.balanced());
  bench.run(ModelTime{} + milliseconds(510));
  CHECK(bench.sent.size() == 1);
  // Detached while packets wait, they drop.
  bench.change(DetachUe{NodeId{0}, NodeId{1}});
  bench.change(AttachUe{NodeId{0}, context});
  bench.arrive(bench.now, bench.downlink_packet(1, 200));
  bench.run(bench.now + milliseconds(1));
  bench.change(DetachUe{NodeId{0}, NodeId{1}});
  CHECK(bench.dropped(DropReason::radio_detached) == 1);
  CHECK(bench.balanced());
  // No more of them than a bearer's buffer holds.
  CellBench small{{{"bler", {"0"}}, {"buffer", {"2 kB"}}}, 1};
  small.change(DetachUe{NodeId{0}, NodeId{1}});
  small.change(AttachUe{NodeId{0}, context});
  for (int i = 0; i < 20; ++i) small.arrive(ModelTime{1000}, small.downlink_packet(1, 200));
  small.run(ModelTime{} + milliseconds(1));
  CHECK(small.report().held == 10);
  CHECK(small.dropped(DropReason::radio_buffer_full) == 10);
  CHECK(small.balanced());
}
