// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A host's creation, its wake-ups, and the changes it takes.
#include "core/traffic/host.hpp"

#include <cmath>

#include "core/traffic/device_crowd.hpp"

namespace kiriko {
namespace {

constexpr double largest_scale = 1e6;

}  // namespace

Host::Host(const HostSetup& setup)
    : name_(setup.name),
      kind_(setup.kind),
      node_(setup.node),
      address_(setup.address),
      mac_(setup.mac),
      port_count_(setup.port_count),
      flow_index_(setup.sends.size() + setup.receives.size()),
      agenda_(0) {}

Result<std::unique_ptr<Host>> Host::create(const HostSetup& setup) {
  std::unique_ptr<Host> host(new Host(setup));
  for (const FlowSpec& spec : setup.sends)
    if (const auto added = host->add_source(spec, setup.seed); !added) return fail(added.error());
  for (const FlowSpec& spec : setup.receives)
    if (const auto added = host->add_sink(spec); !added) return fail(added.error());

  const auto sources = static_cast<std::uint32_t>(host->sources_.size());
  host->agenda_ = Agenda(sources + static_cast<std::uint32_t>(host->tcp_senders_.size()));
  std::uint32_t udp = 0;
  std::uint32_t tcp = sources;
  for (const FlowSpec& spec : setup.sends)
    host->sends_.push_back(find_traffic_model(spec.model)->closed_loop() ? tcp++ : udp++);
  for (std::uint32_t i = 0; i < sources; ++i) host->agenda_.set(i, host->sources_[i].due());
  for (std::uint32_t i = 0; i < host->tcp_senders_.size(); ++i)
    host->agenda_.set(sources + i, host->tcp_senders_[i].due());
  return host;
}

Result<void> Host::add_source(const FlowSpec& spec, std::uint64_t seed) {
  const TrafficModelDescriptor* descriptor = find_traffic_model(spec.model);
  if (descriptor == nullptr)
    return fail({.message = "there is no traffic model '" + spec.model + "'", .where = spec.name});
  if (descriptor->closed_loop()) {
    tcp_senders_.emplace_back(spec, mac_);
    return index_flow(spec, Role::tcp_sender, tcp_senders_.size() - 1);
  }
  auto model = spec.devices == 1 ? descriptor->create(spec.options, seed, spec.name)
                                 : make_device_crowd(*descriptor, spec.options, spec.devices,
                                                     spec.device_spread, seed, spec.name);
  if (!model) {
    Problem problem = model.error();
    problem.where = spec.name + (problem.where.empty() ? "" : "." + problem.where);
    return fail(std::move(problem));
  }
  sources_.emplace_back(spec, std::move(*model), mac_);
  return {};
}

Result<void> Host::add_sink(const FlowSpec& spec) {
  const TrafficModelDescriptor* descriptor = find_traffic_model(spec.model);
  if (descriptor == nullptr)
    return fail({.message = "there is no traffic model '" + spec.model + "'", .where = spec.name});
  if (descriptor->closed_loop()) {
    tcp_receivers_.emplace_back(spec, mac_);
    return index_flow(spec, Role::tcp_receiver, tcp_receivers_.size() - 1);
  }
  udp_receivers_.emplace_back(spec);
  return index_flow(spec, Role::udp_receiver, udp_receivers_.size() - 1);
}

Result<void> Host::index_flow(const FlowSpec& spec, Role role, std::size_t position) {
  const std::uint32_t value = (static_cast<std::uint32_t>(role) << 30) | static_cast<std::uint32_t>(position);
  if (!flow_index_.add(spec.id, value))
    return fail(
        {.message = "host '" + name_ + "' is given flow '" + spec.name + "' twice", .where = spec.name});
  if (role != Role::tcp_sender) receives_.push_back(value);
  return {};
}

void Host::wake(ModelTime now, Exits& exits) noexcept {
  const auto sources = static_cast<std::uint32_t>(sources_.size());
  while (agenda_.earliest() <= now) {
    const std::uint32_t slot = agenda_.first();
    if (slot < sources) {
      sources_[slot].emit(now, active_port_, exits);
      agenda_.set(slot, sources_[slot].due());
    } else {
      TcpSender& sender = tcp_senders_[slot - sources];
      sender.wake(now, active_port_, exits);
      agenda_.set(slot, sender.due());
    }
  }
  exits.at(agenda_.earliest());
}

Result<Commit> Host::prepare(const Change& change) {
  if (const auto* port = std::get_if<SetActivePort>(&change)) {
    if (port->port.value >= port_count_)
      return fail({.message = "'" + name_ + "' has no such port",
                   .found = std::to_string(port->port.value),
                   .allowed = "0 to " + std::to_string(port_count_ - 1)});
    return Commit{[this, to = port->port](ModelTime, Exits&) { active_port_ = to; }};
  }
  if (const auto* traffic = std::get_if<SetTraffic>(&change)) {
    if (!std::isfinite(traffic->scale) || traffic->scale < 0.0 || traffic->scale > largest_scale)
      return fail({.message = "a flow's scale is out of range",
                   .found = std::to_string(traffic->scale),
                   .allowed = "0 to 1000000"});
    for (const std::uint32_t slot : sends_) {
      const auto sources = static_cast<std::uint32_t>(sources_.size());
      const FlowEndMeasure& end =
          slot < sources ? sources_[slot].measure() : tcp_senders_[slot - sources].measure();
      if (end.flow != traffic->flow) continue;
      return Commit{[this, slot, sources, scale = traffic->scale](ModelTime now, Exits& exits) {
        if (slot < sources) {
          sources_[slot].set_scale(scale, now);
          agenda_.set(slot, sources_[slot].due());
        } else {
          tcp_senders_[slot - sources].set_scale(scale, now);
          agenda_.set(slot, tcp_senders_[slot - sources].due());
        }
        exits.at(agenda_.earliest());
      }};
    }
    return fail(
        {.message = "'" + name_ + "' does not send this flow", .found = std::to_string(traffic->flow.value)});
  }
  return unsupported_change(kind_ == NodeKind::ue ? "ue" : "host", change);
}

void Host::report(Report& report) const {
  if (tcp_senders_.empty()) return;
  std::uint64_t retransmissions = 0, timeouts = 0, fast_retransmits = 0;
  for (const TcpSender& sender : tcp_senders_) {
    retransmissions += sender.retransmissions();
    timeouts += sender.timeouts();
    fast_retransmits += sender.fast_retransmits();
  }
  report.metrics.emplace_back("tcp_retransmissions", static_cast<double>(retransmissions));
  report.metrics.emplace_back("tcp_timeouts", static_cast<double>(timeouts));
  report.metrics.emplace_back("tcp_fast_retransmits", static_cast<double>(fast_retransmits));
}

std::vector<FlowEndMeasure> Host::sent() const {
  std::vector<FlowEndMeasure> all;
  for (const std::uint32_t slot : sends_)
    all.push_back(slot < sources_.size() ? sources_[slot].measure()
                                         : tcp_senders_[slot - sources_.size()].measure());
  return all;
}

std::vector<FlowEndMeasure> Host::received() const {
  std::vector<FlowEndMeasure> all;
  for (const std::uint32_t value : receives_) {
    const std::uint32_t position = value & 0x3fffffffU;
    all.push_back(static_cast<Role>(value >> 30) == Role::udp_receiver
                      ? udp_receivers_[position].meter.measure()
                      : tcp_receivers_[position].measure());
  }
  return all;
}

}  // namespace kiriko
