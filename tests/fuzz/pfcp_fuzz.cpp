// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any octets as a PFCP datagram. What decodes is encoded to what decodes to the same; an endpoint takes all.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/pfcp/codec.hpp"
#include "core/pfcp/endpoint.hpp"
#include "core/pfcp/flow_description.hpp"

namespace {

using namespace kiriko;
using namespace kiriko::pfcp;

void check_round_trip(OctetView octets) {
  const auto received = decode_header(octets);
  if (!received) return;
  const auto message = decode_body(received->header.type, received->body);
  if (!message) return;
  const auto encoded = encode(received->header, *message);
  if (!encoded) return;  // later releases' octets are sent, which may be more than came
  const auto again = decode_header(*encoded);
  if (!again || again->header != received->header || again->size != encoded->size()) std::abort();
  const auto same = decode_body(again->header.type, again->body);
  if (!same || *same != *message) std::abort();
  if (encode(again->header, *same) != *encoded) std::abort();
}

/// The endpoint has an association and a request under way; requests are answered, some of them late.
void check_endpoint(OctetView octets) {
  EndpointOptions options;
  options.node_id = Ipv4Address{10, 0, 0, 2};
  options.cache.entries = 4;
  PfcpEndpoint endpoint(options);
  const PeerAddress peer{Ipv4Address{10, 0, 0, 1}};
  ModelTime now{};
  AssociationSetupRequest setup;
  setup.node_id = options.node_id;
  if (!endpoint.request(peer, setup, now)) std::abort();
  AssociationSetupResponse accepted;
  accepted.cause = Cause::request_accepted;
  accepted.node_id = options.node_id;
  const auto answer = encode({}, accepted);
  endpoint.receive(*answer, peer, now);
  if (!endpoint.is_associated(peer.address)) std::abort();
  endpoint.watch(peer, now);
  for (int i = 0; i < 3; ++i) {
    for (const Event& event : endpoint.receive(octets, peer, now)) {
      const auto* request = std::get_if<RequestReceived>(&event);
      if (request != nullptr && i == 0)
        (void)endpoint.refuse(request->request, {Cause::system_failure, {}}, now);
    }
    now += seconds(4);
    endpoint.on_time(now);
    endpoint.take_output();
  }
}

void check_flow_description(std::string_view text) {
  const auto flow = FlowDescription::parse(text);
  if (flow && FlowDescription::parse(to_string(*flow)) != flow) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const OctetView octets(bytes, size);
  check_round_trip(octets);
  check_endpoint(octets);
  check_flow_description({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
