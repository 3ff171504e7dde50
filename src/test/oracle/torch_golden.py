"""Golden values of torch_modules.py by nested autograd in float64, to OUT/NAME/golden.npz and, with batch statistics, golden-train.npz.

    python src/test/oracle/torch_golden.py OUT [NAME ...]

With f(eta) the mean loss of the rows at theta + sum_s eta_s u_s, one subset per parameter in the order of named_parameters (tied
tensors once), at eta = 0: loss, g [S], H [S, S], order3 [S], and ggn [S, S] with its own ggn_order3 [S] (derivatives of the loss at
the tangents of the outputs). Weights, rows and directions are float32 numbers, calculated with in float64. Arrays "theta/NAME",
"u/NAME" and "buffer/NAME" hold them, "names" the subsets, "output" the network's outputs; x, y the rows.

Derivatives of PyTorch's own norms are not relied on: layer, batch, group and instance norm are written out here. Each value is
checked against central differences of the derivative below it. golden-train.npz takes batch statistics, without dropout.
"""
import contextlib
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call

import torch_modules


def normalise(x, axes, eps):
    centred = x - x.mean(axes, keepdim=True)
    return centred / torch.sqrt((centred * centred).mean(axes, keepdim=True) + eps)


def per_channel(v, x):
    return v.reshape(1, -1, *[1] * (x.dim() - 2))


def scaled(x, weight, bias):
    x = x if weight is None else x * per_channel(weight, x)
    return x if bias is None else x + per_channel(bias, x)


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    x = normalise(x, tuple(range(-len(normalized_shape), 0)), eps)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if training:
        return scaled(normalise(x, (0, *range(2, x.dim())), eps), weight, bias)
    return scaled((x - per_channel(running_mean, x)) / torch.sqrt(per_channel(running_var, x) + eps), weight, bias)


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    return scaled(normalise(x.reshape(x.shape[0], num_groups, -1), (2,), eps).reshape(x.shape), weight, bias)


def instance_norm(x, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    assert use_input_stats
    return scaled(normalise(x, tuple(range(2, x.dim())), eps), weight, bias)


@contextlib.contextmanager
def written_out():
    """Norms in plain arithmetic, attention without fused kernels."""
    own = {"layer_norm": layer_norm, "batch_norm": batch_norm, "group_norm": group_norm, "instance_norm": instance_norm}
    saved = {name: getattr(F, name) for name in own}
    try:
        for name, function in own.items():
            setattr(F, name, function)
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
            yield
    finally:
        for name, function in saved.items():
            setattr(F, name, function)


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
    double = lambda t: t.double() if t.is_floating_point() else t
    x = tuple(map(double, x)) if isinstance(x, tuple) else double(x)
    return Summary(case, module, {name: u.double() for name, u in direction.items()}, x, double(y))


def native_error(s, v):
    """How far PyTorch's own norms are from the same derivatives."""
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        found = {"H": s.hessian(torch.zeros(s.size)).numpy(), "order3": s.order3(s.mean_loss)}
    return {k: "%.1e" % (np.abs(found[k] - v[k]).max() / np.abs(v[k]).max()) for k in found}


def write(case, target, train=False):
    s = summary(case, train)
    with written_out():
        v = s.values()
        differences = s.differences(v)
    try:
        native = native_error(s, v)
    except RuntimeError as e:
        native = str(e).split("\n")[0]
    arrays = {"x%d" % i if isinstance(s.x, tuple) else "x": t.numpy() for i, t in enumerate(arguments(s.x))}
    arrays.update({"theta/" + n: p.numpy() for n, p in s.theta.items()}, y=s.y.numpy(), names=np.array(list(s.theta)))
    arrays.update({"buffer/" + n: b.numpy() for n, b in s.module.named_buffers()})
    arrays.update({"u/" + n: u.numpy() for n, u in s.direction.items()}, **v)
    np.savez(target, **arrays)
    print(target.parent.name, target.stem, "S", s.size, "loss %.6f" % v["loss"], "differences",
          {k: "%.1e" % d for k, d in differences.items()}, "PyTorch's norms", native, flush=True)


def main(cases):
    torch.backends.mha.set_fastpath_enabled(False)
    for name in sys.argv[2:] or cases:
        directory = pathlib.Path(sys.argv[1]) / name
        directory.mkdir(parents=True, exist_ok=True)
        write(cases[name], directory / "golden.npz")
        if any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in cases[name].make().modules()):
            write(cases[name], directory / "golden-train.npz", True)


if __name__ == "__main__":
    main(torch_modules.CASES)
