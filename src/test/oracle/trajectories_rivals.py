#!/usr/bin/python3
"""Writes src/test/resources/golden/trajectories-rivals/NAME: runs of optimizers as their public implementations make them, float64.

    /usr/bin/python3 -m venv --system-site-packages /tmp/rivals
    /tmp/rivals/bin/pip install --no-deps schedulefree==1.4.1 prodigyopt==1.1.2 dadaptation==3.2 pytorch-optimizer==3.5.1
    /tmp/rivals/bin/python src/test/oracle/trajectories_rivals.py

The values were made with PyTorch 1.13 of Debian (python3-torch). nadamw is written here from the formula of
torch.optim.NAdam(decoupled_weight_decay=True) in the documentation of PyTorch 2
(https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html), because 1.13 has no decoupled decay.
Muon of pytorch-optimizer 3.5.1 runs in float64 here in place of bfloat16, with one optimizer for each layer, as it writes the updates of
all matrices of one to the same place; its use_adjusted_lr = True is the factor sqrt(max(1, out / in)), False in 4.1.
A folder holds what those of trajectories_baselines.py hold.
"""
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from dadaptation import DAdaptAdam
from prodigyopt import Prodigy
from schedulefree import AdamWScheduleFree

from trajectories_baselines import MLP, forward

from torch.optim.swa_utils import AveragedModel

torch.optim.lr_scheduler.LRScheduler = torch.optim.lr_scheduler._LRScheduler  # its name before PyTorch 2
from pytorch_optimizer import Muon  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/golden/trajectories-rivals")


class NAdamW:
    def __init__(self, parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay):
        self.parameters, self.lr, self.betas, self.eps = parameters, lr, (beta1, beta2), eps
        self.weight_decay, self.momentum_decay = weight_decay, momentum_decay
        self.t, self.product = 0, 1.0
        self.m, self.v = [torch.zeros_like(p) for p in parameters], [torch.zeros_like(p) for p in parameters]

    def mu(self, t):
        return self.betas[0] * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))

    def step(self):
        self.t += 1
        mu, after = self.mu(self.t), self.mu(self.t + 1)
        self.product *= mu
        for i, p in enumerate(self.parameters):
            g = p.grad
            p.data -= self.lr * self.weight_decay * p.data
            self.m[i] = self.betas[0] * self.m[i] + (1 - self.betas[0]) * g
            self.v[i] = self.betas[1] * self.v[i] + (1 - self.betas[1]) * g ** 2
            m = after * self.m[i] / (1 - self.product * after) + (1 - mu) * g / (1 - self.product)
            p.data -= self.lr * m / (torch.sqrt(self.v[i] / (1 - self.betas[1] ** self.t)) + self.eps)


def nadamw(c, parameters):
    b = c["base"]
    keys = ("beta1", "beta2", "eps", "weight_decay", "momentum_decay")
    return NAdamW(parameters, c["lr"], *(b[key] for key in keys))


def betas(b):
    return dict(betas=(b["beta1"], b["beta2"]), eps=b["eps"], weight_decay=b["weight_decay"])


class ScheduleFree:
    """y while training; the average x is what eval() leaves in the parameters."""

    def __init__(self, c, parameters):
        s = c["schedule_free"]
        self.parameters = parameters
        self.optimizer = AdamWScheduleFree(
            parameters, lr=c["lr"], warmup_steps=s["warmup_steps"], r=s["power"], weight_lr_power=s["lr_power"],
            foreach=False, **betas(c["base"]))
        self.optimizer.train()

    def step(self):
        self.optimizer.step()

    def averaged(self):
        self.optimizer.eval()
        x = [p.detach().clone() for p in self.parameters]
        self.optimizer.train()
        return x


def prodigy(c, parameters):
    d = c["distance"]
    return Prodigy(
        parameters, lr=c["lr"], beta3=d.get("beta3"), d0=d["initial"], d_coef=d["factor"], growth_rate=d.get("growth", float("inf")),
        use_bias_correction=d["bias_correction"], safeguard_warmup=d["safeguard_warmup"], **betas(c["base"]))


def d_adapted_adam(c, parameters):
    d = c["distance"]
    return DAdaptAdam(
        parameters, lr=c["lr"], d0=d["initial"], growth_rate=d.get("growth", float("inf")), use_bias_correction=d["bias_correction"],
        **betas(c["base"]))


class Muons:
    """Weights are [out, in] there."""

    def __init__(self, c, parameters):
        b, m = c["base"], c["base"]["muon"]
        torch.bfloat16, torch.Tensor.bfloat16 = torch.float64, torch.Tensor.clone
        self.parameters, self.turned = parameters, [p.detach().t().clone().contiguous() for p in parameters]
        self.optimizers = [Muon(
            self.turned[i:i + 2], lr=c["lr"], momentum=m["momentum"], weight_decay=b["weight_decay"], betas=(b["beta1"], m["beta2"]),
            nesterov=m["nesterov"], ns_steps=m["iterations"], use_adjusted_lr=True, adamw_lr=c["lr"] * m["adam_factor"], adamw_eps=b["eps"])
            for i in range(0, len(parameters), 2)]

    def step(self):
        for p, q in zip(self.parameters, self.turned):
            q.grad = p.grad.t().clone().contiguous()
        for optimizer in self.optimizers:
            optimizer.step()
        for p, q in zip(self.parameters, self.turned):
            p.data.copy_(q.t())


class Averaged:
    """PyTorch's averages: uniform is the default of AveragedModel, moving has the shares of TensorFlow's ExponentialMovingAverage."""

    def __init__(self, c, parameters):
        b = c["base"]
        if b["name"] == "adam":
            self.optimizer = torch.optim.Adam(parameters, lr=c["lr"], betas=(b["beta1"], b["beta2"]), eps=b["eps"])
        else:
            self.optimizer = torch.optim.SGD(parameters, lr=c["lr"], momentum=b["momentum"])
        self.model = torch.nn.ParameterList(torch.nn.Parameter(p.data) for p in parameters)
        average = c["model_average"]

        def moving(a, p, n):
            kept = min(average["decay"], (1 + n.item()) / (10 + n.item()))
            return kept * a + (1 - kept) * p

        self.average = AveragedModel(self.model, avg_fn=moving if average["kind"] == "moving" else None)

    def step(self):
        self.optimizer.step()
        self.average.update_parameters(self.model)

    def averaged(self):
        return list(self.average.module)


ADAM = dict(name="adamw", beta1=0.8, beta2=0.95, eps=1e-6, weight_decay=0.1)
CASES = {
    "nadamw": (nadamw, dict(MLP, lr=0.02, base=dict(
        name="nadamw", beta1=0.8, beta2=0.95, eps=1e-6, weight_decay=0.1, momentum_decay=0.02))),
    "schedule-free-adamw": (ScheduleFree, dict(
        MLP, optimizer="schedule-free-adamw", lr=0.02, schedule_free=dict(warmup_steps=0, power=0.0, lr_power=2.0), base=ADAM)),
    "schedule-free-adamw-warmup": (ScheduleFree, dict(
        MLP, optimizer="schedule-free-adamw", lr=0.03, schedule_free=dict(warmup_steps=8, power=1.0, lr_power=1.5), base=ADAM)),
    "prodigy": (prodigy, dict(MLP, optimizer="prodigy", steps=60, lr=1.0, base=ADAM, distance=dict(
        initial=1e-6, factor=1.0, bias_correction=False, safeguard_warmup=False))),
    "prodigy-bounded": (prodigy, dict(MLP, optimizer="prodigy", steps=60, lr=0.7, base=ADAM, distance=dict(
        initial=1e-3, factor=2.0, growth=1.2, beta3=0.9, bias_correction=True, safeguard_warmup=True))),
    "d-adapted-adam": (d_adapted_adam, dict(MLP, optimizer="d-adapted-adam", steps=60, lr=1.0, base=ADAM, distance=dict(
        initial=1e-6, bias_correction=False))),
    "d-adapted-adam-bounded": (d_adapted_adam, dict(MLP, optimizer="d-adapted-adam", steps=60, lr=0.7, base=ADAM, distance=dict(
        initial=1e-3, growth=1.2, bias_correction=True))),
    "adam-uniform": (Averaged, dict(MLP, lr=0.02, model_average=dict(kind="uniform"), base=dict(
        name="adam", beta1=0.9, beta2=0.99, eps=1e-6))),
    "sgd-moving": (Averaged, dict(MLP, lr=0.1, model_average=dict(kind="moving", decay=0.7), base=dict(name="sgd", momentum=0.9))),
    "muon": (Muons, dict(MLP, layers=[10, 6, 8, 4], lr=0.05, base=dict(
        name="muon", weight_decay=0.1, beta1=0.9, eps=1e-12,
        muon=dict(momentum=0.95, nesterov=True, iterations=5, beta2=0.95, adam_factor=0.2)))),
    "muon-plain": (Muons, dict(MLP, lr=0.05, base=dict(
        name="muon", weight_decay=0.0, beta1=0.8, eps=1e-12,
        muon=dict(momentum=0.8, nesterov=False, iterations=3, beta2=0.9, adam_factor=0.5)))),
}


def make(name, optimizer, c, seed, batch=16):
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

    def save(file, values):
        np.savez(f"{folder}/{file}.npz", **{n: p.detach().numpy() for n, p in zip(names, values)})

    np.savez(folder + "/batches.npz", x=x.numpy(), y=y.numpy(), hg_x=x[:1].numpy(), hg_y=y[:1].numpy())
    save("parameters", parameters)
    parameters = [p.clone().requires_grad_(True) for p in parameters]
    rule, losses = optimizer(c, parameters), []
    for t in range(c["steps"]):
        for p in parameters:
            p.grad = None
        loss = F.cross_entropy(forward(parameters, x[t]), y[t])
        loss.backward()
        losses.append(loss.item())
        rule.step()
    save("final", parameters)
    if hasattr(rule, "averaged"):
        save("averaged", rule.averaged())
    with open(folder + "/case.json", "w") as file:
        json.dump({**c, "seed": seed, "expected": {"loss": losses, "eta": []}}, file, indent=1)
    return losses


if __name__ == "__main__":
    for i, (name, (optimizer, case)) in enumerate(CASES.items()):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            losses = make(name, optimizer, case, 1100 + i)
            print(name, "loss %.4f -> %.4f" % (losses[0], sum(losses[-5:]) / 5))
