package io.etastar.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Settings of base rules: keys of the blocks {@code optimizer.base} and {@code optimizer.kfac}, each as a Param whose
 * meaning and default are those of the job file's key.
 *
 * @param <S> what setters return
 */
public interface BaseRuleParams<S> extends TableParams<S> {
    /** Key {@code optimizer.kfac.decay} of a job file. */
    default DoubleParam kfacDecay() {
        return table().doubleParam("kfacDecay");
    }

    /** Value of {@link #kfacDecay}. */
    default double getKfacDecay() {
        return (Double) getOrDefault(kfacDecay());
    }

    /** Sets {@link #kfacDecay}. */
    default S setKfacDecay(double value) {
        return with(kfacDecay(), value);
    }

    /** Key {@code optimizer.kfac.damping} of a job file. */
    default DoubleParam kfacDamping() {
        return table().doubleParam("kfacDamping");
    }

    /** Value of {@link #kfacDamping}. */
    default double getKfacDamping() {
        return (Double) getOrDefault(kfacDamping());
    }

    /** Sets {@link #kfacDamping}. */
    default S setKfacDamping(double value) {
        return with(kfacDamping(), value);
    }

    /** Key {@code optimizer.kfac.clip} of a job file. */
    default DoubleParam kfacClip() {
        return table().doubleParam("kfacClip");
    }

    /** Value of {@link #kfacClip}. */
    default double getKfacClip() {
        return (Double) getOrDefault(kfacClip());
    }

    /** Sets {@link #kfacClip}. */
    default S setKfacClip(double value) {
        return with(kfacClip(), value);
    }

    /** Key {@code optimizer.kfac.factor_period} of a job file. */
    default IntParam kfacFactorPeriod() {
        return table().intParam("kfacFactorPeriod");
    }

    /** Value of {@link #kfacFactorPeriod}. */
    default int getKfacFactorPeriod() {
        return (Integer) getOrDefault(kfacFactorPeriod());
    }

    /** Sets {@link #kfacFactorPeriod}. */
    default S setKfacFactorPeriod(int value) {
        return with(kfacFactorPeriod(), value);
    }

    /** Key {@code optimizer.kfac.inverse_period} of a job file. */
    default IntParam kfacInversePeriod() {
        return table().intParam("kfacInversePeriod");
    }

    /** Value of {@link #kfacInversePeriod}. */
    default int getKfacInversePeriod() {
        return (Integer) getOrDefault(kfacInversePeriod());
    }

    /** Sets {@link #kfacInversePeriod}. */
    default S setKfacInversePeriod(int value) {
        return with(kfacInversePeriod(), value);
    }

    /** Key {@code optimizer.kfac.fisher} of a job file. */
    default Param<String> kfacFisher() {
        return table().stringParam("kfacFisher");
    }

    /** Value of {@link #kfacFisher}. */
    default String getKfacFisher() {
        return getOrDefault(kfacFisher());
    }

    /** Sets {@link #kfacFisher}. */
    default S setKfacFisher(String value) {
        return with(kfacFisher(), value);
    }

    /** Key {@code optimizer.base.name} of a job file. */
    default Param<String> baseName() {
        return table().stringParam("baseName");
    }

    /** Value of {@link #baseName}. */
    default String getBaseName() {
        return getOrDefault(baseName());
    }

    /** Sets {@link #baseName}. */
    default S setBaseName(String value) {
        return with(baseName(), value);
    }

    /** Key {@code optimizer.base.momentum} of a job file. */
    default DoubleParam baseMomentum() {
        return table().doubleParam("baseMomentum");
    }

    /** Value of {@link #baseMomentum}. */
    default double getBaseMomentum() {
        return (Double) getOrDefault(baseMomentum());
    }

    /** Sets {@link #baseMomentum}. */
    default S setBaseMomentum(double value) {
        return with(baseMomentum(), value);
    }

    /** Key {@code optimizer.base.dampening} of a job file. */
    default DoubleParam baseDampening() {
        return table().doubleParam("baseDampening");
    }

    /** Value of {@link #baseDampening}. */
    default double getBaseDampening() {
        return (Double) getOrDefault(baseDampening());
    }

    /** Sets {@link #baseDampening}. */
    default S setBaseDampening(double value) {
        return with(baseDampening(), value);
    }

    /** Key {@code optimizer.base.weight_decay} of a job file. */
    default DoubleParam baseWeightDecay() {
        return table().doubleParam("baseWeightDecay");
    }

    /** Value of {@link #baseWeightDecay}. */
    default double getBaseWeightDecay() {
        return (Double) getOrDefault(baseWeightDecay());
    }

    /** Sets {@link #baseWeightDecay}. */
    default S setBaseWeightDecay(double value) {
        return with(baseWeightDecay(), value);
    }

    /** Key {@code optimizer.base.beta1} of a job file. */
    default DoubleParam baseBeta1() {
        return table().doubleParam("baseBeta1");
    }

    /** Value of {@link #baseBeta1}. */
    default double getBaseBeta1() {
        return (Double) getOrDefault(baseBeta1());
    }

    /** Sets {@link #baseBeta1}. */
    default S setBaseBeta1(double value) {
        return with(baseBeta1(), value);
    }

    /** Key {@code optimizer.base.beta2} of a job file. */
    default DoubleParam baseBeta2() {
        return table().doubleParam("baseBeta2");
    }

    /** Value of {@link #baseBeta2}. */
    default double getBaseBeta2() {
        return (Double) getOrDefault(baseBeta2());
    }

    /** Sets {@link #baseBeta2}. */
    default S setBaseBeta2(double value) {
        return with(baseBeta2(), value);
    }

    /** Key {@code optimizer.base.eps} of a job file. */
    default DoubleParam baseEps() {
        return table().doubleParam("baseEps");
    }

    /** Value of {@link #baseEps}. */
    default double getBaseEps() {
        return (Double) getOrDefault(baseEps());
    }

    /** Sets {@link #baseEps}. */
    default S setBaseEps(double value) {
        return with(baseEps(), value);
    }

    /** Key {@code optimizer.base.rho} of a job file. */
    default DoubleParam baseRho() {
        return table().doubleParam("baseRho");
    }

    /** Value of {@link #baseRho}. */
    default double getBaseRho() {
        return (Double) getOrDefault(baseRho());
    }

    /** Sets {@link #baseRho}. */
    default S setBaseRho(double value) {
        return with(baseRho(), value);
    }

    /** Key {@code optimizer.base.trust} of a job file. */
    default DoubleParam baseTrust() {
        return table().doubleParam("baseTrust");
    }

    /** Value of {@link #baseTrust}. */
    default double getBaseTrust() {
        return (Double) getOrDefault(baseTrust());
    }

    /** Sets {@link #baseTrust}. */
    default S setBaseTrust(double value) {
        return with(baseTrust(), value);
    }
}
