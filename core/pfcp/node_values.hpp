// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of nodes and associations: functions supported, flags of node messages, load (TS 29.244 clause 8.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

/// Clause 8.2.58; a flag not named here is neither kept nor sent.
struct CpFunctionFeatures {
  bool load{}, ovrl{}, epfar{}, sset{}, bundl{}, mpas{}, ardr{}, uiaur{};
  bool psucc{}, rpgur{};
  friend bool operator==(const CpFunctionFeatures&, const CpFunctionFeatures&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.load, self.ovrl, self.epfar, self.sset, self.bundl, self.mpas, self.ardr, self.uiaur);
    if (io.more()) io.flags(self.psucc, self.rpgur);
  }
};

/// Clause 8.2.25, octets 5 to 11; a peer of an earlier release sends fewer.
struct UpFunctionFeatures {
  bool bucp{};   ///< downlink data buffered in the CP function
  bool ddnd{};   ///< downlink data notification delay
  bool dlbd{};   ///< DL buffering duration
  bool trst{};   ///< traffic steering
  bool ftup{};   ///< F-TEIDs are allocated in the UP function
  bool pfdm{};   ///< PFD management
  bool heeu{};   ///< header enrichment of uplink traffic
  bool treu{};   ///< traffic redirection
  bool empu{};   ///< sends end markers
  bool pdiu{};   ///< PDI optimization by traffic endpoints
  bool udbc{};   ///< UL/DL buffering control
  bool quoac{};  ///< quota action
  bool trace{};
  bool frrt{};  ///< framed routing
  bool pfde{};  ///< PFDs with properties
  bool epfar{};
  bool dpdra{};  ///< deferred PDR activation
  bool adpdp{};  ///< activates predefined PDRs
  bool ueip{};   ///< allocates UE IP addresses
  bool sset{};   ///< SMF sets
  bool mnop{};   ///< counts packets in usage reports
  bool mte{};    ///< multiple instances of traffic endpoint IDs in a PDI
  bool bundl{};  ///< PFCP messages bundled
  bool gcom{};
  bool mpas{};   ///< multiple PFCP associations to an SMF set
  bool rttl{};   ///< redundant transmission at the transport layer
  bool vtime{};  ///< quota validity time
  bool norp{};   ///< number of reports
  bool iptv{};
  bool ip6pl{};  ///< UE IPv6 prefix lengths other than 64
  bool tscu{};
  bool mptcp{};
  bool atsss_ll{}, qfqm{}, gpqm{}, mt_edt{}, ciot{}, ethar{};
  bool ddds{};  ///< reports first buffered and first discarded downlink packets
  bool rds{};
  bool rttwp{}, quasf{}, nspoc{}, l2tp{}, upber{}, resps{}, iprep{}, dnsts{};
  bool drqos{}, mbsn4{}, psuprm{}, eppi{}, ratp{}, upidp{};
  friend bool operator==(const UpFunctionFeatures&, const UpFunctionFeatures&) = default;

  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    [[maybe_unused]] std::size_t least = 0;
    if constexpr (!Io::reading) least = io.size() + 2;
    io.flags(self.bucp, self.ddnd, self.dlbd, self.trst, self.ftup, self.pfdm, self.heeu, self.treu);
    if (io.more())
      io.flags(self.empu, self.pdiu, self.udbc, self.quoac, self.trace, self.frrt, self.pfde, self.epfar);
    if (io.more())
      io.flags(self.dpdra, self.adpdp, self.ueip, self.sset, self.mnop, self.mte, self.bundl, self.gcom);
    if (io.more())
      io.flags(self.mpas, self.rttl, self.vtime, self.norp, self.iptv, self.ip6pl, self.tscu, self.mptcp);
    if (io.more())
      io.flags(self.atsss_ll, self.qfqm, self.gpqm, self.mt_edt, self.ciot, self.ethar, self.ddds, self.rds);
    if (io.more())
      io.flags(self.rttwp, self.quasf, self.nspoc, self.l2tp, self.upber, self.resps, self.iprep, self.dnsts);
    if (io.more()) io.flags(self.drqos, self.mbsn4, self.psuprm, self.eppi, self.ratp, self.upidp);
    if constexpr (!Io::reading) io.trim(least);
  }
};

/// Flags of one octet with a name for each; what the standard adds later is ignored.
struct NodeReportType {  ///< clause 8.2.69
  bool upfr{};           ///< user plane path failure report
  bool uprr{};           ///< user plane path recovery report
  bool ckdr{};           ///< clock drift report
  bool gpqr{};           ///< GTP-U path QoS report
  bool purr{};           ///< peer UP restart report
  bool vsr{};            ///< vendor-specific report
  friend bool operator==(const NodeReportType&, const NodeReportType&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.upfr, self.uprr, self.ckdr, self.gpqr, self.purr, self.vsr);
  }
};

struct PfcpAssociationReleaseRequest {  ///< clause 8.2.77
  bool sarr{};                          ///< the UP function asks for the release
  bool urss{};                          ///< all usage reports of the sessions have been sent
  friend bool operator==(const PfcpAssociationReleaseRequest&,
                         const PfcpAssociationReleaseRequest&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.sarr, self.urss);
  }
};

struct PfcpasReqFlags {  ///< clause 8.2.177
  bool uupsi{};
  friend bool operator==(const PfcpasReqFlags&, const PfcpasReqFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.uupsi);
  }
};

struct PfcpasRspFlags {  ///< clause 8.2.128
  bool psrei{};          ///< sessions are retained
  bool uupsi{};
  friend bool operator==(const PfcpasRspFlags&, const PfcpasRspFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.psrei, self.uupsi);
  }
};

struct PfcpauReqFlags {  ///< clause 8.2.120
  bool parps{};          ///< the association's release is being prepared: no new sessions
  friend bool operator==(const PfcpauReqFlags&, const PfcpauReqFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.parps);
  }
};

struct IpVersion {  ///< clause 8.2.176
  bool ipv4{}, ipv6{};
  friend bool operator==(const IpVersion&, const IpVersion&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv4, self.ipv6);
  }
};

struct OciFlags {  ///< clause 8.2.80
  bool aoci{};     ///< overload control information belongs to the whole node
  friend bool operator==(const OciFlags&, const OciFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.aoci);
  }
};

/// Clause 8.2.125: an FQDN after a spare octet.
struct SmfSetId {
  std::string fqdn{};  ///< as sent, see canonical_name()
  friend bool operator==(const SmfSetId&, const SmfSetId&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags();
    io.rest(self.fqdn);
  }
};

/// Clause 8.2.123.
struct UeIpAddressPoolIdentity {
  std::string identity{};
  friend bool operator==(const UeIpAddressPoolIdentity&, const UeIpAddressPoolIdentity&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.counted16(self.identity);
  }
};

/// Clause 8.2.39: one packet flow description's texts.
struct PfdContents {
  std::optional<std::string> flow_description{};
  std::optional<std::string> url{};
  std::optional<std::string> domain_name{};
  std::optional<std::string> custom_pfd_content{};
  std::optional<std::string> domain_name_protocol{};
  std::optional<Octets> additional_flow_descriptions{};  ///< each after its length of two octets, as sent
  std::optional<Octets> additional_urls{};
  std::optional<Octets> additional_domain_names{};
  friend bool operator==(const PfdContents&, const PfdContents&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.flow_description, self.url, self.domain_name, self.custom_pfd_content,
             self.domain_name_protocol, self.additional_flow_descriptions, self.additional_urls,
             self.additional_domain_names);
    io.flags();
    io.counted16(self.flow_description);
    io.counted16(self.url);
    io.counted16(self.domain_name);
    io.counted16(self.custom_pfd_content);
    io.counted16(self.domain_name_protocol);
    io.counted16(self.additional_flow_descriptions);
    io.counted16(self.additional_urls);
    io.counted16(self.additional_domain_names);
  }
};

using FqCsid = KeptOctets<struct FqCsidTag>;              ///< clause 8.2.43
using NfInstanceId = KeptOctets<struct NfInstanceIdTag>;  ///< clause 8.2.172: a UUID
using GroupId = KeptOctets<struct GroupIdTag>;            ///< clause 8.2.199
using LoadSequenceNumber = StrongId<struct LoadSequenceNumberTag>;
using Metric = StrongId<struct MetricTag, std::uint8_t>;  ///< percent

}  // namespace kiriko::pfcp
