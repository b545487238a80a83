// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Places and indices of the attached UEs.
#include "vnf/gnb/ue_table.hpp"

#include <algorithm>

namespace kiriko {

std::optional<UeIndex> UeTable::by_teid(Teid teid) const noexcept {
  const auto at = std::lower_bound(by_teid_.begin(), by_teid_.end(), teid,
                                   [](const auto& entry, Teid wanted) { return entry.first < wanted; });
  if (at == by_teid_.end() || at->first != teid) return std::nullopt;
  return at->second;
}

std::optional<UeIndex> UeTable::by_node(NodeId ue) const noexcept {
  for (std::uint32_t i = 0; i < ues_.size(); ++i)
    if (ues_[i].attached && ues_[i].context.ue == ue) return UeIndex{i};
  return std::nullopt;
}

UeIndex UeTable::add(const UeContext& context) {
  const auto free = std::find_if(ues_.begin(), ues_.end(), [](const AttachedUe& ue) { return !ue.attached; });
  const UeIndex ue{static_cast<std::uint32_t>(free - ues_.begin())};
  if (free == ues_.end()) ues_.emplace_back();
  ues_[ue.value] = {.context = context, .attached = true, .radio = context.radio};
  index(ue);
  return ue;
}

void UeTable::update(UeIndex ue, const UeContext& context) {
  unindex(ue);
  ues_[ue.value].context = context;
  index(ue);
}

void UeTable::remove(UeIndex ue) {
  unindex(ue);
  ues_[ue.value].attached = false;
}

void UeTable::index(UeIndex ue) {
  const UeContext& context = ues_[ue.value].context;
  by_port_[context.port.value] = ue;
  by_teid_.insert(std::upper_bound(by_teid_.begin(), by_teid_.end(), std::pair{context.downlink_teid, ue}),
                  {context.downlink_teid, ue});
}

void UeTable::unindex(UeIndex ue) {
  const UeContext& context = ues_[ue.value].context;
  if (by_port_[context.port.value] == ue) by_port_[context.port.value].reset();
  std::erase(by_teid_, std::pair{context.downlink_teid, ue});
}

}  // namespace kiriko
