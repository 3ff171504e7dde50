package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;

/** On which side the outputs of weights are, as their products have it. */
class OrientationsTest {
    /** Names of the weights of two axes or more that have their inputs in front. */
    private static List<String> inputsFirst(ParameterLayout layout) {
        return IntStream.range(0, layout.count())
                .filter(i -> layout.shape(i).length > 1 && !layout.outputsFirst(i))
                .mapToObj(layout::name)
                .toList();
    }

    /**
     * PyTorch's weights are [out, in], and [in, out, ...] only where a convolution is transposed. What no product reads is taken for
     * [in, out]: embeddings, unless they are tied to the last layer. Optimised files hold weights that are transposed already.
     */
    @ParameterizedTest
    @CsvSource({
        "autoencoder, mse, decoder.3.weight decoder.6.weight",
        "conv, nll, ''",
        "conv1d, nll, ''",
        "encoder-pre-script, nll, position embedding.weight",
        "gpt, nll, wpe.weight",
        "mixer, nll, ''",
        "mlp, nll, ''",
        "mlp-optimised, nll, ''",
        "mobilenet, nll, ''",
        "resnet, nll, ''",
        "unet, mse, up2.weight",
        "vit, nll, ''",
        "vit-optimised, nll, val_14 val_100 val_102 val_106 val_186 val_188"
    })
    void weightsOfPytorchHaveTheirOutputsInFront(String file, String loss, String but) {
        String json =
                "{\"model\":\"onnx\",\"file\":\"src/test/resources/onnx/" + file + ".onnx\",\"loss\":\"" + loss + "\"}";
        Model model = new ModelDescription(json).loaded().build();
        List<String> expected = but.isEmpty() ? List.of() : List.of(but.split(" "));
        assertEquals(expected, inputsFirst(Orientations.of(model)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'model':'perceptron','layers':[6,7,3],'activation':'tanh','loss':'nll','parameterisation':'ntk'",
                "'model':'autoencoder','layers':[8,6,2],'activation':'elu','loss':'bce'",
                "'model':'lenet','layers':[2,3,4,9,7,4],'image_size':14,'kernel':3,'activation':'tanh','loss':'nll'",
                "'model':'vgg','cfg':[4,'M',6],'batch_norm':true,'in_channels':2,'image_size':8,'classes':5,'activation':'relu',"
                        + "'loss':'nll'",
                "'model':'resnet18','width':3,'in_channels':2,'image_size':8,'classes':5,'activation':'relu','loss':'nll'",
                "'model':'image_generator','width':4,'depth':3,'kernel':3,'in_channels':2,'image_size':8,'classes':5,"
                        + "'activation':'relu','loss':'nll'",
                "'model':'transformer','vocabulary':11,'length':6,'width':8,'heads':2,'depth':2,'classes':3,'activation':'gelu',"
                        + "'loss':'nll'",
                "'model':'rosenbrock','d':4"
            })
    void weightsOfTheZooLieAsTheLayoutHasThem(String keys) {
        Model model = new ModelDescription("{" + keys.replace('\'', '"') + "}").build();
        assertEquals(inputsFirst(model.layout()), inputsFirst(Orientations.of(model)));
    }

    /**
     * Of a parameter w.
     *
     * @param weight what is made of w, [4, 4]
     * @param left whether z = weight x; else z = x weight
     */
    private static boolean outputsFirst(int rows, int columns, UnaryOperator<SDVariable> weight, boolean left) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 4);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 4);
        SDVariable used = weight.apply(graph.var("w", DataType.DOUBLE, rows, columns));
        SDVariable z = left ? used.mmul(x.permute(1, 0)).permute(1, 0) : x.mmul(used);
        z = z.rename("z");
        graph.math.square(z.sub(y)).mean(1).rename("loss");
        List<SDVariable> own = graph.variables().stream()
                .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
                .toList();
        ParameterLayout layout = new ParameterLayout(
                own.stream().map(SDVariable::name).toList(),
                own.stream()
                        .map(variable -> Arrays.stream(variable.getShape())
                                .mapToInt(Math::toIntExact)
                                .toArray())
                        .toList());
        ParameterLayout found = Orientations.of(new Model(graph, "x", "y", "z", "loss", layout, 0));
        return found.outputsFirst(found.indexOf("w"));
    }

    @Test
    void productsAreFollowedBackToTheirParameters() {
        assertEquals(false, outputsFirst(4, 4, w -> w, false), "x W");
        assertEquals(true, outputsFirst(4, 4, w -> w, true), "W x");
        assertEquals(true, outputsFirst(4, 4, w -> w.permute(1, 0), false), "x W'");
        assertEquals(false, outputsFirst(4, 4, w -> w.permute(1, 0).permute(1, 0), false), "x W''");
        assertEquals(false, outputsFirst(4, 4, w -> w.permute(1, 0), true), "W' x");
        assertEquals(true, outputsFirst(4, 4, w -> w.mul(w.mul(w).sum(true, 1)).permute(1, 0), false), "scaled");
        assertEquals(true, outputsFirst(4, 4, w -> w.reshape(1, 4, 1, 4).reshape(4, 4), true), "with sides of 1");
    }

    /** A rank of 2 between 4 and 4, as adapters have it that are multiplied by each other first. */
    @Test
    void factorsLieAsTheirProductDoes() {
        UnaryOperator<SDVariable> down =
                a -> a.getSameDiff().var("b", DataType.DOUBLE, 4, 2).mmul(a);
        UnaryOperator<SDVariable> up = b -> b.mmul(b.getSameDiff().var("a", DataType.DOUBLE, 2, 4));
        assertEquals(true, outputsFirst(2, 4, a -> down.apply(a).permute(1, 0), false), "A of x (B A)'");
        assertEquals(true, outputsFirst(4, 2, b -> up.apply(b).permute(1, 0), false), "B of x (B A)'");
        assertEquals(false, outputsFirst(2, 4, down, false), "A of x (B A)");
        assertEquals(false, outputsFirst(4, 2, up, false), "B of x (B A)");
        assertEquals(
                false, outputsFirst(4, 2, a -> down.apply(a.permute(1, 0)).permute(1, 0), false), "A of x (B A')'");
    }

    /** Axes that were merged say nothing, and the layout's own assumption stands. */
    @Test
    void whatCannotBeFollowedStaysAsItIs() {
        assertEquals(false, outputsFirst(2, 8, w -> w.reshape(4, 4), true));
        assertEquals(false, outputsFirst(2, 8, w -> w.reshape(4, 4), false));
    }
}
