#!/usr/bin/python3
"""Reference tensors of order 4 by nested automatic differentiation in PyTorch, float64, for the test OrderOracleTest.

    order.py OUT_DIR        # writes OUT_DIR/NAME.json for the models below

f(eta) = mean loss at theta + sum_s eta_s u_s; D[s1..s4] are its derivatives at eta = 0, listed for s1 <= ... <= s4 in
lexicographic order. Layouts are the project's: dense weight [in, out], convolution weight [out, in, rows, columns].
"""
import itertools
import json
import os
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
ORDER = 4


def perceptron(layers, activation):
    shapes = {}
    for i, (a, b) in enumerate(zip(layers, layers[1:])):
        shapes[f"layers.{i}.weight"] = (a, b)
        shapes[f"layers.{i}.bias"] = (b,)

    def forward(p, x):
        h = x.reshape(x.shape[0], -1)
        for i in range(len(layers) - 1):
            h = h @ p[f"layers.{i}.weight"] + p[f"layers.{i}.bias"]
            h = activation(h) if i < len(layers) - 2 else h
        return h

    return shapes, forward


def lenet(layers, kernel, size, activation):
    side = ((size - kernel + 1) // 2 - kernel + 1) // 2
    c0, c1, c2, d1, d2, out = layers
    shapes = {
        "conv1.weight": (c1, c0, kernel, kernel), "conv1.bias": (c1,),
        "conv2.weight": (c2, c1, kernel, kernel), "conv2.bias": (c2,),
        "fc1.weight": (side * side * c2, d1), "fc1.bias": (d1,),
        "fc2.weight": (d1, d2), "fc2.bias": (d2,),
        "fc3.weight": (d2, out), "fc3.bias": (out,),
    }

    def forward(p, x):
        h = F.max_pool2d(activation(F.conv2d(x, p["conv1.weight"], p["conv1.bias"])), 2)
        h = F.max_pool2d(activation(F.conv2d(h, p["conv2.weight"], p["conv2.bias"])), 2)
        h = h.reshape(h.shape[0], -1)
        h = activation(h @ p["fc1.weight"] + p["fc1.bias"])
        h = activation(h @ p["fc2.weight"] + p["fc2.bias"])
        return h @ p["fc3.weight"] + p["fc3.bias"]

    return shapes, forward


def mean_squares(out, y):
    return ((out - y) ** 2).mean()


def cases():
    weights_and_biases = lambda names: [[n for n in names if n.endswith(e)] for e in ("weight", "bias")]
    model = perceptron([5, 4, 4, 3], torch.tanh)
    yield ("perceptron-tanh-nll", {"model": "perceptron", "layers": [5, 4, 4, 3], "activation": "tanh", "loss": "nll"},
           model, F.cross_entropy, [6, 5], [["layers.0.weight"], ["layers.0.bias", "layers.1.bias"], ["layers.1.weight"],
                                            ["layers.2.weight", "layers.2.bias"]])
    model = lenet([1, 2, 2, 4, 3, 3], 3, 10, F.softplus)
    yield ("lenet-softplus-nll", {"model": "lenet", "layers": [1, 2, 2, 4, 3, 3], "kernel": 3, "image_size": 10,
                                  "activation": "softplus", "loss": "nll"},
           model, F.cross_entropy, [4, 1, 10, 10], [["conv1.weight", "conv1.bias"], ["conv2.weight", "conv2.bias"],
                                                    ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
                                                    ["fc3.weight", "fc3.bias"]])
    model = perceptron([4, 5, 4, 2], F.elu)
    yield ("perceptron-elu-mse", {"model": "perceptron", "layers": [4, 5, 4, 2], "activation": "elu", "loss": "mse"},
           model, mean_squares, [5, 4], weights_and_biases(model[0]))


def tensor(f, size):
    """All derivatives of order 4 of f at 0, one gradient of a gradient after another."""
    eta = torch.zeros(size, requires_grad=True)
    derivatives = {(): f(eta)}
    loss = float(derivatives[()])
    for order in range(1, ORDER + 1):
        following = {}
        for index, value in derivatives.items():
            rows = torch.zeros(size)
            if value.requires_grad:
                rows, = torch.autograd.grad(value, eta, create_graph=order < ORDER, retain_graph=True)
            for s in range(index[-1] if index else 0, size):
                following[index + (s,)] = rows[s]
        derivatives = following
    indices = itertools.combinations_with_replacement(range(size), ORDER)
    return loss, [float(derivatives[index]) for index in indices]


def write(path, seed, description, model, loss_of, input_shape, groups):
    generator = torch.Generator().manual_seed(seed)
    normal = lambda shape, scale: scale * torch.randn(shape, generator=generator)
    shapes, forward = model
    theta = {n: normal(s, 0.5) for n, s in shapes.items()}
    u = {n: normal(s, 0.7) for n, s in shapes.items()}
    x = normal(input_shape, 1)
    classes = forward(theta, x).shape[1]
    nll = description["loss"] == "nll"
    y = torch.randint(0, classes, (len(x),), generator=generator) if nll else normal((len(x), classes), 1)
    subset = {n: s for s, group in enumerate(groups) for n in group}
    f = lambda eta: loss_of(forward({n: theta[n] + eta[subset[n]] * u[n] for n in shapes}, x), y)
    loss, entries = tensor(f, len(groups))
    flat = lambda tensors: [float(v) for n in shapes for v in tensors[n].flatten()]
    with open(path, "w") as file:
        json.dump({"description": description, "groups": groups, "theta": flat(theta), "u": flat(u), "rows": len(x),
                   "x": x.flatten().tolist(), "y": [float(v) for v in y.flatten()], "loss": loss, "D": entries}, file)
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for number, (name, *case) in enumerate(cases()):
        write(os.path.join(sys.argv[1], name + ".json"), 1000 + number, *case)
        print(name)
