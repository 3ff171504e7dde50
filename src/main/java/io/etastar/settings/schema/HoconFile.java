package io.etastar.settings.schema;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Reads HOCON or JSON from a file and overrides from the command line; every mistake is one line. */
public final class HoconFile {
    private static final long MOST_BYTES = 1 << 24;
    private static final int MOST_PIECES = 500;

    private HoconFile() {}

    /** What {@code reading} gives, a file that nests too deeply for this machine refused. */
    public static <T> T bounded(String file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (StackOverflowError tooDeep) {
            throw new UserError(
                    UserError.Subject.of(file), "brackets or names nested too deeply", "a configuration file", tooDeep);
        }
    }

    /** What {@code file} holds, not resolved; messages name it as {@code file} says. */
    public static Config parse(String file) {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            String found = Files.isDirectory(path) ? "a directory" : "nothing";
            throw new UserError(UserError.Subject.of(file), found, "a configuration file");
        }
        if (!Files.isReadable(path)) {
            throw new UserError(
                    UserError.Subject.of(file), "a file that cannot be read", "a readable configuration file");
        }
        checkSize(file, path);
        try {
            return ConfigFactory.parseFile(
                    path.toFile(),
                    ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription(file));
        } catch (ConfigException exception) {
            throw syntax(file, exception);
        }
    }

    private static void checkSize(String file, Path path) {
        try {
            long bytes = Files.size(path);
            if (bytes > MOST_BYTES) {
                throw new UserError(
                        UserError.Subject.of(file), bytes + " bytes", "a configuration file of at most " + MOST_BYTES);
            }
            checkPieces(file, new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserError(UserError.Subject.of(file), "a file that cannot be read", "a configuration file", e);
        }
    }

    /** Refuses names and values of very many pieces: parsing them takes memory by the square of their number. */
    private static void checkPieces(String place, String text) {
        int pieces = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\n,{}[]=:".indexOf(c) >= 0) {
                pieces = 0;
            } else if (c == '.' || c == '"' || c == '$' || Character.isWhitespace(c)) {
                pieces++;
            }
            if (pieces > MOST_PIECES) {
                throw new UserError(
                        UserError.Subject.of(place),
                        "a name or value of more than " + MOST_PIECES + " pieces",
                        "a key or value of a configuration");
            }
        }
    }

    /** The overrides {@code path=value}, later ones first in force. */
    public static Config overrides(List<String> overrides) {
        Config all = ConfigFactory.empty();
        for (String override : overrides) {
            all = override(override).withFallback(all);
        }
        return all;
    }

    private static Config override(String text) {
        String description = "--set " + Secrets.hidden(text, text.replaceFirst("=.*", "=(hidden)"));
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new UserError(UserError.Subject.of(description), "no '='", "path=value");
        }
        checkPieces("--set", text);
        String key = text.substring(0, equals).strip();
        String value = text.substring(equals + 1).strip();
        try {
            ConfigUtil.splitPath(key);
        } catch (ConfigException exception) {
            throw new UserError(
                    UserError.Subject.of(description), "'" + key + "'", "a path of names and dots", exception);
        }
        if (!value.contains("//") || value.startsWith("\"") || value.startsWith("[")) {
            try {
                return ConfigFactory.parseString(
                        key + "=" + value, ConfigParseOptions.defaults().setOriginDescription(description));
            } catch (ConfigException exception) {
                if (value.startsWith("[") || value.startsWith("{")) {
                    throw new UserError(
                            UserError.Subject.of(description),
                            "'" + value + "'",
                            "a value in HOCON: " + reason(exception),
                            exception);
                }
            }
        }
        return ConfigFactory.empty()
                .withValue(
                        key,
                        ConfigValueFactory.fromAnyRef(value, description)
                                .withOrigin(com.typesafe.config.ConfigOriginFactory.newSimple(description)));
    }

    /** {@code config} with its substitutions done, from {@code fallback} and the environment. */
    public static Config resolve(String file, Config config, Config fallback) {
        try {
            return config.resolveWith(config.withFallback(fallback).resolve());
        } catch (ConfigException exception) {
            throw syntax(file, exception);
        }
    }

    private static UserError syntax(String file, ConfigException exception) {
        ConfigOrigin origin = exception.origin();
        String place = origin == null ? file : Located.place(origin);
        return new UserError(
                UserError.Subject.of(place), "a syntax error", "HOCON or JSON: " + reason(exception), exception);
    }

    private static String reason(ConfigException exception) {
        String message = exception.getMessage().replaceAll("\\s+", " ");
        ConfigOrigin origin = exception.origin();
        if (origin != null && message.startsWith(origin.description() + ": ")) {
            message = message.substring(origin.description().length() + 2);
        }
        return message.replaceAll(" \\(if you intended .*", "");
    }
}
