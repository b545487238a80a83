// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RandomAccess: the contention based random access procedure of a cell for very many devices (TR 37.868 clause 6.2.2).
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "core/time/time_queue.hpp"

namespace kiriko {

/// Defaults are those of TR 37.868 Table 6.2.2.1.1 as they are commonly quoted; not verified against its text.
struct RandomAccessParameters {
  Duration prach_period{milliseconds(5)};  ///< PRACH configuration index 6: two opportunities a frame
  std::uint32_t preambles{54};             ///< for contention; the other ten of a cell are not
  std::uint32_t preamble_transmissions{10};
  Duration response_offset{milliseconds(3)};  ///< from the opportunity's start to the response window's
  Duration response_window{milliseconds(5)};  ///< ra-ResponseWindow
  std::uint32_t grants_per_millisecond{3};    ///< uplink grants of one Random Access Response
  Duration backoff{milliseconds(20)};  ///< the window is uniform in [0, backoff) (TS 38.321 Table 7.2-1)
  Duration message3_delay{milliseconds(5)};  ///< from the response to Msg3's end, with the UE's processing
  Duration message4_delay{milliseconds(5)};  ///< from Msg3 to Msg4's end
  double harq_error{0.1};                    ///< of Msg3 and of Msg4
  std::uint32_t harq_transmissions{5};
  Duration message3_round_trip{milliseconds(8)}, message4_round_trip{milliseconds(5)};
  Duration contention_resolution{milliseconds(48)};  ///< ra-ContentionResolutionTimer, after Msg3
};

/// How one device's procedure ended.
struct RandomAccessOutcome {
  std::uint32_t device{};
  bool succeeded{};
  ModelTime at{};                 ///< Msg4 received, or the last attempt given up
  Duration delay{};               ///< since the request
  std::uint32_t transmissions{};  ///< of preambles
};

/// Sans I/O and in model time. Every draw is keyed by device and attempt, so that results do not depend on how time is cut or
/// in which order devices ask. A device that waits takes 48 bytes.
///
/// In one opportunity each device that is due sends one preamble at random. A preamble that two send is not detected; one that
/// a single device sends for the i-th time is, with probability 1 - e^-i (power ramping). Detected ones get the window's grants,
/// a random choice of them where they are too few. Who gets none draws a backoff after the window and tries again.
class RandomAccess {
 public:
  /// \param prach_period of `parameters` must be positive, its counts at least 1
  RandomAccess(const RandomAccessParameters& parameters, std::uint64_t seed, std::uint64_t cell);

  /// The device asks at `now`; its first opportunity is the next one. Ask again only after its outcome.
  void request(std::uint32_t device, ModelTime now);
  /// The next opportunity that a device waits for; never() when none does.
  ModelTime next_opportunity() noexcept {
    return waiting_.empty() ? ModelTime::never() : waiting_.next_time();
  }
  /// Runs all opportunities at or before `until`; appends what ended, in order of (opportunity, device).
  void run(ModelTime until, std::vector<RandomAccessOutcome>& outcomes);

  struct Counts {
    std::uint64_t requests{}, successes{}, failures{};
    std::uint64_t preambles_sent{}, preambles_collided{};  ///< collided: preambles, not devices
    std::uint64_t undetected{};                            ///< sent alone and not heard
    std::uint64_t without_grant{};                         ///< detected, and the window's grants were gone
  };
  const Counts& counts() const noexcept { return counts_; }
  std::size_t waiting() const noexcept { return waiting_.size(); }
  /// Collided preambles by all that `span` offered (TR 37.868 clause 6.3).
  double collision_probability(Duration span) const noexcept;
  const RandomAccessParameters& parameters() const noexcept { return parameters_; }

 private:
  struct Attempt {
    ModelTime requested;
    std::uint32_t device;
    std::uint32_t transmissions;  ///< before this opportunity
  };
  struct Sender {
    Attempt attempt;
    std::uint64_t place;  ///< random: who is served first
    std::uint32_t preamble;
    double detection;  ///< uniform in [0, 1)
  };

  void wait_for_opportunity(const Attempt& attempt, ModelTime from);
  void run_opportunity(ModelTime at, std::vector<RandomAccessOutcome>& outcomes);
  void hear();
  void answer(ModelTime at, std::vector<RandomAccessOutcome>& outcomes);
  void try_again(const Attempt& attempt, ModelTime from, std::vector<RandomAccessOutcome>& outcomes);
  /// Msg3 and Msg4; false when one of them was lost in all its transmissions.
  bool resolve(const Attempt& attempt, ModelTime response, ModelTime& at) const noexcept;

  RandomAccessParameters parameters_;
  std::uint64_t seed_, cell_;
  TimeQueue<Attempt> waiting_;
  std::vector<Sender> senders_, heard_, unheard_;  ///< of the opportunity under way
  Counts counts_;
};

}  // namespace kiriko
