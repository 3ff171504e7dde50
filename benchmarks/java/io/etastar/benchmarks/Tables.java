package io.etastar.benchmarks;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkClassifier;
import io.etastar.ml.NeuralNetworkTrainingSummary;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The Spark half of {@code benchmarks/tables.sh}: the Estimator and MLlib's perceptron on tables, one after the other. */
public final class Tables {
    private static final int WARM_UP = 5;

    private final SparkSession session;
    private final String python;
    private final boolean scaled;
    private final boolean mllib;
    private final String params;
    private final int repeat;
    private final List<Double> ratios = new ArrayList<>();
    private int wins;

    /**
     * Arguments: DIRECTORY of the splits, whether the Estimator's columns are scaled (yes or no), whether MLlib runs, the Python
     * that has scikit-learn ("" for none), Params of the Estimator (NAME=JSON, by spaces), fits of each, names of tables.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (SparkSession session = SparkSession.builder()
                .appName("tables")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Tables tables = new Tables(
                    session, args[3], args[1].equals("yes"), args[2].equals("yes"), args[4], Integer.parseInt(args[5]));
            tables.warmUp();
            for (String name : Arrays.asList(args).subList(6, args.length)) {
                tables.compare(name, Path.of(args[0], name));
            }
            tables.conclude();
        }
    }

    private Tables(SparkSession session, String python, boolean scaled, boolean mllib, String params, int repeat) {
        this.session = session;
        this.python = python;
        this.scaled = scaled;
        this.mllib = mllib;
        this.params = params;
        this.repeat = repeat;
    }

    /** A trained model at its test. */
    private record Fit<M>(M model, double seconds, double accuracy) {
        /** Of an accuracy over so many rows. */
        double standardError(long rows) {
            return Math.sqrt(accuracy * (1 - accuracy) / rows);
        }
    }

    /** Fits of each, thrown away: after one the JVM still interprets most of what a step of either runs. */
    private void warmUp() {
        Dataset<Row> rows = assembled(session.range(1000)
                        .selectExpr("rand(1) as x0", "rand(2) as x1", "cast(id % 2 as int) as label"))
                .withColumnRenamed("columns", "features");
        int[] layers = {2, 64, 32, 2};
        for (int fit = 0; fit < WARM_UP; fit++) {
            classifier(layers).fit(rows).transform(rows).count();
            if (mllib) {
                perceptron(layers).fit(rows).transform(rows).count();
            }
        }
    }

    private void compare(String name, Path directory) throws IOException, InterruptedException {
        Dataset<Row> train = read(directory.resolve("train.parquet"));
        Dataset<Row> test = read(directory.resolve("test.parquet"));
        long rows = train.count();
        long tests = test.count();
        int features = train.columns().length - 2;
        int classes = 1 + train.union(test).agg(max("label")).head().getInt(0);
        int[] layers = {features, 64, 32, classes};
        StandardScalerModel scaler = new StandardScaler()
                .setInputCol("columns")
                .setOutputCol("features")
                .setWithMean(true)
                .fit(train);

        Fit<NeuralNetworkClassificationModel> ours = fit(
                classifier(layers)::fit, columns(train, scaled ? scaler : null), columns(test, scaled ? scaler : null));
        Fit<?> theirs = mllib
                ? fit(perceptron(layers)::fit, columns(train, scaler), columns(test, scaler))
                : null;
        String sklearn = python.isEmpty() ? "sklearn_accuracy=- sklearn_s=-" : sklearn(directory);
        System.out.printf(
                Locale.ROOT,
                "table %s rows=%d features=%d classes=%d %s %s %s%n",
                name,
                rows + tests,
                features,
                classes,
                judged(ours, theirs, tests),
                sklearn,
                steps(ours.model().summary(), layers, rows));
    }

    /** Columns columns, of all features, and label, in as many partitions as there are cores. */
    private Dataset<Row> read(Path file) {
        int partitions = session.sparkContext().defaultParallelism();
        return assembled(session.read().parquet(file.toUri().toString()).repartition(partitions));
    }

    private static Dataset<Row> assembled(Dataset<Row> rows) {
        String[] features = Arrays.stream(rows.columns())
                .filter(name -> !name.equals("label"))
                .toArray(String[]::new);
        return new VectorAssembler()
                .setInputCols(features)
                .setOutputCol("columns")
                .transform(rows);
    }

    /** Columns features and label; scaled if there is a scaler. */
    private static Dataset<Row> columns(Dataset<Row> rows, StandardScalerModel scaler) {
        return scaler == null
                ? rows.select(rows.col("columns").as("features"), rows.col("label"))
                : scaler.transform(rows).select("features", "label");
    }

    private NeuralNetworkClassifier classifier(int[] layers) {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier().setLayers(layers);
        for (String setting : params.isBlank() ? new String[0] : params.trim().split(" +")) {
            int equals = setting.indexOf('=');
            @SuppressWarnings("unchecked")
            Param<Object> param = (Param<Object>) classifier.getParam(setting.substring(0, equals));
            classifier.set(param, param.jsonDecode(setting.substring(equals + 1)));
        }
        return classifier;
    }

    /** MLlib's defaults, 100 iterations and blocks of 128 rows, are what it gets. */
    private static MultilayerPerceptronClassifier perceptron(int[] layers) {
        return new MultilayerPerceptronClassifier().setLayers(layers).setSeed(1);
    }

    /** Trains on cached rows, the quickest fit counts, and predicts the others. */
    private <M extends Transformer> Fit<M> fit(
            Function<Dataset<Row>, M> training, Dataset<Row> train, Dataset<Row> test) {
        train.cache().count();
        M model = null;
        double seconds = Double.POSITIVE_INFINITY;
        for (int run = 0; run < repeat; run++) {
            long start = System.nanoTime();
            M trained = training.apply(train);
            double taken = (System.nanoTime() - start) * 1e-9;
            if (taken < seconds) {
                model = trained;
                seconds = taken;
            }
        }
        train.unpersist(true);
        double accuracy = model.transform(test)
                .agg(avg(expr("double(prediction = label)")))
                .head()
                .getDouble(0);
        return new Fit<>(model, seconds, accuracy);
    }

    private String judged(Fit<NeuralNetworkClassificationModel> ours, Fit<?> theirs, long tests) {
        String own = String.format(
                Locale.ROOT,
                "ours_accuracy=%.4f ours_s=%.2f epochs=%d",
                ours.accuracy(),
                ours.seconds(),
                ours.model().summary().totalEpochs());
        if (theirs == null) {
            return own + " mlpc_accuracy=- mlpc_s=- ratio=-";
        }
        double ratio = theirs.seconds() / ours.seconds();
        ratios.add(ratio);
        if (ours.accuracy() >= theirs.accuracy() - theirs.standardError(tests) && ratio >= 3) {
            wins++;
        }
        return String.format(
                Locale.ROOT,
                "%s mlpc_accuracy=%.4f mlpc_s=%.2f ratio=%.2f",
                own,
                theirs.accuracy(),
                theirs.seconds(),
                ratio);
    }

    private String sklearn(Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, "benchmarks/tables.py", "sklearn", directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "benchmarks/tables.py sklearn: found exit code " + process.exitValue() + ", expected 0");
        }
        return line;
    }

    /** Costs of a step, all work that belongs to the epochs included; start and end of fit are not. */
    private String steps(NeuralNetworkTrainingSummary summary, int[] layers, long rows) {
        int steps = summary.totalIterations();
        int batch = (int) Math.ceil((double) rows * summary.totalEpochs() / steps);
        double seconds = Arrays.stream(summary.secondsHistory()).sum();
        return String.format(
                Locale.ROOT,
                "ms_per_step=%.3f compute_ms_per_step=%.3f steps=%d batch=%d scaler=%s plan=\"%s\"",
                1000 * seconds / steps,
                computeMs(layers, batch),
                steps,
                batch,
                scaled ? "yes" : "no",
                summary.plan().replace("plan: ", ""));
    }

    /** What a step computes by itself: a gradient of the batch on one thread, and its part of a summary. */
    private static double computeMs(int[] layers, int rows) {
        String name = Arrays.stream(layers).mapToObj(Integer::toString).collect(Collectors.joining("-"));
        ModelDescription description = Models.of(name);
        Model model = description.build();
        Shard data = new MadeUpRows(rows, layers[0], layers[layers.length - 1]).read(0, rows);
        int[] all = IntStream.range(0, rows).toArray();
        Partition partition = Partitions.parse("canonical", model.layout());
        RawArray theta = RawArray.copyOf(DType.FLOAT, description.initialParameters(1));
        int batch = Program.automaticBatch(model, DType.FLOAT, partition, rows);
        try (Program program = Program.compile(model, DType.FLOAT, batch, partition)) {
            program.setParameters(theta);
            program.setDirection(program.gradient(data, all).gradient());
            double gradient = Compare.leastMs(
                    () -> {
                        program.setParameters(theta);
                        program.gradient(data, all);
                    },
                    0.3);
            double summary = Compare.leastMs(() -> program.summary(data, all), 0.3);
            return gradient + summary / new NeuralNetworkClassifier().getPeriod();
        }
    }

    private void conclude() {
        if (ratios.isEmpty()) {
            return;
        }
        double logs = ratios.stream().mapToDouble(Math::log).sum();
        System.out.printf(
                Locale.ROOT,
                "tables geomean_ratio=%.2f wins=%d of %d%n",
                Math.exp(logs / ratios.size()),
                wins,
                ratios.size());
    }
}
