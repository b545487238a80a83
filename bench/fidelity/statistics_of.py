# SPDX-FileCopyrightText: Kiriko contributors
# SPDX-License-Identifier: Apache-2.0
"""Quantiles, spreads, the distributions that jitter is asked for, and confidence intervals."""
import math
import statistics

Z99 = 2.5758
PARETO_SHAPE, PARETO_MEAN, PARETO_DEVIATION = 3.0, 1.5, math.sqrt(0.75)


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def quantiles(values):
    """p50, p99, p99.9."""
    ordered = sorted(values)
    return [quantile(ordered, share) for share in (0.5, 0.99, 0.999)]


def normal(share):
    return max(-4.0, min(4.0, statistics.NormalDist().inv_cdf(share)))


def pareto(share):
    """Of mean 0 and standard deviation 1."""
    return ((1 - share) ** (-1 / PARETO_SHAPE) - PARETO_MEAN) / PARETO_DEVIATION


def cut_deviation(values, cut):
    """Standard deviation of what lies below the quantile 1 - cut."""
    ordered = sorted(values)
    return statistics.pstdev(ordered[: len(ordered) - int(cut * len(ordered))])


def cut_deviation_asked(inverse, cut, steps=200_000):
    return statistics.pstdev(inverse((i + 0.5) / steps * (1 - cut)) for i in range(steps))


def median_of_tenths(values, figure):
    """A stall of the machine spoils a tenth of the run, not the figure."""
    size = len(values) // 10
    return statistics.median(figure(values[i * size:(i + 1) * size]) for i in range(10))


def half_width(share, count, correlation=0.0):
    """Of the 99 % confidence interval of a measured share; `correlation` between neighbouring packets' fates."""
    return Z99 * math.sqrt(share * (1 - share) / count * (1 + correlation) / (1 - correlation))
