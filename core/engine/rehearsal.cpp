// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Two nodes, a link without delay, and the packet that crosses it again and again.
#include "core/engine/rehearsal.hpp"

namespace kiriko {

Rehearsal::Rehearsal(PacketPool& pool, const RealClock& clock)
    : clock_(clock),
      packet_(pool.allocate()),
      link_({.name = "rehearsal", .properties = {}, .shares = {}, .seed = 0, .pool = &pool}),
      from_(&end_, false, Exits{&pool, {&link_}}, {nullptr}, {&link_}),
      to_(&end_, false, Exits{&pool, {nullptr}}, {&link_}, {nullptr}),
      part_({&from_, &to_}) {
  to_.measure_lateness(&clock_);
  from_.exits().look_beyond(PortId{0}, {&link_.line(), &to_, to_.head_address(0)});
}

Rehearsal::~Rehearsal() { rte_pktmbuf_free(packet_); }

void Rehearsal::run() noexcept {
  if (packet_ == nullptr) return;
  PacketMetadata& metadata = metadata_of(packet_);
  metadata = PacketMetadata{};
  metadata.time = metadata.birth = clock_.now();
  from_.exits().emit(PortId{0}, {&packet_, 1});
  from_.exits().flush_all();
  part_.run(clock_.now());
}

}  // namespace kiriko
