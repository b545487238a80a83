// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RunQueueWait: how long the kernel kept a thread waiting for a CPU though it could run.
#pragma once

#include "core/base/units.hpp"

namespace kiriko {

/// Of the thread that makes it. Nothing is known where the kernel does not account (/proc/thread-self/schedstat).
class RunQueueWait {
 public:
  RunQueueWait() noexcept;
  ~RunQueueWait();
  RunQueueWait(const RunQueueWait&) = delete;
  RunQueueWait& operator=(const RunQueueWait&) = delete;

  /// Since the thread began; zero where nothing is known. A system call: about a microsecond.
  Duration total() const noexcept;

 private:
  int file_;
};

}  // namespace kiriko
