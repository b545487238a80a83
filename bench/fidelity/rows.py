# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of each shaper, and how what it did is judged."""
import statistics

import shapers
import statistics_of
from probes import HEADERS, probe, tcp
from table import signed_percent, megabits, microseconds, percent

MS = 1_000_000
UDP_SIZE = 1500
TCP_SHARE = 1448 / (1500 + HEADERS)  # of the octets of a full frame, TCP's payload
JITTER_DELAY, JITTER = 10 * MS, 2 * MS
DUTIES = ("delay", "jitter", "loss", "reorder", "duplicate", "rate", "idle")


class Plan:
    def __init__(self, quick, devices, has_netem, table):
        self.quick, self.devices, self.has_netem, self.table = quick, devices, has_netem, table
        self.floor = None  # median RTT of the plain pair, ns

    def pick(self, quick, full):
        return quick if self.quick else full


def lateness_targets(lateness):
    if lateness is None:
        return []
    return [(f"late p50 {microseconds(lateness['p50'])} <= 0.5 us", lateness["p50"] <= 500),
            (f"p99 {microseconds(lateness['p99'])} <= 50 us", lateness["p99"] <= 50_000)]


def _both_ways(plan, by, shaper_made, delay_ns):
    """One-way delay, then the RTT of echo requests that the other side's kernel answers."""
    count = plan.pick(500, 3000)
    with shaper_made as shaper:
        one = probe("one-way", shaper, count, 1000, linger=0.2 + 2e-9 * delay_ns)
        echo = probe("echo", shaper, count, 1000, linger=0.2 + 4e-9 * delay_ns)
    return shaper, one, echo


def delay_rows(plan):
    table = plan.table
    _, one, echo = _both_ways(plan, "veth", shapers.plain(), 0)
    plan.floor = statistics.median(echo.delays())
    table.row("one-way delay, nothing between", "veth", None, statistics.median(one.delays()),
              statistics_of.quantiles(one.delays()), microseconds)
    table.row("RTT, nothing between", "veth", None, plan.floor, statistics_of.quantiles(echo.delays()), microseconds)
    for delay_ms in plan.pick((10,), (0, 0.1, 1, 10, 100)):
        delay = delay_ms * MS
        shaped = [(device, shapers.kiriko(device, delay)) for device in plan.devices]
        if plan.has_netem:
            shaped.append(("netem", shapers.netem(f"delay {round(delay / 1000)}us")))
        for by, made in shaped:
            shaper, one, echo = _both_ways(plan, by, made, delay)
            errors = [got - delay for got in one.delays()]
            table.row(f"one-way delay {delay_ms:g} ms", by, delay, statistics.median(one.delays()),
                      statistics_of.quantiles(errors), microseconds, targets=lateness_targets(shaper.lateness),
                      lost=one.lost(), lateness_ns=shaper.lateness)
            # netem delays one direction.
            asked = delay * (1 if by == "netem" else 2)
            added = statistics.median(echo.delays()) - asked - plan.floor
            table.row(f"RTT {delay_ms:g} ms each way", by, asked, statistics.median(echo.delays()),
                      statistics_of.quantiles([got - asked for got in echo.delays()]), microseconds,
                      targets=[(f"added {microseconds(added)} <= 30 us", added <= 30_000)] if by == "af_xdp" else [],
                      lost=echo.lost(), added_ns=added)


def jitter_rows(plan):
    # Pareto's fourth moment is infinite: the sample's deviation settles only without the last thousandth, and slowly: with
    # 50,000 packets its median of tenths is right to 1.8 % (one sigma), with 400,000 to 0.6 %.
    for distribution, inverse, cut, count, rate in (("normal", statistics_of.normal, 0, 50_000, 5000),
                                                    ("pareto", statistics_of.pareto, 0.001, 400_000, 20_000)):
        unit = statistics_of.cut_deviation_asked(inverse, cut)
        words = f"jitter: {{deviation: {JITTER}ns, distribution: {distribution}}}"
        shaped = [(device, shapers.kiriko(device, JITTER_DELAY, words)) for device in plan.devices]
        if plan.has_netem:
            shaped.append(("netem", shapers.netem(f"delay 10ms 2ms distribution {distribution}")))
        for by, made in shaped:
            with made as shaper:
                delays = probe("one-way", shaper, plan.pick(5000, count), rate).delays()
            asked = unit * JITTER
            got = statistics_of.median_of_tenths(delays, lambda part, c=cut: statistics_of.cut_deviation(part, c))
            ordered = sorted(delays)
            errors = [statistics_of.quantile(ordered, share) - JITTER_DELAY - inverse(share) * JITTER
                      for share in (0.5, 0.99, 0.999)]
            off = got / asked - 1
            plan.table.row(f"jitter {distribution}, deviation" + (" of 99.9 %" if cut else ""), by, asked, got, errors,
                           microseconds, targets=[(f"{signed_percent(off)} within 2 %", abs(off) <= 0.02)],
                           deviation_of_all_ns=statistics.pstdev(delays), lateness_ns=shaper.lateness)


def _share_row(plan, what, by, asked, hits, count, correlation=0.0, **facts):
    got = hits / count
    half = statistics_of.half_width(asked, count, correlation)
    plan.table.row(what, by, asked, got, (), percent,
                   targets=[(f"within {percent(asked)} +- {percent(half)}", abs(got - asked) <= half)], packets=count, **facts)


def loss_rows(plan):
    count = plan.pick(20_000, 50_000)
    for share in plan.pick((0.01,), (0.001, 0.01, 0.1)):
        shaped = [(device, shapers.kiriko(device, 0, f"loss: {share}")) for device in plan.devices]
        if plan.has_netem:
            shaped.append(("netem", shapers.netem(f"loss {share * 100}%")))
        for by, made in shaped:
            with made as shaper:
                seen = probe("one-way", shaper, count, 10_000)
            _share_row(plan, f"loss {share * 100:g} %", by, share, seen.lost(), count)
    p, r, bad = 0.01, 0.25, 0.8
    words = f"gemodel: {{p: {p}, r: {r}, loss_bad: {bad}}}"
    shaped = [(device, shapers.kiriko(device, 0, words)) for device in plan.devices]
    if plan.has_netem:
        shaped.append(("netem", shapers.netem("loss gemodel 1% 25% 80% 0%")))
    in_bad = p / (p + r)
    loss = in_bad * bad
    # Neighbouring losses: covariance bad^2 in_bad (1 - in_bad) rho, falling off by rho = 1 - p - r a packet.
    rho = 1 - p - r
    inflation = 1 + 2 * bad ** 2 * in_bad * (1 - in_bad) * rho / (1 - rho) / (loss * (1 - loss))
    burst = 1 / (1 - (1 - r) * bad)
    for by, made in shaped:
        with made as shaper:
            seen = probe("one-way", shaper, count, 10_000)
        _share_row(plan, "loss Gilbert-Elliott", by, loss, seen.lost(), count, (inflation - 1) / (inflation + 1))
        bursts = seen.loss_bursts()
        got = statistics.fmean(bursts) if bursts else 0
        half = statistics_of.Z99 * (burst * (burst - 1)) ** 0.5 / max(1, len(bursts)) ** 0.5
        plan.table.row("  its mean burst, packets", by, burst, got, (), lambda x: f"{x:.3f}",
                       targets=[(f"within {burst:.3f} +- {half:.3f}", abs(got - burst) <= half)])


def reorder_rows(plan):
    share, count = 0.05, plan.pick(5000, 30_000)
    shaped = [(device, shapers.kiriko(device, 10 * MS, f"reorder: {share}")) for device in plan.devices]
    if plan.has_netem:
        shaped.append(("netem", shapers.netem("delay 10ms reorder 5%")))
    for by, made in shaped:
        with made as shaper:
            seen = probe("one-way", shaper, count, 5000)
        early = sum(delay < 5 * MS for delay in seen.delays())
        _share_row(plan, "reordering, sent at once", by, share, early, count, reordered_rfc4737=seen.reordered() / count)


def duplicate_rows(plan):
    share, count = 0.02, plan.pick(10_000, 50_000)
    shaped = [(device, shapers.kiriko(device, 0, f"duplicate: {share}")) for device in plan.devices]
    if plan.has_netem:
        shaped.append(("netem", shapers.netem(f"duplicate {share * 100}%")))
    for by, made in shaped:
        with made as shaper:
            seen = probe("one-way", shaper, count, 10_000)
        _share_row(plan, "duplication", by, share, seen.copies(), count, lost=seen.lost())


def rate_rows(plan):
    for megabit in plan.pick((100,), (1, 10, 100, 1000, 2000)):
        bits = megabit * 1_000_000
        frames = bits / 8 / (UDP_SIZE + HEADERS)
        seconds = plan.pick(1.5, max(2, 600 / frames))
        shaped = [lambda d=device: shapers.kiriko(d, 0, f"rate: {bits}bit/s") for device in plan.devices]
        shaped += [lambda make=make: make(bits) for kind, make in (("tbf", shapers.tbf), ("htb", shapers.htb))
                   if shapers.kernel_has(kind)]
        if plan.has_netem:
            shaped.append(lambda: shapers.netem(f"rate {bits}bit"))
        for make in shaped:
            with make() as shaper:
                seen = probe("one-way", shaper, round(1.25 * frames * seconds), 1.25 * frames, UDP_SIZE, linger=0.5)
                carried = tcp(shaper, *plan.pick((1, 1), (4, 1)))
            got, windows = seen.rates(UDP_SIZE + HEADERS)
            errors = statistics_of.quantiles(abs(window / bits - 1) for window in windows)
            plan.table.row(f"rate {megabit} Mbit/s, UDP frames", shaper.name, bits, got, errors, megabits, signed_percent,
                           targets=[(f"{signed_percent(got / bits - 1)} within 0.5 %", abs(got / bits - 1) <= 0.005)],
                           lateness_ns=shaper.lateness)
            asked = bits * TCP_SHARE
            plan.table.row(f"rate {megabit} Mbit/s, TCP payload", shaper.name, asked, carried, (), megabits,
                           targets=[(f"{signed_percent(carried / asked - 1)} within 0.5 %", abs(carried / asked - 1) <= 0.005)],
                           lateness_ns=shaper.lateness)
    for make in [shapers.plain] + [lambda d=device: shapers.kiriko(d) for device in plan.devices]:
        with make() as shaper:
            carried = tcp(shaper, *plan.pick((1, 1), (4, 1)))
        plan.table.row("no rate asked, TCP payload", shaper.name, None, carried, (), megabits, lateness_ns=shaper.lateness)


def idle_rows(plan):
    for device in plan.devices:
        with shapers.kiriko(device) as shaper:
            share = shapers.idle_share(shaper, plan.pick(2, 5))
        plan.table.row("share of a core when idle", device, 0, share, (), percent,
                       targets=[("< 5 %", share < 0.05)])


ROWS = {"delay": delay_rows, "jitter": jitter_rows, "loss": loss_rows, "reorder": reorder_rows,
        "duplicate": duplicate_rows, "rate": rate_rows, "idle": idle_rows}
