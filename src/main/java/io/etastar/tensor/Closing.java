package io.etastar.tensor;

import org.jspecify.annotations.Nullable;

/** Several resources that are closed one after the other: a failure stops none of them, and the first is thrown at the end. */
public final class Closing {
    /** Further failures that are told with the first: there may be one for each of many buffers. */
    private static final int TOLD = 4;

    private @Nullable RuntimeException first;

    /** Of resources that nothing has failed before. */
    public Closing() {}

    private Closing(RuntimeException before) {
        first = before;
    }

    /**
     * Closes what a failure leaves behind.
     *
     * @return {@code failure}, with failures of closing as suppressed ones
     */
    public static RuntimeException after(RuntimeException failure, Runnable close) {
        Closing closing = new Closing(failure);
        closing.run(close);
        return failure;
    }

    /** Closes all. */
    public static void all(Iterable<? extends Runnable> closes) {
        Closing closing = new Closing();
        closes.forEach(closing::run);
        closing.end();
    }

    /** Closes one. */
    public void run(Runnable close) {
        try {
            close.run();
        } catch (RuntimeException failure) {
            if (first == null) {
                first = failure;
            } else if (first != failure && first.getSuppressed().length < TOLD) {
                first.addSuppressed(failure);
            }
        }
    }

    /** Throws the first failure, if there was one. */
    public void end() {
        if (first != null) {
            throw first;
        }
    }
}
