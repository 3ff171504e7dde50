package io.etastar.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Settings of optimizers beside NewtonSummary: keys of {@code optimizer.gen}, {@code lodo} and {@code lbfgs}, each as a
 * Param whose meaning and default are those of the job file's key.
 *
 * @param <S> what setters return
 */
public interface OtherOptimizerParams<S> extends TableParams<S> {
    /** Key {@code optimizer.gen.kind} of a job file. */
    default Param<String> genKind() {
        return table().stringParam("genKind");
    }

    /** Value of {@link #genKind}. */
    default String getGenKind() {
        return getOrDefault(genKind());
    }

    /** Sets {@link #genKind}. */
    default S setGenKind(String value) {
        return with(genKind(), value);
    }

    /** Key {@code optimizer.gen.period} of a job file. */
    default IntParam genPeriod() {
        return table().intParam("genPeriod");
    }

    /** Value of {@link #genPeriod}. */
    default int getGenPeriod() {
        return (Integer) getOrDefault(genPeriod());
    }

    /** Sets {@link #genPeriod}. */
    default S setGenPeriod(int value) {
        return with(genPeriod(), value);
    }

    /** Key {@code optimizer.gen.smoothing} of a job file. */
    default DoubleParam genSmoothing() {
        return table().doubleParam("genSmoothing");
    }

    /** Value of {@link #genSmoothing}. */
    default double getGenSmoothing() {
        return (Double) getOrDefault(genSmoothing());
    }

    /** Sets {@link #genSmoothing}. */
    default S setGenSmoothing(double value) {
        return with(genSmoothing(), value);
    }

    /** Key {@code optimizer.gen.points} of a job file. */
    default Param<String> genPoints() {
        return table().stringParam("genPoints");
    }

    /** Value of {@link #genPoints}. */
    default String getGenPoints() {
        return getOrDefault(genPoints());
    }

    /** Sets {@link #genPoints}. */
    default S setGenPoints(String value) {
        return with(genPoints(), value);
    }

    /** Key {@code optimizer.gen.fit} of a job file. */
    default DoubleParam genFit() {
        return table().doubleParam("genFit");
    }

    /** Value of {@link #genFit}. */
    default double getGenFit() {
        return (Double) getOrDefault(genFit());
    }

    /** Sets {@link #genFit}. */
    default S setGenFit(double value) {
        return with(genFit(), value);
    }

    /** Key {@code optimizer.gen.lowest} of a job file. */
    default DoubleParam genLowest() {
        return table().doubleParam("genLowest");
    }

    /** Value of {@link #genLowest}. */
    default double getGenLowest() {
        return (Double) getOrDefault(genLowest());
    }

    /** Sets {@link #genLowest}. */
    default S setGenLowest(double value) {
        return with(genLowest(), value);
    }

    /** Key {@code optimizer.gen.highest} of a job file. */
    default DoubleParam genHighest() {
        return table().doubleParam("genHighest");
    }

    /** Value of {@link #genHighest}. */
    default double getGenHighest() {
        return (Double) getOrDefault(genHighest());
    }

    /** Sets {@link #genHighest}. */
    default S setGenHighest(double value) {
        return with(genHighest(), value);
    }

    /** Key {@code optimizer.gen.fallback} of a job file. */
    default DoubleParam genFallback() {
        return table().doubleParam("genFallback");
    }

    /** Value of {@link #genFallback}. */
    default double getGenFallback() {
        return (Double) getOrDefault(genFallback());
    }

    /** Sets {@link #genFallback}. */
    default S setGenFallback(double value) {
        return with(genFallback(), value);
    }

    /** Key {@code optimizer.lodo.kind} of a job file. */
    default Param<String> lodoKind() {
        return table().stringParam("lodoKind");
    }

    /** Value of {@link #lodoKind}. */
    default String getLodoKind() {
        return getOrDefault(lodoKind());
    }

    /** Sets {@link #lodoKind}. */
    default S setLodoKind(String value) {
        return with(lodoKind(), value);
    }

    /** Key {@code optimizer.lodo.initial} of a job file. */
    default DoubleParam lodoInitial() {
        return table().doubleParam("lodoInitial");
    }

    /** Value of {@link #lodoInitial}. */
    default double getLodoInitial() {
        return (Double) getOrDefault(lodoInitial());
    }

    /** Sets {@link #lodoInitial}. */
    default S setLodoInitial(double value) {
        return with(lodoInitial(), value);
    }

    /** Key {@code optimizer.lodo.meta_lr} of a job file. */
    default DoubleParam lodoMetaLr() {
        return table().doubleParam("lodoMetaLr");
    }

    /** Value of {@link #lodoMetaLr}. */
    default double getLodoMetaLr() {
        return (Double) getOrDefault(lodoMetaLr());
    }

    /** Sets {@link #lodoMetaLr}. */
    default S setLodoMetaLr(double value) {
        return with(lodoMetaLr(), value);
    }

    /** Key {@code optimizer.lodo.meta} of a job file. */
    default Param<String> lodoMeta() {
        return table().stringParam("lodoMeta");
    }

    /** Value of {@link #lodoMeta}. */
    default String getLodoMeta() {
        return getOrDefault(lodoMeta());
    }

    /** Sets {@link #lodoMeta}. */
    default S setLodoMeta(String value) {
        return with(lodoMeta(), value);
    }

    /** Key {@code optimizer.lodo.beta} of a job file. */
    default DoubleParam lodoBeta() {
        return table().doubleParam("lodoBeta");
    }

    /** Value of {@link #lodoBeta}. */
    default double getLodoBeta() {
        return (Double) getOrDefault(lodoBeta());
    }

    /** Sets {@link #lodoBeta}. */
    default S setLodoBeta(double value) {
        return with(lodoBeta(), value);
    }

    /** Key {@code optimizer.lodo.layers} of a job file. */
    default IntParam lodoLayers() {
        return table().intParam("lodoLayers");
    }

    /** Value of {@link #lodoLayers}. */
    default int getLodoLayers() {
        return (Integer) getOrDefault(lodoLayers());
    }

    /** Sets {@link #lodoLayers}. */
    default S setLodoLayers(int value) {
        return with(lodoLayers(), value);
    }

    /** Key {@code optimizer.lodo.block} of a job file. */
    default IntParam lodoBlock() {
        return table().intParam("lodoBlock");
    }

    /** Value of {@link #lodoBlock}. */
    default int getLodoBlock() {
        return (Integer) getOrDefault(lodoBlock());
    }

    /** Sets {@link #lodoBlock}. */
    default S setLodoBlock(int value) {
        return with(lodoBlock(), value);
    }

    /** Key {@code optimizer.lbfgs.memory} of a job file. */
    default IntParam lbfgsMemory() {
        return table().intParam("lbfgsMemory");
    }

    /** Value of {@link #lbfgsMemory}. */
    default int getLbfgsMemory() {
        return (Integer) getOrDefault(lbfgsMemory());
    }

    /** Sets {@link #lbfgsMemory}. */
    default S setLbfgsMemory(int value) {
        return with(lbfgsMemory(), value);
    }

    /** Key {@code optimizer.lbfgs.tau} of a job file. */
    default DoubleParam lbfgsTau() {
        return table().doubleParam("lbfgsTau");
    }

    /** Value of {@link #lbfgsTau}. */
    default double getLbfgsTau() {
        return (Double) getOrDefault(lbfgsTau());
    }

    /** Sets {@link #lbfgsTau}. */
    default S setLbfgsTau(double value) {
        return with(lbfgsTau(), value);
    }

    /** Key {@code optimizer.lbfgs.regularisation} of a job file. */
    default DoubleParam lbfgsRegularisation() {
        return table().doubleParam("lbfgsRegularisation");
    }

    /** Value of {@link #lbfgsRegularisation}. */
    default double getLbfgsRegularisation() {
        return (Double) getOrDefault(lbfgsRegularisation());
    }

    /** Sets {@link #lbfgsRegularisation}. */
    default S setLbfgsRegularisation(double value) {
        return with(lbfgsRegularisation(), value);
    }

    /** Key {@code optimizer.lbfgs.first} of a job file. */
    default DoubleParam lbfgsFirst() {
        return table().doubleParam("lbfgsFirst");
    }

    /** Value of {@link #lbfgsFirst}. */
    default double getLbfgsFirst() {
        return (Double) getOrDefault(lbfgsFirst());
    }

    /** Sets {@link #lbfgsFirst}. */
    default S setLbfgsFirst(double value) {
        return with(lbfgsFirst(), value);
    }
}
