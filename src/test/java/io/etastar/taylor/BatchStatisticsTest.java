package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Graphs in which rows of a batch depend on each other. */
class BatchStatisticsTest {
    private static final Map<String, Model> MODELS = TestGraphs.all();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "batch normalisation",
                "batch normalisation of images",
                "moments over the batch",
                "sum over the batch",
                "residual block"
            })
    void rowsThatFillUpAMicroBatchDoNotCount(String name) throws IOException {
        OracleRow row = OracleRow.read(name, MODELS.get(name));
        DerivativeSummary exact = row.summary(DType.DOUBLE, 5);
        DerivativeSummary padded = row.summary(DType.DOUBLE, 8);
        assertEquals(exact.loss(), padded.loss(), 1e-12);
        assertArrayEquals(exact.g(), padded.g(), 1e-12);
        assertArrayEquals(exact.order3(), padded.order3(), 1e-11);
        for (int s = 0; s < exact.g().length; s++) {
            assertArrayEquals(exact.h()[s], padded.h()[s], 1e-12);
        }
        assertTrue(Math.abs(row.summary(DType.DOUBLE, 2).loss() - exact.loss()) > 1e-6, "statistics of parts differ");
    }

    @Test
    void aModelThatMixesRowsIsNotSplit() {
        Model model = MODELS.get("residual block");
        assertTrue(Program.mixesRows(model));
        assertEquals(1000, Program.automaticBatch(model, DType.FLOAT, null, 1000));
        assertFalse(Program.mixesRows(MODELS.get("attention")));
        assertFalse(Program.mixesRows(MODELS.get("layer_norm of images")));
        assertFalse(Program.mixesRows(MODELS.get("permute there and back")));
    }

    private static String refusal(BiFunction<SameDiff, SDVariable, SDVariable> last) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        graph.placeHolder("y", DataType.DOUBLE, -1, 2);
        SDVariable w = graph.var("w", DataType.DOUBLE, 3, 2);
        last.apply(graph, x.mmul(w)).rename("loss");
        ParameterLayout layout = new ParameterLayout(List.of("w"), List.of(new int[] {3, 2}));
        Model model = new Model(graph, "x", "y", "loss", "loss", layout, 0);
        return assertThrows(UserError.class, () -> Program.compile(model, DType.DOUBLE, 2, null))
                .getMessage();
    }

    @Test
    void otherWaysOfMixingRowsAreRefused() {
        assertTrue(refusal((graph, z) ->
                        z.mmul(graph.mmul(null, z, z, true, false, false)).mean(1))
                .contains("'matmul'"));
        assertTrue(refusal((graph, z) -> graph.nn.softmax(z, 0).mean(1)).contains("'log_softmax'"));
        assertTrue(refusal((graph, z) -> z.sub(graph.permute(z, 1, 0).mean(1)).mean(1))
                .contains("'reduce_mean'"));
        assertTrue(refusal((graph, z) ->
                        z.sub(graph.slice(z, new int[] {0, 0}, 1, 2)).mean(1))
                .contains("'slice'"));
        assertTrue(refusal((graph, z) -> z.sub(graph.variance(z, true, true, 0)).mean(1))
                .contains("bias"));
    }

    @Test
    void aLossOfAllRowsTogetherIsRefusedWhereRowsMix() {
        String message =
                refusal((graph, z) -> graph.math.square(z.sub(z.mean(true, 0))).mean());
        assertTrue(message.contains("'loss'") && message.contains("one loss for each sample"), message);
    }
}
