// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SmContext: what the SMF knows of one PDU session (TS 29.502: SM context).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "controller/smf/procedure.hpp"
#include "controller/smf/slice_admission.hpp"
#include "core/base/units.hpp"
#include "core/control/network_view.hpp"
#include "core/control/pdu_session.hpp"
#include "core/fiveg/dnn.hpp"

namespace kiriko::smf {

/// Names an SM context; also the CP's SEID of its PFCP session. Never 0, never used twice.
using SmContextRef = StrongId<struct SmContextTag, std::uint64_t>;

/// What the UE and its subscription ask for.
struct PduSessionRequest {
  std::string supi{};
  PduSessionId id{};
  Dnn dnn{};  ///< empty: the address is given, and of no pool
  SNssai s_nssai{};
  PduSessionType type{PduSessionType::ipv4};
  /// QoS flows, Session-AMBR, the wished UPF and its standbys; `ue_address` 0.0.0.0: one of the DNN's pool.
  SessionView wish{};
};

enum class SmState : std::uint8_t {
  establishing,
  active,       ///< user plane up to the gNB
  idle,         ///< the UPF buffers the downlink and tells
  without_upf,  ///< its UPF failed, and there is none to go to yet
  released
};

struct SmContext {
  explicit SmContext(ReadyQueue& ready) : turns(ready) {}

  SmContextRef ref{};
  PduSessionRequest request{};
  SmState state{SmState::establishing};
  bool has_pool_address{};
  std::optional<Ipv6Prefix> ue_prefix{};
  NodeId upf{no_node};
  Seid up_seid{};
  FTeid uplink{};                                 ///< at the UPF, chosen by it; TEID 0: not yet
  std::optional<OuterHeaderCreation> downlink{};  ///< at the gNB; none: the UPF buffers
  PduSessionRules rules{};                        ///< as the UPF has them
  ModelTime without_upf_since{};
  bool paging{};
  Turns turns;  ///< one procedure at a time
};
using SmContextPtr = std::shared_ptr<SmContext>;

}  // namespace kiriko::smf
