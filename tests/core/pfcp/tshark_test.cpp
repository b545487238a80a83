// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// An independent decoder reads what we encode: tshark finds nothing malformed in any sample, and reads what was meant.
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "core/pfcp/codec.hpp"
#include "core/pfcp/peer_address.hpp"
#include "tests/core/pfcp/sample_messages.hpp"

using namespace kiriko;
using namespace kiriko::pfcp;

namespace {

/// A file of raw IP packets in the classic pcap format, gone with the object.
class PcapFile {
 public:
  PcapFile()
      : path_(std::filesystem::temp_directory_path() /
              ("kiriko_pfcp_" + std::to_string(getpid()) + ".pcap")) {
    file_.open(path_, std::ios::binary);
    constexpr std::uint32_t magic = 0xa1b2c3d4U;
    constexpr std::uint32_t raw_ip = 101;
    put(magic, std::uint16_t{2}, std::uint16_t{4}, std::uint32_t{0}, std::uint32_t{0}, std::uint32_t{65535},
        raw_ip);
  }
  ~PcapFile() {
    file_.close();
    std::filesystem::remove(path_);
  }
  PcapFile(const PcapFile&) = delete;
  PcapFile& operator=(const PcapFile&) = delete;

  void datagram(const Octets& payload) {
    constexpr std::size_t headers = ipv4_header_size + udp_header_size;
    const auto size = static_cast<std::uint32_t>(headers + payload.size());
    Octets packet(headers);
    write_ipv4(packet.data(),
               {.source = Ipv4Address{10, 0, 0, 1},
                .destination = Ipv4Address{10, 0, 0, 2},
                .protocol = 17,
                .payload_length = static_cast<std::uint16_t>(udp_header_size + payload.size())});
    write_udp(packet.data() + ipv4_header_size, pfcp_port, pfcp_port,
              static_cast<std::uint16_t>(payload.size()));
    packet.insert(packet.end(), payload.begin(), payload.end());
    put(++seconds_, std::uint32_t{0}, size, size);
    file_.write(reinterpret_cast<const char*>(packet.data()), static_cast<std::streamsize>(packet.size()));
    file_.flush();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  template <class... Ints>
  void put(Ints... values) {
    (file_.write(reinterpret_cast<const char*>(&values), sizeof values), ...);
  }

  std::filesystem::path path_;
  std::ofstream file_;
  std::uint32_t seconds_{0};
};

std::string tshark(const PcapFile& file, const std::string& arguments) {
  const std::string command = "tshark -n -r " + file.path().string() + " " + arguments + " 2>/dev/null";
  std::string output;
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.append(buffer.data(), got);
  CHECK(pclose(pipe) == 0);
  return output;
}

}  // namespace

TEST_CASE(
    "when tshark reads a message of each type, then nothing is malformed and values are what was meant") {
  if (std::system("command -v tshark > /dev/null") != 0) {
    WARN("tshark is missing; see tools/packages.txt");
    return;
  }
  PcapFile file;
  std::uint32_t sequence = 0;
  std::string types;
  for (const SampleMessage& sample : sample_messages()) {
    const auto octets = encode({.seid = sample.seid, .sequence = SequenceNumber{++sequence}}, sample.message);
    REQUIRE(octets);
    file.datagram(*octets);
    types += std::to_string(static_cast<int>(type_of(sample.message))) + "\n";
  }
  CHECK(tshark(file, "-T fields -e pfcp.msg_type") == types);
  CHECK(tshark(file, "-Y '_ws.malformed or _ws.expert' -T fields -e frame.number -e _ws.expert.message")
            .empty());
  CHECK(
      tshark(
          file,
          "-Y 'pfcp.msg_type == 50' -T fields -e pfcp.pdr_id -e pfcp.flow_desc -e pfcp.ul_mbr -e pfcp.dl_mbr "
          "-e pfcp.f_teid.choose_id -e pfcp.volume_quota.tovol -e pfcp.s_nssai_sst.sd -e pfcp.c_tag.cvid") ==
      "1,2,3\tpermit out 17 from 10.0.0.0/8 1000-2000,80 to assigned 5000,permit out ip from any to "
      "assigned\t"
      "100000\t1000000000\t05\t5000000000\t000001\t0x0064\n");
  CHECK(tshark(file, "-Y 'pfcp.msg_type == 57' -T fields -e pfcp.packet_count -e pfcp.timer_value") ==
        "300\t1\n");
  CHECK(tshark(file,
               "-Y 'pfcp.msg_type == 55' -T fields -e pfcp.volume_measurement.ulnop -e pfcp.ur_seqn "
               "-e pfcp.duration_measurement -e pfcp.usage_report_trigger.term") == "10\t3\t600\t1\n");
}

TEST_CASE("when a sample is spoilt, then tshark says so: the check above can fail") {
  if (std::system("command -v tshark > /dev/null") != 0) return;
  PcapFile file;
  file.datagram({0x20, 1, 0, 10, 0, 0, 1, 0, 0, 96, 0, 2, 1, 2});
  CHECK_FALSE(tshark(file, "-Y '_ws.malformed or _ws.expert' -T fields -e frame.number").empty());
}
