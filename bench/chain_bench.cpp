// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A chain of four functions run to completion, beside the sum of their costs measured alone.
#include "bench/forwarding_bench.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/relay.hpp"
#include "vnf/firewall/firewall.hpp"
#include "vnf/rate_limiter/rate_limiter.hpp"
#include "vnf/switch/switch.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t sessions = 1000;
constexpr std::uint16_t payload = 36;
constexpr PortId in{0}, out{1};

/// Of two ports; what it forwards from `in` leaves by `out`.
struct Link {
  const Descriptor* descriptor;
  FunctionSetup setup;
  std::vector<Change> changes;
  bool tunnelled{};  ///< what it gets
};

std::vector<Link> links(const std::vector<Endpoint>& endpoints) {
  const auto plain = [](const Descriptor& descriptor) {
    FunctionSetup setup;
    setup.name = std::string(descriptor.name);
    setup.options = OptionValues::defaults(descriptor.options);
    setup.ports.resize(2);
    return setup;
  };
  std::vector<Link> chain;
  chain.push_back({&firewall_descriptor,
                   plain(firewall_descriptor),
                   {SetAccessList{.node = {}, .entries = {"allow udp from any to any"}}}});
  chain.push_back(
      {&rate_limiter_descriptor,
       plain(rate_limiter_descriptor),
       {SetRateLimit{
           .node = {}, .slice = {}, .rate = BitsPerSecond{100'000'000'000}, .burst = Bytes{1'000'000}}}});
  // Downlink: port 0 is towards the data network.
  Link upf{&upf_descriptor, upf_setup(), {}};
  std::swap(upf.setup.neighbours[0], upf.setup.neighbours[1]);
  for (std::uint32_t i = 0; i < endpoints.size(); ++i)
    upf.changes.emplace_back(EstablishPduSession{NodeId{}, session_rules(i + 1, endpoints[i])});
  chain.push_back(std::move(upf));
  chain.push_back(
      {&switch_descriptor,
       plain(switch_descriptor),
       {SetForwarding{
           .node = {}, .set = {{.destination = Ipv4Prefix{Ipv4Address{}, 0}, .ports = {out}}}, .remove = {}}},
       true});
  return chain;
}

/// Hands what a function sends to the next one in the same call.
class DirectOutput final : public PortOutput {
 public:
  void lead_to(NetworkFunction* next, Exits* exits) {
    next_ = next;
    exits_ = exits;
  }
  void transmit(Burst& burst) noexcept override {
    for (Packet* packet : burst) metadata_of(packet).ingress = in;
    next_->process(burst, *exits_);
    exits_->flush_all();
  }

 private:
  NetworkFunction* next_{};
  Exits* exits_{};
};

class Chain final : public NetworkFunction {
 public:
  static Result<std::unique_ptr<NetworkFunction>> create(std::vector<Link> links) {
    auto chain = std::unique_ptr<Chain>(new Chain(links.size()));
    for (std::size_t i = 0; i < links.size(); ++i) {
      auto function = links[i].descriptor->create(links[i].setup);
      if (!function) return fail(function.error());
      chain->functions_.push_back(std::move(*function));
      chain->exits_.emplace_back(nullptr, std::vector<PortOutput*>{nullptr, &chain->outputs_[i]});
      for (const Change& change : links[i].changes) {
        auto commit = chain->functions_.back()->prepare(change);
        if (!commit) return fail(commit.error());
        (*commit)(ModelTime{}, chain->exits_.back());
      }
    }
    for (std::size_t i = 0; i + 1 < links.size(); ++i)
      chain->outputs_[i].lead_to(chain->functions_[i + 1].get(), &chain->exits_[i + 1]);
    chain->outputs_.back().lead_to(&chain->last_, nullptr);
    return chain;
  }
  void process(Burst& burst, Exits& exits) noexcept override {
    outputs_.back().lead_to(&last_, &exits);
    functions_.front()->process(burst, exits_.front());
    exits_.front().flush_all();
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("chain", change); }
  void report(Report&) const override {}

 private:
  explicit Chain(std::size_t size) : outputs_(size) { exits_.reserve(size); }

  std::vector<std::unique_ptr<NetworkFunction>> functions_;
  std::vector<DirectOutput> outputs_;
  std::vector<Exits> exits_;
  Relay last_{out};
};

PreparedFrames frames(const std::vector<Endpoint>& endpoints, bool tunnelled) {
  return tunnelled ? PreparedFrames::tunnelled(endpoints, payload, pdu_type::downlink)
                   : PreparedFrames::plain(endpoints, payload);
}

Result<std::unique_ptr<Bench>> make_chain() {
  const auto endpoints = session_endpoints(sessions);
  auto chain = Chain::create(links(endpoints));
  if (!chain) return fail(chain.error());
  auto drive = FunctionDrive::create(std::move(*chain), 2);
  if (!drive) return fail(drive.error());
  return std::make_unique<ForwardingBench>(
      std::move(*drive), std::vector<ForwardingBench::Stream>{{in, frames(endpoints, false)}});
}

/// The rate of a chain that costs what its functions cost alone, the drive counted once.
class PartsBench final : public Bench {
 public:
  PartsBench(std::unique_ptr<Bench> drive_alone, std::vector<std::unique_ptr<Bench>> parts)
      : drive_alone_(std::move(drive_alone)), parts_(std::move(parts)) {}
  Result<double> measure(Duration wall) override {
    const Duration each{wall.ns / static_cast<std::int64_t>(parts_.size() + 1)};
    auto empty = drive_alone_->measure(each);
    if (!empty) return empty;
    double us = 1 / *empty;
    for (auto& part : parts_) {
      auto mpps = part->measure(each);
      if (!mpps) return mpps;
      us += std::max(0.0, 1 / *mpps - 1 / *empty);
    }
    return 1 / us;
  }

 private:
  std::unique_ptr<Bench> drive_alone_;
  std::vector<std::unique_ptr<Bench>> parts_;
};

Result<std::unique_ptr<Bench>> make_parts() {
  const auto endpoints = session_endpoints(sessions);
  const auto bench = [&](std::unique_ptr<FunctionDrive> drive, bool tunnelled) {
    return std::make_unique<ForwardingBench>(
        std::move(drive), std::vector<ForwardingBench::Stream>{{in, frames(endpoints, tunnelled)}});
  };
  auto relay = FunctionDrive::create(std::make_unique<Relay>(out), 2);
  if (!relay) return fail(relay.error());
  std::vector<std::unique_ptr<Bench>> parts;
  for (const Link& link : links(endpoints)) {
    auto drive = FunctionDrive::create(*link.descriptor, link.setup);
    if (!drive) return fail(drive.error());
    for (const Change& change : link.changes)
      if (auto applied = (*drive)->apply(change); !applied) return fail(applied.error());
    parts.push_back(bench(std::move(*drive), link.tunnelled));
  }
  return std::make_unique<PartsBench>(bench(std::move(*relay), false), std::move(parts));
}

}  // namespace

void add_chain_benches(BenchList& list) {
  // At most 1.1 times the cost.
  list.push_back(
      {.name = "chain",
       .sentence = "Firewall, rate limiter, UPF (downlink) and switch in one call, 1,000 connections",
       .target = BenchEntry::Target{.at_least = 1 / 1.1, .of = BenchEntry::Target::Of::beside},
       .make = make_chain,
       .beside = "chain_parts",
       .share_name = "chain_vs_parts"});
  list.push_back({.name = "chain_parts",
                  .sentence = "The reference: the costs of these functions alone, added",
                  .make = make_parts});
}

}  // namespace kiriko::bench
