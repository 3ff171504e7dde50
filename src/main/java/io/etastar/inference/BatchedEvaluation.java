package io.etastar.inference;

import static io.etastar.inference.Scala.function;
import static io.etastar.inference.Scala.list;
import static io.etastar.inference.Scala.partial;
import static io.etastar.inference.Scala.seq;

import io.etastar.inference.NetworkCall.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.Metadata;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * The last rule of the optimizer: {@link NetworkOutput}s, which Catalyst has by then pruned and moved filters past, are evaluated by
 * an {@link EvaluateNetwork} below the node that reads them. Outputs of one network for the same features are evaluated once,
 * those that a filter reads and those above it together.
 */
public final class BatchedEvaluation extends Rule<LogicalPlan> {
    private BatchedEvaluation() {}

    /** Adds the rule and the strategy to a session, once. */
    public static void install(SparkSession session) {
        ExperimentalMethods methods = session.experimental();
        synchronized (methods) {
            List<Rule<LogicalPlan>> rules = new ArrayList<>(list(methods.extraOptimizations()));
            if (rules.stream().noneMatch(BatchedEvaluation.class::isInstance)) {
                List<SparkStrategy> strategies = new ArrayList<>(list(methods.extraStrategies()));
                strategies.add(new Strategy());
                methods.extraStrategies_$eq(seq(strategies));
                rules.add(new BatchedEvaluation());
                methods.extraOptimizations_$eq(seq(rules));
            }
        }
    }

    /** Plans {@link EvaluateNetwork}. */
    private static final class Strategy extends SparkStrategy {
        @Override
        public Seq<SparkPlan> apply(LogicalPlan plan) {
            return plan instanceof EvaluateNetwork node
                    ? seq(List.of(node.planned(planLater(node.child()))))
                    : seq(List.of());
        }
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return rewritten(plan, ids(list(plan.output())));
    }

    /** A plan without outputs to evaluate; of its columns it has at least the required ones. */
    private static LogicalPlan rewritten(LogicalPlan plan, Set<ExprId> required) {
        if (!any(plan, node -> !outputs(node).isEmpty())) {
            return plan;
        }
        LogicalPlan node = plan instanceof Filter filter ? split(filter) : plan;
        for (NetworkOutput output : outputs(node)) {
            for (LogicalPlan child : list(node.children())) {
                if (ids(list(child.output())).containsAll(references(output.features()))) {
                    return rewritten(evaluated(node, child, Evaluation.of(output, node), required), required);
                }
            }
        }
        return node.mapChildren(function(child -> rewritten(child, read(node, child, required))));
    }

    /** The columns of {@code child} that a node above it needs for those that are required of itself. */
    private static Set<ExprId> read(LogicalPlan node, LogicalPlan child, Set<ExprId> required) {
        if (node instanceof Filter filter) {
            return union(required, references(filter.condition()));
        }
        return node instanceof Project || node instanceof Aggregate
                ? references(list(node.expressions()))
                : ids(list(child.output()));
    }

    /** The node with its outputs evaluated below {@code child}, and with the columns that it had. */
    private static LogicalPlan evaluated(
            LogicalPlan node, LogicalPlan child, Evaluation evaluation, Set<ExprId> required) {
        LogicalPlan reading = evaluation.replacedIn(node);
        LogicalPlan below = below(child, evaluation, read(reading, child, required));
        LogicalPlan replaced = reading.mapChildren(function(each -> each == child ? below : each));
        if (node instanceof Project || node instanceof Aggregate) {
            return replaced;
        }
        List<NamedExpression> columns = list(node.output()).stream()
                .filter(column -> !(node instanceof Filter) || required.contains(column.exprId()))
                .map(NamedExpression.class::cast)
                .toList();
        return new Project(seq(columns), replaced);
    }

    /** A plan with the columns of the evaluation and, of its own, at least the required ones. */
    private static LogicalPlan below(LogicalPlan plan, Evaluation evaluation, Set<ExprId> required) {
        if (plan instanceof Project project && isBelow(plan, evaluation)) {
            List<NamedExpression> columns = new ArrayList<>(list(project.projectList()).stream()
                    .filter(column -> required.contains(column.exprId()))
                    .toList());
            Set<ExprId> more = references(columns);
            columns.addAll(evaluation.results.values());
            return new Project(seq(columns), below(project.child(), evaluation.through(project), more));
        }
        if (plan instanceof Filter filter && isBelow(plan, evaluation)) {
            Filter own = split(filter);
            Evaluation all = evaluation.with(own);
            Filter reading = (Filter) all.replacedIn(own);
            Set<ExprId> more = union(required, references(reading.condition()));
            return new Filter(reading.condition(), below(own.child(), all, more));
        }
        return evaluation.over(rewritten(plan, union(required, references(evaluation.features))), required);
    }

    /** Whether a filter below reads outputs of the same network for the same features. */
    private static boolean isBelow(LogicalPlan plan, Evaluation evaluation) {
        if (evaluation.call.mixesRows()) {
            return false;
        }
        if (plan instanceof Project project) {
            return list(project.projectList()).stream().allMatch(each -> ((Expression) each).deterministic())
                    && isBelow(project.child(), evaluation.through(project));
        }
        return plan instanceof Filter filter
                && (outputs(filter).stream().anyMatch(evaluation::isOf) || isBelow(filter.child(), evaluation));
    }

    /** A filter of what reads outputs over a filter of what does not, which then drops rows before they are evaluated. */
    private static Filter split(Filter filter) {
        List<Expression> conjuncts = new ArrayList<>();
        addConjuncts(filter.condition(), conjuncts);
        Map<Boolean, List<Expression>> parts = conjuncts.stream()
                .collect(Collectors.partitioningBy(each -> outputs(each).isEmpty()));
        if (parts.get(true).isEmpty()
                || parts.get(false).isEmpty()
                || !filter.condition().deterministic()) {
            return filter;
        }
        Expression reading = parts.get(false).stream().reduce(And::new).orElseThrow();
        Expression others = parts.get(true).stream().reduce(And::new).orElseThrow();
        return new Filter(reading, new Filter(others, filter.child()));
    }

    private static void addConjuncts(Expression condition, List<Expression> into) {
        if (condition instanceof And and) {
            addConjuncts(and.left(), into);
            addConjuncts(and.right(), into);
        } else {
            into.add(condition);
        }
    }

    /** The outputs that a node reads, but those whose features are made of other outputs. */
    private static List<NetworkOutput> outputs(LogicalPlan node) {
        return list(node.expressions()).stream()
                .flatMap(each -> outputs(each).stream())
                .toList();
    }

    private static List<NetworkOutput> outputs(Expression expression) {
        List<NetworkOutput> found = list(expression.children()).stream()
                .flatMap(each -> outputs(each).stream())
                .collect(Collectors.toCollection(ArrayList::new));
        if (found.isEmpty() && expression instanceof NetworkOutput output) {
            found.add(output);
        }
        return found;
    }

    /**
     * Outputs of one network for the same features.
     *
     * @param features in terms of the plan that is looked at
     * @param results a column for each output
     */
    private record Evaluation(NetworkCall call, Expression features, Map<Output, Attribute> results) {
        static Evaluation of(NetworkOutput output, LogicalPlan node) {
            return new Evaluation(output.call(), output.features(), Map.of()).with(node);
        }

        boolean isOf(NetworkOutput output) {
            return call.equals(output.call())
                    && features.canonicalized().equals(output.features().canonicalized());
        }

        /** These and those that a node reads. */
        Evaluation with(LogicalPlan node) {
            Map<Output, Attribute> all = new LinkedHashMap<>(results);
            outputs(node).stream()
                    .filter(this::isOf)
                    .map(NetworkOutput::output)
                    .forEach(output -> all.computeIfAbsent(output, this::column));
            return new Evaluation(call, features, all);
        }

        private Attribute column(Output output) {
            String name = output.name().toLowerCase(Locale.ROOT);
            return new AttributeReference(
                    name, call.type(output), false, Metadata.empty(), NamedExpression.newExprId(), seq(List.of()));
        }

        /** The node reading the columns in place of the outputs. */
        LogicalPlan replacedIn(LogicalPlan node) {
            return node.transformExpressions(partial(each ->
                    each instanceof NetworkOutput output && isOf(output) ? results.get(output.output()) : null));
        }

        /** The same below a projection. */
        Evaluation through(Project project) {
            Map<ExprId, Expression> meanings = new LinkedHashMap<>();
            for (NamedExpression column : list(project.projectList())) {
                if (column instanceof Alias alias) {
                    meanings.put(alias.exprId(), alias.child());
                }
            }
            Expression inner = features.transform(
                    partial(each -> each instanceof Attribute column ? meanings.get(column.exprId()) : null));
            return new Evaluation(call, inner, results);
        }

        /** The evaluation over a plan, with the required columns of the plan. */
        LogicalPlan over(LogicalPlan plan, Set<ExprId> required) {
            List<Attribute> kept = list(plan.output()).stream()
                    .filter(column -> required.contains(column.exprId()))
                    .toList();
            List<NamedExpression> read = new ArrayList<>(kept);
            Attribute column;
            if (features instanceof Attribute already) {
                column = already;
                if (!ids(kept).contains(already.exprId())) {
                    read.add(already);
                }
            } else {
                Alias made = new Alias(
                        features,
                        "features",
                        NamedExpression.newExprId(),
                        seq(List.of()),
                        Option.empty(),
                        seq(List.of()));
                column = made.toAttribute();
                read.add(made);
            }
            boolean all = features instanceof Attribute
                    && read.size() == plan.output().size();
            LogicalPlan child = all ? plan : new Project(seq(read), plan);
            return new EvaluateNetwork(
                    call,
                    column,
                    seq(List.copyOf(results.keySet())),
                    seq(List.copyOf(results.values())),
                    seq(kept),
                    child);
        }
    }

    private static Set<ExprId> ids(List<? extends NamedExpression> columns) {
        return columns.stream().map(NamedExpression::exprId).collect(Collectors.toSet());
    }

    private static Set<ExprId> references(Expression expression) {
        return ids(list(expression.references().toSeq()));
    }

    private static Set<ExprId> references(List<?> expressions) {
        return expressions.stream()
                .flatMap(each -> references((Expression) each).stream())
                .collect(Collectors.toSet());
    }

    private static Set<ExprId> union(Set<ExprId> left, Set<ExprId> right) {
        return Stream.concat(left.stream(), right.stream()).collect(Collectors.toSet());
    }

    private static boolean any(LogicalPlan plan, Predicate<LogicalPlan> test) {
        return test.test(plan) || list(plan.children()).stream().anyMatch(child -> any(child, test));
    }
}
