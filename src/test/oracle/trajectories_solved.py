#!/usr/bin/python3
"""Writes src/test/resources/golden/trajectories-solved/NAME: runs of newton-summary with preset = solved, float64.

    /usr/bin/python3 src/test/oracle/trajectories_solved.py

Written from the formulas of docs/optimizers.md, with derivatives by nested automatic differentiation. A folder holds parameters.npz
(start), final.npz (end), averaged.npz (the average of the parameters at the end), batches.npz (x [T + 1, B, in], y; step t trains on
x[t], its other rows are x[t + 1]; H and order3 of summary i are of hg_x[i]) and case.json (the settings, the loss before each step, the rates after each
summary). Dense weights are [in, out], z = x W + b.
"""
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/golden/trajectories-solved")

MLP = dict(model="perceptron", layers=[10, 8, 6, 4], activation="tanh", loss="nll", classes=4, input=[10],
           optimizer="newton-summary", preset="solved", steps=40)
CASES = {
    "adam": dict(MLP, partition="canonical", base=dict(name="adam"), period=7, damping=0.4),
    "sgd": dict(MLP, partition="wb", base=dict(name="sgd", momentum=0.9), period=3, damping=0.6),
    "muon": dict(MLP, partition="canonical", base=dict(name="muon", muon=dict(momentum=0.9)), period=7, damping=0.35),
}


def loss(parameters, x, y):
    for i in range(0, len(parameters), 2):
        x = (x if i == 0 else torch.tanh(x)) @ parameters[i] + parameters[i + 1]
    return F.cross_entropy(x, y)


def gradient(parameters, x, y):
    read = [p.clone().requires_grad_(True) for p in parameters]
    value = loss(read, x, y)
    return value.item(), torch.autograd.grad(value, read)


def summary(parameters, u, subsets, x, y):
    """g, H and order3 of eta -> loss(theta + sum of eta_s u_s) at 0."""
    size = max(subsets) + 1
    eta = torch.zeros(size, requires_grad=True)
    g, = torch.autograd.grad(loss([p + eta[s] * v for p, s, v in zip(parameters, subsets, u)], x, y), eta, create_graph=True)
    h, third = np.zeros((size, size)), np.zeros(size)
    for s in range(size):
        row, = torch.autograd.grad(g[s], eta, create_graph=True, retain_graph=True)
        h[s] = row.detach().numpy()
        third[s] = torch.autograd.grad(row[s], eta, retain_graph=True)[0][s].item()
    return g.detach().numpy(), h, third


def root(g, h, k):
    if g <= 0:
        return 0.0
    if k == 0:
        return g / h if h > 0 else 0.0
    return (-h + math.sqrt(h * h + 2 * k * g)) / k


def lengths(g, h, d):
    def along(e):
        return root(e @ g, e @ h @ e, np.linalg.norm(d * e) ** 3)

    common = along(np.ones(len(g)))
    own = np.array([root(g[s], h[s, s], d[s] ** 3) for s in range(len(g))])
    shape = common * (np.maximum(own, common / 100) / common) ** 0.5
    return shape * along(shape)


class Adam:
    def __init__(self, parameters, beta2=0.999):
        self.m, self.v, self.beta2, self.t = [torch.zeros_like(p) for p in parameters], [torch.zeros_like(p) for p in parameters], beta2, 0

    def direction(self, gradients):
        self.t += 1
        self.m = [0.9 * a + 0.1 * g for a, g in zip(self.m, gradients)]
        self.v = [self.beta2 * a + (1 - self.beta2) * g * g for a, g in zip(self.v, gradients)]
        return [a / (1 - 0.9 ** self.t) / (torch.sqrt(b / (1 - self.beta2 ** self.t)) + 1e-8) for a, b in zip(self.m, self.v)]


class Sgd:
    def __init__(self, parameters):
        self.m = None

    def direction(self, gradients):
        self.m = list(gradients) if self.m is None else [0.9 * a + g for a, g in zip(self.m, gradients)]
        return self.m


class Muon:
    """Weights, [in, out], at even places; biases after them."""

    def __init__(self, parameters):
        self.m, self.adam = [torch.zeros_like(p) for p in parameters[::2]], Adam(parameters[1::2], 0.95)

    def direction(self, gradients):
        self.m = [0.9 * a + 0.1 * g for a, g in zip(self.m, gradients[::2])]
        weights = [self.orthogonal(0.1 * g + 0.9 * a) for a, g in zip(self.m, gradients[::2])]
        biases = [0.015 * u for u in self.adam.direction(gradients[1::2])]
        return [u for pair in zip(weights, biases) for u in pair]

    @staticmethod
    def orthogonal(m):
        x = m.t() / (m.norm() + 1e-7)
        for _ in range(5):
            a = x @ x.t()
            x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
        return x.t() * max(1, m.shape[1] / m.shape[0]) ** 0.5


RULES = dict(adam=Adam, sgd=Sgd, muon=Muon)


def make(name, c, seed, batch=16):
    generator = torch.Generator().manual_seed(seed)
    names, parameters = [], []
    for i, (a, b) in enumerate(zip(c["layers"], c["layers"][1:])):
        names += [f"layers.{i}.weight", f"layers.{i}.bias"]
        parameters += [torch.randn(a, b, generator=generator) / a ** 0.5, torch.zeros(b)]
    teacher = torch.randn(10, 4, generator=generator)

    def rows(count):
        x = torch.randn(count, batch, 10, generator=generator)
        return x, (x @ teacher + 0.5 * torch.randn(count, batch, 4, generator=generator)).argmax(-1)

    steps, period = c["steps"], c["period"]
    due = [t for t in range(steps) if t % period == 0 or t in (1, 2, 4, 8, 16) and t < period]
    (x, y), (hx, hy) = rows(steps + 1), rows(len(due))
    folder = os.path.join(ROOT, name)
    os.makedirs(folder, exist_ok=True)
    np.savez(folder + "/batches.npz", x=x.numpy(), y=y.numpy(), hg_x=hx.numpy(), hg_y=hy.numpy())
    np.savez(folder + "/parameters.npz", **{n: p.numpy() for n, p in zip(names, parameters)})
    subsets = [i % 2 if c["partition"] == "wb" else i for i in range(len(parameters))]
    size = max(subsets) + 1
    rule = RULES[c["base"]["name"]](parameters)
    history, promised, confirmed, averaged, losses, etas = [], 0.0, 0.0, None, [], []
    for t in range(steps):
        value, gradients = gradient(parameters, x[t], y[t])
        losses.append(value)
        u = rule.direction(gradients)
        norm = math.sqrt(sum(float((a * a).sum()) for a in u))
        if t in due:
            i = len(etas)
            _, h, third = summary(parameters, u, subsets, hx[i], hy[i])
            g, _, _ = summary(parameters, u, subsets, x[t], y[t])
            history.append((g / norm, h / norm ** 2, np.cbrt(np.abs(third)) / norm))
            mean = [sum(entry[k] for entry in history) / len(history) for k in range(3)]
            e = lengths(*mean)
            _, other = gradient(parameters, x[t + 1], y[t + 1])
            slopes = np.zeros(size)
            for s, a, b in zip(subsets, other, u):
                slopes[s] += float((a * b).sum())
            promised += e @ history[-1][0]
            confirmed += e @ slopes / norm
            share = min(1.0, max(0.0, confirmed / promised))
        rates = c["damping"] * (1 + 20 / (20 + t)) * share * e / norm
        # A slope along the step more than three times the usual one, of an unusual batch, shortens the step in proportion.
        slopes = np.zeros(size)
        for s, a, b in zip(subsets, gradients, u):
            slopes[s] += float((a * b).sum()) / norm
        if e @ slopes > 3 * e @ mean[0] > 0:
            rates = rates * 3 * (e @ mean[0]) / (e @ slopes)
        if t in due:
            etas.append(rates.tolist())
        parameters = [p - rates[s] * a for p, s, a in zip(parameters, subsets, u)]
        kept = min(0.99, (t + 1) / (t + 10))
        averaged = parameters if averaged is None else [kept * a + (1 - kept) * p for a, p in zip(averaged, parameters)]
    for file, values in (("final", parameters), ("averaged", averaged)):
        np.savez(f"{folder}/{file}.npz", **{n: p.numpy() for n, p in zip(names, values)})
    with open(folder + "/case.json", "w") as file:
        json.dump({**c, "seed": seed, "expected": {"loss": losses, "eta": etas}}, file, indent=1)
    return losses


if __name__ == "__main__":
    for i, (name, case) in enumerate(CASES.items()):
        losses = make(name, case, 900 + i)
        print(name, "loss %.4f -> %.4f" % (losses[0], sum(losses[-5:]) / 5))
