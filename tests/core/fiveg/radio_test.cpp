// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Numerology, transmission bandwidths, MCS and CQI tables, peak rates and TDD patterns.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "core/fiveg/mcs.hpp"
#include "core/fiveg/numerology.hpp"
#include "core/fiveg/peak_rate.hpp"
#include "core/fiveg/tdd_pattern.hpp"

using namespace kiriko;

TEST_CASE("when a numerology is given, then spacing and slots follow TS 38.211") {
  const std::int64_t slot_ns[] = {1'000'000, 500'000, 250'000, 125'000, 62'500, 31'250, 15'625};
  for (int mu = 0; mu <= 6; ++mu) {
    CAPTURE(mu);
    const Numerology n = *Numerology::from_mu(mu);
    CHECK(n.mu() == mu);
    CHECK(n.subcarrier_spacing_khz() == 15 * (1 << mu));
    CHECK(n.slot_duration().ns == slot_ns[mu]);
    CHECK(n.slot_duration() * n.slots_per_frame() == milliseconds(10));
    CHECK(n.slots_per_subframe() * 10 == n.slots_per_frame());
    CHECK(n.symbol_offset(0) == Duration{0});
    CHECK(n.symbol_offset(14) == n.slot_duration());
    CHECK(n.has_extended_cyclic_prefix() == (mu == 2));
    CHECK(Numerology::from_subcarrier_spacing_khz(15 << mu) == n);
  }
  CHECK_FALSE(Numerology::from_mu(-1));
  CHECK_FALSE(Numerology::from_mu(7));
  CHECK_FALSE(Numerology::from_subcarrier_spacing_khz(0));
  CHECK_FALSE(Numerology::from_subcarrier_spacing_khz(45));
}

TEST_CASE("when a carrier is given, then N_RB is that of TS 38.101, or a problem names what is allowed") {
  struct Case {
    FrequencyRange range;
    int khz, mhz, expected;
  };
  constexpr auto fr1 = FrequencyRange::fr1;
  constexpr auto fr2 = FrequencyRange::fr2;
  for (const Case& c :
       {Case{fr1, 15, 3, 15},  {fr1, 15, 5, 25},     {fr1, 15, 20, 106},    {fr1, 15, 50, 270},
        {fr1, 15, 60, 0},      {fr1, 30, 3, 0},      {fr1, 30, 5, 11},      {fr1, 30, 20, 51},
        {fr1, 30, 40, 106},    {fr1, 30, 100, 273},  {fr1, 60, 5, 0},       {fr1, 60, 10, 11},
        {fr1, 60, 100, 135},   {fr1, 120, 100, 0},   {fr1, 30, 55, 0},      {fr1, 30, 400, 0},
        {fr2, 60, 50, 66},     {fr2, 60, 200, 264},  {fr2, 60, 400, 0},     {fr2, 120, 50, 32},
        {fr2, 120, 100, 66},   {fr2, 120, 400, 264}, {fr2, 120, 800, 0},    {fr2, 480, 400, 66},
        {fr2, 480, 1600, 248}, {fr2, 480, 2000, 0},  {fr2, 960, 2000, 148}, {fr2, 240, 400, 0},
        {fr2, 30, 100, 0},     {fr1, 30, 0, 0},      {fr1, 30, -100, 0}}) {
    CAPTURE(to_string(c.range), c.khz, c.mhz);
    const auto n = resource_blocks(c.range, *Numerology::from_subcarrier_spacing_khz(c.khz), c.mhz);
    if (c.expected == 0)
      CHECK_FALSE(n);
    else
      CHECK(n == c.expected);
  }
  const Numerology mu0 = *Numerology::from_mu(0);
  CHECK(resource_blocks(fr1, mu0, 100).error().allowed == "3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50 MHz");
  CHECK(resource_blocks(fr2, mu0, 100).error().allowed == "60, 120, 480, 960 kHz");
}

TEST_CASE("when a peak rate is computed, then it is that of TS 38.306") {
  struct Case {
    FrequencyRange range;
    int khz, mhz;
    RadioDirection direction;
    int layers, modulation_order;
    double mbit_s;
  };
  constexpr auto fr1 = FrequencyRange::fr1;
  constexpr auto fr2 = FrequencyRange::fr2;
  constexpr auto down = RadioDirection::downlink;
  constexpr auto up = RadioDirection::uplink;
  for (const Case& c : {Case{fr1, 30, 100, down, 4, 8, 2337.0},
                        {fr1, 30, 100, down, 2, 8, 1168.5},
                        {fr1, 30, 100, up, 1, 6, 468.8},
                        {fr1, 30, 100, up, 2, 6, 937.5},
                        {fr1, 30, 100, up, 2, 8, 1250.0},
                        {fr1, 30, 40, down, 4, 8, 907.4},
                        {fr1, 30, 20, down, 2, 8, 218.3},
                        {fr2, 120, 400, down, 2, 6, 3232.3},
                        {fr2, 120, 400, down, 2, 8, 4309.7},
                        {fr2, 120, 400, up, 2, 6, 3547.6},
                        {fr2, 120, 100, down, 2, 6, 808.1}}) {
    CAPTURE(to_string(c.range), c.khz, c.mhz, c.layers, c.modulation_order);
    const Numerology n = *Numerology::from_subcarrier_spacing_khz(c.khz);
    const BitsPerSecond rate = peak_rate({.layers = c.layers,
                                          .modulation_order = c.modulation_order,
                                          .resource_blocks = *resource_blocks(c.range, n, c.mhz),
                                          .numerology = n,
                                          .overhead = radio_overhead(c.range, c.direction)});
    CHECK(std::fabs(static_cast<double>(rate.value) * 1e-6 - c.mbit_s) <= 0.05 + 1e-6);
  }
}

TEST_CASE("when an MCS or CQI row is read, then its efficiency is its modulation order times its code rate") {
  const auto consistent = [](const ModulationAndCoding& row) {
    const double efficiency = row.modulation_order * row.code_rate_x1024 / 1024.0;
    return std::fabs(efficiency - row.spectral_efficiency) < 6e-5 &&
           !modulation_name(row.modulation_order).empty();
  };
  for (const McsTable table : {McsTable::qam64, McsTable::qam256, McsTable::qam64_low_se})
    for (const auto& row : mcs_table(table)) CHECK(consistent(row));
  for (const CqiTable table : {CqiTable::table1, CqiTable::table2, CqiTable::table3}) {
    CHECK(cqi_table(table).size() == 15);
    double previous = 0;
    for (const auto& row : cqi_table(table)) {
      CHECK(consistent(row));
      CHECK(row.spectral_efficiency > previous);
      previous = row.spectral_efficiency;
    }
  }
}

TEST_CASE("when an MCS or CQI index is looked up, then its row is that of TS 38.214") {
  struct Case {
    McsTable table;
    int index, modulation_order;
    double code_rate_x1024, efficiency;
  };
  for (const Case& c : {Case{McsTable::qam64, 0, 2, 120, 0.2344},
                        {McsTable::qam64, 17, 6, 438, 2.5664},
                        {McsTable::qam64, 28, 6, 948, 5.5547},
                        {McsTable::qam256, 11, 6, 466, 2.7305},
                        {McsTable::qam256, 20, 8, 682.5, 5.3320},
                        {McsTable::qam256, 27, 8, 948, 7.4063},
                        {McsTable::qam64_low_se, 0, 2, 30, 0.0586},
                        {McsTable::qam64_low_se, 28, 6, 772, 4.5234}}) {
    CAPTURE(to_string(c.table), c.index);
    const auto row = find_mcs(c.table, c.index);
    REQUIRE(row);
    CHECK(row->modulation_order == c.modulation_order);
    CHECK(row->code_rate_x1024 == c.code_rate_x1024);
    CHECK(row->spectral_efficiency == c.efficiency);
  }
  CHECK(find_cqi(CqiTable::table1, 1)->code_rate_x1024 == 78);
  CHECK(find_cqi(CqiTable::table2, 15)->spectral_efficiency == 7.4063);
  CHECK(find_cqi(CqiTable::table3, 7)->code_rate_x1024 == 449);
  CHECK_FALSE(find_mcs(McsTable::qam64, -1));
  CHECK_FALSE(find_mcs(McsTable::qam64, 29));
  CHECK_FALSE(find_mcs(McsTable::qam256, 28));
  CHECK_FALSE(find_cqi(CqiTable::table1, 0));
  CHECK_FALSE(find_cqi(CqiTable::table1, 16));
}

TEST_CASE("when an efficiency is given, then the highest MCS within it is chosen") {
  for (const McsTable table : {McsTable::qam64, McsTable::qam256, McsTable::qam64_low_se}) {
    const auto rows = mcs_table(table);
    CHECK(mcs_index_for(table, 0.0) == 0);
    CHECK(mcs_index_for(table, 100.0) == static_cast<int>(rows.size()) - 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const int chosen = mcs_index_for(table, rows[i].spectral_efficiency);
      CAPTURE(to_string(table), i, chosen);
      // 16 and 17 of the first table: the higher index has the lower efficiency.
      CHECK(chosen == static_cast<int>(table == McsTable::qam64 && i == 16 ? 17 : i));
    }
  }
}

TEST_CASE("when a TDD pattern is parsed, then every slot's symbols follow") {
  const auto pattern = TddPattern::parse("DDDSU");
  REQUIRE(pattern);
  const int down[] = {14, 14, 14, 10, 0};
  const int up[] = {0, 0, 0, 2, 14};
  for (std::uint64_t slot = 0; slot < 15; ++slot) {
    CAPTURE(slot);
    CHECK(pattern->downlink_symbols(slot) == down[slot % 5]);
    CHECK(pattern->uplink_symbols(slot) == up[slot % 5]);
    CHECK(pattern->is_downlink(slot) == (slot % 5 != 4));
    CHECK(pattern->is_uplink(slot) == (slot % 5 >= 3));
    CHECK(pattern->is_special(slot) == (slot % 5 == 3));
  }
  CHECK(pattern->downlink_fraction(3) == Approx(10.0 / 14));
  CHECK(pattern->downlink_share() == Approx(52.0 / 70));
  CHECK(pattern->uplink_share() == Approx(16.0 / 70));
  CHECK(to_string(*pattern) == "DDDSU");
  CHECK(pattern->special_symbols() == "10:2:2");
  CHECK(TddPattern::parse("DDDSU", pattern->special_symbols()) == *pattern);
  CHECK(TddPattern::parse("DSUUU", "6:4:4")->uplink_symbols(1) == 4);
  CHECK_FALSE(TddPattern::parse("DS", "12:2:0")->is_uplink(1));
  CHECK(TddPattern::parse("DDDSU", "6:4:4") != *pattern);
}

TEST_CASE("when the pattern is FDD, then every slot is both whole") {
  for (const TddPattern& fdd : {TddPattern{}, *TddPattern::parse("FDD")}) {
    CHECK(fdd.is_fdd());
    CHECK(fdd.period() == 1);
    CHECK(fdd.downlink_symbols(7) == 14);
    CHECK(fdd.uplink_symbols(7) == 14);
    CHECK_FALSE(fdd.is_special(0));
    CHECK(fdd.downlink_share() == 1.0);
    CHECK(to_string(fdd) == "FDD");
  }
}

TEST_CASE("when a text is not a TDD pattern, then it is refused") {
  for (const std::string& slots : {std::string(""), std::string("dddsu"), std::string("DDXSU"),
                                   std::string("FDDD"), std::string("DD SU"), std::string(641, 'D')})
    CHECK_FALSE(TddPattern::parse(slots));
  for (const char* special : {"", "10", "10:2", "10:2:2:0", "10:2:3", "14:0:0", "12:0:2", "-1:13:2",
                              "10:4:-0", "10:2:2 ", "a:b:c", "15:1:-2", "99999999999:1:2"}) {
    CAPTURE(special);
    CHECK_FALSE(TddPattern::parse("DDDSU", special));
  }
}
