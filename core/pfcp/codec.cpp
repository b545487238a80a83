// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The codec derived from what grouped IEs and messages declare of their members.
#include "core/pfcp/codec.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <tuple>
#include <utility>

namespace kiriko::pfcp {
namespace {

using MaybeFault = std::optional<Fault>;

MaybeFault decode_group(const struct GroupCodec& codec, void* group, OctetView octets);
void encode_group(const struct GroupCodec& codec, const void* group, OctetWriter& writer);

/// What is done with one member of some group, without its type.
struct MemberCodec {
  IeType type;
  Presence presence;
  bool repeated;
  /// Takes a value into the member; a repeated one gets one more.
  MaybeFault (*decode)(void* group, OctetView value);
  /// Writes the member's IEs, none when it is absent.
  void (*encode)(const void* group, OctetWriter& writer);
};

/// A group without its type.
struct GroupCodec {
  const MemberCodec* members;
  std::size_t count;
  std::vector<RawIe>& (*others)(void* group);
  const std::vector<RawIe>& (*const_others)(const void* group);
  std::vector<IeType>* (*removed)(void* group);  ///< nullptr: not an updating group
  const std::vector<IeType>* (*const_removed)(const void* group);
};

constexpr std::size_t most_members = 40;

template <class G>
const GroupCodec& codec_of();

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class V>
MaybeFault decode_value(IeType type, V& value, OctetView octets) {
  if constexpr (Grouped<V>) {
    return decode_group(codec_of<V>(), &value, octets);
  } else {
    OctetReader reader(octets);
    reader(value);
    if (!reader.ok()) return Fault{Cause::mandatory_ie_incorrect, type};
    return std::nullopt;
  }
}

template <class V>
void encode_ie(IeType type, const V& value, OctetWriter& writer) {
  writer.number(static_cast<std::uint16_t>(type));
  const std::size_t begin = writer.begin_length();
  if constexpr (Grouped<V>)
    encode_group(codec_of<V>(), &value, writer);
  else
    writer(value);
  writer.end_length(begin);
}

template <class G>
constexpr auto members_of = G::members([](const auto&... member) { return std::tuple(member...); });

template <class G, std::size_t at>
MaybeFault decode_member(void* group, OctetView octets) {
  constexpr auto member = std::get<at>(members_of<G>);
  auto& value = static_cast<G*>(group)->*member.value;
  using V = std::remove_reference_t<decltype(value)>;
  MaybeFault fault;
  if constexpr (is_vector<V>) {
    fault = decode_value(member.type, value.emplace_back(), octets);
    if (fault) value.pop_back();
  } else if constexpr (is_optional<V>) {
    fault = decode_value(member.type, value.emplace(), octets);
    if (fault) value.reset();
  } else {
    fault = decode_value(member.type, value, octets);
  }
  return fault;
}

template <class G, std::size_t at>
void encode_member(const void* group, OctetWriter& writer) {
  constexpr auto member = std::get<at>(members_of<G>);
  const auto& value = static_cast<const G*>(group)->*member.value;
  using V = std::remove_cvref_t<decltype(value)>;
  if constexpr (is_vector<V>) {
    for (const auto& each : value) encode_ie(member.type, each, writer);
  } else if constexpr (is_optional<V>) {
    if (value) encode_ie(member.type, *value, writer);
  } else {
    encode_ie(member.type, value, writer);
  }
}

template <class G, class V>
constexpr bool repeats(const Member<G, V>&) {
  return is_vector<V>;
}

template <class G, std::size_t... at>
constexpr std::array<MemberCodec, sizeof...(at)> member_codecs(std::index_sequence<at...>) {
  return {MemberCodec{std::get<at>(members_of<G>).type, std::get<at>(members_of<G>).presence,
                      repeats(std::get<at>(members_of<G>)), decode_member<G, at>, encode_member<G, at>}...};
}

template <class G>
const GroupCodec& codec_of() {
  constexpr std::size_t count = std::tuple_size_v<decltype(members_of<G>)>;
  static_assert(count <= most_members);
  static constexpr std::array<MemberCodec, count> members =
      member_codecs<G>(std::make_index_sequence<count>{});
  static constexpr GroupCodec codec{
      members.data(),
      count,
      [](void* group) -> std::vector<RawIe>& { return static_cast<G*>(group)->others; },
      [](const void* group) -> const std::vector<RawIe>& { return static_cast<const G*>(group)->others; },
      [](void* group) -> std::vector<IeType>* {
        if constexpr (Updating<G>) return &static_cast<G*>(group)->removed;
        return nullptr;
      },
      [](const void* group) -> const std::vector<IeType>* {
        if constexpr (Updating<G>) return &static_cast<const G*>(group)->removed;
        return nullptr;
      }};
  return codec;
}

/// The IE's place among the members; `count` when it is none of them.
std::size_t place_of(const GroupCodec& codec, std::uint16_t type) {
  std::size_t place = 0;
  while (place < codec.count && static_cast<std::uint16_t>(codec.members[place].type) != type) ++place;
  return place;
}

MaybeFault decode_group(const GroupCodec& codec, void* group, OctetView octets) {
  constexpr std::size_t ie_header_size = 4;
  std::bitset<most_members> seen;
  std::vector<IeType>* const removed = codec.removed(group);
  const auto keep = [&](std::uint16_t type, OctetView value) {
    codec.others(group).push_back({type, Octets(value.begin(), value.end())});
  };
  while (!octets.empty()) {
    const auto type =
        static_cast<std::uint16_t>(octets.size() < 2 ? 0 : (unsigned{octets[0]} << 8) | octets[1]);
    if (octets.size() < ie_header_size) return Fault{Cause::invalid_length, IeType{type}};
    const std::size_t length = (std::size_t{octets[2]} << 8) | octets[3];
    if (length > octets.size() - ie_header_size) return Fault{Cause::invalid_length, IeType{type}};
    const OctetView value = octets.subspan(ie_header_size, length);
    octets = octets.subspan(ie_header_size + length);

    const std::size_t place = place_of(codec, type);
    if (place == codec.count) {
      keep(type, value);
      continue;
    }
    const MemberCodec& member = codec.members[place];
    if (removed != nullptr && length == 0 && member.presence != Presence::mandatory) {
      if (std::find(removed->begin(), removed->end(), member.type) == removed->end())
        removed->push_back(member.type);
      continue;
    }
    if (seen[place] && !member.repeated) {  // the first one counts
      keep(type, value);
      continue;
    }
    if (const MaybeFault fault = member.decode(group, value)) {
      if (member.presence != Presence::optional) return fault;
      keep(type, value);
      continue;
    }
    seen.set(place);
  }
  for (std::size_t place = 0; place < codec.count; ++place)
    if (codec.members[place].presence == Presence::mandatory && !seen[place])
      return Fault{Cause::mandatory_ie_missing, codec.members[place].type};
  return std::nullopt;
}

void encode_group(const GroupCodec& codec, const void* group, OctetWriter& writer) {
  for (std::size_t place = 0; place < codec.count; ++place) codec.members[place].encode(group, writer);
  if (const auto* removed = codec.const_removed(group)) {
    for (const IeType type : *removed) {
      writer.number(static_cast<std::uint16_t>(type));
      writer.number(std::uint16_t{0});
    }
  }
  for (const RawIe& ie : codec.const_others(group)) {
    writer.number(ie.type);
    const std::size_t begin = writer.begin_length();
    writer.rest(ie.value);
    writer.end_length(begin);
  }
}

/// Makes the alternative of `message` that has the type and decodes into it.
template <std::size_t at = 0>
MaybeFault decode_alternative(MessageType type, OctetView body, Message& message) {
  if constexpr (at == std::variant_size_v<Message>) {
    return Fault{Cause::request_rejected, IeType{}};
  } else {
    using M = std::variant_alternative_t<at, Message>;
    if (type != M::message_type) return decode_alternative<at + 1>(type, body, message);
    return decode_group(codec_of<M>(), &message.emplace<at>(), body);
  }
}

struct OnlyFSeid {
  std::optional<FSeid> f_seid{};
  std::vector<RawIe> others{};
  static constexpr auto members(auto list) { return list(optional(IeType::f_seid, &OnlyFSeid::f_seid)); }
};

constexpr std::uint8_t version = 1;
constexpr std::size_t fixed_part = 4;  ///< octets that the length field does not count
constexpr std::uint8_t flag_s = 0x01;
constexpr std::uint8_t flag_mp = 0x02;
constexpr std::uint8_t flag_fo = 0x04;

}  // namespace

SequenceNumber sequence_number_of(OctetView octets) {
  if (octets.empty()) return {};
  const std::size_t at = (octets[0] & flag_s) != 0 ? 12 : 4;
  if (octets.size() < at + 3) return {};
  return SequenceNumber{(std::uint32_t{octets[at]} << 16) | (std::uint32_t{octets[at + 1]} << 8) |
                        octets[at + 2]};
}

tl::expected<UndecodedMessage, HeaderFault> decode_header(OctetView octets) {
  if (octets.size() < fixed_part) return tl::unexpected(HeaderFault::too_short);
  const std::uint8_t flags = octets[0];
  if ((flags >> 5) != version) return tl::unexpected(HeaderFault::version_unsupported);
  UndecodedMessage message;
  message.header.type = MessageType{octets[1]};
  message.header.follow_on = (flags & flag_fo) != 0;
  message.size = fixed_part + ((std::size_t{octets[2]} << 8) | octets[3]);
  const std::size_t header_size = (flags & flag_s) != 0 ? 16 : 8;
  if (message.size > octets.size() || message.size < header_size)
    return tl::unexpected(HeaderFault::too_short);
  OctetReader reader(octets.subspan(fixed_part));
  if ((flags & flag_s) != 0) reader(message.header.seid.emplace());
  reader.number_of<3>(message.header.sequence.value);
  std::uint8_t last = 0;
  reader(last);
  if ((flags & flag_mp) != 0) message.header.priority = static_cast<std::uint8_t>(last >> 4);
  message.body = octets.subspan(header_size, message.size - header_size);
  return message;
}

tl::expected<Message, Fault> decode_body(MessageType type, OctetView body) {
  tl::expected<Message, Fault> message{tl::in_place};
  if (const MaybeFault fault = decode_alternative(type, body, *message)) return tl::unexpected(*fault);
  return message;
}

std::optional<FSeid> f_seid_of(OctetView body) {
  OnlyFSeid found;
  (void)decode_group(codec_of<OnlyFSeid>(), &found, body);  // what lies before a fault counts
  return found.f_seid;
}

Result<void> encode(const Header& header, const Message& message, Octets& octets) {
  const std::size_t before = octets.size();
  OctetWriter writer(octets);
  writer.number(static_cast<std::uint8_t>((version << 5) | (header.follow_on ? flag_fo : 0) |
                                          (header.priority ? flag_mp : 0) | (header.seid ? flag_s : 0)));
  writer.number(static_cast<std::uint8_t>(type_of(message)));
  const std::size_t begin = writer.begin_length();
  if (header.seid) writer(*header.seid);
  writer.number_of<3>(header.sequence.value);
  writer.number(static_cast<std::uint8_t>(header.priority.value_or(0) << 4));
  std::visit([&](const auto& m) { encode_group(codec_of<std::remove_cvref_t<decltype(m)>>(), &m, writer); },
             message);
  writer.end_length(begin);
  if (writer.ok()) return {};
  octets.resize(before);
  return fail({.message = "a PFCP message or a part of it is longer than its length field can say",
               .allowed = "65535 octets, 255 or 65535 for a text in an IE"});
}

Result<Octets> encode(const Header& header, const Message& message) {
  Octets octets;
  if (const auto done = encode(header, message, octets); !done) return fail(done.error());
  return octets;
}

}  // namespace kiriko::pfcp
