// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The CPUs that this process may use.
#pragma once

#include <cstdint>
#include <string>

namespace kiriko {

/// "0,1", as EAL writes them; "0" where the kernel does not say.
std::string usable_cpus();
std::uint32_t usable_cpu_count();

}  // namespace kiriko
