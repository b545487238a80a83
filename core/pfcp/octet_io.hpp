// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// OctetReader and OctetWriter: one description of a value's octets serves both ways, so they cannot disagree.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/ids.hpp"

namespace kiriko::pfcp {

using Octets = std::vector<std::uint8_t>;
using OctetView = std::span<const std::uint8_t>;

/// How T lies on the wire. By default T tells itself:
///     template <class Io, class Self> static void octets(Io& io, Self& self);
/// with io an OctetReader and self writable, or io an OctetWriter and self const. Types of other folders have a
/// specialization.
template <class T>
struct OctetsOf {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    T::octets(io, self);
  }
};

/// Specialize it for an enumeration that has the low half of an octet: `highest` is the last value with a meaning.
template <class Enum>
struct HalfOctet : std::false_type {};

/// A flag's place that has no meaning here; 0 when sent, whatever when received (clause 8.1.1).
struct Spare {};
/// A flag that must be 0 here; the value is incorrect otherwise.
struct Clear {};

/// The next `width` bits of an octet, counted from bit 1 upward.
template <unsigned width, class T>
struct Part {
  T& value;
};
template <unsigned width, class T>
Part<width, T> part(T& value) {
  return {value};
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_strong_id = false;
template <class Tag, class Int>
inline constexpr bool is_strong_id<StrongId<Tag, Int>> = true;

/// What reading and writing share: a value's octets in terms of integers, strings of octets and flags.
template <class Derived, bool reads>
class OctetIo {
 public:
  static constexpr bool reading = reads;

  /// Each value in turn; an optional one only when it is engaged (by flags(), present_if() or tail()).
  template <class... Values>
  void operator()(Values&... values) {
    (one(values), ...);
  }

  /// One octet of flags, bit 1 first: bool, optional (engaged = 1), Spare or Clear.
  template <class... Bits>
  void flags(Bits&&... bits) {
    static_assert(sizeof...(bits) <= 8);
    std::uint8_t octet = 0;
    [[maybe_unused]] unsigned place = 0;
    if constexpr (!reads) ((octet = static_cast<std::uint8_t>(octet | (is_set(bits) << place++))), ...);
    derived().number(octet);
    if constexpr (reads) (set(bits, (octet >> place++) & 1U), ...);
  }

  /// One octet cut into parts, bit 1 first; what is left above them is spare.
  template <unsigned... widths, class... Values>
  void packed(Part<widths, Values>... parts) {
    static_assert((widths + ...) <= 8);
    std::uint8_t octet = 0;
    unsigned place = 0;
    if constexpr (reads) {
      derived().number(octet);
      ((unpack<widths>(parts.value, octet >> place), place += widths), ...);
    } else {
      ((octet = static_cast<std::uint8_t>(octet | ((raw(parts.value) & ((1U << widths) - 1)) << place)),
        place += widths),
       ...);
      derived().number(octet);
    }
  }

  /// The value is there if the condition, known from octets before, holds; a writer without it sends zeros.
  template <class T>
  void present_if(bool condition, T& value) {
    if constexpr (reads) {
      if (condition)
        value.emplace();
      else
        value.reset();
      one(value);
    } else if (condition) {
      const typename T::value_type given = value ? *value : typename T::value_type{};
      one(given);
    }
  }

  /// Octets of a later release, or optional ones at the end: whether they are there.
  template <class T>
  bool tail(T& value) {
    if constexpr (reads) {
      if (derived().left() > 0)
        value.emplace();
      else
        value.reset();
    }
    return value.has_value();
  }
  /// Whether further octets follow; a writer always sends them.
  bool more() {
    if constexpr (reads) return derived().left() > 0;
    return true;
  }

  /// The lowest `octets` octets of a number.
  template <unsigned octets, class T>
  void number_of(T& value) {
    static_assert(octets <= 8);
    if constexpr (reads) {
      std::uint64_t wide = 0;
      for (unsigned i = 0; i < octets; ++i) {
        std::uint8_t octet = 0;
        derived().number(octet);
        wide = (wide << 8) | octet;
      }
      value = static_cast<T>(wide);
    } else {
      for (unsigned i = octets; i-- > 0;)
        derived().number(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
    }
  }

  /// A length of one or two octets, and that many octets; nothing for an optional that is not engaged.
  template <class T>
  void counted8(T& value) {
    counted<std::uint8_t>(value);
  }
  template <class T>
  void counted16(T& value) {
    counted<std::uint16_t>(value);
  }

  /// The value means nothing unless the condition holds.
  void require(bool condition) {
    if constexpr (reads)
      if (!condition) derived().refuse();
  }

 private:
  Derived& derived() { return static_cast<Derived&>(*this); }

  template <class T>
  void one(T& value) {
    using V = std::remove_const_t<T>;
    if constexpr (is_optional<V>) {
      if (value) one(*value);
    } else if constexpr (is_strong_id<V>) {
      derived().number(value.value);
    } else if constexpr (HalfOctet<V>::value) {
      packed(part<4>(value));
      require(value <= HalfOctet<V>::highest);
    } else if constexpr (std::is_enum_v<V>) {
      auto number = static_cast<std::underlying_type_t<V>>(value);
      derived().number(number);
      if constexpr (reads) value = static_cast<V>(number);
    } else if constexpr (std::is_integral_v<V>) {
      derived().number(value);
    } else {
      OctetsOf<V>::apply(derived(), value);
    }
  }

  template <class Count, class T>
  void counted(T& value) {
    if constexpr (is_optional<std::remove_const_t<T>>) {
      if (value) counted<Count>(*value);
    } else {
      Count count = 0;
      if constexpr (!reads) {
        if (value.size() > std::numeric_limits<Count>::max()) return derived().refuse();
        count = static_cast<Count>(value.size());
      }
      derived().number(count);
      derived().string(value, count);
    }
  }

  template <class T>
  static unsigned is_set(const T& bit) {
    if constexpr (is_optional<T>)
      return bit.has_value();
    else if constexpr (std::is_same_v<T, bool>)
      return bit;
    else
      return 0;
  }
  template <class T>
  void set(T& bit, bool to) {
    if constexpr (is_optional<T>) {
      if (to)
        bit.emplace();
      else
        bit.reset();
    } else if constexpr (std::is_same_v<T, bool>) {
      bit = to;
    } else if constexpr (std::is_same_v<T, Clear>) {
      require(!to);
    }
  }

  template <class T>
  static unsigned raw(const T& value) {
    if constexpr (is_strong_id<T>)
      return value.value;
    else
      return static_cast<unsigned>(value);
  }
  template <unsigned width, class T>
  static void unpack(T& value, unsigned bits) {
    const unsigned mine = bits & ((1U << width) - 1);
    if constexpr (is_strong_id<T>)
      value = T{static_cast<typename T::Value>(mine)};
    else
      value = static_cast<T>(mine);
  }
};

/// Takes a value out of its octets. Past the end it reads zeros and is no longer ok().
class OctetReader : public OctetIo<OctetReader, true> {
 public:
  explicit OctetReader(OctetView octets) : octets_(octets) {}

  bool ok() const noexcept { return ok_; }
  void refuse() noexcept { ok_ = false; }
  std::size_t left() const noexcept { return octets_.size() - at_; }

  /// The next octet, which stays to be read; 0 at the end.
  std::uint8_t peek() const noexcept { return left() == 0 ? std::uint8_t{0} : octets_[at_]; }

  template <class Int>
  void number(Int& value) {
    value = 0;
    if (!enough(sizeof value)) return;
    for (std::size_t i = 0; i < sizeof value; ++i)
      value = static_cast<Int>((static_cast<std::uint64_t>(value) << 8) | octets_[at_++]);
  }
  /// `count` octets into a string or a vector.
  template <class String>
  void string(String& value, std::size_t count) {
    value.clear();
    if (!enough(count)) return;
    value.assign(octets_.begin() + static_cast<std::ptrdiff_t>(at_),
                 octets_.begin() + static_cast<std::ptrdiff_t>(at_ + count));
    at_ += count;
  }
  template <class Array>
  void array(Array& value) {
    value = {};
    if (!enough(value.size())) return;
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(at_), value.size(), value.begin());
    at_ += value.size();
  }
  /// All octets that are left.
  template <class String>
  void rest(String& value) {
    string(value, left());
  }

 private:
  bool enough(std::size_t count) noexcept {
    if (count <= left()) return true;
    ok_ = false;
    at_ = octets_.size();
    return false;
  }

  OctetView octets_;
  std::size_t at_{0};
  bool ok_{true};
};

/// Appends a value's octets. Not ok() after a string that is longer than its length field can say.
class OctetWriter : public OctetIo<OctetWriter, false> {
 public:
  explicit OctetWriter(Octets& octets) : octets_(octets) {}

  bool ok() const noexcept { return ok_; }
  void refuse() noexcept { ok_ = false; }
  std::size_t size() const noexcept { return octets_.size(); }

  template <class Int>
  void number(Int value) {
    for (std::size_t i = sizeof value; i-- > 0;)
      octets_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  template <class String>
  void string(const String& value, std::size_t) {
    rest(value);
  }
  template <class Array>
  void array(const Array& value) {
    rest(value);
  }
  template <class String>
  void rest(const String& value) {
    octets_.insert(octets_.end(), value.begin(), value.end());
  }

  /// Takes zeros off the end, down to the size `least`.
  void trim(std::size_t least) {
    while (octets_.size() > least && octets_.back() == 0) octets_.pop_back();
  }

  /// A length of two octets that begin_length() leaves open and end_length() fills in.
  std::size_t begin_length() {
    number(std::uint16_t{0});
    return octets_.size();
  }
  void end_length(std::size_t begin) {
    const std::size_t length = octets_.size() - begin;
    if (length > 0xffff) return refuse();
    octets_[begin - 2] = static_cast<std::uint8_t>(length >> 8);
    octets_[begin - 1] = static_cast<std::uint8_t>(length);
  }

 private:
  Octets& octets_;
  bool ok_{true};
};

}  // namespace kiriko::pfcp
