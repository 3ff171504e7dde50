package io.etastar.taylor;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/** A smooth function of one number: its value f(x) and the derivatives f', f'' and f''', for {@link Rules#elementwise}. */
public interface ElementwiseFunction extends DoubleUnaryOperator, ScalarFunction {}
