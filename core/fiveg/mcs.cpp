// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The MCS and CQI tables of TS 38.214, and how to look into them.
#include "core/fiveg/mcs.hpp"

#include <string>

namespace kiriko {
namespace {

// Table 5.1.3.1-1.
constexpr ModulationAndCoding pdsch_qam64[] = {
    {2, 120, 0.2344}, {2, 157, 0.3066}, {2, 193, 0.3770}, {2, 251, 0.4902}, {2, 308, 0.6016},
    {2, 379, 0.7402}, {2, 449, 0.8770}, {2, 526, 1.0273}, {2, 602, 1.1758}, {2, 679, 1.3262},
    {4, 340, 1.3281}, {4, 378, 1.4766}, {4, 434, 1.6953}, {4, 490, 1.9141}, {4, 553, 2.1602},
    {4, 616, 2.4063}, {4, 658, 2.5703}, {6, 438, 2.5664}, {6, 466, 2.7305}, {6, 517, 3.0293},
    {6, 567, 3.3223}, {6, 616, 3.6094}, {6, 666, 3.9023}, {6, 719, 4.2129}, {6, 772, 4.5234},
    {6, 822, 4.8164}, {6, 873, 5.1152}, {6, 910, 5.3320}, {6, 948, 5.5547},
};

// Table 5.1.3.1-2.
constexpr ModulationAndCoding pdsch_qam256[] = {
    {2, 120, 0.2344},   {2, 193, 0.3770},   {2, 308, 0.6016}, {2, 449, 0.8770}, {2, 602, 1.1758},
    {4, 378, 1.4766},   {4, 434, 1.6953},   {4, 490, 1.9141}, {4, 553, 2.1602}, {4, 616, 2.4063},
    {4, 658, 2.5703},   {6, 466, 2.7305},   {6, 517, 3.0293}, {6, 567, 3.3223}, {6, 616, 3.6094},
    {6, 666, 3.9023},   {6, 719, 4.2129},   {6, 772, 4.5234}, {6, 822, 4.8164}, {6, 873, 5.1152},
    {8, 682.5, 5.3320}, {8, 711, 5.5547},   {8, 754, 5.8906}, {8, 797, 6.2266}, {8, 841, 6.5703},
    {8, 885, 6.9141},   {8, 916.5, 7.1602}, {8, 948, 7.4063},
};

// Table 5.1.3.1-3.
constexpr ModulationAndCoding pdsch_qam64_low_se[] = {
    {2, 30, 0.0586},  {2, 40, 0.0781},  {2, 50, 0.0977},  {2, 64, 0.1250},  {2, 78, 0.1523},
    {2, 99, 0.1934},  {2, 120, 0.2344}, {2, 157, 0.3066}, {2, 193, 0.3770}, {2, 251, 0.4902},
    {2, 308, 0.6016}, {2, 379, 0.7402}, {2, 449, 0.8770}, {2, 526, 1.0273}, {2, 602, 1.1758},
    {4, 340, 1.3281}, {4, 378, 1.4766}, {4, 434, 1.6953}, {4, 490, 1.9141}, {4, 553, 2.1602},
    {4, 616, 2.4063}, {6, 438, 2.5664}, {6, 466, 2.7305}, {6, 517, 3.0293}, {6, 567, 3.3223},
    {6, 616, 3.6094}, {6, 666, 3.9023}, {6, 719, 4.2129}, {6, 772, 4.5234},
};

// Table 5.2.2.1-2.
constexpr ModulationAndCoding cqi_qam64[] = {
    {2, 78, 0.1523},  {2, 120, 0.2344}, {2, 193, 0.3770}, {2, 308, 0.6016}, {2, 449, 0.8770},
    {2, 602, 1.1758}, {4, 378, 1.4766}, {4, 490, 1.9141}, {4, 616, 2.4063}, {6, 466, 2.7305},
    {6, 567, 3.3223}, {6, 666, 3.9023}, {6, 772, 4.5234}, {6, 873, 5.1152}, {6, 948, 5.5547},
};

// Table 5.2.2.1-3.
constexpr ModulationAndCoding cqi_qam256[] = {
    {2, 78, 0.1523},  {2, 193, 0.3770}, {2, 449, 0.8770}, {4, 378, 1.4766}, {4, 490, 1.9141},
    {4, 616, 2.4063}, {6, 466, 2.7305}, {6, 567, 3.3223}, {6, 666, 3.9023}, {6, 772, 4.5234},
    {6, 873, 5.1152}, {8, 711, 5.5547}, {8, 797, 6.2266}, {8, 885, 6.9141}, {8, 948, 7.4063},
};

// Table 5.2.2.1-4.
constexpr ModulationAndCoding cqi_low_se[] = {
    {2, 30, 0.0586},  {2, 50, 0.0977},  {2, 78, 0.1523},  {2, 120, 0.2344}, {2, 193, 0.3770},
    {2, 308, 0.6016}, {2, 449, 0.8770}, {2, 602, 1.1758}, {4, 378, 1.4766}, {4, 490, 1.9141},
    {4, 616, 2.4063}, {6, 466, 2.7305}, {6, 567, 3.3223}, {6, 666, 3.9023}, {6, 772, 4.5234},
};

Result<ModulationAndCoding> find_row(std::span<const ModulationAndCoding> rows, int index, int first,
                                     const char* what) {
  const int last = first + static_cast<int>(rows.size()) - 1;
  if (index < first || index > last)
    return fail({.message = what,
                 .found = std::to_string(index),
                 .allowed = std::to_string(first) + " to " + std::to_string(last)});
  return rows[static_cast<std::size_t>(index - first)];
}

}  // namespace

std::span<const ModulationAndCoding> mcs_table(McsTable table) noexcept {
  switch (table) {
    case McsTable::qam64: return pdsch_qam64;
    case McsTable::qam256: return pdsch_qam256;
    case McsTable::qam64_low_se: return pdsch_qam64_low_se;
  }
  return pdsch_qam64;
}

std::span<const ModulationAndCoding> cqi_table(CqiTable table) noexcept {
  switch (table) {
    case CqiTable::table1: return cqi_qam64;
    case CqiTable::table2: return cqi_qam256;
    case CqiTable::table3: return cqi_low_se;
  }
  return cqi_qam64;
}

Result<ModulationAndCoding> find_mcs(McsTable table, int index) {
  return find_row(mcs_table(table), index, 0, "no such MCS index in this table");
}

Result<ModulationAndCoding> find_cqi(CqiTable table, int index) {
  return find_row(cqi_table(table), index, 1, "no such CQI index in this table");
}

int mcs_index_for(McsTable table, double spectral_efficiency) noexcept {
  // Not a binary search: Table 5.1.3.1-1 is not monotonic where 16QAM gives way to 64QAM (16 and 17).
  const auto rows = mcs_table(table);
  for (std::size_t i = rows.size(); i-- > 0;)
    if (rows[i].spectral_efficiency <= spectral_efficiency) return static_cast<int>(i);
  return 0;
}

std::string_view modulation_name(std::uint8_t modulation_order) noexcept {
  switch (modulation_order) {
    case 2: return "QPSK";
    case 4: return "16QAM";
    case 6: return "64QAM";
    case 8: return "256QAM";
    default: return "";
  }
}

std::string_view to_string(McsTable table) noexcept {
  switch (table) {
    case McsTable::qam64: return "qam64";
    case McsTable::qam256: return "qam256";
    case McsTable::qam64_low_se: return "qam64LowSE";
  }
  return "";
}

}  // namespace kiriko
