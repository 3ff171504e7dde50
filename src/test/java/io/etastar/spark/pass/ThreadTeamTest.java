package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ThreadTeamTest {
    private static ShardContext[] shards(int count) {
        Shard empty = new Shard(0, RawArray.of(new float[0]), RawArray.of(new float[0]));
        return IntStream.range(0, count)
                .mapToObj(i -> new ShardContext(i, empty, null, null))
                .toArray(ShardContext[]::new);
    }

    /** Terms whose sum depends on the order. */
    private static double term(int shard, int sum) {
        return shard % 2 == 0 ? 1e16 * (sum + 1) : Math.PI * shard;
    }

    private static double ordered(int shards, int sum) {
        OrderedSum<LossSum> expected = new OrderedSum<>(shards);
        for (int i = 0; i < shards; i++) {
            expected.add(i, new LossSum(1, term(i, sum), 0), LossSum::merge);
        }
        return expected.result().loss();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "3, 1", "7, 2", "16, 4"})
    void sumsAreThoseOfTheTreeWhoeverHelps(int count, int helpers) throws InterruptedException {
        ThreadTeam team = new ThreadTeam();
        List<Thread> threads = new ArrayList<>();
        for (int member = 1; member <= helpers; member++) {
            int number = member;
            threads.add(new Thread(() -> team.help(shards(count), number)));
        }
        ShardContext[] own = shards(count);
        for (int sum = 0; sum < 500; sum++) {
            if (sum == 100) {
                threads.forEach(Thread::start);
            }
            int number = sum;
            AtomicInteger calls = new AtomicInteger();
            LossSum found = team.sum(
                    on -> {
                        calls.incrementAndGet();
                        return new LossSum(1, term(on.index(), number), 0);
                    },
                    own);
            assertEquals(ordered(count, sum), found.loss());
            assertEquals(count, calls.get(), "each shard once");
        }
        team.end();
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(team.computeSeconds() > 0);
    }

    @Test
    void threadsShareTheShardsOfASum() throws InterruptedException {
        ThreadTeam team = new ThreadTeam();
        Thread helper = new Thread(() -> team.help(shards(2), 1));
        helper.start();
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        while (seen.size() < 2) {
            team.sum(
                    on -> {
                        seen.add(Thread.currentThread());
                        return LossSum.ZERO;
                    },
                    shards(2));
        }
        team.end();
        helper.join();
    }

    @Test
    void aSumOverNoRowsIsNull() {
        assertNull(new ThreadTeam().<LossSum>sum(on -> null, shards(3)));
    }

    @Test
    void whatACallThrowsComesOutOfTheSumAndOfTheHelp() throws InterruptedException {
        ThreadTeam team = new ThreadTeam();
        AtomicReference<Throwable> helped = new AtomicReference<>();
        Thread helper = new Thread(() -> team.help(shards(2), 1));
        helper.setUncaughtExceptionHandler((thread, thrown) -> helped.set(thrown));
        helper.start();
        IllegalStateException wrong = new IllegalStateException("shard 1");
        // Shard 0 waits for the helper, so that it takes part.
        AtomicInteger arrived = new AtomicInteger();
        Throwable thrown = assertThrows(
                IllegalStateException.class,
                () -> team.<LossSum>sum(
                        on -> {
                            arrived.incrementAndGet();
                            while (arrived.get() < 2) {
                                Thread.onSpinWait();
                            }
                            if (on.index() == 1) {
                                throw wrong;
                            }
                            return LossSum.ZERO;
                        },
                        shards(2)));
        assertSame(wrong, thrown);
        helper.join();
        assertSame(wrong, helped.get());
    }

    @Test
    void anOpenTeamIsFoundUntilItIsClosed() {
        try (ThreadTeam team = ThreadTeam.open("one")) {
            assertSame(team, ThreadTeam.find("one"));
            assertNull(ThreadTeam.find("another"));
            assertNotNull(team);
        }
        assertNull(ThreadTeam.find("one"));
    }

    @Test
    void aHelperWaitsForALeaderThatComesLaterButNotForOneThatHasEnded() throws InterruptedException {
        AtomicReference<ThreadTeam> found = new AtomicReference<>();
        Thread helper = new Thread(() -> found.set(ThreadTeam.find("later")));
        helper.start();
        try (ThreadTeam team = ThreadTeam.open("later")) {
            helper.join();
            assertSame(team, found.get());
        }
        for (int run = 0; run < 10; run++) {
            ThreadTeam.open("of another run " + run).close();
        }
        // Who waits sees the interruption and throws.
        Thread.currentThread().interrupt();
        assertNull(ThreadTeam.find("later"));
        assertTrue(Thread.interrupted());
    }

    /** A task that is tried again opens its team anew, before the first try has noticed that it must end. */
    @Test
    void aTeamThatIsOpenedAgainOutlivesTheOneBefore() {
        ThreadTeam first = ThreadTeam.open("again");
        try (ThreadTeam second = ThreadTeam.open("again")) {
            first.close();
            assertSame(second, ThreadTeam.find("again"));
        }
    }

    @Test
    void parametersAreFiniteAsTheyAreSent() {
        assertTrue(Float.isInfinite((float) StepTask.ROUNDS_TO_INFINITY));
        assertTrue(Float.isFinite((float) Math.nextDown(StepTask.ROUNDS_TO_INFINITY)));
    }
}
