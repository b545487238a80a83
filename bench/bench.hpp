// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bench: one thing that is measured again and again, and the list of all there are.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace kiriko::bench {

/// Made once, measured in every round; what it keeps between rounds stays warm or cold as it would in use.
class Bench {
 public:
  virtual ~Bench() = default;
  /// Works for about `wall` of wall time; the result is in the entry's unit. A problem ends the bench.
  virtual Result<double> measure(Duration wall) = 0;
  /// What a reader of the figure should know, such as packets in flight; may be empty.
  virtual std::string note() const { return {}; }
};

enum class Unit : std::uint8_t { mpps, nanoseconds };

struct BenchEntry {
  std::string name;
  std::string sentence;
  Unit unit{Unit::mpps};
  /// What is asked of the median, if anything: of the figure, of its ratio to macswap or to `beside`.
  struct Target {
    enum class Of : std::uint8_t { figure, macswap, beside };
    double at_least{};
    Of of{Of::figure};
  };
  std::optional<Target> target{};
  std::function<Result<std::unique_ptr<Bench>>()> make{};
  /// Another bench, measured in the same round, of whose rate this one's is told as a share; and that share's name.
  std::string beside{}, share_name{};
  /// One point of a curve: what there are `size` of, such as sessions. Measured only when asked for by name.
  std::string grows_with{};
  std::uint32_t size{};
};
using BenchList = std::vector<BenchEntry>;

/// The references that packet rates are held against. A null device by itself neither writes nor reads a packet's
/// octets; `macswap_copy` has it copy them, as the benches write their frames.
inline constexpr std::array<const char*, 2> reference_names{"macswap", "macswap_copy"};
inline bool is_reference(const std::string& name) {
  return name == reference_names[0] || name == reference_names[1];
}

void add_macswap_benches(BenchList& list, bool hugepages, Duration run_time);
void add_upf_benches(BenchList& list, bool quick);
void add_switch_benches(BenchList& list);
void add_chain_benches(BenchList& list);
void add_hop_benches(BenchList& list);
/// The same ways of packets as loops written by hand.
void add_loop_benches(BenchList& list);
void add_step_benches(BenchList& list);
void add_timer_benches(BenchList& list);
void add_n4_benches(BenchList& list, bool quick);
/// A million devices behind one flow.
void add_device_group_benches(BenchList& list, bool quick);
void add_catalogue_benches(BenchList& list);
/// Cost of a packet against sessions, flows, packets in flight, nodes and links.
void add_growth_benches(BenchList& list);

// What the curves have in common with benches of their own.
Result<std::unique_ptr<Bench>> make_upf_bench(std::uint32_t sessions, bool uplink, bool downlink);
/// Entries are prefixes of 24 bits, spread over all ports but the first; a flow to each.
Result<std::unique_ptr<Bench>> make_switch_bench(std::uint32_t entries);
/// Two slices, a UPF, and a first link so long that `in_flight` packets (at least 1000) are on their way.
Result<std::unique_ptr<Bench>> make_hop_bench(std::uint32_t in_flight);

}  // namespace kiriko::bench
