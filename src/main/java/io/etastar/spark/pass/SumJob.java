package io.etastar.spark.pass;

import io.etastar.tensor.DeviceFailure;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;
import scala.util.Failure;

/**
 * One Spark job that sums over the partitions of an RDD in a fixed order.
 *
 * <p>Without rounds on executors the job has one stage, made of the RDD itself: no RDD is derived, no closure searched, and
 * the driver adds sums while other tasks still run. A round is a shuffle that brings 2^k neighbouring sums to one task:
 * neighbours, because they merge into one, while sums from all over would only be carried on side by side.
 */
final class SumJob {
    private static final String SHORT_SITE = "callSite.short";
    private static final String LONG_SITE = "callSite.long";

    private SumJob() {}

    /**
     * The task of a job, on an executor.
     *
     * @param <S> elements of the RDD
     * @param <T> what is summed
     */
    abstract static class Task<S, T> extends AbstractFunction1<scala.collection.Iterator<S>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int leaves;
        private final long bytes;

        /**
         * @param leaves number of terms
         * @param bytes of one term, roughly
         */
        Task(int leaves, long bytes) {
            this.leaves = leaves;
            this.bytes = bytes;
        }

        /** The term of a partition; null if it adds nothing. */
        abstract T term(int partition, Iterator<S> elements);

        /** The packed sum that has this partition's term alone. */
        private byte[] sum(int partition, Iterator<S> elements) {
            OrderedSum<T> sum = new OrderedSum<>(leaves);
            return Packed.pack(sum.add(partition, term(partition, elements), null), bytes);
        }

        @Override
        public final byte[] apply(scala.collection.Iterator<S> elements) {
            return sum(TaskContext.getPartitionId(), CollectionConverters.asJava(elements));
        }
    }

    /**
     * The result of a job.
     *
     * @param value the sum, null if all terms are null
     * @param mergeSeconds the driver's time for reading and adding
     * @param bytes of all results that came to the driver
     */
    record Outcome<T>(T value, double mergeSeconds, long bytes) {}

    /**
     * Runs the job.
     *
     * @param elements one term for each partition
     * @throws DeviceFailure if a task met one, in a line that names the executor
     */
    static <S, T> Outcome<T> run(
            JavaRDD<S> elements, Task<S, T> task, OrderedSum.Merge<T> merge, Aggregation aggregation) {
        int leaves = task.leaves;
        int rounds = aggregation.rounds(leaves, task.bytes);
        if (rounds == 0 && !(aggregation.onExecutor() && leaves > 1)) {
            return collect(elements.rdd(), task, leaves, merge);
        }
        JavaRDD<byte[]> sums = elements.mapPartitionsWithIndex(
                (index, iterator) -> List.of(task.sum(index, iterator)).iterator(), true);
        int shift = aggregation.shift(leaves);
        for (int round = 0; round < rounds && sums.getNumPartitions() > 1 << shift; round++) {
            sums = round(sums, shift, merge);
        }
        if (aggregation.onExecutor() && sums.getNumPartitions() > 1) {
            sums = round(sums, Integer.SIZE - 2, merge);
        }
        return collect(sums.rdd(), new FirstElement(), leaves, merge);
    }

    /** Brings the sums of 2^shift neighbouring partitions together. */
    private static <T> JavaRDD<byte[]> round(JavaRDD<byte[]> sums, int shift, OrderedSum.Merge<T> merge) {
        int groups = (int) ((sums.getNumPartitions() + (1L << shift) - 1) >> shift);
        return sums.mapPartitionsWithIndex(
                        (index, iterator) -> List.of(new Tuple2<>(index >> shift, iterator.next()))
                                .iterator(),
                        true)
                .mapToPair(pair -> pair)
                .partitionBy(new HashPartitioner(groups))
                .mapPartitions(
                        pairs -> List.of(Packed.pack(added(pairs, merge))).iterator());
    }

    private static <T> OrderedSum<T> added(Iterator<Tuple2<Integer, byte[]>> pairs, OrderedSum.Merge<T> merge) {
        OrderedSum<T> sum = Packed.unpack(pairs.next()._2());
        while (pairs.hasNext()) {
            sum.addAll(Packed.unpack(pairs.next()._2()), merge);
        }
        return sum;
    }

    private static <S, T> Outcome<T> collect(
            RDD<S> rdd,
            AbstractFunction1<scala.collection.Iterator<S>, byte[]> task,
            int leaves,
            OrderedSum.Merge<T> merge) {
        int tasks = rdd.getNumPartitions();
        LinkedBlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
        SimpleFutureAction<BoxedUnit> job = submit(rdd, task, tasks, arrived);
        // The empty array marks the job's end, and stands behind all results.
        job.onComplete(
                end -> {
                    arrived.add(new byte[0]);
                    return BoxedUnit.UNIT;
                },
                ExecutionContext.fromExecutor(Runnable::run));
        OrderedSum<T> sum = new OrderedSum<>(leaves);
        double seconds = 0;
        long bytes = 0;
        for (int i = 0; i <= tasks; i++) {
            byte[] result = take(arrived, job);
            if (result.length == 0) {
                break;
            }
            long start = System.nanoTime();
            sum.addAll(Packed.unpack(result), merge);
            seconds += (System.nanoTime() - start) * 1e-9;
            bytes += result.length;
        }
        rethrow(job);
        return new Outcome<>(sum.result(), seconds, bytes);
    }

    /** Throws what a job has thrown; of a task that met a failure of its device that failure, which says all in one line. */
    private static void rethrow(SimpleFutureAction<BoxedUnit> job) {
        if (job.value().isDefined() && job.value().get() instanceof Failure<?> failed) {
            DeviceFailure device = DeviceFailure.behind(failed.exception());
            if (device != null) {
                throw device;
            }
            job.value().get().get();
        }
    }

    private static <S> SimpleFutureAction<BoxedUnit> submit(
            RDD<S> rdd,
            AbstractFunction1<scala.collection.Iterator<S>, byte[]> task,
            int tasks,
            LinkedBlockingQueue<byte[]> arrived) {
        var context = rdd.sparkContext();
        String shortSite = context.getLocalProperty(SHORT_SITE);
        String longSite = context.getLocalProperty(LONG_SITE);
        // Spark would walk the stack for it, at some tenths of a millisecond.
        context.setLocalProperty(SHORT_SITE, "EtaStar pass");
        context.setLocalProperty(LONG_SITE, "EtaStar pass");
        try {
            var partitions = CollectionConverters.<Object>asScala(
                            IntStream.range(0, tasks).<Object>mapToObj(i -> i).iterator())
                    .toSeq();
            return context.submitJob(
                    rdd,
                    task,
                    partitions,
                    (index, result) -> {
                        arrived.add(result);
                        return BoxedUnit.UNIT;
                    },
                    () -> BoxedUnit.UNIT);
        } finally {
            context.setLocalProperty(SHORT_SITE, shortSite);
            context.setLocalProperty(LONG_SITE, longSite);
        }
    }

    private static byte[] take(LinkedBlockingQueue<byte[]> arrived, SimpleFutureAction<?> job) {
        try {
            return arrived.take();
        } catch (InterruptedException e) {
            job.cancel();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a Spark job", e);
        }
    }

    /** The task of a job's last stage behind rounds: hands its sum on. */
    private static final class FirstElement extends AbstractFunction1<scala.collection.Iterator<byte[]>, byte[]>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] apply(scala.collection.Iterator<byte[]> sums) {
            return sums.next();
        }
    }
}
