package io.etastar.spark;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.taylor.HessianProgram;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.Threads;

/**
 * Engines that are compiled programs of a zoo model.
 *
 * @param model recipe of the model; built where the engine is made
 * @param type precision of all arithmetic
 * @param microBatch rows processed at once, 0 for automatic
 * @param gradientRows most rows of a shard in one gradient or loss
 * @param summaryRows most rows of a shard in one summary
 */
public record ProgramFactory(ModelDescription model, DType type, int microBatch, int gradientRows, int summaryRows)
        implements EngineFactory {
    @Override
    public Engine create(Partition partition) {
        Model graph = model.build(type);
        int rows = partition == null ? gradientRows : summaryRows;
        int size = microBatch > 0 ? microBatch : Program.automaticBatch(graph, type, partition, rows);
        Program program = Program.compile(graph, type, size, partition);
        return new ProgramEngine(program, partition == null ? () -> hessian(graph) : null);
    }

    private HessianProgram hessian(Model graph) {
        return HessianProgram.compile(graph, type, microBatch, gradientRows);
    }

    @Override
    public String key(Partition partition) {
        return String.join(
                "\n", model.json(), type.key(), microBatch + " " + gradientRows + " " + summaryRows, "" + partition);
    }

    @Override
    public void prepareThread(int cores) {
        Threads.perTask(cores);
    }
}
