#!/bin/bash
# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
# Outside ports with real kernels at their far ends: an IP endpoint over each device that can carry it, a TUN device, jumbo frames, memif
# between two processes, and what is told where a port cannot be had.
namespaces=scenarios/examples/namespaces.sh
if [ -z "${KIRIKO_NAMESPACES:-}" ]; then
  if ! reason=$("$namespaces" possible 2>&1); then
    echo "skipped: $reason"
    exit 77
  fi
  exec "$namespaces" run bash "$0"
fi
# shellcheck source=tests/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

programs=()
finish() {
  for pid in "${programs[@]}"; do kill -INT "$pid" 2> /dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
in1=(ip netns exec kiriko1)

# start NAME FILE ARGUMENTS…: the emulator in the background; its texts are NAME.output and NAME.errors.
start() {
  local name=$1 file=$2
  shift 2
  "$KIRIKO" run "$file" --out "$work/$name" --set run.duration=1h "$@" > "$work/$name.output" 2> "$work/$name.errors" &
  programs+=($!)
}

# pings WHERE… -- ARGUMENTS: three answers, waiting up to half a minute for the first.
pings() {
  local where=()
  while [ "$1" != -- ]; do
    where+=("$1")
    shift
  done
  shift
  for _ in $(seq 30); do
    if "${where[@]}" ping -q -c 1 -W 1 "$@" > /dev/null 2>&1; then break; fi
    sleep 0.2
  done
  "${where[@]}" ping -q -c 3 -i 0.05 -W 5 "$@" > "$work/ping" || { cat "$work/ping" "$work"/*.output "$work"/*.errors; exit 1; }
  says ping " 0% packet loss"
}

# stop: ends the emulators that were started; each says that it was interrupted.
stop() {
  local status
  for pid in "${programs[@]}"; do
    status=0
    kill -INT "$pid"
    wait "$pid" || status=$?
    [ "$status" = 130 ] || { echo "exit status $status instead of 130"; cat "$work"/*.output "$work"/*.errors; exit 1; }
  done
  programs=()
}

# A real network with an emulated host behind an IP endpoint: its own addresses, and the host's without a gateway.
ip -n kiriko1 route add 10.0.0.0/16 dev eth0
for device in af_packet af_xdp; do
  if [ "$device" = af_xdp ] && ! "$KIRIKO" run scenarios/examples/real_time_host.yaml --set devices.lan.device=af_xdp \
    --set run.duration=1ms --out "$work/try" > "$work/try.output" 2>&1 && grep -q "could not be" "$work/try.output"; then
    echo "no AF_XDP here: left out"
    continue
  fi
  ip -n kiriko1 neighbour flush all
  start "$device" scenarios/examples/real_time_host.yaml --set "devices.lan.device=$device"
  pings "${in1[@]}" -- 192.168.77.10
  pings "${in1[@]}" -- 10.0.0.1
  if ip -n kiriko1 -6 address show dev eth0 | grep -q fd77::1; then pings "${in1[@]}" -- fd77::10; fi
  ip -n kiriko1 neighbour show dev eth0 > "$work/neighbours"
  says neighbours "10.0.0.1 lladdr"
  stop
done

# The kernel's side of a TAP device is the neighbour.
cat > "$work/tap.yaml" <<'YAML'
name: tap
title: An IP endpoint behind a TAP device
run: {duration: 60s, clock: real, tolerance: 1s, packets: 16384}
devices: [{name: lan, device: tap, interface: ktap0}]
functions: [{name: port, function: ip_endpoint, with: {addresses: [192.168.78.10/24], proxy: [10.0.0.0/16]}}]
hosts: [{name: h1}]
links: [{ends: [lan, port]}, {ends: [port, h1]}]
YAML
start tap "$work/tap.yaml"
for _ in $(seq 100); do if ip link show ktap0 > /dev/null 2>&1; then break; fi; sleep 0.1; done
ip address add 192.168.78.1/24 dev ktap0
ip link set ktap0 up
pings -- 192.168.78.10
stop

# A TUN device is made, given its address and brought up, and is gone with the program however that ends.
start tun scenarios/examples/real_time_tun.yaml --set "devices.tun.addresses=[10.0.255.254/16, \"fd45::1/64\"]" --set devices.tun.mtu=9000
pings -- 10.0.0.1
ip address show dev kiriko0 > "$work/address"
says address "mtu 9000"
says address "inet 10.0.255.254/16"
says address "inet6 fd45::1/64"
if grep -q "inet6 fe80" "$work/address"; then exit 1; fi
# Two of a name cannot be; which one is told.
expect 2 "$KIRIKO" run scenarios/examples/real_time_tun.yaml --out "$work/none"
says errors "kiriko0"
stop
if ip link show kiriko0 2> /dev/null; then exit 1; fi
start tun scenarios/examples/real_time_tun.yaml
pings -- 10.0.0.1
kill -KILL "${programs[0]}"
wait "${programs[0]}" || true
programs=()
if ip link show kiriko0 2> /dev/null; then exit 1; fi

# Jumbo frames pass a wire.
for n in 1 2; do
  ip link set "k$n" mtu 9000
  ip -n "kiriko$n" link set eth0 mtu 9000
done
start jumbo scenarios/examples/real_time_link.yaml
pings "${in1[@]}" -- -M "do" -s 8972 192.168.77.2
stop

# memif joins two processes: what one reads from a file the other writes to one.
cat > "$work/frames.py" <<'PYTHON'
import struct, sys
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for i in range(100):
        frame = bytes.fromhex("020000000002" "020000000001" "88b5") + bytes([i]) * (50 + i)
        out.write(struct.pack("<IIII", 0, i, len(frame), len(frame)) + frame)
PYTHON
python3 "$work/frames.py" "$work/in.pcap"
for side in server client; do
  cat > "$work/memif_$side.yaml" <<YAML
name: memif_$side
title: One end of a memif
run: {duration: 60s, clock: real, tolerance: 1s, packets: 16384}
devices:
  - {name: shared, device: memif, socket: $work/memif.sock, role: $side}
  - {name: file, device: pcap, $([ "$side" = server ] && echo "transmit: $work/out.pcap" || echo "receive: $work/in.pcap")}
links: [{ends: [shared, file], delay: 1s}]
YAML
done
start memif_server "$work/memif_server.yaml"
for _ in $(seq 100); do if [ -S "$work/memif.sock" ]; then break; fi; sleep 0.1; done
start memif_client "$work/memif_client.yaml"
sleep 4
stop
python3 - "$work" <<'PYTHON'
import struct, sys
def frames(path):
    data, at, found = open(path, "rb").read(), 24, []
    while at < len(data):
        size = struct.unpack("<IIII", data[at:at + 16])[2]
        found.append(data[at + 16:at + 16 + size])
        at += 16 + size
    return found
sent, got = frames(sys.argv[1] + "/in.pcap"), frames(sys.argv[1] + "/out.pcap")
assert sent == got, (len(sent), len(got))
PYTHON

# What cannot be had is named with a hint, and nothing runs.
cat > "$work/udp.yaml" <<'YAML'
name: udp
title: A UDP tunnel
run: {duration: 1s, clock: real, tolerance: 1s, packets: 16384}
devices:
  - {name: n3, device: udp_tunnel, local_address: 127.0.0.2}
  - {name: n6, device: "null"}
links: [{ends: [n3, n6]}]
YAML
expect 0 "$KIRIKO" run "$work/udp.yaml" --out "$work/udp"
expect 2 "$KIRIKO" run "$work/udp.yaml" --set devices.n3.local_address=192.0.2.1 --out "$work/none"
says errors "ip address shows"
expect 2 "$KIRIKO" run "$work/udp.yaml" --set devices.n3.local_address=localhost --out "$work/none"
says errors "not an address"
expect 2 "$KIRIKO" run "$work/udp.yaml" --clock virtual --out "$work/none"
says errors "needs the real clock"
