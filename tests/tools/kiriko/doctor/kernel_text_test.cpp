// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Texts of /proc and /sys: as kernels write them, and as none should.
#include "tools/kiriko/doctor/kernel_text.hpp"

#include <catch2/catch.hpp>

using namespace kiriko::doctor;

TEST_CASE("when a CPU list is read, then ranges are counted out, and anything else is no list") {
  struct Case {
    const char* text;
    std::optional<CpuList> expected;
  };
  const std::vector<Case> cases{{"0-1\n", CpuList{0, 1}},
                                {"0-2,8", CpuList{0, 1, 2, 8}},
                                {"3,1,1-2", CpuList{1, 2, 3}},
                                {"", CpuList{}},
                                {"\n", CpuList{}},
                                {"5-1", std::nullopt},
                                {"1,,2", std::nullopt},
                                {"0-", std::nullopt},
                                {"-3", std::nullopt},
                                {"0-3-5", std::nullopt},
                                {"all", std::nullopt},
                                {"0-4294967295", std::nullopt},
                                {"99999999999999999999", std::nullopt}};
  for (const Case& each : cases) {
    INFO(each.text);
    CHECK(parse_cpu_list(each.text) == each.expected);
  }
  std::string greedy = "0-65535";
  for (int i = 0; i < 1000; ++i) greedy += ",0-65535";
  CHECK_FALSE(parse_cpu_list(greedy));
}

TEST_CASE("when CPUs are written, then neighbours become ranges") {
  CHECK(cpu_list_text({}).empty());
  CHECK(cpu_list_text({4}) == "4");
  CHECK(cpu_list_text({0, 1, 2, 8, 10, 11}) == "0-2,8,10-11");
}

TEST_CASE("when a value stands behind a key, then it is found by the whole key only") {
  const char* text = "processor\t: 0\nmodel name\t: AMD EPYC\nmodel\t\t: 1\nflags\t\t:\n";
  CHECK(value_of(text, "model name") == "AMD EPYC");
  CHECK(value_of(text, "model") == "1");
  CHECK(value_of(text, "flags") == "");
  CHECK_FALSE(value_of(text, "mod"));
  CHECK_FALSE(value_of(text, "stepping"));
  CHECK_FALSE(value_of("", "model"));
  CHECK_FALSE(value_of("model name", "model name"));
}

TEST_CASE("when memory is read, then kB become bytes, and other or too large figures are unknown") {
  CHECK(bytes_of("MemTotal:       24684092 kB\n", "MemTotal") == 24684092ULL * 1024);
  CHECK_FALSE(bytes_of("MemTotal: 12 MB\n", "MemTotal"));
  CHECK_FALSE(bytes_of("MemTotal: kB\n", "MemTotal"));
  CHECK_FALSE(bytes_of("MemTotal: -5 kB\n", "MemTotal"));
  CHECK_FALSE(bytes_of("MemTotal: 18446744073709551615 kB\n", "MemTotal"));
}

TEST_CASE("when CPU times are read, then busy, stolen and all are told apart") {
  const auto times = parse_cpu_times("cpu  100 20 30 400 50 6 7 80 9 10\ncpu0 1 2 3 4 5 6 7 8\n");
  REQUIRE(times);
  CHECK(*times == CpuTimes{163, 80, 693});
  for (const char* text : {"", "cpu 1 2 3", "cpu0 1 2 3 4 5 6 7 8", "cpu a b c d e f g h",
                           "cpu 18446744073709551615 1 1 1 1 1 1 1"}) {
    INFO(text);
    CHECK_FALSE(parse_cpu_times(text));
  }
}

TEST_CASE("when the load is read, then it is a number of its own") {
  CHECK(parse_load("2.97 2.39 1.96 5/105 22695\n") == 2.97);
  for (const char* text : {"", "nan 1 1", "-1 0 0", "1.2x 0 0", "1e999 0 0"}) CHECK_FALSE(parse_load(text));
}

TEST_CASE("when the control group is read, then its path is that of the controller, and never leads out") {
  const char* text = "3:cpuset:/\n2:cpu,cpuacct:/apps/one\n4:memory:/two\n0::/three\n";
  CHECK(parse_group_path(text, "cpu") == "/apps/one");
  CHECK(parse_group_path(text, "cpuacct") == "/apps/one");
  CHECK(parse_group_path(text, "memory") == "/two");
  CHECK(parse_group_path(text, "") == "/three");
  CHECK_FALSE(parse_group_path(text, "pids"));
  CHECK_FALSE(parse_group_path("0::/../../etc\n", ""));
  CHECK_FALSE(parse_group_path("nonsense\n::\n", ""));
}

TEST_CASE("when a CPU quota is read, then it is in CPUs, and none is absent") {
  CHECK(parse_cpu_quota("50000 100000\n") == 0.5);
  for (const char* text : {"max 100000", "-1 100000", "50000 0", "0 100000", "50000", ""})
    CHECK_FALSE(parse_cpu_quota(text));
}

TEST_CASE("when one of several words is chosen, then it is the one in brackets, else the first") {
  CHECK(first_word("tsc\n") == "tsc");
  CHECK(first_word("always [madvise] never") == "madvise");
  CHECK(first_word("[] x") == "[]");
  CHECK_FALSE(first_word(" \n"));
}
