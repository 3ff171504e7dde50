"""NewtonSummary estimators for PySpark: neural networks whose learning rates are solved from exact derivatives."""

import importlib.util

# etastar.table serves models without Spark.
if importlib.util.find_spec("pyspark"):
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
