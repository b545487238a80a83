// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The list; a new function is one include and one line here.
#include "vnf/catalogue.hpp"

#include <array>

#include "vnf/firewall/firewall.hpp"
#include "vnf/gnb/gnb.hpp"
#include "vnf/ip_endpoint/ip_endpoint.hpp"
#include "vnf/rate_limiter/rate_limiter.hpp"
#include "vnf/switch/switch.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko {

Catalogue catalogue() {
  static const std::array<const Descriptor*, 6> functions{
      &switch_descriptor,   &upf_descriptor,          &gnb_descriptor,
      &firewall_descriptor, &rate_limiter_descriptor, &ip_endpoint_descriptor,
  };
  return functions;
}

}  // namespace kiriko
