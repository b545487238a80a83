// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The 5QI table against its standard.
#include <catch2/catch.hpp>

#include "core/fiveg/five_qi.hpp"

using namespace kiriko;

TEST_CASE("when the table is read, then it is complete, ordered and consistent") {
  const auto table = five_qi_table();
  CHECK(table.size() == 32);
  FiveQi previous{0};
  for (const FiveQiCharacteristics& row : table) {
    CAPTURE(static_cast<int>(row.five_qi.value));
    CHECK(previous < row.five_qi);
    previous = row.five_qi;
    CHECK(find_five_qi(row.five_qi) == &row);
    CHECK(row.maximum_data_burst_volume.has_value() == row.late_is_lost());
    CHECK(row.averaging_window.has_value() == row.is_gbr());
    if (row.averaging_window) CHECK(*row.averaging_window == milliseconds(2000));
    CHECK(row.access_network_packet_delay_budget() > Duration{0});
    CHECK(row.access_network_packet_delay_budget() <= row.packet_delay_budget);
  }
}

TEST_CASE("when a 5QI is looked up, then its row is the standard's") {
  struct Case {
    std::uint8_t five_qi;
    const char* resource_type;
    int priority, pdb_ms, an_pdb_ms;
    double per;
    std::int64_t mdbv;
  };
  for (const Case& c : {Case{1, "GBR", 20, 100, 80, 1e-2, 0},
                        {3, "GBR", 30, 50, 30, 1e-3, 0},
                        {5, "Non-GBR", 10, 100, 80, 1e-6, 0},
                        {9, "Non-GBR", 90, 300, 280, 1e-6, 0},
                        {10, "Non-GBR", 90, 1100, 1080, 1e-6, 0},
                        {65, "GBR", 7, 75, 65, 1e-2, 0},
                        {69, "Non-GBR", 5, 60, 50, 1e-6, 0},
                        {71, "GBR", 56, 150, 130, 1e-6, 0},
                        {74, "GBR", 56, 500, 500, 1e-8, 0},
                        {80, "Non-GBR", 68, 10, 8, 1e-6, 0},
                        {82, "Delay-critical GBR", 19, 10, 9, 1e-4, 255},
                        {83, "Delay-critical GBR", 22, 10, 9, 1e-4, 1354},
                        {85, "Delay-critical GBR", 21, 5, 3, 1e-5, 255},
                        {86, "Delay-critical GBR", 18, 5, 3, 1e-4, 1354},
                        {90, "Delay-critical GBR", 25, 20, 19, 1e-4, 63000}}) {
    CAPTURE(static_cast<int>(c.five_qi));
    const auto* row = find_five_qi(FiveQi{c.five_qi});
    REQUIRE(row);
    CHECK(to_string(row->resource_type) == c.resource_type);
    CHECK(row->priority_level == c.priority);
    CHECK(row->packet_delay_budget == milliseconds(c.pdb_ms));
    CHECK(row->access_network_packet_delay_budget() == milliseconds(c.an_pdb_ms));
    CHECK(row->packet_error_rate == c.per);
    CHECK(row->maximum_data_burst_volume.value_or(Bytes{0}).count == c.mdbv);
  }
}

TEST_CASE("when a 5QI is not standardized, then there is no row") {
  for (const int value : {0, 11, 64, 68, 77, 81, 91, 128, 255})
    CHECK(find_five_qi(FiveQi{static_cast<std::uint8_t>(value)}) == nullptr);
}
