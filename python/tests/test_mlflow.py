"""A run of MLflow: parameters, losses, H, a model logged, registered, loaded and served."""

import json
import math
import pathlib

import numpy
import onnxruntime
import pytest
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler

from etastar.ml.classification import NeuralNetworkClassifier

pytestmark = pytest.mark.classic


@pytest.fixture(scope="module")
def run(frame, tmp_path_factory):
    import mlflow

    import etastar.mlflow

    tmp_path = tmp_path_factory.mktemp("mlflow")
    mlflow.set_tracking_uri("sqlite:///%s/runs.db" % tmp_path)
    mlflow.set_experiment(experiment_id=mlflow.create_experiment("tests", artifact_location=(tmp_path / "artifacts").as_uri()))
    etastar.mlflow.autolog()
    assembler = VectorAssembler(inputCols=["x", "y"], outputCol="features")
    classifier = NeuralNetworkClassifier(hiddenLayers=[8], maxIter=4, batchSize=50, checkpointDir=str(tmp_path / "run"))
    pipeline = Pipeline(stages=[assembler, classifier])
    with mlflow.start_run() as run:
        fitted = pipeline.fit(frame)
    etastar.mlflow.autolog(disable=True)
    return mlflow.get_run(run.info.run_id), fitted


def artifact(run, name):
    import mlflow

    return pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=name)).read_bytes()


def test_the_report_and_the_graph_are_artefacts(frame, run):
    logged, fitted = run
    page = artifact(logged, "report.html").decode()
    assert page.startswith("<!DOCTYPE html>") and '"name":"run"' in page
    graph = onnxruntime.InferenceSession(artifact(logged, "model.onnx"))
    rows = fitted.transform(frame).collect()
    (probabilities,) = graph.run(["probabilities"], {"x": numpy.array([row.features.toArray() for row in rows], "float32")})
    assert probabilities == pytest.approx(numpy.array([row.probability.toArray() for row in rows]), abs=1e-5)


def test_a_table_is_served_as_onnx(frame, run, tmp_path):
    import mlflow

    import etastar.mlflow

    fit = NeuralNetworkClassifier(featuresCols=["x", "y", "group"], hiddenLayers=[8], maxIter=2, batchSize=50, predictedLabelCol="told")
    table = frame.selectExpr("x", "y", "concat('g', third) as group", "label")
    model = fit.fit(table)
    with mlflow.start_run():
        made = etastar.mlflow.log_onnx(model, dfs_tmpdir=str(tmp_path), registered_model_name="signs-onnx", pip_requirements=[])
    assert not list(tmp_path.glob("etastar-*"))
    rows = model.transform(table).collect()
    served = mlflow.pyfunc.load_model("models:/signs-onnx/1")
    given = {name: numpy.array([[row[name]] for row in rows]) for name in ("x", "y", "group")}
    assert served.predict(given)["label"].ravel().tolist() == [row.told for row in rows]
    assert mlflow.pyfunc.load_model(made.model_uri).metadata.get_input_schema().input_names() == ["x", "y", "group"]


def test_a_run_is_logged_and_its_model_comes_back(frame, run, tmp_path):
    import mlflow

    logged, fitted = run
    classifier = fitted.stages[1]
    assert logged.data.params["NeuralNetworkClassifier.maxIter"] == "4"
    history = mlflow.MlflowClient().get_metric_history(logged.info.run_id, "train_loss")
    assert [metric.value for metric in history] == classifier.summary.trainLossHistory
    assert not any(math.isnan(value) for value in logged.data.metrics.values())
    last = json.loads(open(mlflow.artifacts.download_artifacts(run_id=logged.info.run_id, artifact_path="last_summary.json")).read())
    assert last["H"] == classifier.summary.lastHessian
    with mlflow.start_run():
        made = mlflow.spark.log_model(
            fitted, artifact_path="model", registered_model_name="signs", dfs_tmpdir=str(tmp_path / "spark"), pip_requirements=[]
        )
    rows = fitted.transform(frame).select("prediction").collect()
    same = mlflow.spark.load_model("models:/signs/1", dfs_tmpdir=str(tmp_path / "loaded"))
    assert same.transform(frame).select("prediction").collect() == rows
    served = mlflow.pyfunc.load_model(made.model_uri).predict(frame.select("x", "y").toPandas())
    assert list(served) == [row.prediction for row in rows]
