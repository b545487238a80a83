# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Rates that QERs let through in real time: MBR of a flow, Session-AMBR over three, within 2 % (TS 29.244 clause 5.4)."""
import os
import struct
import time

from scapy.contrib.gtp import GTP_U_Header, GTPPDUSessionContainer

import peers
import rules
from case import table
from rules import downlink_pdr, to_access, to_core, uplink_pdr

WINDOW = 1.0  # seconds
SETTLE = 0.6  # the burst of 100 ms is used up by then
OFFERED = 1.6  # times the rate
TOLERANCE = 0.02
# Of a machine that others use too: a sender that was held up lowers what it measures, and nothing raises it.
TRIES = 4


def tunnelled(session, size, port):
    """A datagram of `size` octets of IP in a G-PDU."""
    return bytes(GTP_U_Header(teid=session.uplink_teid, gtp_type=255, E=1, next_ex=0x85)
                 / GTPPDUSessionContainer(type=1, QFI=9)
                 / peers.from_ue(session.ue, bytes(size - 28), port=port))


def count_octets(network, size, begin):
    """In a process of its own, from `begin` for WINDOW seconds: octets of IP that came, through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        network.socket.settimeout(0.05)
        octets = 0
        while (now := time.monotonic()) < begin + WINDOW:
            try:
                network.socket.recv(65536)
            except OSError:
                continue
            if now >= begin:
                octets += size
        os.write(writing, struct.pack("Q", octets))
        os._exit(0)
    os.close(writing)
    return child, reading


def measured_rate(world, networks, frames, size, rate):
    """bit/s that reach the networks while `frames` are offered by turns, OFFERED times as fast as `rate`."""
    begin = time.monotonic() + SETTLE
    counters = [count_octets(network, size, begin) for network in networks]
    gap = size * 8 / (rate * OFFERED)
    start, sent = time.monotonic(), 0
    while (now := time.monotonic()) < begin + WINDOW:
        while sent * gap <= now - start:
            world.gnb.send_octets(frames[sent % len(frames)])
            sent += 1
        time.sleep(min(gap, 0.001))
    octets = 0
    for child, reading in counters:
        octets += struct.unpack("Q", os.read(reading, 8))[0]
        os.close(reading)
        os.waitpid(child, 0)
    return octets * 8 / WINDOW


def check_rate(world, networks, frames, size, rate):
    seen = []
    for _ in range(TRIES):
        seen.append(measured_rate(world, networks, frames, size, rate))
        if abs(seen[-1] - rate) <= TOLERANCE * rate:
            print(f"    asked {rate / 1e6:g} Mbit/s, got {seen[-1] / 1e6:.3f}")
            return
        assert seen[-1] < rate * (1 + TOLERANCE), f"asked {rate}, got {seen}"
    raise AssertionError(f"asked {rate}, got {seen}")


RATES = [("1", 1_000_000, 250), ("10", 10_000_000, 500), ("100", 100_000_000, 1400)]


@table("when a QoS flow has an MBR of {} Mbit/s, then that passes within 2 %", RATES)
def _(world, rate, size):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue, qers=(1,)), to_access(0x310), to_core(),
                             rules.qer(uplink=rate // 1000, downlink=rate // 1000)], ue=ue)
    check_rate(world, [world.network], [tunnelled(session, size, 7)], size, rate)


@table("when three QoS flows share a Session-AMBR of {} Mbit/s, then that passes of all together within 2 %", RATES)
def _(world, rate, size):
    ue = rules.next_ue()
    ports = (7, 17, 27)
    pdrs = [uplink_pdr(2 + i, f_teid=rules.choose(1), precedence=10 + i, qers=(1, 2 + i),
                       filters=[f"permit out 17 from any {port} to assigned"]) for i, port in enumerate(ports)]
    session = world.session([downlink_pdr(ue=ue), *pdrs, to_access(0x311), to_core(),
                             rules.qer(1, uplink=rate // 1000, downlink=rate // 1000),
                             *[rules.qer(2 + i, uplink=rate // 1000, downlink=rate // 1000) for i in range(3)]], ue=ue)
    others = [peers.DataNetwork(port) for port in ports[1:]]
    try:
        check_rate(world, [world.network, *others], [tunnelled(session, size, port) for port in ports], size, rate)
    finally:
        for other in others:
            other.close()


@table("when the gate is closed at {} Mbit/s, then nothing passes", RATES)
def _(world, rate, size):
    ue = rules.next_ue()
    session = world.session([downlink_pdr(ue=ue), uplink_pdr(ue=ue, qers=(1,)), to_access(0x312), to_core(),
                             rules.qer(uplink=rate // 1000, downlink=rate // 1000, gate=(1, 0))], ue=ue)
    assert measured_rate(world, [world.network], [tunnelled(session, size, 7)], size, rate) == 0
