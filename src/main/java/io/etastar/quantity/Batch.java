package io.etastar.quantity;

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
     * The batch of a summary: one of its own, or that of the training step if the objective has none for summaries alone.
     *
     * @param index number of the summary, from 0
     * @param step number of the training step that makes it, from 0
     */
    record Summary(long index, long step) implements Batch {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.summary(this);
        }
    }

    /**
     * Training rows other than those of a step's batch, unless that has all of them: the batches that follow in its epoch.
     *
     * @param step number of the training step, from 0
     * @param least rows, if there are as many: whole batches are taken
     */
    record Other(long step, int least) implements Batch {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.other(this);
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
