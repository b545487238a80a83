// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of a UPF's configuration with the scenario loader's means.
#include "tools/kiriko/upf/upf_config.hpp"

#include <algorithm>
#include <set>

#include "scenarios/loader/section_reader.hpp"

namespace kiriko {
namespace {

using enum OptionType;

OptionTable raw_port_options() {
  return {{.key = "device",
           .type = choice,
           .sentence = "a DPDK device instead of the kernel's sockets",
           .choices = {"af_packet", "af_xdp", "pci"}},
          {.key = "interface", .type = text, .sentence = "network interface, or PCI address, of the device"},
          {.key = "gateway", .type = text, .sentence = "next hop for what is not on-link, by a device"}};
}

const Section& n4_section() {
  static const Section section{
      {{.key = "address", .type = text, .sentence = "IPv4 address of N4", .required = true},
       {.key = "port",
        .type = integer,
        .default_value = "8805",
        .sentence = "UDP port",
        .minimum = "1",
        .maximum = "65535"},
       {.key = "heartbeat",
        .type = duration,
        .default_value = "60s",
        .sentence = "between heartbeats to a peer",
        .minimum = "100ms",
        .maximum = "1h"},
       {.key = "smfs",
        .type = text,
        .sentence = "IPv4 addresses of SMFs with which the UPF sets up associations itself",
        .repeated = true},
       {.key = "applications",
        .type = text,
        .sentence = "applications that PDRs may name, as name=flow description",
        .repeated = true},
       {.key = "predefined_rules",
        .type = text,
        .sentence = "filters of predefined rules, as name=flow description",
        .repeated = true}},
      {}};
  return section;
}

const Section& n3_section() {
  static const Section section{
      OptionTable{{.key = "address",
                   .type = text,
                   .sentence = "IPv4 address of N3; with a device, with its prefix length",
                   .required = true}} +
          raw_port_options(),
      {}};
  return section;
}

const Section& data_network_section() {
  static const Section section{
      OptionTable{
          {.key = "name", .type = text, .sentence = "the DNN", .required = true},
          {.key = "pool", .type = text, .sentence = "IPv4 addresses of UEs, such as 10.45.0.0/16"},
          {.key = "pool_ipv6",
           .type = text,
           .sentence = "IPv6 prefixes of UEs, a /64 each, such as 2001:db8:45::/48"},
          {.key = "tun",
           .type = text,
           .sentence = "a TUN device of this name; it has the pool's first address"},
          {.key = "address", .type = text, .sentence = "own address on N6 with prefix length, by a device"},
          {.key = "mtu",
           .type = integer,
           .default_value = "1500",
           .sentence = "largest IP packet",
           .minimum = "1280",
           .maximum = "9000"}} +
          raw_port_options(),
      {}};
  return section;
}

const Section& root_section() {
  static const Section section{
      {{.key = "name", .type = text, .default_value = "upf", .sentence = "for messages"},
       {.key = "packets",
        .type = integer,
        .default_value = "65536",
        .sentence = "packet buffers",
        .minimum = "4096",
        .maximum = "4194304"}},
      {{.key = "n4",
        .kind = SectionPart::Kind::mapping,
        .sentence = "towards the SMF",
        .section = &n4_section()},
       {.key = "n3",
        .kind = SectionPart::Kind::mapping,
        .sentence = "towards gNBs",
        .section = &n3_section()},
       {.key = "data_networks",
        .kind = SectionPart::Kind::list,
        .sentence = "one for each DNN",
        .section = &data_network_section()}}};
  return section;
}

/// The value of a text option; nothing, with a problem, where its parser refuses it.
template <class Value>
std::optional<Value> parsed(const SectionValues& values, std::string_view key, ProblemList& problems) {
  const auto text = values.get<std::string>(key);
  if (!text) return std::nullopt;
  auto value = Value::parse(*text);
  if (value) return *value;
  Problem problem = value.error();
  problem.where.clear();
  problems.add(values.at(key), std::move(problem));
  return std::nullopt;
}

std::optional<RawPort> read_raw_port(const SectionValues& values, ProblemList& problems) {
  const auto device = values.get<std::string>("device");
  if (!device) {
    for (const char* key : {"interface", "gateway"})
      if (values.given(key))
        problems.add(values.at(key), {.message = std::string("'") + key + "' needs a 'device'"});
    return std::nullopt;
  }
  if (!values.given("interface"))
    problems.add(values.at("device"), {.message = "the device's interface is missing",
                                       .hint = "add interface: with the interface's name or PCI address"});
  return RawPort{*device, values.text("interface"), values.text("address"), values.text("gateway")};
}

void read_n3(const SectionValues& values, UpfConfig& config, ProblemList& problems) {
  config.n3_port = read_raw_port(values, problems);
  if (!values.given("address")) return;
  if (!config.n3_port) {
    if (const auto address = parsed<Ipv4Address>(values, "address", problems)) config.n3_address = *address;
    return;
  }
  const std::string text = values.text("address");
  const auto address = Ipv4Address::parse(std::string_view(text).substr(0, text.find('/')));
  if (address && text.find('/') != std::string::npos)
    config.n3_address = *address;
  else
    problems.add(values.at("address"), {.message = "an address with its prefix length is needed by a device",
                                        .found = "'" + text + "'",
                                        .allowed = "such as 10.0.3.2/24"});
}

DataNetworkConfig read_data_network(const SectionValues& values, ProblemList& problems) {
  DataNetworkConfig network;
  network.name = values.text("name");
  network.pool = parsed<Ipv4Prefix>(values, "pool", problems);
  network.pool_ipv6 = parsed<Ipv6Prefix>(values, "pool_ipv6", problems);
  network.tun = values.text("tun");
  network.port = read_raw_port(values, problems);
  network.mtu = values.integer("mtu");
  if (!values.given("pool") && !values.given("pool_ipv6"))
    problems.add(values.at("name"), {.message = "the data network has no pool of UE addresses",
                                     .hint = "add pool: or pool_ipv6:"});
  if (network.tun.empty() == !network.port.has_value())
    problems.add(values.at("name"), {.message = "a data network leaves by either 'tun' or 'device'",
                                     .found = network.port ? "both" : "neither"});
  if (network.port && !values.given("address"))
    problems.add(values.at("device"), {.message = "a device needs an 'address' with prefix length"});
  if (network.pool && network.pool->length > 30)
    problems.add(values.at("pool"),
                 {.message = "the pool has no room for UEs", .allowed = "a prefix length up to 30"});
  return network;
}

}  // namespace

UpfConfigResult read_upf_config(std::string_view text, std::string_view file_name) {
  UpfConfigResult out;
  ProblemList problems;
  const auto tree = parse_yaml(text, {.nodes = 10'000, .depth = 20});
  if (!tree) {
    problems.add(tree.error().at, tree.error().problem);
    out.problems = problems.sorted(file_name, {});
    return out;
  }
  const SectionValues root = read_section(*tree, root_section(), "the configuration", problems);
  out.config.name = root.text("name");
  out.config.packets = static_cast<std::uint32_t>(root.integer("packets"));
  const auto require = [&](const char* key) {
    const YamlNode* part = root.part(key);
    if (part == nullptr) problems.add(root.at(key), {.message = std::string("'") + key + "' is missing"});
    return part;
  };
  if (const YamlNode* n4 = require("n4")) {
    const SectionValues values = read_section(*n4, n4_section(), "n4", problems);
    if (const auto address = parsed<Ipv4Address>(values, "address", problems))
      out.config.n4_address = *address;
    out.config.n4_port = static_cast<std::uint16_t>(values.integer("port"));
    out.config.heartbeat = values.get<Duration>("heartbeat").value_or(out.config.heartbeat);
    for (const std::string& smf : values.values.list<std::string>("smfs"))
      if (Ipv4Address::parse(smf))
        out.config.smfs.push_back(smf);
      else
        problems.add(values.at("smfs"), {.message = "this is no address of an SMF",
                                         .found = "'" + smf + "'",
                                         .allowed = "such as 10.0.0.1"});
    out.config.applications = values.values.list<std::string>("applications");
    out.config.predefined_rules = values.values.list<std::string>("predefined_rules");
  }
  if (const YamlNode* n3 = require("n3"))
    read_n3(read_section(*n3, n3_section(), "n3", problems), out.config, problems);
  if (const YamlNode* list = require("data_networks")) {
    std::set<std::string> names;
    for (const YamlNode& entry : list_of(*list, "data_networks", problems)) {
      const SectionValues values = read_section(entry, data_network_section(), "a data network", problems);
      out.config.data_networks.push_back(read_data_network(values, problems));
      if (!names.insert(out.config.data_networks.back().name).second)
        problems.add(values.at("name"), {.message = "there is such a data network already",
                                         .found = "'" + out.config.data_networks.back().name + "'"});
    }
  }
  out.problems = problems.sorted(file_name, {});
  return out;
}

}  // namespace kiriko
