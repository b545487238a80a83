// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The firewall: an access list for first packets, and a table of connections whose packets pass both ways.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/function/aging_table.hpp"
#include "core/function/descriptor.hpp"
#include "vnf/firewall/access_list.hpp"

namespace kiriko {

class Firewall final : public NetworkFunction {
 public:
  static constexpr PortId inside{0}, outside{1};

  struct Settings {
    bool allow_by_default{};
    bool pass_other{};  ///< what is not IPv4
    Duration established_timeout{};
    std::uint32_t table_size{};
  };
  Firewall(const Settings& settings, AccessList list);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

 private:
  struct Connection {
    ModelTime last{};        ///< model time of its newest packet
    bool opened_by_first{};  ///< by the end that the key names first
  };
  using Connections = AgingTable<FiveTuple, Connection>;

  enum class Kind : std::uint8_t { ipv4, other, malformed };
  /// What the passes over a burst know of one packet.
  struct Look {
    FiveTuple tuple{};  ///< as the packet has it
    FiveTuple key{};    ///< the same for both directions
    std::uint32_t hash{};
    Connections::Index connection{Connections::none};
    Kind kind{Kind::malformed};
    bool allowed{};  ///< by the access list; valid when there was no connection
  };

  static Look parse(const Packet* packet) noexcept;
  bool expired(const Connection& connection, ModelTime now) const noexcept {
    return now - connection.last >= settings_.established_timeout;
  }
  void classify_first_packets(std::array<Look, burst_capacity>& looks, const Burst& burst) noexcept;
  void decide(Packet* packet, Look& look, Exits& exits) noexcept;
  bool open(const Look& look, ModelTime now) noexcept;
  void forward(Packet* packet, Exits& exits) noexcept;
  void use(AccessList list) noexcept;

  Settings settings_;
  AccessList list_;
  Connections connections_;
  std::uint64_t opened_{}, passed_{}, denied_{}, cut_{};
};

extern const Descriptor firewall_descriptor;

}  // namespace kiriko
