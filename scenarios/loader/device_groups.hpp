// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Device groups: one entry for many devices, as the UE that stands for them and its traffic.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "scenarios/loader/problem_list.hpp"
#include "scenarios/loader/yaml_tree.hpp"

namespace kiriko {

/// Adds to the file's `ues` and `traffic` what its `device_groups` stand for, with the groups' positions; templates (`count`)
/// are expanded. Problems: what is wrong in a group; what its values are is judged where they go.
/// `unverified` gets the profiles' figures in use that were not checked against their source.
void expand_device_groups(YamlNode& root, std::size_t& template_budget, std::set<std::string>& unverified,
                          ProblemList& problems);

}  // namespace kiriko
