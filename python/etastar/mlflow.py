"""MLflow: parameters by its own autologging, and what that leaves out: losses, H, the report, EtaStar's models, also as ONNX."""

import importlib.resources
import logging
import math
import pathlib
import tempfile
import uuid
from typing import TYPE_CHECKING, Any

import mlflow
import mlflow.pyspark.ml
from mlflow.environment_variables import MLFLOW_DFS_TMP
from pyspark.errors import IllegalArgumentException
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from etastar.ml import stages
from etastar.ml.java import checked_class
from etastar.ml.stages import Model

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo

_logger = logging.getLogger(__name__)

MODELS = [
    "etastar.ml.classification.NeuralNetworkClassificationModel",
    "etastar.ml.regression.NeuralNetworkRegressionModel",
]


def autolog(**options: Any) -> None:
    """mlflow.pyspark.ml.autolog with EtaStar's models in its allow-list, and log_training for each fit.

    options: those of mlflow.pyspark.ml.autolog; disable=True ends both, log_models=False leaves models out, ONNX graphs among them.
    """
    if not options.get("disable"):
        options.setdefault("log_model_allowlist", _spark_models() + MODELS)
    mlflow.pyspark.ml.autolog(**options)
    stages.fitted = None if options.get("disable") else _log_if_running(options.get("log_models", True))


def log_training(model: Model) -> None:
    """Logs what a fit's summary tells to the active run, and its report.

    Metrics by epoch: train_loss, train_accuracy, validation_loss and validation_accuracy where they are numbers; over Spark Connect, which
    has no histories by epoch, batch_loss by step. Artefact last_summary.json: g [S], H [S][S] and the subsets' rates of the last derivative
    summary, if there is one. Artefact report.html: the page of the run that a fit with checkpointDir writes, on classic sessions.
    """
    summary = model.summary
    if is_remote():
        _log("batch_loss", summary.objectiveHistory)
        return
    _log("train_loss", summary.trainLossHistory)
    _log("train_accuracy", summary.trainAccuracyHistory)
    _log("validation_loss", summary.validationLossHistory)
    _log("validation_accuracy", summary.validationAccuracyHistory)
    rates = summary.learningRates
    if rates:
        step, eta, in_use = rates[-1]
        last = {"step": step, "eta": eta, "rates": in_use, "g": summary.lastGradient, "H": summary.lastHessian}
        mlflow.log_dict(last, "last_summary.json")
    if model.isSet("checkpointDir") and model.getOrDefault("checkpointDir"):
        _log_report(model.getOrDefault("checkpointDir"))


def log_onnx(model: Model, name: str = "onnx", dfs_tmpdir: "str | None" = None, **options: Any) -> "ModelInfo":
    """Logs a fitted model in MLflow's ONNX flavour, which loads and serves it without Spark; returns what mlflow.onnx.log_model does.

    It needs onnx and onnxruntime. The model takes and gives what Model.saveOnnx says, as arrays by name; each has a row in each line of its
    first axis, columns of tables have shape [N, 1]. dfs_tmpdir: directory of the session's file system for what is written on the way, by
    default MLFLOW_DFS_TMP; over Spark Connect it stays there. options: those of mlflow.onnx.log_model.
    """
    import mlflow.onnx
    import onnx

    graph = onnx.load_from_string(_graph(model, dfs_tmpdir))
    options.setdefault("signature", _signature(graph.graph))
    return mlflow.onnx.log_model(graph, name=name, **options)


def _signature(graph):
    import numpy
    import onnx
    from mlflow.models import ModelSignature
    from mlflow.types import Schema, TensorSpec

    def spec(value):
        tensor = value.type.tensor_type
        numbers = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        kind = numpy.dtype(str) if numbers == numpy.dtype(object) else numbers
        return TensorSpec(kind, (-1, *(side.dim_value for side in tensor.shape.dim[1:])), value.name)

    return ModelSignature(*(Schema([spec(value) for value in values]) for values in (graph.input, graph.output)))


def _graph(model, dfs_tmpdir=None):
    """The bytes of a model's ONNX graph; what is saved for them is deleted where a session can do that."""
    path = "%s/etastar-%s" % (dfs_tmpdir or MLFLOW_DFS_TMP.get(), uuid.uuid4().hex)
    try:
        return model.saveOnnx(path)
    finally:
        if not is_remote():
            spark = SparkSession.active()
            java = spark._jvm.org.apache.hadoop.fs.Path(path)
            java.getFileSystem(spark._jsc.hadoopConfiguration()).delete(java, True)


def _log_report(directory):
    page = checked_class("io.etastar.report.html.RunReport")
    with tempfile.TemporaryDirectory() as made:
        file = pathlib.Path(made) / "report.html"
        page.write([directory], file.as_uri())
        mlflow.log_artifact(str(file))


def _log_graph(model):
    with tempfile.TemporaryDirectory() as made:
        file = pathlib.Path(made) / "model.onnx"
        try:
            file.write_bytes(_graph(model))
        except IllegalArgumentException as refused:
            _logger.warning("no ONNX graph: %s", refused)
            return
        mlflow.log_artifact(str(file))


def _log(name, values):
    for step, value in enumerate(values, 1):
        if not math.isnan(value):
            mlflow.log_metric(name, value, step=step)


def _log_if_running(log_models):
    def log(model):
        if mlflow.active_run() is not None:
            log_training(model)
            if log_models and not is_remote():
                _log_graph(model)

    return log


def _spark_models():
    """Spark's own models that MLflow logs."""
    text = importlib.resources.files(mlflow.pyspark.ml).joinpath("log_model_allowlist.txt").read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]
