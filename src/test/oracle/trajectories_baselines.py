#!/usr/bin/python3
"""Writes src/test/resources/golden/trajectories-baselines/NAME: runs of base rules with a fixed learning rate, float64.

    /usr/bin/python3 src/test/oracle/trajectories_baselines.py

adamw and rmsprop are PyTorch's own; yogi and lars are written here from their papers' formulas, in numpy. A folder holds
parameters.npz (start), final.npz (end), batches.npz (x [T, B, in], y [T, B]; step t trains on x[t], y[t]; hg_x and hg_y are not
used) and case.json (the settings, and the loss before each step). Dense weights are [in, out], z = x W + b.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/golden/trajectories-baselines")


class Formula:
    """theta <- theta - lr u(g, theta), tensor by tensor."""

    def __init__(self, rule, parameters, lr):
        self.rule, self.parameters, self.lr, self.memory = rule, parameters, lr, [{} for _ in parameters]

    def step(self):
        for p, memory in zip(self.parameters, self.memory):
            u = self.rule(p.grad.numpy(), p.detach().numpy(), memory)
            p.data -= self.lr * torch.from_numpy(u)


def yogi(c):
    def rule(g, theta, memory):
        g = g + c["weight_decay"] * theta
        m = c["beta1"] * memory.get("m", 0.0) + (1 - c["beta1"]) * g
        v = memory.get("v", np.zeros_like(g))
        v = np.where(v > g ** 2, v - (1 - c["beta2"]) * g ** 2, np.where(v < g ** 2, v + (1 - c["beta2"]) * g ** 2, v))
        memory.update(m=m, v=v)
        return m / (np.sqrt(v) + c["eps"])
    return rule


def lars(c):
    def rule(g, theta, memory):
        w, n = np.linalg.norm(theta), np.linalg.norm(g)
        ratio = 1.0 if w == 0 or n == 0 else c["trust"] * w / (n + c["weight_decay"] * w)
        memory["b"] = c["momentum"] * memory.get("b", 0.0) + ratio * (g + c["weight_decay"] * theta)
        return memory["b"]
    return rule


def optimizer(c, parameters):
    b = c["base"]
    if b["name"] == "adamw":
        return torch.optim.AdamW(parameters, lr=c["lr"], betas=(b["beta1"], b["beta2"]), eps=b["eps"], weight_decay=b["weight_decay"])
    if b["name"] == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=c["lr"], alpha=b["rho"], eps=b["eps"], weight_decay=b["weight_decay"], momentum=b["momentum"])
    return Formula({"yogi": yogi, "lars": lars}[b["name"]](b), parameters, c["lr"])


MLP = dict(model="perceptron", layers=[10, 8, 6, 4], activation="tanh", loss="nll", classes=4, input=[10],
           partition="canonical", optimizer="base", steps=30)
CASES = {
    "adamw": dict(MLP, lr=0.02, base=dict(name="adamw", beta1=0.8, beta2=0.95, eps=1e-6, weight_decay=0.1)),
    "rmsprop": dict(MLP, lr=0.002, base=dict(name="rmsprop", rho=0.9, momentum=0.8, eps=1e-3, weight_decay=1e-2)),
    "yogi": dict(MLP, lr=0.05, base=dict(name="yogi", beta1=0.9, beta2=0.9, eps=1e-3, weight_decay=1e-2)),
    "lars": dict(MLP, lr=1.5, base=dict(name="lars", momentum=0.9, trust=0.02, weight_decay=1e-2)),
}


def forward(parameters, x):
    for i in range(0, len(parameters), 2):
        x = (x if i == 0 else torch.tanh(x)) @ parameters[i] + parameters[i + 1]
    return x


def make(name, c, seed, batch=16):
    generator = torch.Generator().manual_seed(seed)
    names, parameters = [], []
    for i, (a, b) in enumerate(zip(c["layers"], c["layers"][1:])):
        names += [f"layers.{i}.weight", f"layers.{i}.bias"]
        parameters += [torch.randn(a, b, generator=generator) / a ** 0.5, torch.zeros(b)]
    teacher = torch.randn(10, 4, generator=generator)
    x = torch.randn(c["steps"], batch, 10, generator=generator)
    y = (x @ teacher + 0.5 * torch.randn(c["steps"], batch, 4, generator=generator)).argmax(-1)
    folder = os.path.join(ROOT, name)
    os.makedirs(folder, exist_ok=True)
    np.savez(folder + "/batches.npz", x=x.numpy(), y=y.numpy(), hg_x=x[:1].numpy(), hg_y=y[:1].numpy())
    np.savez(folder + "/parameters.npz", **{n: p.numpy() for n, p in zip(names, parameters)})
    parameters = [p.clone().requires_grad_(True) for p in parameters]
    rule, losses = optimizer(c, parameters), []
    for t in range(c["steps"]):
        for p in parameters:
            p.grad = None
        loss = F.cross_entropy(forward(parameters, x[t]), y[t])
        loss.backward()
        losses.append(loss.item())
        rule.step()
    np.savez(folder + "/final.npz", **{n: p.detach().numpy() for n, p in zip(names, parameters)})
    with open(folder + "/case.json", "w") as file:
        json.dump({**c, "seed": seed, "expected": {"loss": losses, "eta": []}}, file, indent=1)
    return losses


if __name__ == "__main__":
    for i, (name, case) in enumerate(CASES.items()):
        losses = make(name, case, 700 + i)
        print(name, "loss %.4f -> %.4f" % (losses[0], sum(losses[-5:]) / 5))
