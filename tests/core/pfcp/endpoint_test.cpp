// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The endpoint: retransmission, repeated and reordered messages, associations, heartbeats, refusals by itself.
#include "core/pfcp/endpoint.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/core/pfcp/octets_of_hex.hpp"

using namespace kiriko;
using namespace kiriko::pfcp;

namespace {

const PeerAddress smf{Ipv4Address{10, 0, 0, 1}};
const PeerAddress upf{Ipv4Address{10, 0, 0, 2}};
constexpr ModelTime start{0};
constexpr ModelTime at(std::int64_t s) { return ModelTime{} + seconds(s); }

EndpointOptions options_of(const PeerAddress& own, std::uint32_t stamp = 1000) {
  EndpointOptions options;
  options.node_id = std::get<Ipv4Address>(own.address);
  options.recovery_time_stamp = NtpTime{stamp};
  return options;
}

template <class E>
const E& only(const std::vector<Event>& events) {
  REQUIRE(events.size() == 1);
  REQUIRE(std::holds_alternative<E>(events[0]));
  return std::get<E>(events[0]);
}

Message decoded(const OutDatagram& datagram) {
  const auto received = decode_header(datagram.octets);
  REQUIRE(received);
  auto message = decode_body(received->header.type, received->body);
  REQUIRE(message);
  return *std::move(message);
}

AssociationSetupRequest setup_of(const PfcpEndpoint& endpoint) {
  AssociationSetupRequest setup;
  setup.node_id = endpoint.options().node_id;
  setup.recovery_time_stamp = endpoint.options().recovery_time_stamp;
  return setup;
}
AssociationSetupResponse setup_answer(const PfcpEndpoint& endpoint, Cause cause = Cause::request_accepted) {
  AssociationSetupResponse answer;
  answer.node_id = endpoint.options().node_id;
  answer.cause = cause;
  answer.recovery_time_stamp = endpoint.options().recovery_time_stamp;
  return answer;
}

/// Hands everything one side has to send to the other, which is at `from`'s far end.
std::vector<Event> carry(PfcpEndpoint& sender, const PeerAddress& from, PfcpEndpoint& receiver,
                         ModelTime now) {
  std::vector<Event> events;
  for (const OutDatagram& datagram : sender.take_output())
    for (Event& event : receiver.receive(datagram.octets, from, now)) events.push_back(std::move(event));
  return events;
}

/// An SMF's and a UPF's endpoint, with an association.
struct Pair {
  PfcpEndpoint control{options_of(smf)};
  PfcpEndpoint user{options_of(upf)};

  Pair() {
    REQUIRE(control.request(upf, setup_of(control), start));
    const auto events = carry(control, smf, user, start);
    const auto& request = only<RequestReceived>(events);
    REQUIRE(user.respond(request.request, setup_answer(user), start));
    only<ResponseReceived>(carry(user, upf, control, start));
    REQUIRE(control.is_associated(upf.address));
    REQUIRE(user.is_associated(smf.address));
  }
};

SessionDeletionResponse deleted() {
  SessionDeletionResponse response;
  response.cause = Cause::request_accepted;
  return response;
}

}  // namespace

TEST_CASE("when a request is answered, then the response comes with its token and nothing is due any more") {
  Pair pair;
  const auto token = pair.control.request(upf, SessionDeletionRequest{}, start, Seid{7});
  REQUIRE(token);
  const auto events = carry(pair.control, smf, pair.user, start);
  const auto& request = only<RequestReceived>(events);
  CHECK(request.seid == Seid{7});
  CHECK(request.request.from == smf);
  REQUIRE(pair.user.respond(request.request, deleted(), start, Seid{9}));
  const auto answers = carry(pair.user, upf, pair.control, start);
  const auto& response = only<ResponseReceived>(answers);
  CHECK(response.request == *token);
  CHECK(response.seid == Seid{9});
  CHECK(response.message == Message{deleted()});
  CHECK(pair.control.next_due() == ModelTime::never());
}

TEST_CASE("when no response comes, then the request is sent N1 times, T1 apart, and then it has timed out") {
  EndpointOptions options = options_of(smf);
  options.t1 = seconds(2);
  options.n1 = 3;
  PfcpEndpoint control(options);
  const auto token = control.request(upf, setup_of(control), start);
  REQUIRE(token);
  const auto first = control.take_output();
  REQUIRE(first.size() == 1);
  CHECK(first[0].to == upf);
  for (int i = 1; i <= 2; ++i) {
    CHECK(control.next_due() == at(2 * i));
    CHECK(control.on_time(at(2 * i) - Duration{1}).empty());
    CHECK(control.take_output().empty());
    CHECK(control.on_time(at(2 * i)).empty());
    const auto again = control.take_output();
    REQUIRE(again.size() == 1);
    CHECK(again[0].octets == first[0].octets);
  }
  const auto events = control.on_time(at(6));
  const auto& lost = only<RequestTimedOut>(events);
  CHECK(lost.request == *token);
  CHECK(lost.to == upf);
  CHECK(lost.type == MessageType::association_setup_request);
  CHECK(control.next_due() == ModelTime::never());
  CHECK(control.counters().retransmissions == 2);
}

TEST_CASE(
    "when an establishment has timed out, then it is repeated N1 times more and its answer is still told") {
  for (const unsigned answered_after : {0U, 2U, 3U}) {
    CAPTURE(answered_after);
    EndpointOptions options = options_of(smf);
    options.t1 = seconds(2);
    options.n1 = 3;
    PfcpEndpoint control(options);
    const auto token = control.request(upf, SessionEstablishmentRequest{}, start);
    REQUIRE(token);
    CHECK(control.on_time(at(2)).empty());
    CHECK(control.on_time(at(4)).empty());
    CHECK(only<RequestTimedOut>(control.on_time(at(6))).request == *token);
    for (unsigned i = 1; i <= answered_after; ++i) CHECK(control.on_time(at(6 + 2 * i)).empty());
    const auto sent = control.take_output();
    REQUIRE(sent.size() == std::min(4 + answered_after, 6U));
    SessionEstablishmentResponse accepted;
    accepted.node_id = std::get<Ipv4Address>(upf.address);
    accepted.cause = Cause::request_accepted;
    const auto header = decode_header(sent.back().octets);
    REQUIRE(header);
    const auto octets = encode({.type = MessageType::session_establishment_response,
                                .seid = Seid{1},
                                .sequence = header->header.sequence},
                               accepted);
    REQUIRE(octets);
    const auto events = control.receive(*octets, upf, at(20));
    if (answered_after < 3)
      CHECK(only<ResponseReceived>(events).request == *token);
    else
      CHECK(events.empty());
    CHECK(control.next_due() == ModelTime::never());
  }
}

TEST_CASE("when a request is repeated, then it is carried out once and answered with the same octets") {
  Pair pair;
  REQUIRE(pair.control.request(upf, SessionDeletionRequest{}, start, Seid{7}));
  const Octets octets = pair.control.take_output().at(0).octets;
  const auto events = pair.user.receive(octets, smf, start);
  const RequestHandle request = only<RequestReceived>(events).request;
  CHECK(pair.user.receive(octets, smf, at(3)).empty());
  CHECK(pair.user.take_output().empty());
  REQUIRE(pair.user.respond(request, deleted(), at(4), Seid{9}));
  const auto answer = pair.user.take_output();
  CHECK(pair.user.receive(octets, smf, at(5)).empty());
  const auto again = pair.user.take_output();
  REQUIRE(again.size() == 1);
  CHECK(again[0].octets == answer.at(0).octets);
  CHECK(pair.user.counters().repeated_requests == 2);

  const PeerAddress other_port{smf.address, 40'000};
  CHECK(pair.user.receive(octets, other_port, at(5)).size() == 1);
  CHECK(pair.user.receive(octets, smf, at(19)).empty());
  CHECK(pair.user.receive(octets, smf, at(20)).size() == 1);
}

TEST_CASE("when the cache is full, then the oldest answer goes first") {
  EndpointOptions options = options_of(upf);
  options.cache.entries = 2;
  options.require_association = false;
  PfcpEndpoint user(options);
  const auto request = [](std::uint32_t sequence) {
    return *encode({.seid = Seid{1}, .sequence = SequenceNumber{sequence}}, SessionDeletionRequest{});
  };
  for (const std::uint32_t sequence : {1U, 2U, 3U}) {
    const auto events = user.receive(request(sequence), smf, start);
    REQUIRE(user.respond(only<RequestReceived>(events).request, deleted(), start, Seid{1}));
  }
  CHECK(user.receive(request(3), smf, start).empty());
  CHECK(user.receive(request(2), smf, start).empty());
  CHECK(user.receive(request(1), smf, start).size() == 1);
}

TEST_CASE("when responses come late, twice, in another order or from elsewhere, then each counts once") {
  Pair pair;
  const auto one = pair.control.request(upf, SessionDeletionRequest{}, start, Seid{1});
  const auto two = pair.control.request(upf, SessionDeletionRequest{}, start, Seid{2});
  for (const Event& event : carry(pair.control, smf, pair.user, start))
    REQUIRE(pair.user.respond(std::get<RequestReceived>(event).request, deleted(), start, Seid{5}));
  const auto answers = pair.user.take_output();
  REQUIRE(answers.size() == 2);
  const PeerAddress elsewhere{Ipv4Address{10, 0, 0, 3}};
  CHECK(pair.control.receive(answers[1].octets, elsewhere, start).empty());
  CHECK(only<ResponseReceived>(pair.control.receive(answers[1].octets, upf, start)).request == *two);
  CHECK(only<ResponseReceived>(pair.control.receive(answers[0].octets, upf, at(1))).request == *one);
  CHECK(pair.control.receive(answers[0].octets, upf, at(2)).empty());
  CHECK(pair.control.counters().unexpected_responses == 2);
}

TEST_CASE("when a response has another type than the request wants, then the request goes on") {
  Pair pair;
  REQUIRE(pair.control.request(upf, SessionDeletionRequest{}, start, Seid{1}));
  const auto sequence = decode_header(pair.control.take_output().at(0).octets)->header.sequence;
  SessionModificationResponse wrong;
  wrong.cause = Cause::request_accepted;
  CHECK(pair.control.receive(*encode({.seid = Seid{1}, .sequence = sequence}, wrong), upf, start).empty());
  CHECK(pair.control.next_due() == at(3));
  const auto events =
      pair.control.receive(*encode({.sequence = sequence}, VersionNotSupportedResponse{}), upf, start);
  CHECK(std::holds_alternative<VersionNotSupportedResponse>(only<ResponseReceived>(events).message));
}

TEST_CASE("when a response cannot be read, then the user is told and the request is not repeated") {
  Pair pair;
  const auto token = pair.control.request(upf, SessionDeletionRequest{}, start, Seid{1});
  auto octets = pair.control.take_output().at(0).octets;
  octets[1] = static_cast<std::uint8_t>(MessageType::session_deletion_response);
  const auto events = pair.control.receive(octets, upf, start);
  const auto& unreadable = only<ResponseUnreadable>(events);
  CHECK(unreadable.request == *token);
  CHECK(unreadable.fault == Fault{Cause::mandatory_ie_missing, IeType::cause});
  CHECK(pair.control.next_due() == ModelTime::never());
}

TEST_CASE(
    "when there is no association, then heartbeats are answered and other requests refused with their "
    "cause") {
  PfcpEndpoint user(options_of(upf));
  const HeartbeatRequest heartbeat{NtpTime{5}, {}, {}};
  CHECK(user.receive(*encode({.sequence = SequenceNumber{4}}, heartbeat), smf, start).empty());
  auto answers = user.take_output();
  REQUIRE(answers.size() == 1);
  CHECK(decoded(answers[0]) == Message{HeartbeatResponse{NtpTime{1000}, {}}});
  CHECK(decode_header(answers[0].octets)->header.sequence == SequenceNumber{4});

  // Nothing but the header and a CP F-SEID of 0x99: refused before its IEs are looked at.
  const Octets establishment = octets_of_hex(
      "2132001d"
      "0000000000000000"
      "00000600"
      "0039000d02"
      "0000000000000099"
      "0a000001");
  CHECK(user.receive(establishment, smf, start).empty());
  answers = user.take_output();
  REQUIRE(answers.size() == 1);
  CHECK(decode_header(answers[0].octets)->header.seid == Seid{0x99});
  CHECK(std::get<SessionEstablishmentResponse>(decoded(answers[0])).cause ==
        Cause::no_established_pfcp_association);
  CHECK(
      user.receive(*encode({}, AssociationReleaseRequest{Ipv4Address{10, 0, 0, 1}, {}}), smf, start).empty());
  CHECK(std::get<AssociationReleaseResponse>(decoded(user.take_output().at(0))).cause ==
        Cause::no_established_pfcp_association);
  CHECK(user.counters().without_association == 2);
}

TEST_CASE("when a request cannot be read, then the endpoint refuses it with cause and offending IE") {
  EndpointOptions options = options_of(upf);
  options.peer_seid = [](Seid own) { return Seid{own.value + 100}; };
  PfcpEndpoint user(options);
  auto events = user.receive(*encode({.sequence = SequenceNumber{1}}, setup_of(user)), smf, start);
  REQUIRE(user.respond(only<RequestReceived>(events).request, setup_answer(user), start));
  user.take_output();
  CHECK(user.receive(octets_of_hex("21340014"
                                   "0000000000000007"
                                   "00000200"
                                   "00010004"
                                   "7fff0000"),
                     smf, start)
            .empty());
  auto answers = user.take_output();
  REQUIRE(answers.size() == 1);
  CHECK(decode_header(answers[0].octets)->header.seid == Seid{107});
  const auto response = std::get<SessionModificationResponse>(decoded(answers[0]));
  CHECK(response.cause == Cause::mandatory_ie_missing);
  CHECK(response.offending_ie == IeType::pdr_id);

  CHECK(user.receive(octets_of_hex("2005000400000300"), smf, start).empty());
  const auto setup = std::get<AssociationSetupResponse>(decoded(user.take_output().at(0)));
  CHECK(setup.cause == Cause::mandatory_ie_missing);
  CHECK(user.counters().unreadable_requests == 2);
}

TEST_CASE(
    "when octets are of another version, short or of an unknown type, then they are answered or counted") {
  PfcpEndpoint user(options_of(upf));
  CHECK(user.receive(octets_of_hex("4001000400000700"), smf, start).empty());
  const auto answers = user.take_output();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].octets == octets_of_hex("200b000400000700"));
  for (const char* silent : {"400b000400000700", "", "2001", "20010009000007000060", "20c8000400000700",
                             "2034000400000700", "2139001000000000000000010000070000130000"}) {
    CAPTURE(silent);
    CHECK(user.receive(octets_of_hex(silent), smf, start).empty());
    CHECK(user.take_output().empty());
  }
  CHECK(user.counters().version_unsupported == 2);
  CHECK(user.counters().too_short == 4);
  CHECK(user.counters().unknown_type == 1);
  CHECK(user.counters().unexpected_responses == 1);
}

TEST_CASE("when messages are bundled in a datagram, then each is looked at") {
  PfcpEndpoint user(options_of(upf));
  Octets bundle;
  const HeartbeatRequest heartbeat{NtpTime{5}, {}, {}};
  REQUIRE(encode({.sequence = SequenceNumber{1}, .follow_on = true}, heartbeat, bundle));
  REQUIRE(encode({.sequence = SequenceNumber{2}, .follow_on = true}, setup_of(user), bundle));
  REQUIRE(encode({.sequence = SequenceNumber{3}}, heartbeat, bundle));
  only<RequestReceived>(user.receive(bundle, smf, start));
  CHECK(user.take_output().size() == 2);
  bundle.resize(bundle.size() - 1);
  CHECK(user.receive(bundle, smf, start).empty());
  CHECK(user.take_output().size() == 1);
  CHECK(user.counters().too_short == 1);
}

TEST_CASE("when a setup is refused or a release accepted, then there is no association") {
  PfcpEndpoint control(options_of(smf));
  PfcpEndpoint user(options_of(upf));
  REQUIRE(user.request(smf, setup_of(user), start));
  auto events = carry(user, upf, control, start);
  REQUIRE(control.respond(only<RequestReceived>(events).request,
                          setup_answer(control, Cause::no_resources_available), start));
  only<ResponseReceived>(carry(control, smf, user, start));
  CHECK_FALSE(user.is_associated(smf.address));
  CHECK_FALSE(control.is_associated(upf.address));

  Pair pair;
  REQUIRE(pair.user.request(smf, AssociationReleaseRequest{Ipv4Address{10, 0, 0, 2}, {}}, start));
  events = carry(pair.user, upf, pair.control, start);
  AssociationReleaseResponse released;
  released.node_id = pair.control.options().node_id;
  released.cause = Cause::request_accepted;
  REQUIRE(pair.control.respond(only<RequestReceived>(events).request, released, start));
  only<ResponseReceived>(carry(pair.control, smf, pair.user, start));
  CHECK_FALSE(pair.user.is_associated(smf.address));
  CHECK_FALSE(pair.control.is_associated(upf.address));
}

TEST_CASE(
    "when heartbeats stay unanswered, then the peer has failed once, and it recovers with its next answer") {
  Pair pair;
  pair.control.watch(upf, start);
  CHECK(pair.control.next_due() == start);
  CHECK(pair.control.on_time(start).empty());
  CHECK(carry(pair.control, smf, pair.user, start).empty());
  CHECK(carry(pair.user, upf, pair.control, start).empty());
  CHECK(pair.control.next_due() == at(60));

  std::vector<Event> events;
  std::size_t sent = 0;
  while (pair.control.next_due() < at(150)) {
    const ModelTime now = pair.control.next_due();
    for (Event& event : pair.control.on_time(now)) events.push_back(std::move(event));
    sent += pair.control.take_output().size();
  }
  CHECK(sent == 6);
  CHECK(only<PeerFailed>(events).peer == upf);
  CHECK(pair.control.is_associated(upf.address));

  const ModelTime again = pair.control.next_due();
  CHECK(pair.control.on_time(again).empty());
  CHECK(carry(pair.control, smf, pair.user, again).empty());
  only<PeerRecovered>(carry(pair.user, upf, pair.control, again));
  CHECK(pair.control.next_due() == again + seconds(60));
  pair.control.unwatch(upf.address);
  CHECK(pair.control.next_due() == ModelTime::never());
}

TEST_CASE(
    "when a peer comes back with another recovery time stamp, then it has restarted and is not associated") {
  Pair pair;
  PfcpEndpoint reborn(options_of(upf, 2000));
  SECTION("told by its heartbeat") {
    reborn.watch(smf, start);
    CHECK(reborn.on_time(start).empty());
    const auto events = carry(reborn, upf, pair.control, start);
    const auto& restarted = only<PeerRestarted>(events);
    CHECK(restarted.before == NtpTime{1000});
    CHECK(restarted.now == NtpTime{2000});
  }
  SECTION("told by its answer to a heartbeat") {
    pair.control.watch(upf, start);
    CHECK(pair.control.on_time(start).empty());
    CHECK(carry(pair.control, smf, reborn, start).empty());
    only<PeerRestarted>(carry(reborn, upf, pair.control, start));
  }
  SECTION("told by its setup request, ahead of it") {
    REQUIRE(reborn.request(smf, setup_of(reborn), start));
    const auto events = carry(reborn, upf, pair.control, start);
    REQUIRE(events.size() == 2);
    CHECK(std::holds_alternative<PeerRestarted>(events[0]));
    CHECK(std::holds_alternative<RequestReceived>(events[1]));
  }
  CHECK_FALSE(pair.control.is_associated(upf.address));
}

TEST_CASE("when a peer is forgotten, then its requests end without an event") {
  Pair pair;
  REQUIRE(pair.control.request(upf, SessionDeletionRequest{}, start, Seid{1}));
  pair.control.watch(upf, start);
  CHECK(pair.control.on_time(start).empty());
  pair.control.forget(upf.address);
  CHECK(pair.control.next_due() == ModelTime::never());
  CHECK_FALSE(pair.control.is_associated(upf.address));
  CHECK(pair.control.on_time(at(100)).empty());
}

TEST_CASE("when a message is sent as what it is not, then a problem comes back and nothing is sent") {
  Pair pair;
  CHECK_FALSE(pair.control.request(upf, deleted(), start));
  CHECK_FALSE(pair.control.respond({upf, SequenceNumber{1}, MessageType::session_report_request, {}},
                                   deleted(), start));
  CHECK_FALSE(pair.control.refuse({upf, SequenceNumber{1}, MessageType::heartbeat_request, {}},
                                  {Cause::system_failure, {}}, start));
  CHECK(pair.control.take_output().empty());
}

TEST_CASE("when a request has a priority, then its response has the same") {
  Pair pair;
  REQUIRE(pair.control.request(upf, SessionDeletionRequest{}, start, Seid{1}, std::uint8_t{3}));
  const auto events = carry(pair.control, smf, pair.user, start);
  REQUIRE(pair.user.respond(only<RequestReceived>(events).request, deleted(), start, Seid{1}));
  CHECK(decode_header(pair.user.take_output().at(0).octets)->header.priority == 3);
}
