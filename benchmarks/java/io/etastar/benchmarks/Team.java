package io.etastar.benchmarks;

import io.etastar.taylor.Program;
import io.etastar.tensor.Backend;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * Programs of one kind on a backend, one a thread, each with its part of the rows, as tasks have them; their clock.
 *
 * <p>One thread on the CPU is timed by processor time, which on a quiet machine is time on the clock; all else by the clock.
 */
final class Team implements AutoCloseable {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

    private final Backend backend;
    private final List<Program> programs = new ArrayList<>();
    private final List<int[]> parts = new ArrayList<>();
    private final ExecutorService pool;

    /** @param compile makes a program for a number of rows; it must not depend on the thread */
    Team(Backend backend, int threads, int[] rows, IntFunction<Program> compile) {
        this.backend = backend;
        pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            int[] part = Arrays.copyOfRange(rows, t * rows.length / threads, (t + 1) * rows.length / threads);
            parts.add(part);
            programs.add(backend.during(() -> compile.apply(part.length)));
        }
    }

    /** The first program. */
    Program first() {
        return programs.get(0);
    }

    /** Calls {@code action} for every program and its rows; a single one on the calling thread. */
    void each(BiConsumer<Program, int[]> action) {
        if (programs.size() == 1) {
            run(0, action);
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            int number = i;
            running.add(pool.submit(() -> run(number, action)));
        }
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void run(int number, BiConsumer<Program, int[]> action) {
        backend.during(() -> {
            action.accept(programs.get(number), parts.get(number));
            return number;
        });
    }

    /** Nanoseconds on the clock of {@code threads} threads on a backend. */
    static long now(Backend backend, int threads) {
        return threads == 1 && backend == Backend.installed() ? PROCESSOR.getCurrentThreadCpuTime() : System.nanoTime();
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        pool.shutdown();
    }
}
