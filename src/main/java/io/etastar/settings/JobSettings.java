package io.etastar.settings;

import io.etastar.partition.PartitionChoice;
import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Schema;
import java.util.Map;

/**
 * A job file: the root of the tree of settings, which is schema, default, range and documentation at once.
 *
 * @param general seed, precision and partition
 * @param model the network; its keys are checked by {@link ModelKeys} and described in JSON
 */
public record JobSettings(
        @Key.Flat General general,
        ModelSettings model,
        DataSettings data,
        OptimizerSettings optimizer,
        TrainingSettings training,
        SummarySettings summary,
        @Key.Flat Surroundings surroundings) {
    private static final Schema SCHEMA = Schema.of(JobSettings.class);

    /** All settings of job files. */
    public static Schema schema() {
        return SCHEMA;
    }

    /** What is around the run. */
    public record Surroundings(Report report, Engine engine, Spark spark) {}

    /** Settings at the top of a job file. */
    public record General(
            @Key(value = "1", min = 0, doc = "seed of initialisation, sampling and the split of embedded data")
            int seed,

            @Key(
                    value = "float",
                    oneOf = {"float", "double"},
                    doc = "precision of the engine")
            String dtype,

            @Key(
                    doc =
                            "subsets of parameters: canonical, trivial, wb, kinds, blocks-K, alternate-K, names:A,B or the"
                                    + " names themselves; by default canonical for newton-summary but with preset published, else wb")
            PartitionChoice partition) {}

    /** What computes. */
    public record Engine(
            @Key(
                    value = "auto",
                    oneOf = {"auto", "cpu", "cuda"},
                    doc =
                            "what executors compute on: cpu, cuda for NVIDIA GPUs, auto for cpu as long as no GPU has been seen"
                                    + " to compute rightly (docs/gpu.md)")
            String backend,

            @Key(
                    doc =
                            "cuda: folder of libcuda, libnvrtc and libcublas on each machine; by default what the system's"
                                    + " loader finds, /usr/local/cuda* and the nvidia-* wheels of the Python environment")
            String cudaLibraries) {}

    /** When a run writes its report.html, and what is measured for it. */
    public record Report(
            @Key(value = "true", doc = "whether the run's directory gets a report.html")
            boolean write,

            @Key(
                    value = "60",
                    min = 0,
                    doc = "least seconds between two reports during the run, written at ends of epochs; 0 for one at"
                            + " the end of the run alone")
            double refreshSeconds,

            @Key(
                    value = "true",
                    doc = "newton-summary: whether the loss of a summary's batch is measured again after its step, for"
                            + " the metrics alone (loss_after in summaries.jsonl): what the summary predicted against"
                            + " what came; not done with summary_direction previous")
            boolean measureDecrease,

            @Key(
                    value = "true",
                    doc =
                            "whether a run with test rows ends by measuring on some of them what each column of a table is"
                                    + " worth (columns.json) and how each class is predicted (classes.json), for the report; it"
                                    + " takes a twentieth of the training, or about a second")
            boolean importance) {}

    /** Settings of Spark itself. */
    public record Spark(
            @Key(value = "{}", prefix = "spark.", doc = "settings handed to Spark as they are")
            Map<String, String> conf) {}
}
