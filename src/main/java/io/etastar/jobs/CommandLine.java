package io.etastar.jobs;

import io.etastar.UserError;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Either;
import scopt.OptionDef;
import scopt.OptionParser;
import scopt.Read;

/** Options of a main class: declared in order, then read once. */
final class CommandLine extends OptionParser<Map<String, List<String>>> {
    private final PrintStream out;
    private final List<String> errors = new ArrayList<>();
    private final Set<String> once = new HashSet<>();
    private boolean helped;

    /**
     * @param script that starts the job, for the help text
     * @param about what the job does, one line
     * @param out where help goes
     */
    CommandLine(String script, String about, PrintStream out) {
        super(script);
        this.out = out;
        head(CollectionConverters.asScala(List.of(about)).toSeq());
    }

    /** A positional argument. */
    CommandLine argument(String name, boolean required, String text) {
        OptionDef<String, Map<String, List<String>>> argument =
                arg(name, Read.stringRead()).action((value, values) -> with(values, name, value));
        if (!required) {
            argument = argument.optional();
        }
        argument.text(text);
        return this;
    }

    /** Further positional arguments, any number. */
    CommandLine arguments(String name, String text) {
        arg(name, Read.stringRead())
                .optional()
                .unbounded()
                .action((value, values) -> with(values, name, value))
                .text(text);
        return this;
    }

    /** An option with a value, at most once. */
    CommandLine option(String name, String valueName, String text) {
        once.add(name);
        opt(name, Read.stringRead())
                .valueName(valueName)
                .action((value, values) -> with(values, name, value))
                .text(text);
        return this;
    }

    /** An option with a value, any number of times. */
    CommandLine repeated(String name, String valueName, String text) {
        opt(name, Read.stringRead())
                .unbounded()
                .valueName(valueName)
                .action((value, values) -> with(values, name, value))
                .text(text);
        return this;
    }

    /** An option without a value. */
    CommandLine flag(String name, String text) {
        once.add(name);
        opt(name, Read.unitRead())
                .action((value, values) -> with(values, name, "true"))
                .text(text);
        return this;
    }

    private static Map<String, List<String>> with(Map<String, List<String>> values, String name, String value) {
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return values;
    }

    /**
     * Reads the arguments.
     *
     * @return null if only help was asked for
     * @throws UserError at the first argument that does not fit
     */
    Arguments read(String[] arguments) {
        help("help").text("prints this");
        Map<String, List<String>> values = new TreeMap<>();
        parse(CollectionConverters.asScala(List.of(arguments)).toSeq(), values);
        if (helped) {
            return null;
        }
        if (!errors.isEmpty()) {
            throw new UserError("command line: " + errors.get(0) + ", expected " + usageLine());
        }
        return new Arguments(values);
    }

    private String usageLine() {
        return usage().lines()
                .filter(line -> line.startsWith("Usage: "))
                .findFirst()
                .map(line -> line.substring("Usage: ".length()))
                .orElse("what --help lists");
    }

    @Override
    public Option<Object> showUsageOnError() {
        return Option.apply(false);
    }

    /** The parser calls an option unknown once it was given as often as it may be. */
    @Override
    public void reportError(String message) {
        String name = message.replaceFirst("^Unknown option --([^=]*).*$", "$1");
        errors.add(once.contains(name) ? "--" + name + ": found it given twice" : message);
    }

    @Override
    public void terminate(Either<String, BoxedUnit> exit) {
        helped |= exit.isRight();
    }

    @Override
    public void displayToErr(String text) {
        // One line is printed by whoever catches the error.
    }

    @Override
    public void displayToOut(String text) {
        out.println(text);
    }

    /**
     * The arguments that were given.
     *
     * @param values by name of the option or argument
     */
    record Arguments(Map<String, List<String>> values) {
        /** The value, or null. */
        String get(String name) {
            return values.containsKey(name) ? values.get(name).get(0) : null;
        }

        /** All values, perhaps none. */
        List<String> all(String name) {
            return values.getOrDefault(name, List.of());
        }

        /** Whether it was given. */
        boolean has(String name) {
            return values.containsKey(name);
        }

        /** The value, which must be there. */
        String required(String name, String expected) {
            if (!has(name)) {
                throw new UserError(UserError.Subject.option(name), "nothing", expected);
            }
            return get(name);
        }
    }
}
