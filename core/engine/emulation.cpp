// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Building of the engine from a graph, and its run under either clock.
#include "core/engine/emulation.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace kiriko {
namespace {

// A slice of virtual time between looks at the stop flag; of real time between looks at the schedule.
constexpr Duration look_interval = milliseconds(5);
constexpr Duration real_look_interval = milliseconds(1);
// A control channel without delay must not make steps of nothing; its messages are that late.
constexpr Duration shortest_control_look = microseconds(10);
// Under the real clock: how long a rest may be at all, and while devices that cannot wake the loop could receive; how much
// too long one may turn out.
constexpr Duration longest_rest = milliseconds(100);
constexpr Duration longest_sleep = microseconds(50);
constexpr Duration sleep_margin = microseconds(200);
// While it spins: how often the way of a frame is rehearsed, which takes a fifth of a microsecond, and never in front of something
// due.
constexpr Duration rehearsal_interval = microseconds(5);
constexpr Duration rehearsal_margin = microseconds(2);
constexpr std::int64_t progress_interval_ns = 100'000'000;

}  // namespace

Emulation::Emulation(Setup setup)
    : graph_(std::move(setup.graph)),
      pool_(setup.pool),
      clock_kind_(setup.clock),
      partition_(make_partition(graph_, setup.clock == ClockKind::real_time ? 1 : setup.workers)),
      spin_window_(setup.spin_window),
      control_lookahead_(setup.control_lookahead) {
  // Whatever else reads a clock from now on does not wait for this one's calibration.
  if (clock_kind_ == ClockKind::real_time) clock_.start();
  build_links();
  build_nodes();
  std::vector<std::vector<EngineNode*>> members(partition_.parts);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    members[partition_.part_of_node[i]].push_back(nodes_[i].get());
  std::vector<Part*> parts;
  for (auto& nodes : members)
    parts.push_back(parts_.emplace_back(std::make_unique<Part>(std::move(nodes))).get());
  if (parts.size() == 1) return;
  connect_parts();
  team_ = std::make_unique<WorkerTeam>(parts);
}

void Emulation::connect_parts() {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Part::Crossing>> crossing;
  for (std::size_t i = 0; i < graph_.links.size(); ++i) {
    const GraphLink& link = graph_.links[i];
    const std::uint32_t a = partition_.part_of_node[link.a.value], b = partition_.part_of_node[link.b.value];
    if (a == b) continue;
    const EngineNode &end_a = *nodes_[link.a.value], &end_b = *nodes_[link.b.value];
    crossing[{a, b}].push_back({links_[2 * i].get(), &end_a, &end_b});
    crossing[{b, a}].push_back({links_[2 * i + 1].get(), &end_b, &end_a});
  }
  for (const auto& [parts, links] : crossing) {
    CrossingQueue& queue = *crossing_.emplace_back(std::make_unique<CrossingQueue>());
    parts_[parts.second]->receive_from(*parts_[parts.first], queue, links);
  }
}

Emulation::~Emulation() {
  team_.reset();
  std::vector<Packet*> rest;
  for (auto& link : links_) link->drain(rest);
  for (Packet* packet : rest) rte_pktmbuf_free(packet);
}

void Emulation::build_links() {
  for (std::uint32_t i = 0; i < graph_.links.size(); ++i) {
    GraphLink& link = graph_.links[i];
    const std::string& a = graph_.nodes[link.a.value].view.name;
    const std::string& b = graph_.nodes[link.b.value].view.name;
    const auto add = [&](const std::string& from, const std::string& to, const LinkProperties& properties,
                         const std::vector<SliceShare>& shares, LinkTap* tap) {
      // The link's own name tells parallel links between the same nodes apart.
      auto& made = links_.emplace_back(std::make_unique<LinkTransmitPort>(
          LinkTransmitPort::Setup{from + " → " + to + (link.name.empty() ? "" : " (" + link.name + ")"),
                                  properties, shares, graph_.seed, pool_}));
      auto& account =
          link_drops_.emplace_back(std::make_unique<DropAccount>(graph_.flow_count, &graph_.windows));
      made->observe(account.get());
      made->tap(tap);
    };
    add(a, b, link.forward, link.forward_shares, link.taps.forward);
    add(b, a, link.backward, link.backward_shares, link.taps.backward);
    link_up_.push_back(true);
    const auto connect = [&](NodeId node, PortId at, NodeId peer, PortId peer_port) {
      auto& ports = graph_.nodes[node.value].view.ports;
      if (ports.size() <= at.value) ports.resize(at.value + 1U);
      ports[at.value] = PortView{LinkId{i}, peer, peer_port, link.radio};
    };
    connect(link.a, link.a_port, link.b, link.b_port);
    connect(link.b, link.b_port, link.a, link.a_port);
  }
}

void Emulation::build_nodes() {
  for (std::uint32_t i = 0; i < graph_.nodes.size(); ++i) {
    GraphNode& node = graph_.nodes[i];
    const std::size_t ports = node.view.ports.size();
    std::vector<LinkTransmitPort*> inputs(ports), outputs(ports);
    std::vector<PortOutput*> exits(ports);
    for (std::uint32_t l = 0; l < graph_.links.size(); ++l) {
      const GraphLink& link = graph_.links[l];
      LinkTransmitPort* forward = links_[2 * l].get();
      LinkTransmitPort* backward = links_[2 * l + 1].get();
      if (link.a.value == i)
        exits[link.a_port.value] = outputs[link.a_port.value] = forward, inputs[link.a_port.value] = backward;
      if (link.b.value == i)
        exits[link.b_port.value] = outputs[link.b_port.value] = backward, inputs[link.b_port.value] = forward;
    }
    auto& engine_node = nodes_.emplace_back(std::make_unique<EngineNode>(
        node.function.get(), node.wakes, Exits{pool_, exits}, std::move(inputs), std::move(outputs)));
    auto& account =
        node_drops_.emplace_back(std::make_unique<DropAccount>(graph_.flow_count, &graph_.windows));
    engine_node->exits().observe(account.get());
    if (clock_kind_ == ClockKind::real_time) engine_node->measure_lateness(&clock_);
    engine_node->name(NodeId{i});
    if (node.tells) tellers_.push_back(engine_node.get());
    if (node.source != nullptr) {
      devices_.emplace_back(node.source, engine_node.get());
      if (const int descriptor = node.source->wait_descriptor(); descriptor >= 0)
        wakers_.push_back({descriptor, POLLIN, 0});
    }
    // A function that wakes is woken once at the start, to plan its own; one that speaks to a controller may speak first.
    if (node.wakes || node.tells) engine_node->exits().at(ModelTime{});
  }
  for (std::size_t i = 0; i < graph_.links.size(); ++i) {
    const GraphLink& link = graph_.links[i];
    if (partition_.part_of_node[link.a.value] != partition_.part_of_node[link.b.value]) continue;
    EngineNode &a = *nodes_[link.a.value], &b = *nodes_[link.b.value];
    const LinkTransmitPort &forward = *links_[2 * i], &backward = *links_[2 * i + 1];
    a.exits().look_beyond(link.a_port, {&forward.line(), &b, b.head_address(link.b_port.value)});
    b.exits().look_beyond(link.b_port, {&backward.line(), &a, a.head_address(link.a_port.value)});
  }
}

ModelTime Emulation::run(ModelTime until, Schedule& schedule, const std::atomic<bool>& stop,
                         const std::function<void(ModelTime)>& progress) {
  std::int64_t last_progress = wall_ns();
  std::optional<Rest> rest;
  if (clock_kind_ == ClockKind::real_time) {
    rest.emplace(*this, schedule);
    clock_.start();
    if (!devices_.empty()) rehearsal_ = std::make_unique<Rehearsal>(*pool_, clock_);
  }
  while (!stop.load(std::memory_order_relaxed)) {
    if (rest || schedule.next_due() <= now_) schedule.run_due(now_);
    if (now_ >= until) break;
    const ModelTime due = std::min(until, schedule.next_due());
    if (rest) {
      now_ = run_real(due, stop, *rest);
    } else {
      now_ = std::min(due, now_ + longest_look());
      run_until(now_);
    }
    publish_told();
    if (const std::int64_t wall = wall_ns(); wall - last_progress >= progress_interval_ns) {
      last_progress = wall;
      progress(now_);
    }
  }
  return now_;
}

Duration Emulation::longest_look() const noexcept {
  const Duration longest = clock_kind_ == ClockKind::real_time ? real_look_interval : look_interval;
  return tellers_.empty() ? longest : std::clamp(control_lookahead_, shortest_control_look, longest);
}

// In order of (time, node, sequence), whoever ran the nodes.
void Emulation::publish_told() {
  struct Told {
    ModelTime at;
    ControlMessageEvent event;
  };
  std::vector<Told> all;
  for (EngineNode* node : tellers_) {
    for (auto& [at, message] : node->exits().told())
      all.push_back({at, ControlMessageEvent{node->id(), std::move(message)}});
    node->exits().told().clear();
  }
  std::stable_sort(all.begin(), all.end(), [](const Told& a, const Told& b) { return a.at < b.at; });
  for (const Told& told : all)
    for (const auto& listener : listeners_) listener(told.at, told.event);
}

void Emulation::run_until(ModelTime bound) {
  if (parts_.size() == 1) {
    parts_[0]->run(bound);
    return;
  }
  team_->run_until(bound);
  hand_over_all();
}

// Between runs nothing is on its way from one part to another, so that changes find it on its line.
void Emulation::hand_over_all() {
  for (const auto& queue : crossing_) queue->publish();
  for (const auto& part : parts_) part->take_crossing();
}

Emulation::Rest::Rest(const Emulation& emulation, const Schedule& schedule)
    : wakers(emulation.wakers_),
      longest(emulation.longest_look()),
      devices_wake(emulation.wakers_.size() == emulation.devices_.size()) {
  const int descriptor = schedule.wait_descriptor();
  if (descriptor < 0) return;
  wakers.push_back({descriptor, POLLIN, 0});
  longest = longest_rest;
}

// A waker with an error would end every rest at once. A socket's error is told once (af_packet: the interface went down); one
// that stays, such as that of a TUN device whose interface is gone, leaves a device that only looks can tell of.
void Emulation::Rest::look_at_errors() noexcept {
  for (pollfd& waker : wakers) {
    if ((waker.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(waker.fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) continue;
    waker.fd = -1;
    devices_wake = false;
  }
}

// The same step under the real clock, where the horizon is the TSC now: for a look's time, or to the end of a rest. Returns
// the horizon reached, `due` at most.
ModelTime Emulation::run_real(ModelTime due, const std::atomic<bool>& stop, Rest& rest) {
  const ModelTime bound = std::min(due, now_ + longest_look());
  for (;;) {
    const ModelTime clock_now = clock_.now();
    note_lag(clock_now);
    // Behind the clock, the past comes first: changes due there are not for what arrives now.
    if (clock_now < bound && poll_next_device()) last_received_ = clock_now;
    // Read again: where links have no delay, what has just come is due.
    const ModelTime now = std::min(bound, clock_.now());
    parts_[0]->run(now);
    if (now >= bound || stop.load(std::memory_order_relaxed)) return now;
    if (next_device_ != 0) continue;  // no rest before each has been looked at
    const Duration idle = idle_time(now, due, rest);
    if (idle.ns <= 0) {
      rehearse(now);
      continue;
    }
    rest_for(idle, rest);
    // Should it have been put aside for longer than it wanted to rest, it catches up look by look.
    const ModelTime woken = std::min({due, clock_.now(), std::max(bound, parts_[0]->earliest())});
    note_lag(woken);
    parts_[0]->run(woken);
    return woken;
  }
}

// A frame ends the rest where every device can; but not before the thread has a CPU again.
void Emulation::rest_for(Duration idle, Rest& rest) noexcept {
  const bool sure_to_wake = rest.devices_wake && !devices_.empty();
  const Duration waited = sure_to_wake ? rest.run_queue.total() : Duration{};
  const ModelTime end = clock_.now() + idle;
  // The kernel may be late by 0.1 to 0.5 % of the time asked for, whatever the timer's slack (select_estimate_accuracy()).
  rest.timer.sleep(idle - Duration{idle.ns / 200}, rest.wakers);
  rest.look_at_errors();
  if (sure_to_wake) attended_ = std::min(end, clock_.now() - (rest.run_queue.total() - waited));
}

void Emulation::note_lag(ModelTime clock_now) noexcept {
  const ModelTime earliest = parts_[0]->earliest();
  if (earliest < clock_now && clock_now - earliest > worst_lag_.by)
    worst_lag_ = {clock_now, clock_now - earliest};
}

// While frames come one after the other, they keep their way warm themselves.
void Emulation::rehearse(ModelTime now) noexcept {
  if (rehearsal_ == nullptr || now - std::max(last_rehearsal_, last_received_) < rehearsal_interval ||
      parts_[0]->earliest() - now < rehearsal_margin)
    return;
  last_rehearsal_ = now;
  rehearsal_->run();
}

// One a step, by turns: neither what it has received nor what falls due waits for a look at the others.
bool Emulation::poll_next_device() noexcept {
  if (devices_.empty()) return false;
  const auto& [device, node] = devices_[next_device_];
  next_device_ = next_device_ + 1 == devices_.size() ? 0 : next_device_ + 1;
  // After a while without frames, or a rest, the way of the next one would be found cold.
  if (node->exits().port_count() != 0) node->exits().prefetch(PortId{0});
  if (device->poll(clock_, attended_, node->exits()) == 0) return false;
  if (!node->running()) node->exits().drop_staged(DropReason::node_failed);
  node->exits().flush_all();
  return true;
}

// How long the loop may sleep without being late: never close to a time that is due, and with devices only
// when nothing has come for a while, since to be woken takes longer than to look.
Duration Emulation::idle_time(ModelTime now, ModelTime due, const Rest& rest) const noexcept {
  const Duration until_due =
      std::min(rest.longest, std::min(parts_[0]->earliest() - sleep_margin, due) - now);
  if (devices_.empty()) return until_due;
  if (now - last_received_ < spin_window_) return Duration{0};
  return rest.devices_wake ? until_due : std::min(longest_sleep, until_due);
}

void Emulation::refresh() {
  for (auto& node : nodes_) node->update_lookahead();
  for (auto& part : parts_) part->refresh();
}

const LinkTransmitPort& Emulation::transmit_port(LinkId link, LinkDirection direction) const {
  return port(link, direction);
}

const Histogram& Emulation::lateness(LinkId link, LinkDirection direction) const {
  const GraphLink& ends = graph_.links[link.value];
  return direction == LinkDirection::forward ? nodes_[ends.b.value]->lateness(ends.b_port.value)
                                             : nodes_[ends.a.value]->lateness(ends.a_port.value);
}

std::uint64_t Emulation::packet_hops() const noexcept {
  std::uint64_t hops = 0;
  for (const auto& link : links_) hops += link->received();
  return hops;
}

}  // namespace kiriko
