"""Fits, models, what they append and remember."""

import math

import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

from etastar.ml.classification import NeuralNetworkClassificationModel, NeuralNetworkClassifier
from etastar.ml.params import DEFAULTS
from etastar.ml.regression import NeuralNetworkRegressionModel, NeuralNetworkRegressor


@pytest.fixture(scope="module")
def classifier():
    return NeuralNetworkClassifier(
        featuresCols=["x", "y"], hiddenLayers=[16], maxIter=15, batchSize=50, predictedLabelCol="told"
    )


@pytest.fixture(scope="module")
def model(frame, classifier):
    return classifier.fit(frame)


def accuracy(predictions):
    right = predictions.where("told = label").count()
    return right / predictions.count()


def test_a_table_is_learned(frame, model):
    assert accuracy(model.transform(frame)) > 0.95
    assert model.numClasses == 2
    assert model.numFeatures == 2


def test_columns_are_those_of_spark_ml(frame, model):
    row = model.transform(frame).first()
    assert len(row.probability) == 2
    assert math.isclose(sum(row.probability), 1, abs_tol=1e-6)
    assert row.prediction == max(range(2), key=lambda k: row.rawPrediction[k])


def test_the_same_seed_gives_the_same_model(frame, classifier, model):
    again = classifier.fit(frame).transform(frame).select("rawPrediction").collect()
    assert again == model.transform(frame).select("rawPrediction").collect()


def test_the_summary_tells_losses_and_steps(model):
    assert model.hasSummary
    losses = model.summary.objectiveHistory
    assert len(losses) == model.summary.totalIterations == 15 * 24
    assert losses[-1] < 0.5 * losses[0]


def test_the_summary_has_the_measures_of_sparks_classifiers(frame, model):
    summary = model.summary
    assert summary.accuracy == pytest.approx(accuracy(model.transform(frame)), abs=1e-12)
    assert summary.labels == [0.0, 1.0]
    assert len(summary.precisionByLabel) == 2
    assert summary.predictions.count() == 1200
    assert (summary.labelCol, summary.predictionCol) == ("label", "prediction")


@pytest.mark.classic
def test_the_summary_tells_rates_and_interactions(spark, model):
    summary = model.summary
    assert len(summary.trainLossHistory) == 15
    assert summary.totalEpochs == summary.bestEpoch == 15
    step, eta, rates = summary.learningRates[-1]
    size = len(summary.lastHessian)
    assert 0 < step < 360 and len(eta) == len(rates) == size == len(summary.lastGradient) == 4
    assert summary.lastHessian[0][1] == pytest.approx(summary.lastHessian[1][0])
    assert model.classNames() == ["down", "up"]
    small = spark.createDataFrame([(1.0, 0.5, "up"), (1.0, -0.5, "down"), (-1.0, 0.5, "down")], ["x", "y", "label"])
    assert {row.column for row in model.importance(small).collect()} == {"x", "y"}


@pytest.mark.connect
def test_what_the_server_refuses_is_said(model):
    with pytest.raises(NotImplementedError, match="trainLossHistory: found a Spark Connect session"):
        model.summary.trainLossHistory
    with pytest.raises(NotImplementedError, match="classNames"):
        model.classNames()


def test_one_vector_at_a_time(frame, model):
    vector = Vectors.dense(3.0, 0.4)
    assert model.predict(vector) == 1
    assert model.predictProbability(vector)[1] > 0.9
    assert len(model.predictRaw(vector)) == 2


def test_numbers_are_learned(frame, tmp_path):
    model = NeuralNetworkRegressor(
        featuresCols=["x", "y"], labelCol="product", hiddenLayers=[16], maxIter=20, batchSize=50
    ).fit(frame)
    error, spread = model.transform(frame).selectExpr("avg(pow(prediction - product, 2))", "var_pop(product)").first()
    assert error < 0.05 * spread
    assert len(model.summary.objectiveHistory) == model.summary.totalIterations == 20 * 24
    path = str(tmp_path / "regression")
    model.save(path)
    same = NeuralNetworkRegressionModel.load(path)
    assert same.predict(Vectors.dense(1.0, 0.25)) == model.predict(Vectors.dense(1.0, 0.25))


def test_models_come_back_from_disk(frame, model, tmp_path):
    path = str(tmp_path / "model")
    model.write().save(path)
    same = NeuralNetworkClassificationModel.load(path)
    assert same.uid == model.uid
    assert not same.hasSummary
    assert same.getHiddenLayers() == [16]
    rows = model.transform(frame).select("rawPrediction").collect()
    assert same.transform(frame).select("rawPrediction").collect() == rows


def test_estimators_come_back_from_disk(classifier, tmp_path):
    path = str(tmp_path / "estimator")
    classifier.save(path)
    same = NeuralNetworkClassifier.load(path)
    assert (same.uid, same.getMaxIter(), same.getFeaturesCols()) == (classifier.uid, 15, ["x", "y"])


def test_pipelines_with_spark_stages(frame, tmp_path):
    assembler = VectorAssembler(inputCols=["x", "y"], outputCol="features")
    stages = [assembler, NeuralNetworkClassifier(hiddenLayers=[8], maxIter=3)]
    fitted = Pipeline(stages=stages).fit(frame)
    path = str(tmp_path / "pipeline")
    fitted.write().save(path)
    same = PipelineModel.load(path)
    assert isinstance(same.stages[1], NeuralNetworkClassificationModel)
    rows = fitted.transform(frame).select("probability").collect()
    assert same.transform(frame).select("probability").collect() == rows
    Pipeline(stages=stages).write().save(path + "-unfitted")
    assert Pipeline.load(path + "-unfitted").getStages()[1].getMaxIter() == 3


def test_cross_validation_picks_the_longer_run(frame):
    indexed = frame.selectExpr("x", "y", "cast(label = 'up' as double) as label")
    classifier = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[16], batchSize=50)
    grid = ParamGridBuilder().addGrid(classifier.maxIter, [1, 12]).build()
    evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
    found = CrossValidator(estimator=classifier, estimatorParamMaps=grid, evaluator=evaluator, numFolds=2, seed=1).fit(indexed)
    assert found.avgMetrics[1] > found.avgMetrics[0]
    assert found.bestModel.getMaxIter() == 12


def test_copies_have_their_params(frame, classifier, model):
    other = classifier.copy({classifier.maxIter: 1})
    assert (other.getMaxIter(), classifier.getMaxIter()) == (1, 15)
    renamed = model.copy({model.predictionCol: "class"})
    assert "class" in renamed.transform(frame).columns


def test_defaults_are_those_of_java(spark):
    classifier = NeuralNetworkClassifier()
    for name, value in DEFAULTS.items():
        assert classifier.getOrDefault(name) == value, name


def test_the_help_tells_what_a_setting_is():
    assert "learning rates" in NeuralNetworkClassifier.setDamping.__doc__
    assert NeuralNetworkClassifier.setDamping.__name__ == "setDamping"
    assert NeuralNetworkClassifier().setMaxIter(3).getMaxIter() == 3


def test_a_fit_goes_on_from_an_earlier_model(frame, tmp_path):
    path = str(tmp_path / "first")
    first = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[16], maxIter=4, batchSize=50).fit(frame)
    first.save(path)
    more = NeuralNetworkClassifier(featuresCols=["x", "y"], maxIter=1, batchSize=50, initialModel=path).fit(frame)
    losses = first.summary.objectiveHistory
    assert sum(more.summary.objectiveHistory) / 24 < sum(losses[:24]) / 24
