"""Python in the pages of the documentation runs."""

import gzip
import itertools
import pathlib
import re

import numpy
import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [
    "docs/interchange.md",
    "docs/python.md",
    "docs/spark-ml.md",
    "docs/streams.md",
    "docs/summarize.md",
    "docs/tables.md",
    "python/README.md",
]
# Blocks that need PyTorch (its exporter needs onnxscript): run where it is installed.
TORCH_PAGES = ["docs/audit.md", "docs/fine-tuning.md", "docs/interchange.md", "docs/ops-of-your-own.md", "docs/summarize.md"]
# The first blocks with PyTorch of these are run by a test of Java that has the files they read: InterchangeDocTest, AddAnOpTutorialTest.
OF_JAVA = {"docs/add-an-op.md": 1, "docs/interchange.md": 2}


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)


def needs_torch(block):
    return re.search(r"^import torch$|torch\.", block, re.M) is not None


def run(page, chosen, names):
    chosen = list(chosen)
    assert chosen
    for block in chosen:
        exec(compile(block, page, "exec"), names)


@pytest.mark.parametrize("page", PAGES)
def test_code_runs(spark, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page, itertools.filterfalse(needs_torch, blocks(page)), {"spark": spark, **given(spark, page, tmp_path)})
    for query in spark.streams.active:
        query.processAllAvailable()
        query.stop()


# Over Connect, calls need a path of the server's, which pages leave out.
@pytest.mark.classic
@pytest.mark.torch
@pytest.mark.parametrize("page", TORCH_PAGES)
def test_code_with_torch_runs(spark, page, tmp_path, monkeypatch):
    import torch

    monkeypatch.chdir(tmp_path)
    precision = torch.get_default_dtype()
    try:
        run(page, list(filter(needs_torch, blocks(page)))[OF_JAVA.get(page, 0) :], network())
    finally:
        # A page computes in double precision; other tests draw their numbers in single.
        torch.set_default_dtype(precision)


def network():
    """What a page takes for granted of PyTorch."""
    import torch

    x = torch.randn(1000, 3)
    return {"network": torch.nn.Linear(3, 2), "example": torch.zeros(4, 3), "x": x, "y": (x[:, 0] > 0).long()}


def test_no_page_is_left_out():
    pages = [path for directory in (".", "docs", "notebooks", "python", "examples", "benchmarks") for path in (ROOT / directory).glob("*.md")]
    found = {path.relative_to(ROOT).as_posix() for path in pages}
    of_torch = {page: sum(map(needs_torch, blocks(page))) for page in found}
    assert {page for page in found if len(blocks(page)) > of_torch[page]} == set(PAGES)
    assert {page for page in found if of_torch[page] > OF_JAVA.get(page, 0)} == set(TORCH_PAGES)


def given(spark, page, directory):
    """What a page takes for granted."""
    (directory / "src").symlink_to(ROOT / "src")
    return {"docs/streams.md": stream, "docs/tables.md": diamonds, "docs/interchange.md": pixels}.get(page, nothing)(spark, directory)


def nothing(spark, directory):
    return {}


def stream(spark, directory):
    """A stream of labelled rows, and a directory for models."""
    from etastar.ml.classification import NeuralNetworkClassifier

    rows = spark.range(600).selectExpr("20 * rand(11) - 10 as x", "rand(12) - 0.5 as y")
    rows.selectExpr("x", "y", "if(x * y > 0, 'up', 'down') as label").repartition(2).write.parquet(str(directory / "rows"))
    rows = spark.readStream.schema("x double, y double, label string").option("maxFilesPerTrigger", 1)
    return {
        "NeuralNetworkClassifier": NeuralNetworkClassifier,
        "models": str(directory / "models"),
        "stream": rows.parquet(str(directory / "rows")),
    }


def diamonds(spark, directory):
    """The ONNX file of a table."""
    rows = spark.range(300).selectExpr("0.2 + rand(11) as carat", "substr('DEFGHIJ', 1 + int(7 * rand(12)), 1) as color")
    write_onnx(rows.selectExpr("carat", "color", "if(carat > 0.7 and color < 'G', 'ideal', 'good') as label"), directory / "diamonds.onnx")
    return {}


def pixels(spark, directory):
    """The ONNX file of a perceptron on digits, and their pixels."""
    with gzip.open(ROOT / "src/main/resources/io/etastar/data/format/digits.csv.gz", "rt") as file:
        table = numpy.loadtxt(file, delimiter=",", max_rows=300)
    rows = spark.createDataFrame([(row[:-1].tolist(), int(row[-1])) for row in table], "features array<double>, label int")
    write_onnx(rows, directory / "a.onnx")
    return {"pixels": table[:, :-1]}


def write_onnx(rows, file):
    from etastar.ml.classification import NeuralNetworkClassifier

    file.write_bytes(NeuralNetworkClassifier(hiddenLayers=[4], maxIter=1).fit(rows).saveOnnx(str(file.with_suffix(""))))
