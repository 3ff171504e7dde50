package io.etastar.data.format;

import io.etastar.storage.FileAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Which of the CIFAR sets, with which labels. */
public enum CifarFormat {
    /** Ten classes. */
    CIFAR10("cifar-10-batches-bin", 1, 0, 10, "batches.meta.txt"),
    /** A hundred classes, the fine labels. */
    CIFAR100("cifar-100-binary", 2, 1, 100, "fine_label_names.txt"),
    /** The coarse labels of CIFAR-100: twenty groups of classes. */
    CIFAR100_COARSE("cifar-100-binary", 2, 0, 20, "coarse_label_names.txt");

    private static final int PIXELS = 3 * 32 * 32;

    private final String folder;
    private final int labels;
    private final int label;
    private final int classes;
    private final String names;

    CifarFormat(String folder, int labels, int label, int classes, String names) {
        this.folder = folder;
        this.labels = labels;
        this.label = label;
        this.classes = classes;
        this.names = names;
    }

    /** Name of the folder that the published archive unpacks to. */
    String folder() {
        return folder;
    }

    /** Bytes of labels before the pixels. */
    int labels() {
        return labels;
    }

    /** Which of them is the label. */
    int label() {
        return label;
    }

    int classes() {
        return classes;
    }

    /** Bytes of a record. */
    int record() {
        return labels + PIXELS;
    }

    List<String> files(boolean train) {
        if (labels == 2) {
            return List.of(train ? "train.bin" : "test.bin");
        }
        return train
                ? List.of(
                        "data_batch_1.bin",
                        "data_batch_2.bin",
                        "data_batch_3.bin",
                        "data_batch_4.bin",
                        "data_batch_5.bin")
                : List.of("test_batch.bin");
    }

    /** Names of the classes by the set's own file, empty if it is not there or has another number of them. */
    List<String> names(Path directory) throws IOException {
        Path file = new Path(directory, names);
        if (FileAccess.status(file) == null) {
            return List.of();
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(FileAccess.open(file), StandardCharsets.UTF_8))) {
            List<String> found = lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return found.size() == classes ? found : List.of();
        }
    }
}
