// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// BaseStation: a gNB of one cell, from N3 to the UEs' radio ports.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/descriptor.hpp"
#include "core/function/network_function.hpp"
#include "vnf/gnb/cell_link.hpp"
#include "vnf/gnb/data_forwarding.hpp"
#include "vnf/gnb/n3_tunnel.hpp"
#include "vnf/gnb/random_access/connections.hpp"
#include "vnf/gnb/ue_table.hpp"

namespace kiriko {

class BaseStation final : public NetworkFunction {
 public:
  /// `setup.address` is set and `cell.n3_port` is one of its ports.
  /// \param barring by the place of a slice in the setup; last for packets of none
  BaseStation(const FunctionSetup& setup, const Cell& cell, std::vector<AccessBarring> barring);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime now, Exits& exits) noexcept override;
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;
  std::optional<CellUse> cell_use() const override;

 private:
  // Data path.
  void take_uplink(Packet* packet, Exits& exits) noexcept;
  void take_downlink(Packet* packet, Exits& exits) noexcept;
  /// To the gNB that the UE is handed over to.
  void forward(Packet* packet, const ForwardingTunnel& to, ModelTime now, Exits& exits) noexcept;
  void take_end_marker(Teid tunnel, const PacketMetadata& metadata, Exits& exits) noexcept;
  /// What waited for an end marker goes on.
  void carry_released(ModelTime now, Exits& exits) noexcept;
  void deliver_downlink(Exits& exits) noexcept;
  void deliver_uplink(Exits& exits) noexcept;
  /// Into the radio if the device is connected; otherwise it waits for that.
  void carry(UeIndex ue, Packet* packet, std::uint32_t octets, bool downlink, Exits& exits) noexcept;
  void buffer(UeIndex ue, Packet* packet, std::uint32_t octets, bool downlink, Exits& exits) noexcept;
  void admit(ModelTime now, Exits& exits) noexcept;
  void answer_echo(const N3Frame& frame, ModelTime now, Exits& exits) noexcept;
  void indicate_error(const N3Frame& frame, ModelTime now, Exits& exits) noexcept;
  void send_n3(Packet* packet, ModelTime at, Exits& exits) noexcept;
  void ask_for_wake(ModelTime now, Exits& exits) noexcept;
  /// The bearer's slice; marks a packet that came without one.
  std::uint32_t slice_of(PacketMetadata& metadata, const UeContext& context) const noexcept;

  // Control.
  Result<Commit> prepare_attach(const UeContext& context);
  Result<Commit> prepare_detach(const DetachUe& change);
  Result<void> check_radio(const UeRadio& radio) const;
  Result<Commit> prepare_shares(const std::vector<RrmPolicyRatio>& shares);
  Result<Commit> prepare_radio(const SetUeRadio& change);
  void apply_radio(UeIndex ue);
  void apply_qos(UeIndex ue);
  void remove(UeIndex ue, Exits& exits);
  CellView view() const;

  FunctionSetup setup_;
  Cell cell_;
  PortId n3_;
  Ipv4Address address_;
  std::uint32_t no_slice_place_;  ///< one beyond the scenario's slices
  UeTable ues_;
  CellLink downlink_, uplink_;
  Connections connections_;
  std::vector<Admitted> admitted_;
  DataForwarding forwarding_;
  std::vector<DataForwarding::Released> released_;
  std::vector<RrmPolicyRatio> shares_;
  std::vector<Delivered> delivered_;
  ModelTime n3_clock_{};  ///< of the newest packet sent to N3, which takes them in order of time
  std::uint64_t echoes_answered_{}, end_markers_{}, error_indications_sent_{}, error_indications_received_{};
  std::uint64_t forwarded_{};
};

}  // namespace kiriko
