package io.etastar.spark;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** An application: sums random arrays by tasks that sleep, as often as its argument says, and prints each sum's bits. */
public final class OrderedSumMain {
    static final int PARTITIONS = 9;

    private OrderedSumMain() {}

    public static void main(String[] args) {
        try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("ordered sum"))) {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                System.out.println("bits " + bits(context));
            }
        }
    }

    /** The bits of one sum. */
    static String bits(JavaSparkContext context) {
        List<Integer> indices = IntStream.range(0, PARTITIONS).boxed().toList();
        float[] sum = OrderedSum.over(
                context.parallelize(indices, PARTITIONS)
                        .mapPartitionsWithIndex(
                                (index, ignored) -> Collections.singleton(
                                                new OrderedSum<float[]>(PARTITIONS).add(index, term(index), Add.ARRAYS))
                                        .iterator(),
                                true),
                Add.ARRAYS,
                2);
        StringBuilder bits = new StringBuilder();
        for (float value : sum) {
            bits.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
        }
        return bits.toString().trim();
    }

    private static float[] term(int index) throws InterruptedException {
        Thread.sleep(new Random().nextInt(20));
        Random random = new Random(index);
        return new float[] {random.nextFloat(), random.nextFloat() - 1, (float) random.nextGaussian()};
    }

    /** Adds arrays in place. */
    private enum Add implements OrderedSum.Merge<float[]> {
        ARRAYS;

        @Override
        public float[] merge(float[] left, float[] right) {
            for (int i = 0; i < left.length; i++) {
                left[i] += right[i];
            }
            return left;
        }
    }
}
