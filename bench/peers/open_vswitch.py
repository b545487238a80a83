# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Open vSwitch with DPDK: its userspace datapath from a pcap device to a null device, beside Kiriko's switch."""
import contextlib
import os
import pathlib
import re
import signal
import struct
import tempfile
import time

import kiriko_side
import machine
from comparison import Comparison

DAEMON = "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
PAGES = 600  # of 2 MiB: packet pools of two ports, and of testpmd
SOURCE = (172 << 24) | (16 << 16) | 1


def destination(n):
    """One address in each of the 24-bit networks that Kiriko's bench has entries for."""
    return (10 << 24) + (n << 8) + 1 + n % 250


def dotted(address):
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def frame(n):
    """60 octets: Ethernet, IPv4, UDP."""
    header = struct.pack("!BBHHHBBHII", 0x45, 0, 46, 0, 0, 64, 17, 0, SOURCE, destination(n))
    total = sum(struct.unpack("!10H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    header = header[:10] + struct.pack("!H", ~total & 0xFFFF) + header[12:]
    ethernet = bytes.fromhex("020000000002" "020000000001" "0800")
    return ethernet + header + struct.pack("!HHHH", 1024 + n % 1000, 53, 26, 0) + bytes(18)


def write_pcap(path, flows):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n in range(flows):
            out.write(struct.pack("<IIII", 0, 0, 60, 60) + frame(n))


def write_entries(path, flows):
    with open(path, "w", encoding="ascii") as out:
        for n in range(flows):
            out.write(f"table=0,priority=100,udp,nw_src={dotted(SOURCE)},nw_dst={dotted(destination(n))},"
                      f"tp_src={1024 + n % 1000},tp_dst=53,actions=output:2\n")


class Switch:
    """One pair of daemons in a folder of their own; the forwarding thread stands still unless it is measured."""

    def __init__(self, folder, daemon):
        self.folder, self.daemon = pathlib.Path(folder), daemon
        self.tsc_ghz = None

    def vsctl(self, *arguments):
        machine.output_of(["ovs-vsctl", f"--db=unix:{self.folder}/db.sock", "--timeout=30", *arguments])

    def appctl(self, *arguments):
        return machine.output_of(["ovs-appctl", "--timeout=30", "-t", f"{self.folder}/switch.ctl", *arguments])

    def connect(self, flows):
        """Bridge, devices and flow entries for so many flows."""
        write_pcap(self.folder / "in.pcap", flows)
        write_entries(self.folder / "entries", flows)
        self.vsctl("--if-exists", "del-br", "bench")
        self.vsctl("add-br", "bench", "--", "set", "bridge", "bench", "datapath_type=netdev", "fail_mode=secure")
        machine.output_of(["ovs-ofctl", "add-flows", f"unix:{self.folder}/bench.mgmt", str(self.folder / "entries")])
        self.vsctl("add-port", "bench", "out", "--", "set", "interface", "out", "type=dpdk", "ofport_request=2",
                   "options:dpdk-devargs=net_null0,no-rx=1")
        self.vsctl("add-port", "bench", "in", "--", "set", "interface", "in", "type=dpdk", "ofport_request=1",
                   f"options:dpdk-devargs=net_pcap0,rx_pcap={self.folder}/in.pcap,infinite_rx=1")
        time.sleep(3)  # caches fill
        self.pause()

    def pause(self):
        self.daemon.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.daemon.send_signal(signal.SIGCONT)

    def measure(self, seconds):
        """TSC cycles a packet on the forwarding core."""
        self.go_on()
        try:
            time.sleep(0.2)
            self.appctl("dpif-netdev/pmd-stats-clear")
            time.sleep(seconds)
            text = self.appctl("dpif-netdev/pmd-stats-show")
        finally:
            self.pause()
        thread = text.split("main thread:")[0]
        figures = {key.strip(): value for key, _, value in (line.partition(":") for line in thread.splitlines())}
        try:
            packets, lost = (int(figures[key]) for key in ("packets received", "miss with failed upcall"))
            cycles = sum(int(figures[f"{kind} cycles"].split()[0]) for kind in ("idle", "processing"))
        except (KeyError, ValueError) as error:
            raise machine.Missing(f"Open vSwitch's statistics read otherwise than expected: {error}") from error
        if packets == 0 or lost:
            raise machine.Missing(f"Open vSwitch forwarded {packets} packets and lost {lost}")
        return cycles / packets


def devices_alone(folder, seconds):
    """Millions of packets a second that testpmd moves between the same devices without looking at them; None if it cannot."""
    command = ["dpdk-testpmd", "-l", "0,1", "--in-memory", "--no-pci", "--no-telemetry", "-m", "160", "--log-level=*:error",
               "--vdev", f"net_pcap0,rx_pcap={folder}/in.pcap,infinite_rx=1", "--vdev", "net_null0,no-rx=1",
               "--", "--forward-mode=io", "--auto-start", "--stats-period=1", "--no-mlockall",
               "--total-num-mbufs=32768"]
    output = pathlib.Path(folder) / "testpmd"
    rates = []
    with open(output, "w", encoding="utf-8") as out, machine.running(command, stdout=out, stderr=out) as testpmd:
        end = time.monotonic() + 20
        while len(rates) < 1 + seconds and time.monotonic() < end and testpmd.poll() is None:
            time.sleep(0.5)
            found = (int(rate) / 1e6 for rate in re.findall(r"Tx-pps:\s+(\d+)", output.read_text(encoding="utf-8")))
            rates = [rate for rate in found if rate > 0]
    return max(rates, default=None)


@contextlib.contextmanager
def started():
    if not pathlib.Path(DAEMON).exists():
        raise machine.Missing("Open vSwitch with DPDK is not installed")
    with tempfile.TemporaryDirectory(prefix="kiriko-ovs-") as folder, machine.hugepages(PAGES), \
            open(f"{folder}/log", "w", encoding="utf-8") as log:
        os.environ.update({f"OVS_{kind}": folder for kind in ("RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR")})
        machine.output_of(["ovsdb-tool", "create", f"{folder}/conf.db", SCHEMA])
        quiet = {"stdout": log, "stderr": log}
        with machine.running(["ovsdb-server", f"{folder}/conf.db", f"--remote=punix:{folder}/db.sock",
                              f"--unixctl={folder}/db.ctl"], **quiet):
            wait_for(f"{folder}/db.sock")
            switch = Switch(folder, None)
            switch.vsctl("--no-wait", "init")
            switch.vsctl("--no-wait", "set", "Open_vSwitch", ".", "other_config:dpdk-init=true",
                         'other_config:dpdk-extra="--no-pci --in-memory"', "other_config:dpdk-socket-mem=512",
                         "other_config:dpdk-lcore-mask=1", f"other_config:pmd-cpu-mask={2 if os.cpu_count() > 1 else 1}")
            # Its TAP devices would stay; in a network namespace of its own they end with it.
            with machine.running(["unshare", "--net", DAEMON, f"unix:{folder}/db.sock", f"--unixctl={folder}/switch.ctl"],
                                 **quiet) as switch.daemon:
                wait_for(f"{folder}/switch.ctl")
                try:
                    yield switch
                finally:
                    switch.go_on()  # a stopped process would not end


def wait_for(path, seconds=30):
    end = time.monotonic() + seconds
    while not pathlib.Path(path).exists():
        if time.monotonic() > end:
            raise machine.Missing(f"a daemon of Open vSwitch did not start: no {path} after {seconds} s")
        time.sleep(0.05)


def compare(rounds, seconds):
    """Both comparisons, one pair of daemons."""
    version = machine.version_of("openvswitch-switch-dpdk")
    comparisons = [
        Comparison("switch_1flow_vs_ovs", "1 flow, 1 flow entry, 60 octets", "Mpps", "OVS-DPDK", 1.3),
        Comparison("switch_10k_vs_ovs", "10,000 flows; OVS: 10,000 entries of five fields; Kiriko: 10,000 prefixes", "Mpps",
                   "OVS-DPDK", 2.0)]
    try:
        with started() as switch:
            for comparison, flows, bench in zip(comparisons, (1, 10_000), ("switch_1flow", "switch_10k")):
                comparison.notes.append(f"Open vSwitch {version}, one forwarding core")
                switch.go_on()
                switch.connect(flows)
                for _ in range(rounds):
                    mpps, tsc_ghz = kiriko_side.bench(bench, seconds)
                    comparison.add(mpps, tsc_ghz * 1e3 / switch.measure(seconds))
                alone = devices_alone(switch.folder, seconds)
                if alone:
                    comparison.notes.append(f"the peer's devices alone, by testpmd in io mode: {alone:.3g} Mpps")
    except machine.Missing as reason:
        for comparison in comparisons:
            if len(comparison.kiriko_samples) < rounds:
                comparison.stop(reason)
    return comparisons
