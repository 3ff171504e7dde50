package io.etastar.interchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.storage.StoredModel;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.taylor.Program;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Models as ONNX files: the graph from features, as the data hold them, to the output, for any number of rows.
 *
 * <p>Real numbers are float32, whole numbers int64. Parameters keep their names and shapes.
 */
public final class OnnxFile {
    /** The first release of ONNX whose files this is: 1.12. */
    static final int OPSET = 17;

    /** Of the operators for tables, as of ONNX 1.12. */
    private static final int ML_OPSET = 3;

    private static final int IR_VERSION = 8;
    /** Protocol buffers end at 2 GiB. */
    private static final long MOST_BYTES = (1L << 31) - (1 << 20);

    private static final int SOME_ROWS = 2;
    private static final String PROBABILITIES = "probabilities";

    private final Model model;
    private final RawArray theta;
    private final boolean zoo;
    private final TableEncoding table;
    private final Map<String, int[]> shapes;
    private final OnnxGraph graph;
    private final Map<String, String> names = new HashMap<>();

    private OnnxFile(PortableGraph portable, boolean zoo, TableEncoding table) {
        Model whole = portable.model();
        model = whole.endingAt(whole.output());
        theta = portable.theta();
        this.zoo = zoo;
        this.table = table;
        shapes = Program.variableShapes(model, SOME_ROWS);
        Set<String> reserved = new HashSet<>(model.graph().getVariables().keySet());
        if (table != null) {
            // Columns take the place of the features, and targets are not written: their names are free.
            reserved.removeAll(List.of(model.input(), model.label()));
        }
        reserved.addAll(List.of(PROBABILITIES, "output"));
        graph = new OnnxGraph("etastar", reserved);
    }

    /**
     * Ends of an exported graph.
     *
     * @param input name of the features
     * @param output name of the model's output: logits if the loss is a cross-entropy
     * @param probabilities name of the classes' probabilities, or null
     * @param label name of the likeliest class's label, or null
     */
    public record Names(String input, String output, String probabilities, String label) {}

    /**
     * Writes a model.
     *
     * @param file that is not there yet
     * @param probabilities whether the graph has the softmax of its output for a second output, and the label of the likeliest class
     *     for a third
     * @throws UserError if the file is there, the model is no network, one of its ops has no translation, or there are no
     *     classes to have probabilities
     */
    public static Names write(String file, StoredModel stored, boolean probabilities) {
        NewFile.require(file);
        if (probabilities && stored.classes() == 0) {
            throw new UserError(UserError.Subject.of("model"), "no classes", "a classifier for probabilities");
        }
        long numbers = (long) stored.theta().length()
                + (stored.constants() == null ? 0 : stored.constants().length());
        if (4 * numbers > MOST_BYTES) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    numbers + " parameters",
                    "at most " + MOST_BYTES / 4 + " for an ONNX file");
        }
        return write(
                file,
                PortableGraph.of(stored),
                !ownGraph(stored.description()),
                stored.table(),
                stored.classValues(),
                probabilities);
    }

    private static boolean ownGraph(String description) {
        try {
            return new ObjectMapper()
                    .readTree(description)
                    .path("model")
                    .asText()
                    .equals("samediff");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param zoo whether the graph's names are not the user's own: then the output is called so */
    static Names write(String file, PortableGraph portable, boolean zoo, boolean probabilities) {
        return write(file, portable, zoo, null, ClassValues.INDICES, probabilities);
    }

    private static Names write(
            String file,
            PortableGraph portable,
            boolean zoo,
            TableEncoding table,
            ClassValues classes,
            boolean probabilities) {
        OnnxFile onnx = new OnnxFile(portable, zoo, table);
        String output = onnx.translate(probabilities);
        String label = probabilities ? onnx.label(output, classes) : null;
        byte[] bytes = onnx.proto(classes.names()).toByteArray();
        NewFile.write(file, out -> out.write(bytes));
        return new Names(
                table == null ? onnx.model.input() : String.join(",", table.names()),
                output,
                probabilities ? PROBABILITIES : null,
                label);
    }

    private String translate(boolean probabilities) {
        features();
        parameters();
        for (GraphOp source : GraphReader.operations(model)) {
            String output = source.output().equals(model.output()) && zoo ? "output" : source.output();
            OnnxTable.write(new OnnxOp(graph, model, source, name -> input(source, name), shapes), output);
            names.put(source.output(), output);
        }
        String output = names.get(model.output());
        long[] row = row(shapes.get(model.output()));
        graph.output(output, row);
        if (probabilities) {
            graph.node("Softmax", List.of(output), PROBABILITIES, List.of(OnnxAttributes.integer("axis", -1)));
            graph.output(PROBABILITIES, row);
        }
        return output;
    }

    /** Adds the label of the likeliest class: a text, or the class's index if classes have no names. */
    private String label(String output, ClassValues classes) {
        String label = graph.free("label");
        int[] shape = shapes.get(model.output());
        long[] row = row(Arrays.copyOf(shape, shape.length - 1));
        List<AttributeProto> last = List.of(OnnxAttributes.integer("axis", -1), OnnxAttributes.integer("keepdims", 0));
        if (classes.areIndices()) {
            graph.node("ArgMax", List.of(output), label, last);
            graph.output(label, TensorProto.DataType.INT64, row);
        } else {
            String index = graph.free("label/index");
            graph.node("ArgMax", List.of(output), index, last);
            graph.node("Gather", List.of(graph.texts(classes.names()), index), label, List.of());
            graph.output(label, TensorProto.DataType.STRING, row);
        }
        return label;
    }

    private static long[] row(int... shape) {
        return Arrays.stream(shape).skip(1).asLongStream().toArray();
    }

    private void features() {
        if (table != null) {
            names.put(model.input(), OnnxColumns.write(graph, table));
            return;
        }
        SDVariable x = model.graph().getVariable(model.input());
        graph.input(model.input(), x.dataType().isFPType(), row(shapes.get(model.input())));
        names.put(model.input(), model.input());
    }

    private void parameters() {
        ParameterLayout layout = model.layout();
        for (int i = 0; i < layout.count(); i++) {
            names.put(layout.name(i), layout.name(i));
        }
        Set<String> read = new HashSet<>();
        GraphReader.operations(model).forEach(op -> read.addAll(op.inputs()));
        for (int i = 0; i < layout.count(); i++) {
            if (read.contains(layout.name(i))) {
                graph.tensor(layout.name(i), layout.shape(i), theta, layout.offset(i), layout.length(i));
            }
        }
    }

    private String input(GraphOp source, String name) {
        if (name.equals(model.label())) {
            throw new UserError(
                    UserError.Subject.of(
                            "model: output '" + model.output() + "' at graph node '" + source.name() + "'"),
                    "that it depends on the targets",
                    "it to depend on the features alone");
        }
        return names.computeIfAbsent(name, this::constant);
    }

    private String constant(String name) {
        double[] values = GraphReader.constant(model, name);
        int[] shape = GraphReader.constantShape(model, name);
        if (model.graph().getVariable(name).dataType().isFPType()) {
            graph.tensor(name, shape, RawArray.of(values), 0, values.length);
        } else {
            long[] whole =
                    Arrays.stream(values).mapToLong(value -> (long) value).toArray();
            graph.integerTensor(name, whole, Arrays.stream(shape).asLongStream().toArray());
        }
        return name;
    }

    /** @param classes labels of the classes in order, in the file's metadata as a JSON list; empty if they have no names */
    private ModelProto proto(List<String> classes) {
        String version = OnnxFile.class.getPackage().getImplementationVersion();
        ModelProto.Builder file = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("EtaStar")
                .setProducerVersion(version == null ? "development" : version)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .addMetadataProps(metadata("classes", String.valueOf(model.classes())))
                .addMetadataProps(metadata("parameters", String.valueOf(theta.length())))
                .setGraph(graph.build());
        if (!classes.isEmpty()) {
            String names = new ObjectMapper().valueToTree(classes).toString();
            file.addMetadataProps(metadata("class_names", names));
        }
        if (table != null) {
            file.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(ML_OPSET));
        }
        return file.build();
    }

    private static StringStringEntryProto metadata(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
