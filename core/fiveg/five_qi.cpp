// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The 5QI table, row by row in the standard's columns.
#include "core/fiveg/five_qi.hpp"

#include <algorithm>

namespace kiriko {
namespace {

using std::nullopt;
using Type = QosResourceType;

// 5QI, resource type, priority level, PDB, static CN PDB, PER, MDBV, averaging window.
constexpr FiveQiCharacteristics table[] = {
    {FiveQi{1}, Type::gbr, 20, milliseconds(100), milliseconds(20), 1e-2, nullopt, milliseconds(2000),
     "conversational voice"},
    {FiveQi{2}, Type::gbr, 40, milliseconds(150), milliseconds(20), 1e-3, nullopt, milliseconds(2000),
     "conversational video (live streaming)"},
    {FiveQi{3}, Type::gbr, 30, milliseconds(50), milliseconds(20), 1e-3, nullopt, milliseconds(2000),
     "real time gaming, V2X messages, electricity distribution (medium voltage), process automation "
     "monitoring"},
    {FiveQi{4}, Type::gbr, 50, milliseconds(300), milliseconds(20), 1e-6, nullopt, milliseconds(2000),
     "non-conversational video (buffered streaming)"},
    {FiveQi{5}, Type::non_gbr, 10, milliseconds(100), milliseconds(20), 1e-6, nullopt, nullopt,
     "IMS signalling"},
    {FiveQi{6}, Type::non_gbr, 60, milliseconds(300), milliseconds(20), 1e-6, nullopt, nullopt,
     "video (buffered streaming), TCP-based, AI/ML model download for image recognition"},
    {FiveQi{7}, Type::non_gbr, 70, milliseconds(100), milliseconds(20), 1e-3, nullopt, nullopt,
     "voice, video (live streaming), interactive gaming, AI/ML model download for image recognition"},
    {FiveQi{8}, Type::non_gbr, 80, milliseconds(300), milliseconds(20), 1e-6, nullopt, nullopt,
     "video (buffered streaming), TCP-based"},
    {FiveQi{9}, Type::non_gbr, 90, milliseconds(300), milliseconds(20), 1e-6, nullopt, nullopt,
     "video (buffered streaming), TCP-based"},
    {FiveQi{10}, Type::non_gbr, 90, milliseconds(1100), milliseconds(20), 1e-6, nullopt, nullopt,
     "video (buffered streaming), TCP-based, any service over satellite access"},
    {FiveQi{65}, Type::gbr, 7, milliseconds(75), milliseconds(10), 1e-2, nullopt, milliseconds(2000),
     "mission critical push to talk voice"},
    {FiveQi{66}, Type::gbr, 20, milliseconds(100), milliseconds(20), 1e-2, nullopt, milliseconds(2000),
     "non-mission-critical push to talk voice"},
    {FiveQi{67}, Type::gbr, 15, milliseconds(100), milliseconds(20), 1e-3, nullopt, milliseconds(2000),
     "mission critical video"},
    {FiveQi{69}, Type::non_gbr, 5, milliseconds(60), milliseconds(10), 1e-6, nullopt, nullopt,
     "mission critical delay sensitive signalling"},
    {FiveQi{70}, Type::non_gbr, 55, milliseconds(200), milliseconds(10), 1e-6, nullopt, nullopt,
     "mission critical data"},
    {FiveQi{71}, Type::gbr, 56, milliseconds(150), milliseconds(20), 1e-6, nullopt, milliseconds(2000),
     "live uplink streaming"},
    {FiveQi{72}, Type::gbr, 56, milliseconds(300), milliseconds(20), 1e-4, nullopt, milliseconds(2000),
     "live uplink streaming"},
    {FiveQi{73}, Type::gbr, 56, milliseconds(300), milliseconds(20), 1e-8, nullopt, milliseconds(2000),
     "live uplink streaming"},
    {FiveQi{74}, Type::gbr, 56, milliseconds(500), nullopt, 1e-8, nullopt, milliseconds(2000),
     "live uplink streaming"},
    {FiveQi{75}, Type::gbr, 25, milliseconds(50), milliseconds(20), 1e-2, nullopt, milliseconds(2000),
     "V2X messages, A2X messages"},
    {FiveQi{76}, Type::gbr, 56, milliseconds(500), milliseconds(20), 1e-4, nullopt, milliseconds(2000),
     "live uplink streaming"},
    {FiveQi{79}, Type::non_gbr, 65, milliseconds(50), milliseconds(20), 1e-2, nullopt, nullopt,
     "V2X messages"},
    {FiveQi{80}, Type::non_gbr, 68, milliseconds(10), milliseconds(2), 1e-6, nullopt, nullopt,
     "low latency eMBB, augmented reality"},
    {FiveQi{82}, Type::delay_critical_gbr, 19, milliseconds(10), milliseconds(1), 1e-4, Bytes{255},
     milliseconds(2000), "discrete automation"},
    {FiveQi{83}, Type::delay_critical_gbr, 22, milliseconds(10), milliseconds(1), 1e-4, Bytes{1354},
     milliseconds(2000), "discrete automation, V2X messages (platooning, cooperative lane change)"},
    {FiveQi{84}, Type::delay_critical_gbr, 24, milliseconds(30), milliseconds(5), 1e-5, Bytes{1354},
     milliseconds(2000), "intelligent transport systems"},
    {FiveQi{85}, Type::delay_critical_gbr, 21, milliseconds(5), milliseconds(2), 1e-5, Bytes{255},
     milliseconds(2000),
     "electricity distribution (high voltage), V2X messages (remote driving), split AI/ML inference"},
    {FiveQi{86}, Type::delay_critical_gbr, 18, milliseconds(5), milliseconds(2), 1e-4, Bytes{1354},
     milliseconds(2000), "V2X messages (collision avoidance, platooning)"},
    {FiveQi{87}, Type::delay_critical_gbr, 25, milliseconds(5), milliseconds(1), 1e-3, Bytes{500},
     milliseconds(2000), "interactive service: motion tracking"},
    {FiveQi{88}, Type::delay_critical_gbr, 25, milliseconds(10), milliseconds(1), 1e-3, Bytes{1125},
     milliseconds(2000), "interactive service: motion tracking, split AI/ML inference"},
    {FiveQi{89}, Type::delay_critical_gbr, 25, milliseconds(15), milliseconds(1), 1e-4, Bytes{17000},
     milliseconds(2000), "visual content for cloud, edge or split rendering"},
    {FiveQi{90}, Type::delay_critical_gbr, 25, milliseconds(20), milliseconds(1), 1e-4, Bytes{63000},
     milliseconds(2000), "visual content for cloud, edge or split rendering"},
};

}  // namespace

std::string_view to_string(QosResourceType type) {
  switch (type) {
    case Type::gbr: return "GBR";
    case Type::non_gbr: return "Non-GBR";
    case Type::delay_critical_gbr: return "Delay-critical GBR";
  }
  return "";
}

std::span<const FiveQiCharacteristics> five_qi_table() { return table; }

const FiveQiCharacteristics* find_five_qi(FiveQi five_qi) {
  const auto* row = std::lower_bound(std::begin(table), std::end(table), five_qi,
                                     [](const auto& r, FiveQi wanted) { return r.five_qi < wanted; });
  return row != std::end(table) && row->five_qi == five_qi ? row : nullptr;
}

}  // namespace kiriko
