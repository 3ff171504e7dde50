"""H by group: sums of groups are the whole's."""

import gzip
import pathlib

import numpy
import pytest
from pyspark.ml.functions import array_to_vector
from pyspark.sql.functions import col

from etastar.ml.classification import NeuralNetworkClassifier
from etastar.ml.curvature import CurvatureSummary

DIGITS = pathlib.Path(__file__).parents[2] / "src/main/resources/io/etastar/data/format/digits.csv.gz"


@pytest.fixture(scope="module")
def digits(spark):
    with gzip.open(DIGITS, "rt") as file:
        rows = numpy.loadtxt((line for line in file if line[0].isdigit()), delimiter=",")
    table = [([float(x) for x in row[:-1]], int(row[-1])) for row in rows]
    frame = spark.createDataFrame(table, ["pixels", "label"])
    return frame.select(array_to_vector(col("pixels")).alias("features"), "label").cache()


@pytest.fixture(scope="module")
def path(digits, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("digits") / "model")
    NeuralNetworkClassifier(layers=[64, 20, 10], maxIter=2).fit(digits).save(path)
    return path


def total(rows, column):
    return numpy.sum([numpy.array(row[column]) for row in rows], axis=0)


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_groups_add_up(digits, path, curvature):
    summary = CurvatureSummary(model=path, partition="canonical", curvature=curvature)
    whole = summary.transform(digits).first()
    groups = summary.setGroupBy(["label"]).transform(digits).collect()
    assert [row.label for row in groups] == list(range(10))
    assert whole.samples == 1797 and len(whole.subsets) == 4
    for column in ("samples", "loss", "g", "H", "order3"):
        scale = numpy.max(numpy.abs(whole[column]))
        assert numpy.max(numpy.abs(total(groups, column) - numpy.array(whole[column]))) <= 1e-12 * scale, column
    assert len(whole.eta) == 4


def test_the_stage_comes_back_from_disk(digits, path, tmp_path):
    summary = CurvatureSummary(model=path, partition="wb")
    summary.write().save(str(tmp_path / "summary"))
    same = CurvatureSummary.load(str(tmp_path / "summary"))
    assert (same.uid, same.getPartition()) == (summary.uid, "wb")
    assert same.transform(digits).first().g == summary.transform(digits).first().g


def test_wrong_settings_are_told(digits, path):
    with pytest.raises(Exception, match="nothing"):
        CurvatureSummary(model=path, groupBy=["nothing"]).transform(digits).first()
    with pytest.raises(Exception, match="curvature"):
        CurvatureSummary(model=path, curvature="flat").transform(digits).first()
