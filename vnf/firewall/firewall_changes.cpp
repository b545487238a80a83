// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The firewall's control side: its descriptor, its creation and the change of its access list.
#include <memory>

#include "vnf/firewall/firewall.hpp"

namespace kiriko {
namespace {

Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup) {
  if (setup.ports.size() != 2)
    return fail({.message = "a firewall joins two links: the first is the inside, the second the outside",
                 .where = setup.name,
                 .found = std::to_string(setup.ports.size()) + " links",
                 .allowed = "2 links"});
  const Firewall::Settings settings{
      .allow_by_default = setup.options.get<std::string>("default") == "allow",
      .pass_other = setup.options.get<std::string>("other") == "pass",
      .established_timeout = setup.options.get<Duration>("established_timeout"),
      .table_size = static_cast<std::uint32_t>(setup.options.get<std::int64_t>("table_size")),
  };
  auto list = AccessList::compile(setup.options.list<std::string>("entries"), settings.allow_by_default);
  if (!list) return fail(list.error());
  return std::make_unique<Firewall>(settings, std::move(*list));
}

}  // namespace

Result<Commit> Firewall::prepare(const Change& change) {
  if (const auto* set = std::get_if<SetAccessList>(&change)) {
    auto list = AccessList::compile(set->entries, settings_.allow_by_default);
    if (!list) return fail(list.error());
    auto prepared = std::make_shared<AccessList>(std::move(*list));
    return Commit{[this, prepared](ModelTime, Exits&) { use(std::move(*prepared)); }};
  }
  // A link that is down drops what is sent to it; there is nothing to choose here.
  if (std::holds_alternative<SetPortState>(change)) return Commit{[](ModelTime, Exits&) {}};
  return unsupported_change("firewall", change);
}

const Descriptor firewall_descriptor{
    .name = "firewall",
    .purpose =
        "Lets connections begin by an access list over the IPv4 five-tuple, and their packets pass both ways",
    .options = {{.key = "entries",
                 .type = OptionType::text,
                 .sentence = "Entries of the access list, the first that matches decides: 'allow udp from "
                             "10.0.0.0/8 to any port "
                             "5000-6000'",
                 .repeated = true},
                {.key = "default",
                 .type = OptionType::choice,
                 .default_value = "deny",
                 .sentence = "What happens to a first packet that no entry matches",
                 .choices = {"allow", "deny"}},
                {.key = "established_timeout",
                 .type = OptionType::duration,
                 .default_value = "5min",
                 .sentence = "A connection without a packet for this long is forgotten",
                 .minimum = "1us",
                 .maximum = "24h"},
                {.key = "table_size",
                 .type = OptionType::integer,
                 .default_value = "65536",
                 .sentence = "Connections that can be open at once",
                 .minimum = "1",
                 .maximum = "16777216"},
                {.key = "other",
                 .type = OptionType::choice,
                 .default_value = "pass",
                 .sentence = "What happens to frames that are not IPv4, such as ARP",
                 .choices = {"pass", "drop"}}},
    .ports = {{"inside", "The first link"}, {"outside", "The second link"}},
    .exits = {DropReason::malformed, DropReason::acl_denied, DropReason::state_table_full,
              DropReason::port_unconnected},
    .metrics = {{"connections", "connections",
                 "Connections in the table; an expired one stays until its place is needed"},
                {"connections_opened", "connections", "Connections opened since the start"},
                {"connections_cut", "connections",
                 "Connections ended because a new access list would not allow them"},
                {"passed", "packets", "Packets passed, either way"},
                {"denied", "packets", "Packets dropped by the access list, its default or the option other"},
                {"entries", "entries", "Entries of the access list"}},
    .wakes = false,
    .create = create,
};

}  // namespace kiriko
