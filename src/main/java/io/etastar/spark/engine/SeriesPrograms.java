package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.TaylorTerms;
import io.etastar.taylor.SeriesProgram;
import io.etastar.tensor.RawArray;

/** The part of an engine for derivatives of any order: a program is compiled when an order is first asked for, and kept. */
final class SeriesPrograms implements AutoCloseable {
    private final ProgramFactory factory;
    private final Partition partition;
    private RawArray theta;
    private RawArray direction;
    private Long seed;
    private SeriesProgram program;
    private int order;

    /** @param partition null for engines that are asked for no such derivatives */
    SeriesPrograms(ProgramFactory factory, Partition partition) {
        this.factory = factory;
        this.partition = partition;
    }

    /** Remembers theta [P]; shared. */
    void setParameters(RawArray values) {
        theta = partition == null ? null : values;
    }

    /** Remembers u [P]; shared. */
    void setDirection(RawArray values) {
        direction = partition == null ? null : values;
    }

    /** Remembers the seed of dropout; null for none. */
    void setSeed(Long value) {
        seed = value;
    }

    DerivativeTensor derivatives(Shard shard, int[] rows, int of) {
        return program(of).derivatives(shard, rows);
    }

    TaylorTerms terms(Shard shard, int[] rows, int of) {
        return program(of).terms(shard, rows);
    }

    private SeriesProgram program(int of) {
        if (partition == null) {
            throw new IllegalStateException("the engine was made without a partition");
        }
        if (program == null || order != of) {
            close();
            Model model = factory.model().build(factory.type());
            int rows = factory.microBatch() > 0
                    ? factory.microBatch()
                    : SeriesProgram.automaticBatch(model, factory.type(), of, factory.summaryRows());
            program = SeriesProgram.compile(model, factory.type(), rows, partition, of);
            order = of;
        }
        program.setParameters(theta);
        program.setDirection(direction);
        if (seed == null) {
            program.clearSeed();
        } else {
            program.setSeed(seed);
        }
        return program;
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
            program = null;
        }
    }
}
