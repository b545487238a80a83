// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Small values between PFCP and the user plane: QFIs read, F-TEIDs and UE addresses told to the SMF.
#pragma once

#include <optional>
#include <vector>

#include "core/control/packet_detection.hpp"
#include "core/pfcp/addresses.hpp"
#include "core/pfcp/detection_values.hpp"

namespace kiriko::upf {

inline std::vector<Qfi> values_of(const std::vector<pfcp::QfiIe>& qfis) {
  std::vector<Qfi> out;
  for (const pfcp::QfiIe& qfi : qfis) out.push_back(qfi.value);
  return out;
}

inline pfcp::FTeid told(const FTeid& f_teid) {
  pfcp::FTeid out;
  out.teid = f_teid.teid;
  out.ipv4 = f_teid.address;
  return out;
}

inline pfcp::UeIpAddress told(std::optional<Ipv4Address> address, const std::optional<Ipv6Prefix>& prefix) {
  pfcp::UeIpAddress out;
  out.ipv4 = address;
  if (prefix) {
    out.ipv6 = prefix->address;
    if (prefix->length != 64) out.ipv6_prefix_length = prefix->length;
  }
  return out;
}

}  // namespace kiriko::upf
