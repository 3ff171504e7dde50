package io.etastar.settings.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One setting: a record component is its name (in snake case), Java type and place in the tree, and this its default, range and
 * meaning. A component whose type is a record is a block of settings.
 *
 * <p>A setting without a default that is not given is 0 for int, NaN for double, false, null for text, and empty for lists and
 * maps.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** What it means, in words. */
    String doc();

    /** Default, in HOCON; empty if there is none. */
    String value() default "";

    /** Least value. */
    double min() default Double.NEGATIVE_INFINITY;

    /** Lower bound that is itself refused. */
    double above() default Double.NEGATIVE_INFINITY;

    /** Largest value. */
    double max() default Double.POSITIVE_INFINITY;

    /** Upper bound that is itself refused. */
    double below() default Double.POSITIVE_INFINITY;

    /** The texts that are accepted; empty for any. */
    String[] oneOf() default {};

    /** What the keys of a map begin with. */
    String prefix() default "";

    /** Words accepted in place of a number (then bound as 0, auto as -1) or of a list (then bound as empty). */
    String[] or() default {};

    /** Path of the setting in earlier versions. */
    String formerly() default "";

    /** Settings of a nested record that stand in the enclosing block itself. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Flat {}
}
