"""NewtonSummary estimators for PySpark: neural networks whose learning rates are solved from exact derivatives."""

from etastar.classification import NeuralNetworkClassificationModel, NeuralNetworkClassifier
from etastar.regression import NeuralNetworkRegressionModel, NeuralNetworkRegressor
from etastar.summary import NeuralNetworkTrainingSummary

__all__ = [
    "NeuralNetworkClassificationModel",
    "NeuralNetworkClassifier",
    "NeuralNetworkRegressionModel",
    "NeuralNetworkRegressor",
    "NeuralNetworkTrainingSummary",
]
