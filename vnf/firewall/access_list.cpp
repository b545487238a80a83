// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Compilation of an access list into an rte_acl context, and classification by it.
#include "vnf/firewall/access_list.hpp"

#include <rte_acl.h>
#include <rte_errno.h>
#include <rte_memory.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "core/packet/burst.hpp"

namespace kiriko {
namespace {

enum Field : std::uint8_t {
  protocol_field,
  source_field,
  destination_field,
  source_port_field,
  destination_port_field,
  field_count
};

RTE_ACL_RULE_DEF(AclRule, field_count);

constexpr std::array<rte_acl_field_def, field_count> field_definitions{{
    {.type = RTE_ACL_FIELD_TYPE_BITMASK,
     .size = 1,
     .field_index = protocol_field,
     .input_index = 0,
     .offset = offsetof(AccessList::Key, protocol)},
    {.type = RTE_ACL_FIELD_TYPE_MASK,
     .size = 4,
     .field_index = source_field,
     .input_index = 1,
     .offset = offsetof(AccessList::Key, source)},
    {.type = RTE_ACL_FIELD_TYPE_MASK,
     .size = 4,
     .field_index = destination_field,
     .input_index = 2,
     .offset = offsetof(AccessList::Key, destination)},
    {.type = RTE_ACL_FIELD_TYPE_RANGE,
     .size = 2,
     .field_index = source_port_field,
     .input_index = 3,
     .offset = offsetof(AccessList::Key, source_port)},
    {.type = RTE_ACL_FIELD_TYPE_RANGE,
     .size = 2,
     .field_index = destination_port_field,
     .input_index = 3,
     .offset = offsetof(AccessList::Key, destination_port)},
}};

/// `number` counts from 1; rte_acl prefers the highest priority, an access list the first entry.
AclRule rule_of(const AccessListEntry& entry, std::uint32_t number) {
  AclRule rule{};
  rule.data.category_mask = 1;
  rule.data.priority = static_cast<std::int32_t>(RTE_ACL_MAX_PRIORITY - number);
  rule.data.userdata = number;
  rule.field[protocol_field].value.u8 = entry.protocol.value_or(0);
  rule.field[protocol_field].mask_range.u8 = entry.protocol ? 0xff : 0;
  rule.field[source_field].value.u32 = entry.source.address.value;
  rule.field[source_field].mask_range.u32 = entry.source.length;
  rule.field[destination_field].value.u32 = entry.destination.address.value;
  rule.field[destination_field].mask_range.u32 = entry.destination.length;
  rule.field[source_port_field].value.u16 = entry.source_ports.low;
  rule.field[source_port_field].mask_range.u16 = entry.source_ports.high;
  rule.field[destination_port_field].value.u16 = entry.destination_ports.low;
  rule.field[destination_port_field].mask_range.u16 = entry.destination_ports.high;
  return rule;
}

}  // namespace

void AccessList::Free::operator()(rte_acl_ctx* context) const noexcept { rte_acl_free(context); }

Result<AccessList> AccessList::compile(const std::vector<std::string>& entries, bool allow_by_default) {
  AccessList list;
  list.allow_.push_back(allow_by_default ? 1 : 0);
  if (entries.empty()) return list;

  std::vector<AclRule> rules;
  for (const auto& text : entries) {
    const auto number = static_cast<std::uint32_t>(rules.size() + 1);
    const auto entry = parse_access_list_entry(text);
    if (!entry) {
      Problem problem = entry.error();
      problem.where = "entries, number " + std::to_string(number) + " '" + text + "'";
      return fail(std::move(problem));
    }
    rules.push_back(rule_of(*entry, number));
    list.allow_.push_back(entry->allow ? 1 : 0);
  }

  // rte_acl hands out the existing context when a name is taken, so each gets a name of its own.
  static std::atomic<std::uint64_t> serial{0};
  const std::string name = "access_list" + std::to_string(++serial);
  const rte_acl_param parameters{.name = name.c_str(),
                                 .socket_id = SOCKET_ID_ANY,
                                 .rule_size = RTE_ACL_RULE_SZ(field_count),
                                 .max_rule_num = static_cast<std::uint32_t>(rules.size())};
  const auto no_memory = [&](int code) {
    return fail({.message = "the access list could not be compiled",
                 .where = "entries",
                 .found = std::to_string(rules.size()) + " entries",
                 .hint = rte_strerror(code)});
  };
  list.context_.reset(rte_acl_create(&parameters));
  if (!list.context_) return no_memory(rte_errno);
  static_assert(sizeof(AclRule) == RTE_ACL_RULE_SZ(field_count));
  if (const int code =
          rte_acl_add_rules(list.context_.get(), reinterpret_cast<const rte_acl_rule*>(rules.data()),
                            static_cast<std::uint32_t>(rules.size()));
      code != 0)
    return no_memory(-code);
  rte_acl_config config{};
  config.num_categories = 1;
  config.num_fields = field_count;
  for (std::size_t i = 0; i < field_count; ++i) config.defs[i] = field_definitions[i];
  if (const int code = rte_acl_build(list.context_.get(), &config); code != 0) return no_memory(-code);
  return list;
}

void AccessList::classify(std::span<const Key> keys, bool* verdicts) const noexcept {
  std::array<const std::uint8_t*, burst_capacity> data;
  std::array<std::uint32_t, burst_capacity> results{};
  for (std::size_t i = 0; i < keys.size(); ++i) data[i] = &keys[i].protocol;
  if (context_)
    rte_acl_classify(context_.get(), data.data(), results.data(), static_cast<std::uint32_t>(keys.size()), 1);
  for (std::size_t i = 0; i < keys.size(); ++i) verdicts[i] = allow_[results[i]] != 0;
}

bool AccessList::allows(const FiveTuple& tuple) const noexcept {
  const Key key(tuple);
  bool verdict = false;
  classify({&key, 1}, &verdict);
  return verdict;
}

}  // namespace kiriko
