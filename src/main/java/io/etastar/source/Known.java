package io.etastar.source;

import io.etastar.spark.rows.Rows;
import io.etastar.storage.StoredModel;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import org.jspecify.annotations.Nullable;

/**
 * What training rows tell of all others.
 *
 * @param table how the columns of a table are encoded, or null if features are what the data hold
 * @param classes number of classes, 0 if targets are numbers
 * @param values values of labels that are the classes; class indices if classes have no names
 */
public record Known(@Nullable TableEncoding table, int classes, ClassValues values) {
    /** What the training rows said. */
    static Known of(Rows train) {
        return new Known(train.encoding(), train.stored().classes(), train.classValues());
    }

    /** What the training rows of a trained model said. */
    public static Known of(StoredModel model) {
        return new Known(model.table(), model.classes(), model.classValues());
    }
}
