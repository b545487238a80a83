// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Counting UEs and PDU sessions of slices.
#include "controller/smf/slice_admission.hpp"

namespace kiriko::smf {

std::string_view to_string(AcuFailureReason reason) {
  switch (reason) {
    case AcuFailureReason::slice_not_found: return "SLICE_NOT_FOUND";
    case AcuFailureReason::exceed_max_ue_num: return "EXCEED_MAX_UE_NUM";
    case AcuFailureReason::exceed_max_pdu_num: return "EXCEED_MAX_PDU_NUM";
  }
  return "";
}

Result<void> SliceAdmission::set_maxima(const SNssai& s_nssai, const SliceMaxima& maxima) {
  if (maxima.eac_begins_percent > 100 || maxima.eac_ends_percent > maxima.eac_begins_percent)
    return fail({.message = "the early availability check must end at or below where it begins",
                 .where = kiriko::to_string(s_nssai),
                 .found = "begins " + std::to_string(maxima.eac_begins_percent) + " %, ends " +
                          std::to_string(maxima.eac_ends_percent) + " %",
                 .allowed = "0 to 100"});
  Slice& slice = slices_[s_nssai];
  slice.maxima = maxima;
  judge_early_availability_check(s_nssai, slice);
  return {};
}

SliceAdmission::Admission SliceAdmission::refuse(const SNssai& s_nssai, const std::string& supi,
                                                 AcuFailureReason reason) {
  events_.emplace_back(AdmissionRefused{s_nssai, supi, reason});
  return tl::unexpected(reason);
}

SliceAdmission::Admission SliceAdmission::add_ue(const SNssai& s_nssai, const std::string& supi) {
  const auto found = slices_.find(s_nssai);
  if (found == slices_.end()) return refuse(s_nssai, supi, AcuFailureReason::slice_not_found);
  Slice& slice = found->second;
  if (slice.ues.contains(supi)) return {};
  if (slice.maxima.ues && slice.ues.size() >= *slice.maxima.ues)
    return refuse(s_nssai, supi, AcuFailureReason::exceed_max_ue_num);
  slice.ues.insert(supi);
  judge_early_availability_check(s_nssai, slice);
  return {};
}

void SliceAdmission::remove_ue(const SNssai& s_nssai, const std::string& supi) {
  const auto found = slices_.find(s_nssai);
  if (found == slices_.end() || found->second.ues.erase(supi) == 0) return;
  judge_early_availability_check(s_nssai, found->second);
}

SliceAdmission::Admission SliceAdmission::add_pdu_session(const SNssai& s_nssai, const std::string& supi,
                                                          PduSessionId id) {
  const auto found = slices_.find(s_nssai);
  if (found == slices_.end()) return refuse(s_nssai, supi, AcuFailureReason::slice_not_found);
  Slice& slice = found->second;
  if (slice.pdu_sessions.contains({supi, id})) return {};
  if (slice.maxima.pdu_sessions && slice.pdu_sessions.size() >= *slice.maxima.pdu_sessions)
    return refuse(s_nssai, supi, AcuFailureReason::exceed_max_pdu_num);
  slice.pdu_sessions.emplace(supi, id);
  return {};
}

void SliceAdmission::remove_pdu_session(const SNssai& s_nssai, const std::string& supi, PduSessionId id) {
  const auto found = slices_.find(s_nssai);
  if (found != slices_.end()) found->second.pdu_sessions.erase({supi, id});
}

bool SliceAdmission::is_early_availability_check_active(const SNssai& s_nssai) const {
  const auto found = slices_.find(s_nssai);
  return found != slices_.end() && found->second.early_availability_check;
}

SliceAdmission::Counts SliceAdmission::counts(const SNssai& s_nssai) const {
  const auto found = slices_.find(s_nssai);
  if (found == slices_.end()) return {};
  return {static_cast<std::uint32_t>(found->second.ues.size()),
          static_cast<std::uint32_t>(found->second.pdu_sessions.size())};
}

void SliceAdmission::judge_early_availability_check(const SNssai& s_nssai, Slice& slice) {
  const std::uint64_t hundredfold = 100 * std::uint64_t{slice.ues.size()};
  const std::uint64_t maximum = slice.maxima.ues.value_or(0);
  const bool was = slice.early_availability_check;
  if (!slice.maxima.ues || hundredfold < slice.maxima.eac_ends_percent * maximum)
    slice.early_availability_check = false;
  else if (hundredfold >= slice.maxima.eac_begins_percent * maximum)
    slice.early_availability_check = true;
  if (slice.early_availability_check != was)
    events_.emplace_back(EarlyAvailabilityCheck{s_nssai, slice.early_availability_check,
                                                static_cast<std::uint32_t>(slice.ues.size())});
}

}  // namespace kiriko::smf
