package io.etastar.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Settings of the optimizer: keys of the block {@code optimizer}, each as a Param whose meaning and default are those of the
 * job file's key.
 *
 * @param <S> what setters return
 */
public interface OptimizerParams<S> extends TableParams<S> {
    /** Key {@code optimizer.name} of a job file. */
    default Param<String> optimizer() {
        return table().stringParam("optimizer");
    }

    /** Value of {@link #optimizer}. */
    default String getOptimizer() {
        return getOrDefault(optimizer());
    }

    /** Sets {@link #optimizer}. */
    default S setOptimizer(String value) {
        return with(optimizer(), value);
    }

    /** Key {@code optimizer.lr} of a job file. */
    default DoubleParam lr() {
        return table().doubleParam("lr");
    }

    /** Value of {@link #lr}. */
    default double getLr() {
        return (Double) getOrDefault(lr());
    }

    /** Sets {@link #lr}. */
    default S setLr(double value) {
        return with(lr(), value);
    }

    /** Key {@code optimizer.decay} of a job file. */
    default Param<String> decay() {
        return table().stringParam("decay");
    }

    /** Value of {@link #decay}. */
    default String getDecay() {
        return getOrDefault(decay());
    }

    /** Sets {@link #decay}. */
    default S setDecay(String value) {
        return with(decay(), value);
    }

    /** Key {@code optimizer.decay_epochs} of a job file. */
    default IntParam decayEpochs() {
        return table().intParam("decayEpochs");
    }

    /** Value of {@link #decayEpochs}. */
    default int getDecayEpochs() {
        return (Integer) getOrDefault(decayEpochs());
    }

    /** Sets {@link #decayEpochs}. */
    default S setDecayEpochs(int value) {
        return with(decayEpochs(), value);
    }

    /** Key {@code optimizer.decay_factor} of a job file. */
    default DoubleParam decayFactor() {
        return table().doubleParam("decayFactor");
    }

    /** Value of {@link #decayFactor}. */
    default double getDecayFactor() {
        return (Double) getOrDefault(decayFactor());
    }

    /** Sets {@link #decayFactor}. */
    default S setDecayFactor(double value) {
        return with(decayFactor(), value);
    }

    /** Key {@code optimizer.period} of a job file. */
    default IntParam period() {
        return table().intParam("period");
    }

    /** Value of {@link #period}. */
    default int getPeriod() {
        return (Integer) getOrDefault(period());
    }

    /** Sets {@link #period}. */
    default S setPeriod(int value) {
        return with(period(), value);
    }

    /** Key {@code optimizer.summary_direction} of a job file. */
    default Param<String> summaryDirection() {
        return table().stringParam("summaryDirection");
    }

    /** Value of {@link #summaryDirection}. */
    default String getSummaryDirection() {
        return getOrDefault(summaryDirection());
    }

    /** Sets {@link #summaryDirection}. */
    default S setSummaryDirection(String value) {
        return with(summaryDirection(), value);
    }

    /** Key {@code optimizer.damping} of a job file. */
    default DoubleParam damping() {
        return table().doubleParam("damping");
    }

    /** Value of {@link #damping}. */
    default double getDamping() {
        return (Double) getOrDefault(damping());
    }

    /** Sets {@link #damping}. */
    default S setDamping(double value) {
        return with(damping(), value);
    }

    /** Key {@code optimizer.damping_int} of a job file. */
    default DoubleParam dampingInt() {
        return table().doubleParam("dampingInt");
    }

    /** Value of {@link #dampingInt}. */
    default double getDampingInt() {
        return (Double) getOrDefault(dampingInt());
    }

    /** Sets {@link #dampingInt}. */
    default S setDampingInt(double value) {
        return with(dampingInt(), value);
    }

    /** Key {@code optimizer.mom_lrs} of a job file. */
    default DoubleParam momLrs() {
        return table().doubleParam("momLrs");
    }

    /** Value of {@link #momLrs}. */
    default double getMomLrs() {
        return (Double) getOrDefault(momLrs());
    }

    /** Sets {@link #momLrs}. */
    default S setMomLrs(double value) {
        return with(momLrs(), value);
    }

    /** Key {@code optimizer.remove_negative} of a job file. */
    default BooleanParam removeNegative() {
        return table().booleanParam("removeNegative");
    }

    /** Value of {@link #removeNegative}. */
    default boolean getRemoveNegative() {
        return (Boolean) getOrDefault(removeNegative());
    }

    /** Sets {@link #removeNegative}. */
    default S setRemoveNegative(boolean value) {
        return with(removeNegative(), value);
    }

    /** Key {@code optimizer.maintain} of a job file. */
    default BooleanParam maintain() {
        return table().booleanParam("maintain");
    }

    /** Value of {@link #maintain}. */
    default boolean getMaintain() {
        return (Boolean) getOrDefault(maintain());
    }

    /** Sets {@link #maintain}. */
    default S setMaintain(boolean value) {
        return with(maintain(), value);
    }

    /** Key {@code optimizer.solve} of a job file. */
    default Param<String> solve() {
        return table().stringParam("solve");
    }

    /** Value of {@link #solve}. */
    default String getSolve() {
        return getOrDefault(solve());
    }

    /** Sets {@link #solve}. */
    default S setSolve(String value) {
        return with(solve(), value);
    }

    /** Key {@code optimizer.ridge} of a job file. */
    default DoubleParam ridge() {
        return table().doubleParam("ridge");
    }

    /** Value of {@link #ridge}. */
    default double getRidge() {
        return (Double) getOrDefault(ridge());
    }

    /** Sets {@link #ridge}. */
    default S setRidge(double value) {
        return with(ridge(), value);
    }

    /** Key {@code optimizer.diagonal} of a job file. */
    default BooleanParam diagonal() {
        return table().booleanParam("diagonal");
    }

    /** Value of {@link #diagonal}. */
    default boolean getDiagonal() {
        return (Boolean) getOrDefault(diagonal());
    }

    /** Sets {@link #diagonal}. */
    default S setDiagonal(boolean value) {
        return with(diagonal(), value);
    }

    /** Key {@code optimizer.normalise} of a job file. */
    default BooleanParam normalise() {
        return table().booleanParam("normalise");
    }

    /** Value of {@link #normalise}. */
    default boolean getNormalise() {
        return (Boolean) getOrDefault(normalise());
    }

    /** Sets {@link #normalise}. */
    default S setNormalise(boolean value) {
        return with(normalise(), value);
    }

    /** Key {@code optimizer.on_failure} of a job file. */
    default Param<String> onFailure() {
        return table().stringParam("onFailure");
    }

    /** Value of {@link #onFailure}. */
    default String getOnFailure() {
        return getOrDefault(onFailure());
    }

    /** Sets {@link #onFailure}. */
    default S setOnFailure(String value) {
        return with(onFailure(), value);
    }

    /** Key {@code optimizer.average.kind} of a job file. */
    default Param<String> averageKind() {
        return table().stringParam("averageKind");
    }

    /** Value of {@link #averageKind}. */
    default String getAverageKind() {
        return getOrDefault(averageKind());
    }

    /** Sets {@link #averageKind}. */
    default S setAverageKind(String value) {
        return with(averageKind(), value);
    }

    /** Key {@code optimizer.average.decay} of a job file. */
    default DoubleParam averageDecay() {
        return table().doubleParam("averageDecay");
    }

    /** Value of {@link #averageDecay}. */
    default double getAverageDecay() {
        return (Double) getOrDefault(averageDecay());
    }

    /** Sets {@link #averageDecay}. */
    default S setAverageDecay(double value) {
        return with(averageDecay(), value);
    }

    /** Key {@code optimizer.average.decay_d} of a job file. */
    default DoubleParam averageDecayD() {
        return table().doubleParam("averageDecayD");
    }

    /** Value of {@link #averageDecayD}. */
    default double getAverageDecayD() {
        return (Double) getOrDefault(averageDecayD());
    }

    /** Sets {@link #averageDecayD}. */
    default S setAverageDecayD(double value) {
        return with(averageDecayD(), value);
    }

    /** Key {@code optimizer.average.period} of a job file. */
    default IntParam averagePeriod() {
        return table().intParam("averagePeriod");
    }

    /** Value of {@link #averagePeriod}. */
    default int getAveragePeriod() {
        return (Integer) getOrDefault(averagePeriod());
    }

    /** Sets {@link #averagePeriod}. */
    default S setAveragePeriod(int value) {
        return with(averagePeriod(), value);
    }

    /** Key {@code optimizer.average.warmup} of a job file. */
    default IntParam averageWarmup() {
        return table().intParam("averageWarmup");
    }

    /** Value of {@link #averageWarmup}. */
    default int getAverageWarmup() {
        return (Integer) getOrDefault(averageWarmup());
    }

    /** Sets {@link #averageWarmup}. */
    default S setAverageWarmup(int value) {
        return with(averageWarmup(), value);
    }

    /** Key {@code optimizer.plateau.of} of a job file. */
    default Param<String> plateauOf() {
        return table().stringParam("plateauOf");
    }

    /** Value of {@link #plateauOf}. */
    default String getPlateauOf() {
        return getOrDefault(plateauOf());
    }

    /** Sets {@link #plateauOf}. */
    default S setPlateauOf(String value) {
        return with(plateauOf(), value);
    }

    /** Key {@code optimizer.plateau.factor} of a job file. */
    default DoubleParam plateauFactor() {
        return table().doubleParam("plateauFactor");
    }

    /** Value of {@link #plateauFactor}. */
    default double getPlateauFactor() {
        return (Double) getOrDefault(plateauFactor());
    }

    /** Sets {@link #plateauFactor}. */
    default S setPlateauFactor(double value) {
        return with(plateauFactor(), value);
    }

    /** Key {@code optimizer.plateau.patience} of a job file. */
    default IntParam plateauPatience() {
        return table().intParam("plateauPatience");
    }

    /** Value of {@link #plateauPatience}. */
    default int getPlateauPatience() {
        return (Integer) getOrDefault(plateauPatience());
    }

    /** Sets {@link #plateauPatience}. */
    default S setPlateauPatience(int value) {
        return with(plateauPatience(), value);
    }

    /** Key {@code optimizer.plateau.threshold} of a job file. */
    default DoubleParam plateauThreshold() {
        return table().doubleParam("plateauThreshold");
    }

    /** Value of {@link #plateauThreshold}. */
    default double getPlateauThreshold() {
        return (Double) getOrDefault(plateauThreshold());
    }

    /** Sets {@link #plateauThreshold}. */
    default S setPlateauThreshold(double value) {
        return with(plateauThreshold(), value);
    }

    /** Key {@code optimizer.lr_direction} of a job file. */
    default DoubleParam lrDirection() {
        return table().doubleParam("lrDirection");
    }

    /** Value of {@link #lrDirection}. */
    default double getLrDirection() {
        return (Double) getOrDefault(lrDirection());
    }

    /** Sets {@link #lrDirection}. */
    default S setLrDirection(double value) {
        return with(lrDirection(), value);
    }
}
