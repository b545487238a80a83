// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Devices that need no rights: each kind opened, and what it brings and takes.
#include <unistd.h>

#include <filesystem>

#include "tests/core/device/device_bed.hpp"

namespace kiriko::test {
namespace {

std::vector<Frame> numbered_frames(std::uint16_t count) {
  std::vector<Frame> frames;
  for (std::uint16_t i = 0; i < count; ++i)
    frames.push_back(udp_frame({.source_port = i, .payload = static_cast<std::uint16_t>(18 + i)}));
  return frames;
}

}  // namespace

TEST_CASE("when frames go to a null device, then they are gone, and nothing comes") {
  DeviceBed bed("null");
  bed.send(numbered_frames(20));
  CHECK(bed.receive(1).empty());
  CHECK(bed.metric("sent") == 20);
  bed.check_conservation();
}

TEST_CASE("when frames go to a ring device, then it brings them back in order") {
  DeviceBed bed("ring");
  const auto frames = numbered_frames(40);
  bed.send(frames);
  CHECK(bed.receive(40) == frames);
  CHECK(bed.ledger().created == 40);
  bed.check_conservation();
}

TEST_CASE("when frames go to a pcap file, then another device brings them from it") {
  const auto path =
      std::filesystem::temp_directory_path() / ("kiriko_pcap_" + std::to_string(getpid()) + ".pcap");
  const auto frames = numbered_frames(30);
  {
    DeviceBed writer("pcap", {{"transmit", {path.string()}}});
    writer.send(frames);
    CHECK(writer.metric("sent") == 30);
  }
  {
    DeviceBed reader("pcap", {{"receive", {path.string()}}});
    CHECK(reader.receive(30) == frames);
  }
  std::filesystem::remove(path);
}

TEST_CASE("when a device cannot be opened, then the problem names what was asked for") {
  const auto problem = [](const std::string& kind, const OptionTexts& texts) {
    const auto opened = open_device(device_setup(kind, texts));
    REQUIRE_FALSE(opened.has_value());
    return opened.error().message;
  };
  CHECK(problem("af_packet", {{"interface", {"none0"}}}) ==
        "there is no such interface here: af_packet 'none0'");
  CHECK(problem("pcap", {{"receive", {"/none.pcap"}}}) ==
        "the device could not be opened: pcap '/none.pcap'");
  CHECK(problem("tun", {{"interface", {"a-name-that-is-too-long"}}}) ==
        "that cannot be an interface's name: tun 'a-name-that-is-too-long'");
  CHECK(problem("tun", {{"addresses", {"10.0.0.0/33"}}}) == "not an interface's address: tun 'kiriko%d'");
  CHECK(problem("tun", {{"addresses", {"fd00::1/64x"}}}) == "not an interface's address: tun 'kiriko%d'");
}

}  // namespace kiriko::test
