// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The rate limiter's data path: each packet takes its tokens at its own model time, or is dropped.
#include "vnf/rate_limiter/rate_limiter.hpp"

#include <algorithm>
#include <optional>

#include "core/net/ipv4.hpp"
#include "core/net/vlan.hpp"

namespace kiriko {
namespace {

std::optional<Ipv4Address> source_of(const Packet* packet) noexcept {
  const std::uint8_t* data = bytes_of(packet);
  const std::size_t size = size_of(packet);
  EthernetPayload payload;
  if (!parse_ethernet(data, size, payload) || payload.type != ether_type::ipv4) return std::nullopt;
  const Ipv4Header* ip = Ipv4Header::view(data + payload.offset, size - payload.offset);
  if (ip == nullptr) return std::nullopt;
  return ip->source();
}

std::uint32_t hash_of(std::uint64_t key) noexcept {
  return static_cast<std::uint32_t>((key * 0x9e3779b97f4a7c15ULL) >> 32);
}

}  // namespace

RateLimiter::RateLimiter(const Settings& settings)
    : settings_(settings),
      classes_(settings.per == Per::slice ? settings.slice_count + 1U : 1U,
               Class{settings.rate, {PolicingBucket(settings.rate), PolicingBucket(settings.rate)}}),
      sources_(settings.per == Per::source ? settings.sources : 0) {}

void RateLimiter::process(Burst& burst, Exits& exits) noexcept {
  for (Packet* packet : burst) {
    const std::uint32_t size = size_of(packet);
    const Verdict verdict = decide(packet);
    if (verdict == Verdict::pass) {
      ++passed_;
      passed_bytes_ += size;
      exits.emit(PortId{metadata_of(packet).ingress.value == 0 ? std::uint16_t{1} : std::uint16_t{0}},
                 packet);
      continue;
    }
    ++exceeded_;
    exceeded_bytes_ += size;
    exits.drop(packet,
               verdict == Verdict::exceeded ? DropReason::rate_exceeded : DropReason::state_table_full);
  }
}

RateLimiter::Verdict RateLimiter::decide(const Packet* packet) noexcept {
  const PacketMetadata& metadata = metadata_of(packet);
  const unsigned direction = metadata.ingress.value == 0 ? 0 : 1;
  if (direction == 1 && !settings_.both_directions) return Verdict::pass;
  if (settings_.per == Per::source) return decide_by_source(packet, direction);
  const std::size_t last = classes_.size() - 1;
  Class& c = classes_[std::min<std::size_t>(metadata.slice.value, last)];
  return c.buckets[direction].take(c.rate, Bytes{size_of(packet)}, metadata.time) ? Verdict::pass
                                                                                  : Verdict::exceeded;
}

RateLimiter::Verdict RateLimiter::decide_by_source(const Packet* packet, unsigned direction) noexcept {
  const ModelTime now = metadata_of(packet).time;
  const Bytes size{size_of(packet)};
  Class& common = classes_.front();
  const TokenRate& rate = common.rate;
  if (rate.rate.value == 0) return Verdict::pass;
  const auto source = source_of(packet);
  if (!source) return common.buckets[direction].take(rate, size, now) ? Verdict::pass : Verdict::exceeded;

  const std::uint64_t key = std::uint64_t{direction} << 32 | source->value;
  const std::uint32_t hash = hash_of(key);
  auto entry = sources_.find(key, hash);
  if (entry == Sources::none) {
    if (sources_.full()) {
      // A bucket that has filled up again says no more than a new one.
      PolicingBucket& oldest = sources_.value(sources_.oldest());
      oldest.fill(rate, now);
      if (!oldest.full(rate)) return Verdict::no_bucket;
      sources_.erase(sources_.oldest());
    }
    entry = sources_.insert(key, hash, PolicingBucket(rate, now));
  } else {
    sources_.touch(entry);
  }
  return sources_.value(entry).take(rate, size, now) ? Verdict::pass : Verdict::exceeded;
}

void RateLimiter::set_rate(const SetRateLimit& change, ModelTime now) noexcept {
  const auto alter = [&](Class& c) {
    const TokenRate next{change.rate, change.burst.count == 0 ? c.rate.burst : change.burst};
    for (PolicingBucket& bucket : c.buckets) bucket.change(c.rate, next, now);
    for (auto i = sources_.oldest(); i != Sources::none; i = sources_.newer(i))
      sources_.value(i).change(c.rate, next, now);
    c.rate = next;
  };
  if (change.slice) return alter(classes_[change.slice->value]);
  for (Class& c : classes_) alter(c);
}

void RateLimiter::report(Report& report) const {
  report.metrics.emplace_back("passed", static_cast<double>(passed_));
  report.metrics.emplace_back("passed_bytes", static_cast<double>(passed_bytes_));
  report.metrics.emplace_back("exceeded", static_cast<double>(exceeded_));
  report.metrics.emplace_back("exceeded_bytes", static_cast<double>(exceeded_bytes_));
  report.metrics.emplace_back("sources", static_cast<double>(sources_.size()));
}

}  // namespace kiriko
