"""A run of MLflow: parameters, losses, H, a model logged, registered, loaded and served."""

import json
import math

import pytest
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler

from etastar.ml.classification import NeuralNetworkClassifier

pytestmark = pytest.mark.classic


@pytest.fixture
def run(frame, tmp_path):
    import mlflow

    import etastar.mlflow

    mlflow.set_tracking_uri("sqlite:///%s/runs.db" % tmp_path)
    mlflow.set_experiment(experiment_id=mlflow.create_experiment("tests", artifact_location=(tmp_path / "artifacts").as_uri()))
    etastar.mlflow.autolog()
    assembler = VectorAssembler(inputCols=["x", "y"], outputCol="features")
    pipeline = Pipeline(stages=[assembler, NeuralNetworkClassifier(hiddenLayers=[8], maxIter=4, batchSize=50)])
    with mlflow.start_run() as run:
        fitted = pipeline.fit(frame)
    yield mlflow.get_run(run.info.run_id), fitted
    etastar.mlflow.autolog(disable=True)


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
