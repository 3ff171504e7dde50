package io.etastar.optimizer.lbfgs;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$mcD$sp;
import breeze.optimize.DiffFunction;
import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.function.Function;
import scala.Tuple2;

/** A function of theta [P] as Breeze's optimizers take it. Remembers the point it began at and the last one. */
final class BreezeFunction {
    private final Function<double[], Evaluation> function;
    private final Evaluation start;
    private Evaluation last;

    /**
     * @param function evaluated at each new point; keeps no array that it is given
     * @param start a point if it is known
     */
    BreezeFunction(Function<double[], Evaluation> function, Evaluation start) {
        this.function = function;
        this.start = start;
        last = start;
    }

    static DenseVector<Object> vector(double[] values) {
        return new DenseVector$mcD$sp(values);
    }

    /** The elements of a vector that is whole; shared. */
    static double[] array(DenseVector<Object> vector) {
        return (double[]) vector.data();
    }

    Evaluation at(double[] theta) {
        if (Arrays.equals(start.theta(), theta)) {
            return start;
        }
        if (!Arrays.equals(last.theta(), theta)) {
            last = function.apply(theta);
        }
        return last;
    }

    /** Called by Breeze: value and gradient; the gradient is shared and only read. */
    @SuppressWarnings("unchecked")
    private Tuple2<Object, Object> calculate(Object theta) {
        Evaluation evaluation = at(array((DenseVector<Object>) theta));
        return new Tuple2<>(evaluation.value(), vector(evaluation.gradient()));
    }

    /**
     * This as Breeze's type. No Java class can implement that: it inherits two methods {@code apply} that differ in their
     * result alone. Breeze's optimizers call {@code calculate} only.
     */
    @SuppressWarnings("unchecked")
    DiffFunction<DenseVector<Object>> differentiable() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodType type = MethodType.methodType(Tuple2.class, Object.class);
            CallSite site = LambdaMetafactory.metafactory(
                    lookup,
                    "calculate",
                    MethodType.methodType(DiffFunction.class, BreezeFunction.class),
                    type,
                    lookup.findVirtual(BreezeFunction.class, "calculate", type),
                    type);
            return (DiffFunction<DenseVector<Object>>) site.getTarget().invoke(this);
        } catch (Throwable e) {
            throw new IllegalStateException("Breeze's DiffFunction is not as expected", e);
        }
    }
}
