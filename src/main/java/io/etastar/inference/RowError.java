package io.etastar.inference;

import java.util.Map;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;

/**
 * A row that a network cannot be evaluated on. Spark's own kind of exception: Spark hands these from a task to the caller as they are, in
 * Python as well, where others are wrapped into one that shows stacks of the task, the scheduler and the gateway.
 */
final class RowError extends IllegalArgumentException implements SparkThrowable {
    private static final long serialVersionUID = 1L;

    /** SQL's class of data exceptions. */
    private static final String DATA_EXCEPTION = "22000";

    RowError(String message) {
        super(message);
    }

    RowError(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getCondition() {
        return "ETASTAR_ROW";
    }

    @Override
    public String getErrorClass() {
        return getCondition();
    }

    @Override
    public String getSqlState() {
        return DATA_EXCEPTION;
    }

    @Override
    public Map<String, String> getMessageParameters() {
        return Map.of();
    }

    @Override
    public QueryContext[] getQueryContext() {
        return new QueryContext[0];
    }
}
