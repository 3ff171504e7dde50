#!/usr/bin/python3
"""Runs of LODO (arXiv 2210.06171, algorithm 1) with the hypergradient by autograd in float64: the oracle of LodoOracleTest.

    src/test/oracle/lodo.py      # rewrites src/test/resources/oracle-lodo/runs.json

G is built as dense matrices, so that nothing is shared with a layer-by-layer way of computing it. Permutations, blocks and
weights are drawn as java.util.Random does from the run's seed. The loss of step t is sum_i (i+1)/2 (x_i - sin(t+i))^2 + x_i^4/20.
"""
import json
import math
import pathlib

import torch

torch.set_default_dtype(torch.float64)
OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "oracle-lodo" / "runs.json"
STEPS, SIZE, ALPHA, BETA = 12, 5, 0.1, 0.6


class JavaRandom:
    """The generator that java.util.Random's documentation specifies."""

    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
        self.spare = None

    def bits(self, count):
        self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return self.state >> (48 - count)

    def below(self, bound):
        drawn = self.bits(31)
        if bound & (bound - 1) == 0:
            return (bound * drawn) >> 31
        while drawn - drawn % bound + bound - 1 >= 1 << 31:
            drawn = self.bits(31)
        return drawn % bound

    def uniform(self):
        high = self.bits(26)
        return ((high << 27) + self.bits(27)) / (1 << 53)

    def gaussian(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            a, b = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            s = a * a + b * b
            if 0 < s < 1:
                factor = math.sqrt(-2 * math.log(s) / s)
                self.spare = b * factor
                return a * factor


def permutation(random, size):
    """P with (P x)[j] = x[order[j]]."""
    order = [0] * size
    for i in range(size):
        other = random.below(i + 1)
        order[i] = order[other]
        order[other] = i
    return torch.eye(size)[order]


def orthogonal(random, size):
    """Gram and Schmidt on the rows of a Gaussian matrix: the R of its QR decomposition has a positive diagonal."""
    gauss = torch.tensor([[random.gaussian() for _ in range(size)] for _ in range(size)])
    q, r = torch.linalg.qr(gauss.T)
    return (q * torch.sign(torch.diagonal(r))).T


class Blocks:
    def __init__(self, seed, layers, block):
        random = JavaRandom(seed)
        width = 2 * SIZE + block - 2 * SIZE % block
        self.permutations = [permutation(random, width) for _ in range(layers)]
        count = width // block
        drawn = [[orthogonal(random, block) for _ in range(count)] for _ in range(layers)]
        self.phi = torch.stack([torch.stack(layer) for layer in drawn]).reshape(-1)
        self.shape = (layers, count, block, block)

    def inverse(self, phi):
        m = torch.eye(self.permutations[0].shape[0])
        for blocks, p in zip(phi.reshape(self.shape), self.permutations):
            m = torch.block_diag(*blocks).T @ p @ m
        return ALPHA * (m.T @ m)[:SIZE, :SIZE]


class Residuals:
    def __init__(self, seed, layers):
        random = JavaRandom(seed)
        self.width = 2 * SIZE
        self.permutations = [permutation(random, self.width) for _ in range(layers)]
        drawn = [random.gaussian() / math.sqrt(layers) for _ in range(layers * self.width)]
        self.phi = torch.tensor(drawn + [1.0] * self.width)

    def inverse(self, phi):
        rows = phi.reshape(-1, self.width)
        m = torch.eye(self.width)
        for w, p in zip(rows, self.permutations):
            m = m + torch.diag(w) @ p @ m
        return ALPHA * (m.T @ torch.diag(rows[-1]) @ m)[:SIZE, :SIZE]


class Diagonal:
    phi = torch.ones(SIZE)

    def inverse(self, phi):
        return ALPHA * torch.diag(phi)


class Global:
    phi = torch.ones(1)

    def inverse(self, phi):
        return ALPHA * phi * torch.eye(SIZE)


def loss(x, step):
    i = torch.arange(SIZE)
    return ((i + 1) / 2 * (x - torch.sin(step + i)) ** 2 + x ** 4 / 20).sum()


def run(kind, meta, rate):
    phi, x, momentum = kind.phi.clone(), torch.linspace(-1, 1, SIZE), torch.zeros(SIZE)
    first, second = torch.zeros_like(phi), torch.zeros_like(phi)
    losses = []
    for step in range(STEPS):
        learned = phi.clone().requires_grad_()
        moved = x - kind.inverse(learned) @ momentum
        leaf = moved.detach().requires_grad_()
        value = loss(leaf, step)
        gradient, = torch.autograd.grad(value, leaf)
        hyper, = torch.autograd.grad(loss(moved, step), learned)
        if meta == "adam":
            t = step + 1
            first = 0.9 * first + 0.1 * hyper
            second = 0.999 * second + 0.001 * hyper ** 2
            corrected = rate * math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
            phi = phi - corrected * first / (second.sqrt() + 1e-7)
        else:
            phi = phi - rate * hyper
        x, momentum = moved.detach(), BETA * momentum + (1 - BETA) * gradient
        losses.append(value.item())
    return {"losses": losses, "theta": x.tolist(), "learned": phi.tolist()}


def main():
    kinds = {"blocks": (Blocks(7, 3, 4), 3, 4), "blocks-padded": (Blocks(8, 4, 5), 4, 5),
             "residuals": (Residuals(9, 6), 6, 1), "diagonal": (Diagonal(), 1, 1), "global": (Global(), 1, 1)}
    runs = []
    for name, (kind, layers, block) in kinds.items():
        for meta in ("adam", "sgd"):
            seed = {"blocks": 7, "blocks-padded": 8, "residuals": 9}.get(name, 0)
            runs.append({"kind": name.split("-")[0], "meta": meta, "rate": 0.01, "layers": layers, "block": block,
                         "seed": seed, "alpha": ALPHA, "beta": BETA, **run(kind, meta, 0.01)})
    OUT.write_text(json.dumps(runs, indent=1) + "\n")


if __name__ == "__main__":
    main()
