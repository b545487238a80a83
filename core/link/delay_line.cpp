// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Growth of a delay line, and its change from ring to ordered queue.
#include "core/link/delay_line.hpp"

namespace kiriko {

void DelayLine::grow() {
  const std::uint32_t count = tail_ - head_;
  auto larger = std::make_unique<TimedPacket[]>(std::size_t{count} * 2);
  for (std::uint32_t i = 0; i < count; ++i) larger[i] = ring_[(head_ + i) & mask_];
  ring_ = std::move(larger);
  mask_ = count * 2 - 1;
  head_ = 0;
  tail_ = count;
}

Packet* DelayLine::pop_ordered() noexcept {
  Packet* packet = queue_->pop();
  if (queue_->empty()) ordered_ = false;
  return packet;
}

bool DelayLine::push_out_of_order(TimedPacket entry) {
  const bool first = empty() || entry.at < first_time();
  if (!ordered_) {
    if (queue_ == nullptr) queue_ = std::make_unique<TimeQueue<Packet*>>();
    while (first_.packet != nullptr) {
      const ModelTime at = first_.at;
      queue_->push(at, pop_first());
    }
    ordered_ = true;
  }
  queue_->push(entry.at, entry.packet);
  return first;
}

}  // namespace kiriko
