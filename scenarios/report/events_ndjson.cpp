// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Newline-delimited JSON.
#include "scenarios/report/events_ndjson.hpp"

#include "scenarios/report/json_writer.hpp"

namespace kiriko {

std::string events_ndjson(const RunResult& result) {
  std::string out;
  for (const EventRecord& event : result.events) {
    JsonWriter json;
    json.begin_object(JsonWriter::Layout::flat).member("at_ns", event.at.ns).member("kind", event.kind);
    json.member("author", event.author)
        .member("text", event.text)
        .member("packets_lost", event.packets_lost)
        .end_object();
    out += json.text() + "\n";
  }
  return out;
}

}  // namespace kiriko
