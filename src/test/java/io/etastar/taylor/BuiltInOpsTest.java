package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** What the engine says of graphs that it cannot compile. */
class BuiltInOpsTest {
    /** A model with weight w [3, 2] whose loss is {@code last} of x w. */
    private static Model model(BiFunction<SameDiff, SDVariable, SDVariable> last) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        graph.placeHolder("y", DataType.DOUBLE, -1, 2);
        SDVariable w = graph.var("w", DataType.DOUBLE, 3, 2);
        last.apply(graph, x.mmul(w)).rename("loss");
        ParameterLayout layout = new ParameterLayout(List.of("w"), List.of(new int[] {3, 2}));
        return new Model(graph, "x", "y", "loss", "loss", layout, 0);
    }

    private static String refusal(Model model) {
        return assertThrows(UserError.class, () -> Program.compile(model, DType.DOUBLE, 2, null))
                .getMessage();
    }

    @Test
    void anOpWithoutARuleIsNamedWithItsNodeAndTheRegistry() {
        Model model =
                model((graph, z) -> graph.cumsum("running", z, false, false, 1).mean(1));
        String message = refusal(model);
        String node = model.graph().getVariableOutputOp("running").getOwnName();
        assertTrue(message.contains("op 'cumsum'"), message);
        assertTrue(message.contains("graph node '" + node + "'"), message);
        assertTrue(message.contains(BuiltInOps.class.getName()), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void aLossThatIsNotOneNumberForEachSampleIsRefused() {
        String message = refusal(model((graph, z) -> graph.math.square(z)));
        assertTrue(message.contains("'loss'") && message.contains("one loss for each sample"), message);
    }

    @Test
    void aLossWithoutParametersIsRefused() {
        String message = refusal(
                model((graph, z) -> graph.math.square(graph.getVariable("x")).mean(1)));
        assertTrue(message.contains("depends on no parameter"), message);
    }

    @Test
    void namesThatTheGraphDoesNotHaveAreRefused() {
        Model good = model((graph, z) -> z.mean(1));
        ParameterLayout more = new ParameterLayout(List.of("w", "v"), List.of(new int[] {3, 2}, new int[] {1}));
        String parameter = refusal(new Model(good.graph(), "x", "y", "loss", "loss", more, 0));
        assertTrue(parameter.contains("'v'"), parameter);
        String input = refusal(new Model(good.graph(), "images", "y", "loss", "loss", good.layout(), 0));
        assertTrue(input.contains("'images'"), input);
        String loss = refusal(new Model(good.graph(), "x", "y", "loss", "cost", good.layout(), 0));
        assertTrue(loss.contains("'cost'"), loss);
    }

    @Test
    void aParameterOfAnotherShapeThanInTheGraphIsRefused() {
        Model good = model((graph, z) -> z.mean(1));
        ParameterLayout turned = new ParameterLayout(List.of("w"), List.of(new int[] {2, 3}));
        String message = refusal(new Model(good.graph(), "x", "y", "loss", "loss", turned, 0));
        assertTrue(message.contains("'w'") && message.contains("[2, 3]") && message.contains("[3, 2]"), message);
    }

    @Test
    void labelsThatAreNotOneForEachRowAreRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 3);
        SDVariable y = graph.placeHolder("y", DataType.INT, -1, 4);
        SDVariable w = graph.var("w", DataType.DOUBLE, 3, 2);
        graph.loss.sparseSoftmaxCrossEntropy("loss", x.mmul(w), y);
        ParameterLayout layout = new ParameterLayout(List.of("w"), List.of(new int[] {3, 2}));
        String message = refusal(new Model(graph, "x", "y", "loss", "loss", layout, 2));
        assertTrue(message.contains("sparse_softmax_cross_entropy") && message.contains("[2, 4]"), message);
    }
}
