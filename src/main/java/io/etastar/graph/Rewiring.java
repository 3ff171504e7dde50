package io.etastar.graph;

import io.etastar.UserError;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.factory.Nd4j;

/** Changes of what the ops of a graph read. */
public final class Rewiring {
    private Rewiring() {}

    /** Makes all ops but {@code except} read {@code now} in place of {@code before}. */
    public static void replace(SameDiff graph, String before, SDVariable now, List<String> except) {
        for (String reader : List.copyOf(readers(graph, before))) {
            SameDiffOp op = graph.getOps().get(reader);
            for (int i = 0; i < op.getInputsToOp().size(); i++) {
                if (op.getInputsToOp().get(i).equals(before) && !except.contains(reader)) {
                    graph.replaceArgFor(i, now, op.getOp());
                }
            }
        }
    }

    private static List<String> readers(SameDiff graph, String variable) {
        List<String> readers = graph.getVariables().get(variable).getInputsForOp();
        return readers == null ? List.of() : readers;
    }

    /** The model with constants in place of means over the rows of a batch; its graph is changed. */
    static Model withStatistics(Model model, List<Statistic> statistics) {
        SameDiff graph = model.graph();
        for (Statistic statistic : statistics) {
            if (!graph.hasVariable(statistic.name())) {
                throw new UserError(
                        UserError.Subject.of("model.statistics"),
                        "'" + statistic.name() + "'",
                        "a variable of the graph");
            }
            SDVariable computed = graph.getVariable(statistic.name());
            long[] shape = Arrays.stream(statistic.shape()).asLongStream().toArray();
            SDVariable constant = graph.constant(
                    free(graph, statistic.name() + ".stored"),
                    Nd4j.createFromArray(statistic.values()).reshape(shape).castTo(computed.dataType()));
            replace(graph, statistic.name(), constant, List.of());
        }
        return model;
    }

    private static String free(SameDiff graph, String wanted) {
        String name = wanted;
        while (graph.hasVariable(name)) {
            name = "_" + name;
        }
        return name;
    }
}
