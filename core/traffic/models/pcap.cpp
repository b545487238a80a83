// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// pcap: the times and sizes of a capture file's packets, replayed.
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/traffic/models/models.hpp"
#include "core/traffic/udp_frame.hpp"

namespace kiriko {
namespace {

constexpr std::size_t most_packets = 8'000'000;
constexpr std::int64_t longest_gap_ns = seconds(86'400).ns;
constexpr std::uint32_t largest_datagram = 65'507;

struct Recorded {
  std::int64_t gap_ns;
  std::uint32_t payload_bytes;
};

class Replay final : public TrafficModel {
 public:
  Replay(std::vector<Recorded> packets, bool loop) : packets_(std::move(packets)), loop_(loop) {
    std::int64_t total = 0;
    for (const Recorded& packet : packets_)
      total += packet.gap_ns / static_cast<std::int64_t>(packets_.size());
    loop_gap_ns_ = std::max(total, microseconds(1).ns);
  }

  bool next(Emission& emission) noexcept override {
    if (position_ == packets_.size()) {
      if (!loop_) return false;
      position_ = 0;
    }
    const Recorded& packet = packets_[position_];
    // The file's end says nothing about the gap to its repetition: the mean gap stands in.
    const std::int64_t gap = position_ == 0 && started_ ? loop_gap_ns_ : packet.gap_ns;
    emission = {.gap = Duration{gap}, .payload_bytes = packet.payload_bytes, .unit_end = true};
    started_ = true;
    ++position_;
    return true;
  }

 private:
  std::vector<Recorded> packets_;
  bool loop_;
  bool started_{false};
  std::int64_t loop_gap_ns_{};
  std::size_t position_{0};
};

class CaptureFile {
 public:
  explicit CaptureFile(const std::string& path)
      : handle_(pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO,
                                                        error_.data())) {}
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  ~CaptureFile() {
    if (handle_ != nullptr) pcap_close(handle_);
  }
  pcap_t* handle() const { return handle_; }
  const char* error() const { return error_.data(); }

 private:
  std::array<char, PCAP_ERRBUF_SIZE> error_{};
  pcap_t* handle_;
};

/// Octets in front of the IP header; negative for link types that are not supported.
int link_header_of(int link_type) {
  switch (link_type) {
    case DLT_EN10MB: return 14;
    case DLT_RAW: return 0;
    case DLT_LINUX_SLL: return 16;
    case DLT_LINUX_SLL2: return 20;
    default: return -1;
  }
}

Result<std::unique_ptr<TrafficModel>> create(const OptionValues& options, std::uint64_t, std::string_view) {
  const std::string& path = options.get<std::string>("file");
  const auto refuse = [&](std::string message, std::string found = {}, std::string allowed = {}) {
    return fail({.message = std::move(message),
                 .where = "file",
                 .found = std::move(found),
                 .allowed = std::move(allowed),
                 .hint = path});
  };
  const CaptureFile file(path);
  if (file.handle() == nullptr) return refuse("the capture file cannot be read", file.error());
  const int link_header = link_header_of(pcap_datalink(file.handle()));
  if (link_header < 0)
    return refuse("the capture's link type is not supported", std::to_string(pcap_datalink(file.handle())),
                  "Ethernet, raw IP, Linux cooked");

  const std::uint32_t headers = static_cast<std::uint32_t>(link_header) + ipv4_header_size + udp_header_size;
  std::vector<Recorded> packets;
  std::int64_t previous_ns = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(file.handle(), &header, &bytes)) == 1) {
    if (packets.size() == most_packets)
      return refuse("the capture has too many packets", {}, "up to 8000000");
    // A file may claim any seconds and fractions: both are bounded before they are combined.
    const std::int64_t whole = std::clamp<std::int64_t>(header->ts.tv_sec, 0, 0xffffffffLL);
    const std::int64_t fraction = std::clamp<std::int64_t>(header->ts.tv_usec, 0, 999'999'999);
    const std::int64_t now_ns = whole * 1'000'000'000 + fraction;
    const std::int64_t gap =
        packets.empty() ? 0 : std::clamp<std::int64_t>(now_ns - previous_ns, 0, longest_gap_ns);
    previous_ns = now_ns;
    const std::uint32_t payload = header->len > headers ? header->len - headers : 1;
    packets.push_back({gap, std::min(payload, largest_datagram)});
  }
  if (status == PCAP_ERROR) return refuse("the capture file is damaged", pcap_geterr(file.handle()));
  if (packets.empty()) return refuse("the capture file has no packets");
  return std::make_unique<Replay>(std::move(packets), options.get<bool>("loop"));
}

}  // namespace

const TrafficModelDescriptor pcap_model{
    .name = "pcap",
    .purpose =
        "the times and frame sizes of a capture file (pcap or pcapng), replayed as UDP packets of the flow",
    .options = {{.key = "file", .type = OptionType::text, .sentence = "the capture file", .required = true},
                {.key = "loop",
                 .type = OptionType::boolean,
                 .default_value = "false",
                 .sentence = "begin again after the last packet, one mean gap later"}},
    .create = create};

}  // namespace kiriko
