#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Two network namespaces for real_time_link.yaml: kiriko1 (192.168.77.1) and kiriko2 (192.168.77.2), their veth pairs' other ends k1 and k2.
set -euo pipefail

usage() {
  cat <<'TEXT'
namespaces.sh up              make the namespaces kiriko1 and kiriko2, and k1, k2 in this one (root)
namespaces.sh down            remove them
namespaces.sh run COMMAND…    run COMMAND where they exist for it alone; nothing is left whatever ends it
                              (root, or an ordinary user where user namespaces are allowed)
namespaces.sh user COMMAND…   as run, in a user namespace even for root
namespaces.sh possible        exit 0 if run can work here, else say why

  scenarios/examples/namespaces.sh run bash
  build/release/kiriko run scenarios/examples/real_time_link.yaml &
  ip netns exec kiriko1 ping 192.168.77.2
TEXT
}

# connect N: namespace kiriko<N> with eth0, whose peer is k<N>. The kernel must hand over finished frames: no
# segmentation or checksum left to a network card, no frames merged, no VLAN tag kept beside the frame.
connect() {
  local n=$1
  ip netns add "kiriko$n"
  ip link add "k$n" type veth peer name eth0 netns "kiriko$n"
  # Nothing of this kernel's own may go out by k<N>.
  sysctl -qw "net.ipv6.conf.k$n.disable_ipv6=1" 2> /dev/null || ip link set "k$n" addrgenmode none
  ip netns exec "kiriko$n" ethtool -K eth0 tx off tso off gso off gro off txvlan off rxvlan off > /dev/null
  ethtool -K "k$n" tx off tso off gso off gro off txvlan off rxvlan off > /dev/null
  ip -n "kiriko$n" address add "192.168.77.$n/24" dev eth0
  ip -n "kiriko$n" -6 address add "fd77::$n/64" dev eth0 nodad 2> /dev/null || true
  ip -n "kiriko$n" link set lo up
  ip -n "kiriko$n" link set eth0 up
  ip link set "k$n" up
}

up() {
  # Half of it is worth nothing.
  trap 'down; exit 1' ERR INT TERM
  connect 1
  connect 2
  trap - ERR INT TERM
}

down() {
  local n
  for n in 1 2; do
    ip link delete "k$n" 2> /dev/null || true
    ip netns delete "kiriko$n" 2> /dev/null || true
  done
}

# In namespaces of one's own, which the kernel removes with their last process. A /run of one's own holds the names.
inside() {
  mount -t tmpfs tmpfs /run
  ip link set lo up
  up
  export KIRIKO_NAMESPACES=1
  exec "$@"
}

private() {
  local flags=$1
  shift
  [ $# -gt 0 ] || { usage; exit 2; }
  # shellcheck disable=SC2086
  exec unshare $flags --mount --net -- bash "$0" inside "$@"
}

flags_here() { if [ "$(id -u)" = 0 ]; then echo ""; else echo "--user --map-root-user"; fi; }

possible() {
  local tool
  for tool in ip ethtool unshare; do
    command -v "$tool" > /dev/null || { echo "there is no program '$tool'"; exit 1; }
  done
  # shellcheck disable=SC2046
  unshare $(flags_here) --mount --net -- bash "$0" inside true 2>&1 || {
    echo "network namespaces cannot be made here: be root, or allow user namespaces"
    exit 1
  }
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case $verb in
  up | down | possible) "$verb" ;;
  inside) inside "$@" ;;
  run) private "$(flags_here)" "$@" ;;
  user) private "--user --map-root-user" "$@" ;;
  help | --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
