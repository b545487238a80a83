// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One LinkCapture a captured link, with the scenario's names.
#include "scenarios/run/link_captures.hpp"

#include <filesystem>

namespace kiriko {

Result<LinkCaptures> LinkCaptures::create(const Scenario& scenario, const std::string& folder) {
  LinkCaptures captures;
  captures.links_.resize(scenario.links.size());
  if (folder.empty()) return captures;
  for (const ScenarioFlow& flow : scenario.flows) captures.names_.flows.push_back(flow.spec.name);
  for (const SliceDescription& slice : scenario.slices) captures.names_.slices.push_back(slice.name);
  for (const ScenarioLink& link : scenario.links) {
    if (!link.capture) continue;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
      return fail({.message = "the folder of the captures cannot be made",
                   .where = "links." + link.name + ".capture",
                   .found = folder,
                   .hint = error.message()});
    auto capture = LinkCapture::create({.path = folder + "/" + link.name + ".pcapng",
                                        .link = link.name,
                                        .a = scenario.nodes[link.a.value].name,
                                        .b = scenario.nodes[link.b.value].name,
                                        .forward_rate = link.forward.rate,
                                        .backward_rate = link.backward.rate,
                                        .application = "kiriko " KIRIKO_VERSION});
    if (!capture) {
      Problem problem = capture.error();
      problem.where = "links." + link.name + ".capture";
      return fail(std::move(problem));
    }
    captures.links_[link.id.value] = std::move(*capture);
  }
  return captures;
}

std::vector<LinkTaps> LinkCaptures::taps() const {
  std::vector<LinkTaps> taps;
  for (const auto& link : links_) taps.push_back(link == nullptr ? LinkTaps{} : link->taps());
  return taps;
}

Result<void> LinkCaptures::finish(ModelTime end) {
  Result<void> all;
  for (const auto& link : links_) {
    if (link == nullptr) continue;
    if (auto finished = link->finish(names_, end); !finished && all) all = std::move(finished);
  }
  return all;
}

}  // namespace kiriko
