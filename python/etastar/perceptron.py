"""MLlib's perceptron, trained here by one line: etastar.accelerate()."""

from typing import TYPE_CHECKING

from pyspark.ml.classification import MultilayerPerceptronClassifier

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA_CLASS = "io.etastar.ml.perceptron.MultilayerPerceptronClassifier"


def accelerate(spark: "SparkSession | None" = None) -> None:
    """Has every pyspark.ml.classification.MultilayerPerceptronClassifier of this process train with EtaStar, those that are there
    already or will be loaded among them. What fit returns stays MLlib's model. A second call changes nothing.

    spark: a session to check for EtaStar's jar now; without it, fit does.

    Sessions of Spark Connect are not touched: there the server's setting
    spark.connect.ml.backend.classes=io.etastar.ml.perceptron.PerceptronBackend does the same.
    """
    if spark is not None and hasattr(spark, "_jvm"):
        _java_class(spark._jvm)
    setattr(MultilayerPerceptronClassifier, "_fit_java", _fit_java)


def restore() -> None:
    """Has MLlib train its perceptron again."""
    if "_fit_java" in vars(MultilayerPerceptronClassifier):
        del MultilayerPerceptronClassifier._fit_java


def _fit_java(self, dataset):
    self._transfer_params_to_java()
    return _java_class(dataset.sparkSession._jvm).of(self._java_obj).fit(dataset._jdf)


def _java_class(jvm):
    from py4j.java_gateway import JavaClass

    found = jvm
    for name in JAVA_CLASS.split("."):
        found = getattr(found, name)
    if not isinstance(found, JavaClass):
        raise RuntimeError(f"etastar.accelerate: found no class {JAVA_CLASS} in the session, expected EtaStar's jar in spark.jars")
    return found
