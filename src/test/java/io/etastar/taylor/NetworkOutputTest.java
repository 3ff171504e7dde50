package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Where networks end that are no longer than z = tanh(x v) w, so that their matrices are known by hand. */
class NetworkOutputTest {
    private static final double X = 0.7;
    private static final double Y = 0.4;
    private static final double V = 0.9;
    private static final double W = -1.3;
    private static final double H = Math.tanh(X * V);
    private static final double SLOPE = 1 - H * H;

    /** Derivatives of z in v and w. */
    private static final double[] T = {W * SLOPE * X, H};

    private final SameDiff graph = SameDiff.create();
    private final SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 1);
    private final SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 1);
    private final SDVariable v = graph.var("v", DataType.DOUBLE, 1, 1);
    private final SDVariable w = graph.var("w", DataType.DOUBLE, 1, 1);
    private final SDVariable h = graph.math.tanh(x.mmul(v));
    private final SDVariable z = h.mmul(w);

    private static double[] flat(double[][] rows) {
        return new double[] {rows[0][0], rows[0][1], rows[1][0], rows[1][1]};
    }

    private Model model(SDVariable output, SDVariable loss) {
        loss.mean(1).rename("loss");
        ParameterLayout layout = new ParameterLayout(List.of("v", "w"), List.of(new int[] {1, 1}, new int[] {1, 1}));
        return new Model(graph, "x", "y", output.name(), "loss", layout, 0);
    }

    private static double[] ggn(Model model) {
        try (Program program =
                Program.compile(model, DType.DOUBLE, 1, Partitions.parse("canonical", model.layout()), Curvature.GGN)) {
            program.setParameters(RawArray.of(new double[] {V, W}));
            program.setDirection(RawArray.of(new double[] {1, 1}));
            Shard row = new Shard(1, RawArray.of(new double[] {X}), RawArray.of(new double[] {Y}));
            return flat(program.summary(row, new int[] {0}).h());
        }
    }

    private static double[] outer(double curvature) {
        return new double[] {
            curvature * T[0] * T[0], curvature * T[0] * T[1], curvature * T[0] * T[1], curvature * T[1] * T[1]
        };
    }

    @Test
    void theOutputThatTheLossReads() {
        assertArrayEquals(outer(2), ggn(model(z, graph.math.square(z.sub(y)))), 1e-14);
    }

    @Test
    void theOutputInFrontOfAFunctionOfTheLoss() {
        double p = 1 / (1 + Math.exp(-H * W));
        SDVariable sigmoid = graph.nn.sigmoid(z);
        double slope = p * (1 - p);
        assertArrayEquals(outer(2 * slope * slope), ggn(model(sigmoid, graph.math.square(sigmoid.sub(y)))), 1e-14);
    }

    @Test
    void whatTheOutputIsComputedFromIfTheLossReadsThat() {
        double p = 1 / (1 + Math.exp(-H * W));
        SDVariable bce = graph.nn.softplus(z).sub(z.mul(y));
        assertArrayEquals(outer(p * (1 - p)), ggn(model(graph.nn.sigmoid(z), bce)), 1e-14);
    }

    private void refused(Model model, String found) {
        UserError error = assertThrows(UserError.class, () -> ggn(model));
        assertEquals("model: found loss 'loss' that " + found + " for curvature ggn", error.getMessage());
    }

    @Test
    void aLossThatReadsParametersBesideTheOutput() {
        refused(
                model(z, graph.math.square(z.sub(y)).add(graph.math.square(w))),
                "depends on parameters by other ways than output '" + z.name()
                        + "', expected a loss of the output alone");
    }

    @Test
    void anOutputInTheMiddleOfTheNetwork() {
        refused(
                model(h, graph.math.square(z.sub(y))),
                "depends on parameters by other ways than output '" + h.name()
                        + "', expected a loss of the output alone");
    }

    @Test
    void aLossThatIsLinearInTheOutput() {
        refused(
                model(z, graph.math.abs(z.sub(y))),
                "is linear in output '" + z.name() + "', so that its Gauss-Newton matrix is 0, expected an output that"
                        + " the loss is curved in, such as logits,");
    }

    @Test
    void anOutputThatIsTheLoss() {
        Model rosenbrock = new ModelDescription(
                        "{\"model\": \"rosenbrock\", \"d\": 1, \"a\": 1, \"b\": 2, \"loss\": \"none\"}")
                .build(DType.DOUBLE);
        UserError error = assertThrows(UserError.class, () -> ggn(rosenbrock));
        assertEquals(
                "model: found loss 'loss' that is linear in output 'loss', so that its Gauss-Newton matrix is 0, expected an"
                        + " output that the loss is curved in, such as logits, for curvature ggn",
                error.getMessage());
    }
}
