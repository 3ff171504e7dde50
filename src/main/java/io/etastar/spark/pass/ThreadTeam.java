package io.etastar.spark.pass;

import io.etastar.quantity.Sum;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/**
 * Task threads of one JVM that compute sums over shards together, in shared memory.
 *
 * <p>One thread leads: it asks for sums and takes part in each. Others help from when they come to when the leader ends; a sum
 * never waits for a thread that has not come, so a team of fewer threads than planned is slower and nothing else. A shard's term
 * is computed by the thread that takes it first, and terms are added by {@link OrderedSum}: a sum has the bytes of the same sum
 * made by a Spark job. Who finds no team in its JVM has nothing to help with.
 */
final class ThreadTeam implements AutoCloseable {
    private static final ConcurrentHashMap<String, ThreadTeam> OPEN = new ConcurrentHashMap<>();

    /** Names of the teams that were closed last, of all runs in this JVM: who comes late does not wait for one of them. */
    private static final Queue<String> CLOSED = new ConcurrentLinkedQueue<>();

    private static final int REMEMBERED = 64;

    /** A helper waits so long for a leader that has not come: tasks of a job start together, if they are in one JVM. */
    private static final long COMING_MILLISECONDS = 200;

    /** Turns of a waiting thread before it lets its core go: waking a thread takes some 50 microseconds, as long as a small sum. */
    private static final int SPINS = 2000;

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Round<?> round;
    private volatile boolean ended;
    private double computeSeconds;
    private double mergeSeconds;

    /** A team of the thread that makes it. */
    ThreadTeam() {
        this("");
    }

    private ThreadTeam(String name) {
        this.name = name;
    }

    /** A team that threads of this JVM find by its name until it is closed. */
    static ThreadTeam open(String name) {
        ThreadTeam team = new ThreadTeam(name);
        OPEN.put(name, team);
        return team;
    }

    /**
     * The open team of that name, which may be opened a moment later; null if there is none.
     *
     * @throws TaskKilledException if Spark wants the task to end
     */
    static ThreadTeam find(String name) {
        ThreadTeam team = OPEN.get(name);
        for (int i = 0; team == null && i < COMING_MILLISECONDS && !CLOSED.contains(name); i++) {
            checkKilled();
            try {
                Thread.sleep(1);
            } catch (InterruptedException interrupted) {
                throw killed();
            }
            team = OPEN.get(name);
        }
        return team;
    }

    /**
     * The sum of a call over all shards; for the leader alone.
     *
     * @param on all shards in order, in the leader's hands
     * @return null if all terms are
     * @throws TaskKilledException if Spark wants the task to end
     */
    <T extends Sum<T>> T sum(ShardCall<T> call, ShardContext[] on) {
        Round<T> asked = new Round<>(call, on.length);
        announce(asked);
        asked.work(on, 0);
        await(() -> asked.isDone());
        computeSeconds += asked.longest.get() * 1e-9;
        long start = System.nanoTime();
        T sum = asked.sum();
        mergeSeconds += (System.nanoTime() - start) * 1e-9;
        return sum;
    }

    /**
     * Helps the leader until it ends.
     *
     * @param on all shards in order, in this thread's hands
     * @param member number of this thread, from 1: it looks for work from the shard of that number on
     */
    void help(ShardContext[] on, int member) {
        Round<?> last = null;
        while (!ended) {
            Round<?> seen = last;
            await(() -> ended || round != seen);
            last = round;
            if (last != null && !ended) {
                last.work(on, member);
                last.rethrow();
            }
        }
    }

    /** Lets the helpers go. */
    void end() {
        ended = true;
        wake();
    }

    /** Seconds of all sums in engines, of the slowest thread each. */
    double computeSeconds() {
        return computeSeconds;
    }

    /** Seconds in which terms were added. */
    double mergeSeconds() {
        return mergeSeconds;
    }

    /** Is not found from now on. */
    @Override
    public void close() {
        CLOSED.add(name);
        if (CLOSED.size() > REMEMBERED) {
            CLOSED.poll();
        }
        OPEN.remove(name, this);
        end();
    }

    private void announce(Round<?> asked) {
        round = asked;
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Wanted {
        boolean now();
    }

    private void await(Wanted wanted) {
        for (int i = 0; i < SPINS; i++) {
            if (wanted.now()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
        try {
            while (!wanted.now()) {
                checkKilled();
                changed.await(100, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            throw killed();
        } finally {
            lock.unlock();
        }
    }

    private static TaskKilledException killed() {
        Thread.currentThread().interrupt();
        return new TaskKilledException("interrupted");
    }

    /** @throws TaskKilledException if Spark wants the running task to end */
    static void checkKilled() {
        TaskContext task = TaskContext.get();
        if (task != null && task.isInterrupted()) {
            throw new TaskKilledException("a task that makes steps was told to end");
        }
    }

    /** One sum. */
    private final class Round<T extends Sum<T>> {
        private final ShardCall<T> call;
        private final Object[] terms;
        private final AtomicIntegerArray taken;
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong longest = new AtomicLong();
        private volatile Throwable failure;

        Round(ShardCall<T> call, int shards) {
            this.call = call;
            terms = new Object[shards];
            taken = new AtomicIntegerArray(shards);
        }

        /** Computes the terms that nobody has taken, from shard {@code first} on and round. */
        void work(ShardContext[] on, int first) {
            long start = System.nanoTime();
            int made = 0;
            for (int i = 0; i < on.length; i++) {
                int shard = (first + i) % on.length;
                if (taken.compareAndSet(shard, 0, 1)) {
                    compute(on[shard], shard);
                    made++;
                }
            }
            if (made > 0) {
                longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                if (done.addAndGet(made) == terms.length) {
                    wake();
                }
            }
        }

        private void compute(ShardContext on, int shard) {
            try {
                terms[shard] = failure == null ? call.apply(on) : null;
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }

        boolean isDone() {
            return done.get() == terms.length;
        }

        /** Throws what a thread's call has thrown. */
        void rethrow() {
            if (failure instanceof Error thrown) {
                throw thrown;
            }
            if (failure instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }

        @SuppressWarnings("unchecked")
        T sum() {
            rethrow();
            OrderedSum<T> sum = new OrderedSum<>(terms.length);
            for (int i = 0; i < terms.length; i++) {
                sum.add(i, (T) terms[i], Sum::merge);
            }
            return sum.result();
        }
    }
}
