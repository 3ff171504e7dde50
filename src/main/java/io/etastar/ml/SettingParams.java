package io.etastar.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * Params with their getters and setters, made by {@code make docs} from the settings; not to be edited.
 *
 * @param <S> what setters return: the object's own class
 */
public interface SettingParams<S> extends Params {
    /** The object's Params; the same table each time. */
    ParamTable table();

    /** Sets a Param; this. */
    @SuppressWarnings("unchecked")
    default <T> S with(Param<T> param, T value) {
        set(param, value);
        return (S) this;
    }

    /**
     * Param: description of the model, HOCON or JSON: the keys of a job file's block model; layers, activation
     * and inputShape go before it (string).
     */
    default Param<String> model() {
        return table().param("model");
    }

    /** Value of {@link #model}. */
    default String getModel() {
        return getOrDefault(model());
    }

    /** Sets {@link #model}. */
    default S setModel(String value) {
        return with(model(), value);
    }

    /**
     * Param: columns of features in place of featuresCol: numbers, booleans, texts, dates, timestamps,
     * vectors, arrays of numbers, nested fields by their path; a* stands for all that begin with a. Without
     * it, and without a column of the name in featuresCol: all but label, weight and indicator (string or list
     * of strings).
     */
    default StringArrayParam featuresCols() {
        return table().param("featuresCols");
    }

    /** Value of {@link #featuresCols}. */
    default String[] getFeaturesCols() {
        return getOrDefault(featuresCols());
    }

    /** Sets {@link #featuresCols}. */
    default S setFeaturesCols(String[] value) {
        return with(featuresCols(), value);
    }

    /**
     * Param: of those, columns whose values are categories though they are no texts (string or list of
     * strings).
     */
    default StringArrayParam categoricalCols() {
        return table().param("categoricalCols");
    }

    /** Value of {@link #categoricalCols}. */
    default String[] getCategoricalCols() {
        return getOrDefault(categoricalCols());
    }

    /** Sets {@link #categoricalCols}. */
    default S setCategoricalCols(String[] value) {
        return with(categoricalCols(), value);
    }

    /**
     * Param: column of row weights, finite and not negative; without it all weights are 1 (string).
     */
    default Param<String> weightCol() {
        return table().param("weightCol");
    }

    /** Value of {@link #weightCol}. */
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** Sets {@link #weightCol}. */
    default S setWeightCol(String value) {
        return with(weightCol(), value);
    }

    /**
     * Param: boolean column: rows that are true are not trained on; their loss is measured after each epoch
     * (string).
     */
    default Param<String> validationIndicatorCol() {
        return table().param("validationIndicatorCol");
    }

    /** Value of {@link #validationIndicatorCol}. */
    default String getValidationIndicatorCol() {
        return getOrDefault(validationIndicatorCol());
    }

    /** Sets {@link #validationIndicatorCol}. */
    default S setValidationIndicatorCol(String value) {
        return with(validationIndicatorCol(), value);
    }

    /**
     * Param: boolean column: rows that are true are not trained on; summaries are drawn from them alone
     * (string).
     */
    default Param<String> summaryIndicatorCol() {
        return table().param("summaryIndicatorCol");
    }

    /** Value of {@link #summaryIndicatorCol}. */
    default String getSummaryIndicatorCol() {
        return getOrDefault(summaryIndicatorCol());
    }

    /** Sets {@link #summaryIndicatorCol}. */
    default S setSummaryIndicatorCol(String value) {
        return with(summaryIndicatorCol(), value);
    }

    /**
     * Param: classifier: column of the label that is predicted, of the kind of the training rows' labels: a
     * text, a boolean or a number; without it no such column is appended (string).
     */
    default Param<String> predictedLabelCol() {
        return table().param("predictedLabelCol");
    }

    /** Value of {@link #predictedLabelCol}. */
    default String getPredictedLabelCol() {
        return getOrDefault(predictedLabelCol());
    }

    /** Sets {@link #predictedLabelCol}. */
    default S setPredictedLabelCol(String value) {
        return with(predictedLabelCol(), value);
    }

    /**
     * Param: training ends after an epoch whose mean training loss differs from that of the epoch before by
     * less than tol times the larger of the two; 0 for never (number &gt;= 0).
     */
    default DoubleParam tol() {
        return table().param("tol");
    }

    /** Value of {@link #tol}. */
    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    /** Sets {@link #tol}. */
    default S setTol(double value) {
        return with(tol(), value);
    }

    /**
     * Param: epochs without a lower validation loss after which training ends; the model is then, and at the
     * last epoch, that of the lowest; 0 for all epochs and the last model; needs validationIndicatorCol (int
     * &gt;= 0).
     */
    default IntParam patience() {
        return table().param("patience");
    }

    /** Value of {@link #patience}. */
    default int getPatience() {
        return (Integer) getOrDefault(patience());
    }

    /** Sets {@link #patience}. */
    default S setPatience(int value) {
        return with(patience(), value);
    }

    /**
     * Param: new directory for a run with its checkpoints, metrics and model, any path that Hadoop knows; an
     * unfinished run of the same parameters there resumes; without it nothing is written (string).
     */
    default Param<String> checkpointDir() {
        return table().param("checkpointDir");
    }

    /** Value of {@link #checkpointDir}. */
    default String getCheckpointDir() {
        return getOrDefault(checkpointDir());
    }

    /** Sets {@link #checkpointDir}. */
    default S setCheckpointDir(String value) {
        return with(checkpointDir(), value);
    }

    /**
     * Param: path of a saved model, or of a run that has ended, from which training goes on: its parameters,
     * layers, columns, standardisation and classes, and the optimizer's state if that is there and fits;
     * without it parameters are drawn (string).
     */
    default Param<String> initialModel() {
        return table().param("initialModel");
    }

    /** Value of {@link #initialModel}. */
    default String getInitialModel() {
        return getOrDefault(initialModel());
    }

    /** Sets {@link #initialModel}. */
    default S setInitialModel(String value) {
        return with(initialModel(), value);
    }

    /**
     * Param: the optimizer's state stays with the model, and is saved with it, for a later initialModel, if it
     * takes at most so many MiB; 0 for never (int &gt;= 0).
     */
    default IntParam maxStateInMb() {
        return table().param("maxStateInMb");
    }

    /** Value of {@link #maxStateInMb}. */
    default int getMaxStateInMb() {
        return (Integer) getOrDefault(maxStateInMb());
    }

    /** Sets {@link #maxStateInMb}. */
    default S setMaxStateInMb(int value) {
        return with(maxStateInMb(), value);
    }

    /**
     * Param: seed of initialisation, sampling and the split of embedded data (int &gt;= 0).
     */
    default LongParam seed() {
        return table().param("seed");
    }

    /** Value of {@link #seed}. */
    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    /** Sets {@link #seed}. */
    default S setSeed(long value) {
        return with(seed(), value);
    }

    /**
     * Param: precision of the engine (one of float, double).
     */
    default Param<String> dtype() {
        return table().param("dtype");
    }

    /** Value of {@link #dtype}. */
    default String getDtype() {
        return getOrDefault(dtype());
    }

    /** Sets {@link #dtype}. */
    default S setDtype(String value) {
        return with(dtype(), value);
    }

    /**
     * Param: subsets of parameters: canonical, trivial, wb, kinds, blocks-K, alternate-K, names:A,B or the
     * names themselves; by default canonical for newton-summary but with preset published, else wb (string or
     * list of lists of names).
     */
    default Param<String> partition() {
        return table().param("partition");
    }

    /** Value of {@link #partition}. */
    default String getPartition() {
        return getOrDefault(partition());
    }

    /** Sets {@link #partition}. */
    default S setPartition(String value) {
        return with(partition(), value);
    }

    /**
     * Param: perceptron, autoencoder: units from input on; lenet: input channels, two convolutions, three
     * dense layers (list of int &gt;= 1).
     */
    default IntArrayParam layers() {
        return table().param("layers");
    }

    /** Value of {@link #layers}. */
    default int[] getLayers() {
        return getOrDefault(layers());
    }

    /** Sets {@link #layers}. */
    default S setLayers(int[] value) {
        return with(layers(), value);
    }

    /**
     * Param: perceptron: units of the hidden layers, in place of layers: inputs and outputs are what the data
     * say; by default [96, 96, 96] (list of int &gt;= 1).
     */
    default IntArrayParam hiddenLayers() {
        return table().param("hiddenLayers");
    }

    /** Value of {@link #hiddenLayers}. */
    default int[] getHiddenLayers() {
        return getOrDefault(hiddenLayers());
    }

    /** Sets {@link #hiddenLayers}. */
    default S setHiddenLayers(int[] value) {
        return with(hiddenLayers(), value);
    }

    /**
     * Param: activation of hidden layers; by default relu for resnet18, arctan for image_generator, gelu for
     * transformer (one of tanh, relu, sigmoid, elu, softplus, gelu, arctan, leaky_relu, identity).
     */
    default Param<String> activation() {
        return table().param("activation");
    }

    /** Value of {@link #activation}. */
    default String getActivation() {
        return getOrDefault(activation());
    }

    /** Sets {@link #activation}. */
    default S setActivation(String value) {
        return with(activation(), value);
    }

    /**
     * Param: shape of a sample; by default what the layers say (list of int &gt;= 1).
     */
    default IntArrayParam inputShape() {
        return table().param("inputShape");
    }

    /** Value of {@link #inputShape}. */
    default int[] getInputShape() {
        return getOrDefault(inputShape());
    }

    /** Sets {@link #inputShape}. */
    default S setInputShape(int[] value) {
        return with(inputShape(), value);
    }

    /**
     * Param: tables: scale of numbers: mean and deviation, median and interquartile range, quantiles to those
     * of the normal distribution, or as they are (one of standard, robust, quantile, none).
     */
    default Param<String> scaling() {
        return table().param("scaling");
    }

    /** Value of {@link #scaling}. */
    default String getScaling() {
        return getOrDefault(scaling());
    }

    /** Sets {@link #scaling}. */
    default S setScaling(String value) {
        return with(scaling(), value);
    }

    /**
     * Param: tables: missing values and categories that the training rows do not have: error names the first;
     * keep: a missing number is the mean and a further input says so, an unknown category has a place of its
     * own; skip leaves the row out (one of error, keep, skip).
     */
    default Param<String> handleInvalid() {
        return table().param("handleInvalid");
    }

    /** Value of {@link #handleInvalid}. */
    default String getHandleInvalid() {
        return getOrDefault(handleInvalid());
    }

    /** Sets {@link #handleInvalid}. */
    default S setHandleInvalid(String value) {
        return with(handleInvalid(), value);
    }

    /**
     * Param: tables: most categories of a column; if there are more, they are hashed into as many buckets (int
     * &gt;= 1).
     */
    default IntParam maxCategories() {
        return table().param("maxCategories");
    }

    /** Value of {@link #maxCategories}. */
    default int getMaxCategories() {
        return (Integer) getOrDefault(maxCategories());
    }

    /** Sets {@link #maxCategories}. */
    default S setMaxCategories(int value) {
        return with(maxCategories(), value);
    }

    /**
     * Param: whether features are standardised by mean and deviation of the training set: those of each column
     * of a table, or of each channel of images (boolean).
     */
    default BooleanParam standardise() {
        return table().param("standardise");
    }

    /** Value of {@link #standardise}. */
    default boolean getStandardise() {
        return (Boolean) getOrDefault(standardise());
    }

    /** Sets {@link #standardise}. */
    default S setStandardise(boolean value) {
        return with(standardise(), value);
    }

    /**
     * Param: files with columns, perceptron, loss mse: whether targets are standardised for training, by one
     * deviation; the model's last layer, and all losses, are those of the targets as they are (boolean).
     */
    default BooleanParam standardiseTargets() {
        return table().param("standardiseTargets");
    }

    /** Value of {@link #standardiseTargets}. */
    default boolean getStandardiseTargets() {
        return (Boolean) getOrDefault(standardiseTargets());
    }

    /** Sets {@link #standardiseTargets}. */
    default S setStandardiseTargets(boolean value) {
        return with(standardiseTargets(), value);
    }

    /**
     * Param: shards of the training set; results depend on it; auto: by rows, operations of the model and
     * cores of the cluster (int &gt;= 1, -1 for automatic).
     */
    default IntParam numPartitions() {
        return table().param("numPartitions");
    }

    /** Value of {@link #numPartitions}. */
    default int getNumPartitions() {
        return (Integer) getOrDefault(numPartitions());
    }

    /** Sets {@link #numPartitions}. */
    default S setNumPartitions(int value) {
        return with(numPartitions(), value);
    }

    /**
     * Param: weight of the training rows of each class; the mean loss is the weighted sum over the sum of
     * weights (list of number &gt; 0).
     */
    default DoubleArrayParam classWeights() {
        return table().param("classWeights");
    }

    /** Value of {@link #classWeights}. */
    default double[] getClassWeights() {
        return getOrDefault(classWeights());
    }

    /** Sets {@link #classWeights}. */
    default S setClassWeights(double[] value) {
        return with(classWeights(), value);
    }

    /**
     * Param: what sets the learning rates: solved from derivatives, learned, or fixed (the base rules) (one of
     * newton-summary, newton-stochastic-hv, gen, lodo, l-bfgs, o-lbfgs, k-fac, sgd, adam, adamw, nadamw,
     * rmsprop, yogi, lars, muon, schedule-free-adamw, prodigy, d-adapted-adam).
     */
    default Param<String> optimizer() {
        return table().param("optimizer");
    }

    /** Value of {@link #optimizer}. */
    default String getOptimizer() {
        return getOrDefault(optimizer());
    }

    /** Sets {@link #optimizer}. */
    default S setOptimizer(String value) {
        return with(optimizer(), value);
    }

    /**
     * Param: learning rate if it is fixed; approximate gen: where it begins; by default none,
     * schedule-free-adamw 0.0025, muon 0.02, prodigy and d-adapted-adam 1, a factor on their own step size
     * (number &gt; 0).
     */
    default DoubleParam lr() {
        return table().param("lr");
    }

    /** Value of {@link #lr}. */
    default double getLr() {
        return (Double) getOrDefault(lr());
    }

    /** Sets {@link #lr}. */
    default S setLr(double value) {
        return with(lr(), value);
    }

    /**
     * Param: how learning rates, solved or fixed, change over the run: to 0 in a straight line or half a
     * cosine, or in steps; by default linear for newton-summary with preset published, else none (one of none,
     * linear, cosine, step).
     */
    default Param<String> decay() {
        return table().param("decay");
    }

    /** Value of {@link #decay}. */
    default String getDecay() {
        return getOrDefault(decay());
    }

    /** Sets {@link #decay}. */
    default S setDecay(String value) {
        return with(decay(), value);
    }

    /**
     * Param: decay step: epochs between two falls (int &gt;= 1).
     */
    default IntParam decayEpochs() {
        return table().param("decayEpochs");
    }

    /** Value of {@link #decayEpochs}. */
    default int getDecayEpochs() {
        return (Integer) getOrDefault(decayEpochs());
    }

    /** Sets {@link #decayEpochs}. */
    default S setDecayEpochs(int value) {
        return with(decayEpochs(), value);
    }

    /**
     * Param: decay step: factor at each fall (number in (0, 1]).
     */
    default DoubleParam decayFactor() {
        return table().param("decayFactor");
    }

    /** Value of {@link #decayFactor}. */
    default double getDecayFactor() {
        return (Double) getOrDefault(decayFactor());
    }

    /** Sets {@link #decayFactor}. */
    default S setDecayFactor(double value) {
        return with(decayFactor(), value);
    }

    /**
     * Param: newton-stochastic-hv: learning rate of the direction (number &gt; 0).
     */
    default DoubleParam lrDirection() {
        return table().param("lrDirection");
    }

    /** Value of {@link #lrDirection}. */
    default double getLrDirection() {
        return (Double) getOrDefault(lrDirection());
    }

    /** Sets {@link #lrDirection}. */
    default S setLrDirection(double value) {
        return with(lrDirection(), value);
    }

    /**
     * Param: newton-summary: defaults of other keys; solved solves for the lengths of the steps, needs no
     * decay and no damping for the batch, and averages the parameters; the others are the rule of arXiv
     * 2312.03885, with values of this project, of its first or of its later versions (one of published,
     * solved, published-2023, published-2025).
     */
    default Param<String> preset() {
        return table().param("preset");
    }

    /** Value of {@link #preset}. */
    default String getPreset() {
        return getOrDefault(preset());
    }

    /** Sets {@link #preset}. */
    default S setPreset(String value) {
        return with(preset(), value);
    }

    /**
     * Param: newton-summary: steps between two summaries (int &gt;= 1).
     */
    default IntParam period() {
        return table().param("period");
    }

    /** Value of {@link #period}. */
    default int getPeriod() {
        return (Integer) getOrDefault(period());
    }

    /** Sets {@link #period}. */
    default S setPeriod(int value) {
        return with(period(), value);
    }

    /**
     * Param: newton-summary: direction of a summary: the step's own, or that of the step before, with which
     * the gradient and the summary of a step are one Spark job (one of current, previous).
     */
    default Param<String> summaryDirection() {
        return table().param("summaryDirection");
    }

    /** Value of {@link #summaryDirection}. */
    default String getSummaryDirection() {
        return getOrDefault(summaryDirection());
    }

    /** Sets {@link #summaryDirection}. */
    default S setSummaryDirection(String value) {
        return with(summaryDirection(), value);
    }

    /**
     * Param: newton-summary: whether the direction is brought to norm 1 in each subset (boolean).
     */
    default BooleanParam normalise() {
        return table().param("normalise");
    }

    /** Value of {@link #normalise}. */
    default boolean getNormalise() {
        return (Boolean) getOrDefault(normalise());
    }

    /** Sets {@link #normalise}. */
    default S setNormalise(boolean value) {
        return with(normalise(), value);
    }

    /**
     * Param: newton-summary: second derivatives of a summary: those of the loss, or the generalised
     * Gauss-Newton matrix, which is never negative and takes about half of the time (one of hessian, ggn).
     */
    default Param<String> curvature() {
        return table().param("curvature");
    }

    /** Value of {@link #curvature}. */
    default String getCurvature() {
        return getOrDefault(curvature());
    }

    /** Sets {@link #curvature}. */
    default S setCurvature(String value) {
        return with(curvature(), value);
    }

    /**
     * Param: preset solved: whether steps are shortened to the share of the promised decrease that other rows
     * confirm; by default they are, but not along Muon's direction in models with batch norm (boolean).
     */
    default BooleanParam confirm() {
        return table().param("confirm");
    }

    /** Value of {@link #confirm}. */
    default boolean getConfirm() {
        return (Boolean) getOrDefault(confirm());
    }

    /** Sets {@link #confirm}. */
    default S setConfirm(boolean value) {
        return with(confirm(), value);
    }

    /**
     * Param: newton-summary: factor on the solved lengths or learning rates; of the latter, preset published
     * has 0.4, which suits batches of 100 or so, while 1 suits those of 500 and more (number &gt; 0).
     */
    default DoubleParam damping() {
        return table().param("damping");
    }

    /** Value of {@link #damping}. */
    default double getDamping() {
        return (Double) getOrDefault(damping());
    }

    /** Sets {@link #damping}. */
    default S setDamping(double value) {
        return with(damping(), value);
    }

    /**
     * Param: published rules: share of the old learning rates kept at each summary (number in [0, 1)).
     */
    default DoubleParam momLrs() {
        return table().param("momLrs");
    }

    /** Value of {@link #momLrs}. */
    default double getMomLrs() {
        return (Double) getOrDefault(momLrs());
    }

    /** Sets {@link #momLrs}. */
    default S setMomLrs(double value) {
        return with(momLrs(), value);
    }

    /**
     * Param: newton-summary: most length of an undamped step over the one that averages of the summaries'
     * derivatives take; 0 for no bound (number &gt;= 0).
     */
    default DoubleParam rateBound() {
        return table().param("rateBound");
    }

    /** Value of {@link #rateBound}. */
    default double getRateBound() {
        return (Double) getOrDefault(rateBound());
    }

    /** Sets {@link #rateBound}. */
    default S setRateBound(double value) {
        return with(rateBound(), value);
    }

    /**
     * Param: newton-summary: whether negative learning rates are replaced by 0 (boolean).
     */
    default BooleanParam removeNegative() {
        return table().param("removeNegative");
    }

    /** Value of {@link #removeNegative}. */
    default boolean getRemoveNegative() {
        return (Boolean) getOrDefault(removeNegative());
    }

    /** Sets {@link #removeNegative}. */
    default S setRemoveNegative(boolean value) {
        return with(removeNegative(), value);
    }

    /**
     * Param: newton-summary: whether solutions are smoothed as they are and clipped for use, else clipped and
     * then smoothed (boolean).
     */
    default BooleanParam maintain() {
        return table().param("maintain");
    }

    /** Value of {@link #maintain}. */
    default boolean getMaintain() {
        return (Boolean) getOrDefault(maintain());
    }

    /** Sets {@link #maintain}. */
    default S setMaintain(boolean value) {
        return with(maintain(), value);
    }

    /**
     * Param: newton-summary: learning rates after a summary without a solution; by default zero, with
     * average.kind uniform previous (one of zero, previous).
     */
    default Param<String> onFailure() {
        return table().param("onFailure");
    }

    /** Value of {@link #onFailure}. */
    default String getOnFailure() {
        return getOrDefault(onFailure());
    }

    /** Sets {@link #onFailure}. */
    default S setOnFailure(String value) {
        return with(onFailure(), value);
    }

    /**
     * Param: newton-summary: eta* = (H + damping_int/2 |D eta| D^2)^-1 g, (H + ridge I)^-1 g, (H + ridge
     * D^2)^-1 g or H^-1 g (one of cubic, ridge, anisotropic-ridge, newton).
     */
    default Param<String> solve() {
        return table().param("solve");
    }

    /** Value of {@link #solve}. */
    default String getSolve() {
        return getOrDefault(solve());
    }

    /** Sets {@link #solve}. */
    default S setSolve(String value) {
        return with(solve(), value);
    }

    /**
     * Param: newton-summary: weight of the cubic term (number &gt;= 0).
     */
    default DoubleParam dampingInt() {
        return table().param("dampingInt");
    }

    /** Value of {@link #dampingInt}. */
    default double getDampingInt() {
        return (Double) getOrDefault(dampingInt());
    }

    /** Sets {@link #dampingInt}. */
    default S setDampingInt(double value) {
        return with(dampingInt(), value);
    }

    /**
     * Param: solve ridge and newton-stochastic-hv: added to the diagonal of H; anisotropic-ridge: factor of
     * D^2 (number &gt;= 0).
     */
    default DoubleParam ridge() {
        return table().param("ridge");
    }

    /** Value of {@link #ridge}. */
    default double getRidge() {
        return (Double) getOrDefault(ridge());
    }

    /** Sets {@link #ridge}. */
    default S setRidge(double value) {
        return with(ridge(), value);
    }

    /**
     * Param: newton-summary: whether interactions are left out: only the diagonal of H (boolean).
     */
    default BooleanParam diagonal() {
        return table().param("diagonal");
    }

    /** Value of {@link #diagonal}. */
    default boolean getDiagonal() {
        return (Boolean) getOrDefault(diagonal());
    }

    /** Sets {@link #diagonal}. */
    default S setDiagonal(boolean value) {
        return with(diagonal(), value);
    }

    /**
     * Param: newton-summary: average of (H, g, order3) over summaries (one of none, moving, uniform).
     */
    default Param<String> averageKind() {
        return table().param("averageKind");
    }

    /** Value of {@link #averageKind}. */
    default String getAverageKind() {
        return getOrDefault(averageKind());
    }

    /** Sets {@link #averageKind}. */
    default S setAverageKind(String value) {
        return with(averageKind(), value);
    }

    /**
     * Param: moving: share of the old (H, g, order3) kept at each summary (number in [0, 1)).
     */
    default DoubleParam averageDecay() {
        return table().param("averageDecay");
    }

    /** Value of {@link #averageDecay}. */
    default double getAverageDecay() {
        return (Double) getOrDefault(averageDecay());
    }

    /** Sets {@link #averageDecay}. */
    default S setAverageDecay(double value) {
        return with(averageDecay(), value);
    }

    /**
     * Param: moving: share of the old D kept at each summary (number in [0, 1)).
     */
    default DoubleParam averageDecayD() {
        return table().param("averageDecayD");
    }

    /** Value of {@link #averageDecayD}. */
    default double getAverageDecayD() {
        return (Double) getOrDefault(averageDecayD());
    }

    /** Sets {@link #averageDecayD}. */
    default S setAverageDecayD(double value) {
        return with(averageDecayD(), value);
    }

    /**
     * Param: uniform: summaries of a block; the average is over the block before and the current one (int
     * &gt;= 1).
     */
    default IntParam averagePeriod() {
        return table().param("averagePeriod");
    }

    /** Value of {@link #averagePeriod}. */
    default int getAveragePeriod() {
        return (Integer) getOrDefault(averagePeriod());
    }

    /** Sets {@link #averagePeriod}. */
    default S setAveragePeriod(int value) {
        return with(averagePeriod(), value);
    }

    /**
     * Param: summaries before the first step (int &gt;= 0).
     */
    default IntParam averageWarmup() {
        return table().param("averageWarmup");
    }

    /** Value of {@link #averageWarmup}. */
    default int getAverageWarmup() {
        return (Integer) getOrDefault(averageWarmup());
    }

    /** Sets {@link #averageWarmup}. */
    default S setAverageWarmup(int value) {
        return with(averageWarmup(), value);
    }

    /**
     * Param: newton-summary: what is multiplied when the training loss of an epoch is no better than the best
     * (one of none, damping, damping_int).
     */
    default Param<String> plateauOf() {
        return table().param("plateauOf");
    }

    /** Value of {@link #plateauOf}. */
    default String getPlateauOf() {
        return getOrDefault(plateauOf());
    }

    /** Sets {@link #plateauOf}. */
    default S setPlateauOf(String value) {
        return with(plateauOf(), value);
    }

    /**
     * Param: factor (number &gt; 0).
     */
    default DoubleParam plateauFactor() {
        return table().param("plateauFactor");
    }

    /** Value of {@link #plateauFactor}. */
    default double getPlateauFactor() {
        return (Double) getOrDefault(plateauFactor());
    }

    /** Sets {@link #plateauFactor}. */
    default S setPlateauFactor(double value) {
        return with(plateauFactor(), value);
    }

    /**
     * Param: epochs without improvement before the reduction (int &gt;= 0).
     */
    default IntParam plateauPatience() {
        return table().param("plateauPatience");
    }

    /** Value of {@link #plateauPatience}. */
    default int getPlateauPatience() {
        return (Integer) getOrDefault(plateauPatience());
    }

    /** Sets {@link #plateauPatience}. */
    default S setPlateauPatience(int value) {
        return with(plateauPatience(), value);
    }

    /**
     * Param: relative improvement that counts (number in [0, 1)).
     */
    default DoubleParam plateauThreshold() {
        return table().param("plateauThreshold");
    }

    /** Value of {@link #plateauThreshold}. */
    default double getPlateauThreshold() {
        return (Double) getOrDefault(plateauThreshold());
    }

    /** Sets {@link #plateauThreshold}. */
    default S setPlateauThreshold(double value) {
        return with(plateauThreshold(), value);
    }

    /**
     * Param: learning rate G d / d'H d of the whole direction or of each subset, or from a parabola through
     * losses (one of exact, subsets, approximate).
     */
    default Param<String> genKind() {
        return table().param("genKind");
    }

    /** Value of {@link #genKind}. */
    default String getGenKind() {
        return getOrDefault(genKind());
    }

    /** Sets {@link #genKind}. */
    default S setGenKind(String value) {
        return with(genKind(), value);
    }

    /**
     * Param: steps between two estimates (int &gt;= 1).
     */
    default IntParam genPeriod() {
        return table().param("genPeriod");
    }

    /** Value of {@link #genPeriod}. */
    default int getGenPeriod() {
        return (Integer) getOrDefault(genPeriod());
    }

    /** Sets {@link #genPeriod}. */
    default S setGenPeriod(int value) {
        return with(genPeriod(), value);
    }

    /**
     * Param: share of the old learning rate kept at each estimate (number in [0, 1)).
     */
    default DoubleParam genSmoothing() {
        return table().param("genSmoothing");
    }

    /** Value of {@link #genSmoothing}. */
    default double getGenSmoothing() {
        return (Double) getOrDefault(genSmoothing());
    }

    /** Sets {@link #genSmoothing}. */
    default S setGenSmoothing(double value) {
        return with(genSmoothing(), value);
    }

    /**
     * Param: approximate: losses along the direction (one of 3, 5).
     */
    default Param<String> genPoints() {
        return table().param("genPoints");
    }

    /** Value of {@link #genPoints}. */
    default String getGenPoints() {
        return getOrDefault(genPoints());
    }

    /** Sets {@link #genPoints}. */
    default S setGenPoints(String value) {
        return with(genPoints(), value);
    }

    /**
     * Param: approximate: least R^2 of the parabola (number in [0, 1]).
     */
    default DoubleParam genFit() {
        return table().param("genFit");
    }

    /** Value of {@link #genFit}. */
    default double getGenFit() {
        return (Double) getOrDefault(genFit());
    }

    /** Sets {@link #genFit}. */
    default S setGenFit(double value) {
        return with(genFit(), value);
    }

    /**
     * Param: least learning rate (number &gt;= 0).
     */
    default DoubleParam genLowest() {
        return table().param("genLowest");
    }

    /** Value of {@link #genLowest}. */
    default double getGenLowest() {
        return (Double) getOrDefault(genLowest());
    }

    /** Sets {@link #genLowest}. */
    default S setGenLowest(double value) {
        return with(genLowest(), value);
    }

    /**
     * Param: largest learning rate (number &gt; 0).
     */
    default DoubleParam genHighest() {
        return table().param("genHighest");
    }

    /** Value of {@link #genHighest}. */
    default double getGenHighest() {
        return (Double) getOrDefault(genHighest());
    }

    /** Sets {@link #genHighest}. */
    default S setGenHighest(double value) {
        return with(genHighest(), value);
    }

    /**
     * Param: exact, subsets: learning rate if the curvature is not positive (number &gt;= 0).
     */
    default DoubleParam genFallback() {
        return table().param("genFallback");
    }

    /** Value of {@link #genFallback}. */
    default double getGenFallback() {
        return (Double) getOrDefault(genFallback());
    }

    /** Sets {@link #genFallback}. */
    default S setGenFallback(double value) {
        return with(genFallback(), value);
    }

    /**
     * Param: what is learned as the inverse Hessian (one of blocks, residuals, dense, diagonal, global).
     */
    default Param<String> lodoKind() {
        return table().param("lodoKind");
    }

    /** Value of {@link #lodoKind}. */
    default String getLodoKind() {
        return getOrDefault(lodoKind());
    }

    /** Sets {@link #lodoKind}. */
    default S setLodoKind(String value) {
        return with(lodoKind(), value);
    }

    /**
     * Param: learning rate that it begins as (number &gt; 0).
     */
    default DoubleParam lodoInitial() {
        return table().param("lodoInitial");
    }

    /** Value of {@link #lodoInitial}. */
    default double getLodoInitial() {
        return (Double) getOrDefault(lodoInitial());
    }

    /** Sets {@link #lodoInitial}. */
    default S setLodoInitial(double value) {
        return with(lodoInitial(), value);
    }

    /**
     * Param: learning rate of what is learned (number &gt;= 0).
     */
    default DoubleParam lodoMetaLr() {
        return table().param("lodoMetaLr");
    }

    /** Value of {@link #lodoMetaLr}. */
    default double getLodoMetaLr() {
        return (Double) getOrDefault(lodoMetaLr());
    }

    /** Sets {@link #lodoMetaLr}. */
    default S setLodoMetaLr(double value) {
        return with(lodoMetaLr(), value);
    }

    /**
     * Param: what learns it (one of adam, sgd).
     */
    default Param<String> lodoMeta() {
        return table().param("lodoMeta");
    }

    /** Value of {@link #lodoMeta}. */
    default String getLodoMeta() {
        return getOrDefault(lodoMeta());
    }

    /** Sets {@link #lodoMeta}. */
    default S setLodoMeta(String value) {
        return with(lodoMeta(), value);
    }

    /**
     * Param: share of the old gradients kept in the momentum (number in [0, 1)).
     */
    default DoubleParam lodoBeta() {
        return table().param("lodoBeta");
    }

    /** Value of {@link #lodoBeta}. */
    default double getLodoBeta() {
        return (Double) getOrDefault(lodoBeta());
    }

    /** Sets {@link #lodoBeta}. */
    default S setLodoBeta(double value) {
        return with(lodoBeta(), value);
    }

    /**
     * Param: blocks, residuals: layers; by default 16 and 64 (int &gt;= 1).
     */
    default IntParam lodoLayers() {
        return table().param("lodoLayers");
    }

    /** Value of {@link #lodoLayers}. */
    default int getLodoLayers() {
        return (Integer) getOrDefault(lodoLayers());
    }

    /** Sets {@link #lodoLayers}. */
    default S setLodoLayers(int value) {
        return with(lodoLayers(), value);
    }

    /**
     * Param: blocks: size of a block (int &gt;= 1).
     */
    default IntParam lodoBlock() {
        return table().param("lodoBlock");
    }

    /** Value of {@link #lodoBlock}. */
    default int getLodoBlock() {
        return (Integer) getOrDefault(lodoBlock());
    }

    /** Sets {@link #lodoBlock}. */
    default S setLodoBlock(int value) {
        return with(lodoBlock(), value);
    }

    /**
     * Param: l-bfgs, o-lbfgs: pairs of steps and gradient differences that are kept (int &gt;= 1).
     */
    default IntParam lbfgsMemory() {
        return table().param("lbfgsMemory");
    }

    /** Value of {@link #lbfgsMemory}. */
    default int getLbfgsMemory() {
        return (Integer) getOrDefault(lbfgsMemory());
    }

    /** Sets {@link #lbfgsMemory}. */
    default S setLbfgsMemory(int value) {
        return with(lbfgsMemory(), value);
    }

    /**
     * Param: o-lbfgs: learning rate lr tau / (tau + step) (number &gt; 0).
     */
    default DoubleParam lbfgsTau() {
        return table().param("lbfgsTau");
    }

    /** Value of {@link #lbfgsTau}. */
    default double getLbfgsTau() {
        return (Double) getOrDefault(lbfgsTau());
    }

    /** Sets {@link #lbfgsTau}. */
    default S setLbfgsTau(double value) {
        return with(lbfgsTau(), value);
    }

    /**
     * Param: o-lbfgs: times the step, added to the gradient difference (number &gt;= 0).
     */
    default DoubleParam lbfgsRegularisation() {
        return table().param("lbfgsRegularisation");
    }

    /** Value of {@link #lbfgsRegularisation}. */
    default double getLbfgsRegularisation() {
        return (Double) getOrDefault(lbfgsRegularisation());
    }

    /** Sets {@link #lbfgsRegularisation}. */
    default S setLbfgsRegularisation(double value) {
        return with(lbfgsRegularisation(), value);
    }

    /**
     * Param: o-lbfgs: factor on the gradient as the direction, as long as no pair is kept; the paper has
     * 1e-10, a step too small for dtype float (number &gt; 0).
     */
    default DoubleParam lbfgsFirst() {
        return table().param("lbfgsFirst");
    }

    /** Value of {@link #lbfgsFirst}. */
    default double getLbfgsFirst() {
        return (Double) getOrDefault(lbfgsFirst());
    }

    /** Sets {@link #lbfgsFirst}. */
    default S setLbfgsFirst(double value) {
        return with(lbfgsFirst(), value);
    }

    /**
     * Param: k-fac: share of the old factors kept (number in [0, 1)).
     */
    default DoubleParam kfacDecay() {
        return table().param("kfacDecay");
    }

    /** Value of {@link #kfacDecay}. */
    default double getKfacDecay() {
        return (Double) getOrDefault(kfacDecay());
    }

    /** Sets {@link #kfacDecay}. */
    default S setKfacDecay(double value) {
        return with(kfacDecay(), value);
    }

    /**
     * Param: k-fac: added to the products of eigenvalues (number &gt; 0).
     */
    default DoubleParam kfacDamping() {
        return table().param("kfacDamping");
    }

    /** Value of {@link #kfacDamping}. */
    default double getKfacDamping() {
        return (Double) getOrDefault(kfacDamping());
    }

    /** Sets {@link #kfacDamping}. */
    default S setKfacDamping(double value) {
        return with(kfacDamping(), value);
    }

    /**
     * Param: k-fac: bound of the step's change in the Fisher metric, lr^2 u'F u; 0 for none (number &gt;= 0).
     */
    default DoubleParam kfacClip() {
        return table().param("kfacClip");
    }

    /** Value of {@link #kfacClip}. */
    default double getKfacClip() {
        return (Double) getOrDefault(kfacClip());
    }

    /** Sets {@link #kfacClip}. */
    default S setKfacClip(double value) {
        return with(kfacClip(), value);
    }

    /**
     * Param: k-fac: steps between two updates of the factors (int &gt;= 1).
     */
    default IntParam kfacFactorPeriod() {
        return table().param("kfacFactorPeriod");
    }

    /** Value of {@link #kfacFactorPeriod}. */
    default int getKfacFactorPeriod() {
        return (Integer) getOrDefault(kfacFactorPeriod());
    }

    /** Sets {@link #kfacFactorPeriod}. */
    default S setKfacFactorPeriod(int value) {
        return with(kfacFactorPeriod(), value);
    }

    /**
     * Param: k-fac: steps between two decompositions (int &gt;= 1).
     */
    default IntParam kfacInversePeriod() {
        return table().param("kfacInversePeriod");
    }

    /** Value of {@link #kfacInversePeriod}. */
    default int getKfacInversePeriod() {
        return (Integer) getOrDefault(kfacInversePeriod());
    }

    /** Sets {@link #kfacInversePeriod}. */
    default S setKfacInversePeriod(int value) {
        return with(kfacInversePeriod(), value);
    }

    /**
     * Param: k-fac: labels of the Fisher matrix, drawn from the model's own distribution or those of the data
     * (one of sampled, empirical).
     */
    default Param<String> kfacFisher() {
        return table().param("kfacFisher");
    }

    /** Value of {@link #kfacFisher}. */
    default String getKfacFisher() {
        return getOrDefault(kfacFisher());
    }

    /** Sets {@link #kfacFisher}. */
    default S setKfacFisher(String value) {
        return with(kfacFisher(), value);
    }

    /**
     * Param: schedule-free-adamw: steps over which the learning rate rises from 0 to lr (int &gt;= 0).
     */
    default IntParam scheduleFreeWarmupSteps() {
        return table().param("scheduleFreeWarmupSteps");
    }

    /** Value of {@link #scheduleFreeWarmupSteps}. */
    default int getScheduleFreeWarmupSteps() {
        return (Integer) getOrDefault(scheduleFreeWarmupSteps());
    }

    /** Sets {@link #scheduleFreeWarmupSteps}. */
    default S setScheduleFreeWarmupSteps(int value) {
        return with(scheduleFreeWarmupSteps(), value);
    }

    /**
     * Param: schedule-free-adamw: power of the step's number in its weight in the average (number &gt;= 0).
     */
    default DoubleParam scheduleFreePower() {
        return table().param("scheduleFreePower");
    }

    /** Value of {@link #scheduleFreePower}. */
    default double getScheduleFreePower() {
        return (Double) getOrDefault(scheduleFreePower());
    }

    /** Sets {@link #scheduleFreePower}. */
    default S setScheduleFreePower(double value) {
        return with(scheduleFreePower(), value);
    }

    /**
     * Param: schedule-free-adamw: power of the highest learning rate so far in the step's weight in the
     * average (number &gt;= 0).
     */
    default DoubleParam scheduleFreeLrPower() {
        return table().param("scheduleFreeLrPower");
    }

    /** Value of {@link #scheduleFreeLrPower}. */
    default double getScheduleFreeLrPower() {
        return (Double) getOrDefault(scheduleFreeLrPower());
    }

    /** Sets {@link #scheduleFreeLrPower}. */
    default S setScheduleFreeLrPower(double value) {
        return with(scheduleFreeLrPower(), value);
    }

    /**
     * Param: prodigy, d-adapted-adam: first d, below the distance to any solution (number &gt; 0).
     */
    default DoubleParam distanceInitial() {
        return table().param("distanceInitial");
    }

    /** Value of {@link #distanceInitial}. */
    default double getDistanceInitial() {
        return (Double) getOrDefault(distanceInitial());
    }

    /** Sets {@link #distanceInitial}. */
    default S setDistanceInitial(double value) {
        return with(distanceInitial(), value);
    }

    /**
     * Param: prodigy, d-adapted-adam: bound of the factor by which d grows in a step; by default none (number
     * &gt; 1).
     */
    default DoubleParam distanceGrowth() {
        return table().param("distanceGrowth");
    }

    /** Value of {@link #distanceGrowth}. */
    default double getDistanceGrowth() {
        return (Double) getOrDefault(distanceGrowth());
    }

    /** Sets {@link #distanceGrowth}. */
    default S setDistanceGrowth(double value) {
        return with(distanceGrowth(), value);
    }

    /**
     * Param: prodigy, d-adapted-adam: whether moments are corrected for their start at 0 (boolean).
     */
    default BooleanParam distanceBiasCorrection() {
        return table().param("distanceBiasCorrection");
    }

    /** Value of {@link #distanceBiasCorrection}. */
    default boolean getDistanceBiasCorrection() {
        return (Boolean) getOrDefault(distanceBiasCorrection());
    }

    /** Sets {@link #distanceBiasCorrection}. */
    default S setDistanceBiasCorrection(boolean value) {
        return with(distanceBiasCorrection(), value);
    }

    /**
     * Param: prodigy: factor on the estimate of d (number &gt; 0).
     */
    default DoubleParam distanceFactor() {
        return table().param("distanceFactor");
    }

    /** Value of {@link #distanceFactor}. */
    default double getDistanceFactor() {
        return (Double) getOrDefault(distanceFactor());
    }

    /** Sets {@link #distanceFactor}. */
    default S setDistanceFactor(double value) {
        return with(distanceFactor(), value);
    }

    /**
     * Param: prodigy: share of the old averages kept in the estimate of d; by default the root of base.beta2
     * (number in [0, 1)).
     */
    default DoubleParam distanceBeta3() {
        return table().param("distanceBeta3");
    }

    /** Value of {@link #distanceBeta3}. */
    default double getDistanceBeta3() {
        return (Double) getOrDefault(distanceBeta3());
    }

    /** Sets {@link #distanceBeta3}. */
    default S setDistanceBeta3(double value) {
        return with(distanceBeta3(), value);
    }

    /**
     * Param: prodigy: whether the estimate of d leaves out the learning rate, for schedules that begin with a
     * warm-up (boolean).
     */
    default BooleanParam distanceSafeguardWarmup() {
        return table().param("distanceSafeguardWarmup");
    }

    /** Value of {@link #distanceSafeguardWarmup}. */
    default boolean getDistanceSafeguardWarmup() {
        return (Boolean) getOrDefault(distanceSafeguardWarmup());
    }

    /** Sets {@link #distanceSafeguardWarmup}. */
    default S setDistanceSafeguardWarmup(boolean value) {
        return with(distanceSafeguardWarmup(), value);
    }

    /**
     * Param: fixed learning rates: average of the parameters over the steps that is evaluated and becomes the
     * model; uniform: of all, moving: of the last ones above all (one of none, uniform, moving).
     */
    default Param<String> modelAverageKind() {
        return table().param("modelAverageKind");
    }

    /** Value of {@link #modelAverageKind}. */
    default String getModelAverageKind() {
        return getOrDefault(modelAverageKind());
    }

    /** Sets {@link #modelAverageKind}. */
    default S setModelAverageKind(String value) {
        return with(modelAverageKind(), value);
    }

    /**
     * Param: moving: share of the average kept at each step, less in the first ones (number in [0, 1)).
     */
    default DoubleParam modelAverageDecay() {
        return table().param("modelAverageDecay");
    }

    /** Value of {@link #modelAverageDecay}. */
    default double getModelAverageDecay() {
        return (Double) getOrDefault(modelAverageDecay());
    }

    /** Sets {@link #modelAverageDecay}. */
    default S setModelAverageDecay(double value) {
        return with(modelAverageDecay(), value);
    }

    /**
     * Param: rule of the direction under newton-summary and gen (one of sgd, adam, adamw, nadamw, rmsprop,
     * yogi, lars, muon, k-fac).
     */
    default Param<String> baseName() {
        return table().param("baseName");
    }

    /** Value of {@link #baseName}. */
    default String getBaseName() {
        return getOrDefault(baseName());
    }

    /** Sets {@link #baseName}. */
    default S setBaseName(String value) {
        return with(baseName(), value);
    }

    /**
     * Param: sgd, rmsprop, lars, k-fac: momentum (number in [0, 1)).
     */
    default DoubleParam baseMomentum() {
        return table().param("baseMomentum");
    }

    /** Value of {@link #baseMomentum}. */
    default double getBaseMomentum() {
        return (Double) getOrDefault(baseMomentum());
    }

    /** Sets {@link #baseMomentum}. */
    default S setBaseMomentum(double value) {
        return with(baseMomentum(), value);
    }

    /**
     * Param: sgd: dampening of the momentum (number in [0, 1]).
     */
    default DoubleParam baseDampening() {
        return table().param("baseDampening");
    }

    /** Value of {@link #baseDampening}. */
    default double getBaseDampening() {
        return (Double) getOrDefault(baseDampening());
    }

    /** Sets {@link #baseDampening}. */
    default S setBaseDampening(double value) {
        return with(baseDampening(), value);
    }

    /**
     * Param: added to the gradient times the parameters; adamw, nadamw, schedule-free-adamw, prodigy: to the
     * direction; muon: to that of matrices (number &gt;= 0).
     */
    default DoubleParam baseWeightDecay() {
        return table().param("baseWeightDecay");
    }

    /** Value of {@link #baseWeightDecay}. */
    default double getBaseWeightDecay() {
        return (Double) getOrDefault(baseWeightDecay());
    }

    /** Sets {@link #baseWeightDecay}. */
    default S setBaseWeightDecay(double value) {
        return with(baseWeightDecay(), value);
    }

    /**
     * Param: adam and its variants: share of the old first moment kept (number in [0, 1)).
     */
    default DoubleParam baseBeta1() {
        return table().param("baseBeta1");
    }

    /** Value of {@link #baseBeta1}. */
    default double getBaseBeta1() {
        return (Double) getOrDefault(baseBeta1());
    }

    /** Sets {@link #baseBeta1}. */
    default S setBaseBeta1(double value) {
        return with(baseBeta1(), value);
    }

    /**
     * Param: adam and its variants: share of the old second moment kept (number in [0, 1)).
     */
    default DoubleParam baseBeta2() {
        return table().param("baseBeta2");
    }

    /** Value of {@link #baseBeta2}. */
    default double getBaseBeta2() {
        return (Double) getOrDefault(baseBeta2());
    }

    /** Sets {@link #baseBeta2}. */
    default S setBaseBeta2(double value) {
        return with(baseBeta2(), value);
    }

    /**
     * Param: added to the root of the second moment; by default 1e-8, yogi 1e-3 (number &gt; 0).
     */
    default DoubleParam baseEps() {
        return table().param("baseEps");
    }

    /** Value of {@link #baseEps}. */
    default double getBaseEps() {
        return (Double) getOrDefault(baseEps());
    }

    /** Sets {@link #baseEps}. */
    default S setBaseEps(double value) {
        return with(baseEps(), value);
    }

    /**
     * Param: nadamw: how fast the share of the first moment in a step rises from half of beta1 to beta1
     * (number &gt;= 0).
     */
    default DoubleParam baseMomentumDecay() {
        return table().param("baseMomentumDecay");
    }

    /** Value of {@link #baseMomentumDecay}. */
    default double getBaseMomentumDecay() {
        return (Double) getOrDefault(baseMomentumDecay());
    }

    /** Sets {@link #baseMomentumDecay}. */
    default S setBaseMomentumDecay(double value) {
        return with(baseMomentumDecay(), value);
    }

    /**
     * Param: rmsprop: share of the old mean square kept (number in [0, 1)).
     */
    default DoubleParam baseRho() {
        return table().param("baseRho");
    }

    /** Value of {@link #baseRho}. */
    default double getBaseRho() {
        return (Double) getOrDefault(baseRho());
    }

    /** Sets {@link #baseRho}. */
    default S setBaseRho(double value) {
        return with(baseRho(), value);
    }

    /**
     * Param: lars: norm of a tensor's step over the tensor's norm (number &gt; 0).
     */
    default DoubleParam baseTrust() {
        return table().param("baseTrust");
    }

    /** Value of {@link #baseTrust}. */
    default double getBaseTrust() {
        return (Double) getOrDefault(baseTrust());
    }

    /** Sets {@link #baseTrust}. */
    default S setBaseTrust(double value) {
        return with(baseTrust(), value);
    }

    /**
     * Param: muon: share of the old momentum kept (number in [0, 1)).
     */
    default DoubleParam baseMuonMomentum() {
        return table().param("baseMuonMomentum");
    }

    /** Value of {@link #baseMuonMomentum}. */
    default double getBaseMuonMomentum() {
        return (Double) getOrDefault(baseMuonMomentum());
    }

    /** Sets {@link #baseMuonMomentum}. */
    default S setBaseMuonMomentum(double value) {
        return with(baseMuonMomentum(), value);
    }

    /**
     * Param: muon: whether the momentum is Nesterov's (boolean).
     */
    default BooleanParam baseMuonNesterov() {
        return table().param("baseMuonNesterov");
    }

    /** Value of {@link #baseMuonNesterov}. */
    default boolean getBaseMuonNesterov() {
        return (Boolean) getOrDefault(baseMuonNesterov());
    }

    /** Sets {@link #baseMuonNesterov}. */
    default S setBaseMuonNesterov(boolean value) {
        return with(baseMuonNesterov(), value);
    }

    /**
     * Param: muon: Newton-Schulz iterations that bring singular values near 1 (int &gt;= 1).
     */
    default IntParam baseMuonIterations() {
        return table().param("baseMuonIterations");
    }

    /** Value of {@link #baseMuonIterations}. */
    default int getBaseMuonIterations() {
        return (Integer) getOrDefault(baseMuonIterations());
    }

    /** Sets {@link #baseMuonIterations}. */
    default S setBaseMuonIterations(int value) {
        return with(baseMuonIterations(), value);
    }

    /**
     * Param: muon: beta2 of tensors that are no matrices (number in [0, 1)).
     */
    default DoubleParam baseMuonBeta2() {
        return table().param("baseMuonBeta2");
    }

    /** Value of {@link #baseMuonBeta2}. */
    default double getBaseMuonBeta2() {
        return (Double) getOrDefault(baseMuonBeta2());
    }

    /** Sets {@link #baseMuonBeta2}. */
    default S setBaseMuonBeta2(double value) {
        return with(baseMuonBeta2(), value);
    }

    /**
     * Param: muon: factor on Adam's direction of tensors that are no matrices: their learning rate over lr
     * (number &gt; 0).
     */
    default DoubleParam baseMuonAdamFactor() {
        return table().param("baseMuonAdamFactor");
    }

    /** Value of {@link #baseMuonAdamFactor}. */
    default double getBaseMuonAdamFactor() {
        return (Double) getOrDefault(baseMuonAdamFactor());
    }

    /** Sets {@link #baseMuonAdamFactor}. */
    default S setBaseMuonAdamFactor(double value) {
        return with(baseMuonAdamFactor(), value);
    }

    /**
     * Param: muon: longest shorter side of a matrix; larger ones count as no matrices, because the operations
     * grow with its cube. 0: no limit (int &gt;= 0).
     */
    default IntParam baseMuonMaxSide() {
        return table().param("baseMuonMaxSide");
    }

    /** Value of {@link #baseMuonMaxSide}. */
    default int getBaseMuonMaxSide() {
        return (Integer) getOrDefault(baseMuonMaxSide());
    }

    /** Sets {@link #baseMuonMaxSide}. */
    default S setBaseMuonMaxSide(int value) {
        return with(baseMuonMaxSide(), value);
    }

    /**
     * Param: passes over the training set; 0: no step, the model is that of the initial parameters (int &gt;=
     * 0).
     */
    default IntParam maxIter() {
        return table().param("maxIter");
    }

    /** Value of {@link #maxIter}. */
    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** Sets {@link #maxIter}. */
    default S setMaxIter(int value) {
        return with(maxIter(), value);
    }

    /**
     * Param: steps after which the run ends, though epochs may not be done (int &gt;= 1).
     */
    default IntParam maxSteps() {
        return table().param("maxSteps");
    }

    /** Value of {@link #maxSteps}. */
    default int getMaxSteps() {
        return (Integer) getOrDefault(maxSteps());
    }

    /** Sets {@link #maxSteps}. */
    default S setMaxSteps(int value) {
        return with(maxSteps(), value);
    }

    /**
     * Param: samples of a training step; auto: by the number of training rows, all for optimizers that need
     * every row (int &gt;= 1, 0 for all, -1 for automatic).
     */
    default IntParam batchSize() {
        return table().param("batchSize");
    }

    /** Value of {@link #batchSize}. */
    default int getBatchSize() {
        return (Integer) getOrDefault(batchSize());
    }

    /** Sets {@link #batchSize}. */
    default S setBatchSize(int value) {
        return with(batchSize(), value);
    }

    /**
     * Param: samples the engine takes at once, 0 for automatic (int &gt;= 0).
     */
    default IntParam microBatchSize() {
        return table().param("microBatchSize");
    }

    /** Value of {@link #microBatchSize}. */
    default int getMicroBatchSize() {
        return (Integer) getOrDefault(microBatchSize());
    }

    /** Sets {@link #microBatchSize}. */
    default S setMicroBatchSize(int value) {
        return with(microBatchSize(), value);
    }

    /**
     * Param: when executors meet: step: a Spark job a step; period: one for sync_period steps that each shard
     * makes by itself, with parameters and the base rule's state averaged after them; auto: as step, with the
     * same results, but many steps in a job where all training rows are one shard or all tasks run in one JVM
     * (one of auto, step, period).
     */
    default Param<String> sync() {
        return table().param("sync");
    }

    /** Value of {@link #sync}. */
    default String getSync() {
        return getOrDefault(sync());
    }

    /** Sets {@link #sync}. */
    default S setSync(String value) {
        return with(sync(), value);
    }

    /**
     * Param: sync period: steps between two averages (int &gt;= 1).
     */
    default IntParam syncPeriod() {
        return table().param("syncPeriod");
    }

    /** Value of {@link #syncPeriod}. */
    default int getSyncPeriod() {
        return (Integer) getOrDefault(syncPeriod());
    }

    /** Sets {@link #syncPeriod}. */
    default S setSyncPeriod(int value) {
        return with(syncPeriod(), value);
    }

    /**
     * Param: levels in which shards' sums are added, as Spark ML's aggregationDepth; 1: all on the driver (int
     * &gt;= 1).
     */
    default IntParam aggregationDepth() {
        return table().param("aggregationDepth");
    }

    /** Value of {@link #aggregationDepth}. */
    default int getAggregationDepth() {
        return (Integer) getOrDefault(aggregationDepth());
    }

    /** Sets {@link #aggregationDepth}. */
    default S setAggregationDepth(int value) {
        return with(aggregationDepth(), value);
    }

    /**
     * Param: where the last level is; executor: the driver receives one sum (one of driver, executor).
     */
    default Param<String> finalAggregation() {
        return table().param("finalAggregation");
    }

    /** Value of {@link #finalAggregation}. */
    default String getFinalAggregation() {
        return getOrDefault(finalAggregation());
    }

    /** Sets {@link #finalAggregation}. */
    default S setFinalAggregation(String value) {
        return with(finalAggregation(), value);
    }

    /**
     * Param: steps between checkpoints within an epoch, 0 for the ends of epochs alone (int &gt;= 0).
     */
    default IntParam checkpointInterval() {
        return table().param("checkpointInterval");
    }

    /** Value of {@link #checkpointInterval}. */
    default int getCheckpointInterval() {
        return (Integer) getOrDefault(checkpointInterval());
    }

    /** Sets {@link #checkpointInterval}. */
    default S setCheckpointInterval(int value) {
        return with(checkpointInterval(), value);
    }

    /**
     * Param: seconds between checkpoints, looked at after each step; 0 for none by the clock; results do not
     * depend on it (number &gt;= 0).
     */
    default DoubleParam checkpointSeconds() {
        return table().param("checkpointSeconds");
    }

    /** Value of {@link #checkpointSeconds}. */
    default double getCheckpointSeconds() {
        return (Double) getOrDefault(checkpointSeconds());
    }

    /** Sets {@link #checkpointSeconds}. */
    default S setCheckpointSeconds(double value) {
        return with(checkpointSeconds(), value);
    }

    /**
     * Param: newest checkpoints kept (int &gt;= 1).
     */
    default IntParam keepCheckpoints() {
        return table().param("keepCheckpoints");
    }

    /** Value of {@link #keepCheckpoints}. */
    default int getKeepCheckpoints() {
        return (Integer) getOrDefault(keepCheckpoints());
    }

    /** Sets {@link #keepCheckpoints}. */
    default S setKeepCheckpoints(int value) {
        return with(keepCheckpoints(), value);
    }

    /**
     * Param: samples of a summary that is not of the training batch; by default, and auto, those of a training
     * step (int &gt;= 1, 0 for all, -1 for automatic).
     */
    default IntParam summaryBatchSize() {
        return table().param("summaryBatchSize");
    }

    /** Value of {@link #summaryBatchSize}. */
    default int getSummaryBatchSize() {
        return (Integer) getOrDefault(summaryBatchSize());
    }

    /** Sets {@link #summaryBatchSize}. */
    default S setSummaryBatchSize(int value) {
        return with(summaryBatchSize(), value);
    }

    /**
     * Param: rows of a summary: a batch of its own from the training rows, the step's training batch, or rows
     * that are not trained on; by default batch for newton-summary without summary.batch, else drawn (one of
     * drawn, batch, apart).
     */
    default Param<String> summaryRows() {
        return table().param("summaryRows");
    }

    /** Value of {@link #summaryRows}. */
    default String getSummaryRows() {
        return getOrDefault(summaryRows());
    }

    /** Sets {@link #summaryRows}. */
    default S setSummaryRows(String value) {
        return with(summaryRows(), value);
    }

    /**
     * Param: summary.rows apart: share of the training rows kept for summaries (number in (0, 1)).
     */
    default DoubleParam summaryShare() {
        return table().param("summaryShare");
    }

    /** Value of {@link #summaryShare}. */
    default double getSummaryShare() {
        return (Double) getOrDefault(summaryShare());
    }

    /** Sets {@link #summaryShare}. */
    default S setSummaryShare(double value) {
        return with(summaryShare(), value);
    }

    /**
     * Param: what executors compute on: cpu, cuda for NVIDIA GPUs, auto for cpu as long as no GPU has been
     * seen to compute rightly (docs/gpu.md) (one of auto, cpu, cuda).
     */
    default Param<String> backend() {
        return table().param("backend");
    }

    /** Value of {@link #backend}. */
    default String getBackend() {
        return getOrDefault(backend());
    }

    /** Sets {@link #backend}. */
    default S setBackend(String value) {
        return with(backend(), value);
    }

    /**
     * Param: cuda: folder of libcuda, libnvrtc and libcublas on each machine; by default what the system's
     * loader finds, /usr/local/cuda* and the nvidia-* wheels of the Python environment (string).
     */
    default Param<String> cudaLibraries() {
        return table().param("cudaLibraries");
    }

    /** Value of {@link #cudaLibraries}. */
    default String getCudaLibraries() {
        return getOrDefault(cudaLibraries());
    }

    /** Sets {@link #cudaLibraries}. */
    default S setCudaLibraries(String value) {
        return with(cudaLibraries(), value);
    }
}
