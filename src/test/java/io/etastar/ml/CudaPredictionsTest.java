package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.engine.EnginePool;
import io.etastar.tensor.Backend;
import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions and summaries of frames on an emulated GPU. */
class CudaPredictionsTest {
    @TempDir
    static Path directory;

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;
    private static Dataset<Row> digits;

    private String libraries;

    @BeforeAll
    static void train() {
        frames = new Frames();
        model = Frames.classifier().setMaxIter(1).setSummaryBatchSize(50).fit(frames.digits(100));
        digits = frames.digits(60).cache();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    @BeforeEach
    void open() {
        libraries = Emulator.libraries().toString();
        EnginePool.clear();
        Emulator.recover();
        Backend.freeAllCopies();
    }

    @AfterEach
    void recover() {
        Emulator.recover();
        EnginePool.clear();
    }

    private NeuralNetworkClassificationModel onDevice() {
        return model.copy(org.apache.spark.ml.param.ParamMap.empty())
                .setBackend("cuda")
                .setCudaLibraries(libraries);
    }

    private static List<Row> rows(NeuralNetworkClassificationModel model) {
        return model.transform(digits).select("rawPrediction", "prediction").collectAsList();
    }

    @Test
    void predictionsAreThoseOfTheCpuButForRounding() {
        List<Row> cpu = rows(model);
        long launches = Emulator.launches();
        List<Row> device = rows(onDevice());
        assertTrue(Emulator.launches() > launches);
        assertEquals(cpu.size(), device.size());
        for (int i = 0; i < cpu.size(); i++) {
            double[] expected = ((Vector) cpu.get(i).get(0)).toArray();
            assertArrayEquals(expected, ((Vector) device.get(i).get(0)).toArray(), 1e-3);
        }
        long before = Emulator.launches();
        assertEquals(cpu, rows(model), "the model itself is still the CPU's");
        assertEquals(before, Emulator.launches());
        Emulator.assertNoViolations();
    }

    @Test
    void summariesAreThoseOfTheCpuButForRounding() throws IOException {
        String path = directory.resolve("model").toString();
        model.write().overwrite().save(path);
        CurvatureSummary summary = new CurvatureSummary().setModel(path).setPartition("wb");
        Row cpu = summary.transform(digits).head();
        long launches = Emulator.launches();
        Row device = summary.setBackend("cuda")
                .setCudaLibraries(libraries)
                .transform(digits)
                .head();
        assertTrue(Emulator.launches() > launches);
        assertEquals(cpu.<Double>getAs("loss"), device.<Double>getAs("loss"), 1e-9 * cpu.<Double>getAs("loss"));
        List<Double> expected = cpu.getList(cpu.fieldIndex("eta"));
        List<Double> found = device.getList(device.fieldIndex("eta"));
        for (int s = 0; s < expected.size(); s++) {
            assertEquals(expected.get(s), found.get(s), 1e-9 * Math.abs(expected.get(s)));
        }
        Emulator.assertNoViolations();
    }

    /** Before the first pass, in one line. */
    @Test
    void aDeviceWithoutTheMemoryIsRefused() {
        CurvatureSummary summary =
                new CurvatureSummary().setModel(model).setBackend("cuda").setCudaLibraries(libraries);
        Emulator.capacity(Emulator.held().get(0) + 1000);
        long before = Emulator.launches();
        String said = assertThrows(
                        IllegalArgumentException.class,
                        () -> summary.transform(digits).collectAsList())
                .getMessage();
        assertTrue(said.matches("gpu: executor driver: device 0: found 0m free for the engines of .*"), said);
        String predictions =
                assertThrows(Exception.class, () -> rows(onDevice())).getMessage();
        assertTrue(
                predictions.contains("gpu: executor driver: device 0: found 0m free for the engines of"), predictions);
        assertEquals(before, Emulator.launches());
    }

    @Test
    void aBackendThatThereIsNotIsRefused() {
        assertEquals(
                "s: parameter backend: found 'tpu', expected one of auto, cpu, cuda",
                assertThrows(IllegalArgumentException.class, () -> new CurvatureSummary("s").setBackend("tpu"))
                        .getMessage());
    }
}
