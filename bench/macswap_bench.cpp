// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The reference: dpdk-testpmd's macswap between two net_null devices, run as a program of its own.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <string_view>

#include "bench/bench.hpp"
#include "bench/machine.hpp"
#include "core/time/clock.hpp"

extern char** environ;

namespace kiriko::bench {
namespace {

constexpr std::size_t ports = 2;

/// A child process whose output is read line by line; its end is its end.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGINT);
      const std::int64_t patience_ends = wall_ns() + 5'000'000'000;
      while (read_some(patience_ends)) buffer_.clear();
      if (waitpid(pid_, nullptr, WNOHANG) == 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
      }
    }
    if (output_ >= 0) close(output_);
  }

  bool started() const { return pid_ > 0; }
  /// False at the end of the output or of the time.
  bool read_line(std::string& line, std::int64_t until_wall_ns) {
    for (;;) {
      if (const auto end = buffer_.find('\n'); end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return true;
      }
      if (!read_some(until_wall_ns)) return false;
    }
  }

 private:
  bool read_some(std::int64_t until_wall_ns) {
    const std::int64_t left_ms = (until_wall_ns - wall_ns()) / 1'000'000;
    pollfd wait{output_, POLLIN, 0};
    if (left_ms <= 0 || poll(&wait, 1, static_cast<int>(left_ms)) <= 0) return false;
    std::array<char, 4096> piece;
    const ssize_t size = read(output_, piece.data(), piece.size());
    if (size <= 0) return false;
    buffer_.append(piece.data(), static_cast<std::size_t>(size));
    return true;
  }

  pid_t pid_{-1};
  int output_{-1};
  std::string buffer_;
};

class MacswapBench final : public Bench {
 public:
  MacswapBench(bool hugepages, Duration run_time, const std::string& device_arguments)
      : shows_(static_cast<std::size_t>(run_time.seconds())) {
    const std::string cpus = usable_cpus();
    arguments_ = {"dpdk-testpmd",
                  "--no-pci",
                  "--no-telemetry",
                  "--lcores=0@(" + cpus + "),1@(" + cpus + ")",
                  "--vdev=net_null0" + device_arguments,
                  "--vdev=net_null1" + device_arguments,
                  "--file-prefix=kiriko_bench"};
    if (hugepages)
      arguments_.push_back("--in-memory");
    else
      arguments_.insert(arguments_.end(), {"--no-huge", "--no-shconf", "-m", "128"});
    arguments_.insert(arguments_.end(), {"--", "--forward-mode=macswap", "--auto-start", "--stats-period=1",
                                         "--burst=32", "--nb-cores=1", "--total-num-mbufs=8192"});
  }

  /// Its own time: testpmd shows its rate once a second, and the first shows cover its start.
  Result<double> measure(Duration) override {
    // EAL wants a folder of its own, and a user may have none under /var/run.
    setenv("RUNTIME_DIRECTORY", "/tmp", 0);
    Child child(arguments_);
    if (!child.started())
      return fail({.message = "dpdk-testpmd did not start", .hint = "apt install dpdk-dev"});
    const std::int64_t until = wall_ns() + static_cast<std::int64_t>(shows_ + 15) * 1'000'000'000;
    double sum = 0, sum_of_shows = 0;
    std::size_t seen = 0, whole = 0;
    std::string line, last;
    while (whole < shows_ + 1 && child.read_line(line, until)) {
      last = line;
      const auto at = line.find("Rx-pps:");
      if (at == std::string::npos) continue;
      sum += number_after(std::string_view(line).substr(at + 7));
      if (++seen % ports != 0) continue;
      // The first second that carried packets was not a whole one.
      if (sum > 0 && ++whole > 1) sum_of_shows += sum;
      sum = 0;
    }
    if (whole < 2) return fail({.message = "dpdk-testpmd told no packet rate", .found = last});
    return sum_of_shows / static_cast<double>(whole - 1) * 1e-6;
  }

 private:
  static double number_after(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return static_cast<double>(value);
  }

  std::size_t shows_;
  std::vector<std::string> arguments_;
};

}  // namespace

void add_macswap_benches(BenchList& list, bool hugepages, Duration run_time) {
  const auto add = [&](const char* name, const char* sentence, const char* device_arguments) {
    list.push_back({.name = name, .sentence = sentence, .make = [=]() -> Result<std::unique_ptr<Bench>> {
                      return std::make_unique<MacswapBench>(hugepages, run_time, device_arguments);
                    }});
  };
  add(reference_names[0],
      "dpdk-testpmd macswap between two net_null devices, bursts of 32, one forwarding core", "");
  add(reference_names[1], "The same where the devices copy the packets' 122 B in and out",
      ",copy=1,size=122");
}

}  // namespace kiriko::bench
