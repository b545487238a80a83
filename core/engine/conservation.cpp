// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The conservation check: every node's and link's ledger, and the pool's own count.
#include <algorithm>

#include "core/engine/emulation.hpp"

namespace kiriko {

Conservation Emulation::check_conservation() const {
  Conservation out;
  const auto unbalanced = [&](const std::string& where, std::int64_t expected, std::uint64_t held) {
    out.problems.push_back(
        {.message = "packets are not conserved: in + created - out - consumed - dropped is not what is held",
         .where = where,
         .found = std::to_string(expected) + " expected, " + std::to_string(held) + " held"});
  };
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Report report;
    nodes_[i]->function().report(report);
    const Ledger& ledger = nodes_[i]->exits().ledger();
    if (ledger.expected_held() != static_cast<std::int64_t>(report.held))
      unbalanced(graph_.nodes[i].view.name, ledger.expected_held(), report.held);
    out.total += ledger;
    out.held += report.held;
    if (graph_.nodes[i].view.kind == NodeKind::device) out.pool_counts = false;
  }
  for (const auto& link : links_) {
    Ledger ledger = link->ledger();
    ledger.out = link->received();
    const std::uint64_t held = link->held();
    if (ledger.expected_held() != static_cast<std::int64_t>(held))
      unbalanced(link->name(), ledger.expected_held(), held);
    out.total += ledger;
    out.held += held;
  }
  // Over the whole run, what one hands over the next takes in.
  out.total.in -= std::min(out.total.in, out.total.out);
  out.total.out = 0;
  out.pool_in_use = pool_->in_use();
  if (out.pool_counts && out.pool_in_use != out.held)
    unbalanced("packet pool", static_cast<std::int64_t>(out.pool_in_use), out.held);
  return out;
}

}  // namespace kiriko
