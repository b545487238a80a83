# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""ns-3 and Kiriko in virtual time over the same tree with the same packets; and Kiriko's two workers beside one."""
import json
import pathlib
import shlex
import statistics

import kiriko_side
import machine
from comparison import Comparison

SOURCE = kiriko_side.HERE / "tree.cc"
PROGRAM = kiriko_side.ROOT / "build/peers/tree"
LIBRARIES = ("core", "network", "internet", "point-to-point", "nix-vector-routing")
ROUTINGS = ("static", "global", "nix")
SCHEDULERS = ("MapScheduler", "HeapScheduler", "CalendarScheduler", "PriorityQueueScheduler")
HOSTS = 100


def compile_tree():
    if PROGRAM.exists() and PROGRAM.stat().st_mtime > SOURCE.stat().st_mtime:
        return
    if not pathlib.Path("/usr/include/ns3/core-module.h").exists():
        raise machine.Missing("ns-3 is not installed")
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    # pkg-config's libraries name files of other development packages; ns-3's own suffice.
    flags = shlex.split(machine.output_of(["pkg-config", "--cflags", "ns3-core", "ns3-internet"]))
    machine.output_of(["g++", "-std=c++17", "-O3", "-march=native", "-DNDEBUG", *flags, str(SOURCE), "-o", str(PROGRAM),
                       *(f"-lns3-{library}" for library in LIBRARIES)], timeout=300)


def ns3(**options):
    """One run of the ns-3 program; its JSON."""
    return json.loads(machine.output_of([str(PROGRAM), *(f"--{key}={value}" for key, value in options.items())],
                                        timeout=600))


def udp(seconds):
    """Options of ns-3 and overrides of tree_udp.yaml that make every host send for so long."""
    stop = round(seconds * 1e6)
    return ({"traffic": "udp", "seconds": seconds},
            [f"run.duration={stop + 2000}us", f'traffic[0].stop="{{{stop}+2*i-2}}us"'])


def tcp(segments):
    """The same for a transfer of so many segments."""
    return ({"traffic": "tcp", "transfer": segments * 1400}, [f"traffic[0].with.size={segments * 1400} B"])


def quickest(options):
    """Routing and event queue with which ns-3 is quickest, by the better of two short runs."""
    wall = {}
    for _ in range(2):
        for routing in ROUTINGS:
            for scheduler in SCHEDULERS:
                key = (routing, scheduler)
                wall[key] = min(wall.get(key, 1e9), ns3(routing=routing, scheduler=scheduler, **options)["wall_seconds"])
    return min(wall, key=wall.get)


def compare_traffic(name, what, kiriko_file, make, short, long, rounds):
    comparison = Comparison(name, what, "M/s", "ns-3", 80.0)
    try:
        compile_tree()
        short_options, _ = make(short)
        routing, scheduler = quickest(short_options)
        options, overrides = make(long)
        chosen = {"routing": routing, "scheduler": scheduler}
        counted = ns3(count=1, **chosen, **options)
        comparison.notes.append(f"ns-3 {machine.version_of('libns3-dev')}, {routing} routing, {scheduler}; "
                                f"{counted['packet_hops']:,} packet-hops, {counted['dropped']} dropped")
        idle = min(kiriko_side.run(kiriko_file, ["run.duration=210us"])["cpu_seconds"] for _ in range(3))
        by_cpu = []
        for round_number in range(rounds):
            peer = ns3(**chosen, **options)
            own = [kiriko_side.run(kiriko_file, overrides) for _ in range(3)]
            own.sort(key=lambda result: result["wall_seconds"])
            if round_number == 0:
                comparison.notes.append(f"Kiriko: {own[1]['packet_hops']:,} packet-hops, "
                                        f"{own[1]['sent'] - own[1]['received']} lost")
                check_equal(comparison, counted, own[1])
            by_cpu.append(peer["cpu_seconds"] / (min(result["cpu_seconds"] for result in own) - idle))
            comparison.add(own[1]["packet_hops"] / own[1]["wall_seconds"] / 1e6,
                           counted["packet_hops"] / peer["wall_seconds"] / 1e6)
        comparison.notes.append(f"by CPU time instead of wall time: {statistics.median(by_cpu):.3g}x (of the process, less that "
                                "of a run of 210 us)")
    except machine.Missing as reason:
        comparison.stop(reason)
    return comparison


def check_equal(comparison, counted, own):
    """Both must have carried the same; TCP has a handshake and an end in ns-3 alone."""
    difference = abs(counted["packet_hops"] - own["packet_hops"]) / own["packet_hops"]
    if difference > 0.03 or own["sent"] != own["received"] or counted["dropped"]:
        comparison.problem = f"not the same traffic: packet-hops differ by {difference:.1%}"


def compare(rounds, quick):
    return [
        compare_traffic("sim_vs_ns3", f"40 routers, {HOSTS} hosts, 20 Mbit/s of UDP in 500 B each: packet-hops a second",
                        "tree_udp.yaml", udp, 0.005, 0.05 if quick else 0.5, rounds),
        compare_traffic("sim_tcp_vs_ns3", f"the same tree, a TCP transfer from each of the {HOSTS} hosts", "tree_tcp.yaml",
                        tcp, 15, 100 if quick else 1000, rounds),
        compare_workers(rounds, 0.5 if quick else 3.0)]


def compare_workers(rounds, seconds):
    comparison = Comparison("workers_2_vs_1", "tree_udp.yaml with two workers beside one", "M/s", "1 worker", 1.7)
    try:
        _, overrides = udp(seconds)
        for _ in range(rounds):
            one, two = (kiriko_side.run("tree_udp.yaml", overrides, workers) for workers in (1, 2))
            comparison.add(two["packet_hops"] / two["wall_seconds"] / 1e6, one["packet_hops"] / one["wall_seconds"] / 1e6)
            if two["workers"] != 2:
                comparison.problem = "the graph was not cut into two parts"
    except machine.Missing as reason:
        comparison.stop(reason)
    return comparison
