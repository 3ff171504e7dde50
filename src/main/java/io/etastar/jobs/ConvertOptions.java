package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.interchange.DenseLayout;
import java.util.List;

/**
 * Options of a conversion that fit each other.
 *
 * @param arguments all that was given
 * @param to whether a model is written in another format, else it is made from one
 * @param format npz, samediff or onnx
 * @param output file or directory that is made
 * @param layout of dense weights in an .npz file
 */
record ConvertOptions(CommandLine.Arguments arguments, boolean to, String format, String output, DenseLayout layout) {
    private static final List<String> FROM = List.of("DESCRIPTION", "parameters", "mean", "deviation");

    /**
     * Checks the options of a command line.
     *
     * @throws UserError at the first that is missing, wrong or does not fit the others
     */
    static ConvertOptions of(CommandLine.Arguments arguments) {
        boolean to = arguments.has("to");
        if (to == arguments.has("from")) {
            throw new UserError(
                    UserError.Subject.of("command line"),
                    (to ? "both" : "neither") + " of --to and --from",
                    "one of them");
        }
        String option = to ? "to" : "from";
        String format = format(option, arguments.get(option), List.of("npz", "samediff", "onnx"));
        if (!to) {
            refuse(arguments, "model", "--from", "--to");
        }
        for (String other : to ? FROM : List.<String>of()) {
            refuse(arguments, other, "--to", "--from");
        }
        if (!format.equals("npz")) {
            refuse(arguments, "parameters", "format " + format, "format npz");
            refuse(arguments, "dense-layout", "format " + format, "format npz");
        }
        if (!format.equals("onnx")) {
            refuse(arguments, "probabilities", "format " + format, "format onnx");
        }
        return new ConvertOptions(
                arguments,
                to,
                format,
                arguments.required("output", "the name of a new " + (to ? "file" : "directory")),
                DenseLayout.of(arguments.get("dense-layout")));
    }

    private static String format(String option, String format, List<String> formats) {
        if (!formats.contains(format)) {
            throw new UserError(
                    UserError.Subject.option(option), "'" + format + "'", "one of " + String.join(", ", formats));
        }
        return format;
    }

    private static void refuse(CommandLine.Arguments arguments, String option, String found, String expected) {
        if (arguments.has(option)) {
            throw new UserError(
                    UserError.Subject.of("command line: " + (option.equals("DESCRIPTION") ? "" : "--") + option),
                    "it with " + found,
                    "it with " + expected + " alone");
        }
    }
}
