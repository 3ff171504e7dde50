package io.etastar.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
    private static final Map<String, String> JOB = Map.of("job", "j");

    @TempDir
    Path directory;

    private final List<Map<String, String>> trained = new ArrayList<>();

    @Test
    void theBestTrialIsTheOneOfTheLowestLoss() {
        Optional<Trial> best =
                tuning(method(5, Measure.VALIDATION_LOSS), false).run(this::train, (number, trial) -> {});
        double lowest = trained.stream()
                .mapToDouble(keys -> loss(Double.parseDouble(keys.get("a"))))
                .min()
                .orElseThrow();
        assertEquals(lowest, best.orElseThrow().figures().validationLoss());
        assertEquals(5, trained.size());
    }

    @Test
    void anInterruptedSearchGoesOnWithoutItsTrials() throws Exception {
        Method method = method(8, Measure.VALIDATION_LOSS);
        Trial whole =
                tuning(method, false).run(this::train, (number, trial) -> {}).orElseThrow();
        List<Map<String, String>> all = List.copyOf(trained);
        byte[] file = Files.readAllBytes(directory.resolve("trials.json"));
        Files.delete(directory.resolve("trials.json"));
        trained.clear();

        assertThrows(
                IllegalStateException.class,
                () -> tuning(method, false)
                        .run(keys -> trained.size() == 3 ? interrupt() : train(keys), (number, trial) -> {}));
        List<Integer> numbers = new ArrayList<>();
        Trial best = tuning(method, true)
                .run(this::train, (number, trial) -> numbers.add(number))
                .orElseThrow();

        assertEquals(all, trained);
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8), numbers);
        assertEquals(whole, best);
        assertEquals(new String(file, StandardCharsets.UTF_8), Files.readString(directory.resolve("trials.json")));
    }

    private static Trial interrupt() {
        throw new IllegalStateException("killed");
    }

    @Test
    void aRandomSearchMayBeMadeLonger() {
        tuning(method(2, Measure.VALIDATION_LOSS), false).run(this::train, (number, trial) -> {});
        tuning(method(4, Measure.VALIDATION_LOSS), true).run(this::train, (number, trial) -> {});
        assertEquals(4, trained.size());
    }

    @Test
    void anotherSearchIsRefused() {
        tuning(method(2, Measure.VALIDATION_LOSS), false).run(this::train, (number, trial) -> {});
        UserError other = assertThrows(UserError.class, () -> tuning(method(2, Measure.TRAIN_LOSS), true));
        assertEquals(
                "--resume: measure: found train_loss, expected validation_loss of the search in " + directory,
                other.getMessage());
        UserError there = assertThrows(UserError.class, () -> tuning(method(2, Measure.VALIDATION_LOSS), false));
        assertTrue(there.getMessage().contains("found a search (trials.json)"), there.getMessage());
    }

    @Test
    void theSameKeysAreTrainedOnce() {
        Method method = new Method(
                List.of(Domain.of("a=[1, 2]")),
                Method.Kind.RANDOM,
                new Method.Size(9, 2, 1),
                1,
                Measure.VALIDATION_LOSS);
        tuning(method, false).run(this::train, (number, trial) -> {});
        assertEquals(2, trained.size());
    }

    @Test
    void divergedTrialsAreNotTheBest() {
        Optional<Trial> best = tuning(method(3, Measure.VALIDATION_ACCURACY), false)
                .run(keys -> new Trial(keys, Trial.Figures.diverged("step 3"), 1), (number, trial) -> {});
        assertTrue(best.isEmpty());
    }

    @Test
    void mistakesAtTheEndsOfADomainAreFoundFirst() {
        List<Map<String, String>> checked = new ArrayList<>();
        tuning(method(1, Measure.VALIDATION_LOSS), false).check(checked::add);
        assertEquals(List.of(Map.of("a", "0"), Map.of("a", "4")), checked);
    }

    private Tuning tuning(Method method, boolean resume) {
        return Tuning.of(method, JOB, directory.toString(), resume);
    }

    private static Method method(int trials, Measure measure) {
        return new Method(
                List.of(Domain.of("a=uniform(0, 4)")), Method.Kind.RANDOM, new Method.Size(trials, 2, 1), 2, measure);
    }

    private Trial train(Map<String, String> keys) {
        trained.add(keys);
        return new Trial(keys, new Trial.Figures(loss(Double.parseDouble(keys.get("a"))), 0.5, 1, null), 2);
    }

    private static double loss(double a) {
        return Math.abs(a - 3);
    }
}
