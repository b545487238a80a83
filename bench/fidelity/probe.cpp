// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sends numbered packets from one network namespace to another, or echo requests from one, and prints when each went and came.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr std::uint16_t port = 7077;
constexpr std::size_t longest = 9000;
constexpr std::size_t batch = 64;
constexpr std::int64_t second = 1'000'000'000;
// The kernel begins to stamp frames a little after it was asked to.
constexpr std::uint32_t warm_up_packets = 50;

struct Stamp {
  std::uint32_t mark;  // of this program's packets
  std::uint32_t sequence;
  std::int64_t sent_ns;
};
constexpr std::uint32_t counted_mark = 0x6b69726b;
constexpr std::uint32_t warm_up_mark = 0x6b697277;

struct Arrival {
  std::uint32_t sequence;
  std::int64_t sent_ns, came_ns;
};

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "kiriko_fidelity_probe: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

// Wall time, since the kernel stamps received packets with it.
std::int64_t now_ns() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * second + t.tv_nsec;
}

std::int64_t steady_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * second + t.tv_nsec;
}

void enter(const std::string& space) {
  const int descriptor = open(("/run/netns/" + space).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || setns(descriptor, CLONE_NEWNET) != 0) give_up("network namespace " + space);
  close(descriptor);
}

int make_socket(int type, int protocol) {
  const int made = socket(AF_INET, type | SOCK_CLOEXEC, protocol);
  if (made < 0) give_up("socket");
  const int bytes = 64 << 20;
  if (setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) give_up("SO_RCVBUFFORCE");
  const int yes = 1;
  if (setsockopt(made, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) != 0) give_up("SO_TIMESTAMPNS");
  return made;
}

std::uint16_t internet_checksum(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < size; i += 2)
    sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
  if (size % 2 != 0) sum += static_cast<std::uint32_t>(bytes[size - 1] << 8);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<std::uint16_t>(~sum));
}

// Takes what has come without waiting; a whole batch a system call.
class Receiver {
 public:
  // `header`: octets before the stamp.
  Receiver(int from, std::size_t header, std::size_t expected) : from_(from), header_(header) {
    arrivals_.reserve(expected);
    for (std::size_t i = 0; i < batch; ++i) {
      pieces_[i] = {bytes_[i].data(), bytes_[i].size()};
      messages_[i].msg_hdr.msg_iov = &pieces_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void drain() {
    for (;;) {
      for (std::size_t i = 0; i < batch; ++i) {
        messages_[i].msg_hdr.msg_control = controls_[i].data();
        messages_[i].msg_hdr.msg_controllen = controls_[i].size();
      }
      const int count = recvmmsg(from_, messages_.data(), batch, MSG_DONTWAIT, nullptr);
      for (int i = 0; i < count; ++i) note(static_cast<std::size_t>(i));
      if (count < static_cast<int>(batch)) return;
    }
  }
  const std::vector<Arrival>& arrivals() const { return arrivals_; }

 private:
  void note(std::size_t i) {
    Stamp stamp{};
    if (messages_[i].msg_len < header_ + sizeof stamp) return;
    std::memcpy(&stamp, bytes_[i].data() + header_, sizeof stamp);
    if (stamp.mark != counted_mark) return;
    std::int64_t came = 0;
    for (cmsghdr* c = CMSG_FIRSTHDR(&messages_[i].msg_hdr); c != nullptr;
         c = CMSG_NXTHDR(&messages_[i].msg_hdr, c)) {
      if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec t{};
      std::memcpy(&t, CMSG_DATA(c), sizeof t);
      came = t.tv_sec * second + t.tv_nsec;
    }
    arrivals_.push_back({stamp.sequence, stamp.sent_ns, came});
  }

  int from_;
  std::size_t header_;
  std::vector<Arrival> arrivals_;
  std::array<std::array<std::uint8_t, 256>, batch> bytes_{};  // of a longer packet the rest is cut off
  std::array<std::array<char, 128>, batch> controls_{};
  std::array<iovec, batch> pieces_{};
  std::array<mmsghdr, batch> messages_{};
};

struct Plan {
  bool echo{};
  std::string from, to;  // network namespaces
  in_addr destination{};
  std::uint32_t count{};
  std::int64_t interval_ns{};
  std::size_t size{};  // of an IP packet
  std::int64_t linger_ns{};
};

class Sender {
 public:
  Sender(int socket, const Plan& plan) : socket_(socket), echo_(plan.echo) {
    to_.sin_family = AF_INET;
    to_.sin_addr = plan.destination;
    if (!echo_) to_.sin_port = htons(port);
    // IPv4 and UDP or ICMP headers are 28 octets; UDP's is not ours to write.
    header_ = echo_ ? sizeof(icmphdr) : 0;
    size_ = std::max(plan.size, std::size_t{28} + sizeof(Stamp)) - 28 + header_;
    bytes_.resize(size_);
  }

  void send(std::uint32_t mark, std::uint32_t sequence) {
    const Stamp stamp{mark, sequence, now_ns()};
    std::memcpy(bytes_.data() + header_, &stamp, sizeof stamp);
    if (echo_) {
      icmphdr header{};
      header.type = ICMP_ECHO;
      header.un.echo.id = htons(static_cast<std::uint16_t>(getpid()));
      header.un.echo.sequence = htons(static_cast<std::uint16_t>(sequence));
      std::memcpy(bytes_.data(), &header, sizeof header);
      header.checksum = internet_checksum(bytes_.data(), size_);
      std::memcpy(bytes_.data(), &header, sizeof header);
    }
    // A full queue on the way out is the measured network's business.
    sendto(socket_, bytes_.data(), size_, 0, reinterpret_cast<const sockaddr*>(&to_), sizeof to_);
  }

 private:
  int socket_;
  bool echo_;
  std::size_t header_{}, size_{};
  sockaddr_in to_{};
  std::vector<std::uint8_t> bytes_;
};

void sleep_until(std::int64_t at) {
  const timespec t{at / second, at % second};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr);
}

// One thread does both: the times of arrival are the kernel's.
void run(const Plan& plan) {
  enter(plan.from);
  const int out = make_socket(plan.echo ? SOCK_RAW : SOCK_DGRAM, plan.echo ? IPPROTO_ICMP : 0);
  int in = out;
  if (plan.echo) {
    icmp_filter only_replies{~(1U << ICMP_ECHOREPLY)};
    setsockopt(out, SOL_RAW, ICMP_FILTER, &only_replies, sizeof only_replies);
  } else {
    enter(plan.to);
    in = make_socket(SOCK_DGRAM, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(port);
    if (bind(in, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) give_up("bind");
  }
  prctl(PR_SET_TIMERSLACK, 1000UL);
  Receiver receiver(in, plan.echo ? sizeof(icmphdr) + 20 : 0, plan.count + plan.count / 4);
  Sender sender(out, plan);
  for (std::uint32_t i = 0; i < warm_up_packets; ++i) {
    sender.send(warm_up_mark, i);
    sleep_until(steady_ns() + second / 500);
  }
  sleep_until(steady_ns() + std::min(plan.linger_ns, second));
  std::int64_t next = steady_ns();
  for (std::uint32_t i = 0; i < plan.count; ++i, next += plan.interval_ns) {
    if (const std::int64_t left = next - steady_ns(); left > 0) {
      receiver.drain();
      if (left > 2000) sleep_until(next);
      while (steady_ns() < next) {
      }
    } else if (i % 16 == 0) {
      receiver.drain();
    }
    sender.send(counted_mark, i);
  }
  for (const std::int64_t end = steady_ns() + plan.linger_ns; steady_ns() < end;) {
    sleep_until(steady_ns() + second / 100);
    receiver.drain();
  }
  for (const Arrival& a : receiver.arrivals())
    std::printf("%u %lld %lld\n", a.sequence, static_cast<long long>(a.sent_ns),
                static_cast<long long>(a.came_ns));
}

constexpr const char* usage =
    "usage: kiriko_fidelity_probe one-way|echo FROM TO ADDRESS COUNT INTERVAL_NS SIZE LINGER_NS\n"
    "FROM, TO: network namespaces by name. Prints a line for each packet that came, in the order of coming:\n"
    "sequence number, time sent, time come (wall time, ns; the latter is the kernel's receive timestamp).\n";

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  const std::string kind = argc > 1 ? argv[1] : "";
  if (argc != 9 || (kind != "one-way" && kind != "echo") ||
      inet_pton(AF_INET, argv[4], &plan.destination) != 1) {
    std::fputs(usage, stderr);
    return 2;
  }
  plan.echo = kind == "echo";
  plan.from = argv[2];
  plan.to = argv[3];
  plan.count = static_cast<std::uint32_t>(std::strtoul(argv[5], nullptr, 10));
  plan.interval_ns = std::strtoll(argv[6], nullptr, 10);
  plan.size = std::min<std::size_t>(std::strtoul(argv[7], nullptr, 10), longest);
  plan.linger_ns = std::strtoll(argv[8], nullptr, 10);
  run(plan);
  return 0;
}
