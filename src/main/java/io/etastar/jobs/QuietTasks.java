package io.etastar.jobs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Keeps Spark from logging the stack traces of tasks that fail in this process, as long as this is open: for jobs whose failure
 * either becomes one line or is thrown with all its causes.
 */
final class QuietTasks implements AutoCloseable {
    private static final List<String> LOGGERS = List.of(
            "org.apache.spark.executor.Executor",
            "org.apache.spark.scheduler.TaskSetManager",
            "org.apache.spark.storage.BlockManager");

    private final Map<String, Level> before = new HashMap<>();

    QuietTasks() {
        for (String logger : LOGGERS) {
            before.put(logger, LogManager.getLogger(logger).getLevel());
            Configurator.setLevel(logger, Level.OFF);
        }
    }

    @Override
    public void close() {
        before.forEach(Configurator::setLevel);
    }
}
