package io.etastar.tune;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that a key of a job file may have in a search. A point u in [0, 1] stands for one of them.
 */
public sealed interface Domain permits Range, Choice {
    /** What {@link #of} reads. */
    String EXPECTED = "KEY=uniform(LOW, HIGH), loguniform(LOW, HIGH), decay(LOW, HIGH) or integers(LOW, HIGH),"
            + " each perhaps with a third number, of points; or KEY=[VALUE, ...]";

    /** Path of the key. */
    String key();

    /** The value at a point, as a job file has it. */
    String at(double u);

    /** Number of values; 0 for any number. */
    int size();

    /** Values that tell whether all are allowed: of a list all, of a range its ends. */
    List<String> checked();

    /** Whether values that are near each other have points that are: then a mean of points says something. */
    boolean isOrdered();

    /**
     * Reads a domain.
     *
     * @param text {@code KEY=uniform(LOW, HIGH)}, {@code loguniform}, {@code decay} (even in the logarithm of 1 - x) or {@code
     *     integers}, with a number of points as third number if the ends and points evenly between them are the values; or {@code
     *     KEY=[VALUE, ...]}, values in HOCON
     * @throws UserError if it is something else
     */
    static Domain of(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw mistake(text, EXPECTED);
        }
        String key = text.substring(0, equals).strip();
        String values = text.substring(equals + 1).strip();
        try {
            ConfigUtil.splitPath(key);
        } catch (ConfigException noPath) {
            throw mistake(text, "a path of names and dots before '='");
        }
        return values.startsWith("[") ? choice(text, key, values) : range(text, key, values);
    }

    private static Domain choice(String text, String key, String values) {
        List<String> all = new ArrayList<>();
        try {
            Config list = ConfigFactory.parseString("values=" + values).resolve();
            list.getList("values").forEach(value -> all.add(value.render(ConfigRenderOptions.concise())));
        } catch (ConfigException noList) {
            throw mistake(text, "a list of values in HOCON after '='");
        }
        if (all.stream().distinct().count() < Math.max(2, all.size())) {
            throw mistake(text, "at least two different values, each once");
        }
        return new Choice(key, all, false);
    }

    private static Domain range(String text, String key, String values) {
        String number = "\\s*([-+0-9.eE]+)\\s*";
        Matcher matcher = Pattern.compile("(uniform|loguniform|decay|integers)\\(" + number + "," + number
                        + "(?:,\\s*([0-9]{1,6})\\s*)?\\)")
                .matcher(values);
        if (!matcher.matches()) {
            throw mistake(text, EXPECTED);
        }
        Range range;
        try {
            range = new Range(
                    key,
                    Double.parseDouble(matcher.group(2)),
                    Double.parseDouble(matcher.group(3)),
                    Range.Scale.of(matcher.group(1)));
        } catch (NumberFormatException noNumber) {
            throw mistake(text, EXPECTED);
        }
        String wrong = range.mistake();
        if (wrong != null) {
            throw mistake(text, wrong);
        }
        if (matcher.group(4) == null) {
            return range;
        }
        int points = Integer.parseInt(matcher.group(4));
        List<String> all = points < 2 ? List.of() : range.points(points);
        if (all.stream().distinct().count() < Math.max(2, points)) {
            throw mistake(text, "a number of points, from 2, that are different values");
        }
        return new Choice(key, all, true);
    }

    private static UserError mistake(String text, String expected) {
        return new UserError(UserError.Subject.option("vary"), "'" + text + "'", expected);
    }
}
