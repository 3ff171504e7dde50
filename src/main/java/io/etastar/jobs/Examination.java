package io.etastar.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.etastar.graph.ModelDescription;
import io.etastar.inference.ColumnInteractions;
import io.etastar.inference.Confusion;
import io.etastar.inference.OutputFits;
import io.etastar.inference.SampledPredictions;
import io.etastar.report.RunDirectory;
import io.etastar.table.TableEncoding;
import io.etastar.training.ModelShape;
import io.etastar.training.Trained;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Looks at a trained model on some of the test rows, for the report: what each column of a table is worth to it, and how each class is
 * predicted. What goes wrong is said in one line; the run is not touched by that.
 */
final class Examination implements Consumer<Trained> {
    private static final int MOST_SHUFFLED = 4000;
    private static final int MOST_INTERACTING = 60;
    private static final int MOST_PREDICTED = 100_000;
    /** Fewer rows say nothing, unless these are all. */
    private static final int LEAST = 30;
    /** Predictions that are written, of the worst ones and of others. */
    private static final int SHOWN = 15;
    /** Matrices of more classes are not written. */
    private static final int LARGEST_MATRIX = 50;

    private final RunDirectory run;
    private final long seed;
    private final PrintStream err;

    /**
     * @param run where the results are written
     * @param seed of the choice of rows, and of shuffles
     * @param err where problems are said
     */
    Examination(RunDirectory run, long seed, PrintStream err) {
        this.run = run;
        this.seed = seed;
        this.err = err;
    }

    /**
     * The member {@code importance} of columns.json.
     *
     * @param rows test rows that it was measured on
     * @param columns the most important one first
     */
    private record Importances(int rows, List<Column> columns) {}

    /**
     * The member {@code interactions} of columns.json: {@link ColumnInteractions} on some rows.
     *
     * @param rows test rows that they were measured on
     */
    private record Interactions(int rows, List<String> columns, double[] g, double[][] h) {}

    private record Column(
            String column,
            double lossIncrease,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double accuracyDecrease) {
        static Column of(OutputFits.Importance each, boolean classes) {
            return new Column(each.column(), each.loss(), classes ? Double.valueOf(each.accuracy()) : null);
        }
    }

    /**
     * The member {@code classes} of classes.json.
     *
     * @param rows test rows that were predicted
     * @param count number of classes
     * @param classes those with test rows, in order
     * @param confusion weight of rows by label and prediction [count][count]; null for many classes
     */
    private record Classes(
            long rows,
            int count,
            List<Label> classes,
            @JsonInclude(JsonInclude.Include.NON_NULL) double[][] confusion) {}

    /**
     * A class.
     *
     * @param name the label
     * @param rows weight of its rows
     * @param correct weight of those that are predicted as it
     * @param mistakenFor the class that most of the others are predicted as, if there are any
     */
    private record Label(
            String name,
            double rows,
            double correct,
            @JsonInclude(JsonInclude.Include.NON_NULL) String mistakenFor) {}

    /**
     * The member {@code predictions} of predictions.json.
     *
     * @param rows test rows that were predicted
     * @param worst the farthest from its target first
     * @param spread others, over all rows
     */
    private record Predictions(long rows, List<Prediction> worst, List<Prediction> spread) {}

    /**
     * A row.
     *
     * @param target a number, or the name of a class
     * @param prediction the same
     * @param error prediction - target of numbers
     * @param probability of the class that is predicted
     * @param ofTarget probability of the row's own class
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Prediction(Object target, Object prediction, Double error, Double probability, Double ofTarget) {
        static Prediction of(SampledPredictions.Row row, int classes, List<String> names) {
            return classes == 0
                    ? new Prediction(row.target(), row.prediction(), row.prediction() - row.target(), null, null)
                    : new Prediction(
                            name((int) row.target(), names),
                            name((int) row.prediction(), names),
                            null,
                            row.probability(),
                            row.ofTarget());
        }
    }

    @Override
    public void accept(Trained trained) {
        if (trained.test().transform() != null) {
            return;
        }
        measured("importance of columns", () -> {
            columns(trained);
            interactions(trained);
        });
        measured("predictions by class", () -> classes(trained));
        measured("predictions of rows", () -> predictions(trained));
    }

    private void measured(String what, Runnable measurement) {
        try {
            measurement.run();
            // Spark throws checked exceptions without saying so.
        } catch (Exception problem) {
            String reason =
                    String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
            err.println(what + " not measured, the run is not touched by that: " + reason);
        }
    }

    private void columns(Trained trained) {
        TableEncoding table = trained.model().table();
        if (table == null) {
            return;
        }
        int rows = rows(trained, MOST_SHUFFLED, table.columns().size() + 1);
        if (rows == 0) {
            err.println(
                    "importance of " + table.columns().size()
                            + " columns not measured, for it takes longer than a twentieth of the run; jobs/evaluate.sh --importance does");
            return;
        }
        int classes = trained.model().classes();
        List<Column> columns =
                OutputFits.importance(trained.rows(rows, seed), Evaluate.network(trained.model()), classes, table, seed)
                        .stream()
                        .sorted(Comparator.comparingDouble(OutputFits.Importance::loss)
                                .reversed())
                        .map(each -> Column.of(each, classes > 0))
                        .toList();
        run.put("columns.json", "importance", new Importances(rows, columns));
    }

    /** Of perceptrons with few columns: others have them by {@code jobs/evaluate.sh --interactions}. */
    private void interactions(Trained trained) {
        TableEncoding table = trained.model().table();
        if (table == null
                || table.columns().size() > MOST_INTERACTING
                || !shape(trained).kind().equals("perceptron")) {
            return;
        }
        // In double precision, with a tangent for each column: some three forward passes for each.
        int rows = rows(trained, MOST_SHUFFLED, 3 * (table.columns().size() + 2));
        if (rows > 0) {
            ColumnInteractions found =
                    ColumnInteractions.of(trained.rows(rows, seed), Evaluate.network(trained.model()), table);
            run.put("columns.json", "interactions", new Interactions(rows, found.columns(), found.g(), found.h()));
        }
    }

    /** Rows to take; 0 if those that there is time for are too few. */
    private static int rows(Trained trained, int most, int passes) {
        int all = trained.test().rows();
        int rows = (int) Math.min(Math.min(most, all), trained.affordable() / passes);
        return rows < Math.min(LEAST, all) ? 0 : rows;
    }

    private void classes(Trained trained) {
        int classes = trained.model().classes();
        int rows = rows(trained, MOST_PREDICTED, 1);
        if (classes == 0 || rows == 0 || shape(trained).targets() != 1) {
            return;
        }
        Confusion found = Confusion.of(trained.rows(rows, seed), Evaluate.network(trained.model()), classes);
        List<String> names = trained.model().classValues().names();
        List<Label> labels =
                found.labels().stream().map(label -> label(found, label, names)).toList();
        double[][] matrix = classes > LARGEST_MATRIX
                ? null
                : IntStream.range(0, classes)
                        .mapToObj(label -> IntStream.range(0, classes)
                                .mapToDouble(predicted -> found.at(label, predicted))
                                .toArray())
                        .toArray(double[][]::new);
        run.put("classes.json", "classes", new Classes(found.rows(), classes, labels, matrix));
    }

    private void predictions(Trained trained) {
        int classes = trained.model().classes();
        int rows = rows(trained, MOST_PREDICTED, 1);
        if (rows == 0 || shape(trained).targets() != 1) {
            return;
        }
        SampledPredictions found =
                SampledPredictions.of(trained.rows(rows, seed), Evaluate.network(trained.model()), classes, SHOWN);
        List<String> names =
                classes == 0 ? List.of() : trained.model().classValues().names();
        run.put(
                "predictions.json",
                "predictions",
                new Predictions(
                        found.rows(),
                        found.worst().stream()
                                .map(row -> Prediction.of(row, classes, names))
                                .toList(),
                        found.spread().stream()
                                .map(row -> Prediction.of(row, classes, names))
                                .toList()));
    }

    private static ModelShape shape(Trained trained) {
        return ModelShape.of(ModelDescription.of(trained.model()));
    }

    private static Label label(Confusion found, int label, List<String> names) {
        int mistaken = found.mistakenFor(label);
        return new Label(
                name(label, names),
                found.of(label),
                found.at(label, label),
                mistaken < 0 ? null : name(mistaken, names));
    }

    private static String name(int label, List<String> names) {
        return names.isEmpty() ? Integer.toString(label) : names.get(label);
    }
}
