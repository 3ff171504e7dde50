"""A session, classic or remote: python/test.sh runs all tests in both."""

import gc
import importlib.util
import os

import pytest

REMOTE = "SPARK_REMOTE" in os.environ


def pytest_collection_modifyitems(config, items):
    """Tests of one kind of session are not there in the other one, those of PyTorch not without it: nothing is skipped."""
    absent = ["classic" if REMOTE else "connect"] + ([] if importlib.util.find_spec("torch") else ["torch"])
    dropped = [item for item in items if any(map(item.get_closest_marker, absent))]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in dropped]


def pytest_configure(config):
    config.addinivalue_line("markers", "classic: of classic sessions alone")
    config.addinivalue_line("markers", "connect: of Spark Connect alone")
    config.addinivalue_line("markers", "torch: where PyTorch is installed")


@pytest.fixture(autouse=REMOTE)
def between_calls():
    """Clients call the server for each model that the garbage collector finds, and may hang where that comes within another call (SPARK-55020)."""
    gc.disable()
    yield
    gc.collect()


@pytest.fixture(scope="session")
def spark():
    import etastar
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    if not REMOTE:
        builder = builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "2")
    session = etastar.session(builder)
    yield session
    session.stop()


@pytest.fixture(scope="session")
def frame(spark):
    """Two numbers, a text label for their sign, a number to predict, a group; seeds other than those of folds."""
    return spark.range(0, 1200, 1, 2).selectExpr(
        "20 * rand(101) - 10 as x", "rand(102) - 0.5 as y", "pmod(id, 3) as third"
    ).selectExpr("x", "y", "third", "if(x * y > 0, 'up', 'down') as label", "x * y as product").cache()
