package io.etastar.optimizer.lbfgs;

import breeze.generic.UFunc;
import breeze.linalg.DenseVector;
import breeze.linalg.NumericOps;
import breeze.linalg.operators.OpAdd$;
import breeze.linalg.operators.OpMulInner$;
import breeze.linalg.operators.OpMulScalar$;
import breeze.linalg.operators.OpSet$;
import breeze.linalg.operators.OpSub$;
import breeze.linalg.scaleAdd$;
import breeze.linalg.support.CanCopy;
import breeze.linalg.support.CanCreateZerosLike;
import breeze.math.Field;
import breeze.math.MutableInnerProductModule;
import breeze.math.Ring;
import java.util.function.DoubleBinaryOperator;
import scala.$less$colon$less;
import scala.$less$colon$less$;

/**
 * The vector space [P] of Breeze's optimizers, in loops of Java. Breeze's own goes to the BLAS of the machine if there is one, with
 * which two runs on the same numbers were seen to differ in their last bits.
 */
final class VectorSpace {
    private VectorSpace() {}

    /** The space, of whole vectors as {@link BreezeFunction#vector} makes them. */
    @SuppressWarnings("unchecked")
    static MutableInnerProductModule<DenseVector<Object>, Object> create() {
        CanCreateZerosLike<DenseVector<Object>, DenseVector<Object>> zeros =
                like -> BreezeFunction.vector(new double[like.length()]);
        CanCopy<DenseVector<Object>> copy =
                vector -> BreezeFunction.vector(BreezeFunction.array(vector).clone());
        UFunc.UImpl2<OpMulScalar$, DenseVector<Object>, Object, DenseVector<Object>> scaled =
                (vector, factor) -> map(vector, vector, (x, same) -> x * (double) factor);
        UFunc.UImpl2<OpAdd$, DenseVector<Object>, DenseVector<Object>, DenseVector<Object>> sum =
                (left, right) -> map(left, right, Double::sum);
        UFunc.UImpl2<OpSub$, DenseVector<Object>, DenseVector<Object>, DenseVector<Object>> difference =
                (left, right) -> map(left, right, (x, y) -> x - y);
        UFunc.UImpl2<OpMulInner$, DenseVector<Object>, DenseVector<Object>, Object> dot = VectorSpace::dot;
        UFunc.InPlaceImpl2<OpMulScalar$, DenseVector<Object>, Object> scale =
                (vector, factor) -> into(vector, vector, (x, same) -> x * (double) factor);
        UFunc.InPlaceImpl2<OpAdd$, DenseVector<Object>, DenseVector<Object>> add =
                (left, right) -> into(left, right, Double::sum);
        UFunc.InPlaceImpl2<OpSub$, DenseVector<Object>, DenseVector<Object>> subtract =
                (left, right) -> into(left, right, (x, y) -> x - y);
        UFunc.InPlaceImpl2<OpSet$, DenseVector<Object>, DenseVector<Object>> set =
                (left, right) -> into(left, right, (x, y) -> y);
        UFunc.InPlaceImpl3<scaleAdd$, DenseVector<Object>, Object, DenseVector<Object>> addScaled =
                (left, factor, right) -> into(left, right, (x, y) -> x + (double) factor * y);
        return MutableInnerProductModule.make(
                (Ring<Object>) (Object) Field.fieldDouble$.MODULE$,
                ($less$colon$less<DenseVector<Object>, NumericOps<DenseVector<Object>>>)
                        (Object) $less$colon$less$.MODULE$.refl(),
                zeros,
                scaled,
                sum,
                difference,
                dot,
                copy,
                scale,
                add,
                subtract,
                set,
                addScaled);
    }

    private static Object dot(DenseVector<Object> left, DenseVector<Object> right) {
        double[] x = BreezeFunction.array(left);
        double[] y = BreezeFunction.array(right);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static DenseVector<Object> map(
            DenseVector<Object> left, DenseVector<Object> right, DoubleBinaryOperator operator) {
        DenseVector<Object> result =
                BreezeFunction.vector(BreezeFunction.array(left).clone());
        into(result, right, operator);
        return result;
    }

    private static void into(DenseVector<Object> left, DenseVector<Object> right, DoubleBinaryOperator operator) {
        double[] x = BreezeFunction.array(left);
        double[] y = BreezeFunction.array(right);
        for (int i = 0; i < x.length; i++) {
            x[i] = operator.applyAsDouble(x[i], y[i]);
        }
    }
}
