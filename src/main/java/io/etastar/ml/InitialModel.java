package io.etastar.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.etastar.graph.ModelDescription;
import io.etastar.settings.Configuration;
import io.etastar.spark.rows.HadoopSettings;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.training.WarmStart;
import java.util.List;

/**
 * The model that the Param initialModel names, as its description says; parameters are not read.
 *
 * @param uid of the Estimator
 * @param path of the model
 * @param described the model
 */
record InitialModel(String uid, String path, StoredModel described) {
    /** Keys of a description that no job has: what the graph of a file holds, and what predictions take. */
    private static final List<String> OF_TRAINED = List.of("statistics", "graph", "constants");

    /**
     * The one of an Estimator's Params.
     *
     * @return null if there is none
     * @throws IllegalArgumentException if there is no model at the path, or it classifies though the Estimator does not, or the reverse
     */
    static InitialModel of(NeuralNetworkParams<?> params) {
        if (!FrameFit.isGiven(params, params.initialModel())) {
            return null;
        }
        HadoopSettings.useActive();
        String path = params.getInitialModel();
        StoredModel described = Jobs.translated(() -> ModelDirectory.describe(path));
        boolean classifier = params instanceof NeuralNetworkClassifier;
        if (classifier != described.classes() > 0) {
            throw new IllegalArgumentException(params.uid() + ": parameter initialModel: found a model "
                    + (classifier ? "whose targets are numbers in " : "of classes in ") + path + ", expected one "
                    + (classifier ? "of classes" : "whose targets are numbers"));
        }
        return new InitialModel(params.uid(), path, described);
    }

    /** Whether Params name layers of a model themselves. */
    static boolean isNamed(NeuralNetworkParams<?> params) {
        return params.isSet(params.model()) || params.isSet(params.layers()) || params.isSet(params.hiddenLayers());
    }

    /** Keys of a job's block model that describe it. */
    Config keys() {
        try {
            ObjectNode keys = (ObjectNode) new ObjectMapper().readTree(described.description());
            keys.remove(OF_TRAINED);
            ConfigParseOptions place =
                    ConfigParseOptions.defaults().setOriginDescription(uid + ": parameter initialModel " + path);
            return ConfigFactory.parseString(keys.toString(), place);
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException("JSON that was read before", exception);
        }
    }

    /**
     * A job with this model.
     *
     * @param job of the Estimator's Params
     * @throws io.etastar.UserError if they say another model
     */
    Configuration checked(Configuration job) {
        ModelDescription description = ModelDescription.of(described);
        Configuration closed = job.isOpen() ? job.fitted(description) : job;
        WarmStart.check(closed, description, path);
        return closed;
    }
}
