package io.etastar.graph.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A network from an ONNX file with a loss behind it.
 *
 * @param graph whose variables are the parameters, with the file's values
 * @param input name of the placeholder of features
 * @param label name of the placeholder of targets
 * @param output name of the network's output
 * @param loss name of the loss, one number for each sample
 * @param classes number of classes, or 0 if targets are numbers, or several classes of a row
 * @param outputs elements of a row's output
 * @param tokens whether features are whole numbers
 * @param parameters names of the variables in the order of the file
 */
public record OnnxNetwork(
        SameDiff graph,
        String input,
        String label,
        String output,
        String loss,
        int classes,
        int outputs,
        boolean tokens,
        List<String> parameters) {
    /**
     * What a description says of a file.
     *
     * @param loss nll, mse or bce
     * @param input shape of a row of features, where the file leaves sides open; null for the file's
     * @param output name of the output; null for the first one
     * @param classAxis axis of the classes of loss nll
     * @param batchStatistics whether batch normalisation takes the statistics of the batch; null for what the file says
     * @param trainable names of arrays that are parameters, with * for any letters; null for those that look like it
     * @param frozen names of arrays that are not
     */
    public record Options(
            String loss,
            long @Nullable [] input,
            @Nullable String output,
            int classAxis,
            @Nullable Boolean batchStatistics,
            @Nullable List<String> trainable,
            List<String> frozen) {}
}
