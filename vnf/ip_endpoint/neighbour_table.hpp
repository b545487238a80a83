// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NeighbourTable: the link-layer addresses that are known, those that are asked for, and the packets that wait for them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/function/aging_table.hpp"
#include "core/net/mac_address.hpp"
#include "core/packet/packet.hpp"
#include "vnf/ip_endpoint/ip_address.hpp"

namespace kiriko::endpoint {

/// One for ARP and neighbour discovery: RFC 4861's ways (its clauses 7.2 and 7.3), which hold what RFC 1122 clause
/// 2.3.2 asks of ARP. All memory is taken at construction. It sends nothing: it says what is due.
class NeighbourTable {
 public:
  struct Limits {
    std::uint32_t neighbours{1024};
    std::uint32_t waiting{32};  ///< packets for one neighbour
    std::uint32_t attempts{3};
    Duration retry{seconds(1)};
    Duration reachable{seconds(30)};
  };
  explicit NeighbourTable(const Limits& limits);

  /// The MAC address to send to, or nullptr. Counts as use: what is in use is asked for again in time.
  const MacAddress* find(const IpAddress& address) noexcept {
    const auto i = known_.find(address, address.hash());
    if (i == Known::none) return nullptr;
    known_.value(i).used = true;
    return &known_.value(i).mac;
  }

  /// Lets a packet wait for an address that find() has not found.
  struct Waiting {
    bool ask{};           ///< it is the first: ask for the address now
    Packet* displaced{};  ///< what had to make room: the longest waiting, or the packet itself
  };
  Waiting wait(const IpAddress& address, Packet* packet, ModelTime now) noexcept;

  /// `address` has said that `mac` is its own. With `create` it is kept although nobody asked.
  /// Waiting packets may then be taken with take_waiting().
  void learn(const IpAddress& address, const MacAddress& mac, bool create, ModelTime now) noexcept;
  /// The packets of the address that was learnt last, in order; nullptr when there are no more.
  Packet* take_waiting() noexcept { return take_from(released_); }

  /// Something to do at `now`, one after the other; false when there is nothing more.
  struct Due {
    IpAddress address{};
    bool failed{};                    ///< nobody answered: take_waiting() gives the packets to drop
    std::optional<MacAddress> mac{};  ///< ask it alone; absent: ask all
  };
  bool take_due(ModelTime now, Due& due) noexcept;
  ModelTime next_due() const noexcept;

  std::uint32_t known() const noexcept { return known_.size(); }
  std::uint32_t waiting() const noexcept { return waiting_; }

 private:
  struct Neighbour {
    MacAddress mac{};
    bool used{};
    ModelTime confirmed{};
  };
  struct Slot {
    Packet* packet{};
    std::uint32_t next{};
  };
  struct Queue {
    std::uint32_t first{no_slot}, last{no_slot}, size{};
  };
  struct Resolution {
    ModelTime asked{};
    std::uint32_t attempts{};
    Queue queue{};
  };
  using Known = AgingTable<IpAddress, Neighbour>;
  using Asked = AgingTable<IpAddress, Resolution>;
  static constexpr std::uint32_t no_slot = 0xffffffffU;
  static constexpr std::uint32_t most_waiting = 4096;

  Packet* take_from(Queue& queue) noexcept;
  void forget(const IpAddress& address) noexcept;

  Limits limits_;
  Known known_;  ///< in order of confirmation
  Asked asked_;  ///< in order of asking
  std::vector<Slot> slots_;
  std::uint32_t free_{};
  std::uint32_t waiting_{};
  Queue released_{};
};

}  // namespace kiriko::endpoint
