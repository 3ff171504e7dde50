package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.TestSettings;
import io.etastar.spark.SparkTestSession;
import io.etastar.training.LinearPlans;
import io.etastar.training.Rehearsal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches on a linear regression whose Hessian is about 2: gradient descent is best at 0.5 and diverges beyond 1. */
class SearchTest {
    private static final int[] ALL = {0, 1};

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    /** What was searched. */
    private static final class Searched implements AutoCloseable {
        final Rehearsal rehearsal;
        final Trials trials;
        final Look start;
        final Search search;
        final Trial best;

        Searched(String optimizer, int... live) {
            OptimizerSpec spec = TestSettings.spec(optimizer);
            rehearsal = new Rehearsal(session.context(), LinearPlans.plan(spec, 1000, 2, 50), 0);
            trials = new Trials(rehearsal, 10);
            start = Look.of(rehearsal, rehearsal.start(), rehearsal.rate(), 4);
            search = new Search(rehearsal, start, live, trials, 4);
            best = search.best();
        }

        @Override
        public void close() {
            rehearsal.close();
        }
    }

    private static String sgd(double lr) {
        return "name = sgd, base.momentum = 0, lr = " + lr;
    }

    /** eta* along a step of rate r is 0.5 / r, on each batch; whatever is tried is a fraction of it. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-2, 0.05})
    void aRateThatIsTooLowIsRaised(double lr) {
        try (Searched searched = new Searched(sgd(lr), ALL)) {
            double rate = searched.best.factor() * lr;
            assertTrue(rate > 3 * lr && rate > 0.1 && rate < 1, "" + rate);
            assertEquals(
                    0.5 / lr, Quartiles.of(searched.start.slopes().own(ALL)).middle(), 0.1 / lr);
            Trial own = searched.trials.made().get(0);
            assertEquals(1, own.factor());
            assertTrue(searched.best.finalLoss() < own.finalLoss());
            assertTrue(searched.trials.made().contains(searched.best));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.5, 5, 50, 1e6})
    void aRateThatIsTooHighIsLowered(double lr) {
        try (Searched searched = new Searched(sgd(lr), ALL)) {
            double rate = searched.best.factor() * lr;
            assertTrue(rate < lr / Search.LEAST && rate > 0.02 && rate < 1, "" + rate);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.7})
    void aRateThatIsRightIsKept(double lr) {
        try (Searched searched = new Searched(sgd(lr), ALL)) {
            assertEquals(1, searched.best.factor());
            assertSame(searched.best, searched.trials.made().get(0));
        }
    }

    /** From the largest down, and none near the rate itself, with three digits. */
    @Test
    void factorsFallAndAreWorthAChange() {
        try (Searched searched = new Searched(sgd(0.01), ALL)) {
            List<Trial> tried = searched.trials.made();
            double highest = Double.POSITIVE_INFINITY;
            for (Trial trial : tried.subList(1, tried.indexOf(searched.best) + 1)) {
                assertTrue(trial.factor() < highest);
                assertTrue(trial.factor() > Search.LEAST || trial.factor() < 1 / Search.LEAST);
                double rate = trial.factor() * 0.01;
                assertEquals(Figures.rounded(rate, 3), rate, 1e-12 * rate);
                highest = trial.factor();
            }
        }
    }

    /** A tensor without a slope has no eta*: nothing is tried. */
    @Test
    void withoutALiveTensorNothingIsTried() {
        try (Searched searched = new Searched(sgd(0.01))) {
            assertEquals(1, searched.trials.made().size());
            assertEquals(1, searched.best.factor());
        }
    }

    @Test
    void theEndIsThatOfARunOnce() {
        try (Searched searched = new Searched(sgd(0.01), ALL)) {
            Look end = searched.search.end(searched.best);
            assertNotNull(end);
            assertSame(end, searched.search.end(searched.best));
            assertFalse(end.theta() == searched.start.theta());
            Trial nowhere = new Trial(1, List.of(), searched.best.losses(), searched.best.last(), null);
            assertNull(searched.search.end(nowhere));
        }
    }

    /** Momentum of 0.9 makes steps ten times as long later on: what is best for the first step is not tried out of hand. */
    @Test
    void momentumIsJudgedByLongerRuns() {
        try (Searched searched = new Searched("name = sgd, base.momentum = 0.9, lr = 0.0005", ALL)) {
            double rate = searched.best.factor() * 0.0005;
            assertTrue(rate > 0.005 && rate < 0.5, "" + rate);
            Trial longer = searched.trials.longer(searched.best);
            assertTrue(
                    longer.isLower(searched.trials.longer(searched.trials.made().get(0))));
        }
    }
}
