"""MLlib's perceptron trains here by one line, and is MLlib's own model."""

import etastar
import pytest
from pyspark.ml.classification import MultilayerPerceptronClassificationModel, MultilayerPerceptronClassifier
from pyspark.ml.feature import VectorAssembler

from conftest import REMOTE

PLUGIN = "spark.connect.ml.backend.classes"


@pytest.fixture
def accelerated(spark):
    if REMOTE:
        spark.conf.set(PLUGIN, "io.etastar.ml.perceptron.PerceptronBackend")
        yield
        spark.conf.unset(PLUGIN)
    else:
        etastar.accelerate(spark)
        yield
        etastar.restore()


@pytest.fixture(scope="module")
def rows(frame):
    table = VectorAssembler(inputCols=["x", "y"], outputCol="features").transform(frame)
    return table.selectExpr("features", "double(label = 'up') as label").cache()


def perceptron(**params):
    return MultilayerPerceptronClassifier(layers=[2, 16, 2], seed=1, maxIter=40, **params)


def accuracy(model, rows):
    return model.transform(rows).where("prediction = label").count() / rows.count()


def test_unchanged_code_trains_here(accelerated, rows, tmp_path):
    model = perceptron().fit(rows)
    assert accuracy(model, rows) > 0.9
    assert model.weights.size == 3 * 16 + 17 * 2
    path = str(tmp_path / "model")
    model.save(path)
    same = MultilayerPerceptronClassificationModel.load(path)
    assert same.weights == model.weights


def test_the_same_seed_gives_the_same_weights(accelerated, rows):
    assert perceptron().fit(rows).weights == perceptron().fit(rows).weights


def test_it_is_another_training_than_mllibs(spark, rows, accelerated):
    ours = perceptron().fit(rows).weights
    if REMOTE:
        spark.conf.unset(PLUGIN)
    else:
        etastar.restore()
    assert perceptron().fit(rows).weights != ours
