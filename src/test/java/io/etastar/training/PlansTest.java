package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlansTest {
    @TempDir
    Path directory;

    private Configuration job(boolean batchNorm, String more) throws IOException {
        Path conf = Files.writeString(
                directory.resolve("a.conf"),
                "model { model = vgg, in_channels = 1, image_size = 8, classes = 10, cfg = [4, M], batch_norm = "
                        + batchNorm + " }\n" + more);
        return Configuration.load(conf.toString(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "true, '', false",
        "false, '', true",
        "true, optimizer.base.name = adam, true",
        "true, optimizer.confirm = true, true",
        "false, optimizer.confirm = false, false"
    })
    void otherRowsConfirmStepsUnlessBatchNormTakesStatistics(boolean batchNorm, String more, boolean confirm)
            throws IOException {
        Configuration job = Plans.ofModel(job(batchNorm, more));
        assertEquals(confirm, job.optimizer().newton().summary().confirm());
    }

    @Test
    void theModelDecidesNothingForOtherOptimizers() throws IOException {
        for (String more : List.of("optimizer { name = adam, lr = 0.1 }", "optimizer.preset = published")) {
            Configuration job = job(true, more);
            assertSame(job, Plans.ofModel(job));
        }
    }
}
