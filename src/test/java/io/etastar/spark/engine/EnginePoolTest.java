package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.partition.Partition;
import io.etastar.spark.StubEngine;
import io.etastar.tensor.DeviceFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnginePoolTest {
    private static final List<String> CLOSED = new ArrayList<>();

    private record Named(String name) implements EngineFactory {
        @Override
        public Engine create(Partition partition) {
            return new StubEngine() {
                @Override
                public void close() {
                    CLOSED.add(name);
                }
            };
        }

        @Override
        public String key(Partition partition) {
            return name;
        }

        @Override
        public void prepareThread(int cores) {}
    }

    @BeforeEach
    void empty() {
        EnginePool.clear();
        CLOSED.clear();
    }

    @Test
    void anEngineHasOneUserAtATimeAndIsUsedAgainUnderItsKeyAlone() {
        Engine first = EnginePool.borrow(new Named("a"), null);
        Engine second = EnginePool.borrow(new Named("a"), null);
        assertNotSame(first, second);
        EnginePool.giveBack(new Named("a"), null, first);
        assertNotSame(first, EnginePool.borrow(new Named("b"), null));
        assertSame(first, EnginePool.borrow(new Named("a"), null));
        assertNotSame(first, EnginePool.borrow(new Named("a"), null));
    }

    @Test
    void enginesOfTheKeysUsedLeastLatelyAreClosed() {
        for (int i = 0; i < EnginePool.KEYS + 2; i++) {
            Named factory = new Named("model " + i);
            EnginePool.giveBack(factory, null, factory.create(null));
            EnginePool.giveBack(new Named("model 0"), null, EnginePool.borrow(new Named("model 0"), null));
        }
        assertEquals(List.of("model 1", "model 2"), CLOSED);
    }

    @Test
    void clearingClosesIdleEnginesAlone() {
        Named factory = new Named("a");
        EnginePool.borrow(factory, null);
        EnginePool.giveBack(factory, null, factory.create(null));
        EnginePool.clear();
        assertEquals(List.of("a"), CLOSED);
    }

    private static final class OutOfMemory extends DeviceFailure {
        OutOfMemory() {
            super("device 0: cuMemAlloc: 2 CUDA_ERROR_OUT_OF_MEMORY", "more memory", true);
        }
    }

    /** An engine that says when its closing begins, and waits to be told to end it. */
    private static Engine slow(CountDownLatch begun, CountDownLatch end) {
        return new StubEngine() {
            @Override
            public void close() {
                begun.countDown();
                assertDoesNotThrow(() -> end.await());
                CLOSED.add("slow");
            }
        };
    }

    /** Closes an engine that does not come to an end before {@code end}. */
    private static Thread closingUntil(CountDownLatch end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        EnginePool.giveBack(new Named("a"), null, slow(begun, end));
        Thread closing = new Thread(EnginePool::clear);
        closing.start();
        begun.await();
        return closing;
    }

    @Test
    void whoFindsNoneToCloseWaitsForThoseThatAnotherCloses() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread first = closingUntil(end);
        AtomicInteger tries = new AtomicInteger();
        FutureTask<List<String>> compiled = new FutureTask<>(() -> EnginePool.making("", () -> false, () -> {
            if (tries.getAndIncrement() == 0) {
                throw new OutOfMemory();
            }
            return List.copyOf(CLOSED);
        }));
        Thread second = new Thread(compiled);
        second.start();
        awaitBlocked(second);
        end.countDown();
        assertEquals(List.of("slow"), compiled.get());
        first.join();
    }

    private static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.BLOCKED) {
            assertNotSame(Thread.State.TERMINATED, thread.getState());
            Thread.onSpinWait();
        }
    }

    /** Who finds none to close would not wait for one that is neither idle nor being closed. */
    @Test
    void anEngineThatMakesWayForOthersIsIdleUntilItIsClosed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread first = closingUntil(end);
        Engine oldest = new StubEngine();
        EnginePool.giveBack(new Named("model 0"), null, oldest);
        for (int i = 1; i < EnginePool.KEYS; i++) {
            Named factory = new Named("model " + i);
            EnginePool.giveBack(factory, null, factory.create(null));
        }
        Named last = new Named("model " + EnginePool.KEYS);
        Thread second = new Thread(() -> EnginePool.giveBack(last, null, last.create(null)));
        second.start();
        awaitBlocked(second);
        assertSame(oldest, EnginePool.borrow(new Named("model 0"), null));
        end.countDown();
        first.join();
        second.join();
        assertEquals(List.of("slow", "model 1"), CLOSED);
    }
}
