// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Modulation and coding: MCS index tables of PDSCH and CQI tables (TS 38.214 clauses 5.1.3.1 and 5.2.2.1).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/result.hpp"

namespace kiriko {

struct ModulationAndCoding {
  std::uint8_t modulation_order;  ///< Q_m: 2 QPSK, 4 16QAM, 6 64QAM, 8 256QAM
  double code_rate_x1024;         ///< target code rate R x 1024; two rows have a half
  double spectral_efficiency;     ///< information bits a resource element
};

enum class McsTable : std::uint8_t {
  qam64,        ///< Table 5.1.3.1-1
  qam256,       ///< Table 5.1.3.1-2
  qam64_low_se  ///< Table 5.1.3.1-3
};

enum class CqiTable : std::uint8_t {
  table1,  ///< Table 5.2.2.1-2, up to 64QAM
  table2,  ///< Table 5.2.2.1-3, up to 256QAM
  table3   ///< Table 5.2.2.1-4, low spectral efficiency
};

/// Rows by MCS index from 0; the reserved indices of retransmissions are not in it.
std::span<const ModulationAndCoding> mcs_table(McsTable table) noexcept;

/// Rows by CQI index from 1: element 0 is CQI 1. CQI 0 is "out of range" and has no row.
std::span<const ModulationAndCoding> cqi_table(CqiTable table) noexcept;

/// A Problem that names the highest index when there is no such row.
Result<ModulationAndCoding> find_mcs(McsTable table, int index);
Result<ModulationAndCoding> find_cqi(CqiTable table, int index);

/// The highest MCS index whose spectral efficiency is not above the given one; 0 when none is low enough.
int mcs_index_for(McsTable table, double spectral_efficiency) noexcept;

/// "QPSK", "16QAM", "64QAM", "256QAM"; "" for another order.
std::string_view modulation_name(std::uint8_t modulation_order) noexcept;

/// "qam64", "qam256", "qam64LowSE", as TS 38.331 writes them.
std::string_view to_string(McsTable table) noexcept;

}  // namespace kiriko
