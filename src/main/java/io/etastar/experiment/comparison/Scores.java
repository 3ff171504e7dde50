package io.etastar.experiment.comparison;

import io.etastar.experiment.ExperimentFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the results say of the cells of a comparison.
 *
 * @param file of the comparison
 * @param results of its runs
 * @param competitors all of them, in the file's order
 * @param seeds runs of each that count
 * @param scale share of the budgets that is run
 */
record Scores(ExperimentFile file, Results results, List<Competitor> competitors, int seeds, double scale) {
    private static final int KEY_BYTES = 6;

    /** The optimizer that is compared with the others. */
    String ours() {
        return file.list("ours", String.class).get(0);
    }

    /** The tuned one whose ratio is told. */
    String reference() {
        return String.valueOf(file.text("reference"));
    }

    /** Seeds of the runs. */
    List<Long> runs() {
        long first = file.firstSeed();
        return LongStream.range(first, first + seeds).boxed().toList();
    }

    /** A digest of what a run's result depends on. */
    String key(Workload workload, Competitor competitor) {
        String text = scale + " " + workload.given(competitor);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static RunResult.Id id(Verdict.Cell cell, Competitor competitor, long seed) {
        return new RunResult.Id(cell.batch(), cell.budget(), competitor.name(), seed);
    }

    /** The result of a run with the keys of today; null if there is none. */
    @Nullable
    RunResult result(Verdict.Cell cell, Competitor competitor, long seed) throws IOException {
        RunResult found = results.get(cell.workload().name(), id(cell, competitor, seed));
        return found != null && found.key().equals(key(cell.workload(), competitor)) ? found : null;
    }

    /** What is known of a cell; null if it is too little for a line. */
    @Nullable
    Verdict verdict(Verdict.Cell cell) throws IOException {
        Map<Competitor, List<@Nullable RunResult>> found = new LinkedHashMap<>();
        for (Competitor competitor : competitors) {
            List<@Nullable RunResult> each = new ArrayList<>();
            for (long seed : runs()) {
                each.add(result(cell, competitor, seed));
            }
            found.put(competitor, each);
        }
        return Verdict.of(cell, found, ours(), reference());
    }

    /** Those of the cells of which enough is known for a line. */
    List<Verdict> verdicts(List<Verdict.Cell> cells) throws IOException {
        List<Verdict> all = new ArrayList<>();
        for (Verdict.Cell cell : cells) {
            Verdict verdict = verdict(cell);
            if (verdict != null) {
                all.add(verdict);
            }
        }
        return all;
    }
}
