// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's N4 within the emulation: messages in by changes, messages out by Exits::tell(), timers by wake-ups.
#include <algorithm>

#include "core/base/random.hpp"
#include "vnf/upf/n4/n4_server.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

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
  return std::make_unique<N4Server>(options, std::move(*addresses));
}

Commit Upf::deliver(ControlMessage message) {
  return [this, message = std::move(message)](ModelTime at, Exits& exits) {
    tell_reports(at, exits);
    PresentUserPlane user_plane(*this, at, exits);
    n4_->receive(message.octets, message.peer, at, user_plane);
    tell_reports(at, exits);
    send_n4(at, exits);
  };
}

// Reports and timers take their turns by their own times, whenever the wake-up came: what is told does not depend on how
// packets were cut into bursts.
void Upf::tell_reports(ModelTime now, Exits& exits) {
  for (const UserPlaneReport& report : reports_.take()) {
    run_n4_timers(report.at, exits);
    n4_->report({report}, report.at);
    send_n4(report.at, exits);
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
  const N4Counters counters = n4_ ? n4_->counters() : N4Counters{};
  add("n4_associations", n4_ ? n4_->associations() : 0);
  add("n4_sessions", n4_ ? n4_->sessions() : 0);
  add("n4_requests", counters.requests);
  add("n4_refusals", counters.refusals);
  add("n4_reports", counters.reports);
  add("n4_reports_unanswered", counters.reports_unanswered);
  add("n4_sessions_dropped", counters.sessions_dropped);
}

}  // namespace kiriko::upf
