// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Names of changes.
#include "core/control/change.hpp"

#include <array>

namespace kiriko {

std::string_view name_of(const Change& change) {
  static constexpr std::array<std::string_view, std::variant_size_v<Change>> names{
      "SetLinkProperties", "SetLinkState",        "SetSliceShares",       "SetNodeState",      "SetPortState",
      "SetForwarding",     "EstablishPduSession", "ModifyPduSession",     "ReleasePduSession", "AttachUe",
      "DetachUe",          "SetRadioShares",      "SetUeRadio",           "SetActivePort",     "SetTraffic",
      "SetAccessList",     "SetRateLimit",        "DeliverControlMessage"};
  return names[change.index()];
}

}  // namespace kiriko
