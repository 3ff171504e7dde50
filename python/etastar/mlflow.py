"""MLflow: parameters by its own autologging, and what that leaves out: losses, H, EtaStar's models."""

import importlib.resources
import math

import mlflow
import mlflow.pyspark.ml
from pyspark.sql.utils import is_remote

from etastar.ml import stages

MODELS = [
    "etastar.ml.classification.NeuralNetworkClassificationModel",
    "etastar.ml.regression.NeuralNetworkRegressionModel",
]


def autolog(**options):
    """mlflow.pyspark.ml.autolog with EtaStar's models in its allow-list, and log_training for each fit.

    options: those of mlflow.pyspark.ml.autolog; disable=True ends both.
    """
    if not options.get("disable"):
        options.setdefault("log_model_allowlist", _spark_models() + MODELS)
    mlflow.pyspark.ml.autolog(**options)
    stages.fitted = None if options.get("disable") else _log_if_running


def log_training(model):
    """Logs what a fit's summary tells to the active run.

    Metrics by epoch: train_loss, train_accuracy, validation_loss and validation_accuracy where they are numbers; over Spark Connect, which
    has no histories by epoch, batch_loss by step. Artefact last_summary.json: g [S], H [S][S] and the subsets' rates of the last derivative
    summary, if there is one.
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


def _log(name, values):
    for step, value in enumerate(values, 1):
        if not math.isnan(value):
            mlflow.log_metric(name, value, step=step)


def _log_if_running(model):
    if mlflow.active_run() is not None:
        log_training(model)


def _spark_models():
    """Spark's own models that MLflow logs."""
    text = importlib.resources.files(mlflow.pyspark.ml).joinpath("log_model_allowlist.txt").read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]
