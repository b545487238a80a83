// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How a cell's options become its figures.
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
  out.drx = {.cycle = options.get<Duration>("drx_cycle"),
             .on_duration = options.get<Duration>("drx_on_duration"),
             .inactivity = options.get<Duration>("drx_inactivity")};
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
