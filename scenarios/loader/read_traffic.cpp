// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Traffic entries become flows; each flow of a UE finds or makes its QoS flow in the UE's PDU session.
#include <algorithm>
#include <tuple>

#include "core/fiveg/five_qi.hpp"
#include "core/net/ip_protocol.hpp"
#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

constexpr std::size_t maximum_flows = 65'536;
constexpr std::uint64_t most_in_crowds = 1'000'000;
constexpr std::uint32_t first_port = 10'000;
constexpr std::uint32_t port_count = 50'000;

using PairList = std::vector<std::pair<NodeId, NodeId>>;

/// (lower node, higher node, port, protocol): what tells two flows apart on the wire and in SDF filters.
using WireKey = std::tuple<NodeId, NodeId, std::uint16_t, std::uint8_t>;

PairList pair_up(Loading& loading, const SectionValues& values, const std::vector<NodeId>& from,
                 const std::vector<NodeId>& to) {
  PairList pairs;
  if (values.text("pairs") == "one_to_one") {
    if (from.size() != to.size()) {
      loading.problems.add(values.at("pairs"),
                           {.message = "'from' and 'to' cannot be paired one to one",
                            .found = std::to_string(from.size()) + " and " + std::to_string(to.size())});
      return pairs;
    }
    for (std::size_t i = 0; i < from.size(); ++i)
      if (from[i] != to[i]) pairs.emplace_back(from[i], to[i]);
  } else if (spend(loading, from.size() * to.size(), values.node->at)) {
    for (const NodeId a : from)
      for (const NodeId b : to)
        if (a != b) pairs.emplace_back(a, b);
  }
  if (pairs.empty() && !from.empty() && !to.empty())
    loading.problems.add(values.node->at, {.message = "traffic from a node to itself only",
                                           .found = in_quotes(values.text("name"))});
  return pairs;
}

/// The QFI of `slice` and `five_qi` in the session; a new QoS flow's filter selects this flow.
Qfi qos_flow(Loading& loading, ScenarioUe& ue, const ScenarioFlow& flow, Ipv4Address peer,
             std::uint8_t protocol, const Position& at) {
  SessionView& session = ue.session;
  const FlowSpec& spec = flow.spec;
  if (spec.slice == session.slice && flow.five_qi == ue.five_qi) return session.default_qfi;
  if (!spend(loading, session.flows.size(), at)) return session.default_qfi;
  Qfi qfi{0};
  std::set<std::uint8_t> used{session.default_qfi.value};
  for (const auto& known : session.flows) {
    used.insert(known.qfi.value);
    if (known.slice == spec.slice && known.five_qi == flow.five_qi) qfi = known.qfi;
  }
  if (qfi.value == 0) {
    std::uint8_t next = 1;
    while (next < highest_qfi.value && used.count(next) != 0) ++next;
    if (used.count(next) != 0) {
      loading.problems.add(at, {.message = "a UE has too many QoS flows",
                                .found = in_quotes(loading.scenario.nodes[ue.node.value].name),
                                .allowed = "at most 63"});
      return session.default_qfi;
    }
    qfi = Qfi{next};
  }
  session.flows.push_back({.qfi = qfi,
                           .slice = spec.slice,
                           .five_qi = flow.five_qi,
                           .protocol = protocol,
                           .port = spec.destination_port,
                           .peer = peer});
  return qfi;
}

class TrafficReader {
 public:
  explicit TrafficReader(Loading& loading) : loading_(loading) {}

  void read(const SectionValues& values) {
    const std::string name = values.text("name");
    bool good = !name.empty() && is_name(name);
    if (!name.empty() && !good)
      loading_.problems.add(values.at("name"), {.message = "not a name",
                                                .found = in_quotes(name),
                                                .allowed = "up to 64 letters, digits, _, - and +"});
    if (good && !names_.emplace(name, values.node->at.line).second) {
      loading_.problems.add(values.at("name"),
                            {.message = "two traffic entries have the name " + in_quotes(name),
                             .hint = "the first is at line " + std::to_string(names_[name])});
      good = false;
    }
    FlowSpec spec{};
    spec.model = values.text("model");
    spec.scale = *values.get<double>("scale");
    spec.dscp = static_cast<std::uint8_t>(values.integer("dscp"));
    spec.group = values.text("group").empty() ? name : values.text("group");
    if (values.given("group") && !is_name(spec.group))
      loading_.problems.add(values.at("group"), {.message = "not a name",
                                                 .found = in_quotes(spec.group),
                                                 .allowed = "up to 64 letters, digits, _, - and +"});
    spec.devices = static_cast<std::uint32_t>(values.integer("devices"));
    spec.device_spread = *values.get<Duration>("device_spread");
    read_times(values, spec);
    read_model(values, spec);
    check_five_qi(loading_, values);
    if (values.given("slice")) {
      if (const auto slice =
              find_name(loading_, loading_.slices, values.text("slice"), values.at("slice"), "slice"))
        spec.slice = SliceId{static_cast<std::uint16_t>(*slice)};
    }
    const auto from =
        find_nodes(loading_, values, "from", "a host or UE that sends",
                   [](const ScenarioNode& n) { return n.kind == NodeKind::host || n.kind == NodeKind::ue; });
    const auto to =
        find_nodes(loading_, values, "to", "a host, UE or device with an address", [](const ScenarioNode& n) {
          return n.kind != NodeKind::function && (n.kind != NodeKind::device || n.address.has_value());
        });
    const PairList pairs = pair_up(loading_, values, from, to);
    if (!good) return;
    const Duration spread = *values.get<Duration>("spread");
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      if (loading_.scenario.flows.size() >= maximum_flows) {
        loading_.problems.add(values.node->at, {.message = "there are too many flows",
                                                .allowed = "at most " + std::to_string(maximum_flows)});
        return;
      }
      if (spec.devices > 1 && (crowds_ += spec.devices) > most_in_crowds) {
        loading_.problems.add(values.at("devices"), {.message = "the flows have too many devices",
                                                     .allowed = "1000000 in all flows with `devices`"});
        return;
      }
      FlowSpec one = spec;
      const auto share =
          static_cast<__int128>(spread.ns) * static_cast<__int128>(k) / static_cast<__int128>(pairs.size());
      one.start += Duration{static_cast<std::int64_t>(share)};
      add_flow(values, name, std::move(one), pairs[k], pairs.size() > 1);
    }
  }

 private:
  void read_times(const SectionValues& values, FlowSpec& spec) {
    const Duration duration = loading_.scenario.run.duration;
    spec.start = ModelTime{values.get<Duration>("start")->ns};
    if (const auto stop = values.get<Duration>("stop")) spec.stop = ModelTime{stop->ns};
    spec.deadline = values.get<Duration>("deadline");
    if (spec.stop <= spec.start)
      loading_.problems.add(values.at("stop"), {.message = "'stop' is not after 'start'",
                                                .found = to_string(spec.stop),
                                                .allowed = "after " + to_string(spec.start)});
    if (duration.ns > 0 && spec.start.ns >= duration.ns)
      loading_.problems.add(values.at("start"), {.message = "the traffic starts after the run's end",
                                                 .found = to_string(spec.start),
                                                 .allowed = "before " + to_string(duration)});
  }

  void read_model(const SectionValues& values, FlowSpec& spec) {
    std::vector<std::string> names;
    for (const auto* model : loading_.tables.traffic_models) {
      names.emplace_back(model->name);
      if (model->name != spec.model) continue;
      const std::size_t before = loading_.problems.size();
      spec.options = read_with(loading_, values, model->options, "the model '" + spec.model + "'");
      if (loading_.problems.size() != before) return;
      check_model(values, *model, spec);
      if (spec.devices > 1) check_crowd(values, *model);
      return;
    }
    if (spec.model.empty()) return;
    loading_.problems.add(values.at("model"),
                          {.message = "there is no traffic model " + in_quotes(spec.model),
                           .allowed = join(names),
                           .hint = hint_for(spec.model, names)});
  }

  void check_crowd(const SectionValues& values, const TrafficModelDescriptor& model) {
    const std::string name = "the model '" + std::string(model.name) + "'";
    if (find_option(model.options, "devices") != nullptr)
      loading_.problems.add(values.at("devices"), {.message = name + " stands for many devices itself",
                                                   .hint = "with: {devices: ...}"});
    else if (model.closed_loop() || find_option(model.options, "file") != nullptr)
      loading_.problems.add(values.at("devices"), {.message = name + " is one source",
                                                   .hint = "a flow each: `from` with several hosts or UEs"});
  }

  /// What one option cannot show by itself. Copies of a template differ in names only, hardly in options.
  void check_model(const SectionValues& values, const TrafficModelDescriptor& model, const FlowSpec& spec) {
    if (values.node->at.copy != 0) return;
    Result<void> checked{};
    if (model.check != nullptr) checked = model.check(spec.options);
    if (checked && model.create != nullptr) {
      if (const auto created = model.create(spec.options, 0, "check"); !created)
        checked = fail(created.error());
    }
    if (checked) return;
    const YamlNode* with = values.part("with");
    loading_.problems.add(with == nullptr ? values.at("model") : with->at, checked.error());
  }

  void add_flow(const SectionValues& values, const std::string& name, FlowSpec spec,
                std::pair<NodeId, NodeId> pair, bool many) {
    Scenario& scenario = loading_.scenario;
    const auto& nodes = scenario.nodes;
    const std::uint8_t protocol = spec.model == "tcp" ? ip_protocol::tcp : ip_protocol::udp;
    ScenarioFlow flow{.five_qi = static_cast<std::uint16_t>(values.integer("five_qi"))};
    spec.id = FlowId{static_cast<std::uint32_t>(scenario.flows.size())};
    spec.name = many ? name + "/" + nodes[pair.first.value].name + "-" + nodes[pair.second.value].name : name;
    spec.source = pair.first;
    spec.destination = pair.second;
    spec.source_address = nodes[pair.first.value].address.value_or(Ipv4Address{});
    spec.destination_address = nodes[pair.second.value].address.value_or(Ipv4Address{});
    const bool own_port = values.given("port");
    const auto port = own_port ? values.integer("port")
                               : static_cast<std::int64_t>(first_port + spec.id.value % port_count);
    spec.source_port = spec.destination_port = static_cast<std::uint16_t>(port);
    const auto [low, high] = std::minmax(pair.first, pair.second);
    const auto [other, is_new] =
        wire_.try_emplace(WireKey{low, high, spec.destination_port, protocol}, spec.id);
    if (!is_new)
      loading_.problems.add(values.at("port"),
                            {.message = "two flows between the same nodes have the same port",
                             .found = std::to_string(port) + " of '" + spec.name + "' and '" +
                                      scenario.flows[other->second.value].spec.name + "'"});
    flow.spec = std::move(spec);
    find_qos(values, flow, protocol);
    if (flow.five_qi != 0 && !flow.spec.deadline && flow.five_qi < 256) {
      if (const auto* row = find_five_qi(FiveQi{static_cast<std::uint8_t>(flow.five_qi)}))
        flow.spec.deadline = row->packet_delay_budget;
    }
    loading_.flows.names.push_back(flow.spec.name);
    loading_.flows.at.push_back(values.node->at);
    scenario.flows.push_back(std::move(flow));
  }

  /// Slice and 5QI default to the sending UE's, else to the receiving UE's; both ends get the QoS flow.
  void find_qos(const SectionValues& values, ScenarioFlow& flow, std::uint8_t protocol) {
    auto& ues = loading_.scenario.ues;
    FlowSpec& spec = flow.spec;
    const auto ue_at = [&](NodeId node) -> ScenarioUe* {
      const auto found = loading_.ue_of_node.find(node.value);
      return found == loading_.ue_of_node.end() ? nullptr : &ues[found->second];
    };
    ScenarioUe* const source = ue_at(spec.source);
    ScenarioUe* const destination = ue_at(spec.destination);
    ScenarioUe* const first = source != nullptr ? source : destination;
    if (values.given("qfi") && values.values.has("qfi")) {
      choose_qfi(values, flow, first);
      return;
    }
    if (first == nullptr) return;
    if (spec.slice == no_slice && !values.given("slice")) spec.slice = first->session.slice;
    if (flow.five_qi == 0) flow.five_qi = first->five_qi;
    if (spec.slice == no_slice) return;
    if (destination != nullptr)
      spec.qfi = qos_flow(loading_, *destination, flow, spec.source_address, protocol, values.node->at).value;
    if (source != nullptr)
      spec.qfi = qos_flow(loading_, *source, flow, spec.destination_address, protocol, values.node->at).value;
  }

  void choose_qfi(const SectionValues& values, ScenarioFlow& flow, const ScenarioUe* ue) {
    const auto qfi = static_cast<std::uint8_t>(values.integer("qfi"));
    std::vector<std::string> allowed;
    if (values.given("five_qi") || values.given("slice"))
      loading_.problems.add(values.at("qfi"), {.message = "'qfi' excludes 'slice' and 'five_qi'"});
    if (ue != nullptr) {
      allowed.push_back(std::to_string(ue->session.default_qfi.value));
      for (const auto& known : ue->session.flows) {
        allowed.push_back(std::to_string(known.qfi.value));
        if (known.qfi.value != qfi) continue;
        flow.spec.qfi = qfi;
        flow.spec.slice = known.slice;
        flow.five_qi = known.five_qi;
        return;
      }
      if (ue->session.default_qfi.value == qfi) {
        flow.spec.qfi = qfi;
        flow.spec.slice = ue->session.slice;
        flow.five_qi = ue->five_qi;
        return;
      }
    }
    loading_.problems.add(
        values.at("qfi"),
        {.message = ue == nullptr ? "no UE is at either end of this traffic" : "the UE has no such QoS flow",
         .found = std::to_string(qfi),
         .allowed = join(allowed)});
  }

  Loading& loading_;
  std::map<std::string, int> names_;
  std::uint64_t crowds_{};  ///< devices of all flows that have several
  std::map<WireKey, FlowId> wire_;
};

}  // namespace

void read_traffic(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "traffic", traffic_section(), "a traffic entry");
  TrafficReader reader(loading);
  for (const auto& values : entries.values) reader.read(values);
}

}  // namespace kiriko
