// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The option table of "tcp".
#include "core/traffic/tcp_options.hpp"

#include <algorithm>
#include <bit>

namespace kiriko {

const TrafficModelDescriptor tcp_model{
    .name = "tcp",
    .purpose =
        "closed-loop bulk transfer: TCP NewReno between the two hosts, with acknowledgments on the way back",
    .options = {
        {.key = "size",
         .type = OptionType::bytes,
         .default_value = "0",
         .sentence = "octets to transfer; 0 never ends",
         .minimum = "0"},
        {.key = "mss",
         .type = OptionType::bytes,
         .default_value = "1400",
         .sentence = "octets in a full segment; the default leaves room for a GTP-U tunnel",
         .minimum = "64",
         .maximum = "1460"},
        {.key = "congestion",
         .type = OptionType::choice,
         .default_value = "newreno",
         .sentence = "congestion control (RFC 5681, RFC 6582)",
         .choices = {"newreno"}},
        {.key = "initial_window",
         .type = OptionType::integer,
         .default_value = "10",
         .sentence = "segments sent before the first acknowledgment (RFC 6928)",
         .minimum = "1",
         .maximum = "1000"},
        {.key = "receive_window",
         .type = OptionType::bytes,
         .default_value = "4 MiB",
         .sentence = "octets that may be on the way at most",
         .minimum = "2920",
         .maximum = "1 GiB"},
        {.key = "minimum_rto",
         .type = OptionType::duration,
         .default_value = "200ms",
         .sentence =
             "lower bound of the retransmission timeout; RFC 6298 says 1 s, common systems use 200 ms",
         .minimum = "1ms",
         .maximum = "60s"},
    }};

TcpOptions::TcpOptions(const OptionValues& values)
    : total(values.get<Bytes>("size").count),
      mss(values.get<Bytes>("mss").count),
      initial_window(values.get<std::int64_t>("initial_window") * mss),
      receive_window(std::max(values.get<Bytes>("receive_window").count, 2 * mss)),
      minimum_rto(values.get<Duration>("minimum_rto")) {
  if (total == 0) total = std::numeric_limits<std::int64_t>::max() / 4;
}

std::size_t TcpOptions::window_segments() const noexcept {
  return std::bit_ceil(static_cast<std::size_t>(receive_window / mss) + 2);
}

}  // namespace kiriko
