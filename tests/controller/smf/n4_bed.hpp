// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Bed: an Smf, fake UPFs and a fake access network on one timeline, with a wire that can lose and duplicate.
#pragma once

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "controller/smf/smf.hpp"
#include "tests/controller/smf/fake_upf.hpp"

namespace kiriko {

class N4Bed {
 public:
  static constexpr Duration wire_delay = milliseconds(1);
  static constexpr Duration access_delay = milliseconds(2);
  static constexpr Duration heartbeat_interval = seconds(1);
  static constexpr Duration t1 = milliseconds(100);
  static constexpr unsigned n1 = 3;

  explicit N4Bed(std::size_t upf_count = 2) : smf(smf_options()) {
    for (std::size_t i = 0; i < upf_count; ++i) {
      pfcp::EndpointOptions options;
      options.t1 = t1;
      options.n1 = n1;
      upfs.emplace_back(Ipv4Address{10, 2, 0, static_cast<std::uint8_t>(i + 1)}, options);
    }
    smf::DataNetwork internet;
    internet.dnn = *Dnn::parse("internet");
    internet.ipv4_pool = Ipv4Prefix{Ipv4Address{10, 60, 0, 0}, 16};
    internet.ipv6_pool = *Ipv6Prefix::parse("2001:db8:60::/56");
    internet.network_instance = "internet";
    REQUIRE(smf.add_data_network(internet));
    for (std::size_t i = 0; i < upf_count; ++i)
      smf.add_upf({upf_id(i), "upf" + std::to_string(i + 1), upfs[i].address()}, now);
  }

  static NodeId upf_id(std::size_t index) { return NodeId{static_cast<std::uint32_t>(100 + index)}; }
  static pfcp::PeerAddress smf_address() { return {Ipv4Address{10, 0, 0, 9}, pfcp::pfcp_port}; }
  static OuterHeaderCreation gnb_tunnel(smf::SmContextRef ref, std::uint8_t gnb = 1) {
    return {Teid{static_cast<std::uint32_t>(0x9000 + ref.value)}, Ipv4Address{10, 1, 0, gnb}};
  }

  smf::PduSessionRequest session_request(std::uint32_t number = 1) const {
    smf::PduSessionRequest request;
    request.supi = "imsi-99970000000" + std::to_string(number);
    request.id = smf::PduSessionId{1};
    request.dnn = *Dnn::parse("internet");
    request.s_nssai = SNssai{sst::embb, Sd{1}};
    request.wish.ue = NodeId{number};
    request.wish.default_qfi = Qfi{1};
    request.wish.ambr = {BitsPerSecond{50'000'000}, BitsPerSecond{100'000'000}};
    request.wish.upf = upf_id(0);
    for (std::size_t i = 1; i < upfs.size(); ++i) request.wish.standby_upfs.push_back(upf_id(i));
    return request;
  }
  smf::SmContextRef establish(std::uint32_t number = 1) {
    const smf::SmContextRef ref = smf.establish(session_request(number), now);
    run_for(milliseconds(20));
    REQUIRE(smf.find(ref) != nullptr);
    REQUIRE(smf.find(ref)->state == smf::SmState::active);
    return ref;
  }

  void run_for(Duration span) { run_until(now + span); }
  void run_until(ModelTime end) {
    flush();
    for (;;) {
      ModelTime next = smf.next_due();
      for (const FakeUpf& upf : upfs) next = std::min(next, upf.next_due());
      if (!queue_.empty()) next = std::min(next, queue_.begin()->first);
      if (next > end) break;
      now = std::max(now, next);
      if (!queue_.empty() && queue_.begin()->first <= now) {
        auto node = queue_.extract(queue_.begin());
        node.mapped()();
      } else {
        smf.on_time(now);
        for (FakeUpf& upf : upfs) upf.on_time(now);
      }
      flush();
    }
    now = end;
  }

  /// Events of one kind so far, oldest first.
  template <class What>
  std::vector<std::pair<smf::SmfEvent, What>> events_of() {
    flush();
    std::vector<std::pair<smf::SmfEvent, What>> found;
    for (const smf::SmfEvent& event : events)
      if (const auto* what = std::get_if<What>(&event.what)) found.emplace_back(event, *what);
    return found;
  }
  template <class What>
  std::size_t count() {
    return events_of<What>().size();
  }

  ModelTime now{};
  std::deque<FakeUpf> upfs{};
  smf::Smf smf;
  std::vector<smf::SmfEvent> events{};
  std::vector<smf::AccessRequest> access_requests{};
  std::size_t datagrams{};
  /// How often a datagram arrives, by its number from 0; once if not set.
  std::function<int(std::size_t)> copies{};
  /// Whether the UPF's datagram is lost, by its number from 0 since this was set; none if not set.
  void lose_from(std::size_t upf, std::function<bool(std::size_t)> lost) {
    lost_from_[upf] = {std::move(lost), 0};
  }
  /// The access network's answer; none: it does not answer.
  std::function<std::optional<smf::AccessAnswer>(const smf::AccessRequest&)> access{
      [](const smf::AccessRequest& request) -> std::optional<smf::AccessAnswer> {
        if (std::holds_alternative<smf::SetUpResources>(request.what))
          return smf::AccessTunnel{gnb_tunnel(request.session)};
        return smf::AccessDone{};
      }};

 private:
  static smf::SmfOptions smf_options() {
    smf::SmfOptions options;
    options.address = std::get<Ipv4Address>(smf_address().address);
    options.n4.endpoint.node_id = options.address;
    options.n4.endpoint.recovery_time_stamp = pfcp::NtpTime{77};
    options.n4.endpoint.t1 = t1;
    options.n4.endpoint.n1 = n1;
    options.n4.endpoint.heartbeat_interval = heartbeat_interval;
    options.n4.association_retry = seconds(1);
    return options;
  }

  void carry(std::function<void()> arrival) {
    const int times = copies ? copies(datagrams) : 1;
    ++datagrams;
    for (int i = 0; i < times; ++i) queue_.emplace(now + wire_delay, arrival);
  }

  void flush() {
    for (auto& datagram : smf.take_datagrams())
      for (FakeUpf& upf : upfs)
        if (upf.address() == datagram.to)
          carry([this, &upf, octets = datagram.octets] { upf.receive(octets, smf_address(), now); });
    for (std::size_t i = 0; i < upfs.size(); ++i)
      for (auto& datagram : upfs[i].take_output()) {
        FakeUpf& upf = upfs[i];
        auto& [lost, number] = lost_from_[i];
        if (lost && lost(number++)) continue;
        carry([this, &upf, octets = std::move(datagram.octets)] { smf.receive(octets, upf.address(), now); });
      }
    for (const smf::AccessRequest& request : smf.take_access_requests()) {
      if (auto answer = access(request))
        queue_.emplace(now + access_delay, [this, token = request.token, answer = *answer] {
          smf.access_answered(token, answer, now);
        });
      access_requests.push_back(request);
    }
    for (smf::SmfEvent& event : smf.take_events()) events.push_back(std::move(event));
  }

  std::map<std::size_t, std::pair<std::function<bool(std::size_t)>, std::size_t>> lost_from_{};
  std::multimap<ModelTime, std::function<void()>> queue_{};
};

}  // namespace kiriko
