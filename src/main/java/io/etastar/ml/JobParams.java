package io.etastar.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * Settings of model, partition and training, each as a Param whose meaning and default are those of the job file's key.
 *
 * @param <S> what setters return
 */
public interface JobParams<S> extends TableParams<S> {
    /** Key {@code seed} of a job file. */
    default LongParam seed() {
        return table().longParam("seed");
    }

    /** Value of {@link #seed}. */
    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    /** Sets {@link #seed}. */
    default S setSeed(long value) {
        return with(seed(), value);
    }

    /** Key {@code dtype} of a job file. */
    default Param<String> dtype() {
        return table().stringParam("dtype");
    }

    /** Value of {@link #dtype}. */
    default String getDtype() {
        return getOrDefault(dtype());
    }

    /** Sets {@link #dtype}. */
    default S setDtype(String value) {
        return with(dtype(), value);
    }

    /** Key {@code partition} of a job file. */
    default Param<String> partition() {
        return table().stringParam("partition");
    }

    /** Value of {@link #partition}. */
    default String getPartition() {
        return getOrDefault(partition());
    }

    /** Sets {@link #partition}. */
    default S setPartition(String value) {
        return with(partition(), value);
    }

    /** Key {@code model.layers} of a job file. */
    default IntArrayParam layers() {
        return table().intArrayParam("layers");
    }

    /** Value of {@link #layers}. */
    default int[] getLayers() {
        return getOrDefault(layers());
    }

    /** Sets {@link #layers}. */
    default S setLayers(int[] value) {
        return with(layers(), value);
    }

    /** Key {@code model.activation} of a job file. */
    default Param<String> activation() {
        return table().stringParam("activation");
    }

    /** Value of {@link #activation}. */
    default String getActivation() {
        return getOrDefault(activation());
    }

    /** Sets {@link #activation}. */
    default S setActivation(String value) {
        return with(activation(), value);
    }

    /** Key {@code model.input} of a job file. */
    default IntArrayParam inputShape() {
        return table().intArrayParam("inputShape");
    }

    /** Value of {@link #inputShape}. */
    default int[] getInputShape() {
        return getOrDefault(inputShape());
    }

    /** Sets {@link #inputShape}. */
    default S setInputShape(int[] value) {
        return with(inputShape(), value);
    }

    /** Key {@code data.standardise} of a job file. */
    default BooleanParam standardise() {
        return table().booleanParam("standardise");
    }

    /** Value of {@link #standardise}. */
    default boolean getStandardise() {
        return (Boolean) getOrDefault(standardise());
    }

    /** Sets {@link #standardise}. */
    default S setStandardise(boolean value) {
        return with(standardise(), value);
    }

    /** Key {@code data.partitions} of a job file. */
    default IntParam numPartitions() {
        return table().intParam("numPartitions");
    }

    /** Value of {@link #numPartitions}. */
    default int getNumPartitions() {
        return (Integer) getOrDefault(numPartitions());
    }

    /** Sets {@link #numPartitions}. */
    default S setNumPartitions(int value) {
        return with(numPartitions(), value);
    }

    /** Key {@code data.class_weights} of a job file. */
    default DoubleArrayParam classWeights() {
        return table().doubleArrayParam("classWeights");
    }

    /** Value of {@link #classWeights}. */
    default double[] getClassWeights() {
        return getOrDefault(classWeights());
    }

    /** Sets {@link #classWeights}. */
    default S setClassWeights(double[] value) {
        return with(classWeights(), value);
    }

    /** Key {@code training.epochs} of a job file. */
    default IntParam maxIter() {
        return table().intParam("maxIter");
    }

    /** Value of {@link #maxIter}. */
    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** Sets {@link #maxIter}. */
    default S setMaxIter(int value) {
        return with(maxIter(), value);
    }

    /** Key {@code training.max_steps} of a job file. */
    default IntParam maxSteps() {
        return table().intParam("maxSteps");
    }

    /** Value of {@link #maxSteps}. */
    default int getMaxSteps() {
        return (Integer) getOrDefault(maxSteps());
    }

    /** Sets {@link #maxSteps}. */
    default S setMaxSteps(int value) {
        return with(maxSteps(), value);
    }

    /** Key {@code training.batch} of a job file. */
    default IntParam batchSize() {
        return table().intParam("batchSize");
    }

    /** Value of {@link #batchSize}. */
    default int getBatchSize() {
        return (Integer) getOrDefault(batchSize());
    }

    /** Sets {@link #batchSize}. */
    default S setBatchSize(int value) {
        return with(batchSize(), value);
    }

    /** Key {@code training.hg_batch} of a job file. */
    default IntParam hgBatchSize() {
        return table().intParam("hgBatchSize");
    }

    /** Value of {@link #hgBatchSize}. */
    default int getHgBatchSize() {
        return (Integer) getOrDefault(hgBatchSize());
    }

    /** Sets {@link #hgBatchSize}. */
    default S setHgBatchSize(int value) {
        return with(hgBatchSize(), value);
    }

    /** Key {@code training.hg_data} of a job file. */
    default Param<String> hgData() {
        return table().stringParam("hgData");
    }

    /** Value of {@link #hgData}. */
    default String getHgData() {
        return getOrDefault(hgData());
    }

    /** Sets {@link #hgData}. */
    default S setHgData(String value) {
        return with(hgData(), value);
    }

    /** Key {@code training.hg_share} of a job file. */
    default DoubleParam hgShare() {
        return table().doubleParam("hgShare");
    }

    /** Value of {@link #hgShare}. */
    default double getHgShare() {
        return (Double) getOrDefault(hgShare());
    }

    /** Sets {@link #hgShare}. */
    default S setHgShare(double value) {
        return with(hgShare(), value);
    }

    /** Key {@code training.micro_batch} of a job file. */
    default IntParam microBatchSize() {
        return table().intParam("microBatchSize");
    }

    /** Value of {@link #microBatchSize}. */
    default int getMicroBatchSize() {
        return (Integer) getOrDefault(microBatchSize());
    }

    /** Sets {@link #microBatchSize}. */
    default S setMicroBatchSize(int value) {
        return with(microBatchSize(), value);
    }

    /** Key {@code training.sync} of a job file. */
    default Param<String> sync() {
        return table().stringParam("sync");
    }

    /** Value of {@link #sync}. */
    default String getSync() {
        return getOrDefault(sync());
    }

    /** Sets {@link #sync}. */
    default S setSync(String value) {
        return with(sync(), value);
    }

    /** Key {@code training.sync_period} of a job file. */
    default IntParam syncPeriod() {
        return table().intParam("syncPeriod");
    }

    /** Value of {@link #syncPeriod}. */
    default int getSyncPeriod() {
        return (Integer) getOrDefault(syncPeriod());
    }

    /** Sets {@link #syncPeriod}. */
    default S setSyncPeriod(int value) {
        return with(syncPeriod(), value);
    }

    /** Key {@code training.aggregation_depth} of a job file. */
    default IntParam aggregationDepth() {
        return table().intParam("aggregationDepth");
    }

    /** Value of {@link #aggregationDepth}. */
    default int getAggregationDepth() {
        return (Integer) getOrDefault(aggregationDepth());
    }

    /** Sets {@link #aggregationDepth}. */
    default S setAggregationDepth(int value) {
        return with(aggregationDepth(), value);
    }

    /** Key {@code training.final_aggregation} of a job file. */
    default Param<String> finalAggregation() {
        return table().stringParam("finalAggregation");
    }

    /** Value of {@link #finalAggregation}. */
    default String getFinalAggregation() {
        return getOrDefault(finalAggregation());
    }

    /** Sets {@link #finalAggregation}. */
    default S setFinalAggregation(String value) {
        return with(finalAggregation(), value);
    }

    /** Key {@code training.checkpoint_steps} of a job file. */
    default IntParam checkpointInterval() {
        return table().intParam("checkpointInterval");
    }

    /** Value of {@link #checkpointInterval}. */
    default int getCheckpointInterval() {
        return (Integer) getOrDefault(checkpointInterval());
    }

    /** Sets {@link #checkpointInterval}. */
    default S setCheckpointInterval(int value) {
        return with(checkpointInterval(), value);
    }

    /** Key {@code training.checkpoint_seconds} of a job file. */
    default DoubleParam checkpointSeconds() {
        return table().doubleParam("checkpointSeconds");
    }

    /** Value of {@link #checkpointSeconds}. */
    default double getCheckpointSeconds() {
        return (Double) getOrDefault(checkpointSeconds());
    }

    /** Sets {@link #checkpointSeconds}. */
    default S setCheckpointSeconds(double value) {
        return with(checkpointSeconds(), value);
    }

    /** Key {@code training.keep_checkpoints} of a job file. */
    default IntParam keepCheckpoints() {
        return table().intParam("keepCheckpoints");
    }

    /** Value of {@link #keepCheckpoints}. */
    default int getKeepCheckpoints() {
        return (Integer) getOrDefault(keepCheckpoints());
    }

    /** Sets {@link #keepCheckpoints}. */
    default S setKeepCheckpoints(int value) {
        return with(keepCheckpoints(), value);
    }
}
