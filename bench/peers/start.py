# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Start to first packet: 1,000 nodes in Kiriko beside 100 in Mininet."""
import json
import os
import sys

import kiriko_side
import machine
from comparison import Comparison


def mininet():
    """Seconds from the start of Mininet's program to the first answer of a ping. All it makes lies in namespaces that end with it."""
    if not os.path.exists("/usr/bin/mn"):
        raise machine.Missing("Mininet is not installed")
    if os.geteuid() != 0:
        raise machine.Missing("Mininet needs root")
    text = machine.output_of(["unshare", "--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child=KILL",
                              sys.executable, str(kiriko_side.HERE / "mininet_tree.py")], timeout=300)
    return json.loads(text.strip().splitlines()[-1])


def compare(rounds):
    comparison = Comparison("start_1000", "seconds from start to the first packet: Kiriko 1,000 nodes, Mininet 100", "s",
                            "Mininet", 1.0, smaller_is_better=True, of_ratio=False)
    try:
        for round_number in range(rounds):
            own = kiriko_side.run("start_1000.yaml")
            if round_number == 0:
                comparison.notes.append(f"Kiriko: {own['nodes']} nodes, {own['sent']} packets sent; the time is that of the "
                                        f"whole process, report included; {own['cpu_seconds']:.2f} s of CPU")
            comparison.kiriko_samples.append(own["process_seconds"])
            if comparison.problem:
                continue
            try:
                peer = mininet()
            except machine.Missing as reason:
                comparison.stop(reason)
                continue
            comparison.peer_samples.append(peer["seconds"])
            if round_number == 0:
                comparison.notes.append(f"Mininet {machine.version_of('mininet')}: {peer['nodes']} nodes, {peer['switch']}")
    except machine.Missing as reason:
        comparison.stop(reason)
    return [comparison]
