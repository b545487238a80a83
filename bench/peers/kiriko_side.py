# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Kiriko's own measurements: a bench of kiriko_bench, or a run of a scenario."""
import json
import os
import pathlib
import resource
import tempfile
import time

import machine

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ.get("KIRIKO", str(ROOT / "build/release/kiriko"))


def bench(name, seconds):
    """Millions of packets a second, and the TSC's GHz."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "bench.json"
        machine.output_of([str(ROOT / "bench/run"), "--only", name, "--runs", "1", "--seconds", str(seconds),
                           "--no-reference", "--json", str(report)], failure=machine.KirikoFailed)
        results = json.loads(report.read_text())
    for found in results["benches"]:
        if found["name"] == name and "median" in found:
            return found["median"], results["machine"]["tsc_ghz"]
    raise machine.KirikoFailed(f"kiriko_bench could not measure {name}")


def cpu_seconds():
    """Of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(scenario, overrides=(), workers=1):
    """One run in virtual time: its results, its wall-clock facts, and the seconds from start to end of the process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [PROGRAM, "run", str(HERE / scenario), "--quiet", "--clock", "virtual", "--out", folder,
                   "--workers", str(workers)]
        for override in overrides:
            command += ["--set", override]
        began, used = time.monotonic(), cpu_seconds()
        machine.output_of(command, failure=machine.KirikoFailed)
        process_seconds = time.monotonic() - began
        results = json.loads((pathlib.Path(folder) / "results.json").read_text())
        wall = json.loads((pathlib.Path(folder) / "fidelity.json").read_text())
    return {"packet_hops": results["packet_hops"], "wall_seconds": wall["wall_seconds"], "workers": wall["workers"],
            "sent": sum(flow["sent"] for flow in results["flows"]),
            "received": sum(flow["received"] for flow in results["flows"]),
            "received_bytes": sum(flow["received_bytes"] for flow in results["flows"]),
            "nodes": len(results["nodes"]), "process_seconds": process_seconds, "cpu_seconds": cpu_seconds() - used}
