package io.etastar.ml;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.etastar.UserError;
import io.etastar.settings.Configuration;
import io.etastar.settings.JobSettings;
import io.etastar.settings.schema.Schema;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkThrowable;
import org.apache.spark.ml.param.Param;

/** Params as a job's configuration: what is not set is left to the configuration's own defaults. */
final class Jobs {
    private Jobs() {}

    static Configuration of(NeuralNetworkParams<?> params, String loss) {
        return of(params, loss, Map.of());
    }

    /** @param more values of keys that no Param sets */
    static Configuration of(NeuralNetworkParams<?> params, String loss, Map<String, ?> more) {
        Config given = ConfigFactory.empty();
        for (var entry : ParamNames.all().entrySet()) {
            Param<?> param = params.table().get(entry.getValue());
            if (params.isSet(param)) {
                Object value = ParamTable.jobValue(JobSettings.schema().of(entry.getKey()), params.getOrDefault(param));
                given = given.withValue(entry.getKey(), Schema.value(value, params.uid()));
            }
        }
        Config all = params.isSet(params.model())
                ? given.withFallback(description(params).atPath("model"))
                : given;
        InitialModel initial = InitialModel.of(params);
        if (initial != null && !InitialModel.isNamed(params)) {
            all = all.withFallback(initial.keys().atPath("model"));
        }
        if (!all.hasPath("model.loss") && !loss.equals("nll")) {
            all = all.withValue("model.loss", Schema.value(loss, params.uid()));
        }
        Config measured = all.withValue("report.measure_decrease", Schema.value(false, params.uid()));
        Config job = more.entrySet().stream()
                .reduce(
                        measured,
                        (config, key) -> config.withValue(key.getKey(), Schema.value(key.getValue(), params.uid())),
                        (a, b) -> b);
        return translated(() -> {
            Configuration read = Configuration.of(params.uid(), job);
            return initial == null ? read : initial.checked(read);
        });
    }

    private static Config description(NeuralNetworkParams<?> params) {
        try {
            return ConfigFactory.parseString(
                            params.getModel(),
                            ConfigParseOptions.defaults().setOriginDescription(params.uid() + ": parameter model"))
                    .resolve();
        } catch (ConfigException exception) {
            throw new IllegalArgumentException(
                    params.uid() + ": parameter model: found a syntax error, expected HOCON or JSON: "
                            + exception.getMessage().replaceAll("\\s+", " "),
                    exception);
        }
    }

    /**
     * What {@code doing} gives; a mistake of the user that a task met is thrown as if the driver had met it.
     *
     * @throws IllegalArgumentException for a mistake of the user, with names of Params in place of job keys
     */
    static <T> T translated(Supplier<T> doing) {
        try {
            return doing.get();
        } catch (UserError error) {
            throw new IllegalArgumentException(error.named(ParamNames::of, ParamNames::translated), error);
        } catch (RuntimeException exception) {
            throw exception;
        } catch (Exception ofSpark) {
            // Spark throws checked exceptions without saying so.
            for (Throwable cause = ofSpark; cause != null; cause = cause.getCause()) {
                if (cause instanceof UserError error) {
                    throw new IllegalArgumentException(error.named(ParamNames::of, ParamNames::translated), ofSpark);
                }
            }
            throw ofSpark;
        }
    }

    /**
     * What {@code doing} gives, whose frames call Spark's {@code raise_error} for a mistake.
     *
     * @param raised the text with which they do
     * @throws IllegalArgumentException with {@code message} if they did
     */
    static <T> T raising(String raised, Supplier<String> message, Supplier<T> doing) {
        try {
            return doing.get();
        } catch (Throwable thrown) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof SparkThrowable
                        && String.valueOf(cause.getMessage()).contains(raised)) {
                    throw new IllegalArgumentException(message.get(), thrown);
                }
            }
            throw thrown;
        }
    }
}
