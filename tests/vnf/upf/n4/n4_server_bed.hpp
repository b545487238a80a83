// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4ServerBed: an N4Server on a user plane that only keeps rules, and an SMF that speaks by the codec.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "vnf/upf/check_rules.hpp"
#include "vnf/upf/n4/n4_server.hpp"

namespace kiriko::upf::test {

inline constexpr Ipv4Address smf_ip{10, 0, 0, 1}, other_smf_ip{10, 0, 0, 2}, upf_ip{10, 0, 0, 8},
    n3_ip{10, 0, 3, 8}, gnb_ip{10, 0, 3, 1}, ue_ip{10, 45, 0, 2};
inline constexpr std::int64_t unix_epoch = 1'767'225'600;
inline const pfcp::PeerAddress smf_peer{smf_ip, pfcp::pfcp_port},
    other_smf_peer{other_smf_ip, pfcp::pfcp_port};

/// Checks and keeps rules as the UPF does; a URR's last report comes with the release.
class RuleKeeper final : public UserPlane {
 public:
  Result<void> establish(const PduSessionRules& rules) override {
    if (auto checked = check_rules(rules, n3_ip, "upf, session " + std::to_string(rules.seid.value));
        !checked)
      return checked;
    sessions.insert_or_assign(rules.seid, rules);
    return {};
  }
  Result<void> modify(Seid seid, const PduSessionUpdate& update) override {
    const std::string where = "upf, session " + std::to_string(seid.value);
    const auto session = sessions.find(seid);
    if (session == sessions.end()) return refuse(PfcpCause::session_context_not_found, where, "no session");
    auto merged = updated(session->second, update);
    if (!merged)
      return refuse(PfcpCause::rule_creation_modification_failure,
                    where + ", " + std::string(to_string(merged.error().kind)) + ' ' +
                        std::to_string(merged.error().id),
                    "conflict");
    if (auto checked = check_rules(*merged, n3_ip, where); !checked) return checked;
    session->second = std::move(*merged);
    updates.push_back(update);
    for (const UsageReportingRule& urr : session->second.urrs)
      if (update.query_all_urrs) tell(seid, usage(urr.id, UsageReportTrigger::immediate));
    return {};
  }
  void release(Seid seid) override {
    for (const UsageReportingRule& urr : sessions.at(seid).urrs)
      tell(seid, usage(urr.id, UsageReportTrigger::termination));
    sessions.erase(seid);
  }
  std::optional<PduSessionRules> rules(Seid seid) const override {
    const auto found = sessions.find(seid);
    return found == sessions.end() ? std::nullopt : std::optional(found->second);
  }

  static UsageReport usage(UrrId urr, UsageReportTrigger trigger) {
    return {.urr = urr,
            .sequence_number = 3,
            .trigger = trigger,
            .start = ModelTime{} + seconds(1),
            .end = ModelTime{} + seconds(61),
            .uplink_bytes = 1000,
            .downlink_bytes = 2000,
            .uplink_packets = 10,
            .downlink_packets = 20,
            .duration = seconds(60),
            .first_packet = ModelTime{} + seconds(2),
            .last_packet = ModelTime{} + seconds(60)};
  }
  void tell(Seid seid, const UsageReport& report) { queue.push_back({report.end, seid, report}); }

  std::map<Seid, PduSessionRules> sessions{};
  std::vector<PduSessionUpdate> updates{};
  std::vector<UserPlaneReport> queue{};
};

struct SentMessage {
  pfcp::PeerAddress to{};
  pfcp::Header header{};
  pfcp::Message message{};
};

struct BedOptions {
  N4Options n4{.address = upf_ip, .n3_address = n3_ip, .unix_epoch_seconds = unix_epoch};
  std::vector<std::string> pools{"internet=10.45.0.0/29", "internet=2001:db8:45::/62"};
  std::vector<std::string> applications{"video=permit out 17 from 10.9.0.0/16 5000-5999 to assigned"};
  std::vector<std::string> predefined{"free=permit out ip from 10.8.0.1 to assigned",
                                      "free=permit out ip from 10.8.0.2 to assigned",
                                      "voice=permit out 17 from 10.7.0.0/24 to assigned"};
};

class N4ServerBed {
 public:
  explicit N4ServerBed(const BedOptions& options = {})
      : server(options.n4, *UeAddresses::create(options.pools),
               {*NamedFilters::create("applications", options.applications),
                *NamedFilters::create("predefined_rules", options.predefined)}) {
    server.collect_reports_by([this] { return std::exchange(user_plane.queue, {}); });
  }

  /// What goes in as octets; what comes out is in `sent` from then on.
  void receive(const pfcp::Octets& octets, const pfcp::PeerAddress& from = smf_peer) {
    server.receive(octets, from, now, user_plane);
    collect();
  }
  pfcp::Octets octets_of(const pfcp::Message& message, std::optional<Seid> seid = std::nullopt) {
    const auto encoded = pfcp::encode({.seid = seid, .sequence = pfcp::SequenceNumber{sequence_++}}, message);
    REQUIRE(encoded);
    return *encoded;
  }
  /// The one answer, a `Response`.
  template <class Response>
  Response ask(const pfcp::Message& request, std::optional<Seid> seid = std::nullopt,
               const pfcp::PeerAddress& from = smf_peer) {
    const std::size_t before = sent.size();
    receive(octets_of(request, seid), from);
    for (std::size_t i = before; i < sent.size(); ++i)
      if (const auto* response = std::get_if<Response>(&sent[i].message)) {
        CHECK(sent[i].to == from);
        CHECK(sent[i].header.sequence.value == sequence_ - 1);
        answered_seid = sent[i].header.seid;
        return *response;
      }
    FAIL("no such answer");
    return {};
  }
  pfcp::Cause associate(const pfcp::PeerAddress& from = smf_peer, std::uint32_t started = 1000) {
    pfcp::AssociationSetupRequest setup;
    setup.node_id = std::get<Ipv4Address>(from.address);
    setup.recovery_time_stamp = pfcp::NtpTime{started};
    return ask<pfcp::AssociationSetupResponse>(setup, std::nullopt, from).cause;
  }
  pfcp::SessionEstablishmentResponse establish(const pfcp::SessionEstablishmentRequest& request,
                                               const pfcp::PeerAddress& from = smf_peer) {
    return ask<pfcp::SessionEstablishmentResponse>(request, Seid{0}, from);
  }
  pfcp::SessionModificationResponse modify(Seid up_seid, const pfcp::SessionModificationRequest& request,
                                           const pfcp::PeerAddress& from = smf_peer) {
    return ask<pfcp::SessionModificationResponse>(request, up_seid, from);
  }
  pfcp::SessionDeletionResponse remove(Seid up_seid, const pfcp::PeerAddress& from = smf_peer) {
    return ask<pfcp::SessionDeletionResponse>(pfcp::SessionDeletionRequest{}, up_seid, from);
  }
  /// Lets every timer up to `end` run.
  void run_until(ModelTime end) {
    while (server.next_due() <= end) {
      now = std::max(now, server.next_due());
      server.on_time(now, user_plane);
      collect();
    }
    now = end;
  }
  void report(const std::vector<UserPlaneReport>& reports) {
    server.report(reports, now);
    collect();
  }
  /// Messages of one type sent since the last call of forget().
  template <class Message>
  std::vector<SentMessage> all() const {
    std::vector<SentMessage> out;
    for (const SentMessage& message : sent)
      if (std::holds_alternative<Message>(message.message)) out.push_back(message);
    return out;
  }
  /// Answers the last request of that type.
  template <class Request>
  void answer_last(const pfcp::Message& response, std::optional<Seid> seid = std::nullopt) {
    const auto requests = all<Request>();
    REQUIRE_FALSE(requests.empty());
    const SentMessage& last = requests.back();
    const auto encoded = pfcp::encode({.seid = seid, .sequence = last.header.sequence}, response);
    REQUIRE(encoded);
    receive(*encoded, last.to);
  }
  const PduSessionRules& only_rules() const {
    REQUIRE(user_plane.sessions.size() == 1);
    return user_plane.sessions.begin()->second;
  }

  RuleKeeper user_plane{};
  N4Server server;
  ModelTime now{};
  std::vector<SentMessage> sent{};
  std::optional<Seid> answered_seid{};

 private:
  void collect() {
    for (pfcp::OutDatagram& datagram : server.take_output()) {
      const auto undecoded = pfcp::decode_header(datagram.octets);
      REQUIRE(undecoded);
      auto message = pfcp::decode_body(undecoded->header.type, undecoded->body);
      REQUIRE(message);
      sent.push_back({datagram.to, undecoded->header, std::move(*message)});
    }
  }

  std::uint32_t sequence_{1};
};

}  // namespace kiriko::upf::test
