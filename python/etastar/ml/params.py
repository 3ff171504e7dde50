"""Params of neural-network estimators and models, made by `make docs` from the settings; not to be edited.

Each Param has a getter and a setter: damping has getDamping() and setDamping(value). Defaults are those of the Java side:
explainParams() lists every Param.
"""

from etastar.ml.accessors import add_accessors
from pyspark.ml.param import Param, Params, TypeConverters


def _param(name, doc, converter):
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class NeuralNetworkParams(Params):
    """All Params beside Spark's own."""

    model = _param(
        "model",
        "description of the model, HOCON or JSON: the keys of a job file's block model; layers, activation and "
        "inputShape go before it (string)",
        TypeConverters.toString,
    )
    featuresCols = _param(
        "featuresCols",
        "columns of features in place of featuresCol: numbers, booleans, texts, dates, timestamps, vectors, "
        "arrays of numbers, nested fields by their path; a* stands for all that begin with a. Without it, and "
        "without a column of the name in featuresCol: all but label, weight and indicator (string or list of "
        "strings)",
        TypeConverters.toListString,
    )
    categoricalCols = _param(
        "categoricalCols",
        "of those, columns whose values are categories though they are no texts (string or list of strings)",
        TypeConverters.toListString,
    )
    weightCol = _param(
        "weightCol",
        "column of row weights, finite and not negative; without it all weights are 1 (string)",
        TypeConverters.toString,
    )
    validationIndicatorCol = _param(
        "validationIndicatorCol",
        "boolean column: rows that are true are not trained on; their loss is measured after each epoch (string)",
        TypeConverters.toString,
    )
    summaryIndicatorCol = _param(
        "summaryIndicatorCol",
        "boolean column: rows that are true are not trained on; summaries are drawn from them alone (string)",
        TypeConverters.toString,
    )
    predictedLabelCol = _param(
        "predictedLabelCol",
        "classifier: column of the label that is predicted, of the kind of the training rows' labels: a text, a "
        "boolean or a number; without it no such column is appended (string)",
        TypeConverters.toString,
    )
    tol = _param(
        "tol",
        "training ends after an epoch whose mean training loss differs from that of the epoch before by less than "
        "tol times the larger of the two; 0 for never (number >= 0)",
        TypeConverters.toFloat,
    )
    patience = _param(
        "patience",
        "epochs without a lower validation loss after which training ends; the model is then, and at the last "
        "epoch, that of the lowest; 0 for all epochs and the last model; needs validationIndicatorCol (int >= 0)",
        TypeConverters.toInt,
    )
    checkpointDir = _param(
        "checkpointDir",
        "new directory for a run with its checkpoints, metrics and model, any path that Hadoop knows; an "
        "unfinished run of the same parameters there resumes; without it nothing is written (string)",
        TypeConverters.toString,
    )
    initialModel = _param(
        "initialModel",
        "path of a saved model, or of a run that has ended, from which training goes on: its parameters, layers, "
        "columns, standardisation and classes, and the optimizer's state if that is there and fits; without it "
        "parameters are drawn (string)",
        TypeConverters.toString,
    )
    maxStateInMb = _param(
        "maxStateInMb",
        "the optimizer's state stays with the model, and is saved with it, for a later initialModel, if it takes "
        "at most so many MiB; 0 for never (int >= 0)",
        TypeConverters.toInt,
    )
    seed = _param(
        "seed",
        "seed of initialisation, sampling and the split of embedded data (int >= 0)",
        TypeConverters.toInt,
    )
    dtype = _param(
        "dtype",
        "precision of the engine (one of float, double)",
        TypeConverters.toString,
    )
    partition = _param(
        "partition",
        "subsets of parameters: canonical, trivial, wb, kinds, blocks-K, alternate-K, names:A,B or the names "
        "themselves; by default canonical for newton-summary but with preset published, else wb (string or list "
        "of lists of names)",
        TypeConverters.toString,
    )
    layers = _param(
        "layers",
        "perceptron, autoencoder: units from input on; lenet: input channels, two convolutions, three dense "
        "layers (list of int >= 1)",
        TypeConverters.toListInt,
    )
    hiddenLayers = _param(
        "hiddenLayers",
        "perceptron: units of the hidden layers, in place of layers: inputs and outputs are what the data say; by "
        "default [96, 96, 96] (list of int >= 1)",
        TypeConverters.toListInt,
    )
    activation = _param(
        "activation",
        "activation of hidden layers; by default relu for resnet18, arctan for image_generator, gelu for "
        "transformer (one of tanh, relu, sigmoid, elu, softplus, gelu, arctan, leaky_relu, identity)",
        TypeConverters.toString,
    )
    inputShape = _param(
        "inputShape",
        "shape of a sample; by default what the layers say (list of int >= 1)",
        TypeConverters.toListInt,
    )
    scaling = _param(
        "scaling",
        "tables: scale of numbers: mean and deviation, median and interquartile range, quantiles to those of the "
        "normal distribution, or as they are (one of standard, robust, quantile, none)",
        TypeConverters.toString,
    )
    handleInvalid = _param(
        "handleInvalid",
        "tables: missing values and categories that the training rows do not have: error names the first; keep: a "
        "missing number is the mean and a further input says so, an unknown category has a place of its own; skip "
        "leaves the row out (one of error, keep, skip)",
        TypeConverters.toString,
    )
    maxCategories = _param(
        "maxCategories",
        "tables: most categories of a column; if there are more, they are hashed into as many buckets (int >= 1)",
        TypeConverters.toInt,
    )
    standardise = _param(
        "standardise",
        "whether features are standardised by mean and deviation of the training set: those of each column of a "
        "table, or of each channel of images (boolean)",
        TypeConverters.toBoolean,
    )
    standardiseTargets = _param(
        "standardiseTargets",
        "files with columns, perceptron, loss mse: whether targets are standardised for training, by one "
        "deviation; the model's last layer, and all losses, are those of the targets as they are (boolean)",
        TypeConverters.toBoolean,
    )
    numPartitions = _param(
        "numPartitions",
        "shards of the training set; results depend on it; auto: by rows, operations of the model and cores of "
        "the cluster (int >= 1, -1 for automatic)",
        TypeConverters.toInt,
    )
    classWeights = _param(
        "classWeights",
        "weight of the training rows of each class; the mean loss is the weighted sum over the sum of weights "
        "(list of number > 0)",
        TypeConverters.toListFloat,
    )
    optimizer = _param(
        "optimizer",
        "what sets the learning rates: solved from derivatives, learned, or fixed (the base rules) (one of "
        "newton-summary, newton-stochastic-hv, gen, lodo, l-bfgs, o-lbfgs, k-fac, sgd, adam, adamw, nadamw, "
        "rmsprop, yogi, lars, muon, schedule-free-adamw, prodigy, d-adapted-adam)",
        TypeConverters.toString,
    )
    lr = _param(
        "lr",
        "learning rate if it is fixed; approximate gen: where it begins; by default none, schedule-free-adamw "
        "0.0025, muon 0.02, prodigy and d-adapted-adam 1, a factor on their own step size (number > 0)",
        TypeConverters.toFloat,
    )
    decay = _param(
        "decay",
        "how learning rates, solved or fixed, change over the run: to 0 in a straight line or half a cosine, or "
        "in steps; by default linear for newton-summary with preset published, else none (one of none, linear, "
        "cosine, step)",
        TypeConverters.toString,
    )
    decayEpochs = _param(
        "decayEpochs",
        "decay step: epochs between two falls (int >= 1)",
        TypeConverters.toInt,
    )
    decayFactor = _param(
        "decayFactor",
        "decay step: factor at each fall (number in (0, 1])",
        TypeConverters.toFloat,
    )
    lrDirection = _param(
        "lrDirection",
        "newton-stochastic-hv: learning rate of the direction (number > 0)",
        TypeConverters.toFloat,
    )
    preset = _param(
        "preset",
        "newton-summary: defaults of other keys; solved solves for the lengths of the steps, needs no decay and "
        "no damping for the batch, and averages the parameters; the others are the rule of arXiv 2312.03885, with "
        "values of this project, of its first or of its later versions (one of published, solved, published-2023, "
        "published-2025)",
        TypeConverters.toString,
    )
    period = _param(
        "period",
        "newton-summary: steps between two summaries (int >= 1)",
        TypeConverters.toInt,
    )
    summaryDirection = _param(
        "summaryDirection",
        "newton-summary: direction of a summary: the step's own, or that of the step before, with which the "
        "gradient and the summary of a step are one Spark job (one of current, previous)",
        TypeConverters.toString,
    )
    normalise = _param(
        "normalise",
        "newton-summary: whether the direction is brought to norm 1 in each subset (boolean)",
        TypeConverters.toBoolean,
    )
    curvature = _param(
        "curvature",
        "newton-summary: second derivatives of a summary: those of the loss, or the generalised Gauss-Newton "
        "matrix, which is never negative and takes about half of the time (one of hessian, ggn)",
        TypeConverters.toString,
    )
    confirm = _param(
        "confirm",
        "preset solved: whether steps are shortened to the share of the promised decrease that other rows "
        "confirm; by default they are, but not along Muon's direction in models with batch norm (boolean)",
        TypeConverters.toBoolean,
    )
    damping = _param(
        "damping",
        "newton-summary: factor on the solved lengths or learning rates; of the latter, preset published has 0.4, "
        "which suits batches of 100 or so, while 1 suits those of 500 and more (number > 0)",
        TypeConverters.toFloat,
    )
    momLrs = _param(
        "momLrs",
        "published rules: share of the old learning rates kept at each summary (number in [0, 1))",
        TypeConverters.toFloat,
    )
    rateBound = _param(
        "rateBound",
        "newton-summary: most length of an undamped step over the one that averages of the summaries' derivatives "
        "take; 0 for no bound (number >= 0)",
        TypeConverters.toFloat,
    )
    removeNegative = _param(
        "removeNegative",
        "newton-summary: whether negative learning rates are replaced by 0 (boolean)",
        TypeConverters.toBoolean,
    )
    maintain = _param(
        "maintain",
        "newton-summary: whether solutions are smoothed as they are and clipped for use, else clipped and then "
        "smoothed (boolean)",
        TypeConverters.toBoolean,
    )
    onFailure = _param(
        "onFailure",
        "newton-summary: learning rates after a summary without a solution; by default zero, with average.kind "
        "uniform previous (one of zero, previous)",
        TypeConverters.toString,
    )
    solve = _param(
        "solve",
        "newton-summary: eta* = (H + damping_int/2 |D eta| D^2)^-1 g, (H + ridge I)^-1 g, (H + ridge D^2)^-1 g or "
        "H^-1 g (one of cubic, ridge, anisotropic-ridge, newton)",
        TypeConverters.toString,
    )
    dampingInt = _param(
        "dampingInt",
        "newton-summary: weight of the cubic term (number >= 0)",
        TypeConverters.toFloat,
    )
    ridge = _param(
        "ridge",
        "solve ridge and newton-stochastic-hv: added to the diagonal of H; anisotropic-ridge: factor of D^2 "
        "(number >= 0)",
        TypeConverters.toFloat,
    )
    diagonal = _param(
        "diagonal",
        "newton-summary: whether interactions are left out: only the diagonal of H (boolean)",
        TypeConverters.toBoolean,
    )
    averageKind = _param(
        "averageKind",
        "newton-summary: average of (H, g, order3) over summaries (one of none, moving, uniform)",
        TypeConverters.toString,
    )
    averageDecay = _param(
        "averageDecay",
        "moving: share of the old (H, g, order3) kept at each summary (number in [0, 1))",
        TypeConverters.toFloat,
    )
    averageDecayD = _param(
        "averageDecayD",
        "moving: share of the old D kept at each summary (number in [0, 1))",
        TypeConverters.toFloat,
    )
    averagePeriod = _param(
        "averagePeriod",
        "uniform: summaries of a block; the average is over the block before and the current one (int >= 1)",
        TypeConverters.toInt,
    )
    averageWarmup = _param(
        "averageWarmup",
        "summaries before the first step (int >= 0)",
        TypeConverters.toInt,
    )
    plateauOf = _param(
        "plateauOf",
        "newton-summary: what is multiplied when the training loss of an epoch is no better than the best (one of "
        "none, damping, damping_int)",
        TypeConverters.toString,
    )
    plateauFactor = _param(
        "plateauFactor",
        "factor (number > 0)",
        TypeConverters.toFloat,
    )
    plateauPatience = _param(
        "plateauPatience",
        "epochs without improvement before the reduction (int >= 0)",
        TypeConverters.toInt,
    )
    plateauThreshold = _param(
        "plateauThreshold",
        "relative improvement that counts (number in [0, 1))",
        TypeConverters.toFloat,
    )
    genKind = _param(
        "genKind",
        "learning rate G d / d'H d of the whole direction or of each subset, or from a parabola through losses "
        "(one of exact, subsets, approximate)",
        TypeConverters.toString,
    )
    genPeriod = _param(
        "genPeriod",
        "steps between two estimates (int >= 1)",
        TypeConverters.toInt,
    )
    genSmoothing = _param(
        "genSmoothing",
        "share of the old learning rate kept at each estimate (number in [0, 1))",
        TypeConverters.toFloat,
    )
    genPoints = _param(
        "genPoints",
        "approximate: losses along the direction (one of 3, 5)",
        TypeConverters.toString,
    )
    genFit = _param(
        "genFit",
        "approximate: least R^2 of the parabola (number in [0, 1])",
        TypeConverters.toFloat,
    )
    genLowest = _param(
        "genLowest",
        "least learning rate (number >= 0)",
        TypeConverters.toFloat,
    )
    genHighest = _param(
        "genHighest",
        "largest learning rate (number > 0)",
        TypeConverters.toFloat,
    )
    genFallback = _param(
        "genFallback",
        "exact, subsets: learning rate if the curvature is not positive (number >= 0)",
        TypeConverters.toFloat,
    )
    lodoKind = _param(
        "lodoKind",
        "what is learned as the inverse Hessian (one of blocks, residuals, dense, diagonal, global)",
        TypeConverters.toString,
    )
    lodoInitial = _param(
        "lodoInitial",
        "learning rate that it begins as (number > 0)",
        TypeConverters.toFloat,
    )
    lodoMetaLr = _param(
        "lodoMetaLr",
        "learning rate of what is learned (number >= 0)",
        TypeConverters.toFloat,
    )
    lodoMeta = _param(
        "lodoMeta",
        "what learns it (one of adam, sgd)",
        TypeConverters.toString,
    )
    lodoBeta = _param(
        "lodoBeta",
        "share of the old gradients kept in the momentum (number in [0, 1))",
        TypeConverters.toFloat,
    )
    lodoLayers = _param(
        "lodoLayers",
        "blocks, residuals: layers; by default 16 and 64 (int >= 1)",
        TypeConverters.toInt,
    )
    lodoBlock = _param(
        "lodoBlock",
        "blocks: size of a block (int >= 1)",
        TypeConverters.toInt,
    )
    lbfgsMemory = _param(
        "lbfgsMemory",
        "l-bfgs, o-lbfgs: pairs of steps and gradient differences that are kept (int >= 1)",
        TypeConverters.toInt,
    )
    lbfgsTau = _param(
        "lbfgsTau",
        "o-lbfgs: learning rate lr tau / (tau + step) (number > 0)",
        TypeConverters.toFloat,
    )
    lbfgsRegularisation = _param(
        "lbfgsRegularisation",
        "o-lbfgs: times the step, added to the gradient difference (number >= 0)",
        TypeConverters.toFloat,
    )
    lbfgsFirst = _param(
        "lbfgsFirst",
        "o-lbfgs: factor on the gradient as the direction, as long as no pair is kept; the paper has 1e-10, a "
        "step too small for dtype float (number > 0)",
        TypeConverters.toFloat,
    )
    kfacDecay = _param(
        "kfacDecay",
        "k-fac: share of the old factors kept (number in [0, 1))",
        TypeConverters.toFloat,
    )
    kfacDamping = _param(
        "kfacDamping",
        "k-fac: added to the products of eigenvalues (number > 0)",
        TypeConverters.toFloat,
    )
    kfacClip = _param(
        "kfacClip",
        "k-fac: bound of the step's change in the Fisher metric, lr^2 u'F u; 0 for none (number >= 0)",
        TypeConverters.toFloat,
    )
    kfacFactorPeriod = _param(
        "kfacFactorPeriod",
        "k-fac: steps between two updates of the factors (int >= 1)",
        TypeConverters.toInt,
    )
    kfacInversePeriod = _param(
        "kfacInversePeriod",
        "k-fac: steps between two decompositions (int >= 1)",
        TypeConverters.toInt,
    )
    kfacFisher = _param(
        "kfacFisher",
        "k-fac: labels of the Fisher matrix, drawn from the model's own distribution or those of the data (one of "
        "sampled, empirical)",
        TypeConverters.toString,
    )
    scheduleFreeWarmupSteps = _param(
        "scheduleFreeWarmupSteps",
        "schedule-free-adamw: steps over which the learning rate rises from 0 to lr (int >= 0)",
        TypeConverters.toInt,
    )
    scheduleFreePower = _param(
        "scheduleFreePower",
        "schedule-free-adamw: power of the step's number in its weight in the average (number >= 0)",
        TypeConverters.toFloat,
    )
    scheduleFreeLrPower = _param(
        "scheduleFreeLrPower",
        "schedule-free-adamw: power of the highest learning rate so far in the step's weight in the average "
        "(number >= 0)",
        TypeConverters.toFloat,
    )
    distanceInitial = _param(
        "distanceInitial",
        "prodigy, d-adapted-adam: first d, below the distance to any solution (number > 0)",
        TypeConverters.toFloat,
    )
    distanceGrowth = _param(
        "distanceGrowth",
        "prodigy, d-adapted-adam: bound of the factor by which d grows in a step; by default none (number > 1)",
        TypeConverters.toFloat,
    )
    distanceBiasCorrection = _param(
        "distanceBiasCorrection",
        "prodigy, d-adapted-adam: whether moments are corrected for their start at 0 (boolean)",
        TypeConverters.toBoolean,
    )
    distanceFactor = _param(
        "distanceFactor",
        "prodigy: factor on the estimate of d (number > 0)",
        TypeConverters.toFloat,
    )
    distanceBeta3 = _param(
        "distanceBeta3",
        "prodigy: share of the old averages kept in the estimate of d; by default the root of base.beta2 (number "
        "in [0, 1))",
        TypeConverters.toFloat,
    )
    distanceSafeguardWarmup = _param(
        "distanceSafeguardWarmup",
        "prodigy: whether the estimate of d leaves out the learning rate, for schedules that begin with a warm-up "
        "(boolean)",
        TypeConverters.toBoolean,
    )
    modelAverageKind = _param(
        "modelAverageKind",
        "fixed learning rates: average of the parameters over the steps that is evaluated and becomes the model; "
        "uniform: of all, moving: of the last ones above all (one of none, uniform, moving)",
        TypeConverters.toString,
    )
    modelAverageDecay = _param(
        "modelAverageDecay",
        "moving: share of the average kept at each step, less in the first ones (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseName = _param(
        "baseName",
        "rule of the direction under newton-summary and gen (one of sgd, adam, adamw, nadamw, rmsprop, yogi, "
        "lars, muon, k-fac)",
        TypeConverters.toString,
    )
    baseMomentum = _param(
        "baseMomentum",
        "sgd, rmsprop, lars, k-fac: momentum (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseDampening = _param(
        "baseDampening",
        "sgd: dampening of the momentum (number in [0, 1])",
        TypeConverters.toFloat,
    )
    baseWeightDecay = _param(
        "baseWeightDecay",
        "added to the gradient times the parameters; adamw, nadamw, schedule-free-adamw, prodigy: to the "
        "direction; muon: to that of matrices (number >= 0)",
        TypeConverters.toFloat,
    )
    baseBeta1 = _param(
        "baseBeta1",
        "adam and its variants: share of the old first moment kept (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseBeta2 = _param(
        "baseBeta2",
        "adam and its variants: share of the old second moment kept (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseEps = _param(
        "baseEps",
        "added to the root of the second moment; by default 1e-8, yogi 1e-3 (number > 0)",
        TypeConverters.toFloat,
    )
    baseMomentumDecay = _param(
        "baseMomentumDecay",
        "nadamw: how fast the share of the first moment in a step rises from half of beta1 to beta1 (number >= 0)",
        TypeConverters.toFloat,
    )
    baseRho = _param(
        "baseRho",
        "rmsprop: share of the old mean square kept (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseTrust = _param(
        "baseTrust",
        "lars: norm of a tensor's step over the tensor's norm (number > 0)",
        TypeConverters.toFloat,
    )
    baseMuonMomentum = _param(
        "baseMuonMomentum",
        "muon: share of the old momentum kept (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseMuonNesterov = _param(
        "baseMuonNesterov",
        "muon: whether the momentum is Nesterov's (boolean)",
        TypeConverters.toBoolean,
    )
    baseMuonIterations = _param(
        "baseMuonIterations",
        "muon: Newton-Schulz iterations that bring singular values near 1 (int >= 1)",
        TypeConverters.toInt,
    )
    baseMuonBeta2 = _param(
        "baseMuonBeta2",
        "muon: beta2 of tensors that are no matrices (number in [0, 1))",
        TypeConverters.toFloat,
    )
    baseMuonAdamFactor = _param(
        "baseMuonAdamFactor",
        "muon: factor on Adam's direction of tensors that are no matrices: their learning rate over lr (number > "
        "0)",
        TypeConverters.toFloat,
    )
    baseMuonMaxSide = _param(
        "baseMuonMaxSide",
        "muon: longest shorter side of a matrix; larger ones count as no matrices, because the operations grow "
        "with its cube. 0: no limit (int >= 0)",
        TypeConverters.toInt,
    )
    maxIter = _param(
        "maxIter",
        "passes over the training set; 0: no step, the model is that of the initial parameters (int >= 0)",
        TypeConverters.toInt,
    )
    maxSteps = _param(
        "maxSteps",
        "steps after which the run ends, though epochs may not be done (int >= 1)",
        TypeConverters.toInt,
    )
    batchSize = _param(
        "batchSize",
        "samples of a training step; auto: by the number of training rows, all for optimizers that need every row "
        "(int >= 1, 0 for all, -1 for automatic)",
        TypeConverters.toInt,
    )
    microBatchSize = _param(
        "microBatchSize",
        "samples the engine takes at once, 0 for automatic (int >= 0)",
        TypeConverters.toInt,
    )
    sync = _param(
        "sync",
        "when executors meet: step: a Spark job a step; period: one for sync_period steps that each shard makes "
        "by itself, with parameters and the base rule's state averaged after them; auto: as step, with the same "
        "results, but many steps in a job where all training rows are one shard or all tasks run in one JVM (one "
        "of auto, step, period)",
        TypeConverters.toString,
    )
    syncPeriod = _param(
        "syncPeriod",
        "sync period: steps between two averages (int >= 1)",
        TypeConverters.toInt,
    )
    aggregationDepth = _param(
        "aggregationDepth",
        "levels in which shards' sums are added, as Spark ML's aggregationDepth; 1: all on the driver (int >= 1)",
        TypeConverters.toInt,
    )
    finalAggregation = _param(
        "finalAggregation",
        "where the last level is; executor: the driver receives one sum (one of driver, executor)",
        TypeConverters.toString,
    )
    checkpointInterval = _param(
        "checkpointInterval",
        "steps between checkpoints within an epoch, 0 for the ends of epochs alone (int >= 0)",
        TypeConverters.toInt,
    )
    checkpointSeconds = _param(
        "checkpointSeconds",
        "seconds between checkpoints, looked at after each step; 0 for none by the clock; results do not depend "
        "on it (number >= 0)",
        TypeConverters.toFloat,
    )
    keepCheckpoints = _param(
        "keepCheckpoints",
        "newest checkpoints kept (int >= 1)",
        TypeConverters.toInt,
    )
    summaryBatchSize = _param(
        "summaryBatchSize",
        "samples of a summary that is not of the training batch; by default, and auto, those of a training step "
        "(int >= 1, 0 for all, -1 for automatic)",
        TypeConverters.toInt,
    )
    summaryRows = _param(
        "summaryRows",
        "rows of a summary: a batch of its own from the training rows, the step's training batch, or rows that "
        "are not trained on; by default batch for newton-summary without summary.batch, else drawn (one of drawn, "
        "batch, apart)",
        TypeConverters.toString,
    )
    summaryShare = _param(
        "summaryShare",
        "summary.rows apart: share of the training rows kept for summaries (number in (0, 1))",
        TypeConverters.toFloat,
    )
    backend = _param(
        "backend",
        "what executors compute on: cpu, cuda for NVIDIA GPUs, auto for cpu as long as no GPU has been seen to "
        "compute rightly (docs/gpu.md) (one of auto, cpu, cuda)",
        TypeConverters.toString,
    )
    cudaLibraries = _param(
        "cudaLibraries",
        "cuda: folder of libcuda, libnvrtc and libcublas on each machine; by default what the system's loader "
        "finds, /usr/local/cuda* and the nvidia-* wheels of the Python environment (string)",
        TypeConverters.toString,
    )


DEFAULTS = {
    "tol": 0.0,
    "patience": 0,
    "maxStateInMb": 64,
    "seed": 1,
    "dtype": "float",
    "activation": "tanh",
    "scaling": "standard",
    "handleInvalid": "keep",
    "maxCategories": 1000,
    "standardise": True,
    "standardiseTargets": True,
    "numPartitions": -1,
    "optimizer": "newton-summary",
    "decayEpochs": 10,
    "decayFactor": 0.5,
    "lrDirection": 0.1,
    "preset": "solved",
    "period": 30,
    "summaryDirection": "current",
    "normalise": False,
    "curvature": "hessian",
    "confirm": True,
    "damping": 0.35,
    "momLrs": 0.86,
    "rateBound": 2.0,
    "removeNegative": True,
    "maintain": True,
    "solve": "cubic",
    "dampingInt": 1.0,
    "ridge": 0.0,
    "diagonal": False,
    "averageKind": "none",
    "averageDecay": 0.9,
    "averageDecayD": 0.0,
    "averagePeriod": 3,
    "averageWarmup": 0,
    "plateauOf": "none",
    "plateauFactor": 0.5,
    "plateauPatience": 0,
    "plateauThreshold": 1.0E-4,
    "genKind": "exact",
    "genPeriod": 1,
    "genSmoothing": 0.0,
    "genPoints": "3",
    "genFit": 0.99,
    "genLowest": 0.0,
    "genHighest": 1.0,
    "genFallback": 0.001,
    "lodoKind": "blocks",
    "lodoInitial": 1.0,
    "lodoMetaLr": 0.001,
    "lodoMeta": "adam",
    "lodoBeta": 0.9,
    "lodoBlock": 4,
    "lbfgsMemory": 10,
    "lbfgsTau": 10000.0,
    "lbfgsRegularisation": 0.0,
    "lbfgsFirst": 1.0E-4,
    "kfacDecay": 0.95,
    "kfacDamping": 0.03,
    "kfacClip": 0.01,
    "kfacFactorPeriod": 10,
    "kfacInversePeriod": 100,
    "kfacFisher": "sampled",
    "scheduleFreeWarmupSteps": 0,
    "scheduleFreePower": 0.0,
    "scheduleFreeLrPower": 2.0,
    "distanceInitial": 1.0E-6,
    "distanceBiasCorrection": False,
    "distanceFactor": 1.0,
    "distanceSafeguardWarmup": False,
    "modelAverageKind": "none",
    "modelAverageDecay": 0.99,
    "baseName": "adam",
    "baseMomentum": 0.9,
    "baseDampening": 0.0,
    "baseWeightDecay": 0.0,
    "baseBeta1": 0.9,
    "baseBeta2": 0.999,
    "baseMomentumDecay": 0.004,
    "baseRho": 0.99,
    "baseTrust": 0.001,
    "baseMuonMomentum": 0.95,
    "baseMuonNesterov": True,
    "baseMuonIterations": 5,
    "baseMuonBeta2": 0.95,
    "baseMuonAdamFactor": 0.015,
    "baseMuonMaxSide": 0,
    "maxIter": 10,
    "batchSize": -1,
    "microBatchSize": 0,
    "sync": "auto",
    "syncPeriod": 10,
    "aggregationDepth": 2,
    "finalAggregation": "driver",
    "checkpointInterval": 0,
    "checkpointSeconds": 0.0,
    "keepCheckpoints": 2,
    "summaryShare": 0.1,
    "backend": "auto",
}

add_accessors(NeuralNetworkParams)
