// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The bar is redrawn in place twice a second; a plain line comes every five seconds.
#include "tools/kiriko/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace kiriko {
namespace {

constexpr std::int64_t bar_interval_ns = 500'000'000;
constexpr std::int64_t line_interval_ns = 5'000'000'000;
constexpr int bar_width = 24;

double done_share(const RunProgress& progress) {
  return progress.until.ns <= 0 ? 1.0
                                : std::clamp(progress.now.seconds() / progress.until.seconds(), 0.0, 1.0);
}

std::string count_text(double value) {
  if (value >= 1e6) return fmt::format("{:.1f} M ", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.0f} k ", value / 1e3);
  return fmt::format("{:.0f} ", value);
}

}  // namespace

std::string progress_text(const RunProgress& progress, const RunProgress& last) {
  const double wall = static_cast<double>(progress.wall_ns - last.wall_ns) * 1e-9;
  const double hops =
      static_cast<double>(progress.packet_hops - std::min(last.packet_hops, progress.packet_hops));
  const double model = (progress.now - last.now).seconds();
  return fmt::format("{:.1f} s of {:.1f} s | {:.0f} % | {:.2f} x real time | {}packets/s",
                     progress.now.seconds(), progress.until.seconds(), 100.0 * done_share(progress),
                     wall > 0 ? model / wall : 0.0, count_text(wall > 0 ? hops / wall : 0.0));
}

ProgressBar::ProgressBar(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(const RunProgress& progress) {
  if (quiet_ || progress.wall_ns - last_.wall_ns < (terminal_ ? bar_interval_ns : line_interval_ns)) return;
  const std::string text = progress_text(progress, last_);
  last_ = progress;
  if (terminal_)
    draw(text, done_share(progress));
  else
    std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressBar::draw(const std::string& text, double done) {
  const int full = static_cast<int>(done * bar_width);
  std::string bar;
  for (int i = 0; i < bar_width; ++i) bar += i < full ? "█" : "░";
  std::fprintf(stderr, "\r\033[K%s %s", bar.c_str(), text.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace kiriko
