// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Trying of system calls.
#include "tools/kiriko/doctor/permissions.hpp"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace kiriko::doctor {
namespace {

bool opens(int descriptor) {
  if (descriptor < 0) return false;
  close(descriptor);
  return true;
}

// Protocol 0: bound to nothing, it receives nothing.
bool packet_socket_opens() { return opens(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)); }

// "return XDP_PASS", attached to nothing.
bool xdp_program_loads() {
  bpf_insn program[2]{};
  program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  program[0].imm = XDP_PASS;
  program[1].code = BPF_JMP | BPF_EXIT;
  static const char licence[] = "Apache-2.0";
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_XDP;
  attributes.insns = reinterpret_cast<std::uintptr_t>(program);
  attributes.insn_cnt = 2;
  attributes.license = reinterpret_cast<std::uintptr_t>(licence);
  return opens(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes)));
}

bool has_capability(unsigned number) {
  __user_cap_header_struct header{};
  header.version = _LINUX_CAPABILITY_VERSION_3;
  __user_cap_data_struct sets[2]{};
  if (syscall(SYS_capget, &header, sets) != 0) return false;
  return (sets[number / 32].effective >> (number % 32) & 1U) != 0;
}

// In a child, so that this process stays where it is. A namespace whose capabilities are taken away (AppArmor does so)
// is of no use: a packet socket in it is the proof.
bool namespaces_work(int flags) {
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) _exit(unshare(flags) == 0 && packet_socket_opens() ? 0 : 1);
  int status = 0;
  pid_t waited;
  do waited = waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);
  return waited == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<std::uint64_t> limit_of(__rlimit_resource resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

}  // namespace

Permissions probe_permissions() {
  Permissions out;
  out.root = geteuid() == 0;
  out.packet_socket = packet_socket_opens();
  out.xdp_socket = opens(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  out.xdp_program = xdp_program_loads();
  out.tap = opens(open("/dev/net/tun", O_RDWR | O_CLOEXEC)) && has_capability(CAP_NET_ADMIN);
  out.namespaces = namespaces_work(CLONE_NEWNET);
  out.user_namespaces = namespaces_work(CLONE_NEWUSER | CLONE_NEWNET);
  out.nice = getpriority(PRIO_PROCESS, 0);
  const bool may_raise = has_capability(CAP_SYS_NICE);
  // getrlimit(2): the ceiling is 20 minus the limit.
  const auto nice_limit = static_cast<int>(std::min<std::uint64_t>(limit_of(RLIMIT_NICE).value_or(40), 40));
  out.best_nice = may_raise ? -20 : std::min(out.nice, 20 - nice_limit);
  out.real_time_priority = may_raise ? 99 : std::min<std::uint64_t>(limit_of(RLIMIT_RTPRIO).value_or(99), 99);
  out.locked_memory = limit_of(RLIMIT_MEMLOCK);
  out.address_space = limit_of(RLIMIT_AS);
  return out;
}

}  // namespace kiriko::doctor
