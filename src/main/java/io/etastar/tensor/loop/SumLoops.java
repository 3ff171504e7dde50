package io.etastar.tensor.loop;

import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.SampleSums;
import io.etastar.tensor.Tensor;

/** Loops that add to sums in double precision. */
final class SumLoops {
    private SumLoops() {}

    static Kernel rowDots(double factor, Tensor left, Tensor right, Doubles sums, int... at) {
        HostMemory a = HostMemory.of(left);
        HostMemory b = HostMemory.of(right);
        double[] out = HostDoubles.of(sums);
        int length = left.length() / at.length;
        boolean shared = right.length() == length;
        return () -> {
            for (int k = 0; k < at.length; k++) {
                int from = left.offset() + k * length;
                int beside = right.offset() + (shared ? 0 : k * length);
                double sum = 0;
                for (int i = 0; i < length; i++) {
                    sum += a.get(from + i) * b.get(beside + i);
                }
                out[at[k]] += factor * sum;
            }
        };
    }

    static Kernel addAt(Tensor values, int[] first, int[] second, Doubles sums) {
        HostMemory from = HostMemory.of(values);
        double[] out = HostDoubles.of(sums);
        return () -> {
            for (int i = 0; i < first.length; i++) {
                out[first[i]] += from.get(values.offset() + i);
            }
            for (int i = 0; i < second.length; i++) {
                out[second[i]] += from.get(values.offset() + i);
            }
        };
    }

    static Kernel weightedSums(Tensor weights, Tensor stack, Doubles sums, int at) {
        double[] out = HostDoubles.of(sums);
        int rows = weights.length();
        int directions = stack.length() / rows;
        return () -> {
            for (int i = 0; i < rows; i++) {
                double weight = weights.get(i);
                for (int k = 0; k < directions && weight != 0; k++) {
                    out[at + k] += weight * stack.get(k * rows + i);
                }
            }
        };
    }

    static Kernel samples(SampleSums s) {
        double[] out = HostDoubles.of(s.sums());
        return () -> {
            double loss = 0;
            double correct = 0;
            double samples = 0;
            for (int i = 0; i < s.weights().length(); i++) {
                double weight = s.weights().get(i);
                loss += weight == 0 ? 0 : weight * s.losses().get(i);
                correct += s.classes() && isCorrect(s, i) ? weight : 0;
                samples += weight;
            }
            out[SampleSums.SAMPLES] += samples;
            out[SampleSums.LOSS] += loss;
            out[SampleSums.CORRECT] += correct;
        };
    }

    private static boolean isCorrect(SampleSums s, int row) {
        Tensor outputs = s.outputs();
        int width = outputs.length() / s.weights().length();
        int best = 0;
        for (int c = 1; c < width; c++) {
            if (outputs.get(row * width + c) > outputs.get(row * width + best)) {
                best = c;
            }
        }
        return best == (int) s.targets().get(row);
    }
}
