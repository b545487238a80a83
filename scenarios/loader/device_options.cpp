// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a device node may say of its DPDK port, by kind.
#include <array>
#include <cstdlib>

#include "scenarios/loader/load.hpp"

namespace kiriko {
namespace {

using enum OptionType;

const Option interface {
  .key = "interface", .type = text, .sentence = "name of the network interface", .required = true
};
const Option mac{.key = "mac", .type = text, .sentence = "Ethernet address of the port; absent: its own"};

Option mtu(const char* default_value) {
  return {.key = "mtu",
          .type = integer,
          .default_value = default_value,
          .sentence = "longest IP packet, in octets",
          .minimum = "576",
          .maximum = "9600"};
}

}  // namespace

std::span<const std::string_view> device_kinds() {
  static constexpr std::array<std::string_view, 10> kinds{"af_packet", "af_xdp", "tap", "memif",      "pcap",
                                                          "ring",      "null",   "pci", "udp_tunnel", "tun"};
  return kinds;
}

const OptionTable& device_options(std::string_view kind) {
  static const OptionTable af_packet{interface};
  static const OptionTable af_xdp{interface,
                                  {.key = "queue",
                                   .type = integer,
                                   .default_value = "0",
                                   .sentence = "first queue of the interface",
                                   .minimum = "0",
                                   .maximum = "1023"}};
  static const OptionTable tap{interface, mac};
  static const OptionTable memif{
      {.key = "socket", .type = text, .sentence = "path of the control socket", .required = true},
      {.key = "id",
       .type = integer,
       .default_value = "0",
       .sentence = "interface id on that socket",
       .minimum = "0",
       .maximum = "65535"},
      {.key = "role",
       .type = choice,
       .default_value = "client",
       .sentence = "server or client of the socket",
       .choices = {"server", "client"}}};
  static const OptionTable pcap{
      {.key = "receive", .type = text, .sentence = "pcap file whose packets arrive"},
      {.key = "transmit", .type = text, .sentence = "pcap file to be written"}};
  static const OptionTable none{};
  static const OptionTable pci{
      {.key = "pci", .type = text, .sentence = "PCI address, such as 0000:03:00.0", .required = true}};
  static const OptionTable udp_tunnel{{.key = "local_address",
                                       .type = text,
                                       .sentence = "IPv4 or IPv6 address that the UDP socket is bound to",
                                       .required = true},
                                      {.key = "port",
                                       .type = integer,
                                       .default_value = "2152",
                                       .sentence = "its UDP port; GTP-U's is 2152 (TS 29.281)",
                                       .minimum = "1",
                                       .maximum = "65535"},
                                      mtu("3500")};
  static const OptionTable tun{
      {.key = "interface",
       .type = text,
       .default_value = "kiriko%d",
       .sentence = "name of the network interface; %d stands for the first free number"},
      {.key = "addresses",
       .type = text,
       .sentence = "its IPv4 and IPv6 addresses with prefix length, such as 10.45.0.1/16",
       .repeated = true},
      mtu("1500")};
  if (kind == "udp_tunnel") return udp_tunnel;
  if (kind == "tun") return tun;
  if (kind == "af_packet") return af_packet;
  if (kind == "af_xdp") return af_xdp;
  if (kind == "tap") return tap;
  if (kind == "memif") return memif;
  if (kind == "pcap") return pcap;
  if (kind == "pci") return pci;
  if (kind == "ring" || kind == "null") return none;
  std::abort();
}

}  // namespace kiriko
