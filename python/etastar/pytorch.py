"""PyTorch modules as models that EtaStar trains, and what it trained back in the module: needs torch (2.6 or later), onnx and onnxscript."""

import base64
import collections
import contextlib
import json
import math
import pathlib
import tempfile
import warnings
from typing import TYPE_CHECKING, Any

import numpy

from etastar.torch_export import exported, tied_names

if TYPE_CHECKING:
    import torch
    from pyspark.sql import DataFrame

    from etastar.ml.stages import Estimator

_LOSSES = ("nll", "mse", "bce")
# Of a loss in single precision; another layout or mode changes a loss in its first digits.
_TOLERANCE = 1e-4


def from_torch(module: "torch.nn.Module", example: "torch.Tensor", loss: str = "nll") -> "TorchModel":
    """A TorchModel of a module, in its present mode, for rows like those of example.

    example: tensor [N, ...] with N >= 2, of numbers or of indices of tokens. loss: nll, of logits with classes on the last axis; mse;
    bce, of a Sigmoid's outputs or of logits. In train mode batch norms take the batch's statistics and dropout drops; in eval mode running
    statistics are constants and nothing is dropped; parts of the module may differ. Parameters with requires_grad False stay as they are. The
    module is not changed.
    """
    import torch

    if not isinstance(example, torch.Tensor) or example.dim() < 1 or len(example) < 2:
        found = list(example.shape) if isinstance(example, torch.Tensor) else type(example).__name__
        several = "; a module of several inputs comes in by an ONNX file" if isinstance(example, (tuple, list, dict)) else ""
        raise ValueError("example: found %s, expected a tensor of at least two rows%s" % (found, several))
    if loss not in _LOSSES:
        raise ValueError("loss: found %r, expected one of %s" % (loss, ", ".join(_LOSSES)))
    _warn_of_padding(module)
    return TorchModel(module, example, loss)


class TorchModel:
    """A module as ONNX, with the names by which its state_dict knows parameters; arrays have PyTorch's layouts everywhere.

    onnx: the file's bytes. parameters: names of those that train and their shapes, in the order of named_parameters, a tied one by the first
    of its names. frozen: those that do not. tied: further names of tied ones, and the first. training: whether the module was in train mode.
    """

    def __init__(self, module: "torch.nn.Module", example: "torch.Tensor", loss: str):
        """What from_torch gives."""
        self.onnx, self._axes = exported(module, example)
        self.loss = loss
        self.parameters = {name: tuple(p.shape) for name, p in module.named_parameters() if p.requires_grad}
        self.frozen = [name for name, p in module.named_parameters() if not p.requires_grad]
        self.tied = tied_names(module)
        self.training = module.training
        self._module, self._example = module, example

    def settings(self) -> str:
        """The Param model of an estimator: JSON with the file in it, so that a remote session needs no file system of the client's."""
        content = base64.b64encode(self.onnx).decode("ascii")
        return json.dumps({"model": "onnx", "content": content, "loss": self.loss, "trainable": list(self.parameters)})

    def estimator(self, **params: Any) -> "Estimator":
        """A NeuralNetworkClassifier or Regressor, of this model and these Params.

        It is a classifier if a row has one class. A model of several classes in a row, such as one for each token, is a regressor's: labels are vectors of
        their indices, predictions vectors of all logits.
        Features are not standardised unless params say so: the module did without. The losses of both sides are compared first, as check does.
        """
        self.check()
        return self._estimator(**{"standardise": False, **params})

    def _estimator(self, **params):
        from etastar.ml.classification import NeuralNetworkClassifier
        from etastar.ml.regression import NeuralNetworkRegressor

        one = self.loss == "nll" and self._axes == 2
        return (NeuralNetworkClassifier if one else NeuralNetworkRegressor)(model=self.settings(), **params)

    def check(self) -> None:
        """Compares the loss of the example's rows, for targets made up, with PyTorch's, dropout being off; a difference is a ValueError.

        It takes a small job of the session that is active.
        """
        module = self._module
        with _without_dropout(module) as restored:
            with restored:
                output = _output(module, self._example)
            targets = _targets(output, self.loss)
            expected = _loss(output, targets, self.loss)
            quiet = TorchModel(module, self._example, self.loss)
        found = quiet._measured(targets)
        if not abs(found - expected) <= _TOLERANCE * max(1, abs(expected)):
            raise ValueError("loss of the example: found %.7g, expected PyTorch's, %.7g" % (found, expected))

    def _measured(self, targets):
        """The engine's loss before a step, whose model is of no use."""
        estimator = self._estimator(
            standardise=False, optimizer="sgd", lr=1e-3, maxIter=1, batchSize=len(self._example), numPartitions=1, dtype="float")
        return estimator.fit(self.frame(self._example, targets)).summary.objectiveHistory[0]

    def _untrained(self, x, y, dtype):
        """A fitted model of the module's own parameters: no step is made."""
        return self._estimator(standardise=False, maxIter=0, numPartitions=1, dtype=dtype).fit(self.frame(x, y))

    def frame(self, x: Any, y: Any = None) -> "DataFrame":
        """A DataFrame of the active session: a vector features of each row of x, and label, a number or a vector, of y; tensors or arrays."""
        from pyspark.ml.linalg import Vectors
        from pyspark.sql import SparkSession

        spark = SparkSession.active()
        columns: list[list[Any]] = [[Vectors.dense(row) for row in _rows(x)]]
        if y is not None:
            columns.append([float(row[0]) if len(row) == 1 else Vectors.dense(row) for row in _rows(y)])
        return spark.createDataFrame(list(zip(*columns)), ["features", "label"][: len(columns)])

    def to_state_dict(self, trained: Any, path: "str | None" = None) -> "dict[str, torch.Tensor]":
        """The module's state_dict with the parameters of a trained model, and running statistics if batch norms took the batch's.

        trained: the model that fit gave, a dict of arrays by name, or the path of an .npz file that jobs/convert.sh wrote. path: for a model over
        Spark Connect, a directory of the server's where it is saved and read from. Tied names get the same values; other buffers and frozen
        parameters are the module's, as are dtypes and devices. A name that is missing or unknown, another shape are a ValueError.
        """
        import torch

        arrays = _arrays(trained, path)
        state = collections.OrderedDict(self._module.state_dict())
        self._check_names(arrays, state)
        for name, tensor in state.items():
            first = self.tied.get(name, name)
            if first in arrays:
                values = numpy.asarray(arrays[first])
                if values.size != tensor.numel() or first in self.parameters and values.shape != tuple(tensor.shape):
                    raise ValueError("%s: found shape %s, expected %s" % (first, list(values.shape), list(tensor.shape)))
                state[name] = torch.tensor(values.reshape(tuple(tensor.shape))).to(dtype=tensor.dtype, device=tensor.device)
        return state

    def _check_names(self, arrays, state):
        for name in self.parameters:
            if name not in arrays:
                raise ValueError("%s: found no such parameter, expected all of the module's" % name)
        for name in arrays:
            if name not in self.parameters and name not in state:
                raise ValueError("%s: found a parameter that the module does not have, expected its own alone" % name)


def _warn_of_padding(module):
    import torch

    for name, child in module.named_modules():
        if isinstance(child, (torch.nn.Embedding, torch.nn.EmbeddingBag)) and child.padding_idx is not None:
            warnings.warn(
                "%s: row %d is padding, which PyTorch leaves as it is; here it trains like others unless the module masks it"
                % (name or "embedding", child.padding_idx),
                stacklevel=3,
            )


@contextlib.contextmanager
def _without_dropout(module):
    """All but batch norms in eval mode; gives a context that restores buffers after a forward pass."""
    import torch

    modes = {child: child.training for child in module.modules()}
    for child in modes:
        child.training = child.training and isinstance(child, torch.nn.modules.batchnorm._NormBase)
    try:
        yield _restored(module)
    finally:
        for child, mode in modes.items():
            child.training = mode


@contextlib.contextmanager
def _restored(module):
    saved = [(buffer, buffer.clone()) for buffer in module.buffers()]
    try:
        yield
    finally:
        for buffer, values in saved:
            buffer.copy_(values)


def _output(module, example):
    import torch

    with torch.no_grad():
        return module(example)


def _targets(output, loss):
    """Targets for any output: classes in turn, or 0 and 1."""
    import torch

    if loss == "nll":
        return torch.arange(output[..., 0].numel(), device=output.device).remainder(output.shape[-1]).reshape(output.shape[:-1])
    return torch.arange(output.numel(), device=output.device).remainder(2).to(output.dtype).reshape(output.shape)


def _loss(output, targets, loss):
    return float(_objective(output, targets, loss))


def _objective(output, targets, loss):
    """The mean loss as a tensor."""
    import torch.nn.functional as functional

    if loss == "nll":
        return functional.cross_entropy(output.flatten(0, -2), targets.flatten())
    if loss == "mse":
        return functional.mse_loss(output, targets)
    likely = bool(((output >= 0) & (output <= 1)).all())
    return (functional.binary_cross_entropy if likely else functional.binary_cross_entropy_with_logits)(output, targets)


def _rows(values):
    values = values.detach().cpu().numpy() if hasattr(values, "detach") else numpy.asarray(values)
    return values.reshape(len(values), math.prod(values.shape[1:])).astype(float)


def _arrays(trained, path):
    if isinstance(trained, dict):
        return trained
    if isinstance(trained, (str, pathlib.Path)):
        return dict(numpy.load(trained))
    from pyspark.sql.utils import is_remote

    if path is not None:
        return _saved(trained, path)
    if is_remote():
        raise ValueError("path: found none, expected a directory of the server's, where the model is saved")
    return _handed(trained)


def _handed(model):
    """Arrays of a classic session's model, by a file of this machine."""
    from etastar.ml.java import checked_class

    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "parameters.npz"
        layout = checked_class("io.etastar.interchange.DenseLayout").OUT_IN
        checked_class("io.etastar.interchange.NpzWeights").write(file.as_uri(), model._java_obj.stored(), layout)
        return dict(numpy.load(file))


def _saved(model, path):
    """Arrays of a model that is saved where the session's executors can read it."""
    from pyspark.sql import SparkSession

    model.write().overwrite().save(path)
    files = SparkSession.active().read.format("binaryFile").load(["%s/model/%s" % (path, name) for name in ("model.json", "parameters.bin")])
    content = {row.path.rpartition("/")[2]: bytes(row.content) for row in files.select("path", "content").collect()}
    described = json.loads(content["model.json"])
    theta = numpy.frombuffer(content["parameters.bin"], "<f8" if described["dtype"] == "double" else "<f4")
    arrays, start = {}, 0
    for parameter in described["parameters"]:
        end = start + math.prod(parameter["shape"])
        arrays[parameter["name"]] = theta[start:end].reshape(parameter["shape"])
        start = end
    for name, statistic in described["model"].get("statistics", {}).items():
        arrays[name] = numpy.array(statistic["values"])
    return arrays
