#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# A UE behind a gNB pings and runs iperf3 through `kiriko upf` to a data network, each in a namespace of its own: once with
# kernel sockets and a TUN device, once with raw devices. SMF and gNB are radio.py. KIRIKO is the program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3  # the system's, which has Debian's scapy

inside() {
  mount -t tmpfs tmpfs /run
  ip link set lo up
  work=$(mktemp -d)
  upf='' radio='' server=''
  trap finish EXIT
  through sockets
  through devices
  echo "a UE's traffic passed in both forms"
}

finish() {
  for pid in $upf $radio $server; do kill "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$work"
}

# cable NAMESPACE HERE THERE: a veth pair; the kernel hands over finished frames.
cable() {
  ip link add "$2" type veth peer name "$3" netns "$1"
  sysctl -qw "net.ipv6.conf.$2.disable_ipv6=1" 2> /dev/null || true
  ip netns exec "$1" ethtool -K "$3" tx off tso off gso off gro off > /dev/null
  ethtool -K "$2" tx off tso off gso off gro off > /dev/null
  ip -n "$1" link set lo up
  ip -n "$1" link set "$3" up
  ip link set "$2" up
}

# N4 is 10.4.0.0/24, N3 10.3.0.0/24, N6 10.6.0.0/24: the UPF is .1 on each. UE addresses are of 10.45.0.0/16.
through() {
  local form=$1
  ip netns add ran
  ip netns add network
  cable ran upf4 n4
  cable ran upf3 n3
  cable network upf6 eth0
  ip address add 10.4.0.1/24 dev upf4
  ip -n ran address add 10.4.0.2/24 dev n4
  ip -n ran address add 10.3.0.2/24 dev n3
  ip -n network address add 10.6.0.2/24 dev eth0
  ip -n network route add 10.45.0.0/16 via 10.6.0.1
  if [ "$form" = sockets ]; then
    ip address add 10.3.0.1/24 dev upf3
    ip address add 10.6.0.1/24 dev upf6
    sysctl -qw net.ipv4.ip_forward=1
    cat > "$work/upf.yaml" <<'YAML'
name: upf1
n4: {address: 10.4.0.1}
n3: {address: 10.3.0.1}
data_networks:
  - {name: internet, pool: 10.45.0.0/16, tun: kt6}
YAML
  else
    cat > "$work/upf.yaml" <<'YAML'
name: upf1
n4: {address: 10.4.0.1}
n3: {device: af_packet, interface: upf3, address: 10.3.0.1/24}
data_networks:
  - {name: internet, pool: 10.45.0.0/16, device: af_packet, interface: upf6, address: 10.6.0.1/24}
YAML
  fi
  "$KIRIKO" upf --config "$work/upf.yaml" > "$work/upf.log" 2>&1 &
  upf=$!
  expect upf.log Ctrl-C "$upf"
  ip netns exec ran "$python" -B "$here/radio.py" > "$work/radio.log" 2>&1 &
  radio=$!
  expect radio.log ready "$radio"
  ip netns exec network iperf3 -s --forceflush > "$work/server.log" 2>&1 &
  server=$!
  expect server.log listening "$server"

  ip netns exec ran ping -q -c 50 -i 0.02 10.6.0.2 > "$work/ping" || fail "no ping passes ($form)" ping
  grep -q " 0% packet loss" "$work/ping" || fail "pings are lost ($form)" ping
  [ "$form" = sockets ] || ip netns exec ran ping -q -c 2 -I n3 10.3.0.1 > "$work/own" || fail "the UPF does not answer a ping itself" own
  local what
  for what in "-t 2" "-t 2 -R" "-t 2 -u -b 10M -l 1200"; do
    # shellcheck disable=SC2086
    ip netns exec ran timeout 30 iperf3 -c 10.6.0.2 -B 10.45.0.77 $what --json > "$work/iperf" || fail "iperf3 $what fails ($form)" iperf
    "$python" - "$work/iperf" "$form: iperf3 $what" <<'PYTHON' || fail "iperf3 $what: too little passes ($form)" iperf
import json, sys
end = json.load(open(sys.argv[1]))["end"]
got = end.get("sum_received", end.get("sum"))
rate, lost = got["bits_per_second"], end.get("sum", {}).get("lost_percent", 0)
print(f"{sys.argv[2]}: {rate / 1e6:.1f} Mbit/s, {lost:.2f} % lost")
sys.exit(rate < 2e6 or lost > 5)
PYTHON
  done
  kill "$server" "$radio"
  wait "$server" "$radio" 2> /dev/null || true
  kill -INT "$upf"
  wait "$upf" || fail "the UPF ends with status $?" upf.log
  upf='' radio='' server=''
  ip netns delete ran
  ip netns delete network
  [ -z "$(ip -o link show type veth)" ] || for each in upf3 upf4 upf6; do ip link delete "$each" 2> /dev/null || true; done
  if ip link show kt6 > /dev/null 2>&1; then fail "the TUN device is left"; fi
}

# expect FILE TEXT PID: until the process's output has the text.
expect() {
  for _ in $(seq 300); do
    if grep -q "$2" "$work/$1"; then return 0; fi
    kill -0 "$3" 2> /dev/null || break
    sleep 0.1
  done
  fail "no '$2'" "$1"
}

fail() {
  echo "$1"
  if [ $# -gt 1 ]; then cat "$work/$2"; fi
  cat "$work/upf.log" "$work/radio.log" 2> /dev/null || true
  exit 1
}

if [ "${1:-}" = inside ]; then
  inside
  exit 0
fi
for tool in ip ethtool iperf3 ping unshare; do
  command -v "$tool" > /dev/null || { echo "skipped: no program '$tool'"; exit 77; }
done
"$python" -c 'import scapy.contrib.pfcp' 2> /dev/null || { echo "skipped: no scapy (python3-scapy)"; exit 77; }
separate=(unshare --mount --net)
if ((EUID != 0)); then separate=(unshare --user --map-root-user --mount --net); fi
"${separate[@]}" bash -c 'mount -t tmpfs tmpfs /run && ip netns add x && ip tuntap add dev kt0 mode tun' 2> /dev/null ||
  { echo "skipped: no network namespace or TUN device can be had"; exit 77; }
exec "${separate[@]}" bash "$0" inside
