// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Setting up of a function for a bench, its changes and its wake-ups.
#include "bench/function_drive.hpp"

namespace kiriko::bench {

FunctionDrive::FunctionDrive(PacketPool pool, std::unique_ptr<NetworkFunction> function, std::uint16_t ports)
    : pool_(std::move(pool)),
      function_(std::move(function)),
      exits_(&pool_, std::vector<PortOutput*>(ports, &output_)) {}

Result<std::unique_ptr<FunctionDrive>> FunctionDrive::create(std::unique_ptr<NetworkFunction> function,
                                                             std::uint16_t ports, std::uint32_t packets) {
  static unsigned serial = 0;
  auto pool = PacketPool::create("drive" + std::to_string(serial++), packets);
  if (!pool) return fail(pool.error());
  return std::unique_ptr<FunctionDrive>(new FunctionDrive(std::move(*pool), std::move(function), ports));
}

Result<std::unique_ptr<FunctionDrive>> FunctionDrive::create(const Descriptor& descriptor,
                                                             const FunctionSetup& setup,
                                                             std::uint32_t packets) {
  auto function = descriptor.create(setup);
  if (!function) return fail(function.error());
  return create(std::move(*function), static_cast<std::uint16_t>(setup.ports.size()), packets);
}

Result<void> FunctionDrive::apply(const Change& change) {
  auto commit = function_->prepare(change);
  if (!commit) return fail(commit.error());
  (*commit)(now_, exits_);
  exits_.flush_all();
  return {};
}

void FunctionDrive::advance(Duration step) noexcept {
  const ModelTime until = now_ + step;
  while (exits_.wake_request() <= until) {
    const ModelTime at = std::max(now_, exits_.wake_request());
    exits_.clear_wake_request();
    function_->wake(at, exits_);
    exits_.flush_all();
    now_ = at;
  }
  now_ = until;
}

Result<void> FunctionDrive::check_delivery() {
  const Ledger& ledger = exits_.ledger();
  if (ledger.out == ledger.in && ledger.dropped_total() == 0) return {};
  std::string reasons;
  for (std::size_t i = 0; i < drop_reason_count; ++i)
    if (ledger.dropped[i] != 0)
      reasons += (reasons.empty() ? "" : ", ") + std::string(name_of(static_cast<DropReason>(i)));
  return fail(
      {.message = "not every packet was forwarded", .found = reasons.empty() ? "packets held" : reasons});
}

}  // namespace kiriko::bench
