package io.etastar.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SearchTest {
    private static final List<Domain> DOMAINS =
            List.of(Domain.of("a=uniform(0, 1, 3)"), Domain.of("b=[x, y, z]"), Domain.of("c=integers(1, 2)"));

    static Stream<Search> searches() {
        return Stream.of(
                new RandomSearch(DOMAINS.size(), 18, 7), new GridSearch(DOMAINS), new GeneticSearch(DOMAINS, 6, 3, 7));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void hasAsManyPointsAsItSays(Search search) {
        assertEquals(search.trials(), run(search, point -> point[0], List.of()).size());
        assertEquals(18, search.trials());
    }

    /** What makes a search resumable: the same points follow, wherever it was left. */
    @ParameterizedTest
    @MethodSource("searches")
    void goesOnFromAnyTrialWithTheSamePoints(Search search) {
        List<Search.Scored> whole = run(search, point -> Math.abs(point[0] - 0.7) + point[2], List.of());
        for (int kept = 0; kept <= whole.size(); kept++) {
            List<Search.Scored> again =
                    run(search, point -> Math.abs(point[0] - 0.7) + point[2], whole.subList(0, kept));
            for (int i = 0; i < whole.size(); i++) {
                assertArrayEquals(whole.get(i).point(), again.get(i).point());
            }
        }
    }

    @Test
    void aGridHasEachCombinationOnce() {
        Search search = new GridSearch(DOMAINS);
        assertEquals(
                18,
                search.next(List.of()).stream()
                        .map(point -> DOMAINS.get(0).at(point[0])
                                + DOMAINS.get(1).at(point[1])
                                + DOMAINS.get(2).at(point[2]))
                        .distinct()
                        .count());
    }

    @Test
    void aGridOfARangeHasNoEnd() {
        UserError error = assertThrows(
                UserError.class, () -> new GridSearch(List.of(Domain.of("optimizer.lr=loguniform(1e-4, 1)"))));
        assertTrue(error.getMessage().contains("optimizer.lr as a range"), error.getMessage());
    }

    @Test
    void aLongerRandomSearchBeginsWithTheShorterOne() {
        List<double[]> shorter = new RandomSearch(2, 5, 3).next(List.of());
        List<double[]> longer = new RandomSearch(2, 9, 3).next(List.of());
        for (int i = 0; i < 5; i++) {
            assertArrayEquals(shorter.get(i), longer.get(i));
        }
    }

    /** Of a smooth function of two rates the genetic search comes nearer to the lowest place than its first generation, for any seed. */
    @Test
    void generationsComeNearer() {
        List<Domain> rates = List.of(Domain.of("a=loguniform(1e-6, 1)"), Domain.of("b=decay(0.5, 0.9999)"));
        ToDoubleFunction<double[]> bowl = point -> Math.pow(point[0] - 0.8, 2) + Math.pow(point[1] - 0.3, 2);
        for (long seed = 1; seed <= 20; seed++) {
            List<Search.Scored> all = run(new GeneticSearch(rates, 10, 8, seed), bowl, List.of());
            double first = mean(all.subList(0, 10));
            double last = mean(all.subList(70, 80));
            assertTrue(last < first / 3, "seed " + seed + ": " + first + " to " + last);
        }
    }

    /** A generation all of whose trials diverged has no better half: its points still count, and the search goes on. */
    @Test
    void divergedTrialsArePassedOver() {
        List<Search.Scored> all = run(
                new GeneticSearch(DOMAINS, 6, 3, 1),
                point -> point[0] > 0.3 ? Double.POSITIVE_INFINITY : point[0],
                List.of());
        assertTrue(all.stream()
                .flatMapToDouble(scored -> Arrays.stream(scored.point()))
                .allMatch(u -> u >= 0 && u <= 1));
    }

    @Test
    void reflected() {
        assertEquals(0.25, GeneticSearch.reflected(-0.25));
        assertEquals(0.75, GeneticSearch.reflected(1.25));
        assertEquals(0.5, GeneticSearch.reflected(2.5));
    }

    private static double mean(List<Search.Scored> scored) {
        return scored.stream().mapToDouble(Search.Scored::score).average().orElseThrow();
    }

    private static List<Search.Scored> run(
            Search search, ToDoubleFunction<double[]> score, List<Search.Scored> before) {
        List<Search.Scored> done = new ArrayList<>(before);
        for (List<double[]> next = search.next(done); !next.isEmpty(); next = search.next(done)) {
            for (double[] point : next) {
                done.add(new Search.Scored(point, score.applyAsDouble(point)));
            }
        }
        return done;
    }
}
