package io.etastar.jobs;

import io.etastar.graph.ModelDescription;
import io.etastar.interchange.NewFile;
import io.etastar.interchange.NpzWeights;
import io.etastar.interchange.OnnxFile;
import io.etastar.interchange.SameDiffFile;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import java.io.PrintStream;

/** Models to and from the formats of other software; starts no Spark. */
public final class Convert {
    private Convert() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/convert.sh", "Converts a model to or from .npz, SameDiff or ONNX.", out)
                    .argument("DESCRIPTION", false, "with --from: case, job file, model.json or directory of a run")
                    .option("to", "npz|samediff|onnx", "format to write the model of --model in")
                    .option("from", "npz|samediff|onnx", "format to make a model directory from")
                    .option("model", "DIR", "with --to: directory of a run")
                    .option("output", "PATH", "new file, or with --from new directory")
                    .option("parameters", "P.npz", "with --from npz: parameters by name")
                    .option(
                            "dense-layout",
                            "out-in|in-out",
                            "npz: dense weights [out, in] (PyTorch, default) or [in, out]")
                    .flag("probabilities", "onnx: the softmax of the output for a second output")
                    .option("mean", "M,M,...", "with --from: of each channel of the features, taken off them")
                    .option("deviation", "D,D,...", "with --from: of each channel, what they are divided by then")
                    .read(args);
            if (arguments != null) {
                convert(arguments, out);
            }
        });
    }

    private static void convert(CommandLine.Arguments arguments, PrintStream out) {
        ConvertOptions options = ConvertOptions.of(arguments);
        NewFile.require(options.output());
        String made = options.to() ? write(options) : ImportedModel.write(options);
        out.println("result format=" + options.format() + made + " output=" + options.output());
    }

    /** Writes a file; what the result line says of it. */
    private static String write(ConvertOptions options) {
        String output = options.output();
        StoredModel model = ModelDirectory.read(options.arguments().required("model", "the directory of a run"));
        return switch (options.format()) {
            case "npz" -> {
                NpzWeights.write(output, model, options.layout());
                int statistics = ModelDescription.of(model).statistics().size();
                yield " arrays=" + (model.layout().count() + statistics);
            }
            case "samediff" -> {
                SameDiffFile.Names names = SameDiffFile.write(output, model);
                yield " input_name=" + names.input() + " label_name=" + names.label() + " output_name=" + names.output()
                        + " loss_name=" + names.loss() + (model.classes() > 0 ? " classes=" + model.classes() : "");
            }
            default -> {
                OnnxFile.Names names =
                        OnnxFile.write(output, model, options.arguments().has("probabilities"));
                yield " input_name=" + names.input() + " output_name=" + names.output();
            }
        };
    }
}
