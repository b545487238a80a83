// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Messages with random members of every kind, made from what groups declare, so that none can be left out.
#pragma once

#include <cstdint>
#include <random>
#include <tuple>
#include <utility>

#include "core/pfcp/codec.hpp"

namespace kiriko::pfcp {

/// Makes values by reading random octets until they mean one.
class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  Message message(std::size_t alternative) {
    Message made;
    emplace<0>(made, alternative);
    return made;
  }
  std::uint64_t number(std::uint64_t below) { return random_() % below; }
  Octets octets(std::size_t size) {
    Octets made(size);
    for (auto& octet : made) octet = static_cast<std::uint8_t>(random_());
    return made;
  }

 private:
  template <std::size_t at>
  void emplace(Message& message, std::size_t wanted) {
    if constexpr (at < std::variant_size_v<Message>) {
      if (at == wanted)
        fill(message.emplace<at>());
      else
        emplace<at + 1>(message, wanted);
    }
  }

  template <class T>
  void fill(T& value) {
    if constexpr (Grouped<T>) {
      T::members([&](const auto&... member) { (fill_member(value, member), ...); });
      if (number(4) == 0)
        value.others.push_back({static_cast<std::uint16_t>(40000 + number(9)), octets(number(9))});
    } else {
      while (true) {
        const Octets tried = octets(1 + number(64));
        OctetReader reader(tried);
        reader(value);
        if (reader.ok()) return;
        value = T{};
      }
    }
  }

  template <class G, class V>
  void fill_member(G& group, const Member<G, V>& member) {
    V& value = group.*member.value;
    if constexpr (requires { value.emplace_back(); }) {
      const std::uint64_t count = member.presence == Presence::mandatory ? 1 + number(2) : number(3);
      for (std::uint64_t i = 0; i < count; ++i) fill(value.emplace_back());
      if (count == 0) remove(group, member);
    } else if constexpr (is_optional<V>) {
      if (number(2) == 0)
        fill(value.emplace());
      else
        remove(group, member);
    } else {
      fill(value);
    }
  }

  template <class G, class V>
  void remove(G& group, const Member<G, V>& member) {
    if constexpr (Updating<G>)
      if (number(3) == 0) group.removed.push_back(member.type);
  }

  std::mt19937_64 random_;
};

}  // namespace kiriko::pfcp
