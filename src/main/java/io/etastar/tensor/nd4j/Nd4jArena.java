package io.etastar.tensor.nd4j;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.NativeMemoryFailure;
import io.etastar.tensor.Storage;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.loop.HostMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The native arrays of one program and the ops bound to them; all are freed together. */
final class Nd4jArena implements AutoCloseable {
    private static final double[] NO_SCALARS = {};

    private final DType type;
    private final List<INDArray> roots = new ArrayList<>();
    private final Map<Storage, INDArray> rootOf = new IdentityHashMap<>();
    private final Map<Tensor, INDArray> views = new IdentityHashMap<>();
    private final List<BoundOp> ops = new ArrayList<>();
    private long bytes;

    Nd4jArena(DType type) {
        this.type = type;
    }

    /** Bytes of native memory allocated here. */
    long bytes() {
        return bytes;
    }

    /** A tensor of undefined content with at least one element in its storage. */
    Tensor allocate(int length, int... shape) {
        INDArray root = NativeMemoryFailure.guarding(() -> Nd4j.createUninitializedDetached(
                type == DType.FLOAT ? DataType.FLOAT : DataType.DOUBLE, 'c', new long[] {length}));
        roots.add(root);
        bytes += (long) length * type.bytes();
        ByteBuffer content = root.data().pointer().asByteBuffer();
        Storage storage = HostMemory.of(type, content == null ? root.data().asNio() : content);
        rootOf.put(storage, root);
        return new Tensor(storage, 0, shape);
    }

    /** A constant array of whole numbers. */
    INDArray constant(long... values) {
        INDArray array = Nd4j.createFromArray(values);
        roots.add(array);
        return array;
    }

    /** The ND4J array of a view; made once, when the program is compiled. */
    INDArray array(Tensor tensor) {
        return views.computeIfAbsent(tensor, this::view);
    }

    private INDArray view(Tensor tensor) {
        long[] sides = Arrays.stream(tensor.shape()).asLongStream().toArray();
        DataBuffer data = rootOf.get(tensor.storage()).data();
        return NativeMemoryFailure.guarding(
                () -> Nd4j.create(data, sides, Nd4j.getStrides(sides, 'c'), tensor.offset(), 'c'));
    }

    INDArray[] arrays(Tensor... tensors) {
        INDArray[] arrays = new INDArray[tensors.length];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = array(tensors[i]);
        }
        return arrays;
    }

    Kernel bind(String name, Tensor[] inputs, Tensor out, long... integers) {
        return bind(name, inputs, out, NO_SCALARS, integers);
    }

    Kernel bind(String name, Tensor[] inputs, Tensor out, double[] scalars, long... integers) {
        return bind(name, arrays(inputs), arrays(out), scalars, integers);
    }

    /**
     * One of ND4J's ops on arrays of this arena.
     *
     * @param name the op's name in ND4J
     * @param scalars its floating-point arguments
     * @param integers its integer arguments
     */
    Kernel bind(String name, INDArray[] inputs, INDArray[] outputs, double[] scalars, long... integers) {
        BoundOp op = NativeMemoryFailure.guarding(() -> new BoundOp(name, inputs, outputs, scalars, integers));
        ops.add(op);
        return op;
    }

    @Override
    public void close() {
        ops.forEach(BoundOp::close);
        ops.clear();
        views.clear();
        rootOf.clear();
        roots.forEach(INDArray::close);
        roots.clear();
    }
}
