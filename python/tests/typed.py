"""A user's script, which mypy --strict checks in test_types.py; nothing runs it."""

import torch
from pyspark.ml import Pipeline
from pyspark.ml.linalg import Vectors
from pyspark.sql import DataFrame, SparkSession

import etastar
from etastar.ml.classification import NeuralNetworkClassificationModel, NeuralNetworkClassifier
from etastar.ml.curvature import CurvatureSummary
from etastar.ml.regression import NeuralNetworkRegressionModel, NeuralNetworkRegressor
from etastar.table import TableEncoder


def fitted(table: DataFrame) -> NeuralNetworkClassificationModel:
    classifier = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[16], maxIter=10, predictedLabelCol="told")
    classifier = classifier.setDamping(0.5).setLabelCol("label").setParams(batchSize=50)
    iterations: int = classifier.getMaxIter()
    print(iterations)
    return classifier.fit(table)


def told(model: NeuralNetworkClassificationModel, table: DataFrame) -> "list[str]":
    losses: list[float] = model.summary.objectiveHistory
    steps: int = model.summary.totalIterations
    rates: list[list[float]] = [rates for _, _, rates in model.summary.learningRates]
    print(losses[-1], steps, rates, model.summary.accuracy, model.numClasses, model.summary.lastHessian[0][0])
    graph: bytes = model.saveOnnx("/models/signs")
    print(len(graph))
    same = NeuralNetworkClassificationModel.load("/models/signs")
    again: DataFrame = same.transform(table)
    print(model.importance(table).columns, again.columns, model.interactions(table).count())
    return model.classNames()


def curvature(table: DataFrame) -> DataFrame:
    summary = CurvatureSummary(model="/models/signs", partition="wb", groupBy=["label"], dampingInt=1.0)
    partition: str = summary.setCurvature("ggn").getPartition()
    print(partition)
    return summary.transform(table)


def numbers(table: DataFrame) -> float:
    regressor = NeuralNetworkRegressor(labelCol="product", layers=[2, 8, 1]).setSeed(3)
    model: NeuralNetworkRegressionModel = regressor.fit(table)
    print(model.numOutputs, Pipeline(stages=[regressor]).fit(table))
    return model.predict(Vectors.dense(1.0, 2.0))


def session() -> SparkSession:
    spark = etastar.session(SparkSession.builder.master("local[2]"))
    etastar.accelerate(spark)
    print(etastar.jars(), TableEncoder("/models/signs").encode({"x": [1.0], "y": [2.0]}).shape)
    return spark


def audited(module: torch.nn.Module, optimizer: torch.optim.Optimizer, rows: "list[tuple[torch.Tensor, torch.Tensor]]") -> "dict[str, float]":
    result = etastar.audit(module, optimizer, rows, loss="nll", steps=50)
    sentences: list[str] = [finding.sentence for finding in result.findings if finding.kind != "keep"]
    print(result, sentences, len(result.param_groups(thaw=True)))
    result.apply(optimizer)
    return result.rates


def wrong(table: DataFrame) -> None:
    NeuralNetworkClassifier(maxIter="ten")  # type: ignore[arg-type]
    NeuralNetworkClassifier(maxIterations=10)  # type: ignore[call-arg]
    NeuralNetworkClassifier().setSeed("one")  # type: ignore[arg-type]
