// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of captures: the blocks of a pcapng file, and what a tapped link leaves in one.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "core/link/link_capture.hpp"
#include "core/measure/pcapng_writer.hpp"
#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kiriko_capture.XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& file) const { return path_ + "/" + file; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

std::string contents(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Block {
  std::uint32_t type{};
  std::string body;  ///< fixed fields, packet and options
  std::map<std::uint16_t, std::string> options;

  template <class Integer>
  Integer at(std::size_t offset) const {
    Integer value{};
    REQUIRE(offset + sizeof value <= body.size());
    std::memcpy(&value, body.data() + offset, sizeof value);
    return value;
  }
  std::int64_t time() const {
    return static_cast<std::int64_t>(std::uint64_t{at<std::uint32_t>(4)} << 32 | at<std::uint32_t>(8));
  }
  std::string comment() const { return options.at(1); }
};

constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, enhanced_packet = 6;

/// Checks lengths, padding and the end of the options of every block.
std::vector<Block> blocks_of(const std::string& file) {
  std::vector<Block> blocks;
  const auto number = [&](std::size_t offset, auto value) {
    REQUIRE(offset + sizeof value <= file.size());
    std::memcpy(&value, file.data() + offset, sizeof value);
    return value;
  };
  for (std::size_t offset = 0; offset < file.size();) {
    Block& block = blocks.emplace_back();
    block.type = number(offset, std::uint32_t{});
    const std::size_t length = number(offset + 4, std::uint32_t{});
    REQUIRE(length % 4 == 0);
    REQUIRE(length >= 12);
    REQUIRE(number(offset + length - 4, std::uint32_t{}) == length);
    block.body = file.substr(offset + 8, length - 12);
    std::size_t option = block.type == section_header ? 16 : block.type == interface_description ? 8 : 20;
    if (block.type == enhanced_packet) option += (block.at<std::uint32_t>(12) + 3U) / 4 * 4;
    for (std::uint16_t code = 1; code != 0;) {
      code = block.at<std::uint16_t>(option);
      const std::size_t size = block.at<std::uint16_t>(option + 2);
      if (code != 0) REQUIRE(block.options.emplace(code, block.body.substr(option + 4, size)).second);
      option += 4 + (size + 3) / 4 * 4;
    }
    REQUIRE(option == block.body.size());
    offset += length;
  }
  return blocks;
}

std::vector<Block> packets_of(const std::string& path) {
  std::vector<Block> packets;
  for (Block& block : blocks_of(contents(path)))
    if (block.type == enhanced_packet) packets.push_back(std::move(block));
  return packets;
}

const CaptureNames names{.flows = {"up", "down"}, .slices = {"embb"}};

std::unique_ptr<LinkCapture> make_capture(const std::string& path) {
  return std::move(
      LinkCapture::create({.path = path, .link = "wire", .a = "a", .b = "b", .application = "test"}).value());
}

/// A port with a tap, and packets for it.
struct TappedPort {
  PacketPool pool = test::make_pool(1023);
  LinkTransmitPort port;

  TappedPort(const LinkProperties& properties, LinkTap* tap)
      : port({.name = "a → b", .properties = properties, .shares = {}, .seed = 1, .pool = &pool}) {
    port.tap(tap);
  }
  ~TappedPort() {
    std::vector<Packet*> rest;
    port.drain(rest);
    for (Packet* packet : rest) rte_pktmbuf_free(packet);
    CHECK(pool.in_use() == 0);
  }
  void send(std::uint64_t sequence, ModelTime at, std::uint16_t size) {
    Packet* packet = pool.allocate();
    REQUIRE(packet != nullptr);
    std::memset(rte_pktmbuf_append(packet, size), static_cast<int>(sequence), size);
    metadata_of(packet).time = at;
    metadata_of(packet).sequence = sequence;
    metadata_of(packet).flow = FlowId{0};
    metadata_of(packet).slice = SliceId{0};
    Burst burst;
    burst.push(packet);
    port.transmit(burst);
  }
};

/// 125 octets a microsecond, nothing but the bytes themselves on the wire.
LinkProperties gigabit() {
  LinkProperties properties;
  properties.rate = BitsPerSecond{1'000'000'000};
  properties.delay = microseconds(50);
  properties.frame_overhead = 0;
  return properties;
}

}  // namespace

TEST_CASE(
    "when packets are written, then the file has the draft's blocks with nanoseconds, comments and "
    "directions") {
  const TemporaryFolder folder;
  auto writer = PcapngWriter::create(folder / "x.pcapng", "kiriko test", "why").value();
  CHECK(writer.add_interface({"a → b", "link x", BitsPerSecond{5'000'000'000}}) == 0);
  CHECK(writer.add_interface({"b → a", "", {}}) == 1);
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 5};
  const ModelTime late{(std::int64_t{7} << 32) + 123};
  writer.write({.interface = 1,
                .at = late,
                .bytes = bytes,
                .original_length = 9,
                .direction = PcapngDirection::inbound,
                .comment = "hello"});
  writer.write({.interface = 0, .at = ModelTime{0}, .bytes = {}, .original_length = 0});
  CHECK_FALSE(std::filesystem::exists(folder / "x.pcapng"));
  REQUIRE(writer.close());
  CHECK(folder.files() == 1);

  const auto blocks = blocks_of(contents(folder / "x.pcapng"));
  REQUIRE(blocks.size() == 5);
  CHECK(blocks[0].type == section_header);
  CHECK(blocks[0].at<std::uint32_t>(0) == 0x1a2b3c4d);
  CHECK(blocks[0].at<std::uint32_t>(4) == 1);
  CHECK(blocks[0].comment() == "why");
  CHECK(blocks[0].options.at(4) == "kiriko test");
  CHECK(blocks[1].type == interface_description);
  CHECK(blocks[1].at<std::uint16_t>(0) == 1);
  CHECK(blocks[1].at<std::uint32_t>(4) == 0);
  CHECK(blocks[1].options.at(2) == "a → b");
  CHECK(blocks[1].options.at(3) == "link x");
  CHECK(blocks[1].options.at(8) == std::string("\x00\xf2\x05\x2a\x01\x00\x00\x00", 8));
  CHECK(blocks[1].options.at(9) == "\x09");
  CHECK(blocks[2].options.at(9) == "\x09");
  CHECK(blocks[2].options.count(3) + blocks[2].options.count(8) == 0);
  CHECK(blocks[3].at<std::uint32_t>(0) == 1);
  CHECK(blocks[3].time() == late.ns);
  CHECK(blocks[3].at<std::uint32_t>(12) == 5);
  CHECK(blocks[3].at<std::uint32_t>(16) == 9);
  CHECK(blocks[3].body.substr(20, 8) == std::string("\1\2\3\4\5\0\0\0", 8));
  CHECK(blocks[3].comment() == "hello");
  CHECK(blocks[3].options.at(2) == std::string("\1\0\0\0", 4));
  CHECK(blocks[4].options.empty());
}

TEST_CASE("when a capture cannot be written, then a problem says so and no half file stays") {
  const TemporaryFolder folder;
  CHECK_FALSE(PcapngWriter::create(folder / "none/x.pcapng", "", ""));
  const auto refused = LinkCapture::create(
      {.path = folder / "none/x.pcapng", .link = "x", .a = "a", .b = "b", .application = ""});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "a capture's packets cannot be kept");

  std::filesystem::create_directories(folder / "x.pcapng/occupied");
  auto writer = PcapngWriter::create(folder / "x.pcapng", "", "").value();
  CHECK_FALSE(writer.close());
  CHECK(folder.files() == 1);
}

TEST_CASE(
    "when a link queues and drops, then its capture has starts, waits, delays and the reason of each drop") {
  const TemporaryFolder folder;
  const auto capture = make_capture(folder / "wire.pcapng");
  LinkProperties properties = gigabit();
  properties.limit_packets = 1;
  {
    TappedPort tapped(properties, capture->taps().forward);
    for (const std::uint64_t sequence : {0U, 1U, 2U}) tapped.send(sequence, ModelTime{1000}, 125);
  }
  REQUIRE(capture->finish(names, ModelTime{1'000'000}));
  const auto packets = packets_of(folder / "wire.pcapng");
  REQUIRE(packets.size() == 3);
  CHECK(packets[0].time() == 1000);
  CHECK(packets[0].comment() == "queued 0ns; propagation 50us; slice embb; flow up; sequence 0");
  CHECK(packets[0].at<std::uint32_t>(12) == 125);
  CHECK(packets[1].time() == 1000);
  CHECK(packets[1].comment() ==
        "dropped: queue_full: the link's queue was at its limit; slice embb; flow up; sequence 2");
  CHECK(packets[1].body.substr(20, 125) == std::string(125, '\2'));
  CHECK(packets[2].time() == 2000);
  CHECK(packets[2].comment() == "queued 1us; propagation 50us; slice embb; flow up; sequence 1");
}

TEST_CASE(
    "when the rate changes under a queue, then the capture has the times at which packets really start") {
  const TemporaryFolder folder;
  const auto capture = make_capture(folder / "wire.pcapng");
  {
    TappedPort tapped(gigabit(), capture->taps().forward);
    for (const std::uint64_t sequence : {0U, 1U, 2U}) tapped.send(sequence, ModelTime{0}, 1250);
    LinkProperties slower = gigabit();
    slower.rate = BitsPerSecond{100'000'000};
    slower.delay = microseconds(70);
    tapped.port.set_properties(slower, ModelTime{5000});
    tapped.send(3, ModelTime{6000}, 1250);
  }
  REQUIRE(capture->finish(names, ModelTime{200'000}));
  const auto packets = packets_of(folder / "wire.pcapng");
  REQUIRE(packets.size() == 3);  // the fourth would have started at 210 µs, after the end
  CHECK(packets[0].time() == 0);
  CHECK(packets[1].time() == 10'000);
  CHECK(packets[1].comment() == "queued 10us; propagation 70us; slice embb; flow up; sequence 1");
  CHECK(packets[2].time() == 110'000);
  CHECK(packets[2].comment() == "queued 110us; propagation 70us; slice embb; flow up; sequence 2");
}

TEST_CASE("when a capture is larger than its buffer, then no octet is lost") {
  const TemporaryFolder folder;
  const auto capture = make_capture(folder / "wire.pcapng");
  LinkProperties properties;
  constexpr std::uint64_t count = 900;
  {
    TappedPort tapped(properties, capture->taps().backward);
    for (std::uint64_t sequence = 0; sequence < count; ++sequence)
      tapped.send(sequence, ModelTime{static_cast<std::int64_t>(sequence)}, 1499);
  }
  REQUIRE(capture->finish(names, ModelTime{1'000'000}));
  CHECK(folder.files() == 1);
  const auto packets = packets_of(folder / "wire.pcapng");
  REQUIRE(packets.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    REQUIRE(packets[i].time() == static_cast<std::int64_t>(i));
    REQUIRE(packets[i].at<std::uint32_t>(0) == 1);
    REQUIRE(packets[i].options.at(2) == std::string("\1\0\0\0", 4));
    REQUIRE(packets[i].body.substr(20, 1499) == std::string(1499, static_cast<char>(i)));
  }
}

TEST_CASE("when the number of workers changes, then the capture is the same to the byte") {
  const TemporaryFolder folder;
  std::vector<std::string> files;
  for (const std::uint32_t workers : {1U, 2U, 4U}) {
    PacketPool pool = test::make_pool();
    const std::string path = folder / (std::to_string(workers) + ".pcapng");
    const auto capture = make_capture(path);
    test::GraphMaker maker;
    maker.add("a", std::make_unique<test::EndNode>(0U, test::every(microseconds(40), 2000), 700U), true);
    maker.add("s", std::make_unique<test::RelayNode>(std::uint16_t{2}), false);
    maker.add("t", std::make_unique<test::RelayNode>(std::uint16_t{2}), false);
    maker.add("b", std::make_unique<test::EndNode>(1U, test::every(microseconds(40), 2000), 700U), true);
    LinkProperties narrow;
    narrow.rate = BitsPerSecond{120'000'000};
    narrow.delay = microseconds(300);
    narrow.jitter.deviation = microseconds(200);  // packets overtake one another
    narrow.limit_packets = 20;
    narrow.loss = 0.01;
    narrow.duplicate = 0.01;
    maker.link(0, 1, gigabit());
    maker.link(1, 2, narrow);
    maker.link(2, 3, gigabit());
    maker.graph.links[1].taps = capture->taps();
    maker.graph.flow_count = 2;
    maker.graph.windows = {MeasureWindow{}};
    Emulation emulation({std::move(maker.graph), &pool, ClockKind::virtual_time, workers});
    test::run(emulation, ModelTime{70'000'000});
    REQUIRE(capture->finish(names, ModelTime{70'000'000}));
    files.push_back(contents(path));
  }
  CHECK(files[0] == files[1]);
  CHECK(files[0] == files[2]);

  std::map<std::string, int> seen;
  std::int64_t before = 0;
  for (const Block& packet : packets_of(folder / "1.pcapng")) {
    CHECK(packet.time() >= before);
    before = packet.time();
    for (const std::string start : {"queued ", "dropped: loss_model: ", "dropped: queue_full: "})
      if (packet.comment().starts_with(start)) ++seen[start + std::to_string(packet.at<std::uint32_t>(0))];
  }
  CHECK(seen["queued 0"] > 1000);
  CHECK(seen["queued 1"] > 1000);
  CHECK(seen["dropped: loss_model: 0"] > 5);
  CHECK(seen["dropped: loss_model: 1"] > 5);
  CHECK(seen["dropped: queue_full: 0"] > 100);
  CHECK(seen["dropped: queue_full: 1"] > 100);
}
