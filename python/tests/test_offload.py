"""Models that a server of Spark Connect has no room for go to its disk and come back as they were."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.connect

# A process of its own: summaries ask the process's session, and the limits are read when its first model comes.
SCRIPT = """
import etastar
from etastar.ml.classification import NeuralNetworkClassifier
from etastar.ml.regression import NeuralNetworkRegressor

spark = etastar.session()
limits = "spark.connect.session.connectML.mlCache.memoryControl."
spark.conf.set(limits + "enabled", "true")
# Room for two of the three models below at most.
spark.conf.set(limits + "maxInMemorySize", "12288")
table = spark.range(0, 300, 1, 2).selectExpr("20 * rand(101) - 10 as x", "rand(102) - 0.5 as y").selectExpr(
    "x", "y", "if(x * y > 0, 'up', 'down') as label", "x * y as product"
)
common = {"featuresCols": ["x", "y"], "hiddenLayers": [32], "maxIter": 1}
fits = [NeuralNetworkClassifier(predictedLabelCol="told", seed=seed, **common) for seed in (1, 2)]
fits.append(NeuralNetworkRegressor(labelCol="product", seed=3, **common))


def tells(model):
    # Of the same numbers the same text.
    return repr(model.transform(table).collect()), model.summary.objectiveHistory


models = [fit.fit(table) for fit in fits]
before = [tells(model) for model in models]
assert [tells(model) for model in models + models] == before + before
print("offloaded", len(spark.client._get_ml_cache_info()) < len(models))
print("same")
spark.stop()
"""


def test_models_come_back_from_the_disk_as_they_were(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["offloaded True", "same"]
