#!/usr/bin/python3
"""Kronecker factors and a run of K-FAC in float64: the oracle of GoldenFactorsTest and of the trajectory "k-fac".

    src/test/oracle/kfac.py     # rewrites src/test/resources/oracle-kfac/NAME.json and golden/trajectories/k-fac

Models are torch modules whose hooks record, for every layer, its input and the derivative of the sum of the samples' losses in
its output. Each file of oracle-kfac holds, per layer and summed over the case's samples, the lower triangles (row by row) of

    A           sum over samples and positions of a a', a the input (image patches for convolutions) followed by 1
    empirical   sum of s s' for the labels of the data
    sampled     its expectation for labels of the model's own distribution: labels are enumerated for classes, and for the
                other losses J'HJ is summed column by column, H the Hessian of the loss in the output of the last layer

The run takes the empirical factors, running averages of the means (A over samples, S over samples and positions), and solves
with the dense matrix S (x) A + damping I for each layer.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
CASES = ["mlp-tanh-nll", "mlp-arctan-mse", "autoencoder-tanh-bce", "lenet-tanh-nll", "vgg-elu-nll"]


class Atan(nn.Module):
    def forward(self, x):
        return torch.atan(x)


def activation(c):
    return {"tanh": nn.Tanh, "arctan": Atan, "elu": nn.ELU}[c["activation"]]()


def chain(c, sides, names):
    modules = []
    for i, name in enumerate(names):
        modules += [(name, nn.Linear(sides[i], sides[i + 1]))] + ([("act", activation(c))] if i + 1 < len(names) else [])
    return modules


def build(c):
    """Layers in order, each with the name of its parameters."""
    kind = c["model"]
    if kind == "perceptron":
        n = len(c["layers"]) - 1
        return [("", nn.Flatten())] + chain(c, c["layers"], [f"layers.{i}" for i in range(n)])
    if kind == "autoencoder":
        n, sides = len(c["layers"]) - 1, c["layers"]
        enc = chain(c, sides, [f"layers_enc.{i}" for i in range(n)])
        return enc + chain(c, sides[::-1], [f"layers_dec.{i}" for i in range(n)])
    if kind == "lenet":
        l, k = c["layers"], c["kernel"]
        conv = lambda name, i: [(name, nn.Conv2d(l[i], l[i + 1], k)), ("act", activation(c)), ("pool", nn.MaxPool2d(2))]
        side = ((c["image_size"] - k + 1) // 2 - k + 1) // 2
        dense = chain(c, [side * side * l[2]] + l[3:], ["fc1", "fc2", "fc3"])
        return conv("conv1", 0) + conv("conv2", 1) + [("", nn.Flatten())] + dense
    modules, channels, index, size = [], c["in_channels"], 0, c["image_size"]
    for entry in c["cfg"]:
        if entry == "M":
            modules, index, size = modules + [("pool", nn.MaxPool2d(2))], index + 1, size // 2
        else:
            modules += [(f"features.{index}", nn.Conv2d(channels, entry, 3, padding=1)), ("act", activation(c))]
            channels, index = entry, index + 2
    return modules + [("", nn.Flatten()), ("classifier.0", nn.Linear(channels * size * size, c["classes"]))]


class Recorded:
    """A network whose layers remember inputs and adjoints of outputs."""

    def __init__(self, c, parameters):
        self.c, modules = c, build(c)
        self.net = nn.Sequential(*[m for _, m in modules])
        self.layers = [(name, m) for name, m in modules if isinstance(m, (nn.Linear, nn.Conv2d))]
        self.load(parameters)
        self.a, self.s = {}, {}
        for name, m in self.layers:
            m.register_forward_hook(lambda m, x, out, name=name: self.a.__setitem__(name, x[0].detach()))
            m.register_full_backward_hook(lambda m, gi, go, name=name: self.s.__setitem__(name, go[0].detach()))

    def load(self, parameters):
        with torch.no_grad():
            for name, m in self.layers:
                w = torch.as_tensor(parameters[name + ".weight"])
                m.weight.copy_(w.T if isinstance(m, nn.Linear) else w)
                m.bias.copy_(torch.as_tensor(parameters[name + ".bias"]))

    def losses(self, z, y):
        if self.c["loss"] == "nll":
            return F.cross_entropy(z, y, reduction="none")
        if self.c["loss"] == "mse":
            return ((z - y) ** 2).mean(1)
        return F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(1)

    def inputs(self, name, m):
        """[samples * positions, inputs + 1]."""
        a = self.a[name]
        if isinstance(m, nn.Conv2d):
            a = F.unfold(a, m.kernel_size, padding=m.padding).transpose(1, 2).reshape(-1, m.weight[0].numel())
        return torch.cat([a, torch.ones(len(a), 1)], 1)

    def adjoints(self, name, m):
        """[samples * positions, outputs]."""
        s = self.s[name]
        return s.flatten(2).transpose(1, 2).reshape(-1, s.shape[1]) if isinstance(m, nn.Conv2d) else s

    def backward(self, x, root):
        """Runs both sweeps; root makes a scalar of the output."""
        self.net.zero_grad()
        value = root(self.net(x.requires_grad_(True)))
        value.backward()
        return value.item()

    def second(self):
        return {n: self.adjoints(n, m).T @ self.adjoints(n, m) for n, m in self.layers}


def expected(r, x):
    """Expectation over labels of the sum of s s'."""
    z = r.net(x).detach()
    total = None
    for j in range(z.shape[1]):
        if r.c["loss"] == "nll":
            p = torch.softmax(z, 1)
            label = torch.full((len(z),), j)
            root = lambda out: (p[:, j].sqrt() * F.cross_entropy(out, label, reduction="none")).sum()
        elif r.c["loss"] == "mse":
            root = lambda out: np.sqrt(2 / z.shape[1]) * out[:, j].sum()
        else:
            p = torch.sigmoid(z[:, j])
            root = lambda out: ((p * (1 - p) / z.shape[1]).sqrt() * out[:, j]).sum()
        r.backward(x, root)
        part = r.second()
        total = part if total is None else {n: total[n] + part[n] for n in part}
    return total


def triangle(matrix):
    return matrix.numpy()[np.tril_indices(len(matrix))].tolist()


def factors():
    for name in CASES:
        case = RESOURCES / "golden" / name
        c = json.loads((case / "case.json").read_text())
        data = np.load(case / "data.npz")
        x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
        x = x.reshape(len(x), *c["input"])
        r = Recorded(c, np.load(case / "parameters.npz"))
        r.backward(x, lambda z: r.losses(z, y).sum())
        a = {n: r.inputs(n, m).T @ r.inputs(n, m) for n, m in r.layers}
        empirical, sampled = r.second(), expected(r, x)
        found = [{"layer": n, "inputs": len(a[n]), "outputs": len(empirical[n]),
                  "positions": len(r.inputs(n, m)) // len(x), "A": triangle(a[n]), "empirical": triangle(empirical[n]),
                  "sampled": triangle(sampled[n])} for n, m in r.layers]
        out = RESOURCES / "oracle-kfac" / (name + ".json")
        out.parent.mkdir(exist_ok=True)
        out.write_text(json.dumps({"samples": len(x), "layers": found}) + "\n")
        print(name, [(f["layer"], f["inputs"], f["outputs"], f["positions"]) for f in found])


RUN = dict(model="perceptron", layers=[10, 8, 6, 4], activation="tanh", loss="nll", classes=4, input=[10],
           partition="canonical", optimizer="k-fac", lr=0.05, steps=30,
           base=dict(name="sgd", momentum=0.9, dampening=0.0, weight_decay=3e-3),
           kfac=dict(decay=0.95, damping=0.03, clip=0.02, factor_period=3, inverse_period=7, fisher="empirical"))


def run(c, parameters, xs, ys):
    k, base = c["kfac"], c["base"]
    theta = {n: p.copy() for n, p in parameters.items()}
    r = Recorded(c, theta)
    mean, fixed, velocity, losses, clipped = {}, {}, {}, [], 0
    for t in range(c["steps"]):
        x, y = torch.tensor(xs[t]), torch.tensor(ys[t])
        r.load(theta)
        losses.append(r.backward(x, lambda z: r.losses(z, y).sum()) / len(x))
        direction, change = {}, 0.0
        for n, m in r.layers:
            if t % k["factor_period"] == 0:
                a, s = r.inputs(n, m).numpy(), r.adjoints(n, m).numpy()
                new = (a.T @ a / len(x), s.T @ s / len(x))
                old = mean.get(n, new)
                mean[n] = tuple(k["decay"] * o + (1 - k["decay"]) * f for o, f in zip(old, new))
            if t % k["inverse_period"] == 0:
                fixed[n] = mean[n]
            w = np.vstack([theta[n + ".weight"], theta[n + ".bias"][None]])
            g = np.hstack([m.weight.grad.numpy(), m.bias.grad.numpy()[:, None]]).T / len(x) + base["weight_decay"] * w
            a, s = fixed[n]
            solved = np.linalg.solve(np.kron(a, s) + k["damping"] * np.eye(g.size), g.reshape(-1)).reshape(g.shape)
            direction[n] = solved
            change += c["lr"] ** 2 * float((solved * g).sum())
        nu = min(1.0, np.sqrt(k["clip"] / change))
        clipped += nu < 1
        for n, m in r.layers:
            v = nu * direction[n]
            velocity[n] = v if n not in velocity else base["momentum"] * velocity[n] + v
            theta[n + ".weight"] = theta[n + ".weight"] - c["lr"] * velocity[n][:-1]
            theta[n + ".bias"] = theta[n + ".bias"] - c["lr"] * velocity[n][-1]
    return theta, losses, clipped


def trajectory(batch=16, seed=620):
    c, rng = RUN, np.random.default_rng(seed)
    parameters, sides = {}, c["layers"]
    for i, (n, m) in enumerate(zip(sides, sides[1:])):
        parameters[f"layers.{i}.weight"] = rng.standard_normal((n, m)) / np.sqrt(n)
        parameters[f"layers.{i}.bias"] = np.zeros(m)
    teacher = rng.standard_normal((sides[0], sides[-1]))
    x = rng.standard_normal((c["steps"], batch, sides[0]))
    y = (x @ teacher + 0.5 * rng.standard_normal((c["steps"], batch, sides[-1]))).argmax(-1)
    theta, losses, clipped = run(c, parameters, x, y)
    folder = RESOURCES / "golden" / "trajectories" / "k-fac"
    folder.mkdir(exist_ok=True)
    np.savez(folder / "parameters.npz", **parameters)
    np.savez(folder / "batches.npz", x=x, y=y, hg_x=x[:1], hg_y=y[:1])
    np.savez(folder / "final.npz", **theta)
    case = {**c, "seed": seed, "expected": {"loss": losses, "eta": []}}
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n")
    print("k-fac", "loss %.4f -> %.4f" % (losses[0], losses[-1]), clipped, "steps clipped of", c["steps"])


if __name__ == "__main__":
    factors()
    trajectory()
