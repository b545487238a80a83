// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The number of heap allocations by operator new so far, for tests that prove that there are none.
#pragma once

#include <cstdint>

namespace kiriko::test {

/// Of this thread.
std::uint64_t allocation_count();

}  // namespace kiriko::test
