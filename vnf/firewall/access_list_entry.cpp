// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The text of an access list's entry.
#include <charconv>

#include "core/base/options.hpp"
#include "vnf/firewall/access_list.hpp"

namespace kiriko {
namespace {

constexpr const char* entry_form = "allow|deny PROTOCOL from ADDRESS [port P[-Q]] to ADDRESS [port P[-Q]]";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t";
  for (std::size_t at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(blanks, end);
  }
  return words;
}

/// Reads the words one after the other; each step is a Result.
class Words {
 public:
  explicit Words(std::string_view text) : words_(words_of(text)) {}

  bool at_end() const { return next_ == words_.size(); }
  bool next_is(std::string_view word) const { return !at_end() && words_[next_] == word; }
  std::string_view take() { return at_end() ? std::string_view{} : words_[next_++]; }

  static tl::unexpected<Problem> wrong(std::string message, std::string_view found, std::string allowed,
                                       const std::vector<std::string>& candidates = {}) {
    const std::string near = did_you_mean(found, candidates);
    return fail({.message = std::move(message),
                 .found = found.empty() ? "the end" : "'" + std::string(found) + "'",
                 .allowed = std::move(allowed),
                 .hint = near.empty() ? std::string("an entry is '") + entry_form + "'"
                                      : "did you mean '" + near + "'?"});
  }
  Result<void> expect(const std::string& word) {
    const std::string_view found = take();
    if (found != word) return wrong("'" + word + "' is expected", found, "'" + word + "'", {word});
    return {};
  }

 private:
  std::vector<std::string_view> words_;
  std::size_t next_{0};
};

std::optional<std::uint32_t> number_of(std::string_view text, std::uint32_t maximum) {
  std::uint32_t value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > maximum) return std::nullopt;
  return value;
}

Result<std::optional<std::uint8_t>> parse_protocol(Words& words) {
  const std::string_view word = words.take();
  if (word == "any") return std::nullopt;
  if (word == "tcp") return ip_protocol::tcp;
  if (word == "udp") return ip_protocol::udp;
  if (word == "sctp") return ip_protocol::sctp;
  if (word == "icmp") return ip_protocol::icmp;
  if (const auto number = number_of(word, 255)) return static_cast<std::uint8_t>(*number);
  return Words::wrong("the protocol is not known", word,
                      "any, tcp, udp, sctp, icmp or a number from 0 to 255",
                      {"any", "tcp", "udp", "sctp", "icmp"});
}

Result<Ipv4Prefix> parse_address(Words& words) {
  const std::string_view word = words.take();
  if (word == "any") return Ipv4Prefix{};
  const auto prefix = Ipv4Prefix::parse(word);
  if (!prefix)
    return Words::wrong("the address is not one", word, "any, or an IPv4 prefix such as 10.0.0.0/8");
  if (!prefix->is_network())
    return fail({.message = "the prefix has bits beyond its length",
                 .found = "'" + std::string(word) + "'",
                 .allowed = to_string(prefix->network()),
                 .hint = "did you mean '" + to_string(prefix->network()) + "'?"});
  return *prefix;
}

Result<PortRange> parse_ports(Words& words, const std::optional<std::uint8_t>& protocol) {
  if (!words.next_is("port")) return PortRange{};
  if (!protocol || !ip_protocol::has_ports(*protocol))
    return Words::wrong("a port needs a protocol with ports", words.take(),
                        "port with tcp, udp or sctp only");
  words.take();
  const std::string_view word = words.take();
  const std::size_t dash = word.find('-');
  const auto low = number_of(word.substr(0, dash), 0xffff);
  const auto high = dash == std::string_view::npos ? low : number_of(word.substr(dash + 1), 0xffff);
  if (!low || !high || *low > *high)
    return Words::wrong("the port is not one", word,
                        "a number from 0 to 65535, or two with '-' between, ascending");
  return PortRange{static_cast<std::uint16_t>(*low), static_cast<std::uint16_t>(*high)};
}

}  // namespace

Result<AccessListEntry> parse_access_list_entry(std::string_view text) {
  Words words(text);
  AccessListEntry entry;
  const std::string_view action = words.take();
  if (action != "allow" && action != "deny")
    return Words::wrong("an entry begins with what it does", action, "allow or deny", {"allow", "deny"});
  entry.allow = action == "allow";
  const auto protocol = parse_protocol(words);
  if (!protocol) return fail(protocol.error());
  entry.protocol = *protocol;

  const auto parse_end = [&](const char* keyword, Ipv4Prefix& address, PortRange& ports) -> Result<void> {
    if (auto found = words.expect(keyword); !found) return found;
    const auto prefix = parse_address(words);
    if (!prefix) return fail(prefix.error());
    const auto range = parse_ports(words, entry.protocol);
    if (!range) return fail(range.error());
    address = *prefix;
    ports = *range;
    return {};
  };
  if (auto end = parse_end("from", entry.source, entry.source_ports); !end) return fail(end.error());
  if (auto end = parse_end("to", entry.destination, entry.destination_ports); !end) return fail(end.error());
  if (!words.at_end()) return Words::wrong("the entry goes on beyond its end", words.take(), "nothing");
  return entry;
}

}  // namespace kiriko
