// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The rate limiter: polices what passes between two links by token buckets: one, one a slice or one a source.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/function/aging_table.hpp"
#include "core/function/descriptor.hpp"
#include "vnf/rate_limiter/policing_bucket.hpp"

namespace kiriko {

class RateLimiter final : public NetworkFunction {
 public:
  enum class Per : std::uint8_t { total, slice, source };
  struct Settings {
    TokenRate rate{};
    Per per{Per::total};
    bool both_directions{true};
    std::uint32_t sources{};  ///< buckets for sources
    std::uint16_t slice_count{};
  };
  explicit RateLimiter(const Settings& settings);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

 private:
  /// A source's address, with the direction above it: each direction has buckets of its own.
  using Sources = AgingTable<std::uint64_t, PolicingBucket>;
  enum class Verdict : std::uint8_t { pass, exceeded, no_bucket };
  struct Class {
    TokenRate rate{};
    std::array<PolicingBucket, 2> buckets{};  ///< by ingress port
  };

  Verdict decide(const Packet* packet) noexcept;
  Verdict decide_by_source(const Packet* packet, unsigned direction) noexcept;
  void set_rate(const SetRateLimit& change, ModelTime now) noexcept;

  Settings settings_;
  std::vector<Class> classes_;  ///< by slice, the last for packets without one; else one
  Sources sources_;
  std::uint64_t passed_{}, passed_bytes_{}, exceeded_{}, exceeded_bytes_{};
};

extern const Descriptor rate_limiter_descriptor;

}  // namespace kiriko
