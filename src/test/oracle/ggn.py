#!/usr/bin/python3
"""Gauss-Newton matrices of the golden cases by automatic differentiation in float64: the oracle of GoldenGgnTest.

    src/test/oracle/ggn.py [NAME ...]      # rewrites src/test/resources/oracle-ggn/NAME.json, by default all

With f(eta) the network's outputs at theta + sum_s eta_s u_s, l the mean loss of the rows as a function of f, t_s = df/deta_s at 0: g_s =
<l', t_s>, ggn_st = t_s' l'' t_t and order3_s = l'''[t_s, t_s, t_s]. Here J is made row by row in reverse and l'' in full; the engine makes
neither. f are logits for losses nll and bce. "autoencoder-tanh-mse" is autoencoder-tanh-bce with the squared error of its sigmoid outputs.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

import hessian
import models

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
ACTIVATIONS = {**hessian.ACTIVATIONS, **models.ACT}
MADE = {"autoencoder-tanh-mse": ("autoencoder-tanh-bce", {"loss": "mse"})}


def network(c, p, x):
    if c["model"] in ("resnet18", "image_generator", "transformer") or c.get("batch_norm"):
        return models.MODELS[c["model"]](c)[1](p, x)
    act = ACTIVATIONS[c["activation"]]
    if c["model"] == "autoencoder":
        z = hessian.chain(p, "layers_dec", hessian.chain(p, "layers_enc", x.flatten(1), act), act)
        return torch.sigmoid(z) if c["loss"] == "mse" else z
    return hessian.MODELS[c["model"]](c, p, x, act)


def loss(c, f, y, w):
    if c["loss"] == "nll":
        each = F.cross_entropy(f, y, reduction="none", label_smoothing=c.get("label_smoothing", 0.0))
    elif c["loss"] == "mse":
        each = ((f - y.reshape(f.shape)) ** 2).mean(1)
    else:
        each = F.binary_cross_entropy_with_logits(f, y.reshape(f.shape), reduction="none").mean(1)
    return (w * each).sum() / w.sum()


def summary(c, p, u, x, y, w):
    own = {n: s for s, group in enumerate(c["expected"]["groups"]) for n in group}
    size = len(c["expected"]["groups"])
    outputs = lambda eta: network(c, {n: p[n] + eta[own[n]] * u[n] for n in p}, x)
    f = outputs(torch.zeros(size))
    t = torch.autograd.functional.jacobian(outputs, torch.zeros(size)).reshape(-1, size)
    of = lambda flat: loss(c, flat.reshape(f.shape), y, w)
    flat = f.detach().flatten()
    slope = torch.autograd.functional.jacobian(of, flat)
    ggn = t.T @ torch.autograd.functional.hessian(of, flat) @ t
    order3 = []
    for s in range(size):
        e = torch.zeros((), requires_grad=True)
        d = of(flat + e * t[:, s])
        for _ in range(3):
            d = torch.autograd.grad(d, e, create_graph=True)[0] if d.requires_grad else torch.zeros(())
        order3.append(float(d))
    return {"loss": float(of(flat)), "g": (slope @ t).tolist(), "ggn": ggn.tolist(), "order3": order3}


def directory(name):
    return next(d for d in (RESOURCES / "golden" / name, RESOURCES / "golden-models" / name) if d.exists())


def main():
    cases = sorted(d.parent.name for g in ("golden", "golden-models") for d in (RESOURCES / g).glob("*/case.json"))
    (RESOURCES / "oracle-ggn").mkdir(exist_ok=True)
    for name in sys.argv[1:] or [c for c in cases if c != "rosenbrock"] + list(MADE):
        source, changes = MADE.get(name, (name, {}))
        case = {**json.loads((directory(source) / "case.json").read_text()), **changes}
        load = lambda file: {k: torch.from_numpy(v) for k, v in np.load(directory(source) / file).items()}
        data = load("data.npz")
        w = data.get("w", torch.ones(len(data["y"])))
        found = summary(case, load("parameters.npz"), load("direction.npz"), data["x"], data["y"], w)
        (RESOURCES / "oracle-ggn" / (name + ".json")).write_text(json.dumps({"case": source, "changes": changes, **found}) + "\n")
        expected = np.array(case["expected"]["g"])
        print(name, "eigenvalues from", float(np.linalg.eigvalsh(np.array(found["ggn"]))[0]),
              "" if changes else "difference to the golden g %.1e" % np.abs(expected - found["g"]).max())


if __name__ == "__main__":
    main()
