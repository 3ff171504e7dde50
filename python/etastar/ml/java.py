"""The Java side of a session, and what a session's kind allows."""

from pyspark.sql import DataFrame
from pyspark.sql.utils import is_remote


def is_known(spark):
    """Whether a classic session has EtaStar's classes."""
    return not _is_package(_jvm_class(spark._jvm, "etastar.ml.classification.NeuralNetworkClassifier"))


def _jvm_class(jvm, name):
    for part in name.split("."):
        jvm = getattr(jvm, part)
    return jvm


def _is_package(found):
    from py4j.java_gateway import JavaPackage

    return isinstance(found, JavaPackage)


def checked_class(name):
    """The Java class of a classic session."""
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("found no Spark session, expected one: etastar.session() starts it")
    found = _jvm_class(context._jvm, name)
    if _is_package(found):
        raise RuntimeError(
            "found a session without EtaStar's jars, expected one started by etastar.session() or with "
            "--jars $(python -m etastar)"
        )
    return found


def java_name(cls):
    """The Java class of a Python class: it has the same name, in a package of the module's name."""
    return cls.__module__ + "." + cls.__name__


def new_java_object(stage):
    """The Java side of a stage that is made in Python; over Connect, its name."""
    name = java_name(type(stage))
    return name if is_remote() else checked_class(name)(stage.uid)


def refused(name):
    """The error for what a Spark Connect session cannot do."""
    return NotImplementedError(
        "%s: found a Spark Connect session, whose server refuses it, expected a classic session" % name
    )


def checked_frame(dataset):
    """A DataFrame of Spark."""
    if not isinstance(dataset, DataFrame):
        found = type(dataset)
        raise TypeError(
            "dataset: found %s.%s, expected a DataFrame of Spark, such as spark.createDataFrame makes"
            % (found.__module__, found.__qualname__)
        )
    return dataset
