package io.etastar.data;

import java.util.List;

/** Rows whose classes have names. */
public interface NamedClasses {
    /** A name for each class, in the order of their indices; empty if there are none. */
    List<String> classNames();
}
