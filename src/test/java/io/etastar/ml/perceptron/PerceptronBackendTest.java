package io.etastar.ml.perceptron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.junit.jupiter.api.Test;

/** What a server of Spark Connect does with the plugin. */
class PerceptronBackendTest {
    @Test
    void mllibsNameBecomesThatOfARegisteredEstimator() throws Exception {
        Optional<String> ours =
                new PerceptronBackend().transform("org.apache.spark.ml.classification.MultilayerPerceptronClassifier");
        @SuppressWarnings("rawtypes")
        ServiceLoader<Estimator> registered = ServiceLoader.load(Estimator.class);
        Class<?> found = registered.stream()
                .map(ServiceLoader.Provider::type)
                .filter(type -> type.getName().equals(ours.orElseThrow()))
                .findFirst()
                .orElseThrow();
        Object made = found.getConstructor(String.class).newInstance("uid");
        assertEquals("uid", ((Estimator<?>) made).uid());
        assertTrue(made instanceof org.apache.spark.ml.classification.MultilayerPerceptronClassifier);
    }

    @Test
    void otherNamesStay() {
        PerceptronBackend backend = new PerceptronBackend();
        assertEquals(Optional.empty(), backend.transform("org.apache.spark.ml.classification.LogisticRegression"));
        assertEquals(
                Optional.empty(),
                backend.transform("org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel"));
    }
}
