// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// /sys/class/net and /sys/bus/pci.
#include "tools/kiriko/doctor/network_facts.hpp"

#include "tools/kiriko/doctor/kernel_text.hpp"

namespace kiriko::doctor {
namespace {

// PCI Code and ID Assignment Specification: base class 02h, network controller.
constexpr std::string_view network_class = "0x02";

}  // namespace

NetworkFacts read_network_facts(const KernelFiles& files) {
  NetworkFacts facts;
  const auto word = [&](const std::string& path) { return first_word(files.read(path).value_or("")); };
  for (const std::string& name : files.list("sys/class/net")) {
    const std::string folder = "sys/class/net/" + name;
    // Beside the interfaces stand files such as bonding_masters.
    if (name == "lo" || !files.exists(folder + "/mtu")) continue;
    facts.interfaces.push_back({name, files.link_name(folder + "/device/driver"), word(folder + "/operstate"),
                                parse_number(files.read(folder + "/mtu").value_or(""))});
  }
  for (const std::string& address : files.list("sys/bus/pci/devices")) {
    const std::string folder = "sys/bus/pci/devices/" + address;
    if (!word(folder + "/class").value_or("").starts_with(network_class)) continue;
    facts.cards.push_back({address, word(folder + "/vendor").value_or("unknown"),
                           word(folder + "/device").value_or("unknown"),
                           files.link_name(folder + "/driver")});
  }
  return facts;
}

}  // namespace kiriko::doctor
