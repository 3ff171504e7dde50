package io.etastar.graph.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import onnx.Onnx.AttributeProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.protobuf.ByteString;

/** LSTM, GRU and RNN, their steps written out: all sequences have the length that the file says. */
final class Recurrent {
    private static final int LENGTHS = 4;
    private static final int FIRST_STATE = 5;
    private static final int FIRST_CELL = 6;
    private static final int PEEPHOLES = 7;

    private final OnnxNode n;
    private final Building b;
    private final Kind kind;
    private final boolean rowsFirst;
    private final List<String> activations;
    private final List<Value> steps = new ArrayList<>();

    private Recurrent(OnnxNode n, Building b, Kind kind) {
        this.n = n;
        this.b = b;
        this.kind = kind;
        rowsFirst = n.flag("layout", false);
        n.passOver("hidden_size");
        AttributeProto named = n.attribute("activations");
        activations = named == null
                ? List.of()
                : named.getStringsList().stream().map(ByteString::toStringUtf8).toList();
        // [N, I] for each step.
        Value x = n.in(0);
        int time = rowsFirst ? 1 : 0;
        for (int t = 0; t < Sides.ofRow(x.side(time)); t++) {
            steps.add(b.reshaped(b.sliced(x, time, t, 1, 1), x.side(1 - time), x.side(2)));
        }
    }

    /** What a step makes of its input, [N, gates H] with the biases added, and of the state before. */
    private interface Cell {
        State step(Recurrent r, Direction d, Value gates, State before);
    }

    /**
     * A kind of layer.
     *
     * @param gates of its weights
     * @param activations by default
     */
    private record Kind(int gates, List<String> activations, Cell cell) {}

    /** What a step hands on, [N, H] each; a GRU and an RNN have no c. */
    private record State(Value h, @Nullable Value c) {}

    /**
     * A direction.
     *
     * @param input weights [I, gates H]
     * @param recurrent weights [H, gates H]
     * @param bias of the inputs [gates H], or null
     * @param recurrentBias of the state [gates H], or null
     * @param peepholes [3 H], or null
     * @param functions names of the activations
     */
    private record Direction(
            Value input,
            Value recurrent,
            @Nullable Value bias,
            @Nullable Value recurrentBias,
            @Nullable Value peepholes,
            List<String> functions) {
        int hidden() {
            return (int) recurrent.side(0);
        }
    }

    static void add(Map<String, Translation> ops) {
        add(ops, "LSTM", new Kind(4, List.of("Sigmoid", "Tanh", "Tanh"), Recurrent::lstm));
        add(ops, "GRU", new Kind(3, List.of("Sigmoid", "Tanh"), Recurrent::gru));
        add(ops, "RNN", new Kind(1, List.of("Tanh"), Recurrent::rnn));
    }

    private static void add(Map<String, Translation> ops, String name, Kind kind) {
        ops.put(name, (n, b) -> new Recurrent(n, b, kind).outputs());
    }

    /** All h [T, directions, N, H], the last h and the last c [directions, N, H]; the batch in front if the layout says so. */
    private List<@Nullable Value> outputs() {
        String way = n.word("direction", "forward", "reverse", "bidirectional");
        requireWholeSequences();
        List<Value> all = new ArrayList<>();
        List<Value> lastH = new ArrayList<>();
        List<Value> lastC = new ArrayList<>();
        int directions = way.equals("bidirectional") ? 2 : 1;
        for (int d = 0; d < directions; d++) {
            run(direction(d), d, d == 1 || way.equals("reverse"), all, lastH, lastC);
        }
        int axis = rowsFirst ? 2 : 1;
        int front = rowsFirst ? 1 : 0;
        List<@Nullable Value> found = new ArrayList<>();
        found.add(b.joined(axis, all));
        found.add(b.joined(front, lastH));
        found.add(lastC.isEmpty() ? null : b.joined(front, lastC));
        return found;
    }

    private void requireWholeSequences() {
        if (n.has(LENGTHS)) {
            for (long length : n.constant(LENGTHS).longs()) {
                if (length != steps.size()) {
                    throw n.error("sequences of their own lengths", "whole ones, of " + steps.size() + " steps");
                }
            }
        }
        if (n.flag("input_forget", false)) {
            throw n.error("coupled gates", "input_forget 0");
        }
    }

    private void run(
            Direction direction, int d, boolean reverse, List<Value> all, List<Value> lastH, List<Value> lastC) {
        List<Value> gates = steps.stream()
                .map(step -> plus(Matrices.product(b, step, direction.input), direction.bias))
                .toList();
        Value zeros = b.multiply(b.sliced(gates.get(0), 1, 0, 1, direction.hidden()), 0);
        State state = new State(initial(FIRST_STATE, d, zeros), kind.gates == 4 ? initial(FIRST_CELL, d, zeros) : null);
        List<Value> found = new ArrayList<>();
        for (int t = 0; t < steps.size(); t++) {
            state = kind.cell.step(this, direction, gates.get(reverse ? steps.size() - 1 - t : t), state);
            found.add(state.h);
        }
        if (reverse) {
            Collections.reverse(found);
        }
        all.add(b.joined(rowsFirst ? 1 : 0, found.stream().map(this::inTime).toList()));
        lastH.add(ofDirection(state.h));
        if (state.c != null) {
            lastC.add(ofDirection(state.c));
        }
    }

    /** [N, H] as [1, 1, N, H] or [N, 1, 1, H]. */
    private Value inTime(Value h) {
        return rowsFirst ? b.reshaped(h, h.side(0), 1, 1, h.side(1)) : b.reshaped(h, 1, 1, h.side(0), h.side(1));
    }

    private Value ofDirection(Value h) {
        return rowsFirst ? b.reshaped(h, h.side(0), 1, h.side(1)) : b.reshaped(h, 1, h.side(0), h.side(1));
    }

    private Direction direction(int d) {
        Value bias = n.has(3) ? flat(n.in(3), d) : null;
        long length = bias == null ? 0 : bias.side(0) / 2;
        int each = kind.activations.size();
        List<String> functions =
                activations.isEmpty() ? kind.activations : activations.subList(d * each, (d + 1) * each);
        return new Direction(
                weights(n.in(1), d),
                weights(n.in(2), d),
                bias == null ? null : b.sliced(bias, 0, 0, 1, length),
                bias == null ? null : b.sliced(bias, 0, length, 1, length),
                n.has(PEEPHOLES) ? flat(n.in(PEEPHOLES), d) : null,
                functions);
    }

    /** [directions, gates H, I] as [I, gates H]. */
    private Value weights(Value all, int d) {
        return b.transposed(b.reshaped(b.sliced(all, 0, d, 1, 1), all.side(1), all.side(2)), 1, 0);
    }

    private Value flat(Value all, int d) {
        return b.reshaped(b.sliced(all, 0, d, 1, 1), all.side(1));
    }

    /** A state to begin with, [N, H]. */
    private Value initial(int input, int d, Value zeros) {
        if (!n.has(input)) {
            return zeros;
        }
        Value all = n.in(input);
        int axis = rowsFirst ? 1 : 0;
        Constant known = all.constant();
        if (known != null && known.repeatsAlongBatch()) {
            // The same for all rows.
            Value row = b.sliced(Value.of(Constant.of(false, known.stored(), known.values())), axis, d, 1, 1);
            return b.add(zeros, b.reshaped(row, 1, all.side(2)));
        }
        return b.reshaped(b.sliced(all, axis, d, 1, 1), all.side(1 - axis), all.side(2));
    }

    private Value plus(Value x, @Nullable Value y) {
        return y == null ? x : b.add(x, y);
    }

    private Value gate(Value gates, Direction d, int number) {
        return b.sliced(gates, 1, (long) number * d.hidden(), 1, d.hidden());
    }

    private Value function(Direction d, int number, Value x) {
        return switch (d.functions.get(number)) {
            case "Sigmoid" -> Elementwise.sigmoid(b, x);
            case "Tanh" -> b.unary(x, Math::tanh, v -> b.graph().math.tanh(v));
            case "Relu" -> b.relu(x);
            default -> throw n.error("activation " + d.functions.get(number), "Sigmoid, Tanh or Relu");
        };
    }

    /** What the state before adds to the gates, [N, gates H]. */
    private Value ofState(Direction d, Value h) {
        return plus(Matrices.product(b, h, d.recurrent), d.recurrentBias);
    }

    /** Gates i, o, f, c. */
    private State lstm(Direction d, Value gates, State before) {
        Value cell = Objects.requireNonNull(before.c);
        Value all = b.add(gates, ofState(d, before.h));
        Value input = function(d, 0, peeping(d, gate(all, d, 0), cell, 0));
        Value kept = function(d, 0, peeping(d, gate(all, d, 2), cell, 2));
        Value c = b.add(b.multiply(kept, cell), b.multiply(input, function(d, 1, gate(all, d, 3))));
        Value output = function(d, 0, peeping(d, gate(all, d, 1), c, 1));
        return new State(b.multiply(output, function(d, 2, c)), c);
    }

    private Value peeping(Direction d, Value gate, Value c, int number) {
        if (d.peepholes == null) {
            return gate;
        }
        Value own = b.sliced(d.peepholes, 0, (long) number * d.hidden(), 1, d.hidden());
        return b.add(gate, b.multiply(c, own));
    }

    /** Gates z, r, h: h = z h + (1 - z) f(...). */
    private State gru(Direction d, Value gates, State before) {
        Value state = ofState(d, before.h);
        Value update = function(d, 0, b.add(gate(gates, d, 0), gate(state, d, 0)));
        Value reset = function(d, 0, b.add(gate(gates, d, 1), gate(state, d, 1)));
        Value remembered;
        if (n.flag("linear_before_reset", false)) {
            remembered = b.multiply(reset, gate(state, d, 2));
        } else {
            Value weights = b.sliced(d.recurrent, 1, 2L * d.hidden(), 1, d.hidden());
            Value bias = d.recurrentBias == null ? null : b.sliced(d.recurrentBias, 0, 2L * d.hidden(), 1, d.hidden());
            remembered = plus(Matrices.product(b, b.multiply(reset, before.h), weights), bias);
        }
        Value h = function(d, 1, b.add(gate(gates, d, 2), remembered));
        return new State(b.add(h, b.multiply(update, b.subtract(before.h, h))), null);
    }

    private State rnn(Direction d, Value gates, State before) {
        return new State(function(d, 0, b.add(gates, ofState(d, before.h))), null);
    }
}
