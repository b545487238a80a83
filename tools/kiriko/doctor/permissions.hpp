// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Permissions: what this process may do with devices, namespaces, priorities and memory, found by trying it.
#pragma once

#include <cstdint>
#include <optional>

namespace kiriko::doctor {

struct Permissions {
  bool root{};
  bool packet_socket{};                ///< what an af_packet device opens
  bool xdp_socket{};                   ///< what an af_xdp device opens
  bool xdp_program{};                  ///< and what it loads
  bool tap{};                          ///< /dev/net/tun opens and interfaces may be made
  bool namespaces{};                   ///< may make network namespaces as it is
  bool user_namespaces{};              ///< may make them, and packet sockets in them, inside a user namespace
  int nice{};                          ///< of this process
  int best_nice{};                     ///< that it may set
  std::uint64_t real_time_priority{};  ///< 0: none
  std::optional<std::uint64_t> locked_memory{};  ///< bytes; absent: no limit
  std::optional<std::uint64_t> address_space{};  ///< bytes; absent: no limit
};

/// Changes nothing: sockets and the program are closed at once, namespaces live and die with a child process. Call before
/// other threads are started.
Permissions probe_permissions();

}  // namespace kiriko::doctor
