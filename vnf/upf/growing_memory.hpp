// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// GrowingMemory: zeroed memory in one piece that grows without moving.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

#include "vnf/upf/page_buffer.hpp"

namespace kiriko::upf {

/// Addresses are reserved at once, memory is taken as it grows, in huge pages where the kernel has some.
class GrowingMemory {
 public:
  explicit GrowingMemory(std::size_t most) : reserved_(most + PageBuffer::huge_page) {
    void* memory = mmap(nullptr, reserved_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    memory_ = static_cast<std::byte*>(memory);
    const auto beyond = reinterpret_cast<std::size_t>(memory_) % PageBuffer::huge_page;
    begin_ = memory_ + (beyond == 0 ? 0 : PageBuffer::huge_page - beyond);
    most_ = most;
  }
  GrowingMemory(const GrowingMemory&) = delete;
  GrowingMemory& operator=(const GrowingMemory&) = delete;
  ~GrowingMemory() { munmap(memory_, reserved_); }

  std::byte* data() const noexcept { return begin_; }
  /// Makes the first `size` octets usable; throws std::bad_alloc beyond what was reserved or is to be had.
  void grow_to(std::size_t size) {
    if (size <= size_) return;
    const std::size_t whole =
        (size + PageBuffer::huge_page - 1) / PageBuffer::huge_page * PageBuffer::huge_page;
    if (whole > most_ || mprotect(begin_ + size_, whole - size_, PROT_READ | PROT_WRITE) != 0)
      throw std::bad_alloc();
    madvise(begin_ + size_, whole - size_, MADV_HUGEPAGE);
    size_ = whole;
  }

 private:
  std::size_t reserved_, most_{}, size_{};
  std::byte *memory_{}, *begin_{};
};

}  // namespace kiriko::upf
