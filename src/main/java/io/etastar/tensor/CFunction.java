package io.etastar.tensor;

/**
 * A function y = f(x) and its derivatives in C, for backends that compile their kernels: expressions of x and, but for the value, y.
 * Both are of a type T, float or double; functions are those of {@code math.h}, overloaded for T.
 *
 * @param value f(x)
 * @param first f'(x)
 * @param second f''(x)
 * @param third f'''(x)
 */
public record CFunction(String value, String first, String second, String third) {
    /** A finite number as an expression of type T. */
    public static String number(double value) {
        return "T(" + value + ")";
    }
}
