// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UpfConfig: what `kiriko upf` is told: addresses of N4 and N3, and a data network for each DNN.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/options.hpp"
#include "core/base/result.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko {

/// A DPDK device behind an IP endpoint that answers for `address`.
struct RawPort {
  std::string device;     ///< af_packet, af_xdp, pci
  std::string interface;  ///< or the PCI address
  std::string address;    ///< with prefix length
  std::string gateway;    ///< may be empty
};

struct DataNetworkConfig {
  std::string name;                  ///< the DNN, and the Network Instance of its rules
  std::optional<Ipv4Prefix> pool{};  ///< of UE addresses
  std::optional<Ipv6Prefix> pool_ipv6{};
  std::string tun;  ///< name of a TUN device with the pool's first address; empty: `port`
  std::optional<RawPort> port{};
  std::int64_t mtu{1500};
};

struct UpfConfig {
  std::string name{"upf"};
  Ipv4Address n4_address{};
  std::uint16_t n4_port{8805};
  Ipv4Address n3_address{};
  std::optional<RawPort> n3_port{};  ///< absent: a kernel UDP socket on port 2152
  Duration heartbeat{seconds(60)};
  std::vector<std::string> smfs{};              ///< IPv4 addresses
  std::vector<std::string> applications{};      ///< name=flow description
  std::vector<std::string> predefined_rules{};  ///< name=flow description
  std::uint32_t packets{65536};
  std::vector<DataNetworkConfig> data_networks{};
};

struct UpfConfigResult {
  UpfConfig config;
  std::vector<Problem> problems;  ///< sorted by line and column
};

/// Reads the text of a configuration file; every problem at once, with line and column.
UpfConfigResult read_upf_config(std::string_view text, std::string_view file_name);

/// The same as a scenario in YAML: devices, endpoints, the UPF and wires between them.
/// `unix_seconds`: the wall clock's time at its start.
std::string scenario_of(const UpfConfig& config, std::int64_t unix_seconds);

}  // namespace kiriko
