package io.etastar.taylor.composite;

import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.OpDefinition;
import io.etastar.taylor.rule.indexing.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The ops that a composite is written as, in the order of computation. */
public final class Decomposer {
    private static final long ROW_MAJOR = -99;

    private final Model model;
    private final GraphOp source;
    private final int serial;
    private final int[][] shapes;
    private final List<GraphOp> parts = new ArrayList<>();

    private Decomposer(Model model, GraphOp source, int serial, int[]... shapes) {
        this.model = model;
        this.source = source;
        this.serial = serial;
        this.shapes = shapes;
    }

    /** A decomposition that adds its parts, none or the last one computing the output, to a decomposer. */
    public static OpDefinition.Decomposition of(Consumer<Decomposer> parts) {
        return (model, source, serial, shapes) -> {
            Decomposer decomposer = new Decomposer(model, source, serial, shapes);
            parts.accept(decomposer);
            return decomposer.finished();
        };
    }

    public GraphOp source() {
        return source;
    }

    public String in(int i) {
        return source.inputs().get(i);
    }

    int[] shape(int i) {
        return shapes[i];
    }

    /** Floating-point argument {@code i}, or {@code otherwise} if there are fewer. */
    double scalar(int i, double otherwise) {
        return source.scalars().length > i ? source.scalars()[i] : otherwise;
    }

    /** Integer argument {@code i}, or {@code otherwise} if there are fewer. */
    long integer(int i, long otherwise) {
        return source.integers().length > i ? source.integers()[i] : otherwise;
    }

    boolean flag(int i) {
        return source.flags().length > i && source.flags()[i];
    }

    /** Whether all that reads the output, one op at least, are ops of those types. */
    boolean readBy(Set<String> types) {
        List<String> readers = GraphReader.readers(model, source.output());
        return !readers.isEmpty() && types.containsAll(readers);
    }

    /** The values of input {@code i}, which must be a constant. */
    double[] constant(int i) {
        double[] values = source.inputs().size() > i ? GraphReader.constant(model, in(i)) : null;
        if (values == null) {
            throw Op.error(source, "input " + i + " is computed or missing, expected a constant");
        }
        return values;
    }

    /** Adds the product with a loss op's weights, unless they are the constant 1. */
    void weigh(String losses, String weights) {
        double[] values = GraphReader.constant(model, weights);
        if (values == null || values.length != 1 || values[0] != 1) {
            part("multiply", losses, weights);
        }
    }

    /** Which output of its node the op computes. */
    int outputIndex() {
        return GraphReader.outputIndex(model, source.output());
    }

    /** Adds a part and returns its output's name. */
    public String part(String type, String... inputs) {
        return add(GraphOp.of(source.name(), type, List.of(inputs), next()));
    }

    public String scalars(String type, double scalar, String... inputs) {
        return add(GraphOp.of(source.name(), type, List.of(inputs), next()).withScalars(scalar));
    }

    public String integers(String type, long[] integers, String... inputs) {
        return add(GraphOp.of(source.name(), type, List.of(inputs), next()).withIntegers(integers));
    }

    String integersAndScalars(String type, long[] integers, double scalar, String... inputs) {
        return add(GraphOp.of(source.name(), type, List.of(inputs), next())
                .withIntegers(integers)
                .withScalars(scalar));
    }

    String flags(String type, boolean[] flags, String... inputs) {
        return add(GraphOp.of(source.name(), type, List.of(inputs), next()).withAxes(false, flags));
    }

    /** Adds a reduction over {@code axes}; {@code corrected} divides a mean by one less than the number of elements. */
    String reduction(String type, boolean keep, boolean corrected, int[] axes, String input) {
        return add(GraphOp.of(source.name(), type, List.of(input), next())
                .withAxes(keep, new boolean[] {corrected}, axes));
    }

    /** Adds the source on other inputs. */
    String again(String... inputs) {
        return add(source.with(List.of(inputs), next()));
    }

    /** Adds a view in another shape. */
    String view(String input, int... shape) {
        long[] arguments = new long[shape.length + 1];
        arguments[0] = ROW_MAJOR;
        for (int i = 0; i < shape.length; i++) {
            arguments[i + 1] = shape[i];
        }
        return integers("reshape", arguments, input);
    }

    private String next() {
        return source.output() + "~" + serial + "." + parts.size();
    }

    private String add(GraphOp part) {
        parts.add(part);
        return part.output();
    }

    /** The parts, with the last one computing the source's output. */
    private List<GraphOp> finished() {
        if (!parts.isEmpty()) {
            GraphOp last = parts.remove(parts.size() - 1);
            parts.add(last.with(last.inputs(), source.output()));
        }
        return parts;
    }

    /** An axis given by an argument, counted from the end if it is negative. */
    int axis(long axis) {
        return Views.axis(source, axis, shapes[0].length);
    }

    /** 0, 1, ..., rank - 1. */
    static int[] range(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> i);
        return axes;
    }
}
