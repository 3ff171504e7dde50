package io.etastar.graph.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An array that is known while a file is read. Immutable; arrays that are passed in are not copied.
 *
 * @param shape sides, {@link Sides#BATCH} where it repeats along the batch
 * @param stored sides of {@code values}: 1 where it repeats along the batch
 * @param values row-major; truth is 1 or 0
 * @param whole whether the numbers are whole, or truth, so that quotients are whole as well
 */
record Constant(long[] shape, long[] stored, double[] values, boolean whole) {
    static Constant of(boolean whole, long[] shape, double... values) {
        if (Sides.length(shape) != values.length) {
            throw new IllegalArgumentException(values.length + " values of shape " + Sides.text(shape));
        }
        return new Constant(shape, shape, values, whole);
    }

    static Constant wholes(long... values) {
        double[] numbers = LongStream.of(values).mapToDouble(value -> value).toArray();
        return of(true, new long[] {values.length}, numbers);
    }

    static Constant number(double value, boolean whole) {
        return of(whole, new long[0], value);
    }

    /** The values as whole numbers. */
    long[] longs() {
        return DoubleStream.of(values).mapToLong(value -> (long) value).toArray();
    }

    /** Its one value. */
    double single() {
        if (values.length != 1) {
            throw new IllegalArgumentException("shape " + Sides.text(shape) + " where one number is expected");
        }
        return values[0];
    }

    /** Whether all elements are equal. */
    boolean uniform() {
        return values.length > 0 && Arrays.stream(values).allMatch(value -> value == values[0]);
    }

    boolean repeatsAlongBatch() {
        return !Arrays.equals(shape, stored);
    }

    Constant map(DoubleUnaryOperator f, boolean wholeNow) {
        return new Constant(shape, stored, Arrays.stream(values).map(f).toArray(), wholeNow);
    }

    /** f of each pair of elements, with broadcasting. */
    static Constant combine(Constant a, Constant b, boolean whole, DoubleBinaryOperator f) {
        long[] shape = Sides.broadcast(a.shape, b.shape);
        long[] stored = Sides.broadcast(a.stored, b.stored);
        int[] left = a.places(stored);
        int[] right = b.places(stored);
        double[] values = new double[left.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = f.applyAsDouble(a.values[left[i]], b.values[right[i]]);
        }
        return new Constant(shape, stored, values, whole);
    }

    /** Where the elements of an array of this shape, which this one broadcasts to, are found in {@code values}. */
    private int[] places(long... target) {
        return walk(target, Sides.strides(Sides.padded(target.length, stored)), 0);
    }

    /** Positions offset + sum i_k strides_k for all indices of a shape, row-major. */
    private static int[] walk(long[] shape, int[] strides, int offset) {
        int[] places = new int[Math.toIntExact(Sides.length(shape))];
        int[] at = new int[shape.length];
        int from = offset;
        for (int i = 0; i < places.length; i++) {
            places[i] = from;
            for (int k = shape.length - 1; k >= 0; k--) {
                at[k]++;
                from += strides[k];
                if (at[k] < shape[k]) {
                    break;
                }
                from -= strides[k] * (int) shape[k];
                at[k] = 0;
            }
        }
        return places;
    }

    private Constant picked(long[] newShape, long[] newStored, int... places) {
        double[] found =
                IntStream.of(places).mapToDouble(place -> values[place]).toArray();
        return new Constant(newShape, newStored, found, whole);
    }

    Constant transposed(int... order) {
        int[] strides = Sides.strides(stored);
        int[] moved = IntStream.of(order).map(i -> strides[i]).toArray();
        long[] sides = Sides.permuted(stored, order);
        return picked(Sides.permuted(shape, order), sides, walk(sides, moved, 0));
    }

    /** The same elements in another shape; of a constant that repeats along the batch as many of them are in front of that axis. */
    Constant reshaped(long... target) {
        if (!repeatsAlongBatch()) {
            return of(whole, target, values);
        }
        long[] sides = Arrays.stream(target)
                .map(side -> Sides.ofBatch(side) ? side / Sides.BATCH : side)
                .toArray();
        if (Sides.length(sides) != values.length || inFront(shape) != inFront(target)) {
            throw new IllegalArgumentException(
                    "a constant of shape " + Sides.text(shape) + " as " + Sides.text(target));
        }
        return new Constant(target, sides, values, whole);
    }

    /** Elements in front of the axis of the batch; -1 if there is none. */
    private static long inFront(long... shape) {
        int axis = Sides.batchAxis(shape);
        return axis < 0 ? -1 : Sides.length(Arrays.copyOf(shape, axis));
    }

    /** Repeated to another shape that it broadcasts to. */
    Constant expanded(long... target) {
        long[] wanted = Sides.broadcast(shape, target);
        long[] present = Sides.padded(wanted.length, stored);
        long[] sides = new long[wanted.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = Sides.ofBatch(wanted[i]) && present[i] == 1 ? 1 : wanted[i];
        }
        return picked(wanted, sides, places(sides));
    }

    /** Elements {@code indices} of an axis along which nothing repeats. */
    Constant taken(int axis, int count, IntUnaryOperator indices) {
        if (stored[axis] != shape[axis]) {
            throw new IllegalArgumentException("some rows of a constant of shape " + Sides.text(shape));
        }
        int inner = Math.toIntExact(Sides.length(Arrays.copyOfRange(stored, axis + 1, stored.length)));
        int outer = Math.toIntExact(Sides.length(Arrays.copyOf(stored, axis)));
        int side = (int) stored[axis];
        int[] places = new int[outer * count * inner];
        for (int i = 0; i < places.length; i++) {
            int index = indices.applyAsInt(i / inner % count);
            if (index < 0 || index >= side) {
                throw new IllegalArgumentException("element " + index + " of an axis of " + side);
            }
            places[i] = (i / inner / count * side + index) * inner + i % inner;
        }
        return picked(Sides.with(shape, axis, count), Sides.with(stored, axis, count), places);
    }

    /** Arrays behind one another on an axis. */
    static Constant joined(int axis, List<Constant> parts) {
        long[] first = parts.get(0).shape;
        int inner = Math.toIntExact(Sides.length(Arrays.copyOfRange(first, axis + 1, first.length)));
        int outer = Math.toIntExact(Sides.length(Arrays.copyOf(first, axis)));
        int side = (int) parts.stream().mapToLong(part -> part.shape[axis]).sum();
        double[] values = new double[outer * side * inner];
        int before = 0;
        for (Constant part : parts) {
            int length = (int) part.shape[axis] * inner;
            for (int i = 0; i < outer; i++) {
                System.arraycopy(part.values, i * length, values, i * side * inner + before, length);
            }
            before += length;
        }
        boolean whole = parts.stream().allMatch(Constant::whole);
        return of(whole, Sides.with(first, axis, side), values);
    }

    /** This array with a number around it: so many before and after it on each axis. */
    Constant among(double number, long[] before, long... after) {
        Constant result = this;
        for (int axis = 0; axis < shape.length; axis++) {
            List<Constant> parts = List.of(
                    result.filled(axis, before[axis], number), result, result.filled(axis, after[axis], number));
            result = joined(
                    axis, parts.stream().filter(part -> part.values.length > 0).toList());
        }
        return result;
    }

    /** An array of this shape but for one side, of one number. */
    private Constant filled(int axis, long side, double number) {
        long[] sides = Sides.with(shape, axis, side);
        double[] numbers = new double[Math.toIntExact(Sides.length(sides))];
        Arrays.fill(numbers, number);
        return of(whole, sides, numbers);
    }

    /** f over some axes, from {@code start} on, which keep a side of 1. */
    Constant reduced(double start, DoubleBinaryOperator f, int... axes) {
        if (repeatsAlongBatch()) {
            throw new IllegalArgumentException("a sum of a constant over the batch");
        }
        long[] kept = shape.clone();
        for (int axis : axes) {
            kept[axis] = 1;
        }
        double[] sums = new double[Math.toIntExact(Sides.length(kept))];
        Arrays.fill(sums, start);
        int[] places = walk(shape, Sides.strides(kept), 0);
        for (int i = 0; i < places.length; i++) {
            sums[places[i]] = f.applyAsDouble(sums[places[i]], values[i]);
        }
        return of(whole, kept, sums);
    }

    /** Whether another array has the same elements with two axes swapped. */
    boolean isTransposeOf(Constant other) {
        return shape.length == 2
                && other.shape.length == 2
                && shape[0] == other.shape[1]
                && shape[1] == other.shape[0]
                && Arrays.equals(other.transposed(1, 0).values, values);
    }
}
