"""Classification."""

from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
)
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

from etastar.java import PACKAGE, EtaStarReadable
from etastar.params import NeuralNetworkParams
from etastar.summary import NeuralNetworkTrainingSummary


class _Columns(
    NeuralNetworkParams,
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
):
    def setFeaturesCol(self, value):
        """Sets featuresCol; returns self."""
        return self._set(featuresCol=value)

    def setLabelCol(self, value):
        """Sets labelCol; returns self."""
        return self._set(labelCol=value)

    def setPredictionCol(self, value):
        """Sets predictionCol; returns self."""
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value):
        """Sets probabilityCol; returns self."""
        return self._set(probabilityCol=value)

    def setRawPredictionCol(self, value):
        """Sets rawPredictionCol; returns self."""
        return self._set(rawPredictionCol=value)

    def setThresholds(self, value):
        """Sets thresholds; returns self."""
        return self._set(thresholds=value)


class NeuralNetworkClassifier(JavaEstimator, _Columns, EtaStarReadable, JavaMLWritable):
    """Trains a neural network that tells classes; keyword arguments are Params."""

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(PACKAGE + "NeuralNetworkClassifier", self.uid)
        self._transfer_params_from_java()
        self._set(**params)

    @classmethod
    def _of_java(cls, java_obj):
        stage = cls()
        stage._java_obj = java_obj
        return stage

    def setParams(self, **params):
        """Sets any number of Params; returns self."""
        return self._set(**params)

    def _create_model(self, java_model):
        return NeuralNetworkClassificationModel(java_model)


class NeuralNetworkClassificationModel(JavaModel, _Columns, EtaStarReadable, JavaMLWritable):
    """What a fit, fromRun or load gives."""

    @classmethod
    def _of_java(cls, java_obj):
        return cls(java_obj)

    @classmethod
    def fromRun(cls, directory):
        """The model of a run of jobs/train.sh."""
        from pyspark import SparkContext

        java_class = getattr(SparkContext._active_spark_context._jvm, PACKAGE + "NeuralNetworkClassificationModel")
        model = cls(java_class.fromRun(directory))
        model._resetUid(model._java_obj.uid())
        model._transfer_params_from_java()
        return model

    @property
    def numFeatures(self):
        """Elements of a row's features."""
        return self._call_java("numFeatures")

    @property
    def numClasses(self):
        """Number of classes."""
        return self._call_java("numClasses")

    def predict(self, value):
        """Class of one vector."""
        return self._call_java("predict", value)

    def predictRaw(self, value):
        """Logits of one vector."""
        return self._call_java("predictRaw", value)

    def predictProbability(self, value):
        """Probabilities of one vector."""
        return self._call_java("predictProbability", value)

    def classNames(self):
        """The labels of the classes as texts, in order."""
        return list(self._call_java("classNames"))

    def importance(self, dataset):
        """What each column of a table is worth: a DataFrame of column, loss and accuracy (increase and decrease if it is shuffled)."""
        return self._call_java("importance", dataset)

    def interactions(self, dataset):
        """How pairs of a table's columns depend on each other: a DataFrame of first, second and value, the strongest first."""
        return self._call_java("interactions", dataset)

    @property
    def hasSummary(self):
        """Whether summary has something to say: not after loading."""
        return self._call_java("hasSummary")

    @property
    def summary(self):
        """How training went."""
        return NeuralNetworkTrainingSummary(self._call_java("summary"))
