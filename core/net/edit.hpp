// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// edit<Header>(): the writable counterpart of Header::view(), with the same checks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kiriko {

/// nullptr when Header::view() would refuse the bytes.
template <class Header>
Header* edit(std::uint8_t* data, std::size_t available) noexcept {
  return const_cast<Header*>(Header::view(data, available));
}

}  // namespace kiriko
