"""EtaStar: neural networks on Apache Spark whose learning rates are solved instead of tuned.

etastar.ml.classification and etastar.ml.regression have the estimators, etastar.ml.curvature what H says, for classic sessions and for Spark Connect; session starts a
session that finds them; etastar.table encodes a table's rows without Spark.
"""

import importlib

# Read when they are first asked for: etastar.table and etastar.jars need no Spark, and only from_torch needs PyTorch.
_HOMES = {
    "Audit": "etastar.torch_audit",
    "CurvatureSummary": "etastar.ml.curvature",
    "NeuralNetworkClassificationModel": "etastar.ml.classification",
    "NeuralNetworkClassifier": "etastar.ml.classification",
    "NeuralNetworkRegressionModel": "etastar.ml.regression",
    "NeuralNetworkRegressor": "etastar.ml.regression",
    "NeuralNetworkTrainingSummary": "etastar.ml.summary",
    "TorchModel": "etastar.pytorch",
    "accelerate": "etastar.perceptron",
    "audit": "etastar.torch_audit",
    "from_torch": "etastar.pytorch",
    "jars": "etastar.spark",
    "restore": "etastar.perceptron",
    "session": "etastar.spark",
    "summary": "etastar.torch_summary",
}

__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError("module 'etastar' has no attribute %r" % name)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__():
    return sorted([*globals(), *_HOMES])
