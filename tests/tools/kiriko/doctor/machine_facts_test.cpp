// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Facts from stored samples of /proc and /sys, and from none, and from nonsense.
#include "tools/kiriko/doctor/machine_facts.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tools/kiriko/doctor/diagnosis.hpp"
#include "tools/kiriko/doctor/network_facts.hpp"

using namespace kiriko::doctor;

namespace {

namespace fs = std::filesystem;

/// A root of its own, gone with the test case.
class SampleRoot {
 public:
  SampleRoot() {
    std::string name = (fs::temp_directory_path() / "kiriko-doctor-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  SampleRoot(const SampleRoot&) = delete;
  SampleRoot& operator=(const SampleRoot&) = delete;
  ~SampleRoot() { fs::remove_all(path_); }

  void file(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void link(const std::string& name, const std::string& target) const {
    fs::create_directories((path_ / name).parent_path());
    fs::create_symlink(target, path_ / name);
  }
  const fs::path& path() const { return path_; }
  KernelFiles files() const { return KernelFiles(path_); }

 private:
  fs::path path_;
};

constexpr const char* cpu = "sys/devices/system/cpu/";

void make_laptop(const SampleRoot& root) {
  root.file("proc/cpuinfo",
            "processor\t: 0\nmodel name\t: Intel(R) Core(TM) i7\nflags\t\t: fpu constant_tsc nonstop_tsc avx "
            "avx2 bmi1 "
            "bmi2 f16c fma abm movbe xsave\n");
  root.file("proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:   8000000 kB\n");
  root.file("proc/loadavg", "0.10 0.20 0.30 1/100 1\n");
  root.file("proc/stat", "cpu  10 0 10 80 0 0 0 0 0 0\n");
  root.file("proc/self/cgroup", "0::/user/app\n");
  root.file("sys/fs/cgroup/user/app/memory.max", "max\n");
  root.file("sys/fs/cgroup/user/memory.max", "4096000000\n");
  root.file("sys/fs/cgroup/user/app/cpu.max", "150000 100000\n");
  root.file(std::string(cpu) + "online", "0-3\n");
  root.file(std::string(cpu) + "isolated", "3\n");
  root.file(std::string(cpu) + "nohz_full", "(null)\n");
  for (int i = 0; i < 4; ++i)
    root.file(cpu + ("cpu" + std::to_string(i)) + "/topology/thread_siblings_list",
              i % 2 == 0 ? "0,2\n" : "1,3\n");
  root.file(std::string(cpu) + "cpu0/cpufreq/scaling_governor", "powersave\n");
  root.file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
  root.file("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "256\n");
  root.file("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "200\n");
}

const Finding& named(const std::vector<Finding>& findings, const std::string& name) {
  for (const Finding& finding : findings)
    if (finding.name == name) return finding;
  FAIL("no finding is named " << name);
  return findings.front();
}

}  // namespace

TEST_CASE("when the kernel tells all, then all is known") {
  const SampleRoot root;
  make_laptop(root);
  const MachineFacts facts = read_machine_facts(root.files(), {0, 1, 2});
  CHECK(facts.processor == "Intel(R) Core(TM) i7");
  CHECK(facts.missing_features == std::vector<std::string>{});
  CHECK_FALSE(facts.virtual_machine);
  CHECK(facts.invariant_tsc == true);
  CHECK(facts.online == CpuList{0, 1, 2, 3});
  CHECK(facts.isolated == CpuList{3});
  CHECK_FALSE(facts.tickless);
  CHECK(facts.shared_cores == std::vector<CpuList>{{0, 2}});
  CHECK(facts.cpu_quota == 1.5);
  CHECK(facts.governor == "powersave");
  CHECK(facts.clock_source == "tsc");
  CHECK(facts.memory_available == 8'192'000'000);
  CHECK(facts.memory_limit == 4'096'000'000);
  REQUIRE(facts.hugepages);
  REQUIRE(facts.hugepages->size() == 1);
  CHECK(facts.hugepages->front().page_bytes == 2 << 20);
  CHECK(facts.hugepages->front().free == 200);
  CHECK(facts.load == 0.1);

  const auto findings = processor_findings(facts);
  CHECK(named(findings, "processor").mark == Mark::good);
  CHECK(named(findings, "CPUs").mark == Mark::fair);
  CHECK_THAT(named(findings, "CPUs").text, Catch::Contains("0,2 share a core") && Catch::Contains("1.5"));
  CHECK_THAT(named(findings, "isolation").hint, Catch::Contains("taskset -c 3"));
  CHECK_THAT(named(findings, "clock").hint, Catch::Contains("performance"));
  CHECK_THAT(named(memory_findings(facts, {}), "hugepages").text,
             Catch::Contains("200 of 256 free, 2 MB each"));
}

TEST_CASE("when the kernel tells nothing, then everything is told as unknown") {
  const SampleRoot root;
  Diagnosis diagnosis;
  diagnosis.machine = read_machine_facts(root.files(), {0});
  diagnosis.network = read_network_facts(root.files());
  diagnosis.fault = "nothing ran";
  const auto all = findings(diagnosis);
  for (const char* name : {"processor", "isolation", "clock", "memory", "hugepages"}) {
    INFO(name);
    CHECK(named(all, name).mark == Mark::unknown);
    CHECK_THAT(named(all, name).text, Catch::Contains("unknown"));
  }
  CHECK_THAT(conclusion_text(diagnosis, false), Catch::Contains("nothing ran"));
  CHECK_THAT(diagnosis_json(diagnosis), Catch::Contains("\"processor\": null"));
}

TEST_CASE("when files are nonsense, folders, pipes or dead links, then nothing breaks and nothing waits") {
  const SampleRoot root;
  make_laptop(root);
  const std::string noise("\xff\x1b[31m\0:\n:::\n-1 kB \n\n", 20);
  for (const auto& entry : fs::recursive_directory_iterator(root.path()))
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::binary) << noise;
  root.file("proc/cpuinfo", "model name\t: evil \x1b[31m\xff name\nflags : \n");
  fs::remove(root.path() / "proc/meminfo");
  REQUIRE(mkfifo((root.path() / "proc/meminfo").c_str(), 0600) == 0);
  fs::remove(root.path() / "proc/stat");
  fs::create_directories(root.path() / "proc/stat");
  fs::remove(root.path() / "proc/loadavg");
  root.link("proc/loadavg", "nowhere");
  root.file("sys/class/net/\x1b[2J/mtu", "many");
  root.file("sys/class/net/bonding_masters", "");
  root.file("sys/kernel/mm/hugepages/hugepages-99999999999999999999kB/nr_hugepages", "1");

  Diagnosis diagnosis;
  diagnosis.machine = read_machine_facts(root.files(), {0, 1});
  diagnosis.network = read_network_facts(root.files());
  CHECK(diagnosis.machine.missing_features->size() == 9);
  CHECK_FALSE(diagnosis.machine.memory_total);
  CHECK_FALSE(diagnosis.machine.cpu_times);
  CHECK_FALSE(diagnosis.machine.load);
  CHECK_FALSE(diagnosis.machine.isolated);
  REQUIRE(diagnosis.network.interfaces.size() == 1);
  CHECK_FALSE(diagnosis.network.interfaces[0].mtu);
  CHECK(findings_text(findings(diagnosis), false).find('\x1b') == std::string::npos);
  CHECK(diagnosis_json(diagnosis).find('\xff') == std::string::npos);
}

TEST_CASE("when cards and interfaces stand in /sys, then they are told with their drivers") {
  const SampleRoot root;
  root.file("sys/class/net/eth0/mtu", "1500\n");
  root.file("sys/class/net/eth0/operstate", "up\n");
  root.link("sys/class/net/eth0/device/driver", "../../bus/pci/drivers/ixgbe");
  root.file("sys/class/net/k1/mtu", "1500\n");
  root.file("sys/class/net/k1/operstate", "down\n");
  root.file("sys/class/net/lo/mtu", "65536\n");
  const std::string pci = "sys/bus/pci/devices/";
  root.file(pci + "0000:01:00.0/class", "0x020000\n");
  root.file(pci + "0000:01:00.0/vendor", "0x8086\n");
  root.link(pci + "0000:01:00.0/driver", "../../../bus/pci/drivers/vfio-pci");
  root.file(pci + "0000:02:00.0/class", "0x020000\n");
  root.file(pci + "0000:03:00.0/class", "0x018000\n");

  const NetworkFacts facts = read_network_facts(root.files());
  REQUIRE(facts.interfaces.size() == 2);
  CHECK(facts.interfaces[0].driver == "ixgbe");
  CHECK_FALSE(facts.interfaces[1].driver);
  REQUIRE(facts.cards.size() == 2);
  CHECK(facts.cards[0].bound_for_dpdk());
  CHECK_FALSE(facts.cards[1].bound_for_dpdk());

  const auto findings = network_findings(facts, {});
  CHECK(named(findings, "interfaces").text == "eth0 (ixgbe, MTU 1500); 1 more down");
  CHECK_THAT(named(findings, "network cards").text, Catch::Contains("no driver"));
  CHECK(named(findings, "af_packet").hint == "as root");
}
