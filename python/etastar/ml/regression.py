"""Regression."""

from typing import TYPE_CHECKING

from pyspark.ml.param.shared import HasFeaturesCol, HasLabelCol, HasPredictionCol

from etastar.ml.params import NeuralNetworkParams
from etastar.ml.stages import Estimator, Model
from etastar.ml.summary import NeuralNetworkTrainingSummary

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from etastar.ml.params import ParamValues


class _Columns(NeuralNetworkParams, HasFeaturesCol, HasLabelCol, HasPredictionCol):
    def setFeaturesCol(self, value: str) -> "Self":
        """Sets featuresCol; returns self."""
        return self._set(featuresCol=value)

    def setLabelCol(self, value: str) -> "Self":
        """Sets labelCol; returns self."""
        return self._set(labelCol=value)

    def setPredictionCol(self, value: str) -> "Self":
        """Sets predictionCol; returns self."""
        return self._set(predictionCol=value)


class NeuralNetworkRegressor(Estimator["NeuralNetworkRegressionModel"], _Columns):
    """Trains a neural network that predicts numbers; keyword arguments are Params."""

    def __init__(self, **params: "Unpack[ParamValues]") -> None:
        super().__init__()
        self._begin(params)

    def setParams(self, **params: "Unpack[ParamValues]") -> "Self":
        """Sets any number of Params; returns self."""
        return self._set(**params)

    def _create_model(self, java_model):
        return NeuralNetworkRegressionModel(java_model)


class NeuralNetworkRegressionModel(Model, _Columns):
    """What a fit, fromRun or load gives."""

    if TYPE_CHECKING:

        @property
        def summary(self) -> NeuralNetworkTrainingSummary: ...

    @property
    def _summaryCls(self):
        return NeuralNetworkTrainingSummary

    @property
    def numOutputs(self) -> int:
        """Numbers of a prediction; classic sessions alone."""
        return self._classic("numOutputs")
