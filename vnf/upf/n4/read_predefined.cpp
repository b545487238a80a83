// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDRs with predefined rules, and what a PDI becomes when an Update PDR does not bring all of it (TS 29.244 clause 5.19).
#include <algorithm>

#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {

namespace {

using pfcp::Cause;
using pfcp::IeType;

}  // namespace

// Clause 5.19: the filters of predefined rules that are active for the PDR are alternatives to its own.
Reading<void> RuleReader::add_predefined(PdrId pdr, const std::vector<pfcp::PredefinedRulesName>& activate,
                                         const std::vector<pfcp::PredefinedRulesName>& deactivate,
                                         PacketDetectionInformation& pdi, bool pdi_is_new) {
  auto& uses = session_.predefined_uses;
  PredefinedUse use{.pdr = pdr, .own_filters = pdi.sdf_filters.size(), .names = {}};
  if (const auto known =
          std::find_if(uses.begin(), uses.end(), [pdr](const auto& u) { return u.pdr == pdr; });
      known != uses.end()) {
    use.names = std::move(known->names);
    if (!pdi_is_new) use.own_filters = known->own_filters;
    uses.erase(known);
  }
  for (const pfcp::PredefinedRulesName& name : deactivate) {
    if (sources_.named.predefined.find(name.text) == nullptr)
      return refuse_ie(Cause::unknown_predefined_rule, IeType::deactivate_predefined_rules);
    std::erase(use.names, name.text);
  }
  for (const pfcp::PredefinedRulesName& name : activate) {
    if (sources_.named.predefined.find(name.text) == nullptr)
      return refuse_ie(Cause::unknown_predefined_rule, IeType::activate_predefined_rules);
    std::erase(use.names, name.text);
    use.names.push_back(name.text);
  }
  // Never more of them: an empty filter matches everything.
  use.own_filters = std::min(use.own_filters, pdi.sdf_filters.size());
  pdi.sdf_filters.resize(use.own_filters);
  for (const std::string& name : use.names) {
    const auto& filters = *sources_.named.predefined.find(name);
    pdi.sdf_filters.insert(pdi.sdf_filters.end(), filters.begin(), filters.end());
  }
  if (!use.names.empty()) uses.push_back(std::move(use));
  return {};
}

const PacketDetectionRule* RuleReader::present(PdrId pdr) {
  if (!present_) present_ = sources_.user_plane.rules(session_.up_seid);
  if (!present_) return nullptr;
  const auto found = std::find_if(present_->pdrs.begin(), present_->pdrs.end(),
                                  [pdr](const PacketDetectionRule& rule) { return rule.id == pdr; });
  return found == present_->pdrs.end() ? nullptr : &*found;
}

Reading<std::optional<PacketDetectionInformation>> RuleReader::updated_pdi(const pfcp::UpdatePdr& update) {
  std::optional<PacketDetectionInformation> out;
  if (update.pdi) {
    auto read = pdi(update.pdr_id, *update.pdi);
    if (!read) return tl::unexpected(read.error());
    out = std::move(*read);
  }
  const auto& uses = session_.predefined_uses;
  const bool has_predefined = std::any_of(uses.begin(), uses.end(),
                                          [&](const PredefinedUse& use) { return use.pdr == update.pdr_id; });
  const bool names_predefined =
      !update.activate_predefined_rules.empty() || !update.deactivate_predefined_rules.empty();
  if (!names_predefined && !(has_predefined && out)) return out;
  if (!out) {
    const PacketDetectionRule* rule = present(update.pdr_id);
    if (rule == nullptr) return out;  // the user plane refuses the update
    out = rule->pdi;
  }
  const auto added = add_predefined(update.pdr_id, update.activate_predefined_rules,
                                    update.deactivate_predefined_rules, *out, update.pdi.has_value());
  if (!added) return tl::unexpected(added.error());
  return out;
}

}  // namespace kiriko::upf
