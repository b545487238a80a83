// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the comparison of a frame's headers in one go.
#include "core/net/frame_shape.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace kiriko;

namespace {

/// A frame of 300 octets: 0x45 at 14, the low six bits of 20 clear, 0x0102 at 30, lengths at 16 and 60.
std::vector<std::uint8_t> frame_of_shape() {
  std::vector<std::uint8_t> frame(300, 0xaa);
  frame[14] = 0x45;
  frame[20] = 0xc0;
  frame[30] = 1;
  frame[31] = 2;
  frame[16] = (300 - 14) >> 8;
  frame[17] = (300 - 14) & 0xff;
  frame[60] = (300 - 58) >> 8;
  frame[61] = (300 - 58) & 0xff;
  return frame;
}
FrameShape shape() {
  FrameShape shape(78);
  shape.octet(14, 0x45).octet(20, 0, 0x3f).number(30, 0x0102).length(16, 14).length(60, 58);
  return shape;
}

}  // namespace

TEST_CASE("when any bit is flipped, then a frame keeps its shape just where the shape does not look") {
  const auto original = frame_of_shape();
  REQUIRE(shape().matches(original.data(), original.size()));
  for (std::size_t at = 0; at < original.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto frame = original;
      frame[at] = static_cast<std::uint8_t>(frame[at] ^ (1U << bit));
      const bool looked_at = at == 14 || at == 16 || at == 17 || (at == 20 && bit < 6) || at == 30 ||
                             at == 31 || at == 60 || at == 61;
      INFO("octet " << at << " bit " << bit);
      REQUIRE(shape().matches(frame.data(), frame.size()) == !looked_at);
    }
}

TEST_CASE("when a frame is longer or shorter than its lengths say, then it has not the shape") {
  const auto frame = frame_of_shape();
  CHECK_FALSE(shape().matches(frame.data(), 299));
  CHECK_FALSE(shape().matches(frame.data(), 77));
  CHECK_FALSE(shape().matches(frame.data(), 0));
  auto padded = frame;
  padded.push_back(0);
  CHECK_FALSE(shape().matches(padded.data(), padded.size()));
  // The size is judged whole, not by its low 16 bits.
  padded.resize(300 + 0x10000);
  CHECK_FALSE(shape().matches(padded.data(), padded.size()));
}
