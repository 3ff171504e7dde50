package io.etastar.ml;

import io.etastar.spark.engine.ModelOutputs;
import io.etastar.tensor.RawArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Appends a model's outputs to the rows of a partition, some hundred rows at once.
 *
 * @param recipe what is computed
 * @param features column that is read
 * @param columns that are appended
 */
record ScoreTask(Broadcast<Scorer.Recipe> recipe, FeatureColumn features, OutputColumns columns)
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
                engine =
                        ModelOutputs.open(recipe.value().model(), recipe.value().theta(), ROWS);
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
