package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.PixelPrediction;
import io.etastar.figure.ImageGrid;
import io.etastar.inference.PixelDrawing;
import io.etastar.inference.TrainedNetwork;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.training.ModelShape;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Draws images with a run's image generator. */
public final class Draw {
    private static final int ZOOM = 3;

    private Draw() {}

    /** Runs the job and ends the process: 0, 2 for mistakes of the user, 1 for all else. */
    public static void main(String[] args) {
        Job.exit(run(args, System.out, System.err));
    }

    /** Runs the job; the result line goes to {@code out}, all else to {@code err}. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        return Job.exitCode(err, () -> {
            CommandLine.Arguments arguments = new CommandLine(
                            "jobs/draw.sh",
                            "Draws images with a model that was trained with data.transform = pixels.",
                            out)
                    .option("model", "DIR", "directory of the run")
                    .option("output", "FILE.png", "new file")
                    .option("images", "N", "how many, by default 16")
                    .option("seed", "N", "of what is drawn, by default 1")
                    .read(args);
            if (arguments != null) {
                draw(arguments, out);
            }
        });
    }

    private static void draw(CommandLine.Arguments arguments, PrintStream out) throws IOException {
        String run = arguments.required("model", "the directory of a run");
        OutputFile file = new OutputFile(arguments.required("output", "a new file"));
        int count = arguments.has("images") ? whole("--images", arguments.get("images")) : 16;
        int seed = arguments.has("seed") ? whole("--seed", arguments.get("seed")) : 1;
        StoredModel model = ModelDirectory.read(run);
        TrainedNetwork network = network(model, run);
        file.prepare();
        int columns = (int) Math.ceil(Math.sqrt(count));
        ImageGrid.write(file.path(), PixelDrawing.draw(network, count, seed), network.input()[2], columns, ZOOM);
        out.println("result images=" + count + " file=" + file.file());
    }

    private static TrainedNetwork network(StoredModel model, String run) {
        TrainedNetwork network = Evaluate.network(model);
        ModelShape shape = ModelShape.of(network.model());
        List<Integer> input = shape.input();
        if (input.size() != 3
                || input.get(0) != PixelPrediction.CHANNELS
                || shape.classes() != PixelPrediction.LEVELS
                || model.mean() != null) {
            throw new UserError(
                    UserError.Subject.of(run),
                    "a " + shape.kind() + " of rows " + input + " and " + shape.classes() + " classes",
                    "an image_generator, trained with data.transform = pixels and data.standardise = false");
        }
        return network;
    }

    private static int whole(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new UserError(UserError.Subject.of(option), "'" + text + "'", "a whole number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }
}
