package io.etastar.source;

import io.etastar.spark.rows.Rows;
import io.etastar.storage.StoredModel;
import io.etastar.table.TableEncoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What training rows tell of all others.
 *
 * @param table how the columns of a table are encoded, or null if features are what the data hold
 * @param classes number of classes, 0 if targets are numbers
 * @param classNames name of each class, in the order of their indices; empty if classes have no names
 */
public record Known(@Nullable TableEncoding table, int classes, List<String> classNames) {
    /** What the training rows said. */
    static Known of(Rows train) {
        return new Known(
                train.encoding(), train.stored().classes(), train.stored().classNames());
    }

    /** What the training rows of a trained model said. */
    public static Known of(StoredModel model) {
        return new Known(model.table(), model.classes(), List.of());
    }
}
