// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From path loss to MCS: the link budget's arithmetic, the curve of errors, the outer loop's target.
#include "core/fiveg/channel/link_adaptation.hpp"

#include <array>
#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/fiveg/channel/link_budget.hpp"

using namespace kiriko;

TEST_CASE("when power, loss and bandwidth are given, then noise and SINR follow") {
  CHECK(noise_dbm(100e6, 7) == Approx(-87.0));
  CHECK(sinr_db(-80, -90) == Approx(10));
  const std::array<Interferer, 2> equal{{{-90, 1}, {-90, 0}}};
  CHECK(sinr_db(-80, -90, equal) ==
        Approx(10 - 3.0103));  // as much interference as noise; the idle cell adds none
  CHECK(sector_gain_db(0) == 0);
  CHECK(sector_gain_db(32.5) == Approx(-3));
  CHECK(sector_gain_db(-392.5) == Approx(-3));
  CHECK(sector_gain_db(180) == -30);
}

TEST_CASE("when SINR rises, then CQI and MCS rise through all their indices and errors fall") {
  int cqi = 0, mcs = 0;
  LinkAdaptation adaptation{McsTable::qam256, 0.1};
  for (double sinr = -15; sinr < 45; sinr += 0.1) {
    CHECK(cqi_for(CqiTable::table2, sinr) - cqi >= 0);
    CHECK(cqi_for(CqiTable::table2, sinr) - cqi <= 1);
    CHECK(adaptation.mcs_for(sinr) - mcs >= 0);
    CHECK(adaptation.mcs_for(sinr) - mcs <= 1);
    cqi = cqi_for(CqiTable::table2, sinr), mcs = adaptation.mcs_for(sinr);
    CHECK(block_error_rate(2, sinr) >= block_error_rate(2, sinr + 0.1));
  }
  CHECK(cqi == 15);
  CHECK(mcs == 27);
  for (const double efficiency : {0.06, 0.1523, 1.0, 5.5547, 7.4})
    CHECK(carried_efficiency(required_sinr_db(efficiency)) == Approx(efficiency));
  CHECK(required_sinr_db(2.4063) == Approx(10.3));
  CHECK(cqi_for(CqiTable::table1, -6.71) == 0);
  CHECK(cqi_for(CqiTable::table1, -6.69) == 1);
  CHECK(cqi_for(CqiTable::table1, 22.71) == 15);
  // Table 3 is for a block error rate of 1e-5: four decades more.
  CHECK(cqi_for(CqiTable::table3, 10.3 + 3.9) == 10);
  CHECK(cqi_for(CqiTable::table3, 10.3 + 4.1) == 11);
  CHECK(block_error_rate(2, required_sinr_db(2)) == Approx(0.1));
  CHECK(block_error_rate(2, required_sinr_db(2) + 1) < 0.0111);
}

TEST_CASE("when the estimate of SINR is wrong, then the outer loop finds the MCS that meets the target") {
  for (const double target : {0.1, 0.01})
    for (const double bias_db : {-6.0, 0.0, 6.0}) {
      const auto rows = mcs_table(McsTable::qam256);
      LinkAdaptation adaptation{McsTable::qam256, target};
      RandomStream draws{1, 2, 3};
      int failed = 0, sent = 0;
      for (int block = 0; block < 400'000; ++block) {
        const double sinr = 12 + 3 * draws.normal();
        const int mcs = adaptation.mcs_for(sinr + bias_db);
        const bool lost =
            draws.chance(block_error_rate(rows[static_cast<std::size_t>(mcs)].spectral_efficiency, sinr));
        adaptation.acknowledged(!lost);
        if (block < 20'000) continue;
        ++sent;
        failed += lost;
      }
      INFO("target " << target << ", bias " << bias_db << " dB, offset " << adaptation.offset_db());
      CHECK(static_cast<double>(failed) / sent == Approx(target).epsilon(0.05));
    }
}
