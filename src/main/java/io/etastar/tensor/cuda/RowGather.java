package io.etastar.tensor.cuda;

import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Rows of host arrays that a program reads: of an array with a copy in the {@link ArrayCache} their numbers travel alone. */
final class RowGather {
    private final CudaArena arena;
    private final Map<Target, Launch> launches = new HashMap<>();
    private long numbers;
    private int capacity;
    /** What the device has. */
    private int[] sent = {};

    RowGather(CudaArena arena) {
        this.arena = arena;
    }

    private record Target(long address, int width, int elements) {}

    /**
     * Enqueues what copies rows of {@code source} of {@code width} elements each to a device address, in the precision of the program.
     *
     * @return false if they are to be sent
     */
    boolean copy(RawArray source, int[] rows, int width, long to) {
        int elements = rows.length * width;
        if (elements == 0 || !areRows(rows, source.length() / width)) {
            return false;
        }
        ArrayCache cache = arena.queue().device().cache();
        return cache.has(source, arena.type(), elements, arena.queue())
                && send(rows)
                && cache.use(source, arena.type(), table -> run(table, new Target(to, width, elements)));
    }

    private static boolean areRows(int[] numbers, int count) {
        for (int number : numbers) {
            if (number < 0 || number >= count) {
                return false;
            }
        }
        return true;
    }

    /** Sends numbers, unless they are those of the last time; false if there is no memory for them. */
    private boolean send(int[] rows) {
        if (Arrays.equals(rows, sent)) {
            return true;
        }
        if (rows.length > capacity) {
            try {
                numbers = arena.allocate((long) rows.length * Integer.BYTES);
            } catch (CudaException failure) {
                if (failure.outOfMemory()) {
                    return false;
                }
                throw failure;
            }
            capacity = rows.length;
            launches.clear();
        }
        arena.queue()
                .upload(
                        numbers,
                        rows.length * Integer.BYTES,
                        b -> b.asIntBuffer().put(rows));
        sent = rows.clone();
        return true;
    }

    private void run(long table, Target target) {
        Launch launch = launches.computeIfAbsent(target, this::bind);
        launch.set(0, table);
        launch.run();
    }

    private Launch bind(Target target) {
        int n = target.elements;
        String purpose = n / target.width + " rows of " + target.width;
        return arena.bind("indices", "copyRows", n, purpose, 0L, numbers, target.address, target.width, n);
    }
}
