"""What MLflow keeps of a fit over Spark Connect, without Java."""

import numpy
import pytest

from etastar.ml.classification import NeuralNetworkClassifier

pytestmark = pytest.mark.connect


@pytest.fixture
def store(tmp_path):
    import mlflow

    mlflow.set_tracking_uri("sqlite:///%s/runs.db" % tmp_path)
    mlflow.set_experiment(experiment_id=mlflow.create_experiment("tests", artifact_location=(tmp_path / "artifacts").as_uri()))


def test_params_losses_and_the_graph_are_logged(frame, store, tmp_path):
    import mlflow

    import etastar.mlflow

    etastar.mlflow.autolog(log_models=False)
    fit = NeuralNetworkClassifier(featuresCols=["x", "y"], hiddenLayers=[8], maxIter=2, batchSize=400, predictedLabelCol="told")
    with mlflow.start_run() as run:
        model = fit.fit(frame)
    etastar.mlflow.autolog(disable=True)
    logged = mlflow.get_run(run.info.run_id)
    assert logged.data.params["maxIter"] == "2"
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "batch_loss")
    assert [metric.value for metric in history] == model.summary.objectiveHistory and len(history) == 6
    with mlflow.start_run():
        made = etastar.mlflow.log_onnx(model, dfs_tmpdir=str(tmp_path), pip_requirements=[])
    rows = model.transform(frame).collect()
    given = {name: numpy.array([[row[name]] for row in rows]) for name in ("x", "y")}
    assert mlflow.pyfunc.load_model(made.model_uri).predict(given)["label"].ravel().tolist() == [row.told for row in rows]
