// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The members of every rule, named once; writing and reading follow from the list.
#include "vnf/upf/rules_archive.hpp"

#include <cstring>
#include <tuple>
#include <type_traits>

namespace kiriko::upf {
namespace {

/// Whether T is U, constant or not: one list of members serves writing and reading.
template <class T, class U>
concept Same = std::is_same_v<std::remove_const_t<T>, U>;

auto members(Same<FTeid> auto& x) { return std::tie(x.teid, x.address); }
auto members(Same<OuterHeaderCreation> auto& x) { return std::tie(x.teid, x.address); }
auto members(Same<SdfPortRange> auto& x) { return std::tie(x.low, x.high); }
auto members(Same<MaskedOctet> auto& x) { return std::tie(x.value, x.mask); }
auto members(Same<Ipv4Prefix> auto& x) { return std::tie(x.address, x.length); }
auto members(Same<Ipv6Prefix> auto& x) { return std::tie(x.address, x.length); }
auto members(Same<MacAddressRange> auto& x) { return std::tie(x.low, x.high); }
auto members(Same<VlanFilter> auto& x) { return std::tie(x.id, x.priority, x.drop_eligible); }
auto members(Same<SdfFilter> auto& x) {
  return std::tie(x.protocol, x.remote, x.local, x.remote_ports, x.local_ports, x.tos_traffic_class,
                  x.security_parameter_index, x.flow_label, x.filter_id);
}
auto members(Same<EthernetPacketFilter> auto& x) {
  return std::tie(x.filter_id, x.bidirectional, x.sources, x.destinations, x.ether_type, x.c_tag, x.s_tag,
                  x.sdf_filters);
}
auto members(Same<PacketDetectionInformation> auto& x) {
  return std::tie(x.source_interface, x.local_f_teid, x.ue_ip_address, x.ue_ipv6_prefix, x.network_instance,
                  x.qfis, x.sdf_filters, x.application_id, x.ethernet_pdu_session, x.ethernet_filters);
}
auto members(Same<PacketDetectionRule> auto& x) {
  return std::tie(x.id, x.precedence, x.pdi, x.outer_header_removal, x.far, x.qers, x.urrs);
}
auto members(Same<DuplicatingParameters> auto& x) {
  return std::tie(x.destination_interface, x.outer_header_creation, x.dscp);
}
auto members(Same<ForwardingActionRule> auto& x) {
  return std::tie(x.id, x.action, x.notify_cp, x.duplicate, x.destination_interface, x.network_instance,
                  x.outer_header_creation, x.dscp, x.forwarding_policy, x.duplicating, x.bar);
}
auto members(Same<Ambr> auto& x) { return std::tie(x.uplink, x.downlink); }
auto members(Same<PacketRate> auto& x) {
  return std::tie(x.uplink, x.downlink, x.uplink_span, x.downlink_span);
}
auto members(Same<QosEnforcementRule> auto& x) {
  return std::tie(x.id, x.uplink_gate, x.downlink_gate, x.maximum_bit_rate, x.guaranteed_bit_rate, x.qfi,
                  x.session_ambr, x.reflective_qos, x.paging_policy_indicator, x.packet_rate,
                  x.correlation_id, x.averaging_window);
}
auto members(Same<MeasurementMethod> auto& x) { return std::tie(x.duration, x.volume, x.event); }
auto members(Same<ReportingTriggers> auto& x) {
  return std::tie(x.periodic, x.volume_threshold, x.time_threshold, x.quota_holding_time, x.start_of_traffic,
                  x.stop_of_traffic, x.dropped_dl_traffic_threshold, x.linked_usage_reporting, x.volume_quota,
                  x.time_quota, x.event_threshold, x.event_quota);
}
auto members(Same<VolumeLimits> auto& x) { return std::tie(x.total, x.uplink, x.downlink); }
auto members(Same<DroppedTrafficThreshold> auto& x) { return std::tie(x.packets, x.octets); }
auto members(Same<UsageReportingRule> auto& x) {
  return std::tie(x.id, x.method, x.triggers, x.measurement_period, x.volume_threshold, x.volume_quota,
                  x.time_threshold, x.time_quota, x.event_threshold, x.event_quota, x.quota_holding_time,
                  x.dropped_dl_traffic_threshold, x.monitoring_time, x.subsequent_volume_threshold,
                  x.subsequent_time_threshold, x.subsequent_volume_quota, x.subsequent_time_quota,
                  x.inactivity_detection_time, x.linked, x.quota_far, x.measure_before_qos,
                  x.inactive_measurement, x.immediate_start_metering);
}
auto members(Same<BufferingActionRule> auto& x) {
  return std::tie(x.id, x.suggested_buffering_packets, x.notification_delay);
}
auto members(Same<PduSessionRules> auto& x) {
  return std::tie(x.seid, x.slice, x.type, x.user_plane_inactivity, x.pdrs, x.fars, x.qers, x.urrs, x.bars);
}

template <class T>
concept HasMembers = requires(T& x) {
  members(x);
};

/// Seven bits an octet, the lowest first.
class Writer {
 public:
  std::vector<std::uint8_t> octets;

  void write(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) octets.push_back(static_cast<std::uint8_t>(value | 0x80U));
    octets.push_back(static_cast<std::uint8_t>(value));
  }
  void raw(const void* from, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(from);
    octets.insert(octets.end(), at, at + size);
  }
};

class Reader {
 public:
  Reader(const std::uint8_t* at, std::size_t size) : at_(at), end_(at + size) {}

  std::uint64_t read() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const std::uint8_t octet = *at_++;
      value |= std::uint64_t{octet & 0x7fU} << shift;
      if (octet < 0x80) break;
    }
    return value;
  }
  void raw(void* to, std::size_t size) {
    std::memcpy(to, at_, size);
    at_ += size;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// Numbers that may be negative are folded, so that small ones stay short.
constexpr std::uint64_t fold(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unfold(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void put(Writer& to, T value) { to.write(static_cast<std::uint64_t>(value)); }
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void get(Reader& from, T& value) { value = static_cast<T>(from.read()); }
template <class Tag, class Int>
void put(Writer& to, StrongId<Tag, Int> id) {
  to.write(id.value);
}
template <class Tag, class Int>
void get(Reader& from, StrongId<Tag, Int>& id) {
  id.value = static_cast<Int>(from.read());
}
void put(Writer& to, Duration value) { to.write(fold(value.ns)); }
void get(Reader& from, Duration& value) { value.ns = unfold(from.read()); }
void put(Writer& to, ModelTime value) { to.write(fold(value.ns)); }
void get(Reader& from, ModelTime& value) { value.ns = unfold(from.read()); }
void put(Writer& to, Bytes value) { to.write(fold(value.count)); }
void get(Reader& from, Bytes& value) { value.count = unfold(from.read()); }
void put(Writer& to, BitsPerSecond value) { to.write(fold(value.value)); }
void get(Reader& from, BitsPerSecond& value) { value.value = unfold(from.read()); }
void put(Writer& to, Ipv4Address value) { to.raw(&value.value, sizeof value.value); }
void get(Reader& from, Ipv4Address& value) { from.raw(&value.value, sizeof value.value); }
void put(Writer& to, const Ipv6Address& value) { to.raw(value.octets.data(), value.octets.size()); }
void get(Reader& from, Ipv6Address& value) { from.raw(value.octets.data(), value.octets.size()); }
void put(Writer& to, const MacAddress& value) { to.raw(&value, sizeof value); }
void get(Reader& from, MacAddress& value) { from.raw(&value, sizeof value); }
void put(Writer& to, const std::string& value) {
  to.write(value.size());
  to.raw(value.data(), value.size());
}
void get(Reader& from, std::string& value) {
  value.resize(from.read());
  from.raw(value.data(), value.size());
}

template <HasMembers T>
void put(Writer& to, const T& value);
template <HasMembers T>
void get(Reader& from, T& value);

void put(Writer& to, const AddressRange& range) {
  to.write(range.index());
  if (const auto* v4 = std::get_if<Ipv4Prefix>(&range)) put(to, *v4);
  if (const auto* v6 = std::get_if<Ipv6Prefix>(&range)) put(to, *v6);
}
void get(Reader& from, AddressRange& range) {
  const std::uint64_t index = from.read();
  if (index == 1) get(from, range.emplace<Ipv4Prefix>());
  if (index == 2) get(from, range.emplace<Ipv6Prefix>());
}
// The bit of a member says that it is not empty.
template <class T>
void put(Writer& to, const std::optional<T>& value) {
  put(to, *value);
}
template <class T>
void get(Reader& from, std::optional<T>& value) {
  get(from, value.emplace());
}
template <class T>
void put(Writer& to, const std::vector<T>& values) {
  to.write(values.size());
  for (const T& value : values) put(to, value);
}
template <class T>
void get(Reader& from, std::vector<T>& values) {
  values.resize(from.read());
  for (T& value : values) get(from, value);
}

template <HasMembers T>
void put(Writer& to, const T& value) {
  const T usual{};
  std::apply(
      [&](const auto&... member) {
        std::apply(
            [&](const auto&... default_member) {
              std::uint64_t differs = 0;
              unsigned bit = 0;
              ((differs |= std::uint64_t{!(member == default_member)} << bit++), ...);
              to.write(differs);
              bit = 0;
              ((differs >> bit++ & 1U ? put(to, member) : void()), ...);
            },
            members(usual));
      },
      members(value));
}
template <HasMembers T>
void get(Reader& from, T& value) {
  const std::uint64_t differs = from.read();
  unsigned bit = 0;
  std::apply([&](auto&... member) { ((differs >> bit++ & 1U ? get(from, member) : void()), ...); },
             members(value));
}

}  // namespace

std::vector<std::uint8_t> write_rules(const PduSessionRules& rules) {
  Writer to;
  to.octets.reserve(256);
  put(to, rules);
  return std::move(to.octets);
}

PduSessionRules read_rules(const std::uint8_t* octets, std::size_t size) {
  PduSessionRules rules;
  Reader from(octets, size);
  get(from, rules);
  return rules;
}

}  // namespace kiriko::upf
