package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Rules that users bring. */
class RulesTest {
    private static final int SIDE = 3;
    private static final double[] MASK = {1, 1, 1, 0, 1, 1, 0, 0, 1};

    /** The upper triangles of the last two axes. */
    private static final class UpperTriangle implements LinearFunction {
        @Override
        public int[] outputShape(GraphOp op, int... input) {
            return input;
        }

        @Override
        public void apply(GraphOp op, int[] input, double[] in, double[] out) {
            for (int i = 0; i < in.length; i++) {
                out[i] = MASK[i % MASK.length] * in[i];
            }
        }

        @Override
        public void transpose(GraphOp op, int[] input, double[] in, double[] out) {
            apply(op, input, in, out);
        }
    }

    /** Upper triangles go through {@code triangle}; then a loss that bends. */
    private static DerivativeSummary summary(BiFunction<SameDiff, SDVariable, SDVariable> triangle) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 2);
        graph.placeHolder("y", DataType.DOUBLE, -1, 1);
        SDVariable w = graph.var("w", DataType.DOUBLE, 2, SIDE * SIDE);
        SDVariable b = graph.var("b", DataType.DOUBLE, SIDE * SIDE);
        SDVariable z = graph.math.tanh(x.mmul(w).add(b));
        SDVariable cut = triangle.apply(graph, graph.reshape(z, -1, SIDE, SIDE));
        graph.reshape(graph.math.exp(cut), -1, SIDE * SIDE).mean(1).rename("loss");
        ParameterLayout layout =
                new ParameterLayout(List.of("w", "b"), List.of(new int[] {2, SIDE * SIDE}, new int[] {SIDE * SIDE}));
        Model model = new Model(graph, "x", "y", "loss", "loss", layout, 0);
        Random random = new Random(4);
        RawArray theta = RawArray.of(random.doubles(layout.size(), -1, 1).toArray());
        RawArray u = RawArray.of(random.doubles(layout.size(), -1, 1).toArray());
        Shard rows = new Shard(4, RawArray.of(random.doubles(8, -1, 1).toArray()), RawArray.of(new double[4]));
        try (Program program = Program.compile(model, DType.DOUBLE, 3, Partitions.parse("canonical", layout))) {
            program.setParameters(theta);
            program.setDirection(u);
            return program.summary(rows, new int[] {0, 1, 2, 3});
        }
    }

    /** Named in a service file that the test writes. */
    public static final class Provider implements RuleProvider {
        @Override
        public void addTo(Rules rules) {
            rules.linear("triu", new UpperTriangle());
        }
    }

    /** Runs with {@link Provider} on the class path of this thread. */
    private static <T> T withProvider(Path directory, Supplier<T> run) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(RuleProvider.class.getName()), Provider.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            return run.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void aLinearMapOfTheUsersIsThatOfTheEngine(@TempDir Path directory) throws IOException {
        DerivativeSummary found = withProvider(directory, () -> summary((graph, z) -> graph.linalg.triu(z)));
        DerivativeSummary expected = summary(
                (graph, z) -> z.mul(graph.constant(Nd4j.createFromArray(MASK).reshape(1, SIDE, SIDE))));
        assertEquals(expected.loss(), found.loss(), 1e-12);
        assertArrayEquals(expected.g(), found.g(), 1e-12);
        assertArrayEquals(expected.order3(), found.order3(), 1e-12);
        for (int s = 0; s < expected.size(); s++) {
            assertArrayEquals(expected.h()[s], found.h()[s], 1e-12);
        }
    }

    @Test
    void aRuleIsNotAddedTwice() {
        Rules rules = new Rules().linear("triu", new UpperTriangle());
        assertEquals(
                "op 'triu' has a rule already",
                assertThrows(IllegalArgumentException.class, () -> rules.linear("triu", new UpperTriangle()))
                        .getMessage());
    }

    @Test
    void withoutTheProviderTheOpHasNoRule() {
        String message = assertThrows(UserError.class, () -> summary((graph, z) -> graph.linalg.triu(z)))
                .getMessage();
        assertTrue(message.contains("op 'triu'") && message.contains("no rule is registered"), message);
    }

    @Test
    void theEnginesOwnRulesStay() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Rules().elementwise("tanh", (ElementwiseFunction) null))
                .getMessage();
        assertEquals("op 'tanh' has a rule already", message);
    }
}
