package io.etastar.solve;

import io.etastar.curvature.Lanczos;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * First use of the solvers by several threads at once. Exit code 3 if one of them does not end, 4 if one finds other bits than the same
 * call finds afterwards.
 */
public final class LapackThreadsMain {
    private static final double[][] GRADED = {{4, 1e-3, 2}, {1e-3, 3e-9, 0}, {2, 0, 5e6}};
    /** Each call once to reach the constants by its own way; eigenvalues twice, since they are what can turn for ever. */
    private static final List<Supplier<double[]>> CALLS = List.of(
            LapackThreadsMain::eigenvalues,
            LapackThreadsMain::eigenvalues,
            () -> EigenBasis.of(3, 4, 1e-3, 3e-9, 2, 0, 5e6).vectors(),
            () -> EtaSolver.LinearSolve.of(GRADED, new double[] {1, 2, 3}),
            () -> Lanczos.find(v -> product(v), 40, 2, Lanczos.Which.LARGEST, 0, 1)
                    .values());

    private LapackThreadsMain() {}

    private static double[] eigenvalues() {
        return Eigen.of(GRADED).values();
    }

    private static double[] product(double... vector) {
        double[] result = new double[vector.length];
        Arrays.setAll(result, i -> (i + 1) * vector[i]);
        return result;
    }

    public static void main(String[] args) throws Exception {
        CyclicBarrier start = new CyclicBarrier(CALLS.size());
        double[][] found = new double[CALLS.size()][];
        Thread[] threads = new Thread[CALLS.size()];
        for (int i = 0; i < threads.length; i++) {
            int call = i;
            threads[i] = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                found[call] = CALLS.get(call).get();
            });
            threads[i].setDaemon(true);
            threads[i].start();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
        for (Thread thread : threads) {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
            if (thread.isAlive()) {
                Runtime.getRuntime().halt(3);
            }
        }
        for (int i = 0; i < threads.length; i++) {
            if (!Arrays.equals(found[i], CALLS.get(i).get())) {
                Runtime.getRuntime().halt(4);
            }
        }
    }
}
