package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.curvature.Kind;
import io.etastar.partition.Partitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The summaries of a run. Of many, some are taken, evenly spread and always the same ones for the same number: lines that are
 * not taken are not parsed, so that a long run costs little more than reading its file.
 */
final class SummaryHistory {
    static final String SUMMARIES = "summaries";

    private static final int CURVE_POINTS = 400;
    /** Cost of all spectra, in cubes of S. */
    private static final double SPECTRUM_WORK = 3e8;

    private final List<SummaryPoint> points = new ArrayList<>();
    private int count;
    private int lines;

    /**
     * Reads a run's summaries.
     *
     * @param curveNumbers how many numbers a curve may have, all subsets together
     * @param matrixNumbers how many numbers all matrices together may have
     */
    static SummaryHistory of(RunFiles files, int curveNumbers, int matrixNumbers) {
        SummaryHistory history = new SummaryHistory();
        int[] size = {0};
        files.lines(SUMMARIES, line -> {
            if (history.count++ == 0) {
                size[0] = files.parse(SUMMARIES, 1, line).path("H").size();
            }
        });
        if (size[0] == 0) {
            return history;
        }
        int count = history.count;
        int s = size[0];
        int[] taken = Thinning.spread(count, Math.max(2, Math.min(CURVE_POINTS, curveNumbers / s)));
        Set<Integer> curves = set(taken, taken.length);
        Set<Integer> spectra = set(taken, (int) Math.max(2, SPECTRUM_WORK / s / s / s));
        Set<Integer> matrices = set(taken, matrixNumbers / (MatrixJson.numbers(s)));
        files.lines(SUMMARIES, line -> {
            int number = history.lines++;
            if (curves.contains(number)) {
                JsonNode node = files.parse(SUMMARIES, number + 1L, line);
                history.points.add(SummaryPoint.of(node, spectra.contains(number), matrices.contains(number)));
            }
        });
        return history;
    }

    private static Set<Integer> set(int[] from, int most) {
        int[] places = most < 1 ? new int[0] : Thinning.spread(from.length, most);
        return Arrays.stream(places).mapToObj(place -> from[place]).collect(Collectors.toSet());
    }

    /** How many summaries the run made. */
    int count() {
        return count;
    }

    boolean isEmpty() {
        return points.isEmpty();
    }

    private int size() {
        return points.isEmpty() ? 0 : points.get(0).size();
    }

    /** The summaries that were taken, in order. */
    List<SummaryPoint> points() {
        return points;
    }

    private List<List<String>> groups() {
        return points.isEmpty() ? null : points.get(0).groups();
    }

    /** Name of each subset. */
    List<String> names() {
        List<List<String>> groups = groups();
        return groups == null
                ? IntStream.rangeClosed(1, size()).mapToObj(s -> "subset " + s).toList()
                : SubsetNames.of(groups);
    }

    /** Name, kind and tensors of each subset. */
    ArrayNode subsets() {
        ArrayNode subsets = JsonNodeFactory.instance.arrayNode();
        List<List<String>> groups = groups();
        List<String> names = names();
        for (int s = 0; s < size(); s++) {
            ObjectNode subset = subsets.addObject();
            subset.put("name", names.get(s));
            Kind kind = groups == null ? Kind.NEITHER : Kind.of(groups.get(s));
            subset.put("kind", kind.name().toLowerCase(Locale.ROOT));
            ArrayNode tensors = subset.putArray("tensors");
            if (groups != null) {
                groups.get(s).forEach(tensors::add);
            }
        }
        return subsets;
    }

    /** Curves over summaries; those of subsets and eigenvalues are a list each [S][points]. */
    ObjectNode curves() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("count", count);
        int n = points.size();
        node.set("step", Numbers.rounded(n, i -> points.get(i).step()));
        node.set("r", Numbers.rounded(n, i -> points.get(i).r()));
        ArrayNode cases = node.putArray("case");
        points.forEach(point -> cases.add(point.solverCase()));
        node.set("eta", vectors(points, SummaryPoint::eta));
        node.set("learning_rates", vectors(points, SummaryPoint::learningRates));
        node.set("second_order", Numbers.rounded(n, i -> points.get(i).secondOrder()));
        node.set("third_order", Numbers.rounded(n, i -> points.get(i).thirdOrder()));
        node.set("measured", Numbers.rounded(n, i -> points.get(i).measured()));
        ObjectNode spectrum = node.putObject("spectrum");
        List<SummaryPoint> looked =
                points.stream().filter(SummaryPoint::withSpectrum).toList();
        spectrum.set("step", Numbers.rounded(looked.size(), i -> looked.get(i).step()));
        spectrum.set("values", vectors(looked, SummaryPoint::spectrum));
        return node;
    }

    private interface Vector {
        double[] of(SummaryPoint point);
    }

    private ArrayNode vectors(List<SummaryPoint> of, Vector vector) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        IntStream.range(0, size())
                .forEach(s -> all.add(Numbers.rounded(of.size(), i -> {
                    double[] values = vector.of(of.get(i));
                    return values == null || values.length <= s ? Double.NaN : values[s];
                })));
        return all;
    }

    /** H, its inverse and its interactions at some of the summaries. */
    ArrayNode matrices() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        points.stream().filter(point -> point.matrices() != null).forEach(point -> all.add(point.matrices()));
        return all;
    }

    /** Short names of subsets, for charts. */
    public static final class SubsetNames {
        private SubsetNames() {}

        /**
         * A name for each subset: that of its only tensor; {@code weights} or {@code biases} for the only subset of weights or of
         * biases; else first and last tensor and their number. Subsets that would share a name have their number behind it.
         *
         * @param groups names of the tensors of each subset [S], none empty
         */
        public static List<String> of(List<List<String>> groups) {
            long weights = groups.stream().filter(SubsetNames::areWeights).count();
            long biases = groups.stream().filter(SubsetNames::areBiases).count();
            List<String> names = new ArrayList<>();
            HashSet<String> taken = new HashSet<>();
            for (List<String> group : groups) {
                String name = name(group, weights == 1, biases == 1);
                names.add(taken.add(name) ? name : name + " #" + (names.size() + 1));
            }
            return names;
        }

        private static String name(List<String> group, boolean allWeights, boolean allBiases) {
            if (group.size() == 1) {
                return group.get(0);
            }
            if (allWeights && areWeights(group)) {
                return "weights";
            }
            if (allBiases && areBiases(group)) {
                return "biases";
            }
            return group.get(0) + " to " + group.get(group.size() - 1) + " (" + group.size() + ")";
        }

        private static boolean areWeights(List<String> group) {
            return group.stream().allMatch(Partitions::isWeight);
        }

        private static boolean areBiases(List<String> group) {
            return group.stream().allMatch(Partitions::isBias);
        }
    }
}
