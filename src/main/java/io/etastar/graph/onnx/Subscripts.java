package io.etastar.graph.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Subscripts of an Einsum, a letter for each axis: axes of an ellipsis have letters of their own, and the output is written out.
 *
 * @param inputs letters of the axes of each input
 * @param output those of the output
 * @param spelt letters that stand for an ellipsis, whose axes broadcast
 */
record Subscripts(List<String> inputs, String output, String spelt) {
    private static final String DOTS = "...";

    /** Those of an equation for inputs of some ranks; null if it does not fit them. */
    static @Nullable Subscripts of(String equation, int... ranks) {
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (sides.length > 2 || terms.length != ranks.length) {
            return null;
        }
        int[] free = new int[terms.length];
        for (int i = 0; i < terms.length; i++) {
            boolean open = terms[i].contains(DOTS);
            free[i] = ranks[i] - letters(terms[i]).length();
            if (open ? free[i] < 0 : free[i] != 0) {
                return null;
            }
        }
        String spelt = unused(equation, IntStream.of(free).max().orElse(0));
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            inputs.add(terms[i].replace(DOTS, spelt.substring(spelt.length() - free[i])));
        }
        String output = sides.length == 2 ? sides[1].replace(DOTS, spelt) : spelt + once(letters(sides[0]));
        String axes = String.join("", inputs);
        boolean known = output.chars().allMatch(letter -> axes.indexOf(letter) >= 0)
                && output.chars().distinct().count() == output.length();
        return known ? new Subscripts(inputs, output, spelt) : null;
    }

    private static String letters(String term) {
        return term.replace(DOTS, "").replace(",", "");
    }

    private static String unused(String equation, int count) {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                .chars()
                .filter(letter -> equation.indexOf(letter) < 0)
                .limit(count)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /** The letters that stand there once, in order of the alphabet. */
    private static String once(String letters) {
        return letters.chars()
                .filter(letter -> letters.indexOf(letter) == letters.lastIndexOf(letter))
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
