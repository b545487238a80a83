// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The answer to a change that a function does not take.
#include "core/function/network_function.hpp"

namespace kiriko {

tl::unexpected<Problem> unsupported_change(std::string_view function, const Change& change) {
  return fail({.message = "a " + std::string(function) + " takes no " + std::string(name_of(change))});
}

}  // namespace kiriko
