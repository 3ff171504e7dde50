package io.etastar;

import java.util.regex.Pattern;

/**
 * A mistake in what the user gave us: one line that names the key, column or file, what was found and what is expected.
 *
 * <p>Main classes print the message alone, without a stack trace, and exit with code 2. Errors of ours are any other
 * exception.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    /** @param message one line, complete in itself. */
    public UserError(String message) {
        super(oneLine(message));
    }

    /**
     * @param message one line, complete in itself.
     * @param cause what revealed the mistake, for debugging.
     */
    public UserError(String message, Throwable cause) {
        super(oneLine(message), cause);
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
