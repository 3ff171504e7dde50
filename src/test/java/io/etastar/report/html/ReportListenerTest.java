package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.report.EpochMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportListenerTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    private long now;
    private long costOfLooking;

    private long clock() {
        now += costOfLooking;
        return now;
    }

    private ReportListener listener(Path run, double refresh) {
        return new ReportListener(run.toString(), refresh, err, this::clock);
    }

    private static void epoch(ReportListener listener) {
        listener.epoch(new EpochMetrics(1, 1, 0, 0, 0, 0, 0, 1));
    }

    private boolean written(ReportListener listener, long at) throws IOException {
        Path page = directory.resolve("run/report.html");
        Files.deleteIfExists(page);
        now = at;
        epoch(listener);
        return Files.exists(page);
    }

    @Test
    void refreshesAtEndsOfEpochsOnceTheSecondsHavePassed() throws IOException {
        ReportListener listener = listener(SyntheticRun.write(directory.resolve("run"), 10, 2, false), 5);
        assertFalse(written(listener, 4 * SECOND));
        assertTrue(written(listener, 5 * SECOND));
        assertFalse(written(listener, 9 * SECOND));
        assertTrue(written(listener, 10 * SECOND));
    }

    @Test
    void aSlowReportIsRefreshedAHundredTimesItsOwnTimeLater() throws IOException {
        ReportListener listener = listener(SyntheticRun.write(directory.resolve("run"), 10, 2, false), 5);
        costOfLooking = SECOND;
        assertTrue(written(listener, 10 * SECOND));
        costOfLooking = 0;
        assertFalse(written(listener, 100 * SECOND));
        assertTrue(written(listener, 120 * SECOND));
    }

    @Test
    void zeroSecondsMeanTheEndAlone() throws IOException {
        Path run = SyntheticRun.write(directory.resolve("run"), 10, 2, true);
        ReportListener listener = listener(run, 0);
        assertFalse(written(listener, 1000 * SECOND));
        listener.finish();
        assertTrue(Files.exists(run.resolve("report.html")));
        assertEquals("report: " + run.resolve("report.html") + "\n", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsOddIsSaidAtTheEnd() throws IOException {
        Path run = SyntheticRun.write(directory.resolve("run"), 100, 4, false);
        ReportListener listener = listener(run, 5);
        now = 10 * SECOND;
        epoch(listener);
        assertEquals("", said.toString(StandardCharsets.UTF_8));
        listener.finish();
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("odd: eta* was negative for "), lines.get(0));
        assertTrue(lines.get(1).startsWith("report: "), lines.get(1));
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidInOneLine() throws IOException {
        Path run = SyntheticRun.write(directory.resolve("run"), 10, 2, true);
        Files.createDirectories(run.resolve("report.html/in the way"));
        listener(run, 0).finish();
        String line = said.toString(StandardCharsets.UTF_8);
        assertTrue(line.startsWith("report not written, the run is not touched by that: " + run), line);
        assertEquals(1, line.lines().count(), line);
    }
}
