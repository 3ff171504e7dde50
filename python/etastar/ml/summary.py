"""How training went."""

from pyspark.ml.wrapper import JavaWrapper


class NeuralNetworkTrainingSummary(JavaWrapper):
    """Histories of a fit; lists hold one number for each epoch unless said otherwise."""

    @property
    def objectiveHistory(self):
        """Mean loss of each step's batch, before the step."""
        return list(self._call_java("objectiveHistory"))

    @property
    def totalIterations(self):
        """Steps done."""
        return self._call_java("totalIterations")

    @property
    def plan(self):
        """How the steps were executed, in words: shards, steps of a job, batch, seconds that were expected of an epoch."""
        return self._call_java("plan")

    @property
    def totalEpochs(self):
        """Epochs done."""
        return self._call_java("totalEpochs")

    @property
    def bestEpoch(self):
        """The epoch, from 1, whose parameters are the model."""
        return self._call_java("bestEpoch")

    @property
    def trainLossHistory(self):
        """Mean training losses."""
        return list(self._call_java("trainLossHistory"))

    @property
    def trainAccuracyHistory(self):
        """Training accuracies; NaN for regression."""
        return list(self._call_java("trainAccuracyHistory"))

    @property
    def validationLossHistory(self):
        """Losses over the validation rows; NaN where there are none."""
        return list(self._call_java("validationLossHistory"))

    @property
    def validationAccuracyHistory(self):
        """Accuracies over the validation rows; NaN where there are none."""
        return list(self._call_java("validationAccuracyHistory"))

    @property
    def learningRates(self):
        """(step, eta or None, rates in use) for each derivative summary."""
        java = self._java_obj.learningRates()
        rows = [java.get(i) for i in range(java.size())]
        return [(r.step(), None if r.eta() is None else list(r.eta()), list(r.learningRates())) for r in rows]

    @property
    def lastHessian(self):
        """Second derivatives along the subsets' directions, of the last derivative summary: a list of rows."""
        return [list(row) for row in self._java_obj.lastHessian()]

    @property
    def lastGradient(self):
        """First derivatives along the subsets' directions, of the last derivative summary."""
        return list(self._java_obj.lastGradient())
