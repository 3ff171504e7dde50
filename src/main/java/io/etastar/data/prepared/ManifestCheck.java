package io.etastar.data.prepared;

import java.util.Arrays;
import java.util.List;

/** Whether the fields of a manifest fit together. */
final class ManifestCheck {
    private ManifestCheck() {}

    /** What is wrong, or null. */
    static String mistake(Manifest manifest) {
        FeatureEncoding features = manifest.features();
        if (!positive(features.shape()) || features.shape().length == 0) {
            return "features.shape: found " + Arrays.toString(features.shape()) + ", expected positive sides";
        }
        if (!List.of(FeatureEncoding.FLOAT, FeatureEncoding.BYTE).contains(features.type()) || features.divisor() < 1) {
            return "features: found " + features.type() + " / " + features.divisor()
                    + ", expected float32 or uint8 and a divisor of 1 or more";
        }
        Manifest.Targets targets = manifest.targets();
        if (!positive(targets.shape())
                || targets.classes() < 0
                || targets.classes() > 0 && targets.shape().length > 0) {
            return "targets: found shape " + Arrays.toString(targets.shape()) + " and " + targets.classes()
                    + " classes, expected positive sides, none for classes";
        }
        int names = targets.classNames().size();
        if (names != 0 && names != targets.classes()) {
            return "targets.class_names: found " + names + ", expected " + targets.classes();
        }
        return parts(manifest);
    }

    private static boolean positive(int[] shape) {
        long length = 1;
        for (int side : shape) {
            length = side < 1 ? Long.MAX_VALUE : Math.min(length * side, Integer.MAX_VALUE);
        }
        return length <= Integer.MAX_VALUE / Float.BYTES;
    }

    private static String parts(Manifest manifest) {
        int[] shape = manifest.features().shape();
        int channels = shape.length == 3 ? shape[0] : 1;
        for (Manifest.Part part : manifest.parts()) {
            String name = "part " + part.name();
            long rows = 0;
            for (Manifest.DataFile file : part.files()) {
                if (file.rows() < 1 || file.bytes() < 1 || !file.name().matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
                    return name + ": file '" + file.name() + "': found " + file.rows() + " rows in " + file.bytes()
                            + " bytes, expected a plain name and at least one of each";
                }
                rows = rows > Integer.MAX_VALUE ? rows : rows + Math.min(file.rows(), Integer.MAX_VALUE);
            }
            if (!Manifest.PARTS.contains(part.name()) || rows != part.rows() || rows < 1 || rows > Integer.MAX_VALUE) {
                return name + ": found " + part.rows() + " rows, and " + rows + " in its files, expected a part of "
                        + Manifest.PARTS + " with the same number, at least one";
            }
            if (part.mean().length != channels
                    || part.deviation().length != channels
                    || !Arrays.stream(part.mean()).allMatch(Double::isFinite)
                    || !Arrays.stream(part.deviation()).allMatch(value -> value > 0 && Double.isFinite(value))) {
                return name + ": found mean " + Arrays.toString(part.mean()) + " and deviation "
                        + Arrays.toString(part.deviation()) + ", expected " + channels + " finite numbers each";
            }
        }
        return null;
    }
}
