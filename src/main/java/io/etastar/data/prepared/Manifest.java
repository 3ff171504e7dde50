package io.etastar.data.prepared;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The contents of manifest.json. Records are written in snake case.
 *
 * @param format {@link #FORMAT}
 * @param version {@link #VERSION}
 * @param source where the rows came from, for people
 * @param features how features are stored
 * @param targets what a target is
 * @param weighted whether each row has a weight
 * @param split how rows came into their parts
 * @param parts train, validation and test in that order, those that have rows
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Manifest(
        String format,
        int version,
        String source,
        FeatureEncoding features,
        Targets targets,
        boolean weighted,
        Split split,
        List<Part> parts) {
    /** Name of the format. */
    public static final String FORMAT = "etastar-prepared-data";
    /** Version of the format that is written and read. */
    public static final int VERSION = 1;
    /** Name of the file. */
    public static final String FILE = "manifest.json";
    /** Names of parts, in their order. */
    public static final List<String> PARTS = List.of("train", "validation", "test");

    /**
     * Metadata of the targets.
     *
     * @param shape of a row's targets; empty for one class index or one number
     * @param classes number of classes, 0 if targets are numbers
     * @param classNames one for each class, or empty
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Targets(int[] shape, int classes, List<String> classNames) {}

    /**
     * The rule by which rows came into their parts.
     *
     * @param kind given (as the source had them, but for validation rows, which are taken from the training rows by hash) or hash
     * @param hash the hash function of {@link RowHash}
     * @param seed of the hash
     * @param shares of train, validation and test: of all rows, with kind given of the training rows
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Split(String kind, String hash, long seed, double[] shares) {}

    /**
     * One part.
     *
     * @param name of {@link #PARTS}
     * @param rows of all its files
     * @param mean of each channel of the features
     * @param deviation of each channel, 1 if it is constant
     * @param classCounts rows of each class; empty if targets are numbers
     * @param files in the order of their rows
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Part(
            String name, long rows, double[] mean, double[] deviation, long[] classCounts, List<DataFile> files) {}

    /**
     * One Parquet file.
     *
     * @param name within the directory
     * @param rows of the file
     * @param bytes its length
     * @param sha256 of its bytes, 64 hexadecimal digits
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record DataFile(String name, long rows, long bytes, String sha256) implements java.io.Serializable {}

    /** The part of that name, or null. */
    public Part part(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
