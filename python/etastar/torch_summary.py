"""Exact curvature of a PyTorch module along a direction, by a session of Spark."""

import contextlib
import pathlib
import tempfile
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    import torch

    from etastar.pytorch import TorchModel


def summary(
    module: "torch.nn.Module",
    x: Any,
    y: Any,
    loss: str = "nll",
    partition: str = "canonical",
    direction: Any = "gradient",
    curvature: str = "hessian",
    path: "str | None" = None,
) -> "dict[str, Any]":
    """Derivatives of the mean loss of rows x with targets y in the learning rates of S subsets of a module's parameters: exact, in double.

    The module is in eval mode. With u the direction and f(eta) the mean loss at theta + sum_s eta_s u_s, at eta = 0: loss; g [S], H [S, S], the
    Gauss-Newton matrix for curvature ggn, order3 [S], third derivatives by one rate; subsets, S lists of parameter names; eta [S], the
    solved learning rates, to be subtracted: theta_s - eta_s u_s, 0 for subsets whose derivatives are below rounding, None if there are
    none. partition: canonical (one subset for each parameter), trivial, wb, kinds, blocks-K, alternate-K or names:SUFFIX,... direction: gradient,
    or a dict of tensors or arrays by name, such as an optimizer's last step, which a classic session alone takes. x, y: tensors or arrays; x
    alone may be an iterable of pairs (x, y), such as a DataLoader, with y None. path: a directory that the session's driver sees, which
    Spark Connect needs; the module's weights stand in it afterwards.
    """
    from etastar.pytorch import from_torch

    if module.training:
        raise ValueError("module: found train mode, expected eval mode: batch norms and dropout would not be the module's own")
    if y is None:
        x, y = _joined(x)
    model = from_torch(module, _tensor(x), loss)
    with _directory(path) as directory:
        model._untrained(x, y, dtype="double").write().overwrite().save(directory + "/model")
        return _named(_row(model, x, y, directory, partition, direction, curvature))


def _joined(batches):
    """Rows and targets of all batches."""
    import torch

    xs, ys = zip(*((torch.as_tensor(x), torch.as_tensor(y)) for x, y in batches))
    return torch.cat(xs), torch.cat(ys)


def _tensor(x):
    import torch

    return torch.as_tensor(x)[:2]


@contextlib.contextmanager
def _directory(path):
    from pyspark.sql.utils import is_remote

    if path is not None:
        yield path
        return
    if is_remote():
        raise ValueError("path: found none, expected a directory that the server sees")
    with tempfile.TemporaryDirectory() as directory:
        yield directory


def _row(model: "TorchModel", x, y, directory, partition, direction, curvature):
    from etastar.ml.curvature import CurvatureSummary

    given = direction if isinstance(direction, str) else _written(model, direction, directory)
    stage = CurvatureSummary(model=directory + "/model", partition=partition, direction=given, curvature=curvature)
    return stage.transform(model.frame(x, y)).first()


def _written(model: "TorchModel", direction, directory):
    """The file of a direction, which must have all parameters in their shapes and nothing else."""
    from pyspark.sql.utils import is_remote

    if is_remote():
        raise ValueError("direction: found arrays, expected gradient over Spark Connect")
    arrays = {name: _array(value) for name, value in direction.items()}
    for name, shape in model.parameters.items():
        if name not in arrays or arrays[name].shape != shape:
            found = list(arrays[name].shape) if name in arrays else "none"
            raise ValueError("direction: found %s for %s, expected shape %s" % (found, name, list(shape)))
    for name in arrays:
        if name not in model.parameters:
            raise ValueError("direction: found %s, expected the module's parameters alone: %s" % (name, ", ".join(model.parameters)))
    file = str(pathlib.Path(directory) / "direction.npz")
    numpy.savez(file, **arrays)
    return file


def _array(value):
    return numpy.asarray(value.detach().cpu() if hasattr(value, "detach") else value, dtype=float)


def _named(row):
    """Means of a row's sums."""
    count = row["samples"]
    eta = row["eta"]
    return {
        "loss": row["loss"] / count,
        "g": numpy.array(row["g"]) / count,
        "H": numpy.array(row["H"]) / count,
        "order3": numpy.array(row["order3"]) / count,
        "subsets": [names.split(",") for names in row["subsets"]],
        "eta": None if eta is None else numpy.array(eta),
    }
