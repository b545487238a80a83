// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Each UE's cells and its PDU session as declared; QoS flows that traffic brings are added with the traffic.
#include "core/fiveg/five_qi.hpp"
#include "core/net/ip_protocol.hpp"
#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

const Section* part_of(const Section& section, std::string_view key) {
  for (const auto& part : section.parts)
    if (part.key == key) return part.section;
  return nullptr;
}

Ambr read_ambr(Loading& loading, const SectionValues& owner, const Section& section, std::string_view key) {
  const YamlNode* node = owner.part(key);
  if (node == nullptr) return {};
  const SectionValues values = read_section(*node, *part_of(section, key), key, loading.problems);
  return {*values.get<BitsPerSecond>("uplink"), *values.get<BitsPerSecond>("downlink")};
}

/// The slice that a UE without one is in: the only one.
SliceId read_slice(Loading& loading, const SectionValues& values) {
  if (values.given("slice")) {
    const auto slice = find_name(loading, loading.slices, values.text("slice"), values.at("slice"), "slice");
    return slice ? SliceId{static_cast<std::uint16_t>(*slice)} : no_slice;
  }
  if (loading.slices.names.size() == 1) return SliceId{0};
  loading.problems.add(
      values.node->at,
      {.message = "'slice' is missing in a UE",
       .allowed = loading.slices.names.empty() ? "declare a slice first" : join(loading.slices.names)});
  return no_slice;
}

NodeId read_anchor(Loading& loading, const SectionValues& values) {
  if (values.given("upf"))
    return find_node(loading, values.text("upf"), values.at("upf"), "a UPF", is_upf).value_or(no_node);
  if (!spend(loading, loading.scenario.nodes.size(), values.node->at)) return no_node;
  std::vector<std::string> names;
  NodeId only = no_node;
  for (const auto& node : loading.scenario.nodes) {
    if (!is_upf(node)) continue;
    names.push_back(node.name);
    only = node.id;
  }
  if (names.size() == 1) return only;
  loading.problems.add(values.node->at, {.message = "'upf' is missing in a UE",
                                         .allowed = names.empty() ? "declare a UPF first" : join(names)});
  return no_node;
}

/// TS 23.501 clause 5.7.2.5: a GBR QoS flow has both rates, and guarantees no more than its maximum.
void check_guarantee(Loading& loading, const SectionValues& values, const SessionView::QosFlow& flow) {
  const Ambr& guaranteed = flow.guaranteed_bit_rate;
  const Ambr& maximum = flow.maximum_bit_rate;
  if (guaranteed == Ambr{}) return;
  const FiveQiCharacteristics* row =
      flow.five_qi <= 0xff ? find_five_qi(FiveQi{static_cast<std::uint8_t>(flow.five_qi)}) : nullptr;
  if (row != nullptr && !row->is_gbr())
    loading.problems.add(values.at("guaranteed_bit_rate"),
                         {.message = "a Non-GBR QoS flow has no guaranteed bit rate",
                          .found = "5QI " + std::to_string(flow.five_qi),
                          .hint = "TS 23.501 Table 5.7.4-1 lists the GBR 5QIs"});
  if ((maximum.uplink.value != 0 && guaranteed.uplink > maximum.uplink) ||
      (maximum.downlink.value != 0 && guaranteed.downlink > maximum.downlink))
    loading.problems.add(values.at("guaranteed_bit_rate"),
                         {.message = "guaranteed_bit_rate is above maximum_bit_rate"});
}

void read_qos_flows(Loading& loading, const SectionValues& ue_values, ScenarioUe& ue) {
  const YamlNode* list = ue_values.part("qos_flows");
  if (list == nullptr) return;
  const Section& section = *part_of(ue_section(), "qos_flows");
  std::set<std::uint8_t> used{ue.session.default_qfi.value};
  std::uint8_t next = 2;
  for (const auto& node : list_of(*list, "qos_flows", loading.problems)) {
    const SectionValues values = read_section(node, section, "a QoS flow", loading.problems);
    SessionView::QosFlow flow{.slice = ue.session.slice};
    if (values.given("slice")) flow.slice = read_slice(loading, values);
    flow.five_qi = static_cast<std::uint16_t>(values.integer("five_qi"));
    check_five_qi(loading, values);
    flow.protocol = values.text("protocol") == "tcp" ? ip_protocol::tcp : ip_protocol::udp;
    flow.port = static_cast<std::uint16_t>(values.integer("port"));
    flow.maximum_bit_rate = read_ambr(loading, values, section, "maximum_bit_rate");
    flow.guaranteed_bit_rate = read_ambr(loading, values, section, "guaranteed_bit_rate");
    check_guarantee(loading, values, flow);
    if (values.given("qfi")) {
      flow.qfi = Qfi{static_cast<std::uint8_t>(values.integer("qfi"))};
      if (values.values.has("qfi") && !used.insert(flow.qfi.value).second)
        loading.problems.add(values.at("qfi"), {.message = "two QoS flows of a UE have the same QFI",
                                                .found = std::to_string(flow.qfi.value),
                                                .hint = "1 is the default QoS flow's"});
    } else {
      while (used.count(next) != 0 && next < highest_qfi.value) ++next;
      flow.qfi = Qfi{next};
      if (!used.insert(next).second)
        loading.problems.add(values.node->at,
                             {.message = "a UE has too many QoS flows", .allowed = "at most 63"});
    }
    if (values.given("peer")) {
      // Addresses come later; until then the peer's id stands in for its address.
      const auto peer = find_node(loading, values.text("peer"), values.at("peer"), "a host, UE or device",
                                  [](const ScenarioNode& n) { return n.kind != NodeKind::function; });
      if (peer) flow.peer = Ipv4Address{peer->value + 1};
    }
    ue.session.flows.push_back(flow);
  }
}

bool forwards_data(const OptionValues& controller) {
  return !controller.has("data_forwarding") || controller.get<bool>("data_forwarding");
}

bool marks_by_five_qi(const OptionValues& controller) {
  return controller.has("dscp_marking") && controller.get<std::string>("dscp_marking") == "by_five_qi";
}

}  // namespace

void resolve_ues(Loading& loading) {
  for (std::size_t i = 0; i < loading.scenario.ues.size(); ++i) {
    const SectionValues& values = loading.ues.values[i];
    ScenarioUe& ue = loading.scenario.ues[i];
    ue.cells = find_nodes(loading, values, "cells", "a gNB", is_gnb);
    ue.five_qi = static_cast<std::uint16_t>(values.integer("five_qi"));
    check_five_qi(loading, values);
    SessionView& session = ue.session;
    session.ue = ue.node;
    session.slice = read_slice(loading, values);
    session.default_qfi = Qfi{1};
    session.default_five_qi = ue.five_qi;
    session.data_forwarding = forwards_data(loading.scenario.controller);
    session.mark_by_five_qi = marks_by_five_qi(loading.scenario.controller);
    session.upf = read_anchor(loading, values);
    session.standby_upfs = find_nodes(loading, values, "standby_upfs", "a UPF", is_upf);
    std::erase(session.standby_upfs, session.upf);
    session.serving_gnb = ue.cells.empty() ? no_node : ue.cells.front();
    session.ambr = read_ambr(loading, values, ue_section(), "ambr");
    if (const YamlNode* radio = values.part("radio")) {
      const SectionValues radio_values =
          read_section(*radio, *part_of(ue_section(), "radio"), "radio", loading.problems);
      ue.radio = {radio_values.get<std::int64_t>("mcs"), radio_values.get<double>("bler"),
                  radio_values.get<std::int64_t>("uplink_mcs"), radio_values.get<double>("uplink_bler")};
    }
    read_qos_flows(loading, values, ue);
  }
}

}  // namespace kiriko
