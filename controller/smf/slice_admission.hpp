// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SliceAdmission: how many UEs and PDU sessions a slice has and may have (TS 23.501 clause 5.15.11, TS 29.536).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/fiveg/s_nssai.hpp"

namespace kiriko::smf {

using PduSessionId =
    StrongId<struct PduSessionIdTag, std::uint8_t>;  ///< 1 to 15 (TS 24.007 clause 11.2.3.1b)

/// What a slice that is subject to NSAC may have. An absent maximum limits nothing.
struct SliceMaxima {
  std::optional<std::uint32_t> ues{};
  std::optional<std::uint32_t> pdu_sessions{};
  /// In percent of `ues`: early availability check begins at the first and ends below the second.
  std::uint8_t eac_begins_percent{80};
  std::uint8_t eac_ends_percent{70};
};

/// AcuFailureReason of TS 29.536.
enum class AcuFailureReason : std::uint8_t { slice_not_found, exceed_max_ue_num, exceed_max_pdu_num };
/// "EXCEED_MAX_UE_NUM", as in the API.
std::string_view to_string(AcuFailureReason reason);

/// Nnsacf_NSAC_EACNotify: from now on the AMF asks before it accepts a registration, or need not any more.
struct EarlyAvailabilityCheck {
  SNssai s_nssai{};
  bool active{};
  std::uint32_t ues{};
};
struct AdmissionRefused {
  SNssai s_nssai{};
  std::string supi{};
  AcuFailureReason reason{};
};
using SliceAdmissionEvent = std::variant<EarlyAvailabilityCheck, AdmissionRefused>;

/// An NSACF. A UE or PDU session is counted once however often it is told.
class SliceAdmission {
 public:
  struct Counts {
    std::uint32_t ues{}, pdu_sessions{};
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  using Admission = tl::expected<void, AcuFailureReason>;

  /// Makes the slice subject to NSAC, or changes its maxima: who is admitted stays.
  Result<void> set_maxima(const SNssai& s_nssai, const SliceMaxima& maxima);
  bool is_subject(const SNssai& s_nssai) const { return slices_.contains(s_nssai); }

  /// Nnsacf_NSAC_NumOfUEsUpdate, increase and decrease (TS 29.536 clause 5.2.2.2).
  Admission add_ue(const SNssai& s_nssai, const std::string& supi);
  void remove_ue(const SNssai& s_nssai, const std::string& supi);
  /// Nnsacf_NSAC_NumOfPDUsUpdate (clause 5.2.2.4).
  Admission add_pdu_session(const SNssai& s_nssai, const std::string& supi, PduSessionId id);
  void remove_pdu_session(const SNssai& s_nssai, const std::string& supi, PduSessionId id);

  /// While it is active, add_ue() is asked before the UE's registration is accepted, else after.
  bool is_early_availability_check_active(const SNssai& s_nssai) const;
  Counts counts(const SNssai& s_nssai) const;
  std::vector<SliceAdmissionEvent> take_events() { return std::exchange(events_, {}); }

 private:
  struct Slice {
    SliceMaxima maxima{};
    std::set<std::string> ues{};
    std::set<std::pair<std::string, PduSessionId>> pdu_sessions{};
    bool early_availability_check{};
  };
  Admission refuse(const SNssai& s_nssai, const std::string& supi, AcuFailureReason reason);
  void judge_early_availability_check(const SNssai& s_nssai, Slice& slice);

  std::map<SNssai, Slice> slices_{};
  std::vector<SliceAdmissionEvent> events_{};
};

}  // namespace kiriko::smf
