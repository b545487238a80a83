// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The IP endpoint: addresses of its own on a real network, for functions behind it that know no ARP.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/function/descriptor.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/neighbour_discovery.hpp"
#include "vnf/ip_endpoint/icmp_errors.hpp"
#include "vnf/ip_endpoint/interface_addresses.hpp"
#include "vnf/ip_endpoint/neighbour_table.hpp"

namespace kiriko {

namespace endpoint {

struct EndpointSettings {
  MacAddress mac{};
  InterfaceAddresses addresses{};
  NeighbourTable::Limits limits{};
  std::uint32_t mtu{1500};  ///< of IP packets towards the outside
};

/// Reads the options; the MAC address is by default the outside device's.
Result<EndpointSettings> read_settings(const FunctionSetup& setup);

}  // namespace endpoint

class IpEndpoint final : public NetworkFunction {
 public:
  static constexpr PortId outside{0}, inside{1};

  explicit IpEndpoint(endpoint::EndpointSettings settings);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime now, Exits& exits) noexcept override;
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

 private:
  using IpAddress = endpoint::IpAddress;
  static constexpr int announcements = 2;  ///< RFC 5227 clause 1.1: ANNOUNCE_NUM

  // From the network: inward.cpp.
  void from_outside(Packet* packet, Exits& exits) noexcept;
  void ipv4_from_outside(Packet* packet, Exits& exits) noexcept;
  void ipv6_from_outside(Packet* packet, Exits& exits) noexcept;
  void deliver(Packet* packet, const IpAddress& destination, std::size_t size, Exits& exits) noexcept;

  // From the function behind: outward.cpp.
  void from_inside(Packet* packet, Exits& exits) noexcept;
  void send(Packet* packet, const IpAddress& destination, std::size_t size, Exits& exits) noexcept;
  void refuse(Packet* packet, DropReason reason, endpoint::IcmpError error, Exits& exits) noexcept;

  // ARP and neighbour discovery: resolution.cpp.
  void arp_from_outside(Packet* packet, Exits& exits) noexcept;
  void neighbour_message_from_outside(Packet* packet, const Ipv6Header& ip, Exits& exits) noexcept;
  void learn(const IpAddress& address, const MacAddress& mac, bool create, ModelTime now,
             Exits& exits) noexcept;
  void ask(const IpAddress& address, const std::optional<MacAddress>& mac, ModelTime now,
           Exits& exits) noexcept;
  void send_arp(std::uint16_t operation, Ipv4Address sender, const MacAddress& to,
                const MacAddress& target_mac, Ipv4Address target, ModelTime now, Exits& exits) noexcept;
  void send_neighbour_message(std::uint8_t type, std::uint32_t flags, const Ipv6Address& source,
                              const Ipv6Address& destination, const Ipv6Address& target, const MacAddress& to,
                              ModelTime now, Exits& exits) noexcept;
  void announce(ModelTime now, Exits& exits) noexcept;
  void plan(Exits& exits) noexcept;

  /// Own or proxied.
  bool answers_for(const IpAddress& address) const noexcept {
    return addresses_.owns(address) || addresses_.proxies(address);
  }
  void transmit(Packet* packet, const MacAddress& to, Exits& exits) noexcept;

  MacAddress mac_;
  endpoint::InterfaceAddresses addresses_;
  std::uint32_t mtu_;
  endpoint::NeighbourTable neighbours_;
  endpoint::ErrorLimit error_limit_{};
  ModelTime announce_at_{};
  int announcements_left_{announcements};
  std::uint64_t questions_{}, answers_{}, echo_replies_{}, errors_{}, turned_back_{}, conflicts_{},
      unanswered_{};
};

extern const Descriptor ip_endpoint_descriptor;

}  // namespace kiriko
