package io.etastar.taylor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.data.Shard;
import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A derivative summary made by nested automatic differentiation in another program: {@code golden/NAME}. */
final class GoldenCase {
    private static final ObjectMapper JSON = new ObjectMapper();

    final JsonNode json;
    final Model model;
    final Partition partition;
    final RawArray parameters;
    final RawArray direction;
    final Shard data;

    private GoldenCase(Path directory, JsonNode changes) throws IOException {
        json = ((ObjectNode) JSON.readTree(directory.resolve("case.json").toFile())).setAll((ObjectNode) changes);
        model = new ModelDescription(json.toString()).build(DType.DOUBLE);
        ParameterLayout layout = model.layout();
        partition = Partitions.parse(json.get("partition").asText(), layout);
        parameters = flat(directory.resolve("parameters.npz"), layout);
        direction = flat(directory.resolve("direction.npz"), layout);
        NpzFile arrays = NpzFile.read(directory.resolve("data.npz").toString()).require("x", "y");
        NpzFile.Array x = arrays.arrays().get("x");
        data = new Shard(
                x.shape()[0],
                RawArray.of(x.values()),
                RawArray.of(arrays.arrays().get("y").values()),
                arrays.arrays().containsKey("w") ? arrays.arrays().get("w").values() : null);
    }

    static Path root() {
        try {
            return Path.of(GoldenCase.class.getResource("/golden").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The case in a directory. */
    static GoldenCase at(Path directory) throws IOException {
        return at(directory, JSON.createObjectNode());
    }

    /** The case in a directory with some of its keys changed: what it expects is then another model's. */
    static GoldenCase at(Path directory, JsonNode changes) throws IOException {
        return new GoldenCase(directory, changes);
    }

    static GoldenCase read(String name) throws IOException {
        return at(root().resolve(name));
    }

    /** Names of all cases. */
    static List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(root())) {
            return entries.filter(entry -> Files.exists(entry.resolve("data.npz")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static RawArray flat(Path file, ParameterLayout layout) {
        NpzFile arrays = NpzFile.read(file.toString()).require(layout.names().toArray(new String[0]));
        double[] flat = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            double[] values = arrays.arrays().get(layout.name(i)).values();
            System.arraycopy(values, 0, flat, layout.offset(i), layout.length(i));
        }
        return RawArray.of(flat);
    }

    int[] rows() {
        int[] rows = new int[data.rows()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        return rows;
    }

    /** The mean summary from a program with this micro-batch. */
    DerivativeSummary summary(DType type, int microBatch) {
        return summary(type, microBatch, Curvature.HESSIAN);
    }

    DerivativeSummary summary(DType type, int microBatch, Curvature curvature) {
        try (Program program = Program.compile(model, type, microBatch, partition, curvature)) {
            program.setParameters(parameters);
            program.setDirection(direction);
            return program.summary(data, rows()).mean();
        }
    }
}
