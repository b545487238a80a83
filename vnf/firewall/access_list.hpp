// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AccessList: text entries over the five-tuple, compiled for rte_acl; the first entry that matches decides.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/net/five_tuple.hpp"

struct rte_acl_ctx;

namespace kiriko {

struct PortRange {
  std::uint16_t low{0};
  std::uint16_t high{0xffff};
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

struct AccessListEntry {
  bool allow{};
  std::optional<std::uint8_t> protocol{};
  Ipv4Prefix source{};
  PortRange source_ports{};
  Ipv4Prefix destination{};
  PortRange destination_ports{};
  friend bool operator==(const AccessListEntry&, const AccessListEntry&) = default;
};

/// "allow|deny PROTOCOL from ADDRESS [port P[-Q]] to ADDRESS [port P[-Q]]"; PROTOCOL: any, tcp, udp, sctp, icmp or
/// a number; ADDRESS: any or an IPv4 prefix; ports with tcp, udp and sctp only.
Result<AccessListEntry> parse_access_list_entry(std::string_view text);

class AccessList {
 public:
  /// What rte_acl reads: fields in wire order, the first of one octet.
  struct alignas(4) Key {
    std::uint8_t protocol{};
    std::uint8_t unused[3]{};
    Be32 source{}, destination{};
    Be16 source_port{}, destination_port{};

    Key() = default;
    explicit Key(const FiveTuple& t) noexcept
        : protocol(t.protocol),
          source(t.source.value),
          destination(t.destination.value),
          source_port(t.source_port),
          destination_port(t.destination_port) {}
  };

  /// Parses and compiles; EAL must be up. The problem names the entry's number and text.
  static Result<AccessList> compile(const std::vector<std::string>& entries, bool allow_by_default);

  /// verdicts[i] = whether keys[i] is allowed; at most burst_capacity keys.
  void classify(std::span<const Key> keys, bool* verdicts) const noexcept;
  bool allows(const FiveTuple& tuple) const noexcept;
  std::size_t size() const noexcept { return allow_.empty() ? 0 : allow_.size() - 1; }

 private:
  struct Free {
    void operator()(rte_acl_ctx* context) const noexcept;
  };
  std::unique_ptr<rte_acl_ctx, Free> context_{};  ///< none for an empty list
  std::vector<char> allow_{};                     ///< by rte_acl's result; [0] is the default
};

}  // namespace kiriko
