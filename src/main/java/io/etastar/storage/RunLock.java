package io.etastar.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's hold on its directory: a file {@code lock} that names its owner. A second run is refused while the first is alive; the
 * lock of a process that has ended is taken over.
 *
 * <p>Whether an owner of this machine is alive, its process tells. One elsewhere writes its file anew every few seconds: a second
 * run looks at it for as long as several of those take.
 */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
    private static final String NAME = "lock";
    private static final long BEAT_SECONDS = 5;
    private static final long WATCH_MILLIS = 20_000;
    private static final ConcurrentHashMap<String, Owner> HELD = new ConcurrentHashMap<>();

    private final Path file;
    private final Owner owner;
    private final ScheduledExecutorService beat;

    /**
     * A run that holds a directory.
     *
     * @param name of it, for people
     * @param host machine of its process
     * @param process number of its process
     * @param started when that began, in milliseconds since 1970
     * @param since when it took the lock
     * @param id its own
     */
    private record Owner(String name, String host, long process, long started, String since, String id) {
        static Owner of(String name) {
            return new Owner(
                    name,
                    thisHost(),
                    ProcessHandle.current().pid(),
                    ManagementFactory.getRuntimeMXBean().getStartTime(),
                    Instant.now().toString(),
                    UUID.randomUUID().toString());
        }

        private static String thisHost() {
            // process@host, without a look-up that may take seconds
            String name = ManagementFactory.getRuntimeMXBean().getName();
            return name.substring(name.indexOf('@') + 1);
        }

        boolean isHere() {
            return host.equals(thisHost());
        }

        boolean isThisProcess() {
            return isHere()
                    && process == ProcessHandle.current().pid()
                    && started == ManagementFactory.getRuntimeMXBean().getStartTime();
        }

        /** Whether the process of this machine that wrote it is running; a later one may have its number. */
        boolean runs() {
            return ProcessHandle.of(process)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(begin -> begin.toEpochMilli() < started + 1000)
                    .orElse(false);
        }

        @Override
        public String toString() {
            return "the run " + name + " (process " + process + " on " + host + ", since " + since + ")";
        }
    }

    private RunLock(Path file, Owner owner) {
        this.file = file;
        this.owner = owner;
        beat = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "etastar-lock");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Takes hold of a run's directory.
     *
     * @param directory of the run
     * @param name of the run, for people who are refused
     * @throws UserError if another run holds it
     */
    public static RunLock of(String directory, String name) {
        Path file = new Path(FileAccess.path(directory), NAME);
        Owner owner = Owner.of(name);
        Owner other = HELD.putIfAbsent(file.toString(), owner);
        if (other != null) {
            throw refused(directory, other);
        }
        try {
            Owner elsewhere = living(file);
            if (elsewhere != null) {
                throw refused(directory, elsewhere);
            }
            RunLock lock = new RunLock(file, owner);
            lock.write();
            lock.beat.scheduleWithFixedDelay(lock::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
            return lock;
        } catch (IOException e) {
            HELD.remove(file.toString());
            throw new StorageFailure(file, e);
        } catch (RuntimeException e) {
            HELD.remove(file.toString());
            throw e;
        }
    }

    private static UserError refused(String directory, Owner other) {
        return new UserError(
                UserError.Subject.of("output " + directory),
                other + " at work there",
                "a directory of its own for each run");
    }

    /** Who holds the lock and is alive, or null. */
    private static @Nullable Owner living(Path file) throws IOException {
        Owner other = read(file);
        if (other == null || other.isThisProcess()) {
            // Runs of this process are in HELD: a file of another one was left behind.
            return null;
        }
        return other.isHere() ? other.runs() ? other : null : watched(file, other);
    }

    /** A run elsewhere, if it shows up within some of its beats. */
    private static @Nullable Owner watched(Path file, Owner other) throws IOException {
        long seen = modified(file);
        for (long waited = 0; waited < WATCH_MILLIS; waited += 1000) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return other;
            }
            if (modified(file) != seen) {
                return read(file);
            }
        }
        return null;
    }

    private static long modified(Path file) throws IOException {
        var status = FileAccess.status(file);
        return status == null ? -1 : status.getModificationTime();
    }

    /** Null if there is none, or none that can be understood. */
    private static @Nullable Owner read(Path file) throws IOException {
        if (FileAccess.status(file) == null) {
            return null;
        }
        try (InputStream in = FileAccess.open(file)) {
            JsonNode json = Json.MAPPER.readTree(in.readAllBytes());
            return json == null || !json.isObject()
                    ? null
                    : new Owner(
                            json.path("name").asText(),
                            json.path("host").asText(),
                            json.path("process").asLong(),
                            json.path("started").asLong(),
                            json.path("since").asText(),
                            json.path("id").asText());
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private void write() throws IOException {
        AtomicFile.write(file, out -> out.write(Json.MAPPER.writeValueAsBytes(owner)));
    }

    private void beat() {
        try {
            write();
        } catch (IOException | RuntimeException e) {
            // The run itself will meet what is wrong with its directory.
            LOG.debug("lock not renewed", e);
        }
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        beat.shutdown();
        try {
            beat.awaitTermination(BEAT_SECONDS, TimeUnit.SECONDS);
            Owner now = read(file);
            if (now != null && now.id().equals(owner.id())) {
                FileAccess.fileSystem(file).delete(file, false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // A lock that is left behind is taken over.
            LOG.debug("lock not deleted", e);
        } finally {
            HELD.remove(file.toString(), owner);
        }
    }
}
