// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How grouped IEs and messages declare their members: once, and all that is done with them follows from it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/pfcp/ie_type.hpp"
#include "core/pfcp/octet_io.hpp"

namespace kiriko::pfcp {

/// The column P of the standard's tables. A member that is not as it must be refuses the message if it is mandatory or
/// conditional, and counts as absent if it is optional (clause 7.6).
enum class Presence : std::uint8_t { mandatory, conditional, optional };

/// A member of Group: std::optional for one that may be absent, std::vector for one that may be repeated.
template <class Group, class Value>
struct Member {
  IeType type;
  Presence presence;
  Value Group::*value;
};

template <class Group, class Value>
constexpr Member<Group, Value> mandatory(IeType type, Value Group::*value) {
  return {type, Presence::mandatory, value};
}
template <class Group, class Value>
constexpr Member<Group, Value> conditional(IeType type, Value Group::*value) {
  return {type, Presence::conditional, value};
}
template <class Group, class Value>
constexpr Member<Group, Value> optional(IeType type, Value Group::*value) {
  return {type, Presence::optional, value};
}

/// An IE whose value was not taken: of a type unknown here or a vendor's, repeated too often, or optional and
/// incorrect. It is sent again as it came.
struct RawIe {
  std::uint16_t type{};
  Octets value{};
  friend bool operator==(const RawIe&, const RawIe&) = default;
};

/// A grouped IE or a message: static members(list) calls `list` with a Member for each, and `others` keeps what is not
/// among them. The call is a template so that only who asks for the members pays for compiling them.
template <class T>
concept Grouped = requires(T& group) {
  group.others;
};

/// A grouped IE that changes a rule: `removed` lists members that are to be taken away from the rule, sent with
/// length 0 (clause 5.6.3).
template <class T>
concept Updating = Grouped<T> && requires(T& group) {
  group.removed;
};

}  // namespace kiriko::pfcp
