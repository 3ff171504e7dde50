"""Fits the model of docs/scaling.md to the figures of benchmarks/cluster.sh: fit_scaling.py [CSV]

For each master and kind of pass, what a pass takes beyond compute is a + b tasks + c P + d P tasks + e where sums are merged on
executors, all of them at least 0, by least squares of relative errors. Prints coefficients and errors as lines of key=value, then what a gradient pass on 100
executors is to take beyond compute, with the coefficients of the largest standalone cluster. Needs numpy.
"""

import csv
import itertools
import sys

import numpy


EXECUTORS = 100
NETWORK_BYTES_PER_S = 10e9 / 8
FLOAT, DOUBLE = 4, 8
# Sums that reach the driver in a tree of depth 2 over 100 tasks: groups of 16, the power of 2 from sqrt(100) on.
RESULTS = 7
# Bytes of sums from which on they are merged on executors, io.etastar.spark.pass.Aggregation's default.
DIRECT_BYTES = 64 << 20
COLUMNS = 5
# theta, the mean gradient and two moments of Adam.
DRIVER_VECTORS = 4


def rows(path):
    with open(path, newline="") as lines:
        for line in csv.DictReader(lines):
            yield {key: value if key in ("master", "kind") else float(value) for key, value in line.items()}


def terms(p, tasks, gradient):
    """Columns of the model, P in millions, for arrays of P and tasks."""
    merged = (tasks > 2) & (FLOAT * p * tasks > DIRECT_BYTES) & gradient
    # Where all large P are merged, what they cost cannot be told from what merging costs.
    merged = merged & (p[~merged].max() >= p[merged].max()) if merged.any() and not merged.all() else merged & False
    return numpy.stack([numpy.ones_like(p), tasks, p / 1e6, p / 1e6 * tasks, merged], axis=1)


def fit(cases):
    """Coefficients >= 0 in ms, and the relative error of each case; exact: the best of all subsets of the columns."""
    p = numpy.array([case["P"] for case in cases])
    tasks = numpy.array([case["shards"] for case in cases])
    found = numpy.array([case["total_ms"] - case["compute_ms"] - case["solve_ms"] for case in cases])
    columns = terms(p, tasks, cases[0]["kind"] == "gradient") / found[:, None]
    best = None
    for kept in itertools.chain.from_iterable(itertools.combinations(range(COLUMNS), n) for n in range(1, COLUMNS + 1)):
        part = columns[:, list(kept)]
        solved = numpy.linalg.lstsq(part, numpy.ones(len(cases)), rcond=None)[0]
        if (solved < 0).any():
            continue
        error = part @ solved - 1
        if best is None or (error**2).sum() < (best[1] ** 2).sum():
            coefficients = numpy.zeros(COLUMNS)
            coefficients[list(kept)] = solved
            best = coefficients, error
    return best


def groups(cases):
    key = lambda case: (case["master"], case["kind"])
    return itertools.groupby(sorted(cases, key=key), key)


def predict(p, a, b, c, d, e):
    """One line for P = p: software as measured on one machine, wire time of the driver's network, memory of its arrays."""
    software = (a + e + b * EXECUTORS + (c + d * RESULTS) * p / 1e6) / 1e3
    out = FLOAT * p / NETWORK_BYTES_PER_S
    memory = p * (DRIVER_VECTORS * DOUBLE + (2 + RESULTS) * FLOAT)
    sharded = 2 * out * (EXECUTORS - 1) / EXECUTORS
    return (
        f"predict executors={EXECUTORS} P={p:.0e} software_s={software:.3g} theta_out_s={out:.3g} "
        f"results_in_s={out * RESULTS:.3g} driver_gb={memory / 1e9:.3g} results_gb={p * FLOAT * RESULTS / 1e9:.3g} "
        f"sharded_wire_s={sharded:.3g}"
    )


def slots(master):
    """Workers of a standalone cluster, 0 of a local master."""
    return int(master[len("standalone[") : -1]) if master.startswith("standalone[") else 0


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "docs/scaling-figures.csv"
    largest = None
    for (master, kind), cases in groups(rows(path)):
        cases = list(cases)
        if len(cases) < COLUMNS + 1:
            print(f"skipped {master} {kind}: {len(cases)} cases, expected at least {COLUMNS + 1}", file=sys.stderr)
            continue
        (a, b, c, d, e), error = fit(cases)
        print(
            f"fit master={master} kind={kind} cases={len(cases)} a_ms={a:.3g} b_ms_per_task={b:.3g} "
            f"c_ms_per_million={c:.3g} d_ms_per_million_and_task={d:.3g} e_ms={e:.3g} "
            f"median_error={numpy.median(abs(error)):.2f}"
        )
        if kind == "gradient" and (largest is None or slots(master) > largest[0]):
            largest = slots(master), (a, b, c, d, e)
    for p in (1e6, 1e7, 1e8, 1e9):
        if largest:
            print(predict(p, *largest[1]))


if __name__ == "__main__":
    main()
