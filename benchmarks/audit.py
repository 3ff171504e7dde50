#!/usr/bin/env python3
"""etastar.audit on recipes whose mistake is known, and the steps that its groups take to the recipe's loss after 100 steps.

benchmarks/audit.py [--cases NAME,...] [--recipes NAME,...] [--seeds N,...] on a Python with the package and PyTorch: for each recipe a line
`audit recipe=NAME case=NAME seed=N found=... named=... steps_ratio=R`, R at most 1.5. The right rate is the best of a grid for the
loss of all rows after 100 steps.
"""
import argparse
import copy
import gzip
import math
import pathlib
import sys

import numpy
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "src/test/oracle"))
import torch_modules  # noqa: E402

STEPS, LIMIT = 100, 150
RECIPES = ["right", "high", "low", "layer", "frozen", "dead"]


class Shifted(nn.Module):
    """Adds a number to all logits, which the loss does not depend on."""

    def __init__(self, inner):
        super().__init__()
        self.inner, self.shift = inner, nn.Parameter(torch.tensor([0.1]))

    def forward(self, x):
        return self.inner(x) + self.shift


def mlp(act):
    return lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 32), act(), nn.Linear(32, 32), act(), nn.Linear(32, 10))


def conv(norm):
    def make():
        norms = [nn.BatchNorm2d(8), nn.BatchNorm2d(16)] if norm else [nn.Identity(), nn.Identity()]
        return nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), norms[0], nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), norms[1], nn.ReLU(),
            nn.Flatten(), nn.Linear(256, 10))
    return make


def adam(groups, lr):
    return torch.optim.Adam(groups, lr=lr)


def adamw(groups, lr):
    return torch.optim.AdamW(groups, lr=lr, weight_decay=0.01)


def sgd(groups, lr):
    return torch.optim.SGD(groups, lr=lr)


def momentum(groups, lr):
    return torch.optim.SGD(groups, lr=lr, momentum=0.9)


def rmsprop(groups, lr):
    return torch.optim.RMSprop(groups, lr=lr)


# Name: module, optimizer, the layer whose bias kills a ReLU (None: a tensor without effect is added).
CASES = {
    "mlp-adam": (mlp(nn.ReLU), adam, "1"),
    "mlp-sgd": (mlp(nn.Tanh), momentum, None),
    "conv-adam": (conv(False), adam, "0"),
    "conv-sgd": (conv(False), sgd, "4"),
    "conv-bn-momentum": (conv(True), momentum, None),
    "vit-adamw": (lambda: torch_modules.Vit(1, 8, 2, 16, 10), adamw, None),
    "mixer-rmsprop": (lambda: torch_modules.Mixer(1, 8, 2, 16, 10), rmsprop, None),
}


def digits():
    rows = numpy.loadtxt(gzip.open(ROOT / "src/main/resources/io/etastar/data/format/digits.csv.gz", "rt"), delimiter=",")
    return torch.tensor(rows[:, :-1] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8), torch.tensor(rows[:, -1]).long()


def batches(x, y, seed):
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    return [(x[at], y[at]) for at in order[: len(x) // 32 * 32].reshape(-1, 32)]


def layers(module):
    """Names of the tensors of each submodule that has some of its own."""
    found = {}
    for name, _ in module.named_parameters():
        found.setdefault(name.rpartition(".")[0], []).append(name)
    return list(found.values())


def spoiled(case, seed, lr, own, factor):
    """One layer at another rate."""
    build, optimizer, _ = CASES[case]
    torch.manual_seed(seed)
    module = build()
    named = dict(module.named_parameters())
    rest = [parameter for name, parameter in named.items() if name not in own]
    return module, optimizer([{"params": rest}, {"params": [named[name] for name in own], "lr": lr * factor}], lr)


def worst(case, seed, lr, factors, data):
    """The layer and the factor that leave the highest loss after 100 steps."""
    def end(own, factor):
        return losses(*spoiled(case, seed, lr, own, factor), data, batches(*data, seed), STEPS)[-1]

    torch.manual_seed(seed)
    tried = [(end(own, factor), own, factor) for own in layers(CASES[case][0]()) for factor in factors]
    return max((one for one in tried if math.isfinite(one[0])), key=lambda one: one[0])[1:]


def made(case, seed, recipe, lr, data):
    """A module and its optimizer, and the names that a finding must have; `layer` and `frozen` are of the layer where it does most harm."""
    build, optimizer, dead = CASES[case]
    if recipe in ("layer", "frozen"):
        own, factor = worst(case, seed, lr, [10.0, 0.01] if recipe == "layer" else [0.0], data)
        return *spoiled(case, seed, lr, own, factor), own, factor
    torch.manual_seed(seed)
    module = build()
    if recipe == "dead" and dead is None:
        module = Shifted(module)
        return module, optimizer(module.parameters(), lr), ["shift"], 1
    if recipe == "dead":
        with torch.no_grad():
            module.get_submodule(dead).bias.fill_(-20.0)
        return module, optimizer(module.parameters(), lr), without_gradient(module, data), 1
    factor = {"high": 10.0, "low": 0.1}.get(recipe, 1.0)
    return module, optimizer(module.parameters(), lr * factor), [name for name, _ in module.named_parameters()], factor


def losses(module, optimizer, data, stepped, steps, until=-math.inf):
    """The loss of all rows before the first step and after each."""
    x, y = data
    found = []
    for step in range(steps + 1):
        # Batch norm's own statistics of all rows, which leaves no trace.
        with torch.no_grad():
            found.append(float(nn.functional.cross_entropy(copy.deepcopy(module).train()(x), y)))
        if found[-1] <= until:
            break
        batch = stepped[step % len(stepped)]
        optimizer.zero_grad()
        nn.functional.cross_entropy(module(batch[0]), batch[1]).backward()
        optimizer.step()
    return found


def right(case, seed, data):
    """The best rate of a grid."""
    grid = [10 ** (power / 2) for power in range(-8, 1)]
    ends = []
    for lr in grid:
        module, optimizer, *_ = made(case, seed, "right", lr, data)
        end = losses(module, optimizer, data, batches(*data, seed), STEPS)[-3:]
        ends.append(float(numpy.mean(end)) if math.isfinite(sum(end)) else math.inf)
    return grid[int(numpy.argmin(ends))]


def without_gradient(module, data):
    module = copy.deepcopy(module)
    nn.functional.cross_entropy(module(data[0]), data[1]).backward()
    return [name for name, parameter in module.named_parameters() if not parameter.grad.any()]


def named(recipe, names, factor, findings):
    """Whether the recipe's mistake is told, with its names and nothing else of its kind."""
    changed = [(one.kind, set(one.names)) for one in findings if one.kind in ("too far", "too short")]
    still, flat = ([set(one.names) for one in findings if one.kind == kind] for kind in ("stands still", "no slope"))
    names = set(names)
    if recipe in ("frozen", "dead"):
        return (still, flat) == (([names], []) if recipe == "frozen" else ([], [names]))
    if factor == 1:
        return not changed and not still and not flat
    return changed[:1] == [("too far" if factor > 1 else "too short", names)]


def line(recipe, case, seed, lr, data):
    import etastar

    module, optimizer, names, factor = made(case, seed, recipe, lr, data)
    stepped = batches(*data, seed)
    result = etastar.audit(module, optimizer, stepped)
    followed = copy.deepcopy(module)
    rates = result.param_groups()
    at = {id(parameter): name for name, parameter in module.named_parameters()}
    own = dict(followed.named_parameters())
    groups = [{**group, "params": [own[at[id(parameter)]] for parameter in group["params"]]} for group in rates]
    target = losses(module, optimizer, data, stepped, STEPS)[-1]
    steps = losses(followed, type(optimizer)(groups), data, stepped, LIMIT, target)
    ratio = (len(steps) - 1) / STEPS
    kinds = ",".join("%s(%s)" % (one.kind.replace(" ", "_"), "x%.3g" % one.factor if one.factor != 1 else len(one.names)) for one in result.findings)
    print("audit recipe=%s case=%s seed=%d lr=%.3g spoiled=%s found=%s named=%s loss=%.4g steps_ratio=%.2f" % (
        recipe, case, seed, lr, "%s:x%g" % (names[0].rpartition(".")[0] or "-", factor) if recipe in ("layer", "frozen") else "-", kinds, named(recipe, names, factor, result.findings), target, ratio), flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="mlp-adam,conv-sgd")
    parser.add_argument("--recipes", default=",".join(RECIPES))
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--verbose", action="store_true", help="print what each audit says")
    options = parser.parse_args()
    import etastar
    from pyspark.sql import SparkSession

    SparkSession.getActiveSession() or etastar.session(SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false"))
    data = digits()
    for case in options.cases.split(","):
        for seed in map(int, options.seeds.split(",")):
            lr = right(case, seed, data)
            for recipe in options.recipes.split(","):
                result = line(recipe, case, seed, lr, data)
                if options.verbose:
                    print(result)
                    for run in result.trials:
                        print("  %-6s x%-8.3g %-20s %s" % (run["change"], run["factor"], ",".join(run["names"])[:20], " ".join("%.3f" % one for one in run["losses"])), flush=True)


if __name__ == "__main__":
    main()
