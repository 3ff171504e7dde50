package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Prints the bits of a gradient and of a summary in single precision, after as many runs as told. */
public final class SummaryBitsMain {
    private static final int ROWS = 3;
    private static final int FEATURES = 2 * 8 * 8;

    private SummaryBitsMain() {}

    /** @param args number of runs */
    public static void main(String[] args) {
        System.out.println("bits " + bits(Integer.parseInt(args[0])));
    }

    /** Convolutions of few and of many channels, pooling, elu, cross-entropy. */
    static String bits(int runs) {
        Model model = new ModelDescription("{\"model\":\"vgg\",\"cfg\":[32,\"M\",64,64,\"M\"],\"in_channels\":2,"
                        + "\"image_size\":8,\"classes\":3,\"activation\":\"elu\",\"loss\":\"nll\"}")
                .build();
        Random random = new Random(5);
        RawArray theta =
                RawArray.of(random.doubles(model.layout().size(), -0.1, 0.1).toArray());
        Shard data = new Shard(
                ROWS, RawArray.of(random.doubles(ROWS * FEATURES, -1, 1).toArray()), RawArray.of(new double[] {0, 2, 1
                }));
        int[] rows = IntStream.range(0, ROWS).toArray();
        try (Program program = Program.compile(model, DType.FLOAT, 2, Partitions.parse("canonical", model.layout()))) {
            program.setParameters(theta);
            program.setDirection(theta);
            StringJoiner bits = new StringJoiner(" ");
            for (int run = 0; run < runs; run++) {
                RawArray gradient = program.gradient(data, rows).gradient();
                DerivativeSummary s = program.summary(data, rows);
                bits = new StringJoiner(" ");
                bits.add("" + Arrays.hashCode(gradient.floats()));
                bits.add("" + Double.doubleToLongBits(s.loss()));
                bits.add("" + Arrays.hashCode(s.g()));
                bits.add("" + Arrays.deepHashCode(s.h()));
                bits.add("" + Arrays.hashCode(s.order3()));
            }
            return bits.toString();
        }
    }
}
