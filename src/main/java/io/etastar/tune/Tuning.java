package io.etastar.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A search from trial to trial. A point whose keys were tried before is a trial that is not run again. */
public final class Tuning {
    private final List<Domain> domains;
    private final Search search;
    private final Measure measure;
    private final TrialFile file;

    private Tuning(Method method, TrialFile file) {
        domains = method.domains();
        search = method.create();
        measure = method.measure();
        this.file = file;
    }

    /**
     * A search whose trials are kept in a directory.
     *
     * @param method what is searched, and how
     * @param job what is trained, by name
     * @param directory of the file {@code trials.json}
     * @param resume whether the directory holds the first trials of the same search
     * @throws io.etastar.UserError if the directory is not as {@code resume} says
     */
    public static Tuning of(Method method, Map<String, String> job, String directory, boolean resume) {
        Map<String, String> about = new LinkedHashMap<>(job);
        about.putAll(method.about());
        return new Tuning(method, resume ? TrialFile.resume(directory, about) : TrialFile.create(directory, about));
    }

    /**
     * Runs all trials that are missing.
     *
     * @param training trains with keys
     * @param listener takes each trial with its number, from 1, those that were there as well
     * @return the trial with the best measure, the first of equal ones; empty if all diverged
     */
    public Optional<Trial> run(Function<Map<String, String>, Trial> training, BiConsumer<Integer, Trial> listener) {
        List<Search.Scored> done = new ArrayList<>();
        Map<Map<String, String>, Trial> known = new HashMap<>();
        file.trials().forEach(trial -> known.putIfAbsent(trial.keys(), trial));
        int kept = file.trials().size();
        for (List<double[]> points = search.next(done); !points.isEmpty(); points = search.next(done)) {
            for (double[] point : points) {
                Map<String, String> keys = keys(point);
                Trial before = known.get(keys);
                Trial trial = before == null ? training.apply(keys) : before;
                known.putIfAbsent(keys, trial);
                if (done.size() >= kept) {
                    file.add(trial);
                }
                done.add(new Search.Scored(point, measure.score(trial.figures())));
                listener.accept(done.size(), trial);
            }
        }
        return best(file.trials());
    }

    private Optional<Trial> best(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> Double.isFinite(measure.score(trial.figures())))
                .min(Comparator.comparingDouble(trial -> measure.score(trial.figures())));
    }

    private Map<String, String> keys(double[] point) {
        Map<String, String> keys = new LinkedHashMap<>();
        IntStream.range(0, point.length)
                .forEach(d -> keys.put(domains.get(d).key(), domains.get(d).at(point[d])));
        return keys;
    }

    /**
     * Checks keys before anything is run: both ends of each range and every value of each list, the other domains at their middle.
     *
     * @param check throws at the first mistake
     */
    public void check(Consumer<Map<String, String>> check) {
        checked().forEach(check);
    }

    private List<Map<String, String>> checked() {
        List<Map<String, String>> checked = new ArrayList<>();
        for (Domain domain : domains) {
            for (String value : domain.checked()) {
                Map<String, String> keys = new LinkedHashMap<>();
                domains.forEach(other -> keys.put(other.key(), other.equals(domain) ? value : other.at(0.5)));
                checked.add(keys);
            }
        }
        return checked;
    }
}
