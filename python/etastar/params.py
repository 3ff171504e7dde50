"""Params of NewtonSummary estimators and models.

Meanings and defaults are those of the Java side: explainParams() says them all. Each Param has a getter and a setter:
damping has getDamping() and setDamping(value).
"""

from pyspark.ml.param import Param, Params, TypeConverters


def _param(name, doc, converter):
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class NeuralNetworkParams(Params):
    """All Params beside Spark's own."""

    model = _param(
        "model", "description of the model, HOCON or JSON: the keys of a job file's block model", TypeConverters.toString
    )
    weightCol = _param("weightCol", "column of row weights", TypeConverters.toString)
    validationIndicatorCol = _param(
        "validationIndicatorCol", "boolean column that marks validation rows", TypeConverters.toString
    )
    tol = _param(
        "tol", "relative change of an epoch's training loss below which training ends, 0 for never", TypeConverters.toFloat
    )
    patience = _param(
        "patience", "epochs without a lower validation loss after which training ends, 0 for never", TypeConverters.toInt
    )
    checkpointDir = _param(
        "checkpointDir", "new directory for a run with its checkpoints, metrics and model", TypeConverters.toString
    )
    seed = _param("seed", "key seed of a job file", TypeConverters.toInt)
    dtype = _param("dtype", "key dtype of a job file", TypeConverters.toString)
    partition = _param("partition", "key partition of a job file", TypeConverters.toString)
    layers = _param("layers", "key model.layers of a job file", TypeConverters.toListInt)
    activation = _param("activation", "key model.activation of a job file", TypeConverters.toString)
    inputShape = _param("inputShape", "key model.input of a job file", TypeConverters.toListInt)
    standardise = _param("standardise", "key data.standardise of a job file", TypeConverters.toBoolean)
    numPartitions = _param("numPartitions", "key data.partitions of a job file", TypeConverters.toInt)
    classWeights = _param("classWeights", "key data.class_weights of a job file", TypeConverters.toListFloat)
    optimizer = _param("optimizer", "key optimizer.name of a job file", TypeConverters.toString)
    lr = _param("lr", "key optimizer.lr of a job file", TypeConverters.toFloat)
    decay = _param("decay", "key optimizer.decay of a job file", TypeConverters.toString)
    decayEpochs = _param("decayEpochs", "key optimizer.decay_epochs of a job file", TypeConverters.toInt)
    decayFactor = _param("decayFactor", "key optimizer.decay_factor of a job file", TypeConverters.toFloat)
    period = _param("period", "key optimizer.period of a job file", TypeConverters.toInt)
    summaryDirection = _param(
        "summaryDirection", "key optimizer.summary_direction of a job file", TypeConverters.toString
    )
    damping = _param("damping", "key optimizer.damping of a job file", TypeConverters.toFloat)
    dampingInt = _param("dampingInt", "key optimizer.damping_int of a job file", TypeConverters.toFloat)
    momLrs = _param("momLrs", "key optimizer.mom_lrs of a job file", TypeConverters.toFloat)
    removeNegative = _param("removeNegative", "key optimizer.remove_negative of a job file", TypeConverters.toBoolean)
    maintain = _param("maintain", "key optimizer.maintain of a job file", TypeConverters.toBoolean)
    solve = _param("solve", "key optimizer.solve of a job file", TypeConverters.toString)
    ridge = _param("ridge", "key optimizer.ridge of a job file", TypeConverters.toFloat)
    diagonal = _param("diagonal", "key optimizer.diagonal of a job file", TypeConverters.toBoolean)
    normalise = _param("normalise", "key optimizer.normalise of a job file", TypeConverters.toBoolean)
    onFailure = _param("onFailure", "key optimizer.on_failure of a job file", TypeConverters.toString)
    averageKind = _param("averageKind", "key optimizer.average.kind of a job file", TypeConverters.toString)
    averageDecay = _param("averageDecay", "key optimizer.average.decay of a job file", TypeConverters.toFloat)
    averageDecayD = _param("averageDecayD", "key optimizer.average.decay_d of a job file", TypeConverters.toFloat)
    averagePeriod = _param("averagePeriod", "key optimizer.average.period of a job file", TypeConverters.toInt)
    averageWarmup = _param("averageWarmup", "key optimizer.average.warmup of a job file", TypeConverters.toInt)
    plateauOf = _param("plateauOf", "key optimizer.plateau.of of a job file", TypeConverters.toString)
    plateauFactor = _param("plateauFactor", "key optimizer.plateau.factor of a job file", TypeConverters.toFloat)
    plateauPatience = _param("plateauPatience", "key optimizer.plateau.patience of a job file", TypeConverters.toInt)
    plateauThreshold = _param(
        "plateauThreshold", "key optimizer.plateau.threshold of a job file", TypeConverters.toFloat
    )
    lrDirection = _param("lrDirection", "key optimizer.lr_direction of a job file", TypeConverters.toFloat)
    genKind = _param("genKind", "key optimizer.gen.kind of a job file", TypeConverters.toString)
    genPeriod = _param("genPeriod", "key optimizer.gen.period of a job file", TypeConverters.toInt)
    genSmoothing = _param("genSmoothing", "key optimizer.gen.smoothing of a job file", TypeConverters.toFloat)
    genPoints = _param("genPoints", "key optimizer.gen.points of a job file", TypeConverters.toString)
    genFit = _param("genFit", "key optimizer.gen.fit of a job file", TypeConverters.toFloat)
    genLowest = _param("genLowest", "key optimizer.gen.lowest of a job file", TypeConverters.toFloat)
    genHighest = _param("genHighest", "key optimizer.gen.highest of a job file", TypeConverters.toFloat)
    genFallback = _param("genFallback", "key optimizer.gen.fallback of a job file", TypeConverters.toFloat)
    lodoKind = _param("lodoKind", "key optimizer.lodo.kind of a job file", TypeConverters.toString)
    lodoInitial = _param("lodoInitial", "key optimizer.lodo.initial of a job file", TypeConverters.toFloat)
    lodoMetaLr = _param("lodoMetaLr", "key optimizer.lodo.meta_lr of a job file", TypeConverters.toFloat)
    lodoMeta = _param("lodoMeta", "key optimizer.lodo.meta of a job file", TypeConverters.toString)
    lodoBeta = _param("lodoBeta", "key optimizer.lodo.beta of a job file", TypeConverters.toFloat)
    lodoLayers = _param("lodoLayers", "key optimizer.lodo.layers of a job file", TypeConverters.toInt)
    lodoBlock = _param("lodoBlock", "key optimizer.lodo.block of a job file", TypeConverters.toInt)
    lbfgsMemory = _param("lbfgsMemory", "key optimizer.lbfgs.memory of a job file", TypeConverters.toInt)
    lbfgsTau = _param("lbfgsTau", "key optimizer.lbfgs.tau of a job file", TypeConverters.toFloat)
    lbfgsRegularisation = _param(
        "lbfgsRegularisation", "key optimizer.lbfgs.regularisation of a job file", TypeConverters.toFloat
    )
    lbfgsFirst = _param("lbfgsFirst", "key optimizer.lbfgs.first of a job file", TypeConverters.toFloat)
    kfacDecay = _param("kfacDecay", "key optimizer.kfac.decay of a job file", TypeConverters.toFloat)
    kfacDamping = _param("kfacDamping", "key optimizer.kfac.damping of a job file", TypeConverters.toFloat)
    kfacClip = _param("kfacClip", "key optimizer.kfac.clip of a job file", TypeConverters.toFloat)
    kfacFactorPeriod = _param(
        "kfacFactorPeriod", "key optimizer.kfac.factor_period of a job file", TypeConverters.toInt
    )
    kfacInversePeriod = _param(
        "kfacInversePeriod", "key optimizer.kfac.inverse_period of a job file", TypeConverters.toInt
    )
    kfacFisher = _param("kfacFisher", "key optimizer.kfac.fisher of a job file", TypeConverters.toString)
    baseName = _param("baseName", "key optimizer.base.name of a job file", TypeConverters.toString)
    baseMomentum = _param("baseMomentum", "key optimizer.base.momentum of a job file", TypeConverters.toFloat)
    baseDampening = _param("baseDampening", "key optimizer.base.dampening of a job file", TypeConverters.toFloat)
    baseWeightDecay = _param("baseWeightDecay", "key optimizer.base.weight_decay of a job file", TypeConverters.toFloat)
    baseBeta1 = _param("baseBeta1", "key optimizer.base.beta1 of a job file", TypeConverters.toFloat)
    baseBeta2 = _param("baseBeta2", "key optimizer.base.beta2 of a job file", TypeConverters.toFloat)
    baseEps = _param("baseEps", "key optimizer.base.eps of a job file", TypeConverters.toFloat)
    baseRho = _param("baseRho", "key optimizer.base.rho of a job file", TypeConverters.toFloat)
    baseTrust = _param("baseTrust", "key optimizer.base.trust of a job file", TypeConverters.toFloat)
    maxIter = _param("maxIter", "key training.epochs of a job file", TypeConverters.toInt)
    maxSteps = _param("maxSteps", "key training.max_steps of a job file", TypeConverters.toInt)
    batchSize = _param("batchSize", "key training.batch of a job file", TypeConverters.toInt)
    hgBatchSize = _param("hgBatchSize", "key training.hg_batch of a job file", TypeConverters.toInt)
    hgData = _param("hgData", "key training.hg_data of a job file", TypeConverters.toString)
    hgShare = _param("hgShare", "key training.hg_share of a job file", TypeConverters.toFloat)
    microBatchSize = _param("microBatchSize", "key training.micro_batch of a job file", TypeConverters.toInt)
    sync = _param("sync", "key training.sync of a job file", TypeConverters.toString)
    syncPeriod = _param("syncPeriod", "key training.sync_period of a job file", TypeConverters.toInt)
    aggregationDepth = _param("aggregationDepth", "key training.aggregation_depth of a job file", TypeConverters.toInt)
    finalAggregation = _param(
        "finalAggregation", "key training.final_aggregation of a job file", TypeConverters.toString
    )
    checkpointInterval = _param(
        "checkpointInterval", "key training.checkpoint_steps of a job file", TypeConverters.toInt
    )
    checkpointSeconds = _param(
        "checkpointSeconds", "key training.checkpoint_seconds of a job file", TypeConverters.toFloat
    )
    keepCheckpoints = _param("keepCheckpoints", "key training.keep_checkpoints of a job file", TypeConverters.toInt)


def _add_accessors(cls):
    def getter(name):
        def get(self):
            return self.getOrDefault(getattr(self, name))

        get.__doc__ = "Value of " + name + "."
        return get

    def setter(name):
        def set_(self, value):
            return self._set(**{name: value})

        set_.__doc__ = "Sets " + name + "; returns self."
        return set_

    for name, param in list(vars(cls).items()):
        if isinstance(param, Param):
            suffix = name[0].upper() + name[1:]
            setattr(cls, "get" + suffix, getter(name))
            setattr(cls, "set" + suffix, setter(name))


_add_accessors(NeuralNetworkParams)
