package io.etastar.quantity;

import java.io.Serializable;

/** The rows of a quantity, by number: the same number is the same batch, with the same dropout, whenever it is asked for. */
public sealed interface Batch {
    /** All rows, without dropout. */
    Batch ALL = new All();

    /** Number of the training step that the batch belongs to, from 0; 0 for all rows. */
    long step();

    /** The visitor's answer to this batch. */
    <R> R accept(Visitor<R> visitor);

    /**
     * The batch of a training step.
     *
     * @param step number of the step, from 0
     */
    record Step(long step) implements Batch {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.step(this);
        }
    }

    /**
     * The batch of a summary: one of its own, or that of the training step, or a part of it, if the objective has none for summaries alone.
     *
     * @param index number of the summary, from 0
     * @param step number of the training step that makes it, from 0
     * @param part of the training step's batch
     */
    record Summary(long index, long step, Part part) implements Batch {
        /** All rows of a summary's batch. */
        public Summary(long index, long step) {
            this(index, step, Part.WHOLE);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.summary(this);
        }
    }

    /**
     * Training rows other than those of a step's batch, unless that has all of them: the batches that follow in its epoch.
     *
     * @param step number of the training step, from 0
     * @param least rows, if there are as many
     * @param part of each batch that is taken
     */
    record Other(long step, int least, Part part) implements Batch {
        /** Whole batches. */
        public Other(long step, int least) {
            this(step, least, Part.WHOLE);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.other(this);
        }
    }

    /**
     * A part of a batch: the first rows of each shard's, in the order in which they are drawn.
     *
     * @param share of the rows, above 0 and at most 1
     * @param least rows, if there are as many
     */
    record Part(double share, int least) implements Serializable {
        /** All rows. */
        static final Part WHOLE = new Part(1, 0);

        /** How many of {@code rows} are taken, before each shard's are rounded up. */
        public long of(long rows) {
            return Math.min(rows, Math.max(least, (long) Math.ceil(share * rows)));
        }
    }

    /** All rows, without dropout. */
    record All() implements Batch {
        @Override
        public long step() {
            return 0;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.all();
        }
    }

    /**
     * A method for each kind of batch.
     *
     * @param <R> the answer
     */
    interface Visitor<R> {
        /** The batch of a training step. */
        R step(Step batch);

        /** The batch of a summary. */
        R summary(Summary batch);

        /** Other rows than those of a training step. */
        R other(Other batch);

        /** All rows. */
        R all();
    }
}
