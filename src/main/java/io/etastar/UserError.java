package io.etastar;

import java.io.Serializable;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A mistake in what the user gave us: what it is about, what was found there and what is expected.
 *
 * <p>The message is one line. Main classes print it alone, without a stack trace, and exit with code 2; a front end that names
 * settings in another way renders the parts with its own names ({@link #named}). Errors of ours are any other exception.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 10;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    /**
     * What a mistake is about.
     *
     * @param kind of its name
     * @param place file, or file and line, or origin of a value; null if the name says it all
     * @param name of the setting, option, column or array; null if the place says it all
     */
    public record Subject(Kind kind, String place, String name) implements Serializable {
        /** What a name names. */
        public enum Kind {
            /** A key of a job file, by its path. */
            SETTING,
            /** An option of a command line. */
            OPTION,
            /** A column of a table. */
            COLUMN,
            /** An array of a file. */
            ARRAY,
            /** Anything else that is told by its place. */
            PLACE
        }

        /** A setting, wherever it was given. */
        public static Subject setting(String path) {
            return new Subject(Kind.SETTING, null, path);
        }

        /** A setting as it stands in a file or another place. */
        public static Subject key(String place, String path) {
            return new Subject(Kind.SETTING, place, path);
        }

        /** An option of a command line, without its dashes. */
        public static Subject option(String name) {
            return new Subject(Kind.OPTION, null, name);
        }

        /** A column of a table. */
        public static Subject column(String name) {
            return new Subject(Kind.COLUMN, null, name);
        }

        /** An array of a file. */
        public static Subject array(String file, String name) {
            return new Subject(Kind.ARRAY, file, name);
        }

        /** A file, a directory, an op of the model, a setting of the cluster: what its words say. */
        public static Subject of(String words) {
            return new Subject(Kind.PLACE, words, null);
        }

        @Override
        public String toString() {
            return switch (kind) {
                case SETTING -> place == null ? name : place + ": key '" + name + "'";
                case OPTION -> "command line: --" + name;
                case COLUMN -> "column '" + name + "'";
                case ARRAY -> place + ": array '" + name + "'";
                case PLACE -> place;
            };
        }
    }

    private final Subject subject;
    private final String found;
    private final String expected;

    /** @param message one line, complete in itself: a mistake that is more than a wrong value. */
    public UserError(String message) {
        this(message, null);
    }

    /**
     * @param message one line, complete in itself.
     * @param cause what revealed the mistake, for debugging.
     */
    public UserError(String message, Throwable cause) {
        super(oneLine(message), cause);
        subject = null;
        found = null;
        expected = null;
    }

    /**
     * @param subject what the mistake is about
     * @param found what was there, in words or as it is
     * @param expected what should have been, in words or as it should be
     */
    public UserError(Subject subject, Object found, Object expected) {
        this(subject, found, expected, null);
    }

    /** @param cause what revealed the mistake, for debugging. */
    public UserError(Subject subject, Object found, Object expected, Throwable cause) {
        super(oneLine(subject + ": found " + found + ", expected " + expected), cause);
        this.subject = subject;
        this.found = String.valueOf(found);
        this.expected = String.valueOf(expected);
    }

    /** What the mistake is about; null if the message is complete in itself. */
    public Subject subject() {
        return subject;
    }

    /**
     * The message with other names.
     *
     * @param subjects what is said of a subject
     * @param words what is said in place of words that may hold paths of settings
     */
    public String named(Function<Subject, String> subjects, UnaryOperator<String> words) {
        return subject == null
                ? words.apply(getMessage())
                : oneLine(subjects.apply(subject) + ": found " + found + ", expected " + words.apply(expected));
    }

    /** Names in quotes, at most ten and then how many others. */
    public static String names(Collection<String> names) {
        String shown = names.stream().limit(SHOWN).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " others" : shown;
    }

    /**
     * A message that may quote names from files, without what breaks a line or steers a terminal.
     *
     * @param message any text
     */
    public static String oneLine(String message) {
        return CONTROL.matcher(message).replaceAll("?");
    }
}
