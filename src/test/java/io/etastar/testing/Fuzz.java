package io.etastar.testing;

import com.sun.management.ThreadMXBean;
import io.etastar.UserError;
import io.etastar.storage.CorruptFileException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.commons.io.FileUtils;
import org.slf4j.LoggerFactory;

/**
 * Feeds changed files to a reader. It may succeed, or throw {@link UserError} or {@link CorruptFileException} with one line;
 * anything else, more than 256 MB of heap for one input, or a minute without an answer, is a failure, and the input is kept
 * in {@code target/fuzz}.
 *
 * <p>The ordinary build takes a few thousand inputs. {@code -Dfuzz.inputs=1000000} or {@code -Dfuzz.minutes=10} take more,
 * {@code -Dfuzz.seed=N} others.
 */
public final class Fuzz {
    private static final int INPUTS = 2000;
    private static final long MOST_BYTES = 256L << 20;
    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final String fileName;
    private final Map<String, byte[]> beside = new TreeMap<>();
    private final List<Form> forms = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private volatile long done;
    private volatile long since = System.nanoTime();
    private volatile byte[] current = {};
    private long refused;
    private boolean lenient;
    private long mostBytes = MOST_BYTES;
    private Throwable failure;

    /** Reads one input. */
    @FunctionalInterface
    public interface Reader {
        /** Reads the file; may throw. */
        void read(Path file) throws Exception;
    }

    /** What is changed, and how it becomes the file. */
    private record Form(byte[] valid, UnaryOperator<byte[]> wrap) {}

    private Fuzz(String name, String fileName) {
        this.name = name;
        this.fileName = fileName;
    }

    /**
     * Inputs for a reader.
     *
     * @param name of the reader
     * @param fileName of every input, perhaps with directories
     */
    public static Fuzz of(String name, String fileName) {
        return new Fuzz(name, fileName);
    }

    /** A file that lies in the input's root directory and stays as it is. */
    public Fuzz beside(String path, byte[] content) {
        beside.put(path, content);
        return this;
    }

    /** A valid file to change. */
    public Fuzz valid(byte[] file) {
        return valid(file, UnaryOperator.identity());
    }

    /**
     * The changeable part of a valid file.
     *
     * @param part changed
     * @param wrap makes the whole file, with the checksum or the compression that belongs to the changed part
     */
    public Fuzz valid(byte[] part, UnaryOperator<byte[]> wrap) {
        forms.add(new Form(part, wrap));
        return this;
    }

    /** For a reader that takes every file: what it does not understand is dropped. */
    public Fuzz lenient() {
        lenient = true;
        return this;
    }

    /** For a library that makes more garbage; what is held at once is bounded by the JVM's heap. */
    public Fuzz mostBytes(long bytes) {
        mostBytes = bytes;
        return this;
    }

    /** Texts that mean something to the reader. */
    public Fuzz tokens(String... more) {
        tokens.addAll(Arrays.asList(more));
        return this;
    }

    /** Feeds the reader; the valid files come first and must be read. */
    public void run(Reader reader) throws Exception {
        Path memory = Path.of("/dev/shm");
        Path root = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "fuzz")
                : Files.createTempDirectory("fuzz");
        try {
            for (Map.Entry<String, byte[]> file : beside.entrySet()) {
                write(root.resolve(file.getKey()), file.getValue());
            }
            Path input = root.resolve(fileName);
            for (Form form : forms) {
                write(input, form.wrap.apply(form.valid));
                reader.read(input);
            }
            feedAndWatch(reader, input);
        } finally {
            FileUtils.deleteDirectory(root.toFile());
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void feedAndWatch(Reader reader, Path input) throws Exception {
        Thread worker = new Thread(() -> feed(reader, input), "fuzz-" + name);
        worker.setDaemon(true);
        since = System.nanoTime();
        worker.start();
        while (worker.isAlive()) {
            worker.join(100);
            if (System.nanoTime() - since > HANG_NANOS && worker.isAlive()) {
                AssertionError hang = new AssertionError(keep() + ": no answer in a minute");
                hang.setStackTrace(worker.getStackTrace());
                throw hang;
            }
        }
        if (failure != null) {
            throw new AssertionError(keep() + ": " + failure, failure);
        }
        if (refused == 0 && !lenient) {
            throw new AssertionError(name + ": none of " + done + " inputs was refused");
        }
        LoggerFactory.getLogger(Fuzz.class).warn("fuzz {}: {} inputs, {} refused", name, done, refused);
    }

    private void feed(Reader reader, Path input) {
        Mutations mutations = new Mutations(forms.stream().map(Form::valid).toList(), tokens);
        double minutes = Double.parseDouble(System.getProperty("fuzz.minutes", "0"));
        long inputs = Long.getLong("fuzz.inputs", minutes > 0 ? Long.MAX_VALUE : INPUTS);
        long end = minutes > 0 ? System.nanoTime() + (long) (minutes * 60e9) : Long.MAX_VALUE;
        long seed = Long.getLong("fuzz.seed", 1);
        while (done < inputs && System.nanoTime() < end) {
            Random random = new Random(seed * 1_000_003 + done);
            Form form = forms.get(random.nextInt(forms.size()));
            current = form.wrap.apply(mutations.apply(form.valid, random));
            since = System.nanoTime();
            failure = one(reader, input);
            if (failure != null) {
                return;
            }
            done++;
        }
    }

    /** What went wrong, or null. */
    private Throwable one(Reader reader, Path input) {
        long before = 0;
        try {
            Files.write(input, current);
            before = THREADS.getCurrentThreadAllocatedBytes();
            reader.read(input);
        } catch (UserError | CorruptFileException expected) {
            refused++;
            if (expected.getMessage() == null || expected.getMessage().lines().count() != 1) {
                return new AssertionError("a message of more than one line", expected);
            }
        } catch (Throwable other) {
            return other;
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        return allocated > mostBytes ? new AssertionError(allocated + " bytes of heap for one input") : null;
    }

    /** Keeps the input that failed; says which one it is. */
    private String keep() throws IOException {
        Path file = Files.createDirectories(Path.of("target", "fuzz")).resolve(name + ".bin");
        Files.write(file, current);
        return name + ": input " + done + " (" + file + ")";
    }
}
