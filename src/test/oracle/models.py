#!/usr/bin/python3
"""Recomputes the cases of src/test/resources/golden-models by nested autograd in float64 and prints the differences.

    /usr/bin/python3 src/test/oracle/models.py [NAME ...]

A case holds case.json (the model's keys and "expected"), parameters.npz, direction.npz and data.npz (x, y, perhaps w: weights
of the rows). With f(eta) = loss(theta + sum_s eta_s u_s): g, H and the diagonal order3 of the third derivatives at eta = 0; the
loss is sum(w l) / sum(w). "names:weight,bias" and "wb" split tensors by the ends of their names.
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/golden-models")
ACT = {"tanh": torch.tanh, "relu": torch.relu, "arctan": torch.atan, "gelu": F.gelu,
       "leaky_relu": lambda x: F.leaky_relu(x, 0.01)}


def perceptron(c):
    n = len(c["layers"]) - 1; act = ACT[c["activation"]]
    shapes = {}
    for i in range(n):
        shapes[f"layers.{i}.weight"] = tuple(c["layers"][i:i + 2]); shapes[f"layers.{i}.bias"] = (c["layers"][i + 1],)
    def forward(p, h):
        for i in range(n):
            h = (h if i == 0 else act(h)) @ p[f"layers.{i}.weight"] + p[f"layers.{i}.bias"]
        return h
    return shapes, forward


def bn(h, w, b):
    m = h.mean((0, 2, 3), keepdim=True); v = ((h - m) ** 2).mean((0, 2, 3), keepdim=True)
    return (h - m) / torch.sqrt(v + 1e-5) * w.reshape(1, -1, 1, 1) + b.reshape(1, -1, 1, 1)


def vgg(c):
    act = ACT[c["activation"]]; shapes = {}; inc = c["in_channels"]; size = c["image_size"]; idx = 0; ops = []
    norm = c.get("batch_norm", False)
    for v in c["cfg"]:
        if v == "M": ops.append(("M", None)); size //= 2; idx += 1
        else:
            shapes[f"features.{idx}.weight"] = (v, inc, 3, 3); shapes[f"features.{idx}.bias"] = (v,)
            if norm: shapes[f"features.{idx+1}.weight"] = (v,); shapes[f"features.{idx+1}.bias"] = (v,)
            ops.append(("C", idx)); inc = v; idx += 3 if norm else 2
    shapes["classifier.0.weight"] = (inc * size * size, c["classes"]); shapes["classifier.0.bias"] = (c["classes"],)
    def forward(p, x):
        h = x
        for kind, i in ops:
            if kind == "M": h = F.max_pool2d(h, 2); continue
            h = F.conv2d(h, p[f"features.{i}.weight"], p[f"features.{i}.bias"], padding=1)
            if norm: h = bn(h, p[f"features.{i+1}.weight"], p[f"features.{i+1}.bias"])
            h = act(h)
        return h.reshape(h.shape[0], -1) @ p["classifier.0.weight"] + p["classifier.0.bias"]
    return shapes, forward


def resnet(c):
    act = ACT[c["activation"]]; w = c["width"]; sh = {"conv1.weight": (w, c["in_channels"], 3, 3), "bn1.weight": (w,), "bn1.bias": (w,)}
    blocks = []; inc = w
    for s in range(4):
        out = w << s
        for b in range(2):
            n = f"layer{s+1}.{b}."; stride = 2 if s > 0 and b == 0 else 1
            sh[n + "conv1.weight"] = (out, inc, 3, 3); sh[n + "bn1.weight"] = (out,); sh[n + "bn1.bias"] = (out,)
            sh[n + "conv2.weight"] = (out, out, 3, 3); sh[n + "bn2.weight"] = (out,); sh[n + "bn2.bias"] = (out,)
            d = stride != 1 or inc != out
            if d: sh[n + "downsample.0.weight"] = (out, inc, 1, 1); sh[n + "downsample.1.weight"] = (out,); sh[n + "downsample.1.bias"] = (out,)
            blocks.append((n, stride, d)); inc = out
    sh["fc.weight"] = (inc, c["classes"]); sh["fc.bias"] = (c["classes"],)
    def forward(p, x):
        h = act(bn(F.conv2d(x, p["conv1.weight"], padding=1), p["bn1.weight"], p["bn1.bias"]))
        for n, stride, d in blocks:
            z = act(bn(F.conv2d(h, p[n + "conv1.weight"], stride=stride, padding=1), p[n + "bn1.weight"], p[n + "bn1.bias"]))
            z = bn(F.conv2d(z, p[n + "conv2.weight"], padding=1), p[n + "bn2.weight"], p[n + "bn2.bias"])
            if d: h = bn(F.conv2d(h, p[n + "downsample.0.weight"], stride=stride), p[n + "downsample.1.weight"], p[n + "downsample.1.bias"])
            h = act(z + h)
        return h.mean((2, 3)) @ p["fc.weight"] + p["fc.bias"]
    return sh, forward


def generator(c):
    act = ACT[c["activation"]]; w = c["width"]; ch = c["in_channels"]; k = c.get("kernel", 1)
    sh = {"conv.weight": (w, ch, k, k), "conv.bias": (w,)}
    for s in range(c["depth"]):
        for b in range(4):
            n = f"stages.{s}.{b}."
            sh[n + "expand.weight"] = (2 * w, w, 1, 1); sh[n + "expand.bias"] = (2 * w,)
            sh[n + "depthwise.weight"] = (3, 3, 2 * w, 3); sh[n + "depthwise.bias"] = (6 * w,)
            sh[n + "project.weight"] = (w, 6 * w, 1, 1); sh[n + "project.bias"] = (w,)
    sh["fc.weight"] = (w, c["classes"]); sh["fc.bias"] = (c["classes"],)
    def forward(p, x):
        h = F.conv2d(x, p["conv.weight"], p["conv.bias"], padding=k // 2)
        for s in range(c["depth"]):
            for b in range(4):
                n = f"stages.{s}.{b}."
                z = act(F.conv2d(h, p[n + "expand.weight"], p[n + "expand.bias"]))
                dw = p[n + "depthwise.weight"]            # [3, 3, C, multiplier]; output channel c * multiplier + m
                z = F.conv2d(z, dw.permute(2, 3, 0, 1).reshape(-1, 1, 3, 3), p[n + "depthwise.bias"], padding=1, groups=dw.shape[2])
                h = h + F.conv2d(act(z), p[n + "project.weight"], p[n + "project.bias"])
            h = F.avg_pool2d(h, 2, ceil_mode=True, count_include_pad=False)
        return h.mean((2, 3)) @ p["fc.weight"] + p["fc.bias"]
    return sh, forward


def layer_norm(h, w, b):
    m = h.mean(-1, keepdim=True); v = ((h - m) ** 2).mean(-1, keepdim=True)
    return (h - m) / torch.sqrt(v + 1e-5) * w + b


def transformer(c):
    act = ACT[c["activation"]]; L, D, H = c["length"], c["width"], c["heads"]; sh = {}
    if "vocabulary" in c: sh["embedding.weight"] = (c["vocabulary"], D)
    else: sh["embedding.weight"] = (c["features"], D); sh["embedding.bias"] = (D,)
    sh["position.weight"] = (L, D)
    for i in range(c["depth"]):
        n = f"layers.{i}."
        sh[n + "norm1.weight"] = (D,); sh[n + "norm1.bias"] = (D,)
        for q in ("query", "key", "value", "out"): sh[n + f"attention.{q}.weight"] = (D, D); sh[n + f"attention.{q}.bias"] = (D,)
        sh[n + "norm2.weight"] = (D,); sh[n + "norm2.bias"] = (D,)
        sh[n + "linear1.weight"] = (D, 4 * D); sh[n + "linear1.bias"] = (4 * D,)
        sh[n + "linear2.weight"] = (4 * D, D); sh[n + "linear2.bias"] = (D,)
    sh["norm.weight"] = (D,); sh["norm.bias"] = (D,); sh["fc.weight"] = (D, c["classes"]); sh["fc.bias"] = (c["classes"],)
    def forward(p, x):
        if "vocabulary" in c: h = p["embedding.weight"][x.long()]
        else: h = x @ p["embedding.weight"] + p["embedding.bias"]
        h = h + p["position.weight"]; N = h.shape[0]
        lin = lambda z, n: z @ p[n + ".weight"] + p[n + ".bias"]
        for i in range(c["depth"]):
            n = f"layers.{i}."; z = layer_norm(h, p[n + "norm1.weight"], p[n + "norm1.bias"])
            q, k, v = (lin(z, n + "attention." + t).reshape(N, L, H, D // H).permute(0, 2, 1, 3) for t in ("query", "key", "value"))
            a = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(D // H), -1) @ v
            h = h + lin(a.permute(0, 2, 1, 3).reshape(N, L, D), n + "attention.out")
            z = layer_norm(h, p[n + "norm2.weight"], p[n + "norm2.bias"])
            h = h + lin(act(lin(z, n + "linear1")), n + "linear2")
        return lin(layer_norm(h, p["norm.weight"], p["norm.bias"]).mean(1), "fc")
    return sh, forward


MODELS = {"perceptron": perceptron, "vgg": vgg, "resnet18": resnet, "image_generator": generator, "transformer": transformer}


def summary(c, groups, params, direction, x, y, w):
    names, forward = MODELS[c["model"]](c)
    own = {n: s for s, g in enumerate(groups) for n in g}
    size = len(groups)

    def f(eta):
        out = forward({n: params[n] + eta[own[n]] * direction[n] for n in names}, x)
        each = F.cross_entropy(out, y, reduction="none", label_smoothing=c.get("label_smoothing", 0.0))
        return (w * each).sum() / w.sum()

    eta = torch.zeros(size, requires_grad=True)
    value = f(eta)
    g, = torch.autograd.grad(value, eta)
    h = torch.autograd.functional.hessian(f, torch.zeros(size))
    order3 = []
    for s in range(size):
        e = torch.zeros((), requires_grad=True)
        d = f(e * torch.eye(size)[s])
        for _ in range(3):
            d = torch.autograd.grad(d, e, create_graph=True, allow_unused=True)[0] if d.requires_grad else torch.zeros(())
            d = torch.zeros(()) if d is None else d
        order3.append(float(d))
    return {"loss": float(value), "g": g.tolist(), "H": h.tolist(), "order3": order3}


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(os.listdir(ROOT)):
        load = lambda file: {k: torch.from_numpy(v) for k, v in np.load(os.path.join(ROOT, name, file)).items()}
        case = json.load(open(os.path.join(ROOT, name, "case.json")))
        data = load("data.npz")
        weights = data.get("w", torch.ones(len(data["y"])))
        found = summary(case, case["expected"]["groups"], load("parameters.npz"), load("direction.npz"), data["x"], data["y"], weights)
        for key, value in found.items():
            difference = np.abs(np.array(value) - np.array(case["expected"][key])).max()
            print(name, key, "largest difference", difference)
