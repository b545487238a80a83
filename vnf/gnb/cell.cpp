// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The options of a cell and how they become its figures.
#include "vnf/gnb/cell.hpp"

#include <cmath>
#include <numeric>
#include <sstream>
#include <string>

namespace kiriko {
namespace {

/// A problem found by core/fiveg, told under the option's key.
tl::unexpected<Problem> under(std::string key, Problem problem) {
  problem.where = std::move(key);
  return fail(std::move(problem));
}

int whole(const OptionValues& options, std::string_view key) {
  return static_cast<int>(options.get<std::int64_t>(key));
}

SlotGrid grid_of(const TddPattern& pattern, bool downlink) {
  std::vector<std::uint8_t> symbols;
  for (std::size_t slot = 0; slot < pattern.period(); ++slot)
    symbols.push_back(
        static_cast<std::uint8_t>(downlink ? pattern.downlink_symbols(slot) : pattern.uplink_symbols(slot)));
  return SlotGrid{std::move(symbols)};
}

}  // namespace

SlotGrid::SlotGrid(std::vector<std::uint8_t> symbols) : symbols_(std::move(symbols)), wait_(symbols_.size()) {
  const std::size_t period = symbols_.size();
  for (std::size_t slot = 0; slot < period; ++slot) {
    std::size_t wait = 0;
    while (wait < period && symbols_[(slot + wait) % period] == 0) ++wait;
    wait_[slot] = static_cast<std::uint16_t>(wait);
  }
}

SlotGrid mini_grid_of(const SlotGrid& slots, const std::size_t period, int length, bool at_end) {
  std::vector<std::uint8_t> symbols;
  for (std::size_t slot = 0; slot < period; ++slot) {
    const int own = slots.symbols(static_cast<std::int64_t>(slot));
    const int from = at_end ? symbols_per_slot - own : 0;
    for (int begin = 0; begin < symbols_per_slot; begin += length)
      symbols.push_back(
          static_cast<std::uint8_t>(begin >= from && begin + length <= from + own ? length : 0));
  }
  return SlotGrid{std::move(symbols)};
}

Cell mini_slots_of(const Cell& cell) {
  Cell mini = cell;
  mini.occasions_a_slot = symbols_per_slot / cell.mini_slot_symbols;
  mini.harq_round_trip *= mini.occasions_a_slot;
  mini.rlc_round_trip *= mini.occasions_a_slot;
  mini.average_slots *= mini.occasions_a_slot;
  mini.downlink.grid =
      mini_grid_of(cell.downlink.grid, cell.downlink.grid.period(), cell.mini_slot_symbols, false);
  mini.uplink.grid = mini_grid_of(cell.uplink.grid, cell.uplink.grid.period(), cell.mini_slot_symbols, true);
  mini.uplink.delay_slots = mini.uplink.request_period = 0;
  return mini;
}

double SlotGrid::share() const noexcept {
  const int sum = std::accumulate(symbols_.begin(), symbols_.end(), 0);
  return static_cast<double>(sum) / (static_cast<double>(symbols_.size()) * symbols_per_slot);
}

std::int64_t bits_x1024_per_block_symbol(double spectral_efficiency,
                                         const CellDirection& direction) noexcept {
  const double bits =
      subcarriers_per_resource_block * spectral_efficiency * direction.layers * (1.0 - direction.overhead);
  return std::llround(bits * 1024.0);
}

const OptionTable& cell_options() {
  static const OptionTable table{
      {.key = "n3_port",
       .type = OptionType::integer,
       .default_value = "0",
       .sentence = "the port towards the transport network (N3)",
       .minimum = "0",
       .maximum = "65535"},
      {.key = "frequency_range",
       .type = OptionType::choice,
       .default_value = "FR1",
       .sentence = "frequency range, TS 38.104 clause 5.1",
       .choices = {"FR1", "FR2"}},
      {.key = "numerology",
       .type = OptionType::integer,
       .default_value = "1",
       .sentence = "µ: subcarrier spacing 15·2^µ kHz, slot 1 ms / 2^µ, TS 38.211 clause 4.2",
       .minimum = "0",
       .maximum = "6"},
      {.key = "bandwidth",
       .type = OptionType::integer,
       .default_value = "100",
       .sentence = "channel bandwidth in MHz; gives N_RB by TS 38.101-1 and -2 Table 5.3.2-1",
       .minimum = "3",
       .maximum = "2000"},
      {.key = "tdd",
       .type = OptionType::text,
       .default_value = "DDDSU",
       .sentence = "slots of a TDD period (D, S, U), or FDD, TS 38.213 clause 11.1"},
      {.key = "special_slot",
       .type = OptionType::text,
       .default_value = "10:2:2",
       .sentence = "downlink:guard:uplink symbols of a special slot; both ends carry data"},
      {.key = "layers_dl",
       .type = OptionType::integer,
       .default_value = "4",
       .sentence = "MIMO layers of the downlink",
       .minimum = "1",
       .maximum = "8"},
      {.key = "layers_ul",
       .type = OptionType::integer,
       .default_value = "1",
       .sentence = "MIMO layers of the uplink",
       .minimum = "1",
       .maximum = "4"},
      {.key = "overhead_dl",
       .type = OptionType::number,
       .default_value = "0.14",
       .sentence = "share of the downlink's resource elements that carry no data, TS 38.306 clause 4.1.2",
       .minimum = "0",
       .maximum = "0.9"},
      {.key = "overhead_ul",
       .type = OptionType::number,
       .default_value = "0.08",
       .sentence = "share of the uplink's resource elements that carry no data, TS 38.306 clause 4.1.2",
       .minimum = "0",
       .maximum = "0.9"},
      {.key = "mcs_table",
       .type = OptionType::choice,
       .default_value = "qam256",
       .sentence = "MCS index table, TS 38.214 Tables 5.1.3.1-1 to -3",
       .choices = {"qam64", "qam256", "qam64LowSE"}},
      {.key = "mcs",
       .type = OptionType::integer,
       .default_value = "20",
       .sentence = "MCS index of every UE in both directions until SetUeRadio gives it another",
       .minimum = "0",
       .maximum = "28",
       .unverified = true},
      {.key = "bler",
       .type = OptionType::number,
       .default_value = "0.01",
       .sentence =
           "probability that a transport block's first transmission fails, until SetUeRadio gives another",
       .minimum = "0",
       .maximum = "1",
       .unverified = true},
      {.key = "retransmission_bler_factor",
       .type = OptionType::number,
       .default_value = "0.1",
       .sentence = "each retransmission fails with the previous probability times this (soft combining)",
       .minimum = "0",
       .maximum = "1",
       .unverified = true},
      {.key = "harq_transmissions",
       .type = OptionType::integer,
       .default_value = "4",
       .sentence = "transmissions of a transport block, the first included, before its packets are dropped",
       .minimum = "1",
       .maximum = "16",
       .unverified = true},
      {.key = "harq_round_trip",
       .type = OptionType::integer,
       .default_value = "8",
       .sentence = "slots from a transmission to the earliest retransmission",
       .minimum = "1",
       .maximum = "256",
       .unverified = true},
      {.key = "harq_processes",
       .type = OptionType::integer,
       .default_value = "16",
       .sentence = "transport blocks of a bearer that may wait for a retransmission at once; then nothing "
                   "new is sent "
                   "(TS 38.214 clause 5.1)",
       .minimum = "1",
       .maximum = "32"},
      {.key = "mini_slot",
       .type = OptionType::choice,
       .default_value = "none",
       .sentence = "symbols of the transmissions of delay-critical 5QIs (mapping type B, TS 38.214 clause "
                   "5.1.2.1), with a "
                   "configured grant on the uplink; none: they go in whole slots like all others",
       .choices = {"none", "2", "7"}},
      {.key = "preemption",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "a mini-slot may take resource blocks from a slot's transmission under way, whose code "
                   "block groups there "
                   "go again (TS 38.213 clause 11.2); else only those that are free"},
      {.key = "rlc_mode",
       .type = OptionType::choice,
       .default_value = "UM",
       .sentence = "what follows when HARQ gives up: UM loses the packets, AM sends them anew (TS 38.322)",
       .choices = {"UM", "AM"}},
      {.key = "rlc_retransmissions",
       .type = OptionType::integer,
       .default_value = "4",
       .sentence = "times that AM sends anew before it gives up (maxRetxThreshold, TS 38.331)",
       .minimum = "1",
       .maximum = "32",
       .unverified = true,
       .only_with = {"rlc_mode", "AM"}},
      {.key = "rlc_poll_retransmit",
       .type = OptionType::duration,
       .default_value = "45ms",
       .sentence = "from HARQ's failure to the next attempt (t-PollRetransmit, TS 38.331)",
       .minimum = "5ms",
       .maximum = "4s",
       .unverified = true,
       .only_with = {"rlc_mode", "AM"}},
      {.key = "dl_scheduling_delay",
       .type = OptionType::integer,
       .default_value = "1",
       .sentence = "slots from a downlink packet's readiness to the first that may carry it",
       .minimum = "0",
       .maximum = "64",
       .unverified = true},
      {.key = "ul_grant_delay",
       .type = OptionType::integer,
       .default_value = "4",
       .sentence = "slots from an uplink packet's readiness to the first that may carry it: request, grant "
                   "and K2 (TS 38.214 clause "
                   "6.1.2.1); 0 is a configured grant",
       .minimum = "0",
       .maximum = "256",
       .unverified = true},
      {.key = "sr_period",
       .type = OptionType::integer,
       .default_value = "0",
       .sentence =
           "slots between two occasions for a scheduling request (TS 38.321 clause 5.4.4): a UE with an "
           "empty buffer waits for "
           "one, then ul_grant_delay; 0: the wait is part of ul_grant_delay, or the grant is configured",
       .minimum = "0",
       .maximum = "640"},
      {.key = "gnb_processing",
       .type = OptionType::duration,
       .default_value = "200us",
       .sentence = "time the gNB takes before a packet is ready to be sent and after one is received",
       .minimum = "0",
       .maximum = "1s",
       .unverified = true},
      {.key = "ue_processing",
       .type = OptionType::duration,
       .default_value = "200us",
       .sentence = "time the UE takes before a packet is ready to be sent and after one is received",
       .minimum = "0",
       .maximum = "1s",
       .unverified = true},
      {.key = "buffer",
       .type = OptionType::bytes,
       .default_value = "1 MB",
       .sentence = "buffer of each UE and slice in each direction",
       .minimum = "2 kB",
       .maximum = "1 GB",
       .unverified = true},
      {.key = "layer2_overhead",
       .type = OptionType::integer,
       .default_value = "9",
       .sentence = "octets a packet costs beyond itself: SDAP 1, PDCP 3, RLC 2, MAC 3 (TS 37.324, 38.323, "
                   "38.322, 38.321)",
       .minimum = "0",
       .maximum = "64"},
      {.key = "bearer_order",
       .type = OptionType::choice,
       .default_value = "round_robin",
       .sentence =
           "among the bearers of a slice (of the cell without shares), beyond guaranteed bit rates: "
           "round_robin each in its turn takes all it needs, fair splits every slot equally, oldest_first "
           "serves the longest waiting, priority the 5QI's priority level, earliest_deadline arrival plus "
           "the 5QI's delay budget, proportional_fair the best rate over its own mean",
       .choices = {"round_robin", "fair", "oldest_first", "priority", "earliest_deadline",
                   "proportional_fair"}},
      {.key = "fairness_window",
       .type = OptionType::duration,
       .default_value = "100ms",
       .sentence = "time constant of the mean rate",
       .minimum = "1ms",
       .maximum = "1min",
       .unverified = true,
       .only_with = {"bearer_order", "proportional_fair"}},
      {.key = "remainder",
       .type = OptionType::choice,
       .default_value = "priority",
       .sentence = "resource blocks beyond the slices' minima go by the slices' priority, or in proportion "
                   "to what they still want",
       .choices = {"priority", "proportional"}},
      {.key = "access",
       .type = OptionType::choice,
       .default_value = "connected",
       .sentence = "connected: every device has its RRC connection for ever; random: an idle one must pass "
                   "barring or paging, random "
                   "access and the set-up first",
       .choices = {"connected", "random"}},
      {.key = "connection_setup",
       .type = OptionType::duration,
       .default_value = "50ms",
       .sentence = "RRC set-up and service request, from Msg4 to the first grant",
       .minimum = "0",
       .maximum = "10s",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "inactivity",
       .type = OptionType::duration,
       .default_value = "10s",
       .sentence = "a device without a packet for so long is released",
       .minimum = "1ms",
       .maximum = "1h",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "rrc_inactive",
       .type = OptionType::duration,
       .default_value = "0",
       .sentence =
           "how long a released device is in RRC_INACTIVE, from which it resumes, before it is idle; 0: "
           "idle at once",
       .minimum = "0",
       .maximum = "30d",
       .only_with = {"access", "random"}},
      {.key = "connection_resume",
       .type = OptionType::duration,
       .default_value = "15ms",
       .sentence = "RRC resume, from Msg4 to the first grant (TS 38.331 clause 5.3.13)",
       .minimum = "0",
       .maximum = "10s",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "paging_cycle",
       .type = OptionType::duration,
       .default_value = "1.28s",
       .sentence = "DRX or eDRX cycle after which a device that is not connected listens for downlink "
                   "packets (TS 38.304 clause "
                   "7.1); 0: always",
       .minimum = "0",
       .maximum = "3h",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "prach_period",
       .type = OptionType::duration,
       .default_value = "5ms",
       .sentence = "time between PRACH opportunities (TR 37.868: configuration index 6)",
       .minimum = "1ms",
       .maximum = "160ms",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "preambles",
       .type = OptionType::integer,
       .default_value = "54",
       .sentence = "preambles for contention in an opportunity",
       .minimum = "1",
       .maximum = "64",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "preamble_transmissions",
       .type = OptionType::integer,
       .default_value = "10",
       .sentence = "preambles a device sends before it gives up (preambleTransMax)",
       .minimum = "1",
       .maximum = "200",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "response_grants",
       .type = OptionType::integer,
       .default_value = "3",
       .sentence = "uplink grants in each millisecond of the 5 ms response window",
       .minimum = "1",
       .maximum = "64",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "backoff",
       .type = OptionType::duration,
       .default_value = "20ms",
       .sentence = "a device whose preamble failed waits up to so long (TS 38.321 Table 7.2-1)",
       .minimum = "0",
       .maximum = "1.92s",
       .unverified = true,
       .only_with = {"access", "random"}},
      {.key = "barring_factor",
       .type = OptionType::number,
       .default_value = "1",
       .sentence = "probability that barring lets a device pass; each time it does not, "
                   "it waits 0.7 to 1.3 "
                   "barring times (TS 38.331 clause 5.3.14.5)",
       .minimum = "0.01",
       .maximum = "1",
       .only_with = {"access", "random"}},
      {.key = "barring_time",
       .type = OptionType::duration,
       .default_value = "4s",
       .sentence = "mean wait of a barred device",
       .minimum = "1ms",
       .maximum = "512s",
       .only_with = {"access", "random"}},
      {.key = "slice_barring",
       .type = OptionType::text,
       .sentence = "\"SLICE FACTOR\" or \"SLICE FACTOR TIME\" instead of these for a slice's devices: "
                   "operator-defined access categories (TS 24.501 clause 4.5.3)",
       .repeated = true,
       .only_with = {"access", "random"}},
  };
  return table;
}

namespace {

BearerOrder bearer_order_of(std::string_view name) {
  return name == "fair"                ? BearerOrder::fair
         : name == "oldest_first"      ? BearerOrder::oldest_first
         : name == "priority"          ? BearerOrder::priority
         : name == "earliest_deadline" ? BearerOrder::earliest_deadline
         : name == "proportional_fair" ? BearerOrder::proportional_fair
                                       : BearerOrder::round_robin;
}

/// Rounded up.
std::int64_t slots_of(Duration duration, const Cell& cell) {
  return (duration.ns + cell.slot().ns - 1) / cell.slot().ns;
}

Result<std::pair<std::string, AccessBarring>> parse_slice_barring(const std::string& text,
                                                                  const OptionValues& options) {
  std::istringstream words(text);
  std::string slice, factor, time, more;
  words >> slice >> factor >> time >> more;
  const Problem problem{
      .message = "not a slice's barring",
      .where = "slice_barring",
      .found = text,
      .allowed = "a slice's name, a factor of 0.01 to 1, and perhaps a time up to 512 s: \"meters 0.3 4s\""};
  if (factor.empty() || !more.empty()) return fail(problem);
  const auto parsed = parse_option(*find_option(cell_options(), "barring_factor"), factor);
  if (!parsed) return fail(problem);
  AccessBarring barring{.factor = std::get<double>(*parsed), .time = options.get<Duration>("barring_time")};
  if (!time.empty()) {
    const auto wait = parse_option(*find_option(cell_options(), "barring_time"), time);
    if (!wait) return fail(problem);
    barring.time = std::get<Duration>(*wait);
  }
  return std::pair{std::move(slice), barring};
}

Result<ConnectionParameters> connections_of(const OptionValues& options, std::uint64_t buffer) {
  ConnectionParameters out{.needed = options.get<std::string>("access") == "random"};
  out.random_access.prach_period = options.get<Duration>("prach_period");
  out.random_access.preambles = static_cast<std::uint32_t>(whole(options, "preambles"));
  out.random_access.preamble_transmissions =
      static_cast<std::uint32_t>(whole(options, "preamble_transmissions"));
  out.random_access.grants_per_millisecond = static_cast<std::uint32_t>(whole(options, "response_grants"));
  out.random_access.backoff = options.get<Duration>("backoff");
  out.barring = {.factor = options.get<double>("barring_factor"),
                 .time = options.get<Duration>("barring_time")};
  out.setup = options.get<Duration>("connection_setup");
  out.inactivity = options.get<Duration>("inactivity");
  out.inactive = options.get<Duration>("rrc_inactive");
  out.resume = options.get<Duration>("connection_resume");
  out.paging_cycle = options.get<Duration>("paging_cycle");
  for (const std::string& text : options.list<std::string>("slice_barring")) {
    auto barring = parse_slice_barring(text, options);
    if (!barring) return fail(barring.error());
    out.slice_barring.push_back(std::move(*barring));
  }
  out.buffer = buffer;
  return out;
}

}  // namespace

Result<Cell> make_cell(const OptionValues& options) {
  Cell cell;
  cell.n3_port = static_cast<std::uint16_t>(options.get<std::int64_t>("n3_port"));

  auto numerology = Numerology::from_mu(whole(options, "numerology"));
  if (!numerology) return under("numerology", numerology.error());
  cell.numerology = *numerology;
  const auto range =
      options.get<std::string>("frequency_range") == "FR2" ? FrequencyRange::fr2 : FrequencyRange::fr1;
  auto blocks = resource_blocks(range, *numerology, whole(options, "bandwidth"));
  if (!blocks) return under("bandwidth", blocks.error());
  cell.resource_blocks = static_cast<std::uint32_t>(*blocks);

  auto pattern = TddPattern::parse(options.get<std::string>("tdd"), options.get<std::string>("special_slot"));
  if (!pattern) return under("tdd", pattern.error());
  cell.downlink.grid = grid_of(*pattern, true);
  cell.uplink.grid = grid_of(*pattern, false);
  if (cell.downlink.grid.share() <= 0.0 || cell.uplink.grid.share() <= 0.0)
    return fail({.message = "the TDD pattern leaves a direction without a symbol",
                 .where = "tdd",
                 .found = to_string(*pattern) + " with special slots " + pattern->special_symbols(),
                 .allowed = "downlink and uplink symbols in every period"});

  const auto& table = options.get<std::string>("mcs_table");
  cell.mcs_table = table == "qam64"    ? McsTable::qam64
                   : table == "qam256" ? McsTable::qam256
                                       : McsTable::qam64_low_se;
  cell.mcs = whole(options, "mcs");
  if (auto row = find_mcs(cell.mcs_table, cell.mcs); !row) return under("mcs", row.error());

  cell.bler = options.get<double>("bler");
  cell.retransmission_bler_factor = options.get<double>("retransmission_bler_factor");
  cell.harq_transmissions = whole(options, "harq_transmissions");
  cell.harq_round_trip = whole(options, "harq_round_trip");
  cell.harq_processes = static_cast<std::uint32_t>(whole(options, "harq_processes"));
  cell.buffer = static_cast<std::uint64_t>(options.get<Bytes>("buffer").count);
  cell.layer2_overhead = static_cast<std::uint32_t>(whole(options, "layer2_overhead"));

  auto connections = connections_of(options, cell.buffer);
  if (!connections) return fail(connections.error());
  cell.connections = std::move(*connections);

  cell.bearer_order = bearer_order_of(options.get<std::string>("bearer_order"));
  cell.average_slots = slots_of(options.get<Duration>("fairness_window"), cell);
  if (options.get<std::string>("rlc_mode") == "AM") {
    cell.rlc_retransmissions = static_cast<std::uint32_t>(whole(options, "rlc_retransmissions"));
    cell.rlc_round_trip = slots_of(options.get<Duration>("rlc_poll_retransmit"), cell);
  }
  cell.remainder_order = options.get<std::string>("remainder") == "proportional"
                             ? RemainderOrder::proportional
                             : RemainderOrder::priority;

  if (const auto& length = options.get<std::string>("mini_slot"); length != "none")
    cell.mini_slot_symbols = length == "2" ? 2 : 7;
  cell.preemption = options.get<bool>("preemption");

  const auto gnb_processing = options.get<Duration>("gnb_processing");
  const auto ue_processing = options.get<Duration>("ue_processing");
  cell.downlink.layers = whole(options, "layers_dl");
  cell.downlink.overhead = options.get<double>("overhead_dl");
  cell.downlink.delay_slots = whole(options, "dl_scheduling_delay");
  cell.downlink.sender_processing = gnb_processing;
  cell.downlink.receiver_processing = ue_processing;
  cell.uplink.layers = whole(options, "layers_ul");
  cell.uplink.overhead = options.get<double>("overhead_ul");
  cell.uplink.delay_slots = whole(options, "ul_grant_delay");
  cell.uplink.request_period = whole(options, "sr_period");
  cell.uplink.sender_processing = ue_processing;
  cell.uplink.receiver_processing = gnb_processing;
  return cell;
}

}  // namespace kiriko
