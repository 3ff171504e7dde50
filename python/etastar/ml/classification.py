"""Classification."""

from typing import TYPE_CHECKING

from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
)

from etastar.ml.params import NeuralNetworkParams
from etastar.ml.stages import Estimator, Model
from etastar.ml.summary import NeuralNetworkClassificationTrainingSummary

if TYPE_CHECKING:
    from pyspark.ml.linalg import DenseVector, Vector
    from typing_extensions import Self, Unpack

    from etastar.ml.params import ParamValues


class _Columns(
    NeuralNetworkParams,
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
):
    def setFeaturesCol(self, value: str) -> "Self":
        """Sets featuresCol; returns self."""
        return self._set(featuresCol=value)

    def setLabelCol(self, value: str) -> "Self":
        """Sets labelCol; returns self."""
        return self._set(labelCol=value)

    def setPredictionCol(self, value: str) -> "Self":
        """Sets predictionCol; returns self."""
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value: str) -> "Self":
        """Sets probabilityCol; returns self."""
        return self._set(probabilityCol=value)

    def setRawPredictionCol(self, value: str) -> "Self":
        """Sets rawPredictionCol; returns self."""
        return self._set(rawPredictionCol=value)

    def setThresholds(self, value: "list[float]") -> "Self":
        """Sets thresholds; returns self."""
        return self._set(thresholds=value)


class NeuralNetworkClassifier(Estimator["NeuralNetworkClassificationModel"], _Columns):
    """Trains a neural network that tells classes; keyword arguments are Params."""

    def __init__(self, **params: "Unpack[ParamValues]") -> None:
        super().__init__()
        self._begin(params)

    def setParams(self, **params: "Unpack[ParamValues]") -> "Self":
        """Sets any number of Params; returns self."""
        return self._set(**params)

    def _create_model(self, java_model):
        return NeuralNetworkClassificationModel(java_model)


class NeuralNetworkClassificationModel(Model, _Columns):
    """What a fit, fromRun or load gives."""

    if TYPE_CHECKING:

        @property
        def summary(self) -> NeuralNetworkClassificationTrainingSummary: ...

    @property
    def _summaryCls(self):
        return NeuralNetworkClassificationTrainingSummary

    @property
    def numClasses(self) -> int:
        """Number of classes."""
        return self._call_java("numClasses")

    def predictRaw(self, value: "Vector") -> "DenseVector":
        """Logits of one vector."""
        return self._call_java("predictRaw", value)

    def predictProbability(self, value: "Vector") -> "DenseVector":
        """Probabilities of one vector."""
        return self._call_java("predictProbability", value)

    def classNames(self) -> "list[str]":
        """The labels of the classes as texts, in order; classic sessions alone."""
        return list(self._classic("classNames"))
