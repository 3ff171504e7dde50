package io.etastar.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A call of an accelerator's or a native library that failed: too little memory, a lost device, a kernel's fault. It is neither a mistake in
 * what the user wrote nor mostly an error of ours, so main classes print the message alone and exit with code 1.
 */
public class DeviceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** Where Spark has only text of a task's failure, its first line. */
    private static final Pattern TOLD = Pattern.compile(Pattern.quote(DeviceFailure.class.getName()) + ": ([^\r\n]+)");

    /** Characters that are told of what was found, which may end with a compiler's log. */
    private static final int LONGEST = 800;

    private final String remedy;
    private final boolean outOfMemory;

    /**
     * @param found device, call and code
     * @param remedy what to do, as it stands after "expected"
     * @param outOfMemory whether the device had too little memory
     */
    protected DeviceFailure(String found, String remedy, boolean outOfMemory) {
        super(found);
        this.remedy = remedy;
        this.outOfMemory = outOfMemory;
    }

    private DeviceFailure(String line, String remedy, boolean outOfMemory, @Nullable Throwable cause) {
        super(line, cause);
        this.remedy = remedy;
        this.outOfMemory = outOfMemory;
    }

    /** Whether the device had too little memory. */
    public final boolean outOfMemory() {
        return outOfMemory;
    }

    /** What to do, as it stands after "expected". */
    public final String remedy() {
        return remedy;
    }

    /** What the line of this failure begins with. */
    protected String subject() {
        return "gpu";
    }

    /**
     * This failure in one line that is complete in itself.
     *
     * @param process in which it happened, such as an executor
     */
    public DeviceFailure in(String process) {
        String found = String.valueOf(getMessage()).replaceAll("\\s+", " ");
        if (found.length() > LONGEST) {
            found = found.substring(0, LONGEST) + " ...";
        }
        String line = subject() + ": " + process + ": found " + found + ", expected " + remedy;
        return new DeviceFailure(line, remedy, outOfMemory, this);
    }

    /** This failure with more to say, in the same line. */
    public DeviceFailure and(String more) {
        return new DeviceFailure(getMessage() + "; " + more, remedy, outOfMemory, this);
    }

    /** The failure that is the cause of another exception, such as Spark's of a task, or is told in its message; null if none is. */
    public static @Nullable DeviceFailure behind(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DeviceFailure failure) {
                return failure.getClass() == DeviceFailure.class ? failure : failure.in("this process");
            }
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Matcher told = TOLD.matcher(String.valueOf(cause.getMessage()));
            if (told.find()) {
                return new DeviceFailure(told.group(1), "", false, thrown);
            }
        }
        return null;
    }
}
