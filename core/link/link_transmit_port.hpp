// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// LinkTransmitPort: one direction of a link as its sender sees it: queue, rate, impairments, then the line to the receiver.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/control/network_view.hpp"
#include "core/function/exits.hpp"
#include "core/link/crossing_queue.hpp"
#include "core/link/delay_line.hpp"
#include "core/link/impairment.hpp"
#include "core/link/slice_scheduler.hpp"
#include "core/link/transmitter.hpp"
#include "core/measure/histogram.hpp"
#include "core/packet/ledger.hpp"

namespace kiriko {

/// Sees packets as they start on the wire, and those that do not get there. Runs on the sender's worker.
class LinkTap {
 public:
  virtual ~LinkTap() = default;
  virtual void sent(const Packet* packet, ModelTime at, Duration queued, Duration propagation) noexcept = 0;
  virtual void dropped(const Packet* packet, ModelTime at, DropReason reason) noexcept = 0;
  /// The rate changed: what was sent `back` packets before the last one starts at another time than it was told.
  virtual void replanned(std::size_t back, ModelTime at, Duration propagation) noexcept = 0;
};

/// One a direction: their senders may be on different workers.
struct LinkTaps {
  LinkTap* forward{nullptr};
  LinkTap* backward{nullptr};
};

/// Told when the line that it reads gets an earlier head.
class LineListener {
 public:
  virtual ~LineListener() = default;
  virtual void line_ready(std::uint32_t input, ModelTime head) noexcept = 0;
};

/// One direction of a link: a port's output. The order is netem's: loss, duplication, corruption, then
/// queue and rate, then delay, jitter and reordering.
///
/// Without slice shares the queue is computed, not kept: a packet's start and arrival are known when it
/// comes, and it goes to the line at once. With shares it waits in the scheduler until advance() passes the
/// time at which it starts.
class LinkTransmitPort final : public PortOutput {
 public:
  struct Setup {
    std::string name;  ///< "a → b"
    LinkProperties properties;
    std::vector<SliceShare> shares;
    std::uint64_t seed{};
    PacketPool* pool{};
  };
  explicit LinkTransmitPort(Setup setup);

  void transmit(Burst& burst) noexcept override;

  /// Starts every queued packet whose turn comes before `bound`; none can arrive before `bound` any more.
  void advance(ModelTime bound) noexcept;
  /// When the next queued packet starts; never() without a scheduler or a queue.
  ModelTime next_start() const noexcept {
    return scheduler_ == nullptr || scheduler_->empty() ? ModelTime::never()
                                                        : scheduler_->eligible_at(transmitter_.free_at());
  }

  bool scheduled() const noexcept { return scheduler_ != nullptr; }

  // Between steps.
  void set_properties(const LinkProperties& properties, ModelTime now);
  void set_shares(std::vector<SliceShare> shares, ModelTime now);
  void set_up(bool up, ModelTime now);
  void read(LinkDirectionView& view, ModelTime now);
  /// A direction whose ends lie in different parts: the receiver's worker takes its packets from there and lets them arrive().
  void cross_by(CrossingQueue* crossing) noexcept {
    crossing_ = crossing;
    look_at_way();
  }
  void listen(LineListener* listener, std::uint32_t input) noexcept {
    listener_ = listener;
    input_ = input;
  }
  /// Puts a packet on the line: on the receiver's worker.
  void arrive(const TimedPacket& entry) noexcept {
    if (line_.push(entry) && listener_ != nullptr) listener_->line_ready(input_, entry.at);
  }
  void tap(LinkTap* tap) noexcept {
    tap_ = tap;
    look_at_way();
  }
  void observe(DropObserver* observer) noexcept { observer_ = observer; }

  const std::string& name() const noexcept { return setup_name_; }
  const LinkProperties& properties() const noexcept { return properties_; }
  Duration lookahead() const noexcept { return minimum_delay(properties_); }
  DelayLine& line() noexcept { return line_; }
  const DelayLine& line() const noexcept { return line_; }
  const Ledger& ledger() const noexcept { return ledger_; }
  void count_received(std::uint64_t packets) noexcept { received_ += packets; }
  /// In the queue or on the line.
  std::uint64_t held() const noexcept;
  /// Every packet still here, for the flows' accounts and release at the end of a run.
  void drain(std::vector<Packet*>& out);
  std::uint64_t received() const noexcept { return received_; }
  /// Time in the queue of every packet sent.
  Histogram queueing() const;
  /// Octets sent by each second since the start.
  std::vector<std::uint64_t> bytes_by_second() const;
  /// The memory that the receiver touches first.
  void prefetch_line() const noexcept { rte_prefetch0(&line_); }
  void prefetch_packet() const noexcept { line_.prefetch(); }
  /// What had started by `now`, the present or the end of the run: without what waits in the queue.
  struct Carried {
    std::uint64_t packets{}, bytes{};
    double wire_bits{};  ///< sent by then, with each frame's overhead
  };
  Carried carried_by(ModelTime now) const noexcept;
  std::uint64_t carried_packets() const noexcept { return carried_packets_; }
  std::uint64_t carried_bytes() const noexcept { return carried_bytes_; }

 private:
  static constexpr std::int64_t second_ns = 1'000'000'000;
  struct Departure {
    ModelTime start, end;
    std::uint32_t wire_bytes;
  };

  void look_at_way() noexcept {
    bare_ = up_ && plain_ && crossing_ == nullptr && scheduler_ == nullptr && tap_ == nullptr;
  }
  void transmit_by_fifo(Burst& burst, std::uint32_t i) noexcept;
  void transmit_by_slice(Burst& burst) noexcept;
  bool enters(Packet* packet, ModelTime now) noexcept;
  /// What chance does to a packet before the queue; false if it is lost.
  bool impair(Packet* packet, ModelTime now) noexcept;
  void admit(Packet* packet, ModelTime now) noexcept;
  void queue_by_slice(Packet* packet, ModelTime now, std::uint32_t wire_bytes) noexcept;
  void queue_fifo(Packet* packet, ModelTime now, std::uint32_t wire_bytes) noexcept;
  void send(Packet* packet, ModelTime queued_at, Transmitter::Times times) noexcept;
  Duration drawn_delay() noexcept;
  void put_on_line(TimedPacket entry) noexcept;
  void drop(Packet* packet, ModelTime at, DropReason reason) noexcept;
  void grow_departures();
  void forget_departed(ModelTime now) noexcept;
  void forget_planned(ModelTime now);
  bool full(std::uint32_t wire_bytes) const noexcept;
  void replan(ModelTime now);
  Packet* duplicate(const Packet* packet) noexcept;
  void begin_second(ModelTime at) noexcept;

  // What the sender needs for every packet: two cache lines with what makes this a PortOutput.
  Transmitter transmitter_;
  Duration delay_{};  ///< copies of what properties_ says
  std::uint32_t frame_overhead_{};
  bool up_{true};
  bool plain_{true};  ///< no impairment by chance
  bool bare_{false};  ///< up, plain, within one part, without scheduler and tap
  std::uint64_t carried_packets_{};
  std::uint64_t carried_bytes_{};
  std::int64_t second_end_ns_{};
  std::unique_ptr<SliceScheduler> scheduler_;
  LineListener* listener_{nullptr};
  std::uint32_t input_{};
  Ledger ledger_;

  LinkTap* tap_{nullptr};
  CrossingQueue* crossing_{nullptr};  ///< where the ends lie in different parts
  std::uint32_t departures_head_{}, departures_tail_{};
  // FIFO occupancy: packets that have not started yet, as a ring from departures_head_ to departures_tail_.
  std::vector<Departure> departures_ = std::vector<Departure>(16);
  std::int64_t queued_bytes_{};
  Histogram queueing_;
  LinkProperties properties_;
  Impairment impairment_;
  PacketPool* pool_;
  DropObserver* observer_{nullptr};
  std::uint64_t dropped_at_queue_{}, bytes_dropped_at_queue_{};
  Duration longest_queueing_{};  ///< since the last read
  std::uint64_t carried_at_read_{}, dropped_at_read_{}, bytes_dropped_at_read_{};
  std::vector<std::uint64_t> bytes_at_second_end_;
  std::string setup_name_;

  // The receiver's cache line, which may be another core's.
  alignas(RTE_CACHE_LINE_SIZE) DelayLine line_;
  std::uint64_t received_{};
};

}  // namespace kiriko
