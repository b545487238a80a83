// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// /dev/net/tun, netdevice(7) for MTU and flags, rtnetlink(7) for addresses.
#include "core/device/tun_interface.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

namespace kiriko {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

tl::unexpected<Problem> failed(std::string message, int error) {
  return fail(
      {.message = std::move(message),
       .found = std::strerror(error),
       .hint = error == EPERM || error == EACCES
                   ? "a TUN device needs CAP_NET_ADMIN: be root, or use a user namespace (unshare -Urn)"
               : error == ENOENT || error == ENODEV
                   ? "modprobe tun; a container needs the device /dev/net/tun"
               : error == EBUSY ? "another process has an interface of this name"
                                : "ip link shows the interfaces of this network namespace"});
}

struct InterfaceAddress {
  int family{};
  std::uint8_t octets[16]{};
  std::uint8_t length{};  ///< of its prefix
};

Result<InterfaceAddress> parse(const std::string& text) {
  InterfaceAddress out;
  const std::size_t slash = text.find('/');
  const std::string address = text.substr(0, slash);
  out.family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const unsigned longest = out.family == AF_INET ? 32 : 128;
  unsigned length = longest;
  bool right = inet_pton(out.family, address.c_str(), out.octets) == 1;
  if (slash != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + slash + 1, end, length);
    right = right && error == std::errc{} && at == end && length <= longest;
  }
  if (!right)
    return fail({.message = "not an interface's address",
                 .where = "addresses",
                 .found = "'" + text + "'",
                 .allowed = "an IPv4 or IPv6 address with its prefix length, such as 10.45.0.1/16"});
  out.length = static_cast<std::uint8_t>(length);
  return out;
}

/// RTM_NEWADDR; 0 or an error number.
int add_address(int netlink, unsigned interface, const InterfaceAddress& address) {
  struct {
    nlmsghdr header;
    ifaddrmsg address;
    std::uint8_t attributes[64];
  } request{};
  const std::size_t size = address.family == AF_INET ? 4 : 16;
  request.header.nlmsg_type = RTM_NEWADDR;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  request.address.ifa_family = static_cast<std::uint8_t>(address.family);
  request.address.ifa_prefixlen = address.length;
  request.address.ifa_index = interface;
  // Nobody on a TUN device answers duplicate address detection.
  request.address.ifa_flags = IFA_F_NODAD;
  std::size_t at = 0;
  for (const auto type : {IFA_LOCAL, IFA_ADDRESS}) {
    const rtattr attribute{static_cast<std::uint16_t>(RTA_LENGTH(size)), static_cast<std::uint16_t>(type)};
    std::memcpy(request.attributes + at, &attribute, sizeof attribute);
    std::memcpy(request.attributes + at + RTA_LENGTH(0), address.octets, size);
    at += RTA_SPACE(size);
  }
  request.header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_LENGTH(sizeof request.address) + at);
  if (::send(netlink, &request, request.header.nlmsg_len, 0) < 0) return errno;
  struct {
    nlmsghdr header;
    nlmsgerr error;
    std::uint8_t rest[256];
  } answer{};
  const ssize_t got = recv(netlink, &answer, sizeof answer, 0);
  if (got < 0) return errno;
  if (static_cast<std::size_t>(got) < NLMSG_LENGTH(sizeof(nlmsgerr)) ||
      answer.header.nlmsg_type != NLMSG_ERROR)
    return EPROTO;
  return -answer.error.error;
}

/// The kernel's own IPv6 stays silent on it: no router solicitations of a link-local address of its making. Where
/// /proc/sys may not be written, they come and the function behind drops them.
void keep_kernel_ipv6_quiet(const std::string& name, bool has_ipv6) {
  const std::string folder = "/proc/sys/net/ipv6/conf/" + name + "/";
  std::ofstream(folder + (has_ipv6 ? "addr_gen_mode" : "disable_ipv6")) << 1;
}

}  // namespace

Result<int> make_tun_interface(const TunInterface& wanted) {
  ifreq request{};
  if (wanted.name.empty() || wanted.name.size() >= IFNAMSIZ || wanted.name.find('/') != std::string::npos)
    return fail({.message = "that cannot be an interface's name",
                 .where = "interface",
                 .found = "'" + wanted.name + "'",
                 .allowed = "1 to 15 characters"});
  std::vector<InterfaceAddress> addresses;
  bool has_ipv6 = false;
  for (const std::string& text : wanted.addresses) {
    auto address = parse(text);
    if (!address) return fail(address.error());
    has_ipv6 = has_ipv6 || address->family == AF_INET6;
    addresses.push_back(*address);
  }
  Descriptor tun(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (tun.get() < 0) return failed("/dev/net/tun could not be opened", errno);
  std::memcpy(request.ifr_name, wanted.name.data(), wanted.name.size());
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(tun.get(), TUNSETIFF, &request) != 0) return failed("no TUN device was to be had", errno);
  const std::string name = request.ifr_name;

  const Descriptor control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const Descriptor netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (control.get() < 0 || netlink.get() < 0) return failed("no socket was to be had", errno);
  request.ifr_mtu = static_cast<int>(wanted.mtu);
  if (ioctl(control.get(), SIOCSIFMTU, &request) != 0) return failed("the MTU could not be set", errno);
  keep_kernel_ipv6_quiet(name, has_ipv6);
  for (std::size_t i = 0; i < addresses.size(); ++i)
    if (const int error = add_address(netlink.get(), if_nametoindex(name.c_str()), addresses[i]); error != 0)
      return failed("the address " + wanted.addresses[i] + " could not be given to it", error);
  if (ioctl(control.get(), SIOCGIFFLAGS, &request) != 0) return failed("its state could not be read", errno);
  request.ifr_flags |= IFF_UP;
  if (ioctl(control.get(), SIOCSIFFLAGS, &request) != 0) return failed("it could not be brought up", errno);
  return tun.release();
}

}  // namespace kiriko
