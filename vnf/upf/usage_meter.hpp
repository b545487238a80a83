// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UsageMeter: what URRs count, when they report, and when a quota is used up (TS 29.244 clause 5.2.2).
#pragma once

#include "vnf/upf/report_queue.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// Works on the URRs of one session at a time. Every report makes a URR count its thresholds anew; a quota counts on.
class UsageMeter {
 public:
  explicit UsageMeter(ReportQueue& reports, Duration traffic_idle)
      : reports_(reports), traffic_idle_(traffic_idle) {}

  /// Sets a new URR going, its octets counted from 0.
  void begin(const Session& session, std::size_t urr, ModelTime now) const noexcept;
  /// Grants the lanes what no threshold or quota can forbid; call it whenever one has changed.
  void grant(const Session& session, std::size_t urr) const noexcept;

  /// Counts a packet of `pdr` by those of its URRs that measure before (or behind) its QERs.
  /// Returns whether timers may be due earlier than before.
  bool count(const Session& session, const PdrEntry& pdr, std::uint16_t octets, ModelTime now,
             bool before_qos) const noexcept;
  /// The first of the PDR's URRs whose quota is used up, or nullptr.
  const UrrState* used_up(const Session& session, const PdrEntry& pdr) const noexcept;
  /// A downlink packet that a QER, a FAR or a full buffer dropped.
  void count_dropped(const Session& session, const PdrEntry& pdr, std::uint16_t octets,
                     ModelTime now) const noexcept;

  void report(const Session& session, std::size_t urr, UsageReportTrigger trigger,
              ModelTime now) const noexcept;
  /// Does what is due at `now`.
  void on_time(const Session& session, ModelTime now) const noexcept;
  /// When something is due next; never: at no time.
  ModelTime next_due(const Session& session) const noexcept;
  /// The last packet of the session that was carried, or the time of its last change.
  static ModelTime last_activity(const Session& session) noexcept;

 private:
  static ModelTime last_packet(const Session& session, std::size_t urr) noexcept;
  static Duration measured(const UrrTimes& times, ModelTime now) noexcept;
  /// A packet after a rest: the duration runs again, traffic has started.
  void resume(const Session& session, std::size_t urr, ModelTime now) const noexcept;
  Duration idle_time(const UrrTimes& times) const noexcept {
    return times.inactivity.ns > 0 ? times.inactivity : traffic_idle_;
  }
  void emit(const Session& session, std::size_t urr, UsageReportTrigger trigger,
            ModelTime now) const noexcept;
  void exhaust(const Session& session, std::size_t urr, UsageReportTrigger trigger,
               ModelTime now) const noexcept;
  ModelTime next_due(const Session& session, const UrrTimes& times) const noexcept;
  void on_time(const Session& session, UrrTimes& times, ModelTime now) const noexcept;

  ReportQueue& reports_;
  Duration traffic_idle_;  ///< traffic of a URR without inactivity detection time has stopped after so long
};

}  // namespace kiriko::upf
