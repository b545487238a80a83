// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Wall-clock facts and the lateness of each link direction.
#include "scenarios/report/fidelity_json.hpp"

#include "scenarios/report/json_writer.hpp"

namespace kiriko {
namespace {

void write_quantiles(JsonWriter& json, const Histogram& late) {
  json.member("p50", late.quantile(0.5)).member("p99", late.quantile(0.99));
  json.member("p99.9", late.quantile(0.999)).member("max", late.maximum());
}

}  // namespace

std::string fidelity_json(const RunResult& result) {
  const WallFacts& wall = result.wall;
  JsonWriter json;
  json.begin_object().member("scenario", result.scenario).member("clock", result.clock);
  json.member("valid", wall.valid).member("invalid_because", wall.invalid_because);
  json.member("tolerance_ns", wall.tolerance.ns);
  json.member("wall_seconds", wall.wall_seconds).member("speed", wall.speed);
  json.member("packets_per_second", wall.packets_per_second).member("workers", wall.workers);
  if (result.clock != "real") json.member("note", "no wall clock enters the result");
  json.key("links").begin_array();
  for (const LinkFidelity& link : wall.links) {
    json.begin_object(JsonWriter::Layout::flat).member("link", link.link).member("released", link.released);
    json.key("lateness_ns").begin_object();
    write_quantiles(json, link.lateness);
    json.end_object().end_object();
  }
  json.end_array().key("devices").begin_array();
  for (const DeviceFidelity& device : wall.devices) {
    json.begin_object(JsonWriter::Layout::flat).member("device", device.device);
    json.member("received", device.unseen.count()).member("missed", device.missed);
    json.key("unseen_ns").begin_object();
    write_quantiles(json, device.unseen);
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace kiriko
