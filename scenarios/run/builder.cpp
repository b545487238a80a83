// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Ports in the order of a node's links, functions from the catalogue, hosts with their flows.
#include "scenarios/run/builder.hpp"

#include "core/device/open_device.hpp"

namespace kiriko {
namespace {

NodeView view_of(const ScenarioNode& node) {
  NodeView view;
  view.id = node.id;
  view.name = node.name;
  view.kind = node.kind;
  view.function = node.function;
  view.site = node.site;
  view.address = node.address;
  view.serves = node.serves;
  return view;
}

std::vector<std::vector<PortView>> assign_ports(const Scenario& scenario, std::vector<GraphLink>& links) {
  std::vector<std::vector<PortView>> ports(scenario.nodes.size());
  for (const ScenarioLink& link : scenario.links) {
    GraphLink& made = links.emplace_back();
    made.name = link.name;
    made.a = link.a;
    made.b = link.b;
    made.a_port = PortId{static_cast<std::uint16_t>(ports[link.a.value].size())};
    made.b_port = PortId{static_cast<std::uint16_t>(ports[link.b.value].size())};
    made.radio = link.radio;
    made.forward = link.forward;
    made.backward = link.backward;
    made.forward_shares = link.forward_shares;
    made.backward_shares = link.backward_shares;
    ports[link.a.value].push_back({link.id, link.b, made.b_port, link.radio});
    ports[link.b.value].push_back({link.id, link.a, made.a_port, link.radio});
  }
  return ports;
}

/// Under a controller that speaks PFCP every function that can does, whatever its own option says.
bool speaks_to_controller(const Scenario& scenario, const Descriptor& descriptor) {
  return !descriptor.tells.empty() && scenario.controller.has("n4") &&
         scenario.controller.get<std::string>("n4") == "pfcp";
}

Result<std::unique_ptr<NetworkFunction>> make_function(const Scenario& scenario, const ScenarioNode& node,
                                                       const Descriptor& descriptor,
                                                       const std::vector<PortView>& ports,
                                                       const std::vector<GraphNode>& nodes) {
  FunctionSetup setup;
  setup.node = node.id;
  setup.name = node.name;
  setup.options = node.options;
  if (speaks_to_controller(scenario, descriptor)) setup.options.set(std::string(descriptor.tells), {true});
  setup.seed = scenario.run.seed;
  setup.address = node.address;
  if (node.address) setup.mac = mac_of(*node.address);
  setup.ports = ports;
  for (const PortView& port : ports) setup.neighbours.push_back(nodes[port.peer.value].view);
  setup.slices = scenario.slices;
  return descriptor.create(setup);
}

Result<std::unique_ptr<Host>> make_host(const Scenario& scenario, const ScenarioNode& node,
                                        std::size_t port_count) {
  HostSetup setup;
  setup.node = node.id;
  setup.name = node.name;
  setup.kind = node.kind;
  setup.address = node.address.value_or(Ipv4Address{});
  setup.mac = mac_of(setup.address);
  setup.port_count = static_cast<std::uint16_t>(port_count);
  setup.seed = scenario.run.seed;
  for (const ScenarioFlow& flow : scenario.flows) {
    if (flow.spec.source == node.id) setup.sends.push_back(flow.spec);
    if (flow.spec.destination == node.id) setup.receives.push_back(flow.spec);
  }
  return Host::create(setup);
}

// A failure without a place is the node's.
tl::unexpected<Problem> at_node(Problem problem, const ScenarioNode& node) {
  problem.where = problem.where.empty() ? node.name : node.name + ": " + problem.where;
  return fail(std::move(problem));
}

// Devices come first: a function beside one may want to know its address.
Result<void> open_devices(const Scenario& scenario, Graph& graph) {
  for (const ScenarioNode& node : scenario.nodes) {
    if (node.kind != NodeKind::device) continue;
    auto device = open_device({node.name, node.function, node.options, scenario.run.packets});
    if (!device) return at_node(device.error(), node);
    GraphNode& made = graph.nodes[node.id.value];
    made.view.mac = (*device)->mac();
    made.source = device->get();
    made.function = std::move(*device);
  }
  return {};
}

}  // namespace

Result<BuiltScenario> build(const Scenario& scenario, Catalogue catalogue,
                            const std::vector<LinkTaps>& taps) {
  BuiltScenario built;
  Graph& graph = built.graph;
  graph.seed = scenario.run.seed;
  graph.slices = scenario.slices;
  graph.windows = scenario.windows;
  graph.flow_count = static_cast<std::uint32_t>(scenario.flows.size());
  for (const ScenarioFlow& flow : scenario.flows)
    graph.flows.emplace_back(flow.spec.source, flow.spec.destination);
  for (const ScenarioUe& ue : scenario.ues) {
    graph.sessions.push_back(ue.session);
    graph.sessions.back().radio = ue.radio;
  }
  const auto ports = assign_ports(scenario, graph.links);
  for (std::size_t i = 0; i < taps.size(); ++i) graph.links[i].taps = taps[i];

  built.hosts.resize(scenario.nodes.size());
  for (const ScenarioNode& node : scenario.nodes) graph.nodes.emplace_back().view = view_of(node);
  if (auto opened = open_devices(scenario, graph); !opened) return fail(opened.error());
  for (const ScenarioNode& node : scenario.nodes) {
    GraphNode& made = graph.nodes[node.id.value];
    const auto& node_ports = ports[node.id.value];
    switch (node.kind) {
      case NodeKind::host:
      case NodeKind::ue: {
        auto host = make_host(scenario, node, node_ports.size());
        if (!host) return at_node(host.error(), node);
        built.hosts[node.id.value] = host->get();
        made.function = std::move(*host);
        made.wakes = true;
        break;
      }
      case NodeKind::function: {
        const Descriptor* descriptor = find_function(catalogue, node.function);
        if (descriptor == nullptr)
          return at_node({.message = "no function '" + node.function + "' in the catalogue"}, node);
        auto function = make_function(scenario, node, *descriptor, node_ports, graph.nodes);
        if (!function) return at_node(function.error(), node);
        made.function = std::move(*function);
        made.wakes = descriptor->wakes;
        made.tells = speaks_to_controller(scenario, *descriptor) ||
                     (!descriptor->tells.empty() && node.options.get<bool>(descriptor->tells));
        break;
      }
      case NodeKind::device: break;
    }
  }
  return built;
}

}  // namespace kiriko
