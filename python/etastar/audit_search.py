"""What an audit looks at, and in which order: a common factor, then layers, each measured against the rates before it."""

import copy
import math

import numpy

from etastar.audit_measures import FRACTIONS, LEAST, MOVED, SOONER, final, lower, outside, ratio, rescaled, supported, traced
from etastar.audit_slopes import slopes, still
from etastar.audit_text import findings, one_steps, tensors
from etastar.torch_audit import Audit

_ROUNDS = 3
_LAYERS = 3
# Of the best runs, so many go on to twice their length.
_LONGER = 5


class Search:
    """The rounds of one audit."""

    def __init__(self, trials, steps, batches):
        self.trials, self.steps = trials, steps
        # The batch of the step itself is none of those that it is judged on.
        self.judged = trials.batches[1 : batches + 1] or trials.batches
        self.module, self.optimizer = trials.module, trials.optimizer
        self._set_rates(dict(self.module.named_parameters()))
        self._sort(dict(self.module.named_parameters()))

    def _set_rates(self, named):
        """Rates by name, and those that most numbers have: the first stands in for tensors that have none."""
        self._ids = {id(parameter): name for name, parameter in named.items()}
        self.rates = {self._ids[id(parameter)]: float(group["lr"]) for group in self.optimizer.param_groups for parameter in group["params"]}
        numbers = {}
        for name, rate in self.rates.items():
            numbers[rate] = numbers.get(rate, 0) + named[name].numel()
        self.common = sorted((rate for rate in numbers if rate > 0), key=numbers.get, reverse=True)[:2]
        if not self.common:
            raise ValueError("optimizer: found no rate above 0, expected one at least")
        self.usual = self.common[0]

    def _sort(self, named):
        """Tensors that move, and those that do not, by reason."""
        self.frozen = [name for name, parameter in named.items() if not parameter.requires_grad]
        self.left_out = [name for name in named if name not in self.rates and name not in self.frozen]
        self.zero = [name for name, rate in self.rates.items() if rate == 0 and name not in self.frozen]
        self.moved = [name for name in named if name not in self.frozen + self.left_out + self.zero]

    def look(self, module, optimizer):
        """Slopes along the next step, and the step and the module in eval mode that they are of."""
        at = still(module, self.judged)
        step = self.trials.step(module, optimizer, self.trials.batches[0])
        batches = [(x.cpu(), y.cpu()) for x, y in self.judged]
        return slopes(at, batches, step, self.trials.loss), step, at

    def result(self):
        import torch

        with torch.random.fork_rng():
            return self._result()

    def _result(self):
        start, step, at = self.look(*self.trials.twin({name: self.usual for name in self.left_out + self.zero}))
        self.start, self.step, self.flat = start, step, start.flat
        self.live = self._alive({})
        self.unused = [name for name in self.moved if name not in step]
        self.runs = []
        change = {}
        best = self._run("keep", [], 1.0, {})
        self.keep, self.changes = best, []
        for _ in range(_ROUNDS):
            found = self._round(change, best)
            if found is None:
                break
            label, names, factor, rates, run = found
            self.changes.append((label, names, factor, best, run))
            change, best = rates, run
            if label == "unfreeze":
                break
        self.end = self._end(best) if math.isfinite(best["losses"][-1]) else None
        return self._audit(change, step, at)

    def _run(self, label, names, factor, rates):
        trace, module, optimizer = self.trials.run(rates, self.steps)
        run = {"change": label, "names": names, "factor": factor, "trace": trace, "module": module, "optimizer": optimizer, **traced(trace)}
        self.runs.append(run)
        return run

    def _round(self, change, best):
        """The first kind of change that is supported, at its best, as its label, names, factor, rates and run; None if there is none."""
        candidates = list(self._candidates(change, best))
        for kind in SOONER:
            tried = []
            for label, names, factors in candidates:
                if label == kind:
                    tried += self._tried(label, names, factors, change, best)
            best_first = sorted(tried, key=lambda one: final(one[-1]["losses"]))[:_LONGER]
            staying = [one for one in best_first if self._stays(one, best)]
            if staying:
                return min(staying, key=lambda one: final(self._longer(one[-1])["losses"]))
        return None

    def _stays(self, one, best):
        """Whether other rates end lower in a run of twice the length, too: what helps at first may not later."""
        return lower(self._longer(one[-1]), self._longer(best))

    def _longer(self, run):
        """The losses of a run of twice the length."""
        if "longer" not in run:
            later = self.trials.longer(run["module"], run["optimizer"], self.steps) if math.isfinite(run["losses"][-1]) else run["trace"]
            run["longer"] = traced(numpy.concatenate([run["trace"], later[1:]]))
        return run["longer"]

    def _alive(self, change):
        """Names of tensors that step and have a slope."""
        return [name for name in self.start.names if name not in self.flat and (name in self.moved or name in change)]

    def _end(self, run):
        """Slopes along the step after a run."""
        if "end" not in run:
            run["end"] = self.look(*copy.deepcopy((run["module"], run["optimizer"])))[0]
        return run["end"]

    def _tried(self, label, names, factors, change, best):
        """Supported ones."""
        losses, tried = [], []
        for factor in factors:
            rates = {**change, **{name: self._rate(name, change) * factor for name in names}}
            run = self._run(label, names, factor, rates)
            run["before"] = best
            losses.append(final(run["losses"]))
            if self._supported(run, best):
                tried.append((label, names, factor, rates, run))
            else:
                del run["module"], run["optimizer"]
            # From the largest factor down the loss has one valley.
            if len(losses) > 2 and min(losses[-2:]) > min(losses[:-2]):
                break
        return tried

    def _supported(self, run, best):
        """Whether a run does better; of tensors that stood still, in runs of twice the length, as first steps of a layer that was left behind swing."""
        return lower(self._longer(run), self._longer(best)) if run["change"] in MOVED else supported(run, best)

    def _rate(self, name, change):
        return change.get(name, self.rates.get(name, 0.0) or self.usual)

    def _candidates(self, change, best):
        """Labels, names of tensors, factors from the largest down."""
        live = self._alive(change)
        points = [rescaled(self.start, {name: change[name] / self._rate(name, {}) for name in live if name in change})]
        if math.isfinite(best["losses"][-1]):
            points.append(self._end(best))
        resting = [name for name in self.zero + self.left_out if name not in self.flat and name not in change]
        for label, names in (("thaw", resting), ("unfreeze", self.frozen)):
            if names:
                yield label, names, [1.0]
        for names in self._groups(live):
            yield "group", names, outside(rate / self._rate(names[0], change) for rate in self.common)
        commons = [rate for rate in (float(numpy.median(of.own(live))) for of in points) if 0 < rate < math.inf]
        if commons:
            yield "all", live, outside(math.exp(numpy.log(commons).mean()) * fraction for fraction in FRACTIONS)
        yield from self._layers(live, points)

    def _layers(self, live, points):
        """Layers whose own rates are not those of the rest."""
        told = []
        for names in self._units(live):
            rest = [name for name in live if name not in names]
            for low, middle, high in [ratio(of.own(names), of.own(rest)) for of in points] if rest else []:
                if (low > LEAST or high < 1 / LEAST) and 1e-6 < middle < 1e6:
                    told.append((abs(math.log(middle)), names, middle))
        for _, names, middle in sorted(told, key=lambda one: -one[0])[:_LAYERS]:
            yield "layer", names, outside(sorted((min(max(middle**power, 1e-2), 1e2) for power in (0.5, 1)), reverse=True))

    def _groups(self, live):
        """Tensors of each group of the optimizer."""
        groups = [[self._ids[id(parameter)] for parameter in group["params"]] for group in self.optimizer.param_groups]
        groups = [[name for name in names if name in live] for names in groups]
        return [names for names in groups if names]

    def _units(self, live):
        """The optimizer's groups if there are several, and layers: tensors of one submodule."""
        units = {}
        for name in live:
            units.setdefault(name.rpartition(".")[0], []).append(name)
        found = self._groups(live)
        found = found if len(found) > 1 else []
        return found + [names for names in units.values() if sorted(names) not in [sorted(known) for known in found]]

    def _audit(self, change, step, at):
        trials = [{**{key: run[key] for key in ("change", "names", "factor")}, "losses": run["losses"].tolist()} for run in self.runs]
        return Audit(findings(self), change, tensors(self), one_steps(self, step, at), trials, self.module, self.optimizer)
