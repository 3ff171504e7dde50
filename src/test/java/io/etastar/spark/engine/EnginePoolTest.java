package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.partition.Partition;
import io.etastar.spark.StubEngine;
import java.util.ArrayList;
import java.util.List;
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
}
