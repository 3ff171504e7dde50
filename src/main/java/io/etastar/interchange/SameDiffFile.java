package io.etastar.interchange;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.storage.StoredModel;
import java.nio.ByteBuffer;

/** Models in the file format of SameDiff: one graph with its trained values, which ND4J alone opens by {@code SameDiff.load}. */
public final class SameDiffFile {
    private SameDiffFile() {}

    /**
     * Names by which a program finds its way in an exported graph.
     *
     * @param input placeholder of features as the data hold them, [N, ...]
     * @param label placeholder of targets
     * @param output of the network: logits if the loss is a cross-entropy
     * @param loss one number for each sample
     */
    public record Names(String input, String label, String output, String loss) {}

    /**
     * Writes the graph of a model with its trained values.
     *
     * @param file that is not there yet
     * @return names of its ends
     * @throws io.etastar.UserError if the file is there or the model is no network
     */
    public static Names write(String file, StoredModel stored) {
        Model model = PortableGraph.of(stored).model();
        ByteBuffer buffer = model.graph().asFlatBuffers(true);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        NewFile.write(file, out -> out.write(bytes));
        return new Names(model.input(), model.label(), model.output(), model.loss());
    }

    /**
     * A graph of a file as a model: its parameters have the file's values, its features are not standardised.
     *
     * @param description of a model {@code samediff} that was read from its file
     * @throws IllegalArgumentException if it was not
     */
    public static StoredModel read(ModelDescription description) {
        if (description.initial() == null) {
            throw new IllegalArgumentException("no graph was read");
        }
        Model model = description.build();
        StoredModel stored =
                new StoredModel(description.json(), model.layout(), description.initial(), null, null, model.classes());
        return stored.withConstants(description.constantValues());
    }
}
