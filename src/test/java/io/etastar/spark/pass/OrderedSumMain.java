package io.etastar.spark.pass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** An application: sums random arrays by tasks that sleep, as often as told, and writes each sum's bits to a file. */
public final class OrderedSumMain {
    static final int PARTITIONS = 9;

    private OrderedSumMain() {}

    /** @param args how often, and the file */
    public static void main(String[] args) throws IOException {
        try (JavaSparkContext context = new JavaSparkContext(new SparkConf().setAppName("ordered sum"))) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                lines.add(context.master() + " " + bits(context));
            }
            Files.write(Path.of(args[1]), lines);
        }
    }

    /** The bits of one sum. */
    public static String bits(JavaSparkContext context) {
        List<Integer> indices = IntStream.range(0, PARTITIONS).boxed().toList();
        float[] sum = SumJob.run(
                        context.parallelize(indices, PARTITIONS), new Terms(), Add.ARRAYS, new Aggregation(2, false, 0))
                .value();
        StringBuilder bits = new StringBuilder();
        for (float value : sum) {
            bits.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
        }
        return bits.toString().trim();
    }

    private static final class Terms extends SumJob.Task<Integer, float[]> {
        private static final long serialVersionUID = 1L;

        Terms() {
            super(PARTITIONS, Float.BYTES);
        }

        @Override
        float[] term(int partition, Iterator<Integer> elements) {
            return OrderedSumMain.term(partition);
        }
    }

    private static float[] term(int index) {
        try {
            Thread.sleep(new Random().nextInt(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
