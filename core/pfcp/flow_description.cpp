// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of flow descriptions.
#include "core/pfcp/flow_description.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace kiriko::pfcp {
namespace {

constexpr std::pair<std::string_view, std::uint8_t> protocol_names[] = {
    {"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"gre", 47}, {"esp", 50}, {"ah", 51}, {"icmp6", 58}, {"sctp", 132}};

template <class Int>
bool read_number(std::string_view text, Int& number) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return !text.empty() && error == std::errc{} && end == last;
}

/// The words of a text, one after another; an empty one at the end.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}
  std::string_view next() {
    skip();
    const std::size_t end = std::min(rest_.find_first_of(blanks), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  std::string_view peek() {
    Words ahead = *this;
    return ahead.next();
  }

 private:
  static constexpr std::string_view blanks = " \t";
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size())); }

  std::string_view rest_;
};

bool read_protocol(std::string_view word, std::optional<std::uint8_t>& protocol) {
  protocol.reset();
  if (word == "ip") return true;
  for (const auto& [name, number] : protocol_names) {
    if (word != name) continue;
    protocol = number;
    return true;
  }
  return read_number(word, protocol.emplace());
}

bool read_address(std::string_view word, AddressMatch& match) {
  match.inverted = word.starts_with('!');
  if (match.inverted) word.remove_prefix(1);
  if (word == "any") {
    match.addresses = AnyAddress{};
  } else if (word == "assigned") {
    match.addresses = AssignedAddress{};
  } else if (const auto v4 = Ipv4Prefix::parse(word)) {
    match.addresses = *v4;
  } else if (const auto v6 = Ipv6Prefix::parse(word)) {
    match.addresses = *v6;
  } else {
    return false;
  }
  return true;
}

bool read_ports(std::string_view word, std::vector<PortRange>& ports) {
  while (true) {
    const std::size_t comma = std::min(word.find(','), word.size());
    const std::string_view range = word.substr(0, comma);
    const std::size_t dash = std::min(range.find('-'), range.size());
    PortRange& read = ports.emplace_back();
    if (!read_number(range.substr(0, dash), read.low)) return false;
    read.high = read.low;
    if (dash < range.size() && !read_number(range.substr(dash + 1), read.high)) return false;
    if (read.high < read.low || ports.size() > FlowDescription::most_port_ranges) return false;
    if (comma == word.size()) return true;
    word.remove_prefix(comma + 1);
  }
}

std::string text_of(const AddressMatch& match) {
  std::string text = match.inverted ? "!" : "";
  if (std::holds_alternative<AnyAddress>(match.addresses)) return text + "any";
  if (std::holds_alternative<AssignedAddress>(match.addresses)) return text + "assigned";
  if (const auto* v4 = std::get_if<Ipv4Prefix>(&match.addresses))
    return text + (v4->length == 32 ? to_string(v4->address) : to_string(*v4));
  const auto& v6 = std::get<Ipv6Prefix>(match.addresses);
  return text + (v6.length == 128 ? to_string(v6.address) : to_string(v6));
}

std::string text_of(const std::vector<PortRange>& ports) {
  std::string text;
  for (const PortRange& range : ports) {
    text += text.empty() ? ' ' : ',';
    text += std::to_string(range.low);
    if (range.high != range.low) text += '-' + std::to_string(range.high);
  }
  return text;
}

}  // namespace

Result<FlowDescription> FlowDescription::parse(std::string_view text) {
  const auto bad = [](const char* message, std::string_view found, const char* allowed) {
    constexpr std::size_t longest_quote = 80;
    return fail({.message = message,
                 .found = "'" + std::string(found.substr(0, longest_quote)) + "'",
                 .allowed = allowed});
  };
  Words words(text);
  FlowDescription flow;
  std::string_view word = words.next();
  if (word != "permit" && word != "deny") return bad("not an action", word, "permit or deny");
  flow.action = word == "permit" ? Action::permit : Action::deny;
  word = words.next();
  if (word != "out" && word != "in") return bad("not a direction", word, "out or in");
  flow.direction = word == "out" ? Direction::out : Direction::in;
  word = words.next();
  if (!read_protocol(word, flow.protocol))
    return bad("not a protocol", word, "ip, a number from 0 to 255, or a name such as udp");
  for (const bool is_source : {true, false}) {
    const std::string_view keyword = is_source ? "from" : "to";
    word = words.next();
    if (word != keyword) return bad("not the keyword before an address", word, is_source ? "from" : "to");
    word = words.next();
    if (!read_address(word, is_source ? flow.source : flow.destination))
      return bad("not an address", word, "any, assigned, an IPv4 or IPv6 address or prefix, '!' before it");
    if (words.peek().empty() || (is_source && words.peek() == "to")) continue;
    word = words.next();
    if (!read_ports(word, is_source ? flow.source_ports : flow.destination_ports))
      return bad("not a list of ports", word, "ports and ranges such as 80,1000-2000, at most 64 of them");
  }
  if (!words.peek().empty())
    return bad("more than a flow description may have", words.peek(), "nothing here");
  return flow;
}

std::string to_string(const FlowDescription& flow) {
  std::string text = flow.action == FlowDescription::Action::permit ? "permit " : "deny ";
  text += flow.direction == FlowDescription::Direction::out ? "out " : "in ";
  text += flow.protocol ? std::to_string(*flow.protocol) : "ip";
  text += " from " + text_of(flow.source) + text_of(flow.source_ports);
  text += " to " + text_of(flow.destination) + text_of(flow.destination_ports);
  return text;
}

}  // namespace kiriko::pfcp
