// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4 bench: PFCP sessions established and deleted in a UPF that has very many, through codec, tables and back.
#include <fmt/format.h>

#include "bench/bench.hpp"
#include "bench/function_drive.hpp"
#include "bench/machine.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/stopwatch.hpp"
#include "controller/smf/n4_rules.hpp"
#include "core/pfcp/codec.hpp"
#include "core/pfcp/peer_address.hpp"
#include "core/pfcp/rejection.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

constexpr Ipv4Address smf_address{192, 0, 2, 1};

/// An SMF as short as it can be: requests encoded, answers decoded, one at a time.
class N4Bench final : public Bench {
 public:
  explicit N4Bench(std::unique_ptr<FunctionDrive> upf) : upf_(std::move(upf)) {}

  Result<void> fill(std::uint32_t sessions) {
    pfcp::AssociationSetupRequest setup;
    setup.node_id = smf_address;
    setup.recovery_time_stamp = pfcp::NtpTime{1};
    if (auto answer = ask<pfcp::AssociationSetupResponse>(setup, std::nullopt); !answer)
      return fail(answer.error());
    const double before = resident_octets();
    up_seids_.reserve(sessions);
    const Stopwatch watch;
    for (std::uint32_t i = 0; i < sessions; ++i) {
      auto up_seid = establish(i);
      if (!up_seid) return fail(up_seid.error());
      up_seids_.push_back(*up_seid);
    }
    rate_ = static_cast<double>(sessions) / (watch.nanoseconds() / 1e9);
    octets_ = (resident_octets() - before) / static_cast<double>(sessions);
    return {};
  }

  Result<double> measure(Duration wall) override {
    constexpr int between_looks = 16;
    std::uint64_t done = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < between_looks; ++i, ++done) {
        // Of all over the tables: an odd step and a number of sessions without it as a factor.
        next_ = (next_ + 7919) % up_seids_.size();
        auto deleted = ask<pfcp::SessionDeletionResponse>(pfcp::SessionDeletionRequest{}, up_seids_[next_]);
        if (!deleted) return fail(deleted.error());
        auto up_seid = establish(static_cast<std::uint32_t>(next_));
        if (!up_seid) return fail(up_seid.error());
        up_seids_[next_] = *up_seid;
      }
    } while (!watch.passed(wall));
    return watch.nanoseconds() / static_cast<double>(done);
  }

  std::string note() const override {
    return fmt::format("{} sessions were established at {:.0f} a second, with {:.0f} B of memory each",
                       up_seids_.size(), rate_, octets_);
  }

 private:
  Result<Seid> establish(std::uint32_t number) {
    const Endpoint endpoint{number + 1, Ipv4Address{Ipv4Address{10, 0, 0, 0}.value + number + 1}};
    PduSessionRules rules = session_rules(number + 1, endpoint);
    rules.pdrs[0].pdi.local_f_teid->teid = Teid{};  // the UPF chooses
    pfcp::SessionEstablishmentRequest request;
    request.node_id = smf_address;
    request.cp_f_seid = pfcp::FSeid{.seid = Seid{number + 1U}, .ipv4 = smf_address, .ipv6 = std::nullopt};
    smf::put_rules(rules, request);
    auto answer = ask<pfcp::SessionEstablishmentResponse>(request, Seid{0});
    if (!answer) return fail(answer.error());
    return answer->up_f_seid->seid;
  }

  template <class Response>
  Result<Response> ask(const pfcp::Message& request, std::optional<Seid> seid) {
    octets_out_.clear();
    pfcp::Header header;
    header.seid = seid;
    header.sequence = pfcp::SequenceNumber{++sequence_ & 0xff'ffffU};
    if (auto encoded = pfcp::encode(header, request, octets_out_); !encoded) return fail(encoded.error());
    if (auto applied = upf_->apply(DeliverControlMessage{{}, {{smf_address, pfcp::pfcp_port}, octets_out_}});
        !applied)
      return fail(applied.error());
    for (const auto& [at, message] : upf_->take_told()) {
      const auto undecoded = pfcp::decode_header(message.octets);
      if (!undecoded || undecoded->header.sequence != header.sequence) continue;
      auto decoded = pfcp::decode_body(undecoded->header.type, undecoded->body);
      if (!decoded) return fail({.message = "the UPF's answer cannot be read"});
      if (auto* response = std::get_if<Response>(&*decoded);
          response != nullptr && pfcp::accepts(response->cause))
        return std::move(*response);
      return fail({.message = "the UPF refuses", .found = std::string(to_string(*pfcp::cause_of(*decoded)))});
    }
    return fail({.message = "the UPF does not answer"});
  }

  std::unique_ptr<FunctionDrive> upf_;
  pfcp::Octets octets_out_;
  std::vector<Seid> up_seids_;
  std::size_t next_{};
  std::uint32_t sequence_{};
  double rate_{}, octets_{};
};

}  // namespace

void add_n4_benches(BenchList& list, bool quick) {
  const std::uint32_t sessions = quick ? 10'000 : 1'000'000;
  list.push_back({.name = "n4_session",
                  .sentence = fmt::format("UPF by PFCP, {} sessions: one deleted, one established", sessions),
                  .unit = Unit::nanoseconds,
                  .make = [sessions]() -> Result<std::unique_ptr<Bench>> {
                    FunctionSetup setup = upf_setup();
                    setup.options.set("n4", {true});
                    auto drive = FunctionDrive::create(upf_descriptor, setup);
                    if (!drive) return fail(drive.error());
                    auto bench = std::make_unique<N4Bench>(std::move(*drive));
                    if (auto filled = bench->fill(sessions); !filled) return fail(filled.error());
                    return bench;
                  }});
}

}  // namespace kiriko::bench
