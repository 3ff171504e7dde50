package io.etastar.taylor;

import com.sun.management.ThreadMXBean;
import io.etastar.data.Shard;
import io.etastar.tensor.DType;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;

/** Prints what the Java heap gives to one more micro-batch of eight images, by the thread's own counter: "bytes N". */
public final class ProgramHeapMain {
    /** Less than any of the buffers. */
    static final long ENOUGH = 60_000;

    private static final int ROUNDS = 100;
    private static final int SUMMARIES = 20;

    private ProgramHeapMain() {}

    /** No arguments. */
    public static void main(String[] args) {
        Shard data = ProgramMemoryTest.data(64, 784, 10);
        String lenet = "{'model':'lenet','layers':[1,6,16,120,84,10],'image_size':28,'kernel':5,"
                + "'activation':'tanh','loss':'nll'}";
        try (Program program = ProgramMemoryTest.program(ProgramMemoryTest.model(lenet), DType.FLOAT, 8)) {
            long least = Long.MAX_VALUE;
            // Until loops are compiled, vectors are objects: how soon that is depends on what else the machine does.
            for (int round = 0; round < ROUNDS && least >= ENOUGH; round++) {
                long one = allocated(program, data, 8);
                long eight = allocated(program, data, 64);
                least = Math.min(least, (eight - one) / SUMMARIES / 7);
            }
            System.out.println("bytes " + least);
        }
    }

    private static long allocated(Program program, Shard data, int count) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] rows = IntStream.range(0, count).toArray();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < SUMMARIES; i++) {
            program.summary(data, rows);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
