// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What every function of the catalogue must do: describe itself, lose nothing, allocate nothing, and not care how
// its packets are cut into bursts. A new function needs one row in set_up_of().
#include <cctype>
#include <set>

#include "core/net/neighbour_discovery.hpp"
#include "tests/allocation_count.hpp"
#include "tests/vnf/function_bed.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko::test {
namespace {

constexpr Ipv4Address own_address{192, 168, 0, 2}, peer_address{192, 168, 0, 1}, ue_address{10, 45, 0, 1};
constexpr Teid uplink_teid{1001}, downlink_teid{2001};

/// How a function is put to work: its surroundings, the changes that it needs, and frames that it serves.
struct SetUp {
  BedSettings settings{};
  std::vector<Change> changes{};
  std::vector<std::pair<PortId, Frame>> frames{};
};

UdpFrame user_packet(Ipv4Address source, Ipv4Address destination) {
  return {.source = source, .destination = destination, .payload = 200};
}

SetUp switch_set_up() {
  SetUp out;
  out.settings = {.ports = 4, .slices = 2};
  out.changes = {SetForwarding{
      .node = {},
      .set = {{.destination = Ipv4Prefix{Ipv4Address{10, 0, 0, 0}, 8},
               .ports = {PortId{1}, PortId{2}, PortId{3}}},
              {.destination = Ipv4Prefix{Ipv4Address{10, 0, 0, 2}, 32},
               .slice = SliceId{1},
               .ports = {PortId{2}}},
              {.destination = broadcast_mac, .ports = {PortId{0}, PortId{1}, PortId{2}, PortId{3}}}},
      .remove = {}}};
  for (std::uint16_t i = 0; i < 8; ++i) out.frames.emplace_back(PortId{0}, udp_frame({.source_port = i}));
  out.frames.emplace_back(PortId{2}, udp_frame({.destination = {11, 0, 0, 1}}));
  out.frames.emplace_back(PortId{3}, arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2}));
  out.frames.emplace_back(PortId{1}, gtpu_frame({.destination = {10, 0, 0, 3}}, udp_packet()));
  return out;
}

SetUp firewall_set_up() {
  SetUp out;
  out.settings.options = {
      {"entries", {"deny udp from any to any port 7", "allow udp from 10.0.0.0/8 to any"}},
      {"table_size", {"6"}},
      {"established_timeout", {"200us"}}};
  for (std::uint16_t i = 0; i < 12; ++i) {
    out.frames.emplace_back(PortId{0}, udp_frame({.destination = {20, 0, 0, 2}, .source_port = i}));
    out.frames.emplace_back(PortId{1}, udp_frame({.source = {20, 0, 0, 2},
                                                  .destination = {10, 0, 0, 1},
                                                  .source_port = 2000,
                                                  .destination_port = i}));
  }
  out.frames.emplace_back(PortId{0}, arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2}));
  return out;
}

SetUp rate_limiter_set_up() {
  SetUp out;
  out.settings.options = {
      {"rate", {"20Mbit/s"}}, {"burst", {"3kB"}}, {"per", {"source"}}, {"sources", {"4"}}};
  for (std::uint8_t i = 0; i < 8; ++i)
    out.frames.emplace_back(PortId{i % 2 == 0 ? std::uint16_t{0} : std::uint16_t{1}},
                            udp_frame({.source = {10, 0, 0, i}}));
  return out;
}

SetUp upf_set_up() {
  SetUp out;
  NodeView gnb;
  gnb.kind = NodeKind::function;
  gnb.function = "gnb";
  gnb.address = peer_address;
  NodeView host;
  host.address = Ipv4Address{8, 8, 8, 8};
  out.settings.address = own_address;
  out.settings.neighbours = {gnb, host};
  out.settings.slices = 1;
  PduSessionRules rules{.seid = Seid{1}, .slice = SliceId{0}};
  rules.pdrs = {
      {.id = PdrId{1},
       .pdi = {.source_interface = SourceInterface::access, .local_f_teid = FTeid{uplink_teid, own_address}},
       .outer_header_removal = true,
       .far = FarId{1},
       .qers = {QerId{1}}},
      {.id = PdrId{2},
       .pdi = {.source_interface = SourceInterface::core, .ue_ip_address = ue_address},
       .far = FarId{2},
       .qers = {QerId{1}}},
  };
  rules.fars = {
      {.id = FarId{1}, .destination_interface = DestinationInterface::core},
      {.id = FarId{2},
       .destination_interface = DestinationInterface::access,
       .outer_header_creation = OuterHeaderCreation{downlink_teid, peer_address}},
  };
  rules.qers = {{.id = QerId{1},
                 .maximum_bit_rate = {BitsPerSecond{30'000'000}, BitsPerSecond{30'000'000}},
                 .qfi = Qfi{9}}};
  // Timers and thresholds take their place between packets, however these are cut.
  UsageReportingRule urr{.id = UrrId{1}};
  urr.method.duration = true;
  urr.triggers.periodic = urr.triggers.volume_threshold = urr.triggers.stop_of_traffic = true;
  urr.measurement_period = microseconds(700);
  urr.volume_threshold.total = Bytes{5'000};
  urr.inactivity_detection_time = microseconds(300);
  rules.urrs = {urr};
  for (auto& pdr : rules.pdrs) pdr.urrs = {UrrId{1}};
  out.changes = {EstablishPduSession{.node = {}, .rules = rules}};
  // Another session whose quota ends after a time, and one that buffers and tells.
  PduSessionRules second = rules;
  second.seid = Seid{2};
  second.pdrs[0].pdi.local_f_teid = FTeid{Teid{uplink_teid.value + 1}, own_address};
  second.pdrs[1].pdi.ue_ip_address = Ipv4Address{10, 45, 0, 2};
  second.urrs[0].triggers.time_quota = true;
  second.urrs[0].time_quota = milliseconds(20);
  second.bars = {{.id = BarId{1},
                  .suggested_buffering_packets = std::uint16_t{20},
                  .notification_delay = microseconds(500)}};
  second.fars[1] = {.id = FarId{2}, .action = ApplyAction::buffer, .notify_cp = true, .bar = BarId{1}};
  out.changes.emplace_back(EstablishPduSession{.node = {}, .rules = second});
  const GtpuFrame tunnel{.source = peer_address, .destination = own_address, .teid = uplink_teid.value};
  const Frame inner = udp_packet(user_packet(ue_address, {8, 8, 8, 8}));
  out.frames.emplace_back(PortId{0}, gtpu_frame(tunnel, inner));
  out.frames.emplace_back(PortId{0}, gtpu_frame(tunnel, inner));
  out.frames.emplace_back(PortId{1}, udp_frame(user_packet({8, 8, 8, 8}, ue_address)));
  out.frames.emplace_back(PortId{1}, udp_frame(user_packet({8, 8, 8, 8}, ue_address)));
  out.frames.emplace_back(PortId{1}, udp_frame(user_packet({8, 8, 8, 8}, {10, 45, 0, 99})));
  out.frames.emplace_back(PortId{1}, udp_frame(user_packet({8, 8, 8, 8}, {10, 45, 0, 2})));
  out.frames.emplace_back(
      PortId{0},
      gtpu_frame({.source = peer_address, .destination = own_address, .teid = uplink_teid.value + 1},
                 udp_packet(user_packet({10, 45, 0, 2}, {8, 8, 8, 8}))));
  out.frames.emplace_back(
      PortId{0}, gtpu_frame({.source = peer_address, .destination = own_address, .teid = 77}, inner));
  Frame echo(gtpu_echo_request_size);
  write_gtpu_echo_request(echo.data(), 5);
  out.frames.emplace_back(PortId{0}, gtpu_message_frame(tunnel, echo));
  return out;
}

SetUp gnb_set_up() {
  SetUp out;
  NodeView ue;
  ue.id = NodeId{2};
  ue.kind = NodeKind::ue;
  ue.address = ue_address;
  NodeView upf;
  upf.kind = NodeKind::function;
  upf.function = "upf";
  upf.address = peer_address;
  out.settings.address = own_address;
  out.settings.neighbours = {upf, ue};
  out.settings.slices = 1;
  out.changes = {AttachUe{.node = {},
                          .context = {.ue = NodeId{2},
                                      .port = PortId{1},
                                      .ue_address = ue_address,
                                      .uplink_teid = uplink_teid,
                                      .upf_address = peer_address,
                                      .downlink_teid = downlink_teid,
                                      .slice = SliceId{0},
                                      .default_qfi = Qfi{9}}}};
  GtpuFrame tunnel{.source = peer_address,
                   .destination = own_address,
                   .teid = downlink_teid.value,
                   .type = pdu_type::downlink};
  const Frame inner = udp_packet(user_packet({8, 8, 8, 8}, ue_address));
  out.frames.emplace_back(PortId{0}, gtpu_frame(tunnel, inner));
  out.frames.emplace_back(PortId{1}, udp_frame(user_packet(ue_address, {8, 8, 8, 8})));
  tunnel.teid = 77;
  out.frames.emplace_back(PortId{0}, gtpu_frame(tunnel, inner));
  Frame echo(gtpu_echo_request_size);
  write_gtpu_echo_request(echo.data(), 5);
  out.frames.emplace_back(PortId{0}, gtpu_message_frame(tunnel, echo));
  return out;
}

SetUp ip_endpoint_set_up() {
  SetUp out;
  out.settings.options = {{"addresses", {"192.168.7.2/24", "fd00::2/64"}},
                          {"gateway", {"192.168.7.1"}},
                          {"proxy", {"10.45.0.0/16"}},
                          {"mac", {"02:00:00:00:00:02"}},
                          {"neighbour_timeout", {"2ms"}},
                          {"retry", {"1ms"}},
                          {"neighbours", {"3"}},
                          {"waiting", {"2"}}};
  constexpr Ipv4Address own{192, 168, 7, 2};
  const PortId outside{0}, inside{1};
  for (std::uint8_t i = 1; i < 8; ++i) {
    out.frames.emplace_back(inside, udp_frame({.source = ue_address, .destination = {192, 168, 7, i}}));
    out.frames.emplace_back(outside, arp_request_frame({192, 168, 7, i}, own));
  }
  out.frames.emplace_back(inside, udp_frame({.source = ue_address, .destination = {8, 8, 8, 8}}));
  out.frames.emplace_back(outside, udp_frame({.source = {8, 8, 8, 8}, .destination = ue_address}));
  out.frames.emplace_back(outside, udp_frame({.source = {192, 168, 7, 1}, .destination = own}));
  Frame solicitation(ipv6_header_size + neighbour_message_with_mac_size);
  const Ipv6Address us = *Ipv6Address::parse("fd00::2"), them = *Ipv6Address::parse("fd00::9");
  write_neighbour_message(solicitation.data(), icmpv6_type::neighbour_solicitation, 0, them,
                          solicited_node_multicast(us), us, MacAddress::local(9));
  out.frames.emplace_back(outside, ethernet_frame(solicitation, ether_type::ipv6,
                                                  multicast_mac_of(solicited_node_multicast(us))));
  Frame ipv6(ipv6_header_size);
  write_ipv6(ipv6.data(), {.source = us, .destination = them, .next_header = 59});
  out.frames.emplace_back(inside, ethernet_frame(ipv6, ether_type::ipv6));
  return out;
}

SetUp set_up_of(const Descriptor& descriptor) {
  static const std::map<std::string_view, SetUp (*)()> rows{
      {"switch", switch_set_up}, {"firewall", firewall_set_up}, {"rate_limiter", rate_limiter_set_up},
      {"upf", upf_set_up},       {"gnb", gnb_set_up},           {"ip_endpoint", ip_endpoint_set_up}};
  const auto row = rows.find(descriptor.name);
  if (row == rows.end()) FAIL("the conformance test has no row for '" << descriptor.name << "'");
  SetUp out = row->second();
  const auto& neighbours = out.settings.neighbours;
  for (std::size_t port = 0; port < neighbours.size(); ++port) REQUIRE(port < out.settings.ports);
  return out;
}

/// The bed with radio ports where a UE is the neighbour, set up and ready.
std::unique_ptr<FunctionBed> ready_bed(const Descriptor& descriptor, const SetUp& set_up) {
  FunctionSetup setup = make_setup(descriptor, set_up.settings);
  for (std::size_t port = 0; port < setup.ports.size(); ++port) {
    setup.ports[port].radio = setup.neighbours[port].kind == NodeKind::ue;
    setup.ports[port].peer = setup.neighbours[port].id;
  }
  auto bed = std::make_unique<FunctionBed>(descriptor, setup, 8191U);
  for (const Change& change : set_up.changes) bed->apply(change);
  return bed;
}

Frame spoiled(Frame frame, RandomStream& random) {
  const double kind = random.uniform();
  if (kind < 0.7) return frame;
  if (kind < 0.8)
    return truncated(frame,
                     static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(frame.size()))));
  if (kind < 0.95) {  // a few octets of the headers
    for (auto n = random.between(1, 3); n > 0; --n)
      frame[static_cast<std::size_t>(random.between(0, 79)) % frame.size()] =
          static_cast<std::uint8_t>(random.next());
    return frame;
  }
  Frame noise(static_cast<std::size_t>(random.between(0, 200)));
  for (auto& octet : noise) octet = static_cast<std::uint8_t>(random.next());
  return noise;
}

std::vector<Arrival> random_traffic(const SetUp& set_up, std::size_t count, std::uint64_t seed,
                                    ModelTime start = ModelTime{1'000}) {
  RandomStream random(seed, "conformance", "traffic");
  std::vector<Arrival> arrivals;
  ModelTime now = start;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [port, frame] = set_up.frames[static_cast<std::size_t>(
        random.between(0, static_cast<std::int64_t>(set_up.frames.size()) - 1))];
    if (random.chance(0.6)) now += nanoseconds(random.between(1, 100'000));
    Arrival arrival{.frame = spoiled(frame, random), .port = port, .time = now};
    if (set_up.settings.slices > 0 && random.chance(0.8))
      arrival.slice = SliceId{static_cast<std::uint16_t>(random.between(0, set_up.settings.slices - 1))};
    if (random.chance(0.02)) arrival.hops = 255;
    if (random.chance(0.05))
      arrival.port = PortId{static_cast<std::uint16_t>(random.between(0, set_up.settings.ports - 1))};
    arrivals.push_back(std::move(arrival));
  }
  return arrivals;
}

std::vector<std::vector<Sent>> by_port(const FunctionBed& bed, std::uint16_t ports) {
  std::vector<std::vector<Sent>> out(ports);
  for (const Sent& sent : bed.sent()) out[sent.port.value].push_back(sent);
  return out;
}

bool ends_properly(std::string_view sentence) {
  return !sentence.empty() && sentence.back() != '.' && sentence.back() != ' ' && sentence.back() != ',' &&
         sentence.front() != ' ' && sentence.find('\n') == std::string_view::npos;
}
bool snake_case(std::string_view name) {
  return !name.empty() && std::islower(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '_'; });
}

}  // namespace

TEST_CASE("when the catalogue is searched by name, then each function is there once, and nothing else") {
  std::set<std::string_view> names;
  for (const Descriptor* descriptor : catalogue()) {
    CHECK(names.insert(descriptor->name).second);
    CHECK(find_function(catalogue(), descriptor->name) == descriptor);
  }
  CHECK(find_function(catalogue(), "no such function") == nullptr);
}

TEST_CASE("when a function describes itself, then nothing is missing and its defaults are valid") {
  for (const Descriptor* descriptor : catalogue()) {
    INFO(descriptor->name);
    CHECK(snake_case(descriptor->name));
    CHECK(ends_properly(descriptor->purpose));
    CHECK(descriptor->create != nullptr);
    CHECK_FALSE(descriptor->ports.empty());
    CHECK_FALSE(descriptor->exits.empty());
    CHECK_FALSE(descriptor->metrics.empty());
    for (const auto& port : descriptor->ports) CHECK((snake_case(port.name) && ends_properly(port.sentence)));
    for (const auto& metric : descriptor->metrics) {
      INFO(metric.name);
      CHECK((snake_case(metric.name) && !metric.unit.empty() && ends_properly(metric.sentence)));
    }
    CHECK(std::set<DropReason>(descriptor->exits.begin(), descriptor->exits.end()).size() ==
          descriptor->exits.size());
    std::set<std::string> keys;
    for (const Option& option : descriptor->options) {
      INFO(option.key);
      CHECK(snake_case(option.key));
      CHECK(keys.insert(option.key).second);
      CHECK(ends_properly(option.sentence));
      CHECK((option.type == OptionType::choice) == !option.choices.empty());
      CHECK_FALSE((option.required && !option.default_value.empty()));
      Option unbounded = option;
      unbounded.minimum.clear();
      unbounded.maximum.clear();
      for (const std::string* text : {&option.default_value, &option.minimum, &option.maximum})
        CHECK((text->empty() || parse_option(unbounded, *text).has_value()));
      CHECK((option.default_value.empty() || parse_option(option, option.default_value).has_value()));
    }
  }
}

TEST_CASE("when a function reports, then its metrics are those that it describes") {
  for (const Descriptor* descriptor : catalogue()) {
    INFO(descriptor->name);
    const auto bed = ready_bed(*descriptor, set_up_of(*descriptor));
    std::vector<std::string> described, reported;
    for (const auto& metric : descriptor->metrics) described.emplace_back(metric.name);
    for (const auto& metric : bed->report().metrics) reported.push_back(metric.first);
    CHECK(reported == described);
  }
}

TEST_CASE(
    "when random and broken traffic comes in bursts cut anyhow, then the result is the same and no packet is "
    "lost") {
  for (const Descriptor* descriptor : catalogue()) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      INFO(descriptor->name << ", seed " << seed);
      const SetUp set_up = set_up_of(*descriptor);
      const auto arrivals = random_traffic(set_up, 4'000, seed);
      const ModelTime end = arrivals.back().time + seconds(1);
      const auto whole = ready_bed(*descriptor, set_up);
      whole->offer(arrivals);
      whole->advance(end);
      whole->check_conservation();
      CHECK(whole->sent().size() > arrivals.size() / 10);
      for (const Sent& sent : whole->sent())
        if (sent.time < sent.birth) FAIL("a packet left before it came");
      for (std::size_t r = 0; r < drop_reason_count; ++r) {
        const auto reason = static_cast<DropReason>(r);
        INFO(name_of(reason));
        const auto& exits = descriptor->exits;
        CHECK((whole->dropped(reason) == 0 || std::find(exits.begin(), exits.end(), reason) != exits.end()));
      }

      RandomStream cuts(seed, "conformance", "cuts");
      const auto single = ready_bed(*descriptor, set_up), random = ready_bed(*descriptor, set_up);
      single->offer(arrivals, 1);
      random->offer(arrivals, 0, &cuts);
      for (FunctionBed* other : {single.get(), random.get()}) {
        other->advance(end);
        other->check_conservation();
        CHECK((by_port(*other, set_up.settings.ports) == by_port(*whole, set_up.settings.ports)));
        CHECK(other->ledger().dropped == whole->ledger().dropped);
        CHECK(other->ledger().consumed == whole->ledger().consumed);
        CHECK(other->report().metrics == whole->report().metrics);
      }
    }
  }
}

TEST_CASE("when a function is warm, then it allocates nothing for its packets") {
  for (const Descriptor* descriptor : catalogue()) {
    INFO(descriptor->name);
    const SetUp set_up = set_up_of(*descriptor);
    const auto bed = ready_bed(*descriptor, set_up);
    bed->record(false);
    ModelTime start{1'000};
    const auto offer = [&] {
      const auto arrivals = random_traffic(set_up, 4'000, 9, start);
      bed->offer(arrivals);
      start = arrivals.back().time + seconds(1);
      bed->advance(start);
    };
    offer();
    offer();
    bed->count_allocations(allocation_count);
    offer();
    CHECK(bed->allocations() == 0);
  }
}

TEST_CASE("when a change is not the function's, then it is refused with a reason, and nothing has changed") {
  const std::vector<Change> changes{
      SetLinkProperties{}, SetLinkState{},        SetSliceShares{},       SetNodeState{},      SetPortState{},
      SetForwarding{},     EstablishPduSession{}, ModifyPduSession{},     ReleasePduSession{}, AttachUe{},
      DetachUe{},          SetRadioShares{},      SetUeRadio{},           SetActivePort{},     SetTraffic{},
      SetAccessList{},     SetRateLimit{},        DeliverControlMessage{}};
  REQUIRE(changes.size() == std::variant_size_v<Change>);
  for (const Descriptor* descriptor : catalogue()) {
    INFO(descriptor->name);
    const SetUp set_up = set_up_of(*descriptor);
    const auto plain = ready_bed(*descriptor, set_up), asked = ready_bed(*descriptor, set_up);
    int refused = 0;
    for (const Change& change : changes) {
      INFO(name_of(change));
      const auto commit = asked->function().prepare(change);
      if (commit) continue;
      ++refused;
      CHECK_FALSE(commit.error().message.empty());
    }
    CHECK(refused > 8);
    CHECK_FALSE(asked->function().prepare(SetLinkState{}).has_value());
    CHECK_FALSE(asked->function().prepare(SetTraffic{}).has_value());
    const auto arrivals = random_traffic(set_up, 500, 4);
    for (FunctionBed* bed : {plain.get(), asked.get()}) bed->offer(arrivals);
    CHECK((plain->sent() == asked->sent()));
    CHECK(plain->ledger().dropped == asked->ledger().dropped);
  }
}

}  // namespace kiriko::test
