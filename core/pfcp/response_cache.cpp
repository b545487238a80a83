// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The cache's bookkeeping.
#include "core/pfcp/response_cache.hpp"

namespace kiriko::pfcp {

ResponseCache::Entry* ResponseCache::find(const RequestHandle& request) {
  const auto found = entries_.find(key_of(request));
  return found == entries_.end() ? nullptr : &found->second;
}

void ResponseCache::begin(const RequestHandle& request, std::optional<NtpTime> recovery_time_stamp,
                          ModelTime now) {
  const Key key = key_of(request);
  const std::uint64_t number = next_number_++;
  Entry& entry = entries_[key];
  if (entry.answer) octets_ -= entry.answer->size();
  entry = {number, std::nullopt, recovery_time_stamp};
  oldest_first_.push_back({now, number, key});
  hold_to_limits();
}

void ResponseCache::answer(const RequestHandle& request, const Octets& answer) {
  Entry* const entry = find(request);
  if (entry == nullptr) return;
  if (entry->answer) octets_ -= entry->answer->size();
  entry->answer = answer;
  octets_ += answer.size();
  hold_to_limits();
}

void ResponseCache::age(ModelTime now) {
  while (!oldest_first_.empty() && now - oldest_first_.front().begun >= limits_.age) drop_oldest();
}

void ResponseCache::hold_to_limits() {
  while (!oldest_first_.empty() && (entries_.size() > limits_.entries || octets_ > limits_.octets))
    drop_oldest();
}

void ResponseCache::drop_oldest() {
  const Age& oldest = oldest_first_.front();
  const auto found = entries_.find(oldest.key);
  if (found != entries_.end() && found->second.number == oldest.number) {
    if (found->second.answer) octets_ -= found->second.answer->size();
    entries_.erase(found);
  }
  oldest_first_.pop_front();
}

}  // namespace kiriko::pfcp
