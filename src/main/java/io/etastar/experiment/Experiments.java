package io.etastar.experiment;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Kinds of experiments by name. */
final class Experiments {
    private static final Map<String, Kind> KINDS = Map.of(
            "rosenbrock",
            new Kind(Set.of("steps"), Rosenbrock::new),
            "training",
            new Kind(Set.of("job"), TrainingExperiment::new),
            "interactions",
            new Kind(Set.of("job", "epochs", "rows"), InteractionsExperiment::new),
            "noisy-bowl",
            new Kind(Set.of("steps", "dimension", "least_eigenvalue", "sigma"), NoisyBowl::new));

    private Experiments() {}

    /**
     * A kind.
     *
     * @param keys that it uses beside those of every experiment
     * @param create the experiment of a file
     */
    private record Kind(Set<String> keys, BiFunction<ExperimentFile, RunContext, Experiment> create) {}

    /**
     * The experiment of a file; starts nothing.
     *
     * @throws io.etastar.UserError at a key that the kind does not use, or needs and does not find
     */
    static Experiment create(ExperimentFile file, RunContext context) {
        Kind kind = KINDS.get(file.kind());
        file.only(kind.keys());
        return kind.create().apply(file, context);
    }
}
