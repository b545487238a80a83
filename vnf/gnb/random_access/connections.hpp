// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Connections: which devices are in RRC_CONNECTED; packets of one that is not wait for its random access.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/exits.hpp"
#include "core/measure/histogram.hpp"
#include "vnf/gnb/radio_link.hpp"
#include "vnf/gnb/random_access/connection_parameters.hpp"

namespace kiriko {

/// A packet that waited; its metadata's time is when its device was connected.
struct Admitted {
  Packet* packet;
  UeIndex ue;
  std::uint32_t octets;
  bool downlink;
};

/// TS 38.331 clause 5.3 in its effect on packets. A UE may stand for a group: PacketMetadata::device says which of its devices a packet
/// belongs to, and each has a connection of its own. Packets of a device that is not connected wait: for barring (uplink) or for
/// the paging occasion (downlink), for random access, for the set-up. One that fails loses them. Downlink packets of a connected
/// device that sleeps wait for its on-duration.
class Connections {
 public:
  enum class Answer : std::uint8_t { go, wait, full };

  /// \param barring by the place of a packet's slice
  Connections(const ConnectionParameters& parameters, std::vector<AccessBarring> barring, std::uint64_t seed,
              std::uint64_t cell);

  /// go: the device is connected. wait: the packet is held. full: more than may wait.
  Answer ask(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets, bool downlink,
             ModelTime now);
  /// Device 0 of a UE that comes to the cell comes connected.
  void attach(UeIndex ue, ModelTime now);
  /// Appends the downlink packets that wait for connected devices of the UE to listen: they go on to another cell.
  void take_back(UeIndex ue, std::vector<Packet*>& packets) noexcept;
  /// Drops what waits for the UE's devices; they are idle.
  void detach(UeIndex ue, Exits& exits) noexcept;

  /// When run() is next wanted.
  ModelTime next_time() noexcept;
  /// Brings everything up to `now`; appends what may go on, in order of time.
  void run(ModelTime now, Exits& exits, std::vector<Admitted>& admitted);

  std::uint64_t held() const noexcept { return held_; }
  const RandomAccess::Counts& counts() const noexcept { return access_.counts(); }
  /// Devices that were connected from RRC_INACTIVE, of counts().successes.
  std::uint64_t resumed() const noexcept { return resumed_; }
  /// From the first packet (and so with barring and paging) to the first grant, ns; of those that were connected.
  const Histogram& delay() const noexcept { return delay_; }

 private:
  static constexpr std::uint32_t none = 0xffffffffU;
  enum class State : std::uint8_t { idle, accessing, connected };
  struct Device {
    ModelTime until{};  ///< connected: inactive or idle from then on
    ModelTime asked{};  ///< accessing: the first packet
    std::uint32_t first{none}, last{none};
    std::uint32_t waiting_octets{};
    UeIndex ue{};
    std::uint32_t access{};     ///< counts its procedures, from 1
    std::uint32_t requested{};  ///< which of them random access is at work on; 0: none
    bool deferred{};            ///< its present one waits until random access is done with an earlier one
    State state{State::idle};
    bool resumes{};  ///< its present procedure began in RRC_INACTIVE
  };
  struct Held {
    Packet* packet;
    std::uint32_t octets, next;
    bool downlink;
  };
  struct Step {
    enum class Kind : std::uint8_t { begins, succeeded, failed, wakes };
    std::uint32_t device, access;
    Kind kind;
  };

  std::uint32_t place(UeIndex ue, std::uint32_t device);
  void begin(std::uint32_t index, std::uint32_t slice, bool downlink, ModelTime now);
  /// When a connected device next listens.
  ModelTime listens_at(std::uint32_t index, ModelTime now) const;
  void hold(Device& device, Packet* packet, std::uint32_t octets, bool downlink);
  void take(const Step& step, ModelTime at, Exits& exits, std::vector<Admitted>& admitted);
  void request(std::uint32_t index, ModelTime at);
  void end(const RandomAccessOutcome& outcome);
  /// Hands on each packet that waits for the device, in order.
  template <class Take>
  void empty(Device& device, Take take) noexcept;
  void let_go(Device& device, ModelTime at, std::vector<Admitted>& admitted) noexcept;
  void drop(Device& device, DropReason reason, Exits& exits) noexcept;
  /// The occasion's outcomes are known when its response window opens: whoever asks until then takes part.
  ModelTime answer_time(ModelTime opportunity) const noexcept {
    return opportunity + parameters_.random_access.response_offset;
  }

  ConnectionParameters parameters_;
  std::vector<AccessBarring> barring_;  ///< by slice
  std::uint64_t seed_, cell_;
  RandomAccess access_;
  std::vector<std::vector<std::uint32_t>> places_;  ///< by UE, by its device: index of the device, or none
  std::vector<Device> devices_;
  std::vector<Held> held_packets_;
  std::uint32_t free_held_{none};
  TimeQueue<Step> steps_;
  std::vector<RandomAccessOutcome> outcomes_;
  std::uint64_t held_{}, resumed_{};
  Histogram delay_;
};

}  // namespace kiriko
