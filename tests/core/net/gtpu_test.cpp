// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// GTP-U: golden bytes, extension headers, every truncated length.
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "core/base/random.hpp"
#include "core/net/gtpu.hpp"

using namespace kiriko;

namespace {

using Octets = std::vector<std::uint8_t>;

/// Not inlined: with known bytes GCC 12 warns falsely about an extension header that is not there.
[[gnu::noinline]] bool parse(const Octets& octets, GtpuPacket& out) {
  return parse_gtpu(octets.data(), octets.size(), out);
}

/// In an allocation of exactly `size` octets, so that a sanitizer sees a read past them.
bool parse_first(const Octets& octets, std::size_t size) {
  const Octets copy(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
  GtpuPacket out;
  return parse_gtpu(copy.data(), size, out);
}

}  // namespace

TEST_CASE("when a downlink G-PDU is written, then its bytes are those of TS 29.281 and TS 38.415") {
  Octets octets(gtpu_pdu_session_header_size + 3);
  write_gtpu_pdu_session(octets.data(), 0x01020304, pdu_type::downlink, 9, true, 3);
  CHECK(octets == Octets{0x34, 0xff, 0x00, 0x0b, 0x01, 0x02, 0x03, 0x04, 0x00, 0x00, 0x00, 0x85, 0x01, 0x00,
                         0x49, 0x00, 0, 0, 0});
  GtpuPacket packet;
  REQUIRE(parse(octets, packet));
  CHECK(packet.message_type == gtpu_message::g_pdu);
  CHECK(packet.teid == 0x01020304);
  CHECK(packet.has_pdu_session);
  CHECK(packet.pdu_type == pdu_type::downlink);
  CHECK(packet.qfi == 9);
  CHECK(packet.rqi);
  CHECK(packet.header_length == 16);
  CHECK(packet.payload_length() == 3);
  CHECK(packet.unknown_extension == 0);
  CHECK_FALSE(packet.has_sequence_number);
}

TEST_CASE("when an uplink G-PDU is written, then it reads back without RQI") {
  for (std::uint8_t qfi = 0; qfi < 64; ++qfi) {
    Octets octets(gtpu_pdu_session_header_size + 1);
    write_gtpu_pdu_session(octets.data(), 7, pdu_type::uplink, qfi, true, 1);
    GtpuPacket packet;
    REQUIRE(parse(octets, packet));
    CHECK(packet.pdu_type == pdu_type::uplink);
    CHECK(packet.qfi == qfi);
    CHECK_FALSE(packet.rqi);
  }
}

TEST_CASE("when path and tunnel messages are written, then their bytes are those of clause 7") {
  Octets octets(gtpu_echo_request_size);
  write_gtpu_echo_request(octets.data(), 0x1122);
  CHECK(octets == Octets{0x32, 1, 0, 4, 0, 0, 0, 0, 0x11, 0x22, 0, 0});
  GtpuPacket packet;
  REQUIRE(parse(octets, packet));
  CHECK(packet.message_type == gtpu_message::echo_request);
  CHECK(packet.has_sequence_number);
  CHECK(packet.sequence_number == 0x1122);
  CHECK(packet.header_length == 12);

  octets.assign(gtpu_echo_response_size, 0xff);
  write_gtpu_echo_response(octets.data(), 0x1122);
  CHECK(octets == Octets{0x32, 2, 0, 6, 0, 0, 0, 0, 0x11, 0x22, 0, 0, 14, 0});
  CHECK(parse(octets, packet));

  octets.assign(gtpu_end_marker_size, 0xff);
  write_gtpu_end_marker(octets.data(), 0xa0b0c0d0);
  CHECK(octets == Octets{0x30, 254, 0, 0, 0xa0, 0xb0, 0xc0, 0xd0});
  REQUIRE(parse(octets, packet));
  CHECK(packet.message_type == gtpu_message::end_marker);
  CHECK(packet.payload_length() == 0);

  octets.assign(gtpu_error_indication_size, 0xff);
  write_gtpu_error_indication(octets.data(), 0xa0b0c0d0, {10, 0, 0, 9});
  CHECK(octets ==
        Octets{0x32, 26, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0xa0, 0xb0, 0xc0, 0xd0, 133, 0, 4, 10, 0, 0, 9});
  CHECK(parse(octets, packet));
}

TEST_CASE("when a message is cut short, then it is refused at every length") {
  Octets octets(gtpu_pdu_session_header_size + 4);
  write_gtpu_pdu_session(octets.data(), 1, pdu_type::uplink, 1, false, 4);
  for (std::size_t size = 0; size < octets.size(); ++size) CHECK_FALSE(parse_first(octets, size));
  CHECK(parse_first(octets, octets.size()));
  // The same with a length field that goes along with the cut: now only a cut header is refused.
  for (std::size_t size = 8; size < octets.size(); ++size) {
    octets[3] = static_cast<std::uint8_t>(size - 8);
    CAPTURE(size);
    CHECK(parse_first(octets, size) == (size >= 16));
  }
}

TEST_CASE("when a header is malformed, then it is refused") {
  struct Case {
    const char* description;
    Octets octets;
  };
  for (const Case& c :
       {Case{"version 0", {0x10, 255, 0, 0, 0, 0, 0, 1}},
        {"version 2", {0x50, 255, 0, 0, 0, 0, 0, 1}},
        {"GTP prime", {0x20, 255, 0, 0, 0, 0, 0, 1}},
        {"length beyond the data", {0x30, 255, 0, 1, 0, 0, 0, 1}},
        {"S without room", {0x32, 255, 0, 3, 0, 0, 0, 1, 0, 0, 0}},
        {"extension of length 0", {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 9, 0}},
        {"extension beyond the message",
         {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 2, 0, 9, 0, 0, 0, 0, 0}},
        {"extension announced and absent", {0x34, 255, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x85}},
        {"second extension absent", {0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0x85}}}) {
    GtpuPacket packet;
    CAPTURE(c.description);
    CHECK_FALSE(parse(c.octets, packet));
    CHECK_FALSE(parse_first(c.octets, c.octets.size()));
  }
}

TEST_CASE("when other extension headers come along, then they are walked over") {
  // UDP Port (0x40, comprehension not required), a container of two units, PDCP PDU number (0xc0).
  const Octets octets{0x36, 255, 0,    22,   0, 0, 0, 5, 0x12, 0x34, 0, 0x40, 1, 0x08, 0x68,
                      0x85, 2,   0x10, 0x0c, 0, 0, 0, 0, 0xc0, 1,    0, 1,    0, 0xaa, 0xbb};
  GtpuPacket packet;
  REQUIRE(parse(octets, packet));
  CHECK(packet.has_pdu_session);
  CHECK(packet.pdu_type == pdu_type::uplink);
  CHECK(packet.qfi == 12);
  CHECK(packet.sequence_number == 0x1234);
  CHECK(packet.header_length == 28);
  CHECK(packet.payload_length() == 2);
  CHECK(packet.unknown_extension == 0xc0);
}

TEST_CASE("when E is not set, then the next extension header type is not looked at") {
  const Octets octets{0x32, 255, 0, 5, 0, 0, 0, 5, 0, 1, 0, 0x85, 0xaa};
  GtpuPacket packet;
  REQUIRE(parse(octets, packet));
  CHECK_FALSE(packet.has_pdu_session);
  CHECK(packet.header_length == 12);
  CHECK(packet.payload_length() == 1);
}

TEST_CASE("when an endless chain of extensions arrives, then it is refused and nothing overflows") {
  Octets octets(8 + 65535, 0);
  for (std::size_t at = 12; at + 4 <= octets.size(); at += 4) {
    octets[at] = 1;
    octets[at + 3] = 0x40;
  }
  const std::uint8_t header[] = {0x34, 255, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0x40};
  std::copy(std::begin(header), std::end(header), octets.begin());
  GtpuPacket packet;
  CHECK_FALSE(parse(octets, packet));
}

TEST_CASE("when random bytes are parsed, then header and payload stay within them") {
  RandomStream random(4, "gtpu", "noise");
  int parsed = 0;
  for (int i = 0; i < 50000; ++i) {
    const auto size = static_cast<std::size_t>(random.between(8, 60));
    const auto octets = std::make_unique<std::uint8_t[]>(size);
    for (std::size_t k = 0; k < size; ++k)
      octets[k] = static_cast<std::uint8_t>(random.next() & (k > 11 ? 0x87 : 0xff));
    octets[0] = static_cast<std::uint8_t>(0x30 | (octets[0] & 7));
    octets[2] = 0;
    octets[3] = static_cast<std::uint8_t>(octets[3] % 64);
    GtpuPacket packet;
    if (!parse_gtpu(octets.get(), size, packet)) continue;
    ++parsed;
    REQUIRE(packet.total_length <= size);
    REQUIRE(packet.header_length <= packet.total_length);
  }
  CHECK(parsed > 1000);
}
