package io.etastar.benchmarks;

import io.etastar.graph.ModelDescription;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The models that benchmarks run by name: lenet, vgg11, resnet18, or the widths of a perceptron such as 784-200x10-10. */
final class Models {
    private Models() {}

    static ModelDescription of(String name) {
        return new ModelDescription(
                switch (name) {
                    case "lenet" ->
                        "{\"model\":\"lenet\",\"layers\":[3,6,16,120,84,10],\"image_size\":32,\"kernel\":5,"
                                + "\"activation\":\"tanh\",\"loss\":\"nll\"}";
                    case "vgg11" ->
                        "{\"model\":\"vgg\",\"cfg\":[64,\"M\",128,\"M\",256,256,\"M\",512,512,\"M\",512,512,\"M\"],"
                                + "\"in_channels\":3,\"image_size\":32,\"classes\":10,\"activation\":\"elu\","
                                + "\"loss\":\"nll\"}";
                    case "resnet18" ->
                        "{\"model\":\"resnet18\",\"in_channels\":3,\"image_size\":32,\"classes\":10,"
                                + "\"activation\":\"relu\",\"loss\":\"nll\"}";
                    default ->
                        "{\"model\":\"perceptron\",\"layers\":[" + widths(name) + "],\"activation\":\"tanh\","
                                + "\"loss\":\"nll\"}";
                });
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
        return Character.isDigit(name.charAt(0)) ? Integer.parseInt(name.substring(0, name.indexOf('-'))) : 3 * 32 * 32;
    }
}
