// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UeTable: the UEs attached to a cell, found by radio port, by downlink TEID and by node.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/control/change.hpp"
#include "vnf/gnb/radio_link.hpp"

namespace kiriko {

struct AttachedUe {
  UeContext context{};
  bool attached{false};
  UeRadio radio{};
};

class UeTable {
 public:
  explicit UeTable(std::size_t ports) : by_port_(ports) {}

  std::optional<UeIndex> by_port(PortId port) const noexcept { return by_port_[port.value]; }
  std::optional<UeIndex> by_teid(Teid teid) const noexcept;
  std::optional<UeIndex> by_node(NodeId ue) const noexcept;
  AttachedUe& operator[](UeIndex ue) noexcept { return ues_[ue.value]; }
  const AttachedUe& operator[](UeIndex ue) const noexcept { return ues_[ue.value]; }

  /// Takes the lowest free place; the caller has checked port and TEID.
  UeIndex add(const UeContext& context);
  /// A new tunnel, port or slice for an attached UE.
  void update(UeIndex ue, const UeContext& context);
  void remove(UeIndex ue);
  std::size_t attached() const noexcept { return by_teid_.size(); }

 private:
  void index(UeIndex ue);
  void unindex(UeIndex ue);

  std::vector<AttachedUe> ues_;
  std::vector<std::optional<UeIndex>> by_port_;
  std::vector<std::pair<Teid, UeIndex>> by_teid_;  ///< sorted
};

}  // namespace kiriko
