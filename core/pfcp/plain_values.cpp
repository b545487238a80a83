// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Names in both spellings.
#include "core/pfcp/plain_values.hpp"

#include <algorithm>

namespace kiriko::pfcp {
namespace {

constexpr std::size_t longest_label = 63;

/// Whether the octets are labels, each after its length, up to the end (or to a root label of length 0).
bool is_labelled(const std::string& sent) {
  std::size_t at = 0;
  while (at < sent.size()) {
    const auto length = static_cast<unsigned char>(sent[at]);
    if (length == 0) return at + 1 == sent.size() && at > 0;
    if (length > longest_label || length >= sent.size() - at) return false;
    at += 1 + std::size_t{length};
  }
  return at > 0;
}

}  // namespace

std::string canonical_name(const std::string& sent) {
  std::string name;
  if (is_labelled(sent)) {
    for (std::size_t at = 0; at < sent.size() && sent[at] != 0;) {
      const auto length = static_cast<unsigned char>(sent[at]);
      if (!name.empty()) name += '.';
      name.append(sent, at + 1, length);
      at += 1 + std::size_t{length};
    }
  } else {
    name = sent;
  }
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

std::string labels_of(const std::string& name) {
  std::string sent;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    const std::size_t length = std::min(dot - at, longest_label);
    if (length > 0) {
      sent += static_cast<char>(length);
      sent.append(name, at, length);
    }
    at = dot + 1;
  }
  return sent;
}

}  // namespace kiriko::pfcp
