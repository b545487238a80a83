// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the replay of capture files, hostile ones included.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/traffic/traffic_model.hpp"

using namespace kiriko;

namespace {

struct Record {
  std::uint32_t seconds, fraction, captured, length;
};

std::string word(std::uint32_t v) {
  std::string out(4, '\0');
  std::memcpy(out.data(), &v, 4);
  return out;
}

/// A pcap file with nanosecond times, in this machine's byte order.
std::string capture(const std::vector<Record>& records, std::uint32_t link_type = 1) {
  std::string file = word(0xa1b23c4d) + word(0x00040002) + word(0) + word(0) + word(65535) + word(link_type);
  for (const Record& r : records)
    file += word(r.seconds) + word(r.fraction) + word(r.captured) + word(r.length) +
            std::string(r.captured, '\x11');
  return file;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("kiriko_pcap_" + std::to_string(getpid()) + ".pcap")) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Result<std::unique_ptr<TrafficModel>> open(const std::string& bytes, bool loop = false) {
  const TemporaryFile file(bytes);
  const TrafficModelDescriptor* pcap = find_traffic_model("pcap");
  const auto options = OptionValues::parse(
      pcap->options, {{"file", {file.path()}}, {"loop", {loop ? "true" : "false"}}}, nullptr);
  REQUIRE(options);
  return pcap->create(*options, 1, "f");
}

}  // namespace

TEST_CASE("when a capture is replayed, then gaps and frame sizes are the file's, from its first packet on") {
  auto model = open(capture({{100, 5, 60, 142}, {100, 1005, 60, 1042}, {101, 5, 60, 60}}));
  REQUIRE(model);
  Emission emission;
  REQUIRE((*model)->next(emission));
  CHECK(emission.gap.ns == 0);
  CHECK(emission.payload_bytes == 100);
  REQUIRE((*model)->next(emission));
  CHECK(emission.gap.ns == 1000);
  CHECK(emission.payload_bytes == 1000);
  REQUIRE((*model)->next(emission));
  CHECK(emission.gap.ns == 999'999'000);
  CHECK(emission.payload_bytes == 18);
  CHECK_FALSE((*model)->next(emission));
}

TEST_CASE("when a capture loops, then it begins again after its mean gap, and time always advances") {
  auto model = open(capture({{0, 0, 0, 142}, {0, 3000, 0, 142}, {0, 6000, 0, 142}}), true);
  REQUIRE(model);
  Emission emission;
  for (int i = 0; i < 3; ++i) REQUIRE((*model)->next(emission));
  REQUIRE((*model)->next(emission));
  CHECK(emission.gap.ns == 2000);

  auto instant = open(capture({{9, 0, 0, 142}}), true);
  REQUIRE(instant);
  REQUIRE((*instant)->next(emission));
  REQUIRE((*instant)->next(emission));
  CHECK(emission.gap.ns > 0);
}

TEST_CASE("when a capture file is hostile, then it is refused or its values are bounded") {
  CHECK_FALSE(open(""));
  CHECK_FALSE(open("not a capture at all, only text that goes on for a while"));
  CHECK_FALSE(open(capture({})));
  CHECK_FALSE(open(capture({{0, 0, 10, 10}}, 147)));
  const std::string cut = capture({{0, 0, 60, 60}, {1, 0, 60, 60}});
  const auto refused = open(cut.substr(0, cut.size() - 10));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "the capture file is damaged");

  Emission emission;
  auto wild = open(capture({{0xffffffff, 0xffffffff, 4, 0xffffffff}, {0, 0, 0, 0}, {0x7fffffff, 0, 0, 3}}));
  REQUIRE(wild);
  REQUIRE((*wild)->next(emission));
  CHECK(emission.payload_bytes == 65'507);
  REQUIRE((*wild)->next(emission));
  CHECK(emission.gap.ns == 0);
  CHECK(emission.payload_bytes == 1);
  REQUIRE((*wild)->next(emission));
  CHECK(emission.gap == seconds(86'400));
}
