package io.etastar.benchmarks;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;

import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkClassifier;
import io.etastar.ml.NeuralNetworkParams;
import io.etastar.ml.NeuralNetworkRegressor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The Spark half of {@code benchmarks/tables.sh --raw}: Estimators on columns as they are, against MLlib behind its own preparation. */
public final class RawTables {
    /** scikit-learn's boosting is met within this. */
    private static final double NEAR = 0.01;

    private final SparkSession session;
    private final boolean mllib;
    private final String python;
    private final String params;
    private final int[] wins = new int[4];
    private final int[] tables = new int[4];

    private RawTables(SparkSession session, boolean mllib, String python, String params) {
        this.session = session;
        this.mllib = mllib;
        this.python = python;
        this.params = params;
    }

    /** Arguments: DIRECTORY of the splits, whether MLlib runs, the Python that has scikit-learn or "", Params, names of tables. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (SparkSession session = SparkSession.builder()
                .appName("raw tables")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate()) {
            RawTables all = new RawTables(session, args[1].equals("yes"), args[2], args[3]);
            for (String name : Arrays.asList(args).subList(4, args.length)) {
                all.compare(name, Path.of(args[0], name));
            }
            System.out.printf(
                    Locale.ROOT,
                    "raw at_least_scaled=%d of %d at_least_mlpc=%d of %d near_boosting=%d of %d at_least_gbt=%d of %d%n",
                    all.wins[0],
                    all.tables[0],
                    all.wins[1],
                    all.tables[1],
                    all.wins[2],
                    all.tables[2],
                    all.wins[3],
                    all.tables[3]);
        }
    }

    private record Fit(Transformer model, double seconds, double score) {}

    private void compare(String name, Path directory) throws IOException, InterruptedException {
        Dataset<Row> train = read(directory.resolve("train.parquet"));
        Dataset<Row> test = read(directory.resolve("test.parquet"));
        boolean numbers = train.schema().apply("label").dataType().equals(DataTypes.DoubleType);
        List<String> texts = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (StructField field : train.schema().fields()) {
            if (!field.name().equals("label")) {
                (field.dataType().equals(DataTypes.StringType) ? texts : others).add(field.name());
            }
        }
        Fit ours = numbers
                ? fit(set(new NeuralNetworkRegressor()), train, test, true)
                : fit(set(new NeuralNetworkClassifier()), train, test, false);
        double boosting = python.isEmpty() ? Double.NaN : boosting(directory);
        String score = numbers ? "r2" : "accuracy";
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "raw %s rows=%d columns=%d texts=%d gaps=%d ours_%s=%.4f ours_s=%.2f",
                name,
                train.count() + test.count(),
                texts.size() + others.size(),
                texts.size(),
                gaps(train),
                score,
                ours.score(),
                ours.seconds()));
        if (mllib && numbers) {
            Fit gbt = fit(pipeline(texts, others, new GBTRegressor().setSeed(1)), train, test, true);
            line.append(String.format(Locale.ROOT, " gbt_r2=%.4f gbt_s=%.2f", gbt.score(), gbt.seconds()));
            judge(3, ours.score() >= gbt.score());
        } else if (mllib) {
            rivals(ours, texts, others, train, test, line);
        }
        if (!python.isEmpty()) {
            line.append(String.format(Locale.ROOT, " boosting_%s=%.4f", score, boosting));
            judge(2, ours.score() >= boosting - NEAR);
        }
        System.out.println(line);
    }

    private void rivals(
            Fit ours, List<String> texts, List<String> others, Dataset<Row> train, Dataset<Row> test, StringBuilder line) {
        int classes = 1 + train.union(test).agg(max("label")).head().getInt(0);
        PipelineModel preparing = pipeline(texts, others, null).fit(train);
        int features = preparing.transform(train).select("features").head().<Vector>getAs(0).size();
        int[] own = hidden((NeuralNetworkClassificationModel) ours.model());
        int[] layers = new int[own.length];
        System.arraycopy(own, 0, layers, 0, own.length);
        layers[0] = features;
        layers[layers.length - 1] = classes;
        Dataset<Row> prepared = preparing.transform(train).select("features", "label");
        Dataset<Row> held = preparing.transform(test).select("features", "label");
        Fit scaled = fit(set(new NeuralNetworkClassifier().setLayers(layers)), prepared, held, false);
        Fit perceptron = fit(new MultilayerPerceptronClassifier().setLayers(layers).setSeed(1), prepared, held, false);
        line.append(String.format(
                Locale.ROOT,
                " scaled_accuracy=%.4f mlpc_accuracy=%.4f mlpc_s=%.2f",
                scaled.score(),
                perceptron.score(),
                perceptron.seconds()));
        judge(0, ours.score() >= scaled.score());
        judge(1, ours.score() >= perceptron.score());
    }

    /** Layers of a model as its description has them. */
    private static int[] hidden(NeuralNetworkClassificationModel model) {
        String json = model.stored().description();
        String list = json.substring(json.indexOf("\"layers\":[") + 10);
        return Arrays.stream(list.substring(0, list.indexOf(']')).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private void judge(int what, boolean won) {
        tables[what]++;
        wins[what] += won ? 1 : 0;
    }

    private Dataset<Row> read(Path file) {
        int partitions = session.sparkContext().defaultParallelism();
        return session.read().parquet(file.toUri().toString()).repartition(partitions);
    }

    private static int gaps(Dataset<Row> rows) {
        int gaps = 0;
        for (String column : rows.columns()) {
            gaps += rows.filter(rows.col(column).isNull()).isEmpty() ? 0 : 1;
        }
        return gaps;
    }

    @SuppressWarnings("unchecked")
    private <E extends NeuralNetworkParams<E>> E set(E estimator) {
        for (String setting : params.isBlank() ? new String[0] : params.trim().split(" +")) {
            int equals = setting.indexOf('=');
            Param<Object> param = (Param<Object>) estimator.getParam(setting.substring(0, equals));
            estimator.set(param, param.jsonDecode(setting.substring(equals + 1)));
        }
        return estimator;
    }

    /** Texts by StringIndexer and OneHotEncoder, numbers by Imputer, all by StandardScaler, then an estimator if there is one. */
    private static Pipeline pipeline(List<String> texts, List<String> others, PipelineStage last) {
        List<PipelineStage> stages = new ArrayList<>();
        List<String> inputs = new ArrayList<>();
        for (String text : texts) {
            stages.add(new StringIndexer()
                    .setInputCol(text)
                    .setOutputCol(text + " index")
                    .setHandleInvalid("keep"));
            stages.add(new OneHotEncoder()
                    .setInputCol(text + " index")
                    .setOutputCol(text + " places")
                    .setHandleInvalid("keep"));
            inputs.add(text + " places");
        }
        if (!others.isEmpty()) {
            String[] filled = others.stream().map(name -> name + " filled").toArray(String[]::new);
            stages.add(new Imputer().setInputCols(others.toArray(String[]::new)).setOutputCols(filled));
            inputs.addAll(Arrays.asList(filled));
        }
        stages.add(new VectorAssembler()
                .setInputCols(inputs.toArray(String[]::new))
                .setOutputCol("columns"));
        stages.add(new StandardScaler()
                .setInputCol("columns")
                .setOutputCol("features")
                .setWithMean(true));
        if (last != null) {
            stages.add(last);
        }
        return new Pipeline().setStages(stages.toArray(PipelineStage[]::new));
    }

    private static Fit fit(Estimator<?> estimator, Dataset<Row> train, Dataset<Row> test, boolean numbers) {
        train.cache().count();
        long start = System.nanoTime();
        Transformer model = (Transformer) estimator.fit(train);
        double seconds = (System.nanoTime() - start) * 1e-9;
        train.unpersist(true);
        Dataset<Row> predicted = model.transform(test);
        double score = numbers
                ? new RegressionEvaluator().setMetricName("r2").evaluate(predicted)
                : predicted
                        .agg(avg(expr("double(prediction = label)")))
                        .head()
                        .getDouble(0);
        return new Fit(model, seconds, score);
    }

    private double boosting(Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, "benchmarks/tables.py", "boosting", directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException("benchmarks/tables.py boosting: exit code " + process.exitValue());
        }
        return Double.parseDouble(line.substring(line.indexOf('=') + 1, line.indexOf(' ')));
    }
}
