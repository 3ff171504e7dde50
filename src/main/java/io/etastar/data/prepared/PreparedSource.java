package io.etastar.data.prepared;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.RawArray;
import org.apache.hadoop.fs.Path;

/**
 * One part of a directory of prepared data. The driver reads nothing but the manifest and the sizes of files; executors read the
 * files that overlap their range, and check the pages' checksums.
 */
public final class PreparedSource implements DataSource {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final RowShape shape;
    private final RowFormat format;
    private final Manifest.DataFile[] files;
    private final int rows;
    private final Standardisation statistics;

    private PreparedSource(Path directory, Manifest manifest, Manifest.Part part) {
        this.directory = directory.toString();
        format = RowFormat.of(manifest);
        shape = new RowShape(
                FileAccess.display(directory) + ", " + part.name(),
                format.features().shape(),
                format.targetShape(),
                format.classes(),
                manifest.targets().classNames());
        files = part.files().toArray(Manifest.DataFile[]::new);
        rows = (int) part.rows();
        statistics = new Standardisation(part.mean(), part.deviation());
    }

    /**
     * Opens a part: reads the manifest and checks that its files are there with their lengths.
     *
     * @param directory that jobs/prepare-data.sh has written
     * @param part train, validation or test
     * @param classes number of classes that is expected, 0 for any
     * @param verify whether checksums are compared, too
     * @throws UserError if something is missing or not as the manifest says
     */
    public static PreparedSource open(String directory, String part, int classes, boolean verify) {
        Manifest manifest = ManifestFile.read(directory);
        Path path = FileAccess.path(directory);
        Manifest.Part found = manifest.part(part);
        if (found == null) {
            throw new UserError(FileAccess.display(path) + ": found no rows for " + part + ", but "
                    + manifest.parts().stream().map(Manifest.Part::name).toList()
                    + "; expected them, or another split (jobs/prepare-data.sh --split, or data.test_share)");
        }
        if (classes > 0 && manifest.targets().classes() != classes) {
            throw new UserError(
                    UserError.Subject.of(FileAccess.display(path)),
                    manifest.targets().classes() + " classes",
                    classes + " (data.classes)");
        }
        Checksums.sizes(path, found);
        if (verify) {
            Checksums.verify(path, found);
        }
        return new PreparedSource(path, manifest, found);
    }

    @Override
    public RowShape shape() {
        return shape;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows);
        RowFileReader.Target target = new RowFileReader.Target(
                new float[Math.multiplyExact(count, format.features().length())],
                new float[Math.multiplyExact(count, format.targetLength())],
                format.weighted() ? new double[count] : null);
        int first = 0;
        for (Manifest.DataFile file : files) {
            int end = first + (int) file.rows();
            int begin = Math.max(from, first);
            int stop = Math.min(to, end);
            if (begin < stop) {
                new RowFileReader(new Path(directory), file, format)
                        .read(begin - first, stop - first, target, begin - from);
            }
            first = end;
        }
        return new Shard(count, RawArray.of(target.features()), RawArray.of(target.targets()), target.weights());
    }

    /** Returns the statistics of the manifest: files were checked when they were prepared, and pages are when they are read. */
    @Override
    public Standardisation inspect() {
        return statistics;
    }
}
