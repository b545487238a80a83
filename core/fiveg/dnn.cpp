// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checking of data network names.
#include "core/fiveg/dnn.hpp"

namespace kiriko {

Result<Dnn> Dnn::parse(std::string_view text) {
  const auto bad = [&](const char* message) {
    return fail({.message = message,
                 .found = "'" + std::string(text.substr(0, longest)) + "'",
                 .allowed =
                     "labels of 1 to 63 letters, digits and hyphens with dots between them, at most 100 "
                     "characters, such as internet or edge.platoon"});
  };
  if (text.empty()) return bad("a DNN is empty");
  if (text.size() > longest) return bad("a DNN is too long");
  std::string kept;
  kept.reserve(text.size());
  std::size_t label_begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == '.') {
      const std::size_t length = i - label_begin;
      if (length == 0) return bad("a DNN has an empty label");
      if (length > longest_label) return bad("a DNN has a label longer than 63 characters");
      if (text[label_begin] == '-' || text[i - 1] == '-')
        return bad("a label of a DNN begins or ends with a hyphen");
      label_begin = i + 1;
      if (i < text.size()) kept += '.';
      continue;
    }
    const char c = text[i];
    if (c >= 'A' && c <= 'Z')
      kept += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')
      kept += c;
    else
      return bad("a DNN has a character that is not allowed");
  }
  return Dnn{std::move(kept)};
}

}  // namespace kiriko
