// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's N4 within the emulation: messages in by changes, messages out by Exits::tell(), timers by wake-ups.
#include <algorithm>
#include <array>
#include <utility>

#include "core/base/random.hpp"
#include "vnf/upf/n4/n4_server.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

/// The causes by which refusals are counted apart; all of them are in n4_refusals.
constexpr std::array<std::pair<const char*, pfcp::Cause>, 6> refusal_metrics{{
    {"n4_refused_no_session", pfcp::Cause::session_context_not_found},
    {"n4_refused_ie_missing", pfcp::Cause::conditional_ie_missing},
    {"n4_refused_ie_incorrect", pfcp::Cause::mandatory_ie_incorrect},
    {"n4_refused_rule_failure", pfcp::Cause::rule_creation_or_modification_failure},
    {"n4_refused_no_resources", pfcp::Cause::no_resources_available},
    {"n4_refused_no_address", pfcp::Cause::all_dynamic_addresses_are_occupied},
}};

/// The user plane during one control call or wake-up.
class PresentUserPlane final : public UserPlane {
 public:
  PresentUserPlane(Upf& upf, ModelTime now, Exits& exits) : upf_(upf), now_(now), exits_(exits) {}
  Result<void> establish(const PduSessionRules& rules) override {
    return carry_out(EstablishPduSession{{}, rules});
  }
  Result<void> modify(Seid seid, const PduSessionUpdate& update) override {
    return carry_out(ModifyPduSession{{}, seid, update});
  }
  void release(Seid seid) override { static_cast<void>(carry_out(ReleasePduSession{{}, seid})); }
  std::optional<PduSessionRules> rules(Seid seid) const override { return upf_.rules(seid); }

 private:
  Result<void> carry_out(const Change& change) {
    auto commit = upf_.prepare(change);
    if (!commit) return fail(commit.error());
    (*commit)(now_, exits_);
    return {};
  }

  Upf& upf_;
  ModelTime now_;
  Exits& exits_;
};

}  // namespace

Result<std::unique_ptr<N4Server>> Upf::make_n4(const FunctionSetup& setup) {
  auto addresses = UeAddresses::create(setup.options.list<std::string>("ue_pools"));
  if (!addresses) return fail(addresses.error());
  auto applications = NamedFilters::create("applications", setup.options.list<std::string>("applications"));
  if (!applications) return fail(applications.error());
  auto predefined =
      NamedFilters::create("predefined_rules", setup.options.list<std::string>("predefined_rules"));
  if (!predefined) return fail(predefined.error());
  N4Options options;
  options.n3_address = *setup.address;
  options.address = *setup.address;
  if (setup.options.has("n4_address")) {
    const auto address = Ipv4Address::parse(setup.options.get<std::string>("n4_address"));
    if (!address) return fail(address.error());
    options.address = *address;
  }
  options.unix_epoch_seconds = setup.options.get<std::int64_t>("n4_epoch");
  options.seed = static_cast<std::uint32_t>(RandomStream(setup.seed, setup.name, "teid").next());
  options.heartbeat = setup.options.get<Duration>("n4_heartbeat");
  options.t1 = setup.options.get<Duration>("n4_t1");
  options.n1 = static_cast<unsigned>(setup.options.get<std::int64_t>("n4_n1"));
  options.most_sessions = static_cast<std::size_t>(setup.options.get<std::int64_t>("n4_most_sessions"));
  for (const SliceDescription& slice : setup.slices) options.slices.emplace(slice.s_nssai, slice.id);
  for (const std::string& text : setup.options.list<std::string>("n4_smfs")) {
    const auto smf = Ipv4Address::parse(text);
    if (!smf) return fail(smf.error());
    options.smfs.push_back({*smf, pfcp::pfcp_port});
  }
  return std::make_unique<N4Server>(options, std::move(*addresses),
                                    NamedRules{std::move(*applications), std::move(*predefined)});
}

Commit Upf::deliver(ControlMessage message) {
  return [this, message = std::move(message)](ModelTime at, Exits& exits) {
    if (n4_silent_) return;
    tell_reports(at, exits);
    PresentUserPlane user_plane(*this, at, exits);
    n4_->receive(message.octets, message.peer, at, user_plane);
    tell_reports(at, exits);
    send_n4(at, exits);
  };
}

// A failed UPF hears nothing and says nothing. It comes back with what it had; what fell due meanwhile is done then.
void Upf::set_n4_running(bool running, ModelTime at, Exits& exits) {
  n4_silent_ = !running;
  if (!running) return;
  n4_since_ = at;
  PresentUserPlane user_plane(*this, at, exits);
  n4_->on_time(at, user_plane);
  send_n4(at, exits);
}

// Reports and timers take their turns by their own times, whenever the wake-up came: what is told does not depend on how
// packets were cut into bursts.
void Upf::tell_reports(ModelTime now, Exits& exits) {
  for (const UserPlaneReport& report : reports_.take()) {
    const ModelTime at = std::max(report.at, n4_since_);
    run_n4_timers(at, exits);
    n4_->report({report}, at);
    send_n4(at, exits);
  }
  run_n4_timers(now, exits);
}

void Upf::run_n4_timers(ModelTime now, Exits& exits) {
  while (n4_->next_due() <= now) {
    const ModelTime due = n4_->next_due();
    PresentUserPlane user_plane(*this, due, exits);
    n4_->on_time(due, user_plane);
    send_n4(due, exits);
  }
}

void Upf::send_n4(ModelTime at, Exits& exits) {
  for (pfcp::OutDatagram& datagram : n4_->take_output())
    exits.tell(at, {.peer = datagram.to, .octets = std::move(datagram.octets)});
  if (n4_->next_due() != ModelTime::never()) exits.at(n4_->next_due());
}

void Upf::report_n4(Report& report) const {
  const auto add = [&report](const char* name, std::uint64_t value) {
    report.metrics.emplace_back(name, static_cast<double>(value));
  };
  static const N4Counters none;
  const N4Counters& counters = n4_ ? n4_->counters() : none;
  const pfcp::EndpointCounters endpoint = n4_ ? n4_->endpoint_counters() : pfcp::EndpointCounters{};
  using enum pfcp::MessageType;
  add("n4_associations", n4_ ? n4_->associations() : 0);
  add("n4_sessions", n4_ ? n4_->sessions() : 0);
  add("n4_requests", counters.all_requests());
  add("n4_establishments", counters.of(session_establishment_request));
  add("n4_modifications", counters.of(session_modification_request));
  add("n4_deletions", counters.of(session_deletion_request));
  add("n4_refusals", counters.refusals());
  for (const auto& [name, cause] : refusal_metrics) {
    const auto found = counters.answers.find(cause);
    add(name, found == counters.answers.end() ? 0 : found->second);
  }
  add("n4_unusable", endpoint.too_short + endpoint.version_unsupported + endpoint.unknown_type +
                         endpoint.unreadable_requests + endpoint.without_association);
  add("n4_repeated", endpoint.repeated_requests);
  add("n4_reports", counters.reports);
  add("n4_reports_unanswered", counters.reports_unanswered);
  add("n4_reports_refused", counters.reports_refused);
  add("n4_sessions_dropped", counters.sessions_dropped);
}

}  // namespace kiriko::upf
