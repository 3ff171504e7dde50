package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.BatchMeans;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Small networks of every kind in the zoo, with parameters, rows and what the engine says of them. */
final class Networks {
    private static final Map<String, String> JSON = new LinkedHashMap<>();

    static {
        for (String activation : "tanh relu sigmoid elu softplus gelu arctan leaky_relu identity".split(" ")) {
            JSON.put(
                    "perceptron " + activation,
                    "'model':'perceptron','layers':[18,7,5,3],'activation':'" + activation + "','loss':'nll'");
        }
        JSON.put(
                "perceptron dropout",
                "'model':'perceptron','layers':[18,7,5,3],'activation':'tanh','loss':'nll','dropout':0.4");
        JSON.put("perceptron mse", "'model':'perceptron','layers':[18,4,2],'activation':'tanh','loss':'mse'");
        JSON.put("autoencoder", "'model':'autoencoder','layers':[18,6,2],'activation':'elu','loss':'bce'");
        JSON.put(
                "lenet",
                "'model':'lenet','layers':[2,3,4,9,7,4],'image_size':14,'kernel':3,'activation':'tanh','loss':'nll'");
        String images = "'in_channels':2,'image_size':8,'classes':5,'activation':'relu','loss':'nll'";
        JSON.put("vgg", "'model':'vgg','cfg':[4,'M',6,6,'M']," + images);
        JSON.put("vgg batch norm", "'model':'vgg','cfg':[4,'M',6],'batch_norm':true,'dropout':0.2," + images);
        JSON.put("resnet18", "'model':'resnet18','width':3," + images);
        JSON.put("image_generator", "'model':'image_generator','width':4,'depth':3,'kernel':3," + images);
        String blocks = "'length':6,'width':8,'heads':2,'depth':2,'classes':3,'activation':'gelu','loss':'nll'";
        JSON.put("transformer tokens", "'model':'transformer','vocabulary':11," + blocks);
        JSON.put("transformer vectors", "'model':'transformer','features':3," + blocks);
    }

    static {
        for (String name : new String[] {"vgg batch norm", "resnet18"}) {
            ModelDescription training = new ModelDescription(json(name));
            String stored =
                    training.withStatistics(statistics(training.build())).json();
            JSON.put(name + " for prediction", stored.substring(1, stored.length() - 1));
        }
    }

    private Networks() {}

    /** Any statistics of a model's batch norms. */
    private static List<Statistic> statistics(Model model) {
        Random random = new Random(8);
        return BatchMeans.of(model).stream()
                .map(mean -> new Statistic(
                        mean.name(),
                        mean.shape(),
                        random.doubles(mean.length(), 0.5, 1.5).toArray()))
                .toList();
    }

    static Iterable<String> names() {
        return JSON.keySet();
    }

    static String json(String name) {
        return "{" + JSON.get(name).replace('\'', '"') + "}";
    }

    /** A model with random parameters, standardised by channels of images, else by one pair, where features are real numbers. */
    static StoredModel stored(String name) {
        return stored(json(name), !name.contains("tokens"));
    }

    static StoredModel stored(String json, boolean standardised) {
        Model model = new ModelDescription(json).build();
        Random random = new Random(3);
        double[] theta = new ModelDescription(json).initialParameters(5);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += 0.1 * random.nextGaussian();
        }
        int channels = json.contains("image_size") ? 2 : 1;
        return new StoredModel(
                json,
                model.layout(),
                RawArray.copyOf(DType.FLOAT, theta),
                standardised ? Arrays.copyOf(new double[] {1.5, -0.5}, channels) : null,
                standardised ? Arrays.copyOf(new double[] {2.5, 0.75}, channels) : null,
                model.classes());
    }

    /** Rows as the data would hold them, flat. */
    static double[] features(StoredModel stored, int rows) {
        long[] shape = placeholder(stored, true);
        int length = (int) Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        Random random = new Random(11);
        boolean words = stored.description().contains("vocabulary");
        return IntStream.range(0, rows * length)
                .mapToDouble(i -> words ? random.nextInt(11) : (float) (1 + 2 * random.nextGaussian()))
                .toArray();
    }

    private static long[] placeholder(StoredModel stored, boolean features) {
        Model model = new ModelDescription(stored.description()).build();
        return model.graph()
                .getVariable(features ? model.input() : model.label())
                .placeholderShape();
    }

    /** The engine's outputs for rows as the data hold them. */
    static double[] outputs(StoredModel stored, double[] features, int rows) {
        int targets = (int) Arrays.stream(placeholder(stored, false)).skip(1).reduce(1, (a, b) -> a * b);
        Shard shard =
                new Shard(rows, RawArray.copyOf(DType.DOUBLE, features), RawArray.zeros(DType.DOUBLE, rows * targets));
        if (stored.mean() != null) {
            int channels = stored.mean().length;
            new Standardisation(stored.mean(), stored.deviation())
                    .applyInPlace(shard, new int[] {channels, 1, features.length / rows / channels});
        }
        Model model = new ModelDescription(stored.description()).build(DType.DOUBLE);
        try (Program program = Program.compile(model, DType.DOUBLE, rows, null)) {
            program.setParameters(RawArray.of(stored.theta().toDoubles()));
            return program.outputs(shard, IntStream.range(0, rows).toArray()).toDoubles();
        }
    }

    /** Relative to the largest of the expected numbers. */
    static void assertClose(double[] expected, double[] found, double tolerance) {
        assertEquals(expected.length, found.length);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], tolerance * largest, "element " + i);
        }
    }
}
