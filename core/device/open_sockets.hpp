// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// OpenSockets: finds the socket that a driver has opened, since DPDK's af_packet and af_xdp do not tell theirs.
#pragma once

#include <vector>

namespace kiriko {

class OpenSockets {
 public:
  /// Those of this process now.
  OpenSockets();
  /// The one of this address family that has come since; -1 when there is none or more than one.
  int added(int family) const;

 private:
  std::vector<int> before_;  ///< sorted
};

}  // namespace kiriko
