#!/usr/bin/env python3
"""PyTorch's gradients and derivative summaries: torch_rivals.py RIVAL MODEL DIRECTORY SECONDS GIGABYTES, one thread.

RIVAL is gradient, or a way to a summary: backward (a reverse pass a subset), batched (is_grads_batched), jvp (jvp of
jvp of grad, a subset after the other), vmap (the same under vmap); with "+compile" behind it the whole computation goes
through Inductor. Without arguments prints version, BLAS and the rate of a matrix product. Says one line of JSON a
setting.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch.func import grad, jvp, vmap

import case as cases
import models


ON = {"device": cases.DEVICE}


class Ops:
    """The ops of models.py."""

    tanh, elu, relu, gelu = (staticmethod(f) for f in (torch.tanh, F.elu, F.relu, F.gelu))

    def __init__(self, native_norm):
        self.native_norm = native_norm

    @staticmethod
    def dense(x, weight, bias):
        return torch.addmm(bias, x, weight)

    @staticmethod
    def convolution(x, weight, bias, stride, padding):
        return F.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def pool(x):
        return F.max_pool2d(x, 2)

    @staticmethod
    def softmax(x):
        return torch.softmax(x, -1)

    @staticmethod
    def layer_norm(x, scale, shift):
        return F.layer_norm(x, scale.shape, scale, shift)

    def batch_norm(self, x, scale, shift):
        if self.native_norm:
            return F.batch_norm(x, None, None, scale, shift, True)
        centred = x - x.mean((0, 2, 3), keepdim=True)
        deviation = torch.rsqrt((centred * centred).mean((0, 2, 3), keepdim=True) + 1e-5)
        return centred * (deviation * scale[:, None, None]) + shift[:, None, None]


def dots(gradients, direction):
    return [(d * u).sum() if d is not None else torch.zeros((), **ON) for d, u in zip(gradients, direction)]


def backward(loss, p, u):
    """Reverse over reverse over reverse, a pass a subset; H is symmetric, so row s starts at its diagonal."""
    slopes = dots(torch.autograd.grad(loss(p), p, create_graph=True), u)
    rows, order3 = [], []
    for s in range(len(p)):
        second = torch.autograd.grad(slopes[s], p[s:], create_graph=True, allow_unused=True)
        terms = dots(second, u[s:])
        order3 += dots(torch.autograd.grad(terms[0], p[s : s + 1], retain_graph=True, allow_unused=True), u[s : s + 1])
        rows.append(torch.stack(terms).detach())
    return torch.stack(slopes), mirrored(rows), torch.stack(order3)


def batched(loss, p, u, chunk):
    """Gradients of several subsets' slopes at once."""
    slopes = torch.stack(dots(torch.autograd.grad(loss(p), p, create_graph=True), u))
    rows, order3 = [], []
    for part in torch.eye(len(p), **ON).split(chunk):
        second = torch.autograd.grad(slopes, p, part, create_graph=True, is_grads_batched=True)
        rows.append(torch.stack([torch.einsum("kn,n->k", d.flatten(1), v.flatten()) for d, v in zip(second, u)], 1))
        own = (rows[-1] * part).sum(1)
        third = torch.autograd.grad(own, p, torch.eye(len(part), **ON), retain_graph=True, is_grads_batched=True)
        full = torch.stack([torch.einsum("kn,n->k", d.flatten(1), v.flatten()) for d, v in zip(third, u)], 1)
        order3.append((full * part).sum(1))
        rows[-1] = rows[-1].detach()
    return slopes, torch.cat(rows), torch.cat(order3)


def jvp_by_subset(loss, p, u):
    """Two forward derivatives in a subset's rate of the slopes of this subset and those behind it."""
    zero, one = torch.zeros((), **ON), torch.ones((), **ON)
    slopes, rows, order3 = [], [], []
    for s in range(len(p)):

        def slopes_at(eta, s=s):
            own = [p[s] + eta * u[s]] + p[s + 1 :]
            return torch.stack(dots(grad(lambda q: loss(p[:s] + q))(own), u[s:]))

        (first, row), (_, bend) = jvp(lambda eta: jvp(slopes_at, (eta,), (one,)), (zero,), (one,))
        slopes.append(first[0])
        rows.append(row)
        order3.append(bend[0])
    return torch.stack(slopes), mirrored(rows), torch.stack(order3)


def jvp_vmapped(loss, p, u, chunk):
    """Two forward derivatives of all slopes along each subset's rate, several subsets at once."""
    zeros = torch.zeros(len(p), **ON)

    def slopes_at(eta):
        moved = [a + eta[i] * v for i, (a, v) in enumerate(zip(p, u))]
        return torch.stack(dots(grad(loss)(moved), u))

    def along(e):
        (first, row), (_, bend) = jvp(lambda eta: jvp(slopes_at, (eta,), (e,)), (zeros,), (e,))
        return first, row, (bend * e).sum()

    first, rows, order3 = vmap(along, chunk_size=chunk)(torch.eye(len(p), **ON))
    return first[0], rows, order3


def mirrored(rows):
    size = len(rows)
    upper = torch.stack([F.pad(row, (size - len(row), 0)) for row in rows])
    return upper + upper.triu(1).T


def gradient(loss, p, u):
    return torch.autograd.grad(loss(p), p)


WAYS = {"gradient": gradient, "backward": backward, "batched": batched, "jvp": jvp_by_subset, "vmap": jvp_vmapped}
FORWARD = ("jvp", "vmap")


def rival(case, way, compiled, micro, chunk, native_norm, channels_last):
    """A call that returns the numbers, summed over micro-batches, as arrays."""
    ops = Ops(native_norm)
    leaves = [torch.tensor(t, **ON) for t in case.parameters]
    u = [torch.tensor(t, **ON) for t in case.direction]
    xs, ys = torch.tensor(case.x, **ON).split(micro), torch.tensor(case.y, **ON).split(micro)
    if channels_last:
        xs = [x.reshape(-1, 3, 32, 32).contiguous(memory_format=torch.channels_last) for x in xs]
        leaves = [t.contiguous(memory_format=torch.channels_last) if t.dim() == 4 else t for t in leaves]
    more = () if chunk is None else (chunk,)

    def compute(p, u, x, y):
        p = list(p) if way in FORWARD else [t.detach().requires_grad_() for t in p]
        loss = lambda q: F.cross_entropy(models.forward(ops, case.model, q, x), y, reduction="sum")
        return tuple(t.detach() for t in WAYS[way](loss, p, list(u), *more))

    function = compute
    if compiled:
        from torch._inductor import compile as inductor
        from torch.fx.experimental.proxy_tensor import make_fx

        graph = make_fx(lambda *flat: compute(flat[: len(leaves)], flat[len(leaves) : -2], flat[-2], flat[-1]))(
            *leaves, *u, xs[0], ys[0]
        )
        module = inductor(graph, [*leaves, *u, xs[0], ys[0]])
        function = lambda p, u, x, y: module(*p, *u, x, y)

    def call():
        total = None
        for x, y in zip(xs, ys):
            part = function(leaves, u, x, y)
            total = part if total is None else [a + b for a, b in zip(total, part)]
        return [t.cpu().numpy() for t in total]

    return call


def settings(case, way, compiled):
    """What is tried: rows at once, subsets at once, layout of images."""
    rows, subsets = len(case.y), len(case.parameters)
    micros = [rows] if rows <= 100 or models.mixes_rows(case.model) else [rows, rows // 10]
    chunks = [None] if way not in ("batched", "vmap") else sorted({min(subsets, 8), subsets})
    layouts = [False, True] if models.convolutional(case.model) and not compiled else [False]
    return [(m, c, last) for c in chunks for m in micros for last in layouts]


def blas():
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    math = ", ".join(line.split(" Product")[0].split(" (Git")[0] for line in lines if line.startswith("Intel(R)"))
    return math + ", " + next((line for line in lines if "CPU capability" in line), "")


def matmul_gflops():
    a = torch.full((1024, 1024), 0.5)
    times = []
    for _ in range(20):
        before = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - before)
    return 2 * 1024**3 / min(times) / 1e9


def main():
    torch.set_num_threads(1)
    torch.backends.cudnn.allow_tf32 = False  # single precision, as ours
    if len(sys.argv) == 1:
        print("torch=%s blas='%s' matmul_gflops=%.0f" % (torch.__version__, blas(), matmul_gflops()))
        return
    name, model, directory, seconds, gigabytes = sys.argv[1:]
    way, _, compiled = name.partition("+")
    cases.limit_memory(float(gigabytes))
    case = cases.Case(model, directory)
    quantity = "gradient" if way == "gradient" else "summary"
    for micro, chunk, last in settings(case, way, compiled):
        native = way == "gradient"  # the built-in batch norm has no third derivatives: for summaries it is written out
        setting = {"rows": micro} | ({"subsets": chunk} if chunk else {}) | ({"layout": "nhwc"} if last else {})
        make = lambda: rival(case, way, bool(compiled), micro, chunk, native, last)
        cases.measure(case, quantity, setting, make, float(seconds))


if __name__ == "__main__":
    main()
