package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Map;

/** Images of another size: each axis a product with the weights of its neighbours, or pixels repeated. */
final class Resizing {
    private static final String[] COORDINATES = {
        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "asymmetric", "align_corners"
    };
    private static final String[] ROUNDINGS = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};

    private final OnnxNode node;
    private final String mode;
    private final String coordinates;
    private final String rounding;

    private Resizing(OnnxNode node) {
        this.node = node;
        boolean old = node.type().equals("Upsample");
        // Of cubic weights and of crops, which are refused.
        node.passOver("cubic_coeff_a", "exclude_outside", "extrapolation_value");
        mode = node.word("mode", "nearest", "linear");
        coordinates = old ? "asymmetric" : node.word("coordinate_transformation_mode", COORDINATES);
        rounding = old ? "floor" : node.word("nearest_mode", ROUNDINGS);
    }

    static void add(Map<String, Translation> ops) {
        single(ops, "Resize", (n, b) -> new Resizing(n).apply(b));
        single(ops, "Upsample", (n, b) -> new Resizing(n).apply(b));
    }

    private Value apply(Building b) {
        node.word("keep_aspect_ratio_policy", "stretch");
        if (node.flag("antialias", false)) {
            throw node.error("antialiasing", "none");
        }
        Value x = node.in(0);
        if (node.type().equals("Resize")) {
            // The region of crops.
            node.passOverInputs(1);
        }
        int scalesAt = node.type().equals("Upsample") ? 1 : 2;
        boolean bySize = node.has(3);
        Constant given = node.constant(bySize ? 3 : scalesAt);
        long[] axes = node.has("axes") ? node.integers("axes") : null;
        Value result = x;
        for (int i = 0; i < given.values().length; i++) {
            int axis = axes == null ? i : Sides.axis(axes[i], x.rank());
            long side = x.side(axis);
            double scale = bySize ? given.values()[i] / side : given.values()[i];
            long target = bySize ? (long) given.values()[i] : (long) Math.floor(side * scale);
            target = bySize && Sides.ofBatch(side) ? b.batch().side(node, target) : target;
            if (target != side) {
                result = axis(b, result, axis, (int) target, scale);
            }
        }
        return result;
    }

    private Value axis(Building b, Value x, int axis, int target, double scale) {
        int side = Math.toIntExact(x.side(axis));
        if (mode.equals("nearest")) {
            return nearest(b, x, axis, target, scale);
        }
        double[] weights = new double[target * side];
        for (int i = 0; i < target; i++) {
            double at = Math.max(0, Math.min(side - 1, origin(i, side, target, scale)));
            int low = (int) Math.floor(at);
            weights[i * side + low] += 1 - (at - low);
            weights[i * side + Math.min(low + 1, side - 1)] += at - low;
        }
        int last = x.rank() - 1;
        Value matrix = Value.of(Constant.of(false, new long[] {target, side}, weights));
        return b.swapped(Matrices.matmul(b, b.swapped(x, axis, last), matrix, false, true), axis, last);
    }

    private Value nearest(Building b, Value x, int axis, int target, double scale) {
        int side = Math.toIntExact(x.side(axis));
        int[] picks = new int[target];
        boolean blocks = target % side == 0;
        for (int i = 0; i < target; i++) {
            picks[i] = Math.max(0, Math.min(side - 1, rounded(origin(i, side, target, scale))));
            blocks &= picks[i] == i / Math.max(1, target / side);
        }
        if (!blocks) {
            return b.taken(x, axis, target, i -> picks[i]);
        }
        Value apart = b.reshaped(x, Sides.inserted(x.shape(), axis + 1, 1));
        Value repeated = b.expanded(apart, Sides.with(apart.shape(), axis + 1, target / side));
        return b.reshaped(repeated, Sides.with(x.shape(), axis, target));
    }

    /** Where an element of the output lies on the input's axis. */
    private double origin(int i, int side, int target, double scale) {
        return switch (coordinates) {
            case "half_pixel" -> (i + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> target > 1 ? (i + 0.5) / scale - 0.5 : 0;
            case "asymmetric" -> i / scale;
            case "half_pixel_symmetric" -> side / 2.0 * (1 - target / (side * scale)) + (i + 0.5) / scale - 0.5;
            case "align_corners" -> target == 1 ? 0 : i * (side - 1.0) / (side * scale - 1);
            default -> throw new IllegalStateException(coordinates);
        };
    }

    private int rounded(double at) {
        return (int)
                switch (rounding) {
                    case "floor" -> Math.floor(at);
                    case "ceil" -> Math.ceil(at);
                    case "round_prefer_ceil" -> Math.floor(at + 0.5);
                    default -> Math.ceil(at - 0.5);
                };
    }
}
