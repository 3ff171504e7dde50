package io.etastar.experiment.comparison;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.OptimizerEntry;
import io.etastar.settings.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A job that is trained with every optimizer. */
final class Workload {
    private final ExperimentFile file;
    private final String name;
    private final WorkloadSettings settings;
    private final ConfigObject job;

    private Workload(ExperimentFile file, String name, WorkloadSettings settings, ConfigObject job) {
        this.file = file;
        this.name = name;
        this.settings = settings;
        this.job = job;
    }

    /**
     * The workloads of a file in its order.
     *
     * @throws io.etastar.UserError at the first mistake in their keys; jobs are not looked into
     */
    static List<Workload> of(ExperimentFile file) {
        ConfigObject blocks = file.block("workloads");
        if (blocks.isEmpty()) {
            throw file.mistake("workloads", "at least one workload: NAME { unit, batches, job }");
        }
        List<Workload> all = new ArrayList<>();
        for (String name : ExperimentFile.names(blocks)) {
            WorkloadSettings settings =
                    WorkloadSettings.of("workloads." + name, Objects.requireNonNull(blocks.get(name)));
            ConfigObject own =
                    (ConfigObject) Objects.requireNonNullElse(((ConfigObject) blocks.get(name)).get("job"), empty());
            all.add(new Workload(file, name, settings, own.withFallback(file.block("job"))));
        }
        return all;
    }

    private static ConfigObject empty() {
        return ConfigFactory.empty().root();
    }

    String name() {
        return name;
    }

    WorkloadSettings settings() {
        return settings;
    }

    /**
     * The job of one run.
     *
     * @param competitor its optimizer
     * @param batch rows of a batch
     * @param seed of the run
     * @param steps of the run
     */
    Configuration configuration(Competitor competitor, int batch, long seed, long steps) {
        return entry(competitor).configuration(seed, keys(batch, steps));
    }

    private OptimizerEntry entry(Competitor competitor) {
        return file.entry(competitor.name(), competitor.keys(), job);
    }

    /** Of all rows in so many steps: epochs are no bound. */
    private static Config keys(int batch, long steps) {
        String origin = "length of the run";
        return ConfigFactory.empty()
                .withValue("training.batch", ConfigValueFactory.fromAnyRef(batch, origin))
                .withValue("training.epochs", ConfigValueFactory.fromAnyRef(Integer.MAX_VALUE, origin))
                .withValue("training.max_steps", ConfigValueFactory.fromAnyRef(steps, origin));
    }

    /**
     * What a run's result depends on, as a text: the keys that are given, but not where the data lie.
     *
     * @param competitor its optimizer
     */
    String given(Competitor competitor) {
        Config keys = ConfigFactory.empty()
                .withValue("rows", ConfigValueFactory.fromAnyRef(settings.rows()))
                .withValue("unit", ConfigValueFactory.fromAnyRef(settings.unit()))
                .withValue("optimizer", competitor.keys())
                .withValue("job", job);
        return keys.withoutPath("job.data.path").root().render(ConfigRenderOptions.concise());
    }

    /** Where its data should be if nothing is there; null if something is, or if they need no files. */
    @Nullable
    String missing(Configuration configuration) {
        String path = configuration.data().files().path();
        return path == null || path.matches("[a-z0-9]{2,}:.*") || Files.exists(Path.of(path)) ? null : path;
    }
}
