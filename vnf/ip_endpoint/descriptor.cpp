// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The endpoint's options, exits and metrics, and its creation.
#include <memory>

#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko {
namespace {

using endpoint::EndpointSettings;
using endpoint::IpAddress;
using endpoint::IpPrefix;

tl::unexpected<Problem> wrong(std::string_view option, const std::string& text, Problem problem) {
  problem.where = option;
  if (problem.found.empty()) problem.found = "'" + text + "'";
  return fail(std::move(problem));
}

Result<void> read_addresses(const OptionValues& options, EndpointSettings& settings) {
  bool ipv6 = false;
  for (const std::string& text : options.list<std::string>("addresses")) {
    const auto own = IpPrefix::parse(text);
    if (!own) return wrong("addresses", text, own.error());
    if (!own->address.is_unicast())
      return wrong("addresses", text, {.message = "not the address of one node"});
    if (settings.addresses.owns(own->address))
      return wrong("addresses", text, {.message = "an address stands twice"});
    ipv6 = ipv6 || !own->address.is_ipv4();
    settings.addresses.add_own(*own);
  }
  // RFC 4291 clause 2.8: every IPv6 node has one.
  if (ipv6) settings.addresses.add_own({IpAddress{link_local_of(settings.mac)}, 64});
  return {};
}

Result<void> read_gateway(const OptionValues& options, std::string_view key, EndpointSettings& settings) {
  if (!options.has(key)) return {};
  const auto& text = options.get<std::string>(key);
  const auto gateway = IpPrefix::parse(text);
  if (!gateway) return wrong(key, text, gateway.error());
  if (gateway->address.is_ipv4() != (key == "gateway") || text.find('/') != std::string::npos ||
      !gateway->address.is_unicast())
    return wrong(key, text,
                 {.message = "not an address of one node",
                  .allowed = key == "gateway" ? "an IPv4 address" : "an IPv6 address"});
  if (!settings.addresses.on_link(gateway->address) || settings.addresses.owns(gateway->address))
    return wrong(key, text,
                 {.message = "the gateway is not a neighbour",
                  .allowed = "an address in the network of one of addresses, and not one of them"});
  settings.addresses.set_gateway(gateway->address);
  return {};
}

Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup) {
  auto settings = endpoint::read_settings(setup);
  if (!settings) return fail(settings.error());
  return std::make_unique<IpEndpoint>(std::move(*settings));
}

}  // namespace

Result<EndpointSettings> endpoint::read_settings(const FunctionSetup& setup) {
  if (setup.ports.size() != 2)
    return fail({.message = "an IP endpoint joins two links: the outside first, then the inside",
                 .where = setup.name,
                 .found = std::to_string(setup.ports.size()) + " links",
                 .allowed = "2 links"});
  const OptionValues& options = setup.options;
  EndpointSettings settings;
  const auto& device = setup.neighbours[IpEndpoint::outside.value].mac;
  settings.mac = device.value_or(MacAddress::local(setup.node.value + 1));
  if (options.has("mac")) {
    const auto& text = options.get<std::string>("mac");
    const auto mac = MacAddress::parse(text);
    if (!mac) return wrong("mac", text, mac.error());
    settings.mac = *mac;
  }
  if (settings.mac.is_group() || settings.mac.is_zero())
    return wrong("mac", to_string(settings.mac), {.message = "not the MAC address of one node"});
  if (auto read = read_addresses(options, settings); !read) return fail(read.error());
  for (const auto* key : {"gateway", "gateway_ipv6"})
    if (auto read = read_gateway(options, key, settings); !read) return fail(read.error());
  for (const std::string& text : options.list<std::string>("proxy")) {
    const auto prefix = IpPrefix::parse(text);
    if (!prefix) return wrong("proxy", text, prefix.error());
    settings.addresses.add_proxied(*prefix);
  }
  const auto number = [&](std::string_view key) {
    return static_cast<std::uint32_t>(options.get<std::int64_t>(key));
  };
  settings.mtu = number("mtu");
  settings.limits = {.neighbours = number("neighbours"),
                     .waiting = number("waiting"),
                     .attempts = number("attempts"),
                     .retry = options.get<Duration>("retry"),
                     .reachable = options.get<Duration>("neighbour_timeout")};
  return settings;
}

const Descriptor ip_endpoint_descriptor{
    .name = "ip_endpoint",
    .purpose =
        "Has addresses of its own on a real network, with ARP, neighbour discovery and ping, for a function "
        "behind it",
    .options =
        {{.key = "addresses",
          .type = OptionType::text,
          .sentence =
              "Own IPv4 and IPv6 addresses with the length of the on-link prefix, such as 192.168.7.2/24",
          .required = true,
          .repeated = true},
         {.key = "gateway",
          .type = OptionType::text,
          .sentence = "IPv4 address of the default gateway; absent: only neighbours are reached"},
         {.key = "gateway_ipv6", .type = OptionType::text, .sentence = "IPv6 address of the default gateway"},
         {.key = "proxy",
          .type = OptionType::text,
          .sentence = "Prefixes behind the endpoint for which it answers ARP and neighbour discovery, such "
                      "as a pool of UE addresses",
          .repeated = true},
         {.key = "mac",
          .type = OptionType::text,
          .sentence = "Own MAC address; absent: the outside device's, or one of the emulator's"},
         {.key = "mtu",
          .type = OptionType::integer,
          .default_value = "1500",
          .sentence = "Longest IP packet towards the outside, in octets",
          .minimum = "576",
          .maximum = "65535"},
         {.key = "neighbour_timeout",
          .type = OptionType::duration,
          .default_value = "30s",
          .sentence = "After this a neighbour in use is asked whether it is still there, another is "
                      "forgotten (REACHABLE_TIME, RFC 4861 clause 10)",
          .minimum = "1ms",
          .maximum = "1d"},
         {.key = "retry",
          .type = OptionType::duration,
          .default_value = "1s",
          .sentence = "Time between two questions for one neighbour (RETRANS_TIMER, RFC 4861 clause 10)",
          .minimum = "1ms",
          .maximum = "1h"},
         {.key = "attempts",
          .type = OptionType::integer,
          .default_value = "3",
          .sentence = "Questions before a neighbour is given up (MAX_MULTICAST_SOLICIT, RFC 4861 clause 10)",
          .minimum = "1",
          .maximum = "100"},
         {.key = "neighbours",
          .type = OptionType::integer,
          .default_value = "1024",
          .sentence = "Neighbours that are remembered, and as many that are asked for",
          .minimum = "1",
          .maximum = "65536"},
         {.key = "waiting",
          .type = OptionType::integer,
          .default_value = "32",
          .sentence = "Packets that wait for one neighbour; the next takes the place of the longest waiting",
          .minimum = "1",
          .maximum = "1024"}},
    .ports = {{"outside", "The first link: the real network, mostly a device"},
              {"inside", "The second link: the function or host that these addresses are for"}},
    .exits = {DropReason::malformed, DropReason::not_for_this_host, DropReason::unknown_destination,
              DropReason::too_big, DropReason::neighbour_unresolved, DropReason::neighbour_queue_full,
              DropReason::port_unconnected},
    .metrics = {{"neighbours", "neighbours", "Neighbours whose MAC address is known"},
                {"waiting", "packets", "Packets that wait for one"},
                {"questions", "packets", "ARP requests and neighbour solicitations sent"},
                {"answers", "packets",
                 "ARP replies and neighbour advertisements sent because somebody asked"},
                {"unanswered", "neighbours", "Neighbours given up since nobody answered"},
                {"echo_replies", "packets", "Echo requests answered"},
                {"icmp_errors", "packets", "ICMP errors sent inside"},
                {"turned_back", "packets", "Packets from inside to a proxied prefix, sent back inside"},
                {"address_conflicts", "packets", "Frames of others that claim an own address"}},
    .wakes = true,
    .create = create,
};

}  // namespace kiriko
