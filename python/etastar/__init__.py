"""NewtonSummary estimators for PySpark: neural networks whose learning rates are solved from exact derivatives."""

from etastar.classification import NewtonSummaryClassificationModel, NewtonSummaryClassifier
from etastar.regression import NewtonSummaryRegressionModel, NewtonSummaryRegressor
from etastar.summary import NewtonSummaryTrainingSummary

__all__ = [
    "NewtonSummaryClassificationModel",
    "NewtonSummaryClassifier",
    "NewtonSummaryRegressionModel",
    "NewtonSummaryRegressor",
    "NewtonSummaryTrainingSummary",
]
