// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A UPF's configuration as a scenario: what stands alone is built and run by the same means as what is emulated.
#include <fmt/format.h>

#include "tools/kiriko/upf/upf_config.hpp"

namespace kiriko {
namespace {

/// A scalar that YAML reads back as it is.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// "a", "b".
std::string quoted(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return out;
}

/// "10.45.0.1/16".
std::string first_address(const Ipv4Prefix& pool) {
  return fmt::format("{}/{}", to_string(Ipv4Address{pool.network().address.value + 1}), pool.length);
}

/// "2001:db8:45::1/48".
std::string first_address(const Ipv6Prefix& pool) {
  Ipv6Prefix first = pool.network();
  first.address.octets.back() |= 1U;
  return to_string(first);
}

struct Parts {
  std::string devices, functions, links, instances, pools;
  int ports{0};

  /// A device, an endpoint before it where it is a raw one, and the wire to the UPF's next port.
  void add(const std::string& name, const std::string& device, const std::string& endpoint) {
    devices += fmt::format("  - {{name: {}, {}}}\n", name, device);
    std::string end = name;
    if (!endpoint.empty()) {
      end = name + "_endpoint";
      functions += fmt::format("  - {{name: {}, function: ip_endpoint, with: {{{}}}}}\n", end, endpoint);
      links += fmt::format("  - {{ends: [{}, {}]}}\n", name, end);
    }
    links += fmt::format("  - {{ends: [upf, {}]}}\n", end);
    ++ports;
  }
};

std::string device_text(const RawPort& port) {
  return fmt::format("device: {}, {}: {}", port.device, port.device == "pci" ? "pci" : "interface",
                     quoted(port.interface));
}

std::string endpoint_text(const RawPort& port, const std::string& more) {
  return fmt::format("addresses: [{}]{}{}", quoted(port.address),
                     port.gateway.empty() ? "" : ", gateway: " + quoted(port.gateway), more);
}

void add_data_network(Parts& parts, const DataNetworkConfig& network, std::size_t number) {
  const std::string node = fmt::format("n6_{}", number);
  if (network.port) {
    std::string proxy;
    if (network.pool) proxy += quoted(to_string(*network.pool));
    if (network.pool_ipv6) proxy += (proxy.empty() ? "" : ", ") + quoted(to_string(*network.pool_ipv6));
    parts.add(node, device_text(*network.port),
              endpoint_text(*network.port, fmt::format(", proxy: [{}], mtu: {}", proxy, network.mtu)));
  } else {
    std::string addresses;
    if (network.pool) addresses += quoted(first_address(*network.pool));
    if (network.pool_ipv6)
      addresses += (addresses.empty() ? "" : ", ") + quoted(first_address(*network.pool_ipv6));
    parts.add(node,
              fmt::format("device: tun, interface: {}, addresses: [{}], mtu: {}", quoted(network.tun),
                          addresses, network.mtu),
              "");
  }
  const auto list = [](std::string& to, const std::string& entry) {
    to += (to.empty() ? "" : ", ") + quoted(entry);
  };
  list(parts.instances, fmt::format("{}={}", network.name, number));
  if (network.pool) list(parts.pools, network.name + "=" + to_string(*network.pool));
  if (network.pool_ipv6) list(parts.pools, network.name + "=" + to_string(*network.pool_ipv6));
}

}  // namespace

std::string scenario_of(const UpfConfig& config, std::int64_t unix_seconds) {
  Parts parts;
  if (config.n3_port)
    parts.add("n3", device_text(*config.n3_port), endpoint_text(*config.n3_port, ""));
  else
    parts.add("n3",
              fmt::format("device: udp_tunnel, local_address: {}", quoted(to_string(config.n3_address))), "");
  for (std::size_t i = 0; i < config.data_networks.size(); ++i)
    add_data_network(parts, config.data_networks[i], i + 1);
  std::string n6_ports;
  for (int port = 1; port < parts.ports; ++port) n6_ports += fmt::format("{}{}", port > 1 ? ", " : "", port);
  return fmt::format(
      "name: upf\n"
      "run: {{clock: real, duration: 30d, tolerance: 1h, packets: {}}}\n"
      "functions:\n"
      "  - {{name: upf, function: upf, address: {}, with: {{n3_ports: [0], n6_ports: [{}], "
      "network_instances: [{}], "
      "n4: true, n4_address: {}, ue_pools: [{}], n4_heartbeat: {}, n4_epoch: {}, "
      "n4_smfs: [{}], applications: [{}], predefined_rules: [{}]}}}}\n"
      "{}devices:\n{}links:\n{}",
      config.packets, quoted(to_string(config.n3_address)), n6_ports, parts.instances,
      quoted(to_string(config.n4_address)), parts.pools, to_string(config.heartbeat), unix_seconds,
      quoted(config.smfs), quoted(config.applications), quoted(config.predefined_rules), parts.functions,
      parts.devices, parts.links);
}

}  // namespace kiriko
