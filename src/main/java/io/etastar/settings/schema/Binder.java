package io.etastar.settings.schema;

import io.etastar.partition.PartitionChoice;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fills records of settings from values by path. */
public final class Binder {
    private Binder() {}

    /**
     * A record with these values.
     *
     * @param prefix path of its block and a dot; empty for the root
     * @param values canonical values by path, of all of its settings
     */
    public static <R> R bind(Class<R> type, String prefix, Map<String, Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = Arrays.stream(components)
                .map(component -> argument(component, path(prefix, component), values))
                .toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            // Records of a room are often its own.
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException exception) {
            throw new IllegalStateException("settings " + type.getName(), exception);
        }
    }

    /** Path of a setting; of a block, with a dot behind it; of a flat one, that of the enclosing block. */
    static String path(String prefix, RecordComponent component) {
        if (component.isAnnotationPresent(Key.Flat.class)) {
            return prefix;
        }
        String name =
                component.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        return prefix + name + (component.isAnnotationPresent(Key.class) ? "" : ".");
    }

    private static Object argument(RecordComponent component, String path, Map<String, Object> values) {
        Class<?> type = component.getType();
        if (!component.isAnnotationPresent(Key.class)) {
            return bind(type, path, values);
        }
        Object value = values.get(path);
        if (value == null) {
            return absent(type);
        }
        if (type == PartitionChoice.class) {
            return PartitionChoice.of(value);
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.toString().equals(value))
                    .findFirst()
                    .orElseThrow();
        }
        return type == int.class && value instanceof String word
                ? Integer.valueOf(word.equals("auto") ? -1 : 0)
                : value;
    }

    private static Object absent(Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == double.class) {
            return Double.NaN;
        }
        if (type == boolean.class) {
            return false;
        }
        return type == List.class ? List.of() : type == Map.class ? Map.of() : null;
    }
}
