# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Comparison: Kiriko's samples beside a peer's, taken in the same rounds; the table and the JSON of all of them."""
import dataclasses
import statistics

import machine


def spread(samples):
    """(largest - smallest) / median"""
    return (max(samples) - min(samples)) / statistics.median(samples)


@dataclasses.dataclass
class Comparison:
    name: str
    what: str
    unit: str  # of the samples
    peer: str  # who is measured beside Kiriko
    target: float
    smaller_is_better: bool = False
    of_ratio: bool = True  # else the target is one of Kiriko's own figure
    kiriko_samples: list = dataclasses.field(default_factory=list)
    peer_samples: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)
    problem: str = ""  # why it could not be measured, or not fully
    failed: bool = False  # and that was Kiriko's fault

    def add(self, kiriko_sample, peer_sample):
        self.kiriko_samples.append(kiriko_sample)
        self.peer_samples.append(peer_sample)

    def stop(self, reason):
        """reason: the Missing that ended the measurement early."""
        self.problem, self.failed = str(reason), isinstance(reason, machine.KirikoFailed)

    def ratios(self):
        """How many times better Kiriko is, round by round."""
        pairs = [(k, p) for k, p in zip(self.kiriko_samples, self.peer_samples) if k and p]
        return [p / k if self.smaller_is_better else k / p for k, p in pairs]

    def ratio(self):
        return statistics.median(self.ratios()) if self.ratios() else None

    def best_ratio(self):
        """That of the best sample of each side, which a neighbour on the machine disturbs least; None without samples."""
        peer = [p for p in self.peer_samples if p]
        if not peer or not self.kiriko_samples:
            return None
        return min(peer) / min(self.kiriko_samples) if self.smaller_is_better else max(self.kiriko_samples) / max(peer)

    def ratio_name(self):
        return self.name if self.of_ratio else f"{self.name}_vs_{self.peer.lower()}"

    def judged(self):
        """The figure that the target is about; None without samples."""
        if self.of_ratio:
            return self.ratio()
        return statistics.median(self.kiriko_samples) if self.kiriko_samples else None

    def met(self):
        figure = self.judged()
        if figure is None:
            return None
        return figure <= self.target if self.smaller_is_better and not self.of_ratio else figure >= self.target

    def as_json(self):
        out = {"name": self.name, "what": self.what, "unit": self.unit, "peer": self.peer, "target": self.target,
               "notes": self.notes, "problem": self.problem}
        for side, samples in (("kiriko", self.kiriko_samples), ("peer", [p for p in self.peer_samples if p])):
            if samples:
                out["peer_figures" if side == "peer" else side] = {
                    "median": statistics.median(samples), "spread": spread(samples), "samples": samples}
        if self.ratios():
            out["ratio"] = {"median": self.ratio(), "spread": spread(self.ratios()), "best": self.best_ratio(),
                            "samples": self.ratios()}
        if self.met() is not None:
            out["target_met"] = self.met()
        return out


def figure_text(samples, unit):
    if not samples:
        return "-"
    median = statistics.median(samples)
    return f"{median:.3g} {unit} ±{spread(samples) * 50:.0f} %"


def print_table(comparisons):
    """One line a comparison; ± is half the spread, "bests'" the ratio of the best sample of each side."""
    line = "{:<20} {:<10} {:>18} {:>18} {:>7} {:>7} {:>7} {:<7}"
    print(line.format("comparison", "peer", "Kiriko", "peer's", "ratio", "bests'", "target", ""))
    for c in comparisons:
        ratio = "-" if c.ratio() is None else f"{c.ratio():.3g}x"
        best = "-" if c.best_ratio() is None else f"{c.best_ratio():.3g}x"
        target = f"{c.target:g}x" if c.of_ratio else f"{c.target:g} {c.unit}"
        verdict = {True: "met", False: "MISSED", None: "-"}[c.met()]
        print(line.format(c.name, c.peer, figure_text(c.kiriko_samples, c.unit),
                          figure_text([p for p in c.peer_samples if p], c.unit), ratio, best, target, verdict))
    print()
    for c in comparisons:
        print(f"{c.name}: {c.what}")
        for note in c.notes + ([c.problem] if c.problem else []):
            print(f"    {note}")
