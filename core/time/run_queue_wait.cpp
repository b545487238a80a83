// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The second number of schedstat: nanoseconds on a run queue (Documentation/scheduler/sched-stats.rst).
#include "core/time/run_queue_wait.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace kiriko {

RunQueueWait::RunQueueWait() noexcept : file_(open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

RunQueueWait::~RunQueueWait() {
  if (file_ >= 0) close(file_);
}

Duration RunQueueWait::total() const noexcept {
  char text[96];
  const auto size = file_ < 0 ? -1 : pread(file_, text, sizeof text, 0);
  if (size <= 0) return {};
  const char* end = text + size;
  const char* second = std::find(static_cast<const char*>(text), end, ' ');
  Duration waited{};
  if (second != end) std::from_chars(second + 1, end, waited.ns);
  return waited;
}

}  // namespace kiriko
