// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The loop: datagrams of N4 to the UPF and back between the engine's steps.
#include "tools/kiriko/upf/stand_alone_upf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "scenarios/run/builder.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko {
namespace {

/// For how long N4 is attended to at a time, and how soon again where more waits: packets must not wait for a flood of requests,
/// so at least half of the time is theirs.
constexpr Duration n4_turn = microseconds(50);
constexpr Duration n4_pause = microseconds(50);
constexpr Duration status_interval = seconds(1);

double metric_of(const Report& report, std::string_view name) {
  for (const auto& [metric, value] : report.metrics)
    if (metric == name) return value;
  return 0;
}

}  // namespace

/// Reads the socket when the engine lets it, and sends what the UPF tells.
class StandAloneUpf::Loop final : public Schedule {
 public:
  Loop(StandAloneUpf& upf, std::atomic<bool>& show_status) : upf_(upf), show_status_(show_status) {
    upf_.emulation_->subscribe([this](ModelTime, const NetworkEvent& event) {
      if (const auto* told = std::get_if<ControlMessageEvent>(&event))
        upf_.socket_.send(told->message.peer, told->message.octets);
    });
  }
  ModelTime next_due() override { return next_look_; }
  void run_due(ModelTime now) override {
    const std::int64_t began = wall_ns();
    Duration spent{};
    bool more = true;
    while (more && spent < n4_turn) {
      more = upf_.socket_.receive(
                 1, [this](const pfcp::PeerAddress& from, std::span<const std::uint8_t> octets) {
                   deliver(from, octets);
                 }) != 0;
      spent = Duration{wall_ns() - began};
    }
    next_look_ = more ? now + spent + std::max(spent, n4_pause) : ModelTime::never();
    if (now >= next_status_) tell_changes(now);
    if (show_status_.exchange(false)) {
      std::fputs(upf_.status().c_str(), stdout);
      std::fflush(stdout);
    }
  }

  int wait_descriptor() const override { return upf_.socket_.descriptor(); }

 private:
  void deliver(const pfcp::PeerAddress& from, std::span<const std::uint8_t> octets) {
    const ChangeSet set{
        "datagram", "n4", {DeliverControlMessage{upf_.upf_, {from, {octets.begin(), octets.end()}}}}};
    if (const auto applied = upf_.emulation_->apply(set); !applied && !complained_) {
      complained_ = true;
      std::fprintf(stderr, "upf: %s\n", to_string(applied.error()).c_str());
    }
  }
  /// A line where the number of sessions or associations is another one.
  void tell_changes(ModelTime now) {
    next_status_ = now + status_interval;
    Report report;
    upf_.emulation_->node(upf_.upf_).function().report(report);
    const double sessions = metric_of(report, "sessions"),
                 associations = metric_of(report, "n4_associations");
    if (sessions == sessions_ && associations == associations_) return;
    sessions_ = sessions;
    associations_ = associations;
    fmt::print("{:>10.0f} s  {:.0f} association{}, {:.0f} session{}\n", now.seconds(), associations,
               associations == 1 ? "" : "s", sessions, sessions == 1 ? "" : "s");
    std::fflush(stdout);
  }

  StandAloneUpf& upf_;
  std::atomic<bool>& show_status_;
  ModelTime next_look_{}, next_status_{};
  double sessions_{}, associations_{};
  bool complained_{false};
};

Result<std::unique_ptr<StandAloneUpf>> StandAloneUpf::create(const UpfConfig& config, Scenario scenario) {
  auto pool = PacketPool::create("upf", scenario.run.packets);
  if (!pool) return fail(pool.error());
  auto socket = N4Socket::open(config.n4_address, config.n4_port);
  if (!socket) return fail(socket.error());
  auto built = build(scenario, catalogue(), {});
  if (!built) return fail(built.error());
  const auto upf = std::find_if(scenario.nodes.begin(), scenario.nodes.end(),
                                [](const ScenarioNode& node) { return node.name == "upf"; });
  return std::unique_ptr<StandAloneUpf>(new StandAloneUpf(
      std::move(scenario), std::move(*pool), std::move(*socket), std::move(built->graph), upf->id));
}

StandAloneUpf::StandAloneUpf(Scenario scenario, PacketPool pool, N4Socket socket, Graph graph, NodeId upf)
    : scenario_(std::move(scenario)),
      pool_(std::move(pool)),
      socket_(std::move(socket)),
      upf_(upf),
      emulation_(std::make_unique<Emulation>(Emulation::Setup{.graph = std::move(graph),
                                                              .pool = &pool_,
                                                              .clock = ClockKind::real_time,
                                                              .spin_window = scenario_.run.spin_window})) {}

void StandAloneUpf::run(const std::atomic<bool>& stop, std::atomic<bool>& show_status) {
  Loop loop(*this, show_status);
  emulation_->run(ModelTime::never(), loop, stop, [](ModelTime) {});
}

std::string StandAloneUpf::status() const {
  std::string out;
  for (const ScenarioNode& node : scenario_.nodes) {
    Report report;
    emulation_->node(node.id).function().report(report);
    out += node.name + '\n';
    for (const auto& [name, value] : report.metrics)
      if (value != 0) out += fmt::format("  {:<32} {:>16.0f}\n", name, value);
  }
  return out;
}

}  // namespace kiriko
