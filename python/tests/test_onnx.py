"""Fitted models as ONNX graphs: an ONNX runtime gives what transform gives."""

import numpy
import onnxruntime
import pytest

from etastar.ml.classification import NeuralNetworkClassificationModel, NeuralNetworkClassifier
from etastar.ml.regression import NeuralNetworkRegressor


def column(rows, name):
    return numpy.array([[row[name]] for row in rows])


def test_a_classifier_of_a_table(frame, tmp_path):
    fit = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[16], maxIter=3, batchSize=50, predictedLabelCol="told")
    model = fit.fit(frame)
    path = str(tmp_path / "model")
    graph = onnxruntime.InferenceSession(model.saveOnnx(path))
    rows = model.transform(frame).collect()
    inputs = {name: column(rows, name) for name in ("x", "y")}
    probabilities, labels = graph.run(["probabilities", "label"], inputs)
    assert probabilities == pytest.approx(numpy.array([row.probability.toArray() for row in rows]), abs=1e-5)
    assert labels.ravel().tolist() == [row.told for row in rows]
    same = NeuralNetworkClassificationModel.load(path)
    assert same.transform(frame).select("told").collect() == model.transform(frame).select("told").collect()


def test_a_regression_of_vectors(spark, frame, tmp_path):
    rows = frame.selectExpr("array(x, y) as features", "product as label")
    model = NeuralNetworkRegressor(hiddenLayers=[8], maxIter=3, batchSize=50).fit(rows)
    graph = onnxruntime.InferenceSession(model.saveOnnx(str(tmp_path / "model")))
    predicted = model.transform(rows).collect()
    (output,) = graph.run(None, {graph.get_inputs()[0].name: numpy.array([row.features for row in predicted], "float32")})
    assert output.ravel() == pytest.approx(numpy.array([row.prediction for row in predicted]), abs=1e-3)


def test_a_wrong_option_is_told(frame, tmp_path):
    model = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[2], maxIter=1, batchSize=1200).fit(frame)
    with pytest.raises(Exception, match="option onnx: found 'maybe', expected true or false"):
        model.write().option("onnx", "maybe").save(str(tmp_path / "model"))
