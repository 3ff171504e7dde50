package io.etastar.report.html;

import io.etastar.UserError;
import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.storage.StorageFailure;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps a run's report up to date: at ends of epochs, at most as often as is asked for, and at most a hundredth of the time. A
 * report that cannot be written is said in one line; the run goes on.
 */
public final class ReportListener implements RunListener {
    private static final double SHARE = 0.01;

    private final String run;
    private final double refreshNanos;
    private final PrintStream err;
    private final LongSupplier clock;
    private long last;
    private long cost;

    /**
     * @param run its directory
     * @param refreshSeconds least seconds between two reports, 0 for none before {@link #finish}
     * @param err where problems are said
     */
    public ReportListener(String run, double refreshSeconds, PrintStream err) {
        this(run, refreshSeconds, err, System::nanoTime);
    }

    ReportListener(String run, double refreshSeconds, PrintStream err, LongSupplier clock) {
        this.run = run;
        this.refreshNanos = refreshSeconds * 1e9;
        this.err = err;
        this.clock = clock;
        last = clock.getAsLong();
    }

    @Override
    public void step(StepMetrics metrics) {}

    @Override
    public void summary(long step, SummaryResult summary) {}

    @Override
    public void epoch(EpochMetrics metrics) {
        if (refreshNanos > 0 && clock.getAsLong() - last >= Math.max(refreshNanos, cost / SHARE)) {
            write(odd -> {});
        }
    }

    @Override
    public void checkpoint(long step, String path) {}

    /** Writes the report of the run as it is now; says what is odd about the run, and where the report is. */
    public void finish() {
        String file = write(odd -> err.println("odd: " + odd));
        if (file != null) {
            err.println("report: " + file);
        }
    }

    private String write(Consumer<String> odd) {
        long start = clock.getAsLong();
        try {
            return RunReport.write(List.of(run), null, odd);
        } catch (StorageFailure | UserError | IllegalStateException problem) {
            err.println("report not written, the run is not touched by that: " + problem.getMessage());
            return null;
        } finally {
            last = clock.getAsLong();
            cost = last - start;
        }
    }
}
