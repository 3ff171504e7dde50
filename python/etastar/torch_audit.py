"""Which rates of an optimizer are too high or too low for a module, tensor by tensor, and rates that were measured to do better."""

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any, Iterable

from etastar.audit_trial import Trials, regroup

if TYPE_CHECKING:
    import torch

# Of the loader's batches, one in so many is kept aside.
_ASIDE = 4
_MOST_ASIDE = 8


@dataclasses.dataclass
class Finding:
    """One thing that an audit says.

    kind: too far, too short, stands still, no slope, interacts or keep. names: of the tensors. sentence: with the figures. factor: for too
    far and too short, the offered rate over the optimizer's.
    """

    kind: str
    names: "list[str]"
    sentence: str
    factor: float = 1.0

    def __str__(self) -> str:
        return self.sentence


@dataclasses.dataclass
class Audit:
    """What an audit found.

    findings: sentences, the most important first. rates: offered rates by name of tensor, without those that stay. tensors: a dict for each tensor
    that steps: name, rate, step (its length over the tensor's) and eta, quartiles over batches, at the start and after the trial. steps: a dict for each
    fraction of eta*: fraction, predicted decrease, decrease on the batches, on other rows. trials: a dict for each run that was tried: change,
    losses of other rows from the start to the end of it. text: all of this to print.
    """

    findings: "list[Finding]"
    rates: "dict[str, float]"
    tensors: "list[dict[str, Any]]"
    steps: "list[dict[str, float]]"
    trials: "list[dict[str, Any]]"
    module: "torch.nn.Module" = dataclasses.field(repr=False)
    optimizer: "torch.optim.Optimizer" = dataclasses.field(repr=False)

    def __str__(self) -> str:
        from etastar.audit_text import text

        return text(self)

    def param_groups(self, thaw: bool = False) -> "list[dict[str, Any]]":
        """Groups for a new optimizer of the same class, with the module's own parameters: the optimizer's where nothing is offered.

        thaw: whether offered tensors with requires_grad False get gradients from now on; else they are left as they are.
        """
        return self._groups(self.optimizer, thaw)

    def apply(self, optimizer: "torch.optim.Optimizer", thaw: bool = False) -> None:
        """Gives the offered rates to an optimizer of the module's parameters in place; its state, such as momentum, is kept.

        A scheduler that was made before knows the old groups: make it anew.
        """
        groups = self._groups(optimizer, thaw)
        present = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        optimizer.param_groups[:] = [group for group in groups if id(group["params"][0]) in present]
        for group in groups:
            if id(group["params"][0]) not in present:
                optimizer.add_param_group(group)

    def _groups(self, optimizer, thaw):
        named = dict(self.module.named_parameters())
        groups = regroup(optimizer, {id(parameter): name for name, parameter in named.items()}, self.rates)
        present = {id(parameter) for group in groups for parameter in group["params"]}
        added: dict[float, list[Any]] = {}
        for name, rate in self.rates.items():
            if thaw:
                named[name].requires_grad_(True)
            if named[name].requires_grad and id(named[name]) not in present:
                added.setdefault(rate, []).append(named[name])
        return groups + [{"params": parameters, "lr": rate} for rate, parameters in added.items()]


def audit(
    module: "torch.nn.Module",
    optimizer: "torch.optim.Optimizer",
    loader: "Iterable[tuple[Any, Any]]",
    loss: str = "nll",
    steps: int = 40,
    batches: int = 8,
) -> Audit:
    """Judges the steps of an optimizer as it stands, and offers rates where they were measured to do better.

    Neither the module nor the optimizer is changed; all steps are made on copies. loader: pairs (x, y) of tensors, such as a DataLoader, of which
    one batch in four is kept aside to measure on. loss: nll, mse or bce, as of from_torch. steps: length of the runs that are tried, from the
    present state. batches: how many batches g, H and order3 are computed on, by the active
    classic session. A mistake is a ValueError of one line.
    """
    from etastar.audit_search import Search
    from pyspark.sql.utils import is_remote

    if is_remote():
        raise NotImplementedError("audit: found a session of Spark Connect, expected a classic one")
    _check(module, optimizer, loss, steps, batches)
    stepped, aside = _batches(loader, steps, module)
    return Search(Trials(module, optimizer, stepped, aside, loss), steps, batches).result()


def _check(module, optimizer, loss, steps, batches):
    names = {id(parameter) for parameter in module.parameters()}
    if loss not in ("nll", "mse", "bce"):
        raise ValueError("loss: found %r, expected one of nll, mse, bce" % loss)
    for name, value in (("steps", steps), ("batches", batches)):
        if not isinstance(value, int) or value < 10 and name == "steps" or value < 2:
            raise ValueError("%s: found %r, expected a whole number from %d" % (name, value, 10 if name == "steps" else 2))
    for place, group in enumerate(optimizer.param_groups):
        if "lr" not in group:
            raise ValueError("optimizer: found no lr in group %d, expected an optimizer whose groups have rates" % place)
        if any(id(parameter) not in names for parameter in group["params"]):
            raise ValueError("optimizer: found a parameter in group %d that is not the module's, expected those of module alone" % place)


def _batches(loader, steps, module):
    """Batches to step on and batches to measure on, on the module's device; each of the loader's once, random states restored."""
    import torch

    device = next(module.parameters()).device
    generator = getattr(loader, "generator", None)
    state = None if generator is None else generator.get_state()
    with torch.random.fork_rng():
        taken = list(itertools.islice(loader, -(-steps * _ASIDE // (_ASIDE - 1))))
    if generator is not None:
        generator.set_state(state)
    for batch in taken:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise ValueError("loader: found %s, expected pairs (x, y)" % type(batch).__name__)
    if len(taken) < _ASIDE:
        raise ValueError("loader: found %d batches, expected %d at least, as one in %d is kept aside" % (len(taken), _ASIDE, _ASIDE))
    taken = [(torch.as_tensor(x).to(device), torch.as_tensor(y).to(device)) for x, y in taken]
    stepped = [batch for place, batch in enumerate(taken) if place % _ASIDE != _ASIDE - 1]
    return stepped, taken[_ASIDE - 1 :: _ASIDE][:_MOST_ASIDE]
