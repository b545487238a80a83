// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EAL's arguments, its log, its one start.
#include "core/device/eal.hpp"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/device/usable_cpus.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko {
namespace {

ssize_t write_log(void*, const char* text, std::size_t size) {
  std::string_view line(text, size);
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty()) spdlog::warn("DPDK: {}", line);
  return static_cast<ssize_t>(size);
}

// Lcore 0 on every CPU the process may use: a thread started from it is not bound to one.
std::string floating_lcore() { return "--lcores=0@(" + usable_cpus() + ")"; }

// EAL wants a folder for its run-time files even where nothing is shared and none are made. It gets one for
// the time of its start.
class RuntimeFolder {
 public:
  RuntimeFolder() {
    if (const char* before = std::getenv("RUNTIME_DIRECTORY"); before != nullptr) before_ = before;
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "kiriko-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return;
    folder_ = name;
    setenv("RUNTIME_DIRECTORY", folder_.c_str(), 1);
  }
  RuntimeFolder(const RuntimeFolder&) = delete;
  RuntimeFolder& operator=(const RuntimeFolder&) = delete;
  ~RuntimeFolder() {
    if (before_)
      setenv("RUNTIME_DIRECTORY", before_->c_str(), 1);
    else
      unsetenv("RUNTIME_DIRECTORY");
    std::error_code error;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, error);
  }

 private:
  std::string folder_;
  std::optional<std::string> before_;
};

}  // namespace

Result<void> start_eal(const EalSettings& settings) {
  static bool started = false;
  if (started) return {};
  cookie_io_functions_t functions{};
  functions.write = write_log;
  if (FILE* stream = fopencookie(nullptr, "w", functions); stream != nullptr) {
    setvbuf(stream, nullptr, _IOLBF, 512);
    rte_openlog_stream(stream);
  }
  const RuntimeFolder folder;
  std::vector<std::string> arguments{"kiriko", "--no-telemetry", "--log-level=*:error", floating_lcore()};
  if (settings.hugepages) {
    arguments.push_back("--in-memory");
  } else {
    arguments.insert(arguments.end(), {"--no-huge", "--no-shconf", "-m", std::to_string(settings.memory_mb)});
  }
  if (settings.pci_addresses.empty()) arguments.push_back("--no-pci");
  for (const auto& address : settings.pci_addresses) arguments.insert(arguments.end(), {"-a", address});
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  if (rte_eal_init(static_cast<int>(argv.size()), argv.data()) < 0)
    return fail({.message = "DPDK's environment did not start",
                 .found = rte_strerror(rte_errno),
                 .hint = settings.hugepages ? "hugepages are asked for and short; as root: echo 512 > "
                                              "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
                                            : "lower run.packets if memory is short"});
  started = true;
  return {};
}

std::uint32_t eal_memory_for(std::uint32_t packets) {
  // Tables, and a device's receive pool of larger elements.
  constexpr std::uint64_t other_mb = 128;
  constexpr std::uint64_t element_bytes = 2048 + 64;
  return static_cast<std::uint32_t>(other_mb + packets * element_bytes / 1'000'000 + 1);
}

}  // namespace kiriko
