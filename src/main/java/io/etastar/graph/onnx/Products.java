package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Products of matrices, and sums of products by subscripts. */
final class Products {
    private Products() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "MatMul", (n, b) -> Matrices.product(b, n.in(0), n.in(1)));
        single(ops, "Gemm", Products::gemm);
        single(ops, "Einsum", Products::einsum);
    }

    /** alpha A B + beta C. */
    private static Value gemm(OnnxNode n, Building b) {
        Value product = Matrices.matmul(b, n.in(0), n.in(1), n.flag("transA", false), n.flag("transB", false));
        Value scaled = b.multiply(product, n.real("alpha", 1));
        double beta = n.real("beta", 1);
        return n.has(2) ? b.add(scaled, b.multiply(n.in(2), beta)) : scaled;
    }

    private static Value einsum(OnnxNode n, Building b) {
        String equation = n.text("equation", "").replace(" ", "");
        List<Value> inputs = n.in();
        Subscripts subscripts =
                Subscripts.of(equation, inputs.stream().mapToInt(Value::rank).toArray());
        if (subscripts == null) {
            throw n.error("'" + equation + "'", "a subscript for each axis of each input, or an ellipsis");
        }
        List<Term> open = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            open.add(diagonal(b, new Term(subscripts.inputs().get(i), inputs.get(i))));
        }
        open = broadcast(b, open, subscripts.spelt());
        Term result = open.get(0);
        for (int i = 1; i < open.size(); i++) {
            StringBuilder later = new StringBuilder(subscripts.output());
            open.subList(i + 1, open.size()).forEach(term -> later.append(term.letters));
            result = pair(b, result, open.get(i), later.toString());
        }
        return ordered(b, summed(b, result, subscripts.output()), subscripts.output());
    }

    /** The elements whose places on axes of the same name are equal. */
    private static Term diagonal(Building b, Term term) {
        for (int j = 1; j < term.letters.length(); j++) {
            char letter = term.letters.charAt(j);
            int i = term.letters.indexOf(letter);
            if (i < j) {
                int first = i;
                int second = j;
                int[] rest = IntStream.range(0, term.letters.length())
                        .filter(axis -> axis != first && axis != second)
                        .toArray();
                int[] order =
                        IntStream.concat(IntStream.of(rest), IntStream.of(i, j)).toArray();
                long side = term.value.side(i);
                long[] flat = Arrays.copyOf(Sides.permuted(term.value.shape(), order), rest.length + 1);
                flat[rest.length] = side * side;
                Value pairs = b.reshaped(b.transposed(term.value, order), flat);
                String letters = new StringBuilder(term.letters)
                        .deleteCharAt(j)
                        .deleteCharAt(i)
                        .append(letter)
                        .toString();
                return diagonal(b, new Term(letters, b.sliced(pairs, rest.length, 0, side + 1, side)));
            }
        }
        return term;
    }

    /** Axes of an ellipsis on which a term has one element and another one more are left out there. */
    private static List<Term> broadcast(Building b, List<Term> terms, String spelt) {
        List<Term> found = new ArrayList<>();
        for (Term term : terms) {
            String kept = term.letters;
            for (char letter : spelt.toCharArray()) {
                boolean wider =
                        terms.stream().anyMatch(other -> other.letters.indexOf(letter) >= 0 && other.side(letter) != 1);
                if (wider && kept.indexOf(letter) >= 0 && term.side(letter) == 1) {
                    kept = kept.replace(String.valueOf(letter), "");
                }
            }
            long[] shape =
                    kept.chars().mapToLong(letter -> term.side((char) letter)).toArray();
            found.add(new Term(kept, b.reshaped(term.value, shape)));
        }
        return found;
    }

    /** A value whose axes have names. */
    private record Term(String letters, Value value) {
        long side(char letter) {
            return value.side(letters.indexOf(letter));
        }
    }

    /** Sums over the axes that are not wanted. */
    private static Term summed(Building b, Term term, String wanted) {
        int[] axes = term.letters
                .chars()
                .filter(letter -> wanted.indexOf(letter) < 0)
                .map(term.letters::indexOf)
                .toArray();
        return axes.length == 0 ? term : new Term(only(term.letters, wanted), b.sum(term.value, false, axes));
    }

    private static String only(String letters, String among) {
        StringBuilder kept = new StringBuilder();
        letters.chars().filter(letter -> among.indexOf(letter) >= 0).forEach(letter -> kept.append((char) letter));
        return kept.toString();
    }

    private static String except(String letters, String others) {
        StringBuilder kept = new StringBuilder();
        letters.chars().filter(letter -> others.indexOf(letter) < 0).forEach(letter -> kept.append((char) letter));
        return kept.toString();
    }

    private static Value ordered(Building b, Term term, String letters) {
        return b.transposed(
                term.value, letters.chars().map(term.letters::indexOf).toArray());
    }

    /** Two terms as stacks of matrices: [shared, left, summed] times [shared, summed, right]. */
    private static Term pair(Building b, Term x, Term y, String wanted) {
        Term left = summed(b, x, wanted + y.letters);
        Term right = summed(b, y, wanted + left.letters);
        String both = only(left.letters, right.letters);
        String shared = only(both, wanted);
        String inner = except(both, wanted);
        String rows = except(left.letters, both);
        String columns = except(right.letters, both);
        Value first = stack(b, left, shared, rows, inner);
        Value second = stack(b, right, shared, inner, columns);
        String letters = shared + rows + columns;
        long[] shape = letters.chars()
                .mapToLong(c -> left.letters.indexOf(c) >= 0 ? left.side((char) c) : right.side((char) c))
                .toArray();
        return new Term(letters, b.reshaped(Matrices.product(b, first, second), shape));
    }

    private static Value stack(Building b, Term term, String shared, String rows, String columns) {
        Value moved = ordered(b, term, shared + rows + columns);
        long front = product(term, shared);
        long[] matrix = {product(term, rows), product(term, columns)};
        return b.reshaped(moved, shared.isEmpty() ? matrix : Sides.inserted(matrix, 0, front));
    }

    private static long product(Term term, String letters) {
        return Arrays.stream(letters.chars().mapToLong(c -> term.side((char) c)).toArray())
                .reduce(1, (a, c) -> a * c);
    }
}
