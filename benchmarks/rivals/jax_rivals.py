#!/usr/bin/env python3
"""JAX's gradients and derivative summaries: jax_rivals.py RIVAL MODEL DIRECTORY SECONDS GIGABYTES, one thread.

RIVAL is gradient, or a way to a summary: jvp (jvp of jvp of grad, unrolled over subsets), vmap (the same under vmap),
jet (H by jvp of grad under vmap, order3 by jax.experimental.jet). All are compiled by jit. Without arguments prints
version and the rate of a matrix product. Says one line of JSON a setting.
"""
import os
import sys
import time

# XLA makes as many threads as it may use processors when it starts: one.
processors = os.sched_getaffinity(0)
os.sched_setaffinity(0, {max(processors)})
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax.experimental.jet import jet  # noqa: E402

import case as cases  # noqa: E402
import models  # noqa: E402

jax.block_until_ready(jnp.zeros(1))
os.sched_setaffinity(0, processors)


class Ops:
    """The ops of models.py."""

    tanh, relu = staticmethod(jnp.tanh), staticmethod(jax.nn.relu)

    def __init__(self, windows):
        self.windows = windows

    @staticmethod
    def gelu(x):
        return jax.nn.gelu(x, approximate=False)

    @staticmethod
    def softmax(x):
        return jax.nn.softmax(x)

    @staticmethod
    def layer_norm(x, scale, shift):
        centred = x - x.mean(1, keepdims=True)
        return centred * jax.lax.rsqrt((centred * centred).mean(1, keepdims=True) + 1e-5) * scale + shift

    @staticmethod
    def elu(x):
        return jnp.where(x > 0, x, jnp.exp(jnp.where(x > 0, 0, x)) - 1)

    @staticmethod
    def dense(x, weight, bias):
        return x @ weight + bias

    @staticmethod
    def convolution(x, weight, bias, stride, padding):
        y = jax.lax.conv_general_dilated(x, weight, (stride, stride), [(padding, padding)] * 2)
        return y if bias is None else y + bias[:, None, None]

    def pool(self, x):
        if self.windows:
            return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        rows = jnp.maximum(x[:, :, 0::2], x[:, :, 1::2])
        return jnp.maximum(rows[:, :, :, 0::2], rows[:, :, :, 1::2])

    @staticmethod
    def batch_norm(x, scale, shift):
        centred = x - x.mean((0, 2, 3), keepdims=True)
        deviation = jax.lax.rsqrt((centred * centred).mean((0, 2, 3), keepdims=True) + 1e-5)
        return centred * (deviation * scale[:, None, None]) + shift[:, None, None]


def dots(gradients, direction):
    return jnp.stack([jnp.vdot(d, u) for d, u in zip(gradients, direction)])


def jvp_by_subset(loss, p, u, chunk):
    slopes, rows, order3 = [], [], []
    size = len(p)
    for s in range(size):

        def slopes_at(eta, s=s):
            own = [p[s] + eta * u[s]] + p[s + 1 :]
            return dots(jax.grad(lambda q: loss(p[:s] + q))(own), u[s:])

        (first, row), (_, bend) = jax.jvp(lambda eta: jax.jvp(slopes_at, (eta,), (1.0,)), (0.0,), (1.0,))
        slopes.append(first[0])
        rows.append(jnp.pad(row, (s, 0)))
        order3.append(bend[0])
    upper = jnp.stack(rows)
    return jnp.stack(slopes), upper + jnp.triu(upper, 1).T, jnp.stack(order3)


def moved(p, u, eta):
    return [a + eta[i] * v for i, (a, v) in enumerate(zip(p, u))]


def jvp_vmapped(loss, p, u, chunk):
    slopes_at = lambda eta: dots(jax.grad(loss)(moved(p, u, eta)), u)
    zeros = jnp.zeros(len(p))

    def along(e):
        (first, row), (_, bend) = jax.jvp(lambda eta: jax.jvp(slopes_at, (eta,), (e,)), (zeros,), (e,))
        return first, row, jnp.vdot(bend, e)

    first, rows, order3 = jax.lax.map(along, jnp.eye(len(p)), batch_size=chunk)
    return first[0], rows, order3


def by_jet(loss, p, u, chunk):
    slopes_at = lambda eta: dots(jax.grad(loss)(moved(p, u, eta)), u)
    zeros = jnp.zeros(len(p))

    def along(e):
        first, row = jax.jvp(slopes_at, (zeros,), (e,))
        _, terms = jet(lambda t: loss(moved(p, u, t * e)), (0.0,), ((1.0, 0.0, 0.0),))
        return first, row, terms[2]

    first, rows, order3 = jax.lax.map(along, jnp.eye(len(p)), batch_size=chunk)
    return first[0], rows, order3


def gradient(loss, p, u, chunk):
    return jax.grad(loss)(p)


WAYS = {"gradient": gradient, "jvp": jvp_by_subset, "vmap": jvp_vmapped, "jet": by_jet}


def rival(case, way, micro, chunk, windows):
    """A call that returns the numbers, summed over micro-batches, as arrays."""
    ops = Ops(windows)
    p, u = [jnp.array(t) for t in case.parameters], [jnp.array(t) for t in case.direction]
    cut = range(0, len(case.y), micro)
    batches = [(jnp.array(case.x[i : i + micro]), jnp.array(case.y[i : i + micro])) for i in cut]

    @jax.jit
    def compute(p, u, x, y):
        def loss(q):
            z = models.forward(ops, case.model, q, x)
            z = z - jax.lax.stop_gradient(z.max(1, keepdims=True))
            return (jnp.log(jnp.exp(z).sum(1)) - jnp.take_along_axis(z, y[:, None], 1)[:, 0]).sum()

        return WAYS[way](loss, p, u, chunk)

    def call():
        total = None
        for x, y in batches:
            part = compute(p, u, x, y)
            total = part if total is None else [a + b for a, b in zip(total, part)]
        return jax.block_until_ready(total)

    return call


def settings(case, way):
    """What is tried: rows at once, subsets at once, how the pooling of a gradient is written."""
    rows, subsets = len(case.y), len(case.parameters)
    micros = [rows] if rows <= 100 or models.mixes_rows(case.model) else [rows, rows // 10]
    chunks = [None] if way in ("gradient", "jvp") else sorted({1, min(subsets, 8), subsets})
    windows = [False, True] if way == "gradient" and models.kind(case.model) in ("lenet", "vgg11") else [False]
    return [(m, c, w) for c in chunks for m in micros for w in windows]


def main():
    if len(sys.argv) == 1:
        a = jnp.full((1024, 1024), 0.5)
        product, times = jax.jit(lambda a: a @ a), []
        for _ in range(20):
            before = time.perf_counter()
            jax.block_until_ready(product(a))
            times.append(time.perf_counter() - before)
        print("jax=%s blas='XLA on the CPU' matmul_gflops=%.0f" % (jax.__version__, 2 * 1024**3 / min(times) / 1e9))
        return
    way, model, directory, seconds, gigabytes = sys.argv[1:]
    cases.limit_memory(float(gigabytes))
    case = cases.Case(model, directory)
    quantity = "gradient" if way == "gradient" else "summary"
    for micro, chunk, windows in settings(case, way):
        setting = {"rows": micro} | ({"subsets": chunk} if chunk else {}) | ({"pool": "window"} if windows else {})
        make = lambda: rival(case, way, micro, chunk, windows)
        cases.measure(case, quantity, setting, make, float(seconds))


if __name__ == "__main__":
    main()
