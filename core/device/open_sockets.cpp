// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Descriptors as /proc/self/fd lists them.
#include "core/device/open_sockets.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace kiriko {
namespace {

std::vector<int> descriptors() {
  std::vector<int> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number >= 0) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

int family_of(int descriptor) {
  int family = -1;
  socklen_t size = sizeof family;
  return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 ? family : -1;
}

}  // namespace

OpenSockets::OpenSockets() : before_(descriptors()) {
  std::erase_if(before_, [](int descriptor) { return family_of(descriptor) < 0; });
}

int OpenSockets::added(int family) const {
  int only = -1;
  for (const int descriptor : descriptors()) {
    if (family_of(descriptor) != family || std::binary_search(before_.begin(), before_.end(), descriptor))
      continue;
    if (only >= 0) return -1;
    only = descriptor;
  }
  return only;
}

}  // namespace kiriko
