package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import java.util.Arrays;

/**
 * Options of a summary that can be read without its model.
 *
 * @param type precision of all arithmetic
 * @param dampings weights of the cubic term
 * @param expected loss; null if none was given
 * @param backend that computes
 */
record SummaryOptions(DType type, double[] dampings, ExpectedLoss expected, BackendChoice backend) {
    /**
     * Reads them.
     *
     * @throws UserError at the first that is wrong
     */
    static SummaryOptions of(CommandLine.Arguments arguments) {
        return new SummaryOptions(
                DType.of(arguments.has("dtype") ? arguments.get("dtype") : "double"),
                dampings(arguments.has("damping-int") ? arguments.get("damping-int") : "1"),
                arguments.has("expect-loss") ? ExpectedLoss.parse(arguments.get("expect-loss")) : null,
                backend(arguments));
    }

    private static BackendChoice backend(CommandLine.Arguments arguments) {
        String name = arguments.has("backend") ? arguments.get("backend") : "cpu";
        String libraries = arguments.has("cuda-libraries") ? arguments.get("cuda-libraries") : "";
        return switch (name) {
            case "cpu", "cuda" -> BackendChoice.of(name, libraries);
            default -> throw new UserError(UserError.Subject.option("backend"), "'" + name + "'", "cpu or cuda");
        };
    }

    private static double[] dampings(String text) {
        try {
            double[] values = Arrays.stream(text.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (Arrays.stream(values).allMatch(value -> value > 0 && Double.isFinite(value))) {
                return values;
            }
        } catch (NumberFormatException ignored) {
            // the same message for both
        }
        throw new UserError(UserError.Subject.option("damping-int"), "'" + text + "'", "numbers > 0 with commas");
    }
}
