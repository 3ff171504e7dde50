package io.etastar.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, shapes, counts and initial values of the larger models. */
class ZooModelsTest {
    private static final String RESNET =
            "'model':'resnet18','in_channels':3,'image_size':32,'classes':10," + "'activation':'relu','loss':'nll'";
    private static final String VGG = "'model':'vgg','cfg':[64,'M',128,'M',256,256,'M',512,512,'M',512,512,'M'],"
            + "'in_channels':3,'image_size':32,'classes':10,'activation':'elu','loss':'nll'";
    private static final String GENERATOR =
            "'model':'image_generator','image_size':28,'activation':'arctan','loss':'nll'";
    private static final String TRANSFORMER = "'model':'transformer','length':5,'width':8,'heads':2,'depth':2,"
            + "'classes':3,'activation':'gelu','loss':'nll'";

    private static ModelDescription description(String keys) {
        return new ModelDescription("{" + keys.replace('\'', '"') + "}");
    }

    private static ParameterLayout layout(String keys) {
        return description(keys).build().layout();
    }

    private static int[] shape(ParameterLayout layout, String name) {
        return layout.shape(layout.names().indexOf(name));
    }

    @Test
    void resnet18HasTheTensorsOfTorchvision() {
        ParameterLayout layout = layout(RESNET);
        assertEquals(62, layout.count());
        assertEquals(62, Partitions.parse("canonical", layout).size());
        assertEquals(11_173_962, layout.size());
        assertEquals(
                List.of("conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight"),
                layout.names().subList(0, 5));
        assertEquals(
                List.of(
                        "layer2.0.conv1.weight",
                        "layer2.0.bn1.weight",
                        "layer2.0.bn1.bias",
                        "layer2.0.conv2.weight",
                        "layer2.0.bn2.weight",
                        "layer2.0.bn2.bias",
                        "layer2.0.downsample.0.weight",
                        "layer2.0.downsample.1.weight",
                        "layer2.0.downsample.1.bias",
                        "layer2.1.conv1.weight"),
                layout.names().subList(15, 25));
        assertArrayEquals(new int[] {64, 3, 3, 3}, shape(layout, "conv1.weight"));
        assertArrayEquals(new int[] {512, 256, 1, 1}, shape(layout, "layer4.0.downsample.0.weight"));
        assertArrayEquals(new int[] {512, 10}, shape(layout, "fc.weight"));
    }

    @Test
    void widthScalesAResnet() {
        ParameterLayout layout = layout(RESNET + ",'width':2");
        assertArrayEquals(new int[] {16, 16, 3, 3}, shape(layout, "layer4.1.conv2.weight"));
        assertEquals(62, layout.count());
    }

    @Test
    void vgg11HasTheTensorsOfTorchvision() {
        assertEquals(9_225_610, layout(VGG).size());
        assertEquals(18, layout(VGG).count());
        ParameterLayout normed = layout(VGG + ",'batch_norm':true");
        assertEquals(9_225_610 + 2 * 2752, normed.size());
        assertEquals(
                List.of("features.0.weight", "features.0.bias", "features.1.weight", "features.1.bias"),
                normed.names().subList(0, 4));
        assertEquals("features.4.weight", normed.names().get(4));
        assertArrayEquals(new int[] {512}, shape(normed, "features.26.weight"));
    }

    @Test
    void theImageGeneratorHas94696Parameters() {
        ParameterLayout layout = layout(GENERATOR);
        assertEquals(94_696, layout.size());
        assertEquals(2 + 5 * 4 * 6 + 2, layout.count());
        assertArrayEquals(new int[] {20, 5, 1, 1}, shape(layout, "conv.weight"));
        assertArrayEquals(new int[] {3, 3, 40, 3}, shape(layout, "stages.4.3.depthwise.weight"));
        assertEquals(94_696 + 8 * 5 * 20, layout(GENERATOR + ",'kernel':3").size());
    }

    @Test
    void theTransformersTensorsFollowItsKeys() {
        int block = 4 * 8 + 4 * (8 * 8 + 8) + 8 * 32 + 32 + 32 * 8 + 8;
        int head = 5 * 8 + 2 * 8 + 8 * 3 + 3;
        assertEquals(
                11 * 8 + 2 * block + head,
                layout(TRANSFORMER + ",'vocabulary':11").size());
        assertEquals(
                6 * 8 + 8 + 2 * block + head,
                layout(TRANSFORMER + ",'features':6").size());
    }

    @Test
    void scalesOfNormalisationsStartAtOneAndTheirBiasesAtZero() {
        for (String keys :
                List.of(RESNET + ",'width':4", VGG + ",'batch_norm':true", TRANSFORMER + ",'vocabulary':11")) {
            ModelDescription description = description(keys);
            ParameterLayout layout = description.build().layout();
            double[] theta = description.initialParameters(3);
            for (int i = 0; i < layout.count(); i++) {
                if (layout.shape(i).length == 1) {
                    double[] expected = new double[layout.length(i)];
                    Arrays.fill(expected, layout.name(i).endsWith(".weight") ? 1 : 0);
                    assertArrayEquals(expected, part(layout, theta, i), layout.name(i));
                } else {
                    assertTrue(deviation(part(layout, theta, i)) > 0, layout.name(i));
                }
            }
        }
    }

    @Test
    void theGeneratorsWeightsAndBiasesStartFromOneOverFanInPlusOne() {
        ModelDescription description = description(GENERATOR);
        ParameterLayout layout = description.build().layout();
        double[] theta = description.initialParameters(4);
        for (String suffix : List.of("depthwise.weight", "depthwise.bias", "project.weight", "project.bias")) {
            double[] values = IntStream.range(0, layout.count())
                    .filter(i -> layout.name(i).endsWith(suffix))
                    .mapToObj(i -> part(layout, theta, i))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            double expected = Math.sqrt(1.0 / ((suffix.startsWith("depthwise") ? 9 : 120) + 1));
            assertEquals(expected, deviation(values), 5 * expected / Math.sqrt(2.0 * values.length), suffix);
        }
    }

    private static double[] part(ParameterLayout layout, double[] theta, int i) {
        return Arrays.copyOfRange(theta, layout.offset(i), layout.offset(i) + layout.length(i));
    }

    private static double deviation(double... values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum() / values.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "T | ,'vocabulary':11,'heads':3 | model.heads: found 3, expected a divisor of width 8",
                "T | ,'vocabulary':'a' | model.vocabulary: found \"a\", expected a positive integer",
                "T | | model.features: absent, expected a positive integer",
                "G | ,'kernel':2 | model.kernel: found 2, expected an odd side, which keeps the size of images",
                "R | ,'label_smoothing':1 | model.label_smoothing: found 1.0, expected a number in [0, 1)",
                "R | ,'input':[3,32] | model.input: found 96 elements, expected 3072 of the first layer",
                "V | ,'batch_norm':1 | model.batch_norm: found 1, expected true or false",
            })
    void aWrongKeyIsNamed(String base, String more, String expected) {
        String good = switch (base) {
            case "T" -> TRANSFORMER.replace(more != null && more.contains("heads") ? ",'heads':2" : "#", "");
            case "G" -> GENERATOR;
            case "R" -> RESNET;
            default -> VGG;
        };
        ModelDescription wrong = description(good + (more == null ? "" : more));
        assertEquals(expected, assertThrows(UserError.class, wrong::build).getMessage());
    }
}
