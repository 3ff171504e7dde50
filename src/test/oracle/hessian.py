#!/usr/bin/python3
"""Full Hessians of the golden cases by nested autograd in float64: the oracle of GoldenHessianTest.

    src/test/oracle/hessian.py      # rewrites src/test/resources/oracle-hessian/NAME.json

Each file holds, for the mean loss at the case's parameters, the names of the tensors in the order in which they lie in the
flat vector, the (at most 25) eigenvalues of largest magnitude, and the product of the Hessian with the case's direction.
Layouts: dense weight [in, out], convolution weight [outC, inC, kH, kW], images [N, C, H, W].
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
CASES = ["mlp-tanh-nll", "mlp-gelu-nll", "mlp-relu-nll", "mlp-arctan-mse", "mlp-elu-mse-linear-head",
         "mlp-sigmoid-mse-blocks", "autoencoder-tanh-bce", "lenet-tanh-nll", "lenet-softplus-nll-wb", "vgg-elu-nll", "rosenbrock"]
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "elu": F.elu, "softplus": F.softplus,
               "gelu": F.gelu, "arctan": torch.atan}


def dense(p, name, h):
    return h @ p[name + ".weight"] + p[name + ".bias"]


def chain(p, prefix, h, act):
    """Dense layers prefix.0, prefix.1, ... with activations between them."""
    count = sum(name.startswith(prefix + ".") for name in p) // 2
    for i in range(count):
        h = dense(p, f"{prefix}.{i}", h)
        h = act(h) if i < count - 1 else h
    return h


def convolution(p, name, h, padding=0):
    return F.conv2d(h, p[name + ".weight"], p[name + ".bias"], padding=padding)


def perceptron(c, p, x, act):
    return chain(p, "layers", x.flatten(1), act)


def autoencoder(c, p, x, act):
    return torch.sigmoid(chain(p, "layers_dec", chain(p, "layers_enc", x.flatten(1), act), act))


def lenet(c, p, x, act):
    h = F.max_pool2d(act(convolution(p, "conv1", x)), 2)
    h = F.max_pool2d(act(convolution(p, "conv2", h)), 2).flatten(1)
    return dense(p, "fc3", act(dense(p, "fc2", act(dense(p, "fc1", h)))))


def vgg(c, p, x, act):
    index = 0
    for layer in c["cfg"]:
        if layer == "M":
            x, index = F.max_pool2d(x, 2), index + 1
        else:
            x, index = act(convolution(p, f"features.{index}", x, 1)), index + 2
    return dense(p, "classifier.0", x.flatten(1))


def rosenbrock(c, p, x, act):
    return ((p["xodd"] - c["a"]) ** 2 + c["b"] * (p["xodd"] ** 2 - p["xeven"]) ** 2).sum()


MODELS = {f.__name__: f for f in (perceptron, autoencoder, lenet, vgg, rosenbrock)}
LOSSES = {"nll": F.cross_entropy, "mse": lambda out, y: ((out - y.reshape(out.shape)) ** 2).mean(),
          "bce": lambda out, y: F.binary_cross_entropy(out, y.reshape(out.shape)), "none": lambda out, y: out}


def flat(arrays):
    return torch.tensor(np.concatenate([arrays[name].reshape(-1) for name in arrays.files]))


def main():
    for name in CASES:
        case = RESOURCES / "golden" / name
        c = json.loads((case / "case.json").read_text())
        parameters, data = np.load(case / "parameters.npz"), np.load(case / "data.npz")
        x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
        shapes = [parameters[n].shape for n in parameters.files]
        sizes = [int(np.prod(shape)) for shape in shapes]

        def loss(theta):
            p = {n: part.reshape(shape) for n, part, shape in zip(parameters.files, theta.split(sizes), shapes)}
            return LOSSES[c["loss"]](MODELS[c["model"]](c, p, x, ACTIVATIONS.get(c.get("activation"))), y)

        hessian = torch.autograd.functional.hessian(loss, flat(parameters))
        values = np.linalg.eigvalsh(((hessian + hessian.T) / 2).numpy())
        values = values[np.argsort(-np.abs(values), kind="stable")][:25]
        direction = np.load(case / "direction.npz")
        v = torch.tensor(np.concatenate([direction[n].reshape(-1) for n in parameters.files]))
        found = {"names": parameters.files, "eigenvalues": values.tolist(), "product": (hessian @ v).tolist()}
        (RESOURCES / "oracle-hessian" / (name + ".json")).write_text(json.dumps(found) + "\n")
        print(name, len(v), "values", values[:3], "asymmetry", float((hessian - hessian.T).abs().max()))


if __name__ == "__main__":
    main()
