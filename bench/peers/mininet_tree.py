# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""A tree of 13 switches and 87 hosts in Mininet, from the program's start to the first answer of a ping; prints JSON.

Run it in a network, mount and process namespace of its own (start.py does): nothing of it is left behind then.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HOSTS, SWITCHES, INNER = 87, 13, 4
SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"


def start_daemons(folder):
    """Open vSwitch's database and its switch daemon without DPDK, for its userspace datapath."""
    os.environ.update({f"OVS_{kind}": folder for kind in ("RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR")})
    log = open(f"{folder}/log", "w", encoding="utf-8")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
    subprocess.run(["ovsdb-tool", "create", f"{folder}/conf.db", SCHEMA], check=True)
    subprocess.Popen(["ovsdb-server", f"{folder}/conf.db", f"--remote=punix:{folder}/db.sock",
                      f"--unixctl={folder}/db.ctl"], **quiet)
    wait_for(f"{folder}/db.sock")
    subprocess.run(["ovs-vsctl", "--no-wait", "init"], check=True)
    subprocess.Popen(["/usr/lib/openvswitch-switch/ovs-vswitchd", f"unix:{folder}/db.sock",
                      f"--unixctl={folder}/switch.ctl", f"--pidfile={folder}/ovs-vswitchd.pid"], **quiet)
    wait_for(f"{folder}/switch.ctl")


def wait_for(path):
    end = time.monotonic() + 30
    while not pathlib.Path(path).exists():
        if time.monotonic() > end:
            sys.exit(f"no {path} after 30 s")
        time.sleep(0.02)


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="kiriko-mininet-") as folder:
        start_daemons(folder)  # not counted: they serve many runs
        began = time.monotonic()
        from mininet.net import Mininet
        from mininet.node import OVSSwitch

        def switch(name, **options):
            return OVSSwitch(name, datapath="user", failMode="standalone", **options)

        net = Mininet(switch=switch, controller=None, autoSetMacs=True, autoStaticArp=True)
        switches = [net.addSwitch(f"s{n + 1}") for n in range(SWITCHES)]
        hosts = [net.addHost(f"h{n + 1}") for n in range(HOSTS)]
        for n in range(1, SWITCHES):
            net.addLink(switches[(n - 1) // 3], switches[n])
        for n, host in enumerate(hosts):
            net.addLink(host, switches[INNER + n % (SWITCHES - INNER)])
        net.start()
        answer = ""
        while " 0% packet loss" not in answer and time.monotonic() - began < 120:
            answer = hosts[0].cmd("ping -c 1 -W 1", hosts[HOSTS // 2].IP())
        seconds = time.monotonic() - began
        net.stop()
    if " 0% packet loss" not in answer:
        sys.exit("no ping was answered")
    print(json.dumps({"seconds": seconds, "nodes": SWITCHES + HOSTS, "switch": "Open vSwitch in user space"}))


main()
