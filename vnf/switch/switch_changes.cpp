// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The switch's control side: its descriptor, and the changes of its entries and ports.
#include <algorithm>
#include <memory>

#include "vnf/switch/switch.hpp"

namespace kiriko {
namespace {

ForwardingKey key_of(const ForwardingEntry& entry) {
  ForwardingKey key{.destination = entry.destination, .slice = entry.slice.value_or(no_slice)};
  if (auto* prefix = std::get_if<Ipv4Prefix>(&key.destination)) *prefix = prefix->network();
  return key;
}

std::string text_of(const ForwardingEntry& entry) {
  const auto destination = std::visit([](const auto& d) { return to_string(d); }, entry.destination);
  return "the entry for " + destination +
         (entry.slice ? " of slice " + std::to_string(entry.slice->value) : "");
}

void alter(const SetForwarding& change, ForwardingEntries& entries) {
  if (change.clear_first) entries.clear();
  for (const auto& entry : change.remove) entries.erase(key_of(entry));
  for (const auto& entry : change.set) entries[key_of(entry)] = entry.ports;
}

Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup) {
  return std::make_unique<Switch>(setup);
}

}  // namespace

Result<void> Switch::check(const ForwardingEntry& entry) const {
  const auto wrong = [&](std::string message, std::string found, std::string allowed) {
    return fail({.message = std::move(message),
                 .where = text_of(entry),
                 .found = std::move(found),
                 .allowed = std::move(allowed)});
  };
  if (entry.ports.empty()) return wrong("has no ports", "an empty list", "one port or more");
  for (const PortId port : entry.ports) {
    if (port.value >= up_.size())
      return wrong("names a port that the switch has not", "port " + std::to_string(port.value),
                   up_.empty() ? "none: the switch has no link" : "0 to " + std::to_string(up_.size() - 1));
    if (std::count(entry.ports.begin(), entry.ports.end(), port) > 1)
      return wrong("names a port twice", "port " + std::to_string(port.value), "each port once");
  }
  if (entry.slice && entry.slice->value >= slice_count_)
    return wrong(
        "names a slice that is not declared", "slice " + std::to_string(entry.slice->value),
        slice_count_ == 0 ? "none: the scenario has no slices" : "0 to " + std::to_string(slice_count_ - 1));
  if (const auto* prefix = std::get_if<Ipv4Prefix>(&entry.destination);
      prefix != nullptr && prefix->length > 32)
    return wrong("has a prefix length out of range", std::to_string(prefix->length), "0 to 32");
  return {};
}

Result<Commit> Switch::prepare_forwarding(const SetForwarding& change) {
  for (const auto& entry : change.set)
    if (auto checked = check(entry); !checked) return fail(checked.error());

  // Built now, so that the commit only swaps; another change committed in between makes it build anew.
  struct Prepared {
    SetForwarding change;
    std::uint64_t base;
    ForwardingEntries entries;
    ForwardingTable table;
  };
  auto prepared = std::make_shared<Prepared>(Prepared{change, version_, entries_, {}});
  alter(change, prepared->entries);
  prepared->table = ForwardingTable(prepared->entries);
  return Commit{[this, prepared](ModelTime, Exits&) {
    if (version_ == prepared->base) {
      entries_ = std::move(prepared->entries);
      table_ = std::move(prepared->table);
    } else {
      alter(prepared->change, entries_);
      table_ = ForwardingTable(entries_);
    }
    ++version_;
    table_.apply_port_states(up_);
  }};
}

Result<Commit> Switch::prepare(const Change& change) {
  if (const auto* forwarding = std::get_if<SetForwarding>(&change)) return prepare_forwarding(*forwarding);
  if (const auto* state = std::get_if<SetPortState>(&change)) {
    if (state->port.value >= up_.size())
      return fail(
          {.message = "the switch has no such port", .found = "port " + std::to_string(state->port.value)});
    return Commit{[this, port = state->port, up = state->up](ModelTime, Exits&) {
      up_[port.value] = up;
      table_.apply_port_states(up_);
    }};
  }
  return unsupported_change("switch", change);
}

const Descriptor switch_descriptor{
    .name = "switch",
    .purpose =
        "Forwards by destination IPv4 prefix or MAC address, over equal-cost ports by hash, by slice where "
        "told",
    .options = {},
    .ports = {{"any", "Every port is alike; ports are numbered in the order of the links"}},
    .exits = {DropReason::malformed, DropReason::hop_limit, DropReason::unknown_destination,
              DropReason::link_down, DropReason::port_unconnected, DropReason::too_big},
    .metrics = {{"packets", "packets", "Packets received"},
                {"bytes", "bytes", "Octets received, from Ethernet header to end of payload"},
                {"flood_copies", "packets", "Copies made for frames to group addresses"},
                {"entries", "entries", "Forwarding entries installed"},
                {"ports_down", "ports", "Ports without a working link"}},
    .wakes = false,
    .create = create,
};

}  // namespace kiriko
