// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Search of the catalogue by name.
#include "core/function/descriptor.hpp"

namespace kiriko {

const Descriptor* find_function(Catalogue catalogue, std::string_view name) {
  for (const Descriptor* descriptor : catalogue)
    if (descriptor->name == name) return descriptor;
  return nullptr;
}

}  // namespace kiriko
