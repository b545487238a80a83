// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Making of the template and of the random order of endpoints.
#include "bench/prepared_frames.hpp"

#include "core/base/random.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"

namespace kiriko::bench {
namespace {

constexpr std::size_t drawn = 1U << 17;
constexpr std::size_t outer_size =
    ethernet_header_size + ipv4_header_size + udp_header_size + gtpu_pdu_session_header_size;
constexpr std::uint16_t user_port = 5001;

void write_datagram(std::uint8_t* at, Ipv4Address source, Ipv4Address destination, std::uint16_t payload) {
  write_ipv4(at, {.source = source,
                  .destination = destination,
                  .protocol = ip_protocol::udp,
                  .payload_length = static_cast<std::uint16_t>(udp_header_size + payload)});
  write_udp(at + ipv4_header_size, user_port, user_port, payload);
}

}  // namespace

PreparedFrames PreparedFrames::plain(const std::vector<Endpoint>& endpoints, std::uint16_t payload) {
  PreparedFrames frames;
  write_ethernet(frames.template_.data(), mac_of(own_address), mac_of(server_address), ether_type::ipv4);
  write_datagram(frames.template_.data() + ethernet_header_size, server_address, Ipv4Address{}, payload);
  frames.size_ =
      static_cast<std::uint16_t>(ethernet_header_size + ipv4_header_size + udp_header_size + payload);
  frames.address_at_ = ethernet_header_size + offsetof(Ipv4Header, destination_address);
  frames.prepare(endpoints, ethernet_header_size);
  return frames;
}

PreparedFrames PreparedFrames::tunnelled(const std::vector<Endpoint>& endpoints, std::uint16_t payload,
                                         std::uint8_t pdu_type) {
  PreparedFrames frames;
  std::uint8_t* at = frames.template_.data();
  const auto inner = static_cast<std::uint16_t>(ipv4_header_size + udp_header_size + payload);
  const auto gtpu = static_cast<std::uint16_t>(gtpu_pdu_session_header_size + inner);
  write_ethernet(at, mac_of(own_address), mac_of(peer_address), ether_type::ipv4);
  write_ipv4(at + ethernet_header_size,
             {.source = peer_address,
              .destination = own_address,
              .protocol = ip_protocol::udp,
              .payload_length = static_cast<std::uint16_t>(udp_header_size + gtpu)});
  constexpr std::size_t udp_at = ethernet_header_size + ipv4_header_size;
  write_udp(at + udp_at, gtpu_port, gtpu_port, gtpu);
  write_gtpu_pdu_session(at + udp_at + udp_header_size, 0, pdu_type, 9, false, inner);
  write_datagram(at + outer_size, Ipv4Address{}, server_address, payload);
  frames.size_ = static_cast<std::uint16_t>(outer_size + inner);
  frames.teid_at_ = udp_at + udp_header_size + offsetof(GtpuHeader, teid);
  frames.address_at_ = outer_size + offsetof(Ipv4Header, source_address);
  frames.prepare(endpoints, outer_size);
  return frames;
}

void PreparedFrames::prepare(const std::vector<Endpoint>& endpoints, std::size_t ip_at) {
  checksum_at_ = ip_at + offsetof(Ipv4Header, checksum);
  const auto* ip = reinterpret_cast<const Ipv4Header*>(template_.data() + ip_at);
  RandomStream random(1, "prepared frames", "endpoints");
  patches_.reserve(drawn);
  for (std::size_t i = 0; i < drawn; ++i) {
    const Endpoint& end = endpoints[static_cast<std::size_t>(
        random.between(0, static_cast<std::int64_t>(endpoints.size()) - 1))];
    const Be32 teid = end.teid, address = end.address.value;
    const Be16 checksum = updated_checksum32(ip->checksum, 0, end.address.value);
    Patch patch{};
    std::memcpy(&patch.teid, &teid, 4);
    std::memcpy(&patch.address, &address, 4);
    std::memcpy(&patch.checksum, &checksum, 2);
    patches_.push_back(patch);
  }
  mask_ = drawn - 1;
}

}  // namespace kiriko::bench
