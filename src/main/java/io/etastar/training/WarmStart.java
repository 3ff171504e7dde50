package io.etastar.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.settings.Configuration;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StateDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * An earlier model that a run starts from: its parameters, its standardisation of features, and the state of its optimizer if that was
 * kept and fits.
 *
 * @param path where it was read
 * @param model the earlier model
 * @param state where its training ended; null if that is not known, or the model is that of an earlier epoch
 */
public record WarmStart(String path, StoredModel model, Checkpoint state) {
    /** Keys of a description that may differ: what is done in training alone, and what says where initial parameters come from. */
    private static final Set<String> FREE =
            Set.of("dropout", "label_smoothing", "sigma_w", "sigma_b", "statistics", "file", "graph", "constants");

    /**
     * Reads a saved model, or the run that made one.
     *
     * @param path of a saved model or of a run
     * @throws UserError if there is no model
     */
    public static WarmStart read(String path) {
        StoredModel model = ModelDirectory.read(path);
        Checkpoint saved = StateDirectory.read(path);
        Checkpoint last =
                saved == null ? new CheckpointStore(path, 1).newestValid().checkpoint() : saved;
        boolean fits = last != null && last.theta().length == model.theta().length();
        return new WarmStart(path, model, fits ? kept(last) : null);
    }

    /**
     * Of the last checkpoint of a run what a later run starts from; arrays are shared.
     *
     * @return null if the run's model is not that of its last step
     */
    public static Checkpoint kept(Checkpoint last) {
        Map<String, double[]> arrays = new TreeMap<>(last.optimizerState());
        if (arrays.containsKey(TrainingLoop.KEPT)) {
            return null;
        }
        Set<String> units = Set.of(TrainingLoop.TARGET_MEAN, TrainingLoop.TARGET_DEVIATION);
        arrays.keySet().removeIf(name -> name.startsWith(TrainingLoop.OF_RUN) && !units.contains(name));
        Map<String, String> texts = new TreeMap<>(last.metadata());
        texts.keySet().retainAll(Set.of(TrainingLoop.OPTIMIZER));
        return new Checkpoint(last.step(), last.theta(), arrays, Map.of(), texts);
    }

    /** Bytes of the arrays of a checkpoint. */
    public static long bytes(Checkpoint state) {
        long numbers = state.optimizerState().values().stream()
                .mapToLong(array -> array.length)
                .sum();
        return Double.BYTES * (numbers + state.theta().length);
    }

    /**
     * Checks that a job's model is the earlier one's.
     *
     * @param description of the earlier model
     * @param path of it
     * @throws UserError naming the first key that differs
     */
    public static void check(Configuration job, ModelDescription description, String path) {
        JsonNode earlier = tree(description);
        // What a file holds, where the earlier model has it too.
        JsonNode now = tree(earlier.has("graph") ? ModelShape.loaded(job) : job.model());
        TreeSet<String> keys = new TreeSet<>();
        now.fieldNames().forEachRemaining(keys::add);
        earlier.fieldNames().forEachRemaining(keys::add);
        keys.removeAll(FREE);
        if (now.path("parameterisation").asText().equals("ntk")) {
            // Factors of the layers then, not of their start alone.
            keys.addAll(List.of("sigma_w", "sigma_b"));
        }
        if (now.has("graph") && !now.path("graph").equals(earlier.path("graph"))) {
            throw job.mistake("model.file", "one with the network of the model of " + path);
        }
        for (String key : keys) {
            if (!now.path(key).equals(earlier.path(key))) {
                String expected = earlier.has(key) ? earlier.path(key).toString() : "no such key";
                throw job.mistake("model." + key, expected + ", as in the model of " + path);
            }
        }
    }

    private static JsonNode tree(ModelDescription description) {
        try {
            return new ObjectMapper().readTree(description.json());
        } catch (JsonProcessingException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    /** Of the features of the earlier model; null if it takes them as they are. */
    public Standardisation standardisation() {
        return model.mean() == null ? null : new Standardisation(model.mean(), model.deviation());
    }

    /**
     * A plan that starts here.
     *
     * @param plan of the same model
     * @param say takes one line if the optimizer starts anew
     * @throws UserError if the parameters are others
     */
    public TrainingPlan on(TrainingPlan plan, Consumer<String> say) {
        ParameterLayout layout = plan.model().build().layout();
        if (!tensors(layout).equals(tensors(model.layout()))) {
            throw new UserError(
                    UserError.Subject.of(path), "parameters " + tensors(model.layout()), "" + tensors(layout));
        }
        String problem = problem(plan, layout);
        if (problem != null) {
            say.accept("the optimizer starts anew: " + problem);
        }
        TrainingPlan.Data data = plan.data();
        Standardisation targets = problem == null ? targets() : data.targets();
        double[] theta = problem == null
                ? state.theta()
                : TargetUnits.scaled(model.theta().toDoubles(), layout, targets);
        return new TrainingPlan(
                plan.model().startingFrom(RawArray.of(theta)),
                new TrainingPlan.Data(
                        data.train(), data.test(), data.summaries(), standardisation(), targets, data.partitions()),
                problem == null ? plan.method().with(optimizerState()) : plan.method(),
                plan.batches(),
                plan.stopping(),
                plan.checkpoints(),
                plan.numerics());
    }

    private static List<String> tensors(ParameterLayout layout) {
        return IntStream.range(0, layout.count())
                .mapToObj(i -> layout.name(i) + " " + Arrays.toString(layout.shape(i)))
                .toList();
    }

    /** Why the state does not fit; null if it does. */
    private String problem(TrainingPlan plan, ParameterLayout layout) {
        if (state == null) {
            return path + " holds no state of one";
        }
        String kind = plan.method().kind();
        String earlier = state.metadata().getOrDefault(TrainingLoop.OPTIMIZER, "no name");
        if (!kind.equals(earlier)) {
            return "the state in " + path + " is that of " + earlier + ", not of " + kind;
        }
        try {
            Partition partition = new Partition(layout, plan.method().groups());
            Optimizers.create(plan.method().optimizer(), partition).restore(optimizerState());
            return null;
        } catch (IllegalArgumentException other) {
            return "the state in " + path + " does not fit: " + other.getMessage();
        }
    }

    private Map<String, double[]> optimizerState() {
        Map<String, double[]> arrays = new TreeMap<>(state.optimizerState());
        arrays.keySet().removeIf(name -> name.startsWith(TrainingLoop.OF_RUN));
        return arrays;
    }

    private Standardisation targets() {
        double[] mean = state.optimizerState().get(TrainingLoop.TARGET_MEAN);
        double[] deviation = state.optimizerState().get(TrainingLoop.TARGET_DEVIATION);
        return mean == null ? null : new Standardisation(mean, deviation);
    }
}
