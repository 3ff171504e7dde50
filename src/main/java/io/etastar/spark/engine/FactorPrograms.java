package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.taylor.FactorProgram;
import io.etastar.tensor.RawArray;

/** An engine's program for Kronecker factors, compiled when it is first needed: most engines never need it. */
final class FactorPrograms implements AutoCloseable {
    private final ProgramFactory factory;
    private final boolean any;
    private RawArray theta;
    private Long seed;
    private FactorProgram program;
    private boolean drawn;

    /** @param partition of the engine; with one there are no factors */
    FactorPrograms(ProgramFactory factory, Partition partition) {
        this.factory = factory;
        any = partition == null;
    }

    /** Keeps theta [P], shared, until there is a program to copy it into. */
    void setParameters(RawArray values) {
        theta = any ? values : null;
    }

    /** Remembers the seed of labels and dropout; null for none. */
    void setSeed(Long value) {
        seed = value;
    }

    KroneckerFactors factors(Shard shard, int[] rows, boolean sampled) {
        if (theta == null) {
            throw new IllegalStateException("Kronecker factors need an engine without a partition, and theta");
        }
        compile(sampled);
        program.setParameters(theta);
        if (seed == null) {
            program.clearSeed();
        } else {
            program.setSeed(seed);
        }
        return program.factors(shard, rows);
    }

    private void compile(boolean sampled) {
        if (program == null || drawn != sampled) {
            close();
            program = FactorProgram.compile(
                    factory.model().build(factory.type()),
                    factory.type(),
                    factory.microBatch(),
                    factory.gradientRows(),
                    sampled);
            drawn = sampled;
        }
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
            program = null;
        }
    }
}
