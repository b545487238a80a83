# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""What stands between the two namespaces: Kiriko's link, or a queueing discipline of the kernel on the plain pair."""
import contextlib
import json
import os
import pathlib
import tempfile
import time

import testbed

KIRIKO = os.environ.get("KIRIKO", "")
# Both directions have the delay, the first alone the rest. A frame costs its own octets, as tbf and htb count.
SCENARIO = """\
name: fidelity
title: What the fidelity bench measures
run: {{clock: real, duration: 1h, tolerance: 10s, packets: 131072, seed: {seed}}}
devices:
  - {{name: left, device: {device}, interface: k1}}
  - {{name: right, device: {device}, interface: k2}}
links:
  - name: wire
    ends: [left, right]
    delay: {delay_ns}ns
    frame_overhead: 0
    limit_packets: 4000
    forward: {{{forward}}}
"""


class Shaper:
    """`name`, `address` to send to, and after the run `lateness` (ns by quantile) and other facts."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.lateness, self.drops, self.cpu = None, None, None


def _cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def kiriko(device, delay_ns=0, forward="", seed=1):
    shaper = Shaper(device, testbed.EMULATED)
    with tempfile.TemporaryDirectory(prefix="kiriko-fidelity-") as folder:
        folder = pathlib.Path(folder)
        scenario = folder / "link.yaml"
        text = SCENARIO.format(device=device, delay_ns=round(delay_ns), forward=forward, seed=seed)
        scenario.write_text("\n".join(line for line in text.splitlines() if line.strip() != "forward: {}") + "\n",
                            encoding="utf-8")
        with open(folder / "said", "w", encoding="utf-8") as said:
            child = testbed.start([KIRIKO, "run", str(scenario), "--out", str(folder / "out")], emulator=True, stdout=said,
                                  stderr=said)
        shaper.cpu = lambda: _cpu_seconds(child.pid)

        def passes():
            if child.poll() is not None:
                raise testbed.Failed("kiriko ended: " + (folder / "said").read_text(encoding="utf-8").strip()[-600:])
            return testbed.call(*testbed.inside(testbed.FROM, "ping", "-q", "-c", "1", "-W", "1", shaper.address),
                                check=False).returncode == 0

        try:
            testbed.wait_until(passes, 20, f"no frame passes a link of {device} in 20 s")
            yield shaper
        finally:
            status = testbed.end(child)
        if status != 130:
            raise testbed.Failed(f"kiriko ended with {status}: {(folder / 'said').read_text(encoding='utf-8')[-600:]}")
        links = json.loads((folder / "out/fidelity.json").read_text(encoding="utf-8"))["links"]
        shaper.lateness = next((link["lateness_ns"] for link in links if link["link"].startswith("left")), None)
        results = json.loads((folder / "out/results.json").read_text(encoding="utf-8"))
        shaper.drops = results.get("drops", results["ledger"])


@contextlib.contextmanager
def plain():
    yield Shaper("veth", testbed.PLAIN)


@contextlib.contextmanager
def qdisc(name, *lines):
    """`lines`: tc's words after `tc`, in order, with DEV for the plain pair's sending end."""
    try:
        for line in lines:
            testbed.call(*testbed.inside(testbed.FROM, "tc", *line.replace("DEV", testbed.PLAIN_DEVICE).split()))
        yield Shaper(name, testbed.PLAIN)
    finally:
        testbed.call(*testbed.inside(testbed.FROM, "tc", "qdisc", "delete", "dev", testbed.PLAIN_DEVICE, "root"), check=False)


def netem(words):
    return qdisc("netem", f"qdisc add dev DEV root netem limit 100000 {words}")


def tbf(bits):
    burst = max(3000, bits // 8 // 250)
    return qdisc("tbf", f"qdisc add dev DEV root tbf rate {bits}bit burst {burst} limit 6000000")


def htb(bits):
    return qdisc("htb", "qdisc add dev DEV root handle 1: htb default 1",
                 f"class add dev DEV parent 1: classid 1:1 htb rate {bits}bit quantum 1514",
                 "qdisc add dev DEV parent 1:1 handle 2: pfifo limit 4000")


def kernel_has(kind):
    words = {"netem": "netem delay 1ms", "tbf": "tbf rate 1mbit burst 10kb limit 100kb", "htb": "htb default 1"}[kind]
    tc = testbed.inside(testbed.FROM, "tc", "qdisc")
    there = testbed.call(*tc, "add", "dev", testbed.PLAIN_DEVICE, "root", *words.split(), check=False).returncode == 0
    testbed.call(*tc, "delete", "dev", testbed.PLAIN_DEVICE, "root", check=False)
    return there


def idle_share(shaper, seconds):
    """Share of a core that the emulator takes while nothing passes."""
    time.sleep(1)
    before, began = shaper.cpu(), time.monotonic()
    time.sleep(seconds)
    return (shaper.cpu() - before) / (time.monotonic() - began)
