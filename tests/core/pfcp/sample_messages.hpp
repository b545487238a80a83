// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One message of each type, as full as a 5G core sends it: for round trips, for tshark and for the fuzzer's corpus.
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/message.hpp"

namespace kiriko::pfcp {

struct SampleMessage {
  const char* name{};
  std::optional<Seid> seid{};
  Message message{};
};

std::vector<SampleMessage> sample_messages();

}  // namespace kiriko::pfcp
