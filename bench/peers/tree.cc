// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The tree of bench/peers/tree_scenario.py in ns-3: 40 routers, 100 hosts, UDP or TCP; prints one line of JSON.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/nix-vector-routing-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

using namespace ns3;

namespace {

constexpr std::uint32_t routers =
    40;                              // a root and three levels below it, three children each: 1 + 3 + 9 + 27
constexpr std::uint32_t inner = 13;  // routers 0 … 12 have router children, 13 … 39 have hosts
constexpr std::uint32_t leaves = routers - inner;
constexpr std::uint16_t port = 10000;

std::uint64_t received = 0;     // UDP packets, TCP octets, at their destinations
std::uint64_t packet_hops = 0;  // only with --count
std::uint64_t queue_drops = 0;

void transmitted(Ptr<const Packet>) { ++packet_hops; }
void dropped(Ptr<const Packet>) { ++queue_drops; }

/// 500 octets of UDP payload at equal distances; less work a packet than UdpClient, which adds a header.
struct ConstantSource {
  Ptr<Socket> socket;
  std::uint32_t size;
  Time interval;
  std::uint64_t left;

  void send() {
    socket->Send(Create<Packet>(size));
    if (--left > 0) Simulator::Schedule(interval, &ConstantSource::send, this);
  }
};

/// A transfer of a given length as quickly as TCP lets it.
struct BulkSource {
  Ptr<Socket> socket;
  InetSocketAddress to;
  std::uint64_t left;

  void start() {
    socket->SetSendCallback(MakeCallback(&BulkSource::fill, this));
    socket->SetConnectCallback(MakeCallback(&BulkSource::connected, this),
                               MakeNullCallback<void, Ptr<Socket>>());
    socket->Connect(to);
  }
  void connected(Ptr<Socket>) { fill(socket, 0); }
  void fill(Ptr<Socket>, std::uint32_t) {
    while (left > 0) {
      const auto room = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, socket->GetTxAvailable()));
      if (room == 0) return;
      const int sent = socket->Send(Create<Packet>(room));
      if (sent <= 0) return;
      left -= static_cast<std::uint64_t>(sent);
    }
  }
};

void receive_datagrams(Ptr<Socket> socket) {
  while (socket->Recv()) ++received;
}
void receive_octets(Ptr<Socket> socket) {
  while (const Ptr<Packet> packet = socket->Recv()) received += packet->GetSize();
}
void accept(Ptr<Socket> socket, const Address&) { socket->SetRecvCallback(MakeCallback(&receive_octets)); }

/// The subtree of router r: its digits below the root choose octets of the address, so that one prefix covers it.
struct Subtree {
  Ipv4Address network;
  std::uint32_t length;
};
Subtree subtree(std::uint32_t r) {
  std::vector<std::uint32_t> digits;
  for (; r > 0; r = (r - 1) / 3) digits.insert(digits.begin(), (r - 1) % 3);
  static const std::uint32_t shift[] = {16, 12, 8};
  std::uint32_t value = 10U << 24;
  for (std::size_t i = 0; i < digits.size(); ++i) value += digits[i] << shift[i];
  static const std::uint32_t lengths[] = {8, 16, 20, 24};
  return {Ipv4Address(value), lengths[digits.size()]};
}

std::uint32_t add_address(Ptr<NetDevice> device, Ipv4Address address) {
  const Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
  const std::uint32_t interface = ipv4->AddInterface(device);
  ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask("/30")));
  ipv4->SetUp(interface);
  return interface;
}

double resident_megabytes() {
  std::ifstream status("/proc/self/statm");
  long total = 0, resident = 0;
  status >> total >> resident;
  return static_cast<double>(resident) * 4096.0 / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint32_t hosts = 100;
  double seconds = 0.5;
  double interval_us = 200;
  std::uint64_t transfer = 1'400'000;
  std::string traffic = "udp", routing = "static", scheduler = "MapScheduler";
  bool count = false;
  CommandLine arguments;
  arguments.AddValue("hosts", "end systems", hosts);
  arguments.AddValue("seconds", "how long the sources send (udp)", seconds);
  arguments.AddValue("interval_us", "between two packets of a host (udp)", interval_us);
  arguments.AddValue("transfer", "octets a host sends (tcp)", transfer);
  arguments.AddValue("traffic", "udp or tcp", traffic);
  arguments.AddValue("routing", "static, global or nix", routing);
  arguments.AddValue("scheduler",
                     "event queue: MapScheduler, HeapScheduler, CalendarScheduler, PriorityQueueScheduler",
                     scheduler);
  arguments.AddValue("count", "count packet-hops and drops by traces, which takes time", count);
  arguments.Parse(argc, argv);

  Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue("ns3::TcpNewReno"));
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1400));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(10));
  Config::SetDefault("ns3::TcpSocket::DelAckCount", UintegerValue(1));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(22 * 1400));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(64 * 1400));
  Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(false));
  Config::SetDefault("ns3::TcpSocketBase::Timestamp", BooleanValue(false));
  Config::SetDefault("ns3::TcpSocketBase::WindowScaling", BooleanValue(false));
  ObjectFactory factory;
  factory.SetTypeId("ns3::" + scheduler);
  Simulator::SetScheduler(factory);

  NodeContainer router_nodes, host_nodes;
  router_nodes.Create(routers);
  host_nodes.Create(hosts);
  InternetStackHelper internet;
  internet.SetIpv6StackInstall(false);
  if (routing == "static") internet.SetRoutingHelper(Ipv4StaticRoutingHelper());
  if (routing == "global") internet.SetRoutingHelper(Ipv4GlobalRoutingHelper());
  if (routing == "nix") internet.SetRoutingHelper(Ipv4NixVectorHelper());
  internet.Install(router_nodes);
  internet.Install(host_nodes);

  PointToPointHelper link;
  link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
  link.SetChannelAttribute("Delay", StringValue("50us"));
  link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1000p"));
  NetDeviceContainer all;
  const auto static_routes = [](Ptr<Node> node) {
    return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
  };
  for (std::uint32_t child = 1; child < routers; ++child) {
    const Ptr<Node> above = router_nodes.Get((child - 1) / 3), below = router_nodes.Get(child);
    const NetDeviceContainer pair = link.Install(above, below);
    const Ipv4Address up(0xAC100000U + child * 4 + 1), down(0xAC100000U + child * 4 + 2);
    const std::uint32_t above_interface = add_address(pair.Get(0), up);
    const std::uint32_t below_interface = add_address(pair.Get(1), down);
    if (routing == "static") {
      const Subtree covered = subtree(child);
      static_routes(above)->AddNetworkRouteTo(covered.network, Ipv4Mask(~0U << (32 - covered.length)), down,
                                              above_interface);
      static_routes(below)->SetDefaultRoute(up, below_interface);
    }
    all.Add(pair);
  }
  std::vector<Ipv4Address> addresses;
  for (std::uint32_t h = 0; h < hosts; ++h) {
    const std::uint32_t leaf = inner + h % leaves;
    const NetDeviceContainer pair = link.Install(router_nodes.Get(leaf), host_nodes.Get(h));
    const std::uint32_t network = subtree(leaf).network.Get() + 4 * (h / leaves);
    add_address(pair.Get(0), Ipv4Address(network + 1));
    const std::uint32_t interface = add_address(pair.Get(1), Ipv4Address(network + 2));
    if (routing == "static")
      static_routes(host_nodes.Get(h))->SetDefaultRoute(Ipv4Address(network + 1), interface);
    addresses.emplace_back(network + 2);
    all.Add(pair);
  }
  if (routing == "global") Ipv4GlobalRoutingHelper::PopulateRoutingTables();
  if (count)
    for (std::uint32_t d = 0; d < all.GetN(); ++d) {
      all.Get(d)->TraceConnectWithoutContext("PhyTxEnd", MakeCallback(&transmitted));
      all.Get(d)->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&dropped));
    }

  const bool udp = traffic == "udp";
  std::vector<ConstantSource> constant;
  std::vector<BulkSource> bulk;
  constant.reserve(hosts);
  bulk.reserve(hosts);
  std::vector<Ptr<Socket>> sinks;
  for (std::uint32_t h = 0; h < hosts; ++h) {
    const TypeId kind = udp ? UdpSocketFactory::GetTypeId() : TcpSocketFactory::GetTypeId();
    const Ptr<Socket> sink = Socket::CreateSocket(host_nodes.Get(h), kind);
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    if (udp) {
      sink->SetRecvCallback(MakeCallback(&receive_datagrams));
    } else {
      sink->Listen();
      sink->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(), MakeCallback(&accept));
    }
    sinks.push_back(sink);
    const Ptr<Socket> socket = Socket::CreateSocket(host_nodes.Get(h), kind);
    socket->Bind();
    const InetSocketAddress to(addresses[(h + hosts / 2) % hosts], port);
    const Time start = NanoSeconds(static_cast<std::int64_t>(interval_us * 1e3 * h / hosts));
    if (udp) {
      socket->Connect(to);
      constant.push_back({socket, 500, NanoSeconds(static_cast<std::int64_t>(interval_us * 1e3)),
                          static_cast<std::uint64_t>(seconds * 1e6 / interval_us + 0.5)});
      Simulator::ScheduleWithContext(host_nodes.Get(h)->GetId(), start, &ConstantSource::send,
                                     &constant.back());
    } else {
      bulk.push_back({socket, to, transfer});
      Simulator::ScheduleWithContext(host_nodes.Get(h)->GetId(), start, &BulkSource::start, &bulk.back());
    }
  }

  const std::clock_t used = std::clock();
  const auto began = std::chrono::steady_clock::now();
  Simulator::Run();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  const double cpu = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
  std::printf(
      "{\"wall_seconds\": %.6f, \"cpu_seconds\": %.6f, \"received\": %llu, \"packet_hops\": %llu, "
      "\"dropped\": %llu, "
      "\"model_seconds\": %.6f, \"events\": %llu, \"resident_mb\": %.0f}\n",
      wall.count(), cpu, static_cast<unsigned long long>(received),
      static_cast<unsigned long long>(packet_hops), static_cast<unsigned long long>(queue_drops),
      Simulator::Now().GetSeconds(), static_cast<unsigned long long>(Simulator::GetEventCount()),
      resident_megabytes());
  Simulator::Destroy();
  return 0;
}
