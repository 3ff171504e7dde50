package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.onnx.OnnxFiles;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a program multiplies where layers are frozen, counted as its products run. */
class FrozenLayersTest {
    private static final int IN = 7;
    private static final int WIDTH = 20;
    private static final int OUT = 5;
    private static final double FIRST = 2.0 * IN * WIDTH;
    private static final double MIDDLE = 2.0 * WIDTH * WIDTH;
    private static final double LAST = 2.0 * WIDTH * OUT;

    /** Inner products of tangents with adjoints: less than any layer's product. */
    private static final double INNER = 4.0 * WIDTH;

    private double operations;

    /** Four dense layers, of which the first and the third are frozen. */
    private static ModelDescription network() {
        OnnxFiles file = new OnnxFiles(IN);
        int[] sides = {IN, WIDTH, WIDTH, WIDTH, OUT};
        String before = "x";
        for (int i = 0; i < sides.length - 1; i++) {
            double[] values =
                    new Random(i).doubles((long) sides[i] * sides[i + 1], -1, 1).toArray();
            file.array("w" + i, new long[] {sides[i], sides[i + 1]}, values)
                    .node("MatMul", before + ",w" + i, "product" + i)
                    .node("Tanh", "product" + i, "layer" + i);
            before = "layer" + i;
        }
        String content = Base64.getEncoder().encodeToString(file.bytes(before));
        return new ModelDescription("{\"model\":\"onnx\",\"content\":\"" + content
                        + "\",\"loss\":\"mse\",\"frozen\":[\"w0\",\"w2\"]}")
                .loaded();
    }

    /** Kernels whose products count 2 n m k when they run. */
    private Kernels counting() {
        Kernels kernels = Backend.installed().kernels(DType.DOUBLE);
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    Object made;
                    try {
                        made = method.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (!method.getName().equals("matmul")) {
                        return made;
                    }
                    int[] left = ((Tensor) arguments[0]).shape();
                    int inner = left[(Boolean) arguments[1] ? left.length - 2 : left.length - 1];
                    double own = 2.0 * inner * ((Tensor) arguments[4]).length();
                    return (Kernel) () -> {
                        operations += own;
                        ((Kernel) made).run();
                    };
                });
    }

    private double of(Partition partition, Curvature curvature) {
        ModelDescription description = network();
        Model model = description.build(DType.DOUBLE);
        Shard row = new Shard(
                1, RawArray.of(new double[] {1, -1, 0.5, 2, -2, 0, 1}), RawArray.of(new double[] {1, 2, 3, 4, 5}));
        operations = 0;
        try (Program program = new Program(model, counting(), 1, partition, curvature)) {
            program.setParameters(description.initial());
            if (partition == null) {
                program.gradient(row, new int[] {0});
            } else {
                program.setDirection(description.initial());
                program.summary(row, new int[] {0});
            }
        }
        return operations;
    }

    @Test
    void aFrozenLayerHasNoAdjointOfItsWeightAndTheFirstOnesHaveTheirValuesAlone() {
        // The second layer's weight alone has an adjoint there: nothing in front of it trains.
        assertEquals(FIRST + 2 * MIDDLE + 2 * MIDDLE + 3 * LAST, of(null, Curvature.HESSIAN));
    }

    /** Along w1 two tangents behind it, along w3 one of its own and that of both: the third layer has those of w1, the first none. */
    @Test
    void aFrozenLayerHasNoDirectionOfItsOwn() {
        Partition canonical = Partitions.parse("canonical", network().build().layout());
        assertEquals(
                FIRST + (1 + 1) * MIDDLE + (2 + 2) * MIDDLE + (2 + 2 + 2) * LAST,
                of(canonical, Curvature.HESSIAN),
                INNER);
        assertEquals(
                FIRST + (1 + 1) * MIDDLE + (1 + 1) * MIDDLE + (1 + 1 + 1) * LAST, of(canonical, Curvature.GGN), INNER);
    }
}
