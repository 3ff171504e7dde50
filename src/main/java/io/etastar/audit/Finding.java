package io.etastar.audit;

import java.util.List;

/**
 * One thing that an audit says.
 *
 * @param kind of it
 * @param names of tensors
 * @param sentence with the figures
 * @param factor for too far and too short, the offered rate over the job's; else 1
 */
public record Finding(Kind kind, List<String> names, String sentence, double factor) {
    /** A kind of finding. */
    public enum Kind {
        /** A lower rate does better. */
        TOO_FAR,
        /** A higher rate does better. */
        TOO_SHORT,
        /** No rate does better. */
        KEEP,
        /** Tensors could step much further, or less far, than the rest. */
        DIFFERS,
        /** Tensors do not move though the loss depends on them. */
        STANDS_STILL,
        /** The loss does not depend on the tensors. */
        NO_SLOPE,
        /** Two tensors whose rates depend on each other. */
        INTERACTS
    }

    Finding(Kind kind, List<String> names, String sentence) {
        this(kind, names, sentence, 1);
    }
}
