// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The switch: forwarding by destination, ECMP and slice-aware egress, programmed by changes only.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/descriptor.hpp"
#include "vnf/switch/forwarding_table.hpp"

namespace kiriko {

class Switch final : public NetworkFunction {
 public:
  explicit Switch(const FunctionSetup& setup);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

 private:
  /// What the first pass over a burst leaves for the second. Without initial values, so that a burst's worth of
  /// them costs nothing where few are filled.
  struct Lookup {
    enum class Fault : std::uint8_t {
      none,
      runt,        ///< shorter than an Ethernet header
      broken_ipv4  ///< says IPv4 and is not
    };
    std::uint64_t key;   ///< to look for first
    std::uint32_t home;  ///< of the key in the table
    std::uint16_t l3;    ///< offset of the IPv4 header; 0: not IPv4, or not in order
    Fault fault;
  };

  Lookup parse(const Packet* packet) const noexcept;
  Lookup parse_unusual(const std::uint8_t* data, std::size_t size) const noexcept;
  void forward(Packet* packet, const Lookup& lookup, Exits& exits) noexcept;
  /// Where that is more than one port for all packets of its key.
  void choose_port(Packet* packet, const Lookup& lookup, Exits& exits) noexcept;
  void flood(Packet* packet, const PortGroup& group, Exits& exits) noexcept;
  /// By the first key that has a group: prefixes, MAC address; for group addresses the other way round.
  const PortGroup* find(const Packet* packet, const Lookup& lookup, SliceId slice) const noexcept;
  std::uint32_t hash(const Packet* packet, const Lookup& lookup) const noexcept;

  Result<Commit> prepare_forwarding(const SetForwarding& change);
  Result<void> check(const ForwardingEntry& entry) const;

  std::uint32_t hash_seed_;
  std::size_t slice_count_;
  ForwardingTable table_{};
  std::uint64_t packets_{}, bytes_{}, flooded_{};
  ForwardingEntries entries_{};
  std::uint64_t version_{};  ///< of entries_: a table built on another one is built anew
  std::vector<bool> up_;     ///< by port
};

extern const Descriptor switch_descriptor;

}  // namespace kiriko
