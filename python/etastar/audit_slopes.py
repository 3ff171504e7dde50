"""Slopes and curvature of a module's loss along one step of an optimizer, batch by batch."""

import copy
import dataclasses
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    import torch

# Terms of the third order damp rates as CurvatureSummary's do.
_DAMPING = 1.0


@dataclasses.dataclass
class Slopes:
    """Means over the rows of K batches of derivatives in the rates of S tensors, along a step u of an optimizer: theta_s - eta_s u_s, so that
    eta = 1 is the optimizer's own rate.

    names: of the tensors. g [K, S], H [K, S, S], order3 [K, S]. flat: names of tensors whose derivatives are below rounding. loss [K].
    """

    names: "list[str]"
    g: numpy.ndarray
    H: numpy.ndarray
    order3: numpy.ndarray
    flat: "set[str]"
    loss: numpy.ndarray

    def own(self, names: "list[str]") -> numpy.ndarray:
        """The rates [K] at which each batch's loss is least in the model of the third order, if these tensors step alone, as one."""
        return numpy.array([rate(*three) for three in zip(*self._along(names))])

    def _along(self, names):
        """Slopes, curvatures and third derivatives [K] in one rate of some tensors."""
        at = [self.names.index(name) for name in names if name in self.names]
        third = numpy.sum(numpy.abs(self.order3[:, at]) ** (2 / 3), axis=1) ** 1.5
        return self.g[:, at].sum(axis=1), self.H[numpy.ix_(range(len(self.H)), at, at)].sum(axis=(1, 2)), third

    def interactions(self) -> numpy.ndarray:
        """H_st / sqrt(|H_ss H_tt|) [S, S] of all batches together, 0 where H_ss or H_tt is 0."""
        h = self.H.mean(axis=0)
        scale = numpy.sqrt(numpy.abs(numpy.outer(numpy.diag(h), numpy.diag(h))))
        return numpy.divide(h, scale, out=numpy.zeros_like(h), where=scale > 0)

    def predicted(self, eta: float) -> float:
        """The decrease of the mean loss after all tensors stepped with one rate, in the model of the third order."""
        third = numpy.sum(numpy.abs(self.order3.mean(axis=0)) ** (2 / 3)) ** 1.5
        return float(eta * self.g.mean(axis=0).sum() - eta**2 / 2 * self.H.mean(axis=0).sum() - _DAMPING / 6 * abs(eta) ** 3 * third)


def rate(g: float, h: float, third: float) -> float:
    """The minimum from 0 on of -g eta + h eta^2 / 2 + third eta^3 / 6; 0 for g <= 0, infinity if there is none."""
    if g <= 0:
        return 0.0
    below = h + numpy.sqrt(h * h + 2 * _DAMPING * third * g)
    return float(2 * g / below) if below > 0 else numpy.inf


def slopes(module: "torch.nn.Module", batches: "list[tuple[Any, Any]]", step: "dict[str, torch.Tensor]", loss: str) -> Slopes:
    """By a Spark session, in double precision, of a module in eval mode.

    batches: pairs of tensors. step: what is subtracted, by name of parameter; those without a gradient may be missing.
    """
    from etastar.pytorch import from_torch
    from etastar.torch_summary import _directory, _written

    import torch

    module = _fixed(module, set(step))
    x, y = (torch.cat([batch[part] for batch in batches]) for part in (0, 1))
    model = from_torch(module, x[:2], loss)
    with _directory(None) as directory:
        model._untrained(x, y, dtype="double").write().overwrite().save(directory + "/model")
        return _slopes(_rows(model, x, y, [len(batch[1]) for batch in batches], directory, _written(model, step, directory)))


def still(module: "torch.nn.Module", batches: "list[tuple[Any, Any]]") -> "torch.nn.Module":
    """A copy in eval mode on the CPU; batch norms that took the batch's statistics have those of these batches together."""
    import torch

    module = copy.deepcopy(module).cpu()
    norms = [child for child in module.modules() if isinstance(child, torch.nn.modules.batchnorm._BatchNorm) and child.training]
    norms = [child for child in norms if child.track_running_stats]
    module.eval()
    for norm in norms:
        norm.train().reset_running_stats()
        norm.momentum = None
    with torch.no_grad():
        for x, _ in batches if norms else []:
            module(x)
    return module.eval()


def _fixed(module, stepped):
    """A copy whose other parameters are constants: a parameter without a gradient may be used nowhere, which exporters drop."""
    module = copy.deepcopy(module)
    for owner in module.modules():
        for leaf, parameter in list(owner._parameters.items()):
            if parameter is not None and not any(parameter is known for known in _named(module, stepped)):
                del owner._parameters[leaf]
                owner.register_buffer(leaf, parameter.detach())
    return module


def _named(module, names):
    return [parameter for name, parameter in module.named_parameters() if name in names]


def _rows(model, x, y, sizes, directory, direction):
    from etastar.ml.curvature import CurvatureSummary
    from pyspark.sql import functions

    # createDataFrame keeps the order of rows, so batches are told by position.
    frame = model.frame(x, y)
    number = numpy.repeat(numpy.arange(len(sizes)), sizes).tolist()
    rows = [(*row, batch) for row, batch in zip(frame.collect(), number)]
    frame = frame.sparkSession.createDataFrame(rows, [*frame.columns, "batch"])
    stage = CurvatureSummary(model=directory + "/model", direction=direction, groupBy=["batch"], dampingInt=_DAMPING)
    return stage.transform(frame).orderBy(functions.col("batch")).collect()


def _slopes(rows):
    def mean(name):
        return numpy.array([numpy.array(row[name]) / row["samples"] for row in rows])

    names = list(rows[0]["subsets"])
    solved = [row["eta"] for row in rows if row["eta"] is not None]
    g, h = mean("g"), mean("H")
    flat = {name for place, name in enumerate(names) if solved and all(eta[place] == 0 for eta in solved)}
    flat |= {name for place, name in enumerate(names) if not g[:, place].any() and not h[:, place].any()}
    return Slopes(names, g, h, mean("order3"), flat, mean("loss"))
