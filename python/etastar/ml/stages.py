"""What estimators and models have in common."""

from typing import TYPE_CHECKING, Any, TypeVar

from pyspark.ml.util import HasTrainingSummary, JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from etastar.ml.java import checked_class, checked_frame, new_java_object, refused
from etastar.ml.params import DEFAULTS

if TYPE_CHECKING:
    from pyspark.ml.linalg import Vector
    from pyspark.ml.util import JavaMLReader
    from pyspark.sql import DataFrame
    from typing_extensions import Self

M = TypeVar("M", bound="Model")

# Called with the model of each fit, if it is a function.
fitted = None


class Estimator(JavaEstimator[M], JavaMLReadable, JavaMLWritable):
    """An Estimator whose Java class has its name."""

    if TYPE_CHECKING:

        @classmethod
        def read(cls) -> "JavaMLReader[Self]": ...

        @classmethod
        def load(cls, path: str) -> "Self": ...

    def _begin(self, params):
        self._java_obj = new_java_object(self)
        if is_remote():
            self._setDefault(**DEFAULTS)
        else:
            self._transfer_params_from_java()
        self._set(**params)

    def _fit(self, dataset):
        model = super()._fit(checked_frame(dataset))
        if fitted is not None:
            fitted(model)
        return model


class Model(JavaModel, JavaMLReadable, JavaMLWritable, HasTrainingSummary):
    """A model whose Java class has its name."""

    if TYPE_CHECKING:

        @classmethod
        def read(cls) -> "JavaMLReader[Self]": ...

        @classmethod
        def load(cls, path: str) -> "Self": ...

    @classmethod
    def fromRun(cls, directory: str) -> "Self":
        """The model of a run of jobs/train.sh; classic sessions alone."""
        if is_remote():
            raise refused("fromRun")
        java = checked_class("io.etastar.ml." + cls.__name__).fromRun(directory)
        model = cls(java)
        model._resetUid(java.uid())
        model._transfer_params_from_java()
        return model

    def _summary_dataset(self, train_dataset):
        return train_dataset

    @property
    def summary(self) -> Any:
        """What the fit tells; a model that was loaded has none, and raises RuntimeError."""
        if not self.hasSummary:
            raise RuntimeError("summary: found none in %s, expected a model that fit returned" % self.uid)
        return super().summary

    def _transform(self, dataset):
        return super()._transform(checked_frame(dataset))

    def _classic(self, name, *arguments):
        """What a method gives that Spark Connect's server does not call."""
        if is_remote():
            raise refused(name)
        return self._call_java(name, *arguments)

    @property
    def numFeatures(self) -> int:
        """Elements of a row's features."""
        return self._call_java("numFeatures")

    def predict(self, value: "Vector") -> float:
        """The prediction for one vector: a class, or a number."""
        return self._call_java("predict", value)

    def saveOnnx(self, path: str) -> bytes:
        """Saves the model to a new directory of the session's file system, with its graph as model.onnx, whose bytes are returned.

        Of a classifier the graph has output (logits), probabilities and label.
        """
        self.write().option("onnx", "true").save(path)
        files = SparkSession.active().read.format("binaryFile").load(path + "/model.onnx")
        return bytes(files.collect()[0].content)

    def importance(self, dataset: "DataFrame") -> "DataFrame":
        """What each column of a table is worth: a DataFrame of column, loss and accuracy (increase and decrease if it is shuffled); classic sessions alone."""
        return self._classic("importance", dataset)

    def interactions(self, dataset: "DataFrame") -> "DataFrame":
        """How pairs of a table's columns depend on each other: a DataFrame of first, second and value, the strongest first; classic sessions alone."""
        return self._classic("interactions", dataset)
