// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NamedFilters: SDF filters that the UPF was given beforehand and that an SMF only names.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/control/packet_detection.hpp"

namespace kiriko::upf {

/// One filter of a flow description (TS 29.244 clause 8.2.5); nothing where it cannot be used as one.
std::optional<SdfFilter> sdf_filter_of(const std::string& flow_description);

class NamedFilters {
 public:
  /// Each "name=flow description"; a name may come several times, any of its filters then matches. `option` is where
  /// the texts come from.
  static Result<NamedFilters> create(const std::string& option, const std::vector<std::string>& texts);

  /// nullptr: nobody has heard of it.
  const std::vector<SdfFilter>* find(const std::string& name) const {
    const auto found = filters_.find(name);
    return found == filters_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, std::vector<SdfFilter>> filters_{};
};

/// What rules may name: applications (clause 8.2.6) and predefined rules (clauses 5.19, 8.2.72).
struct NamedRules {
  NamedFilters applications{};
  NamedFilters predefined{};
};

}  // namespace kiriko::upf
