package io.etastar.quantity;

import java.io.Serializable;
import java.util.function.Function;

/**
 * The point at which a quantity is evaluated. Its arrays are not changed as long as the point is in use: other values are
 * another point.
 *
 * @param <V> the form of its arrays: numbers on the driver, broadcasts on their way, raw arrays in an engine
 * @param theta parameters [P]
 * @param direction u of derivatives in learning rates or v of Hessian-vector products [P]; null for other quantities
 * @param seed of dropout and of labels that are drawn; null for nothing random, or for the seed that the batch has
 */
public record Point<V>(V theta, V direction, Long seed) implements Serializable {
    /** A point without a direction. */
    public static <V> Point<V> at(V theta) {
        return new Point<>(theta, null, null);
    }

    /** A point with a direction. */
    public static <V> Point<V> along(V theta, V direction) {
        return new Point<>(theta, direction, null);
    }

    /** The same point with another seed, which may be null. */
    public Point<V> withSeed(Long other) {
        return new Point<>(theta, direction, other);
    }

    /** The same point with its arrays in another form; {@code form} is not asked about a direction that is null. */
    public <W> Point<W> map(Function<? super V, W> form) {
        W first = form.apply(theta);
        return new Point<>(first, direction == null ? null : form.apply(direction), seed);
    }
}
