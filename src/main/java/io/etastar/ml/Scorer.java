package io.etastar.ml;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.Point;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import io.etastar.training.ModelShape;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/** Applies a trained model: on the driver, row by row, or over a frame. */
final class Scorer implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StoredModel stored;
    private final Recipe recipe;
    private final ModelShape shape;
    private final int inputs;
    private transient Broadcast<Recipe> sent;
    private transient SparkContext sentBy;

    /**
     * What travels to executors, once for each model and context.
     *
     * @param model recipe of the model
     * @param point parameters [P]
     * @param input shape of a row's features
     * @param targets elements of a row's targets
     * @param standardisation of features, or null
     */
    record Recipe(
            ModelDescription model, Point<RawArray> point, int[] input, int targets, Standardisation standardisation)
            implements Serializable {
        /** Outputs for rows as they come from a column [rows, features]; {@code features} are overwritten. */
        RawArray outputs(ModelOutputs engine, float[] features, int rows) {
            return engine.of(shard(features, rows));
        }

        /** Outputs for one row as it comes from a column [features], which is overwritten. */
        RawArray outputs(float... features) {
            return ModelOutputs.ofRow(model, point, shard(features, 1));
        }

        private Shard shard(float[] features, int rows) {
            Shard shard = new Shard(rows, RawArray.of(features), RawArray.of(new float[rows * targets]));
            if (standardisation != null) {
                standardisation.applyInPlace(shard, input);
            }
            return shard;
        }
    }

    Scorer(StoredModel stored) {
        this.stored = stored;
        ModelDescription model = new ModelDescription(stored.description());
        shape = ModelShape.of(model);
        int[] input = shape.input().stream().mapToInt(Integer::intValue).toArray();
        inputs = shape.inputs();
        Standardisation standardisation =
                stored.mean() == null ? null : new Standardisation(stored.mean(), stored.deviation());
        recipe = new Recipe(model, Point.at(stored.theta()), input, shape.targets(), standardisation);
    }

    StoredModel stored() {
        return stored;
    }

    ModelShape shape() {
        return shape;
    }

    /** Shape of a row's features; shared. */
    int[] input() {
        return recipe.input;
    }

    /** Elements of a row's features. */
    int inputs() {
        return inputs;
    }

    /** Bytes of the parameters and of the description. */
    long bytes() {
        return (long) stored.theta().length() * stored.theta().type().bytes()
                + stored.description().length();
    }

    /** Outputs for one row; on the calling thread, on the driver or in a task. */
    double[] outputs(Vector features) {
        if (features.size() != inputs) {
            throw new IllegalArgumentException(
                    "features: found a vector of " + features.size() + " elements, expected " + inputs);
        }
        float[] row = new float[inputs];
        features.foreachNonZero((index, value) -> {
            row[(int) index] = (float) (double) value;
            return null;
        });
        return recipe.outputs(row).toDoubles();
    }

    /**
     * The frame with further columns.
     *
     * @param features column to read
     * @param schema of the result: the frame's columns, then those of {@code outputs}
     */
    Dataset<Row> transform(Dataset<Row> frame, FeatureColumn features, OutputColumns outputs, StructType schema) {
        Task task = new Task(broadcast(frame.sparkSession().sparkContext()), features, outputs);
        // Encoders drop the metadata of columns, of which Spark ML makes use.
        return frame.mapPartitions(task, Encoders.row(schema)).to(schema);
    }

    /** Freed by Spark when neither this model nor a frame that it made is in use. */
    private synchronized Broadcast<Recipe> broadcast(SparkContext context) {
        if (sent == null || sentBy != context) {
            sent = JavaSparkContext.fromSparkContext(context).broadcast(recipe);
            sentBy = context;
        }
        return sent;
    }

    /**
     * Appends a model's outputs to the rows of a partition, some hundred rows at once.
     *
     * @param recipe what is computed
     * @param features column that is read
     * @param columns that are appended
     */
    private record Task(Broadcast<Recipe> recipe, FeatureColumn features, OutputColumns columns)
            implements MapPartitionsFunction<Row, Row> {
        private static final int ROWS = 512;

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            return new Scored(rows);
        }

        /** Holds an engine from the first row on, until the rows or the task end. */
        private final class Scored implements Iterator<Row> {
            private final Iterator<Row> rows;
            private final ArrayDeque<Row> ready = new ArrayDeque<>();
            private ModelOutputs engine;

            Scored(Iterator<Row> rows) {
                this.rows = rows;
                TaskContext task = TaskContext.get();
                if (task != null) {
                    task.addTaskCompletionListener((TaskCompletionListener) context -> close());
                }
            }

            @Override
            public boolean hasNext() {
                if (ready.isEmpty() && rows.hasNext()) {
                    score();
                }
                if (ready.isEmpty()) {
                    close();
                }
                return !ready.isEmpty();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.pop();
            }

            private void score() {
                int length = features.length();
                List<Row> batch = new ArrayList<>(ROWS);
                float[] values = new float[ROWS * length];
                while (batch.size() < ROWS && rows.hasNext()) {
                    Row row = rows.next();
                    features.read(row, values, batch.size() * length);
                    batch.add(row);
                }
                float[] used = batch.size() == ROWS ? values : Arrays.copyOf(values, batch.size() * length);
                RawArray outputs = recipe.value().outputs(engine(), used, batch.size());
                int width = outputs.length() / batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    ready.add(joined(batch.get(i), columns.of(outputs, i, width)));
                }
            }

            private Row joined(Row row, List<Object> more) {
                Object[] all = new Object[row.length() + more.size()];
                for (int i = 0; i < row.length(); i++) {
                    all[i] = row.get(i);
                }
                for (int i = 0; i < more.size(); i++) {
                    all[row.length() + i] = more.get(i);
                }
                return RowFactory.create(all);
            }

            private synchronized ModelOutputs engine() {
                if (engine == null) {
                    engine = ModelOutputs.open(
                            recipe.value().model(), recipe.value().point(), ROWS);
                }
                return engine;
            }

            private synchronized void close() {
                if (engine != null) {
                    engine.close();
                    engine = null;
                }
            }
        }
    }
}
