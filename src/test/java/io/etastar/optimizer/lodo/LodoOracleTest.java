package io.etastar.optimizer.lodo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.optimizer.TestSettings;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs against dense matrices and autograd in PyTorch ({@code src/test/oracle/lodo.py}). */
class LodoOracleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> runs() throws IOException {
        try (InputStream in = LodoOracleTest.class.getResourceAsStream("/oracle-lodo/runs.json")) {
            return StreamSupport.stream(JSON.readTree(in).spliterator(), false);
        }
    }

    private static LearnedInverse inverse(JsonNode run, int size) {
        Random random = new Random(run.get("seed").longValue());
        int layers = run.get("layers").intValue();
        double alpha = run.get("alpha").doubleValue();
        return switch (run.get("kind").textValue()) {
            case "blocks" -> new BlockInverse(size, layers, run.get("block").intValue(), alpha, random);
            case "residuals" -> new ResidualInverse(size, layers, alpha, random);
            case "diagonal" -> new DiagonalInverse(size, alpha);
            default -> new GlobalInverse(size, alpha);
        };
    }

    @ParameterizedTest
    @MethodSource("runs")
    void lossesParametersAndWhatIsLearnedAgree(JsonNode run) {
        double[] theta = {-1, -0.5, 0, 0.5, 1};
        String settings = "lodo { meta_lr = " + run.get("rate") + ", meta = " + run.get("meta") + ", beta = "
                + run.get("beta") + " }";
        LearnedInverse inverse = inverse(run, theta.length);
        Lodo lodo = new Lodo(TestSettings.spec("name = lodo", settings), inverse, theta.length);
        double[] losses = JSON.convertValue(run.get("losses"), double[].class);
        for (int step = 0; step < losses.length; step++) {
            assertEquals(
                    losses[step], lodo.step(new Waves(), theta, step).loss().meanLoss(), 1e-11, "step " + step);
        }
        assertArrayEquals(JSON.convertValue(run.get("theta"), double[].class), theta, 1e-11);
        assertArrayEquals(JSON.convertValue(run.get("learned"), double[].class), inverse.learned(), 1e-9);
    }

    /** sum_i (i + 1) / 2 (x_i - sin(t + i))^2 + x_i^4 / 20 at step t. */
    private static final class Waves implements MethodObjective {
        @Override
        public ParameterLayout layout() {
            return TestSettings.layout(5);
        }

        @Override
        public GradientSum gradient(double[] x, long step) {
            double loss = 0;
            double[] gradient = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                double offset = x[i] - Math.sin(step + i);
                loss += (i + 1) / 2.0 * offset * offset + Math.pow(x[i], 4) / 20;
                gradient[i] = (i + 1) * offset + Math.pow(x[i], 3) / 5;
            }
            return new GradientSum(new LossSum(1, loss, 0), RawArray.of(gradient));
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
            throw new UnsupportedOperationException();
        }
    }
}
