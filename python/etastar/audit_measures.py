"""When a change of rates is supported by what was measured."""

import copy
import math

import numpy

FRACTIONS = [0.5**power for power in range(7)]
# Factors nearer to 1 than this are not worth a change: they are in the noise of short runs.
LEAST = 3.0
# Changes of tensors that stand still, which is odd enough: that they end lower after twice the steps will do.
MOVED = ("thaw", "unfreeze")
# What is tried, in this order, and in which part of the steps it must reach the loss of the rates before it: layers differ a little in
# any network. What has requires_grad False comes last, as other rates are not to rest on it.
SOONER = {"thaw": 1.0, "group": 0.8, "all": 0.8, "layer": 0.5, "unfreeze": 1.0}
# Measurements that the loss at the end is the mean of.
LAST = 3


def outside(factors):
    """Those that change a rate by enough to be worth it."""
    return [float(factor) for factor in factors if 1e-12 < factor < 1 / LEAST or LEAST < factor < 1e12]


def ratio(own, rest):
    """Quartiles of the quotients."""
    quotients = numpy.clip(own, 1e-12, 1e12) / numpy.clip(rest, 1e-12, 1e12)
    return [float(value) for value in numpy.percentile(quotients, [25, 50, 75])]


def rescaled(of, factors):
    """Slopes for other rates: steps are in proportion to them."""
    by = numpy.array([factors.get(name, 1.0) for name in of.names])
    changed = copy.copy(of)
    changed.g, changed.H, changed.order3 = of.g * by, of.H * numpy.outer(by, by), of.order3 * by**3
    return changed


def final(losses):
    """The loss at the end, of the last measurements."""
    return float(losses[-LAST:].mean())


def part(run, before):
    """After what part of its steps a run is at or below the loss that another one of its length ends with; 1 if never."""
    reached = numpy.flatnonzero(run["losses"] <= final(before["losses"]))
    return float(reached[0]) / (len(run["losses"]) - 1) if len(reached) else 1.0


def traced(trace):
    """Losses by measurement, and those of each batch at the end, of a trace [measurements, batches]."""
    return {"losses": trace.mean(axis=1), "last": trace[-LAST:].mean(axis=0)}


def lower(run, before):
    """Whether a run ends lower than another one of its length on other rows: on average, and on three batches of four."""
    if not math.isfinite(final(run["losses"])):
        return False
    if not math.isfinite(final(before["losses"])):
        return True
    return bool(numpy.percentile(run["last"] - before["last"], 75) < 0 and final(run["losses"]) < final(before["losses"]))


def supported(run, before):
    """Whether a run is better than another one: it ends lower, and is at that one's last loss sooner."""
    return lower(run, before) and (not math.isfinite(final(before["losses"])) or part(run, before) <= SOONER[run["change"]])
