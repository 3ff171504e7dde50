package io.etastar.partition;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Partitions by name. Order inside a subset is the layout's; subsets that would be empty are dropped, so S may be smaller
 * than the specification suggests.
 *
 * <ul>
 *   <li>{@code canonical}: one subset per tensor.
 *   <li>{@code trivial}: one subset of everything.
 *   <li>{@code wb}: weights, biases, the rest.
 *   <li>{@code blocks-k}: k runs of consecutive tensors of near-equal count (longer runs first), each split into weights
 *       and biases; tensors must be one or the other.
 *   <li>{@code alternate-k}: the j-th weight goes to the (j mod k)-th of k subsets, the j-th bias likewise to k subsets of
 *       its own, the rest to a last one; {@code alternate-1} is {@code wb}.
 *   <li>{@code kinds}: one subset for each kind of tensor: weights of layers by their number of axes (of dense layers, of convolutions), biases
 *       of such layers, scales and shifts of norms, and the others by the last component of their names.
 *   <li>{@code names:a,b}: tensors whose name ends in {@code a}, those (of the others) that end in {@code b}, the rest.
 * </ul>
 *
 * <p>A name ends in a suffix if it equals it or ends in a point and the suffix; weights end in {@code weight}, biases in
 * {@code bias}.
 */
public final class Partitions {
    private static final String FORMS =
            "canonical, trivial, wb, kinds, blocks-K, alternate-K (K from 1) or names:SUFFIX,SUFFIX,...";
    private static final Predicate<String> WEIGHT = name -> endsWith(name, "weight");
    private static final Predicate<String> BIAS = name -> endsWith(name, "bias");

    private Partitions() {}

    /**
     * The partition that {@code spec} names.
     *
     * @throws UserError if the specification is unknown, its number out of range, or a suffix matches nothing
     */
    public static Partition parse(String spec, ParameterLayout layout) {
        List<String> names = layout.names();
        List<List<String>> groups;
        if (spec.equals("canonical")) {
            groups = names.stream().map(List::of).toList();
        } else if (spec.equals("trivial")) {
            groups = List.of(names);
        } else if (spec.equals("wb")) {
            groups = alternate(names, 1);
        } else if (spec.equals("kinds")) {
            groups = kinds(layout);
        } else if (spec.startsWith("blocks-")) {
            groups = blocks(spec, names, number(spec, names.size()));
        } else if (spec.startsWith("alternate-")) {
            groups = alternate(names, number(spec, names.size()));
        } else if (spec.startsWith("names:")) {
            groups = bySuffix(spec, names);
        } else {
            throw new UserError(UserError.Subject.setting("partition"), "'" + spec + "'", FORMS);
        }
        return of(groups.stream().filter(group -> !group.isEmpty()).toList(), layout);
    }

    /**
     * A partition by explicit lists of names.
     *
     * @throws UserError if a subset is empty, or a tensor unknown, repeated or in no subset
     */
    public static Partition of(List<? extends List<String>> groups, ParameterLayout layout) {
        return new Partition(layout, groups);
    }

    private static List<List<String>> kinds(ParameterLayout layout) {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (String name : layout.names()) {
            kinds.computeIfAbsent(kind(name, layout), kind -> new ArrayList<>()).add(name);
        }
        return List.copyOf(kinds.values());
    }

    /** A bias is of its layer's kind: a norm's weight has one axis. */
    private static String kind(String name, ParameterLayout layout) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        int axes = axes(name, layout);
        if (WEIGHT.test(name)) {
            return last + axes;
        }
        String weight = name.substring(0, name.length() - last.length()) + "weight";
        boolean ofNorm = BIAS.test(name) && layout.names().contains(weight) && axes(weight, layout) == 1;
        return ofNorm ? last + " of a norm" : last;
    }

    private static int axes(String name, ParameterLayout layout) {
        return layout.shape(layout.indexOf(name)).length;
    }

    private static List<List<String>> blocks(String spec, List<String> names, int k) {
        List<List<String>> groups = new ArrayList<>();
        int from = 0;
        for (int block = 0; block < k; block++) {
            int left = k - block;
            int to = from + (names.size() - from + left - 1) / left;
            List<String> run = names.subList(from, to);
            groups.add(run.stream().filter(WEIGHT).toList());
            groups.add(run.stream().filter(BIAS).toList());
            from = to;
        }
        names.stream().filter(WEIGHT.or(BIAS).negate()).findFirst().ifPresent(name -> {
            throw new UserError(
                    UserError.Subject.setting("partition"),
                    "'" + spec + "' with the parameter '" + name + "'",
                    "names that end in weight or bias");
        });
        return groups;
    }

    private static List<List<String>> alternate(List<String> names, int k) {
        List<List<String>> groups = new ArrayList<>();
        for (Predicate<String> kind : List.of(WEIGHT, BIAS)) {
            List<String> all = names.stream().filter(kind).toList();
            for (int subset = 0; subset < k; subset++) {
                List<String> group = new ArrayList<>();
                for (int j = subset; j < all.size(); j += k) {
                    group.add(all.get(j));
                }
                groups.add(group);
            }
        }
        groups.add(names.stream().filter(WEIGHT.or(BIAS).negate()).toList());
        return groups;
    }

    private static List<List<String>> bySuffix(String spec, List<String> names) {
        List<List<String>> groups = new ArrayList<>();
        List<String> rest = names;
        for (String suffix : spec.substring("names:".length()).split(",", -1)) {
            if (names.stream().noneMatch(name -> endsWith(name, suffix))) {
                throw new UserError(
                        UserError.Subject.setting("partition"),
                        "'" + spec + "', but no parameter's name ends in '" + suffix + "'",
                        "suffixes of " + names);
            }
            groups.add(rest.stream().filter(name -> endsWith(name, suffix)).toList());
            rest = rest.stream().filter(name -> !endsWith(name, suffix)).toList();
        }
        groups.add(rest);
        return groups;
    }

    private static int number(String spec, int tensors) {
        String digits = spec.substring(spec.indexOf('-') + 1);
        int k = digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
        if (k < 1 || k > tensors) {
            throw new UserError(
                    UserError.Subject.setting("partition"),
                    "'" + spec + "'",
                    "a whole number from 1 to " + tensors + " (the number of parameter tensors) after '-'");
        }
        return k;
    }

    /** Whether a parameter of that name is a weight. */
    public static boolean isWeight(String name) {
        return WEIGHT.test(name);
    }

    /** Whether a parameter of that name is a bias. */
    public static boolean isBias(String name) {
        return BIAS.test(name);
    }

    private static boolean endsWith(String name, String suffix) {
        return !suffix.isEmpty() && (name.equals(suffix) || name.endsWith("." + suffix));
    }
}
