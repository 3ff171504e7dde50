"""Python in the pages of the documentation runs."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGES = ["docs/python.md", "docs/streams.md", "python/README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_code_runs(spark, page, tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    names = {"spark": spark, **given(spark, tmp_path)}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    for query in spark.streams.active:
        query.processAllAvailable()
        query.stop()


def given(spark, directory):
    """What a page takes for granted: a stream of labelled rows, and a directory for models."""
    rows = spark.range(600).selectExpr("20 * rand(11) - 10 as x", "rand(12) - 0.5 as y")
    rows.selectExpr("x", "y", "if(x * y > 0, 'up', 'down') as label").repartition(2).write.parquet(str(directory / "rows"))
    stream = spark.readStream.schema("x double, y double, label string").option("maxFilesPerTrigger", 1)
    from etastar.ml.classification import NeuralNetworkClassifier

    return {
        "NeuralNetworkClassifier": NeuralNetworkClassifier,
        "models": str(directory / "models"),
        "stream": stream.parquet(str(directory / "rows")),
    }
