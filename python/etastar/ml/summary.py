"""How training went."""

from pyspark.ml.classification import _ClassificationSummary
from pyspark.ml.wrapper import JavaWrapper
from pyspark.sql.utils import is_remote

from etastar.ml.java import refused


class NeuralNetworkTrainingSummary(JavaWrapper):
    """Histories of a fit; lists hold one number for each epoch unless said otherwise.

    A Spark Connect session has objectiveHistory and totalIterations alone: its server refuses the others.
    """

    def _classic(self, name):
        return self._java(name)()

    def _java(self, name):
        if is_remote():
            raise refused("summary." + name)
        return getattr(self._java_obj, name)

    @property
    def objectiveHistory(self) -> "list[float]":
        """Mean loss of each step's batch, before the step."""
        return list(self._call_java("objectiveHistory"))

    @property
    def totalIterations(self) -> int:
        """Steps done."""
        return self._call_java("totalIterations")

    @property
    def plan(self) -> str:
        """How the steps were executed, in words: shards, steps of a job, batch, seconds that were expected of an epoch."""
        return self._classic("plan")

    @property
    def totalEpochs(self) -> int:
        """Epochs done."""
        return self._classic("totalEpochs")

    @property
    def bestEpoch(self) -> int:
        """The epoch, from 1, whose parameters are the model."""
        return self._classic("bestEpoch")

    @property
    def trainLossHistory(self) -> "list[float]":
        """Mean training losses."""
        return list(self._classic("trainLossHistory"))

    @property
    def trainAccuracyHistory(self) -> "list[float]":
        """Training accuracies; NaN for regression."""
        return list(self._classic("trainAccuracyHistory"))

    @property
    def validationLossHistory(self) -> "list[float]":
        """Losses over the validation rows; NaN where there are none."""
        return list(self._classic("validationLossHistory"))

    @property
    def validationAccuracyHistory(self) -> "list[float]":
        """Accuracies over the validation rows; NaN where there are none."""
        return list(self._classic("validationAccuracyHistory"))

    @property
    def learningRates(self) -> "list[tuple[int, list[float] | None, list[float]]]":
        """(step, eta or None, rates in use) for each derivative summary."""
        java = self._classic("learningRates")
        rows = [java.get(i) for i in range(java.size())]
        return [(r.step(), None if r.eta() is None else list(r.eta()), list(r.learningRates())) for r in rows]

    @property
    def lastHessian(self) -> "list[list[float]]":
        """Second derivatives along the subsets' directions, of the last derivative summary: a list of rows."""
        return [list(row) for row in self._classic("lastHessian")]

    @property
    def lastGradient(self) -> "list[float]":
        """First derivatives along the subsets' directions, of the last derivative summary."""
        return list(self._classic("lastGradient"))


class NeuralNetworkClassificationTrainingSummary(NeuralNetworkTrainingSummary, _ClassificationSummary):
    """The same with the measures that Spark's classifiers have, over the training rows: accuracy, labels, weightedRecall and so on."""
