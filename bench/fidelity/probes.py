# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Packets through a shaper: what the probe program and iperf3 saw."""
import json
import os
import signal

import testbed

PROBE = os.environ.get("KIRIKO_PROBE", "")
HEADERS = 14  # Ethernet, without FCS: what a queueing discipline counts


class Seen:
    """The probe's arrivals in the order of coming, as (sequence, delay in ns, time come in ns)."""

    def __init__(self, sent, lines):
        self.sent = sent
        self.arrivals = []
        for line in lines:
            sequence, went, came = (int(word) for word in line.split())
            self.arrivals.append((sequence, came - went, came))
        self.of_sequence = {}
        for sequence, delay, _ in self.arrivals:
            self.of_sequence.setdefault(sequence, delay)

    def delays(self):
        """Of first copies, in the order of sending."""
        return [self.of_sequence[sequence] for sequence in sorted(self.of_sequence)]

    def lost(self):
        return self.sent - len(self.of_sequence)

    def copies(self):
        return len(self.arrivals) - len(self.of_sequence)

    def reordered(self):
        """RFC 4737: arrived after one that was sent later."""
        expected, count = 0, 0
        for sequence, _, _ in self.arrivals:
            if sequence < expected:
                count += 1
            else:
                expected = sequence + 1
        return count

    def loss_bursts(self):
        """Lengths of runs of lost packets."""
        bursts, run = [], 0
        for sequence in range(self.sent):
            if sequence in self.of_sequence:
                if run:
                    bursts.append(run)
                run = 0
            else:
                run += 1
        return bursts

    def rates(self, bytes_of_frame, skip=0.2):
        """Bits a second over the whole and over windows of 1 % of the packets, the start left out."""
        times = [came for _, _, came in self.arrivals][int(skip * len(self.arrivals)):]
        if len(times) < 30:
            raise testbed.Failed(f"only {len(self.arrivals)} packets came of {self.sent}")
        step = max(10, len(times) // 100)
        bits = 8e9 * bytes_of_frame
        windows = [bits * step / max(1, times[i + step] - times[i]) for i in range(0, len(times) - step, step)]
        return bits * (len(times) - 1) / (times[-1] - times[0]), windows


def probe(kind, shaper, count, per_second, size=100, linger=0.4):
    words = [PROBE, kind, testbed.FROM, testbed.TO, shaper.address, count, round(1e9 / per_second), size, round(linger * 1e9)]
    out = testbed.output_of([str(word) for word in words], 30 + 2 * count / per_second + 3 * linger)
    return Seen(count, out.splitlines())


def tcp(shaper, seconds, omitted):
    """Bits a second of payload that one TCP connection brings over; `omitted`: seconds before, for slow start."""
    server = testbed.start(testbed.inside(testbed.TO, "iperf3", "-s", "-1"), stdout=-3, stderr=-3)
    try:
        testbed.wait_until(lambda: ":5201" in testbed.call(*testbed.inside(testbed.TO, "ss", "-ltn")).stdout, 5,
                           "iperf3's server did not start")
        client = testbed.inside(testbed.FROM, "iperf3", "-J", "-c", shaper.address, "-t", str(seconds), "-O", str(omitted),
                                "--connect-timeout", "5000")
        with testbed.reception_apart():
            out = testbed.output_of(client, seconds + omitted + 30)
        server.wait(10)
    finally:
        testbed.end(server, signal.SIGKILL)
    return json.loads(out)["end"]["sum_received"]["bits_per_second"]
