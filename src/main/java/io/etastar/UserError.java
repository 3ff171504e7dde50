package io.etastar;

/**
 * A mistake in what the user gave us: one line that names the key, column or file, what was found and what is expected.
 *
 * <p>Main classes print the message alone, without a stack trace, and exit with code 2. Errors of ours are any other
 * exception.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line, complete in itself. */
    public UserError(String message) {
        super(message);
    }

    /**
     * @param message one line, complete in itself.
     * @param cause what revealed the mistake, for debugging.
     */
    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
