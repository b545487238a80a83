# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of asked and got, printed as they come, and kept for the JSON file."""
import json
import os
import platform
import time

WIDTHS = (30, 10, 13, 13, 12, 12, 12)


def microseconds(ns):
    return f"{ns / 1e3:.2f} us" if abs(ns) < 1e6 else f"{ns / 1e6:.3f} ms"


def percent(share):
    return f"{share * 100:.3g} %"


def megabits(bits):
    return f"{bits / 1e6:.5g} Mbit/s"


def signed_percent(share):
    return f"{share * 100:+.2f} %"


class Table:
    def __init__(self, quiet=False):
        self.rows, self.quiet, self.began = [], quiet, time.monotonic()
        self.load_before = os.getloadavg()[0]

    def head(self):
        print(self._line(("what", "by", "asked", "got", "error p50", "p99", "p99.9"), "target"), flush=True)

    def _line(self, cells, last):
        return " ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS)) + " " + last

    def row(self, what, by, asked, got, errors=(), show=str, show_error=None, targets=(), **facts):
        """`targets`: (sentence, met) pairs. Errors are in the unit of `asked`, or None."""
        show_error = show_error or show
        cells = [what, by, "-" if asked is None else show(asked), "-" if got is None else show(got)]
        cells += [show_error(error) for error in errors] + ["-"] * (3 - len(errors))
        verdict = "; ".join(f"{sentence}: {'met' if met else 'MISSED'}" for sentence, met in targets)
        print(self._line(cells, verdict).rstrip(), flush=True)
        self.rows.append({"what": what, "by": by, "asked": asked, "got": got,
                          "error": dict(zip(("p50", "p99", "p99.9"), errors)),
                          "targets": [{"target": sentence, "met": bool(met)} for sentence, met in targets], **facts})

    def note(self, text):
        print(f"# {text}", flush=True)

    def machine(self):
        model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                      if line.startswith("model name")), "?")
        return {"kernel": platform.release(), "cpus": os.cpu_count(), "cpu": model,
                "load_before": self.load_before, "load_after": os.getloadavg()[0],
                "stolen_share": _stolen(), "seconds": time.monotonic() - self.began}

    def finish(self, file):
        targets = [target["met"] for row in self.rows for target in row["targets"]]
        machine = self.machine()
        self.note(f"{sum(targets)} of {len(targets)} targets met in {machine['seconds']:.0f} s; load {machine['load_before']:.1f} "
                  f"before, {machine['load_after']:.1f} after; {machine['stolen_share'] * 100:.2g} % of the CPU time since "
                  "boot went to other guests")
        if file:
            with open(file, "w", encoding="utf-8") as out:
                json.dump({"machine": machine, "rows": self.rows}, out, indent=1)
                out.write("\n")


def _stolen():
    with open("/proc/stat", encoding="ascii") as stat:
        times = [int(word) for word in stat.readline().split()[1:9]]
    return times[7] / max(1, sum(times))
