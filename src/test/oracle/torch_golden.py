"""ONNX files of torch_modules.py and their derivatives by nested autograd in float64: the fixtures of OnnxNetworksTest.

    python src/test/oracle/torch_golden.py [NAME ...]      # writes src/test/resources/onnx/NAME*.{onnx,json}

Needs torch 2.13, onnx, onnxscript; files of PyTorch 1.13 are made by /usr/bin/python3. With f(eta) the mean loss of the rows at theta +
sum_s eta_s u_s, one subset per parameter in the order of named_parameters (a tied tensor once, by its first name), NAME.json has at eta = 0:
value, g [S], H [S, S], order3 [S], and ggn [S, S] with its own ggn_order3 [S] (derivatives of the loss at the tangents of the outputs); names
of the subsets, x, y, u and the outputs. NAME-train.json: the same with a batch's statistics in batch norms. Nothing is dropped in either.
Weights, rows and directions are float32 numbers, calculated with in float64. Each result is checked against central differences of the
derivative below it.
"""
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.func import functional_call

import torch_export
import torch_functions
import torch_modules

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources" / "onnx"


def derivative(value, at):
    """d value / d at with a graph; 0 where value does not depend on it."""
    if not value.requires_grad:
        return torch.zeros_like(at)
    found, = torch.autograd.grad(value, at, create_graph=True, allow_unused=True)
    return torch.zeros_like(at) if found is None else found


def arguments(x):
    return x if isinstance(x, tuple) else (x,)


class Summary:
    """g, H, order3 of one case: module in double precision, direction by name."""

    def __init__(self, case, module, direction, x, y):
        self.case, self.module, self.direction, self.x, self.y = case, module, direction, x, y
        self.theta = {name: p.detach() for name, p in module.named_parameters()}
        self.size = len(self.theta)

    def output(self, eta):
        moved = {name: p + eta[s] * self.direction[name] for s, (name, p) in enumerate(self.theta.items())}
        return functional_call(self.module, moved, arguments(self.x), tie_weights=True)

    def loss(self, output):
        return torch_modules.loss(self.case.loss, output, self.y)

    def gradient(self, at):
        eta = at.clone().requires_grad_()
        return torch.autograd.grad(self.loss(self.output(eta)), eta)[0]

    def hessian(self, at):
        eta = at.clone().requires_grad_()
        g = derivative(self.loss(self.output(eta)), eta)
        return torch.stack([torch.autograd.grad(v, eta, retain_graph=True)[0] if g.requires_grad else torch.zeros_like(eta) for v in g])

    def along(self, function, s, at, order):
        """d^order function(e s) / de^order at e = at."""
        e = torch.tensor(at, requires_grad=True)
        d = function(e * torch.eye(self.size)[s])
        for _ in range(order):
            d = derivative(d, e)
        return float(d.detach())

    def order3(self, function):
        return np.array([self.along(function, s, 0.0, 3) for s in range(self.size)])

    def tangents(self):
        """[outputs, S]"""
        zero, eye = torch.zeros(self.size), torch.eye(self.size)
        return torch.stack([torch.func.jvp(self.output, (zero,), (e,))[1].flatten() for e in eye], dim=1)

    def mean_loss(self, eta):
        return self.loss(self.output(eta))

    def values(self):
        zero = torch.zeros(self.size)
        output = self.output(zero).detach()
        t = self.tangents()
        of = lambda flat: self.loss(flat.reshape(output.shape))
        curved = torch.stack([torch.autograd.functional.hvp(of, output.flatten(), v)[1] for v in t.T])
        return {"output": output.numpy(), "loss": float(self.loss(output)), "g": self.gradient(zero).numpy(),
                "H": self.hessian(zero).numpy(), "order3": self.order3(self.mean_loss), "ggn": (curved @ t).numpy(),
                "ggn_order3": self.order3(lambda eta: of(output.flatten() + t @ eta))}

    def differences(self, v, step=1e-5):
        """Largest relative differences of g, H and order3 to fourth-order central differences of loss, g and second derivatives."""
        eye = torch.eye(self.size)
        slope = lambda f: (8 * (f(step) - f(-step)) - f(2 * step) + f(-2 * step)) / (12 * step)
        g = np.array([slope(lambda e: float(self.mean_loss(e * eye[s]))) for s in range(self.size)])
        h = np.stack([slope(lambda e: self.gradient(e * eye[s]).numpy()) for s in range(self.size)])
        order3 = np.array([slope(lambda e: self.along(self.mean_loss, s, e, 2)) for s in range(self.size)])
        relative = lambda a, b: float(np.abs(a - b).max() / np.abs(b).max())
        return {"g": relative(g, v["g"]), "H": relative(h, v["H"]), "order3": relative(order3, v["order3"])}


def summary(case, train=False):
    torch.set_default_dtype(torch.float32)
    module, (x, y) = case.make(), case.data()
    direction = case.direction(module)
    torch.set_default_dtype(torch.float64)
    module.double()
    if train:
        for m in module.modules():
            if isinstance(m, nn.modules.batchnorm._NormBase):
                m.train()
                m.num_batches_tracked = None
    double = lambda t: t.double() if t.is_floating_point() else t
    x = tuple(map(double, x)) if isinstance(x, tuple) else double(x)
    return Summary(case, module, {name: u.double() for name, u in direction.items()}, x, double(y))


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "values": values.flatten().tolist()}


def write(case, target, train=False):
    s = summary(case, train)
    with torch_functions.written_out():
        v = s.values()
        differences = s.differences(v)
    assert max(differences.values()) < 1e-8, differences
    found = {"loss": case.loss, "x": array(s.x), "y": array(s.y), "names": list(s.theta),
             "u": {name: array(u) for name, u in s.direction.items()}, "output": array(v["output"]), "value": v["loss"]}
    found.update({key: v[key].tolist() for key in ("g", "H", "order3", "ggn", "ggn_order3")})
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    print(target.name, "S", s.size, "loss %.6f" % v["loss"], {k: "%.1e" % d for k, d in differences.items()}, flush=True)


def main():
    names = sys.argv[1:] or list(torch_modules.CASES)
    RESOURCES.mkdir(exist_ok=True)
    torch_export.write_all(names, RESOURCES)
    torch.backends.mha.set_fastpath_enabled(False)
    for name in names:
        case = torch_modules.CASES[name]
        write(case, RESOURCES / (name + ".json"))
        if any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in case.make().modules()):
            write(case, RESOURCES / (name + "-train.json"), True)


if __name__ == "__main__":
    main()
