package io.etastar.solve;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** First use of the solvers by several threads at once; exit code 3 when one of them does not end. */
public final class LapackThreadsMain {
    private static final int THREADS = 4;

    private LapackThreadsMain() {}

    public static void main(String[] args) throws Exception {
        double[][] matrix = {{4, 1e-3, 2}, {1e-3, 3e-9, 0}, {2, 0, 5e6}};
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                Eigen.of(matrix);
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
    }
}
