"""Steps of an optimizer on copies of a module, so that neither is changed."""

import contextlib
import copy
import math
from typing import TYPE_CHECKING, Any

import numpy

from etastar.pytorch import _objective, _without_dropout

if TYPE_CHECKING:
    import torch

# Measurements of the loss in a trial.
CHECKS = 10


def objective(module: Any, batch: "tuple[Any, Any]", loss: str) -> "torch.Tensor":
    """The mean loss of a batch."""
    return _objective(module(batch[0]), batch[1], loss)


def regroup(optimizer: "torch.optim.Optimizer", names: "dict[int, str]", rates: "dict[str, float]") -> "list[dict[str, Any]]":
    """The optimizer's groups, cut where parameters get rates of their own; parameters are not copied.

    names: by id of a parameter. rates: by name; others keep theirs.
    """
    groups = []
    for group in optimizer.param_groups:
        parts: dict[float, list[int]] = {}
        for place, parameter in enumerate(group["params"]):
            parts.setdefault(rates.get(names[id(parameter)], float(group["lr"])), []).append(place)
        for lr, places in parts.items():
            part = {key: value for key, value in group.items() if key not in ("params", "param_names", "lr", "initial_lr")}
            part.update({key: [group[key][place] for place in places] for key in ("params", "param_names") if key in group})
            groups.append({**part, "lr": _like(group["lr"], lr)})
    return groups


def _like(old, lr):
    return old.new_full((), lr) if hasattr(old, "new_full") else lr


class Trials:
    """Runs of an optimizer from one state of a module.

    batches: pairs of tensors, which runs step on in turn. others: pairs whose loss is measured.
    """

    def __init__(self, module, optimizer, batches, others, loss):
        self.module, self.optimizer = module, optimizer
        self.batches, self.others, self.loss = batches, others, loss

    def twin(self, rates=None):
        """A copy of the module and of the optimizer, state and all, with rates by name."""
        module, optimizer = copy.deepcopy((self.module, self.optimizer))
        if rates:
            for name, parameter in module.named_parameters():
                parameter.requires_grad_(parameter.requires_grad or name in rates)
            names = {id(parameter): name for name, parameter in module.named_parameters()}
            optimizer.param_groups[:] = regroup(optimizer, names, rates)
            present = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
            for name, parameter in module.named_parameters():
                if name in rates and id(parameter) not in present:
                    optimizer.add_param_group({"params": [parameter], "lr": rates[name]})
        return module, optimizer

    def advance(self, module, optimizer, batch):
        """One step in place; gives the loss before it."""
        def closure():
            optimizer.zero_grad()
            value = objective(module, batch, self.loss)
            value.backward()
            return value.detach()

        # The class's own: a scheduler puts a step of the original optimizer into its copies.
        return float(type(optimizer).step(optimizer, closure))

    def step(self, module, optimizer, batch):
        """What one step subtracts from each parameter with a gradient, by name, in double precision; in place."""
        before = {name: parameter.detach().clone() for name, parameter in module.named_parameters()}
        self.advance(module, optimizer, batch)
        return {
            name: (before[name] - parameter.detach()).double() for name, parameter in module.named_parameters() if parameter.grad is not None
        }

    def losses(self, module, batches=None):
        """The mean loss of each of the other batches, dropout being off and buffers restored."""
        import torch

        with _without_dropout(module) as restored, restored, torch.no_grad():
            return numpy.array([float(objective(module, batch, self.loss)) for batch in batches or self.others])

    def run(self, rates, steps):
        """Losses [CHECKS + 1, others] of the others from before the first step on, infinite from where they are not finite; and the twin."""
        import torch

        with torch.random.fork_rng():
            module, optimizer = self.twin(rates)
            return self._trace(module, optimizer, 0, steps), module, optimizer

    def longer(self, module, optimizer, steps):
        """The losses of a run that goes on for as many steps as it had; what it ended with is kept."""
        import torch

        with torch.random.fork_rng():
            return self._trace(*copy.deepcopy((module, optimizer)), steps, steps)

    def _trace(self, module, optimizer, first, steps):
        """Steps in place, from number first on."""
        checks = {round(part * steps / CHECKS) for part in range(CHECKS + 1)}
        trace = []
        for done in range(steps + 1):
            if done in checks:
                trace.append(self.losses(module))
                if not numpy.isfinite(trace[-1]).all():
                    trace.pop()
                    break
            if done < steps:
                self.advance(module, optimizer, self.batches[(first + done) % len(self.batches)])
        trace += [numpy.full(len(self.others), math.inf)] * (len(checks) - len(trace))
        return numpy.array(trace)
