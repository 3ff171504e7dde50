package io.etastar.benchmarks;

import io.etastar.graph.ModelDescription;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The models that benchmarks run by name: lenet, transformer, vgg11, resnet18, the last two narrower as vgg11/16 and resnet18/16, or the
 * widths of a perceptron such as 784-200x10-10.
 */
final class Models {
    private static final int RESNET18 = 64;
    private static final int[] VGG11 = {64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0};

    private Models() {}

    static ModelDescription of(String name) {
        String[] parts = name.split("/");
        int narrower = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
        return new ModelDescription(
                switch (parts[0]) {
                    case "lenet" ->
                        "{\"model\":\"lenet\",\"layers\":[3,6,16,120,84,10],\"image_size\":32,\"kernel\":5,"
                                + "\"activation\":\"tanh\",\"loss\":\"nll\"}";
                    case "transformer" ->
                        "{\"model\":\"transformer\",\"features\":32,\"length\":16,\"width\":64,\"heads\":4,\"depth\":2,"
                                + "\"classes\":10,\"activation\":\"gelu\",\"loss\":\"nll\"}";
                    case "vgg11" ->
                        "{\"model\":\"vgg\",\"cfg\":" + vgg11(narrower) + ","
                                + "\"in_channels\":3,\"image_size\":32,\"classes\":10,\"activation\":\"elu\","
                                + "\"loss\":\"nll\"}";
                    case "resnet18" ->
                        "{\"model\":\"resnet18\",\"in_channels\":3,\"image_size\":32,\"classes\":10," + "\"width\":"
                                + RESNET18 / narrower + ",\"activation\":\"relu\",\"loss\":\"nll\"}";
                    default ->
                        "{\"model\":\"perceptron\",\"layers\":[" + widths(name) + "],\"activation\":\"tanh\","
                                + "\"loss\":\"nll\"}";
                });
    }

    private static String vgg11(int narrower) {
        return Arrays.stream(VGG11)
                .mapToObj(width -> width == 0 ? "\"M\"" : "" + width / narrower)
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** 784-200x10-10 is 784, ten times 200, 10. */
    private static String widths(String name) {
        return Arrays.stream(name.split("-"))
                .flatMap(part -> {
                    String[] sides = part.split("x");
                    int times = sides.length > 1 ? Integer.parseInt(sides[1]) : 1;
                    return java.util.stream.Stream.generate(() -> sides[0]).limit(times);
                })
                .collect(Collectors.joining(","));
    }

    /** Features of a row. */
    static int features(String name) {
        if (name.equals("transformer")) {
            return 16 * 32;
        }
        return Character.isDigit(name.charAt(0)) ? Integer.parseInt(name.substring(0, name.indexOf('-'))) : 3 * 32 * 32;
    }
}
