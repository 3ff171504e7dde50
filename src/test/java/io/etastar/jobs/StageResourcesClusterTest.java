package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on executors of its own: more cores and GPUs, which a script makes up, than the application's. */
@Tag("cluster")
class StageResourcesClusterTest {
    private static final String PREFIX = "spark.etastar.training.";

    @TempDir
    static Path directory;

    /** Executors by the profile that they were started for, and profiles of stages. */
    private static final class Profiles extends SparkListener {
        private final Map<Integer, ExecutorInfo> executors = new ConcurrentHashMap<>();
        private final Set<Integer> stages = ConcurrentHashMap.newKeySet();

        @Override
        public void onExecutorAdded(SparkListenerExecutorAdded event) {
            executors.put(event.executorInfo().resourceProfileId(), event.executorInfo());
        }

        @Override
        public void onStageCompleted(SparkListenerStageCompleted event) {
            stages.add(event.stageInfo().resourceProfileId());
        }
    }

    @Test
    void trainingHasExecutorsOfItsOwn() throws IOException {
        Path undisturbed = FaultRuns.undisturbed(directory, "step");
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Path appJar = StandaloneCluster.jar(
                directory.resolve("app.jar"),
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new));
        String script = script();
        Map<String, String> gpus =
                Map.of("spark.worker.resource.gpu.amount", "2", "spark.worker.resource.gpu.discoveryScript", script);
        try (StandaloneCluster cluster = StandaloneCluster.start(1, 3, "2g", jar -> true, gpus);
                SparkTestSession session =
                        SparkTestSession.open(cluster.master(), FaultRuns.cluster(appJar, settings()))) {
            Profiles profiles = new Profiles();
            session.context().sc().addSparkListener(profiles);
            session.context().parallelize(List.of(1, 2)).count();
            FaultRuns.train(session, FaultRuns.plan(directory, "step"), first, EngineFault.none(), step -> {});
            FaultRuns.train(session, FaultRuns.plan(directory, "step"), second, EngineFault.none(), step -> {});
            // The second run takes the executors of the first: two profiles, not three.
            ClusterEvents.await("stages of two kinds", () -> profiles.stages.size() == 2);
            int own = profiles.stages.stream().mapToInt(i -> i).max().orElseThrow();
            assertTrue(profiles.stages.contains(ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID()), "no other stage");
            ExecutorInfo executor = profiles.executors.get(own);
            assertEquals(2, executor.totalCores());
            assertArrayEquals(
                    new String[] {"0", "1"},
                    executor.resourcesInfo().apply("gpu").addresses());
        }
        FaultRuns.assertSameBytes(undisturbed, first);
        FaultRuns.assertSameBytes(undisturbed, second);
    }

    private static String script() throws IOException {
        Path script = directory.resolve("discovery.sh");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
        assertTrue(script.toFile().setExecutable(true));
        return script.toString();
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "spark.executor.memory", "600m",
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.maxExecutors", "1"));
        settings.put(PREFIX + "executor.memory", "900m");
        settings.put(PREFIX + "executor.cores", "2");
        settings.put(PREFIX + "executor.resource.gpu.amount", "2");
        settings.put(PREFIX + "task.resource.gpu.amount", "1");
        return settings;
    }
}
