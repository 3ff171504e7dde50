"""What a stranger gets wrong is told in one line, without Java's stack."""

import subprocess
import sys

import pytest
from pyspark.errors import PySparkException
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.linalg import Vectors

from etastar.ml.classification import NeuralNetworkClassificationModel, NeuralNetworkClassifier
from etastar.ml.regression import NeuralNetworkRegressor


def told(error):
    """The message, which is one line and no stack of Java's."""
    text = str(error.value)
    assert "\tat " not in text and "java.lang." not in text and "io.etastar." not in text, text
    return text


@pytest.mark.parametrize(
    "params, message",
    [
        ({"labelCol": "nothing"}, "column 'nothing': found none"),
        ({"featuresCols": ["x", "nothing"]}, "column 'nothing': found none"),
        ({"weightCol": "nothing"}, "column 'nothing': found none"),
        ({"hiddenLayers": [0]}, "parameter hiddenLayers: found [0]"),
        ({"layers": [3, 4, 2]}, "expected 4 units in the first layer"),
        ({"layers": [2, 4, 5], "hiddenLayers": [3]}, "expected no such key beside layers"),
        ({"activation": "softplus2"}, "parameter activation: found softplus2, expected one of tanh"),
        ({"maxIter": -1}, "parameter maxIter: found -1, expected int >= 0"),
        ({"batchSize": -5}, "parameter batchSize: found -5"),
        ({"optimizer": "adamant"}, "parameter optimizer: found adamant"),
        ({"optimizer": "adam"}, "parameter lr: found nothing"),
        ({"partition": "blocks-x"}, "partition: found 'blocks-x'"),
        ({"damping": -1.0}, "parameter damping: found -1.0"),
        ({"seed": -3}, "parameter seed: found -3"),
        ({"patience": 2}, "parameter patience: found 2"),
        ({"labelCol": "product", "featuresCols": ["x", "y"], "weightCol": "y"}, "featuresCols: found 'y'"),
        ({"thresholds": [0.5, 0.5, 0.5], "featuresCols": ["x", "y"]}, "parameter thresholds: found 3"),
    ],
)
def test_a_wrong_setting(frame, params, message):
    with pytest.raises((PySparkException, ValueError, TypeError)) as error:
        NeuralNetworkClassifier(**{"maxIter": 1, **params}).fit(frame).transform(frame).first()
    assert message in told(error)


def test_a_param_that_is_none():
    with pytest.raises((TypeError, AttributeError), match="hidenLayers"):
        NeuralNetworkClassifier(hidenLayers=[3])


def test_a_value_of_another_type():
    with pytest.raises(TypeError, match="maxIter"):
        NeuralNetworkClassifier(maxIter="many")


def test_rows_without_labels(frame):
    with pytest.raises(PySparkException) as error:
        NeuralNetworkClassifier(featuresCols=["x", "y"], maxIter=1).fit(
            frame.selectExpr("x", "y", "cast(null as string) as label")
        )
    assert "column 'label': found null" in told(error)


def test_no_rows(frame):
    with pytest.raises(PySparkException) as error:
        NeuralNetworkClassifier(featuresCols=["x", "y"], maxIter=1).fit(frame.limit(0))
    assert "found no rows" in told(error)


def test_numbers_for_classes_and_texts_for_numbers(frame):
    with pytest.raises(PySparkException) as error:
        NeuralNetworkRegressor(featuresCols=["x", "y"], maxIter=1).fit(frame)
    assert "column 'label': found string, expected numbers" in told(error)


def test_an_infinite_feature(frame):
    table = frame.selectExpr("if(x > 9, double('Infinity'), x) as x", "y", "label")
    with pytest.raises(PySparkException) as error:
        NeuralNetworkClassifier(featuresCols=["x", "y"], maxIter=1).fit(table)
    assert "column 'x': found Infinity" in told(error)


def test_vectors_of_another_length(spark, frame):
    assembler = VectorAssembler(inputCols=["x", "y"], outputCol="features")
    model = NeuralNetworkClassifier(hiddenLayers=[3], maxIter=1).fit(assembler.transform(frame))
    other = spark.createDataFrame([(Vectors.dense(1.0, 2.0, 3.0),)], ["features"])
    with pytest.raises(PySparkException) as error:
        model.transform(other).collect()
    assert "column 'features': found 3 elements, expected 2" in told(error)


def test_columns_that_a_model_lacks(frame):
    model = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[3], maxIter=1).fit(frame)
    with pytest.raises(PySparkException) as error:
        model.transform(frame.drop("y")).collect()
    assert "column 'y': found none" in told(error)


@pytest.mark.parametrize("use", ["fit", "transform"])
def test_a_frame_that_is_not_of_spark(frame, use):
    estimator = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[3], maxIter=1)
    with pytest.raises(TypeError, match=r"dataset: found pandas.*DataFrame, expected a DataFrame of Spark"):
        getattr(estimator if use == "fit" else estimator.fit(frame), use)(frame.toPandas())


def test_a_summary_that_a_loaded_model_lacks(frame, tmp_path):
    path = str(tmp_path / "model")
    model = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[3], maxIter=1).fit(frame)
    assert model.hasSummary and model.summary.totalIterations > 0
    model.save(path)
    loaded = NeuralNetworkClassificationModel.load(path)
    assert not loaded.hasSummary
    with pytest.raises(RuntimeError) as error:
        loaded.summary
    assert told(error) == "summary: found none in %s, expected a model that fit returned" % loaded.uid


def test_a_path_where_nothing_is(tmp_path):
    with pytest.raises(Exception) as error:
        NeuralNetworkClassificationModel.load(str(tmp_path / "nothing"))
    assert "nothing" in str(error.value)


def test_a_path_where_something_is(frame, tmp_path):
    path = str(tmp_path / "model")
    model = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[3], maxIter=1).fit(frame)
    model.save(path)
    with pytest.raises(Exception) as error:
        model.save(path)
    assert "overwrite" in str(error.value)


@pytest.mark.classic
def test_a_session_without_the_jars():
    script = (
        "from pyspark.sql import SparkSession\n"
        "SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()\n"
        "from etastar.ml.classification import NeuralNetworkClassifier\n"
        "try:\n"
        "    NeuralNetworkClassifier()\n"
        "except RuntimeError as error:\n"
        "    print('told:', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "told: found a session without EtaStar's jars" in done.stdout


@pytest.mark.classic
def test_no_session():
    script = (
        "from etastar.ml.classification import NeuralNetworkClassifier\n"
        "try:\n"
        "    NeuralNetworkClassifier()\n"
        "except RuntimeError as error:\n"
        "    print('told:', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "told: found no Spark session" in done.stdout
