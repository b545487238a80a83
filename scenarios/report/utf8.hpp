// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Text from scenario files made fit for reports: valid UTF-8, escaped for XML.
#pragma once

#include <string>
#include <string_view>

namespace kiriko {

/// Ill-formed sequences (Unicode 15, table 3-7) become U+FFFD.
std::string valid_utf8(std::string_view text);

/// For element content and quoted attributes of XML 1.0 and HTML; characters that XML forbids become U+FFFD.
std::string xml_escaped(std::string_view text);

/// Characters, not octets: what a terminal's column count is near.
std::size_t character_count(std::string_view utf8);
/// Cut to `columns` characters, the last then an ellipsis.
std::string cut_to(std::string_view utf8, std::size_t columns);

}  // namespace kiriko
