// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The rate limiter's control side: its descriptor, its creation and the change of its rate.
#include <memory>

#include "vnf/rate_limiter/rate_limiter.hpp"

namespace kiriko {
namespace {

Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup) {
  if (setup.ports.size() != 2)
    return fail({.message = "a rate limiter joins two links",
                 .where = setup.name,
                 .found = std::to_string(setup.ports.size()) + " links",
                 .allowed = "2 links"});
  const auto& per = setup.options.get<std::string>("per");
  return std::make_unique<RateLimiter>(RateLimiter::Settings{
      .rate = {setup.options.get<BitsPerSecond>("rate"), setup.options.get<Bytes>("burst")},
      .per = per == "slice"    ? RateLimiter::Per::slice
             : per == "source" ? RateLimiter::Per::source
                               : RateLimiter::Per::total,
      .both_directions = setup.options.get<std::string>("direction") == "both",
      .sources = static_cast<std::uint32_t>(setup.options.get<std::int64_t>("sources")),
      .slice_count = static_cast<std::uint16_t>(setup.slices.size()),
  });
}

}  // namespace

Result<Commit> RateLimiter::prepare(const Change& change) {
  // A link that is down drops what is sent to it; there is nothing to choose here.
  if (std::holds_alternative<SetPortState>(change)) return Commit{[](ModelTime, Exits&) {}};
  const auto* set = std::get_if<SetRateLimit>(&change);
  if (set == nullptr) return unsupported_change("rate_limiter", change);
  if (set->rate.value < 0)
    return fail({.message = "the rate is negative",
                 .where = "rate",
                 .found = std::to_string(set->rate.value) + " bit/s"});
  if (set->burst.count < 0 || set->burst.count > TokenRate::largest_burst)
    return fail({.message = "the burst is out of range",
                 .where = "burst",
                 .found = std::to_string(set->burst.count) + " B",
                 .allowed = "0 (as before) to 1 GB"});
  if (set->slice && settings_.per != Per::slice)
    return fail({.message = "the rate limiter does not tell slices apart",
                 .where = "slice",
                 .found = "slice " + std::to_string(set->slice->value),
                 .hint = "set its option per to slice"});
  if (set->slice && set->slice->value >= settings_.slice_count)
    return fail({.message = "no such slice is declared",
                 .where = "slice",
                 .found = "slice " + std::to_string(set->slice->value)});
  return Commit{[this, wanted = *set](ModelTime now, Exits&) { set_rate(wanted, now); }};
}

const Descriptor rate_limiter_descriptor{
    .name = "rate_limiter",
    .purpose =
        "Drops what exceeds a rate and a burst, counted in total, for each slice or for each source address",
    .options =
        {{.key = "rate",
          .type = OptionType::rate,
          .default_value = "100Mbit/s",
          .sentence = "The rate at which a bucket fills, in octets from Ethernet header to end of payload"},
         {.key = "burst",
          .type = OptionType::bytes,
          .default_value = "125kB",
          .sentence = "A bucket's depth; a larger frame never passes",
          .minimum = "64B",
          .maximum = "1GB"},
         {.key = "per",
          .type = OptionType::choice,
          .default_value = "total",
          .sentence = "What shares one bucket: everything, a slice, or a source IPv4 address",
          .choices = {"total", "slice", "source"}},
         {.key = "direction",
          .type = OptionType::choice,
          .default_value = "both",
          .sentence =
              "Police both directions, each with its own buckets, or only from the first link to the second",
          .choices = {"both", "forward"}},
         {.key = "sources",
          .type = OptionType::integer,
          .default_value = "65536",
          .sentence = "Buckets for sources that have not filled up again, with per: source",
          .minimum = "1",
          .maximum = "16777216"}},
    .ports = {{"first", "The first link"}, {"second", "The second link"}},
    .exits = {DropReason::rate_exceeded, DropReason::state_table_full, DropReason::port_unconnected},
    .metrics = {{"passed", "packets", "Packets passed, either way"},
                {"passed_bytes", "bytes", "Their octets"},
                {"exceeded", "packets", "Packets dropped"},
                {"exceeded_bytes", "bytes", "Their octets"},
                {"sources", "sources", "Buckets in use, with per: source"}},
    .wakes = false,
    .create = create,
};

}  // namespace kiriko
