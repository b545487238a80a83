// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Client: PFCP associations with several UPFs, and requests to them that procedures await (TS 29.244 clause 6.2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "controller/smf/procedure.hpp"
#include "core/base/ids.hpp"
#include "core/pfcp/endpoint.hpp"

namespace kiriko::smf {

/// A UPF the SMF may use.
struct UpfDescription {
  NodeId id{no_node};
  std::string name{};
  pfcp::PeerAddress n4{};
};

struct N4Options {
  pfcp::EndpointOptions endpoint{};
  Duration association_retry{seconds(5)};  ///< after a setup that was refused or not answered
};

/// Why a request has no answer.
enum class N4Failure : std::uint8_t { no_association, upf_failed, timed_out, unreadable, not_sent };
std::string_view to_string(N4Failure failure);

/// A response of the matching type, whatever its Cause.
using N4Answer = tl::expected<pfcp::Message, N4Failure>;

/// The association holds; of a UPF that was away, too.
struct UpfAssociated {
  NodeId upf{no_node};
  pfcp::UpFunctionFeatures features{};
};
struct UpfRefusedAssociation {
  NodeId upf{no_node};
  pfcp::Cause cause{};
};
/// N1 heartbeats without an answer.
struct UpfFailed {
  NodeId upf{no_node};
  ModelTime last_heard{};  ///< its last message
};
/// It answers again and has kept its sessions.
struct UpfRecovered {
  NodeId upf{no_node};
};
/// It has restarted: its sessions are gone. The association is set up anew.
struct UpfRestarted {
  NodeId upf{no_node};
};
/// It asks to be released (SARR), or gets ready for it: no new sessions.
struct UpfWantsRelease {
  NodeId upf{no_node};
};
struct UpfReleased {
  NodeId upf{no_node};
};
/// A GTP-U path of the UPF failed or came back (clause 7.4.5.1).
struct UpfPathReported {
  NodeId upf{no_node};
  Ipv4Address peer{};
  bool failed{};
};
/// A Session Report Request; wants one respond().
struct SessionReported {
  NodeId upf{no_node};
  pfcp::RequestHandle request{};
  Seid cp_seid{};
  pfcp::SessionReportRequest report{};
};
/// A session that nobody waits for any more was made all the same; it is to be deleted.
struct EstablishedLate {
  NodeId upf{no_node};
  Seid up_seid{};
};
using N4Event = std::variant<UpfAssociated, UpfRefusedAssociation, UpfFailed, UpfRecovered, UpfRestarted,
                             UpfWantsRelease, UpfReleased, UpfPathReported, SessionReported, EstablishedLate>;

/// Datagrams and the time go in, datagrams and events come out. Answers go to who awaits them, through the queue.
class N4Client {
 public:
  N4Client(N4Options options, ReadyQueue& ready);

  /// Sets up the association and goes on trying until release().
  void add(const UpfDescription& upf, ModelTime now);
  /// No new sessions from now on.
  void prepare_release(NodeId upf);
  /// Releases the association (clause 6.2.8); sessions are the caller's to delete before.
  void release(NodeId upf, ModelTime now);

  /// Associated, answering heartbeats, and not about to be released: fit for new sessions.
  bool is_usable(NodeId upf) const;
  /// Its sessions can be modified and deleted.
  bool is_reachable(NodeId upf) const;
  /// The name, for logs; "none" for one that is not known.
  std::string name_of(NodeId upf) const;

  /// Sends a request of a session; `up_seid` 0 for an establishment. Without an association the failure is the answer.
  Reply<N4Answer> request(NodeId upf, Seid up_seid, const pfcp::Message& message, ModelTime now);
  void respond(const pfcp::RequestHandle& request, const pfcp::Message& message, Seid up_seid, ModelTime now);

  std::vector<N4Event> receive(pfcp::OctetView datagram, const pfcp::PeerAddress& from, ModelTime now);
  std::vector<N4Event> on_time(ModelTime now);
  ModelTime next_due() const;
  std::vector<pfcp::OutDatagram> take_output() { return endpoint_.take_output(); }

  const pfcp::EndpointCounters& counters() const noexcept { return endpoint_.counters(); }

 private:
  enum class Association : std::uint8_t { wanted, asked, held, failed, leaving, releasing };
  struct Upf {
    UpfDescription description{};
    Association association{Association::wanted};
    ModelTime retry{ModelTime::never()};
    ModelTime last_heard{};
    bool restart_told{false};  ///< by a refusal; the new recovery time stamp is yet to come
    std::optional<pfcp::RequestToken> node_request{};  ///< the setup or release under way
  };
  struct Awaited {
    NodeId upf{no_node};
    Reply<N4Answer> reply;
  };
  using Events = std::vector<N4Event>;

  Upf* upf_at(const pfcp::IpAddress& address);
  void set_up(Upf& upf, ModelTime now);
  void handle(pfcp::Event& event, ModelTime now, Events& events);
  void on_response(const pfcp::ResponseReceived& response, ModelTime now, Events& events);
  void on_node_response(Upf& upf, const pfcp::Message& message, ModelTime now, Events& events);
  void on_request(pfcp::RequestReceived& request, ModelTime now, Events& events);
  void on_lost(pfcp::RequestToken token, N4Failure failure, ModelTime now);
  void restarted(Upf& upf, ModelTime now, Events& events);
  /// Answers all that is awaited of this UPF.
  void fail_all(NodeId upf, N4Failure failure);

  N4Options options_;
  ReadyQueue& ready_;
  pfcp::PfcpEndpoint endpoint_;
  std::map<NodeId, Upf> upfs_{};
  std::map<pfcp::IpAddress, NodeId> by_address_{};
  std::map<pfcp::RequestToken, Awaited> awaited_{};
};

}  // namespace kiriko::smf
