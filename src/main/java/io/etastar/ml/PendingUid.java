package io.etastar.ml;

import org.apache.spark.ml.util.Identifiable$;

/**
 * The uid of an object under construction: Spark's constructors ask for it before a subclass can set a field.
 *
 * @param value the uid
 */
record PendingUid(String value) {
    private static final ThreadLocal<String> PENDING = new ThreadLocal<>();

    /** Makes {@code uid} the one that {@link #current} gives on this thread; evaluated before the constructor runs. */
    static PendingUid of(String uid) {
        PENDING.set(uid);
        return new PendingUid(uid);
    }

    /** The same with a new uid. */
    static PendingUid random(String prefix) {
        return of(Identifiable$.MODULE$.randomUID(prefix));
    }

    /** The uid of the object that this thread constructs. */
    static String current() {
        return PENDING.get();
    }
}
