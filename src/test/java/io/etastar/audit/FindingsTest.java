package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.TestSettings;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.spark.SparkTestSession;
import io.etastar.training.LinearPlans;
import io.etastar.training.Rehearsal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sentences of what was measured, of figures that are made up. */
class FindingsTest {
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            List.of("a.weight", "a.bias", "b.weight"), List.of(new int[] {1}, new int[] {1}, new int[] {1}));
    private static final boolean[] NONE = new boolean[3];
    private static final double[] STEP = {1, 1, 1};

    private static SparkTestSession session;
    private static Rehearsal rehearsal;

    /** Of a job at a rate of 0.1. */
    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[1]");
        rehearsal = new Rehearsal(
                session.context(), LinearPlans.plan(TestSettings.fixed("sgd", TestSettings.SGD, 0.1), 64, 1, 16), 0);
    }

    @AfterAll
    static void close() {
        rehearsal.close();
        session.close();
    }

    /** Four batches whose H is the identity, but for one interaction, so that eta* of each tensor is its slope. */
    private static Slopes slopes(double together, double... g) {
        double[][] h = {{1, 0, 0}, {0, 1, together}, {0, together, 1}};
        return new Slopes(List.of(batch(g, h), batch(g, h), batch(g, h), batch(g, h)));
    }

    private static DerivativeSummary batch(double[] g, double[][] h) {
        return new DerivativeSummary(1, 5, g, h, new double[3]);
    }

    /** A run at a multiple of the rate, whose loss falls from 1 in a straight line. */
    private static Trial trial(double factor, double end) {
        double[] losses = new double[Trial.CHECKS + 1];
        Arrays.setAll(losses, i -> 1 - (1 - end) * i / Trial.CHECKS);
        return new Trial(factor, List.of(), losses, new double[] {end, end}, null);
    }

    private static Trial diverged(double factor) {
        double[] losses = new double[Trial.CHECKS + 1];
        Arrays.fill(losses, Double.POSITIVE_INFINITY);
        return new Trial(factor, List.of(), losses, new double[] {losses[0], losses[0]}, null);
    }

    private static List<Finding> all(Tensors tensors, Slopes start, Slopes end, Trial... trials) {
        Trials made = new Trials(rehearsal, 40, List.of(trials));
        return new Findings(tensors, start, end, end, made, trials[trials.length - 1]).all();
    }

    private static Tensors tensors() {
        return Tensors.of(LAYOUT, NONE, STEP);
    }

    private static List<Finding.Kind> kinds(List<Finding> findings) {
        return findings.stream().map(Finding::kind).toList();
    }

    @Test
    void theJobsOwnRateIsKept() {
        Slopes slopes = slopes(0, 2, 2, 2);
        List<Finding> alone = all(tensors(), slopes, slopes, trial(1, 0.5));
        assertEquals(List.of(Finding.Kind.KEEP), kinds(alone));
        assertEquals(
                "Keep the rate: eta* along the optimizer's step is 2 (quartiles over batches 2 to 2) of it, 2 after 40"
                        + " steps with it; after 40 steps it leaves a loss of 0.55 on other rows.",
                alone.get(0).sentence());
        Trials made = new Trials(rehearsal, 40, List.of(trial(1, 0.5), trial(4, 0.7), trial(0.25, 0.6)));
        Finding keep = new Findings(
                        tensors(), slopes, slopes, slopes, made, made.made().get(0))
                .all()
                .get(0);
        assertTrue(keep.sentence().endsWith(", the best of 2 others (optimizer.lr = 0.025) 0.64."), keep.sentence());
        assertEquals(List.of("a.weight", "a.bias", "b.weight"), keep.names());
        assertEquals(1, keep.factor());
    }

    @ParameterizedTest
    @CsvSource({"4, TOO_SHORT, short", "0.25, TOO_FAR, far"})
    void anotherRateIsNamedByItsSide(double factor, Finding.Kind kind, String word) {
        Slopes slopes = slopes(0, 2, 2, 2);
        Finding first = all(tensors(), slopes, slopes, trial(1, 0.5), trial(factor, 0.05))
                .get(0);
        assertEquals(kind, first.kind());
        assertEquals(factor, first.factor());
        assertTrue(first.sentence().startsWith("All tensors step too " + word + ": eta*"), first.sentence());
        // 1 - 0.95 i / 10 is below 0.55 from the fifth check on, of ten in 40 steps.
        assertTrue(
                first.sentence()
                        .endsWith("other rows have a loss of 0.145 after 40 steps, for 0.55 with the job's, which they"
                                + " reach after 20."),
                first.sentence());
        assertTrue(first.sentence().contains("optimizer.lr = " + Figures.of(0.1 * factor, 3) + ","), first.sentence());
    }

    /** What the job's own rate makes infinite has no figure. */
    @Test
    void aRateThatDivergesHasNoLoss() {
        Slopes start = slopes(0, 2, 2, 2);
        Trials made = new Trials(rehearsal, 40, List.of(diverged(1), trial(0.1, 0.1)));
        Finding first = new Findings(
                        tensors(), start, null, start, made, made.made().get(1))
                .all()
                .get(0);
        assertEquals(Finding.Kind.TOO_FAR, first.kind());
        assertTrue(first.sentence().contains("for no finite one with the job's."), first.sentence());
        assertFalse(first.sentence().contains("with it"), first.sentence());
    }

    @Test
    void whatDoesNotMoveIsTold() {
        Slopes slopes = slopes(0, 2, 2, 2);
        Tensors tensors = Tensors.of(LAYOUT, new boolean[] {true, false, false}, new double[] {1, 0, 1});
        List<Finding> findings = all(tensors, slopes, slopes, trial(1, 0.5));
        assertEquals(List.of(Finding.Kind.KEEP, Finding.Kind.STANDS_STILL, Finding.Kind.NO_SLOPE), kinds(findings));
        assertEquals(List.of("b.weight"), findings.get(0).names());
        assertEquals(
                "a.bias stands still: the optimizer's step is 0 there, though the loss depends on it.",
                findings.get(1).sentence());
        assertEquals(
                "No slope: a.weight, derivatives are 0 or below rounding, and no rate matters.",
                findings.get(2).sentence());
        Tensors none = Tensors.of(LAYOUT, NONE, new double[3]);
        List<Finding> still = all(none, slopes, slopes, trial(1, 0.5));
        assertEquals(List.of(Finding.Kind.STANDS_STILL), kinds(still));
        assertTrue(still.get(0).sentence().startsWith("a.weight, a.bias, b.weight stand still"));
    }

    /** Eleven times the rest is told and nine times is not; both looks must agree. */
    @Test
    void aLayerOfAnotherScaleIsToldFromTenTimesOn() {
        Slopes even = slopes(0, 1, 1, 1);
        Slopes nine = slopes(0, 1, 1, 9);
        Slopes eleven = slopes(0, 1, 1, 11);
        Slopes low = slopes(0, 1, 1, 0.09);
        assertEquals(1, all(tensors(), nine, nine, trial(1, 0.5)).size());
        assertEquals(1, all(tensors(), eleven, nine, trial(1, 0.5)).size());
        assertEquals(1, all(tensors(), even, eleven, trial(1, 0.5)).size());
        assertEquals(1, all(tensors(), eleven, low, trial(1, 0.5)).size());
        assertEquals(1, all(tensors(), eleven, null, trial(1, 0.5)).size());
        List<Finding> further = all(tensors(), eleven, eleven, trial(1, 0.5));
        // Both layers are of another scale than the rest, which is the other one.
        assertEquals(List.of(Finding.Kind.KEEP, Finding.Kind.DIFFERS, Finding.Kind.DIFFERS), kinds(further));
        Finding b = further.stream()
                .filter(one -> one.names().equals(List.of("b.weight")))
                .findFirst()
                .orElseThrow();
        assertTrue(b.sentence()
                .startsWith("b.weight could step further than the rest: eta* over that of the rest is 11 "));
        Finding lower = all(tensors(), low, low, trial(1, 0.5)).stream()
                .filter(one -> one.names().equals(List.of("b.weight")))
                .findFirst()
                .orElseThrow();
        assertTrue(lower.sentence().startsWith("b.weight could step less far than the rest"), lower.sentence());
    }

    @ParameterizedTest
    @CsvSource({"0.5, false", "0.6, true", "-0.9, true"})
    void strongInteractionsAreTold(double together, boolean told) {
        Slopes slopes = slopes(together, 2, 2, 2);
        List<Finding> findings = all(tensors(), slopes, slopes, trial(1, 0.5));
        assertEquals(told, kinds(findings).contains(Finding.Kind.INTERACTS));
        if (told) {
            Finding last = findings.get(findings.size() - 1);
            assertEquals(List.of("a.bias", "b.weight"), last.names());
            assertEquals(
                    "a.bias and b.weight interact most: H_st / sqrt(H_ss H_tt) is " + Figures.of(together, 2)
                            + "; 1 of 3 pairs are beyond 0.5.",
                    last.sentence());
        }
    }
}
