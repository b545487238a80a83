// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Every function of the catalogue by its descriptor alone: default options, the same mix of packets and changes for all.
#include "bench/bench.hpp"
#include "bench/function_drive.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/stopwatch.hpp"
#include "core/net/gtpu.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t users = 64;
constexpr std::uint16_t payload = 36;
/// Also for packets that a function holds.
constexpr std::uint32_t pool_packets = 8'191;
/// Between bursts: a million packets a second of model time.
constexpr Duration burst_spacing = microseconds(32);

/// Port 0 leads to transport, the others to users: by radio where the function has a radio port.
FunctionSetup setup_of(const Descriptor& descriptor, const std::vector<Endpoint>& endpoints,
                       std::uint16_t port_count) {
  FunctionSetup setup;
  setup.name = std::string(descriptor.name);
  setup.options = OptionValues::defaults(descriptor.options);
  setup.address = own_address;
  setup.mac = mac_of(own_address);
  setup.slices.push_back({.id = SliceId{0}, .name = "slice"});
  bool radio = false;
  for (const PortDescription& port : descriptor.ports) radio = radio || port.name == "radio";
  for (std::uint16_t i = 0; i < port_count; ++i) {
    NodeView peer;
    peer.id = NodeId{i + 1U};
    peer.kind = i != 0 && radio ? NodeKind::ue : NodeKind::host;
    peer.address = i == 0 ? peer_address : endpoints[i - 1U].address;
    setup.neighbours.push_back(peer);
    setup.ports.push_back(
        {.link = LinkId{i}, .peer = peer.id, .peer_port = PortId{0}, .radio = i != 0 && radio});
  }
  return setup;
}

/// What makes a function forward the mix; each takes those that it understands.
std::vector<Change> changes(const std::vector<Endpoint>& endpoints, std::uint16_t ports) {
  std::vector<Change> out;
  out.emplace_back(SetForwarding{.node = {},
                                 .set = {{.destination = Ipv4Prefix{Ipv4Address{}, 0}, .ports = {PortId{1}}}},
                                 .remove = {}});
  out.emplace_back(SetAccessList{.node = {}, .entries = {"allow udp from any to any"}});
  out.emplace_back(SetRateLimit{
      .node = {}, .slice = {}, .rate = BitsPerSecond{100'000'000'000}, .burst = Bytes{1'000'000}});
  for (std::uint32_t i = 0; i < users; ++i) {
    out.emplace_back(EstablishPduSession{NodeId{}, session_rules(i + 1, endpoints[i])});
    if (i + 1U >= ports) continue;
    out.emplace_back(AttachUe{.node = {},
                              .context = {.ue = NodeId{i + 2},
                                          .port = PortId{static_cast<std::uint16_t>(i + 1)},
                                          .ue_address = endpoints[i].address,
                                          .uplink_teid = Teid{endpoints[i].teid},
                                          .upf_address = peer_address,
                                          .downlink_teid = Teid{endpoints[i].teid},
                                          .slice = SliceId{0},
                                          .default_qfi = Qfi{9}}});
  }
  return out;
}

class CatalogueBench final : public Bench {
 public:
  CatalogueBench(std::unique_ptr<FunctionDrive> drive, const std::vector<Endpoint>& endpoints)
      : drive_(std::move(drive)),
        transport_(PreparedFrames::tunnelled(endpoints, payload, pdu_type::downlink)),
        user_(PreparedFrames::plain(endpoints, payload)) {}

  Result<double> measure(Duration wall) override {
    std::uint64_t packets = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < 32; ++i) {
        if (drive_->offer(transport_, PortId{0}, Duration{})) packets += burst_size;
        drive_->advance(burst_spacing);
        if (drive_->offer(user_, PortId{1}, Duration{})) packets += burst_size;
        drive_->advance(burst_spacing);
      }
    } while (!watch.passed(wall));
    return to_mpps(packets, watch.nanoseconds());
  }
  std::string note() const override {
    const Ledger& ledger = drive_->ledger();
    if (ledger.in == 0) return {};
    std::string text = std::to_string(ledger.out * 100 / ledger.in) + " % forwarded";
    for (std::size_t i = 0; i < drop_reason_count; ++i)
      if (const auto percent = ledger.dropped[i] * 100 / ledger.in; percent != 0)
        text += ", " + std::to_string(percent) + " % " + std::string(name_of(static_cast<DropReason>(i)));
    return text;
  }

 private:
  std::unique_ptr<FunctionDrive> drive_;
  PreparedFrames transport_, user_;
};

Result<std::unique_ptr<Bench>> make(const Descriptor& descriptor) {
  const auto endpoints = session_endpoints(users);
  // Some functions join exactly two links, a cell has one to each user.
  std::uint16_t ports = 2;
  for (const PortDescription& port : descriptor.ports)
    if (port.name == "radio") ports = users + 1;
  auto drive = FunctionDrive::create(descriptor, setup_of(descriptor, endpoints, ports), pool_packets);
  if (!drive) return fail(drive.error());
  for (const Change& change : changes(endpoints, ports)) static_cast<void>((*drive)->apply(change));
  return std::make_unique<CatalogueBench>(std::move(*drive), endpoints);
}

}  // namespace

void add_catalogue_benches(BenchList& list) {
  for (const Descriptor* descriptor : catalogue())
    list.push_back({.name = "function_" + std::string(descriptor->name),
                    .sentence = "Catalogue: " + std::string(descriptor->name) +
                                ", default options, GTP-U and plain UDP of 64 users",
                    .make = [descriptor] { return make(*descriptor); }});
}

}  // namespace kiriko::bench
