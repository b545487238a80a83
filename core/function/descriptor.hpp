// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Descriptor and catalogue: what a function is, how it is set up, and the list of all there are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/options.hpp"
#include "core/control/network_view.hpp"
#include "core/function/network_function.hpp"

namespace kiriko {

/// What a function is given when it is created.
struct FunctionSetup {
  NodeId node{};
  std::string name;
  OptionValues options;
  std::uint64_t seed{};
  std::optional<Ipv4Address> address{};
  MacAddress mac{};
  std::vector<PortView> ports{};       ///< by PortId
  std::vector<NodeView> neighbours{};  ///< by PortId: the node at the far end
  std::vector<SliceDescription> slices{};
};

struct PortDescription {
  std::string_view name;  ///< "n3", "radio", "any"
  std::string_view sentence;
};

struct MetricDescription {
  std::string_view name;
  std::string_view unit;
  std::string_view sentence;
};

struct Descriptor {
  std::string_view name;
  std::string_view purpose;
  OptionTable options;
  std::vector<PortDescription> ports;
  std::vector<DropReason> exits;
  std::vector<MetricDescription> metrics;
  bool wakes{false};
  std::string_view tells{};  ///< the boolean option with which it speaks to a controller: Exits::tell()
  Result<std::unique_ptr<NetworkFunction>> (*create)(const FunctionSetup&){nullptr};
};

using Catalogue = std::span<const Descriptor* const>;

/// The function of this name, or nullptr.
const Descriptor* find_function(Catalogue catalogue, std::string_view name);

}  // namespace kiriko
