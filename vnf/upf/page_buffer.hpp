// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PageBuffer: zeroed memory that asks for transparent huge pages, so that large tables spare the TLB.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace kiriko::upf {

class PageBuffer {
 public:
  static constexpr std::size_t huge_page = std::size_t{2} << 20;

  PageBuffer() = default;
  explicit PageBuffer(std::size_t size) {
    const std::size_t unit = size >= huge_page ? huge_page : 64;
    const std::size_t rounded = (std::max(size, unit) + unit - 1) / unit * unit;
    memory_.reset(static_cast<std::byte*>(std::aligned_alloc(unit, rounded)));
    if (memory_ == nullptr) throw std::bad_alloc();
    if (unit == huge_page) madvise(memory_.get(), rounded, MADV_HUGEPAGE);
    std::memset(memory_.get(), 0, rounded);
  }
  std::byte* data() const noexcept { return memory_.get(); }

 private:
  struct Free {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };
  std::unique_ptr<std::byte, Free> memory_;
};

}  // namespace kiriko::upf
