package io.etastar.report;

import io.etastar.optimizer.SummaryResult;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how a run goes: on a terminal a bar with loss, range of the learning rates and last test accuracy, made for 80
 * columns; elsewhere a line every five seconds and at the end of each epoch.
 */
public final class ProgressDisplay implements RunListener, AutoCloseable {
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final long totalSteps;
    private final LongSupplier nanos;
    private final ProgressBar bar;
    private long lastLine;
    private boolean closed;
    private String rates = "";
    private String test = "";

    private ProgressDisplay(PrintStream out, long totalSteps, LongSupplier nanos, ProgressBar bar) {
        this.out = out;
        this.totalSteps = totalSteps;
        this.nanos = nanos;
        this.bar = bar;
        this.lastLine = nanos.getAsLong();
    }

    /**
     * A bar if the process has a terminal, else lines.
     *
     * @param out where to show, e.g. stderr
     * @param totalSteps of the whole run
     */
    public static ProgressDisplay of(PrintStream out, long totalSteps) {
        return System.console() == null ? lines(out, totalSteps, System::nanoTime) : bar(out, totalSteps);
    }

    /** Plain lines, with the clock {@code nanos}. */
    static ProgressDisplay lines(PrintStream out, long totalSteps, LongSupplier nanos) {
        return new ProgressDisplay(out, totalSteps, nanos, null);
    }

    /** A bar. */
    static ProgressDisplay bar(PrintStream out, long totalSteps) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("")
                .hideEta()
                .setInitialMax(totalSteps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .setConsumer(new ConsoleProgressBarConsumer(out))
                .build();
        return new ProgressDisplay(out, totalSteps, System::nanoTime, bar);
    }

    @Override
    public void plan(String line) {
        out.println(line);
    }

    @Override
    public void warning(String line) {
        out.println(line);
    }

    @Override
    public void step(StepMetrics step) {
        if (bar != null) {
            bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f", step.loss()) + rates + test);
            bar.stepTo(step.step());
        } else if (nanos.getAsLong() - lastLine >= INTERVAL_NANOS) {
            lastLine = nanos.getAsLong();
            out.println("step " + step.step() + "/" + totalSteps + " epoch " + step.epoch()
                    + figures(" loss ", step.loss(), step.accuracy()) + rates);
        }
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        double low = Arrays.stream(summary.learningRates()).min().orElse(Double.NaN);
        double high = Arrays.stream(summary.learningRates()).max().orElse(Double.NaN);
        rates = String.format(Locale.ROOT, bar != null ? " eta %.1e..%.1e" : " eta %.2e..%.2e", low, high);
    }

    @Override
    public void epoch(EpochMetrics epoch) {
        String line = "epoch " + epoch.epoch() + figures(" train_loss ", epoch.trainLoss(), epoch.trainAccuracy())
                + figures(" test_loss ", epoch.testLoss(), epoch.testAccuracy())
                + rates
                + String.format(Locale.ROOT, " %.1f s", epoch.seconds());
        if (bar != null) {
            test = Double.isNaN(epoch.testAccuracy())
                    ? ""
                    : String.format(Locale.ROOT, " test %.3f", epoch.testAccuracy());
        } else {
            lastLine = nanos.getAsLong();
            out.println(line);
        }
    }

    @Override
    public void checkpoint(long step, String path) {}

    private static String figures(String name, double loss, double accuracy) {
        String text = Double.isNaN(loss) ? "" : name + String.format(Locale.ROOT, "%.5g", loss);
        return Double.isNaN(accuracy) ? text : text + String.format(Locale.ROOT, " accuracy %.4f", accuracy);
    }

    /** Ends the bar; once is enough. */
    @Override
    public void close() {
        if (bar != null && !closed) {
            closed = true;
            bar.close();
        }
    }
}
