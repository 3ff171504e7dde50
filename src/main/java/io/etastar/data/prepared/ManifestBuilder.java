package io.etastar.data.prepared;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Gives files their final names and writes the manifest. */
public final class ManifestBuilder {
    private final Path directory;
    private final RowFormat format;
    private final List<List<Manifest.DataFile>> files = new ArrayList<>();
    private final RowStatistics[] statistics = new RowStatistics[Manifest.PARTS.size()];

    /** @param directory of the files */
    public ManifestBuilder(Path directory, RowFormat format) {
        this.directory = directory;
        this.format = format;
        Manifest.PARTS.forEach(part -> files.add(new ArrayList<>()));
        Arrays.setAll(statistics, part -> new RowStatistics(format));
    }

    /** Takes files over, in the order of their rows. */
    public void add(List<PartWriter.Written> written) throws IOException {
        for (PartWriter.Written one : written) {
            List<Manifest.DataFile> part = files.get(one.part());
            String name = String.format(Locale.ROOT, "%s-%05d.parquet", Manifest.PARTS.get(one.part()), part.size());
            AtomicFile.rename(new Path(directory, one.file().name()), new Path(directory, name));
            part.add(new Manifest.DataFile(
                    name, one.file().rows(), one.file().bytes(), one.file().sha256()));
            statistics[one.part()].add(one.statistics());
        }
    }

    /**
     * Writes the manifest and deletes what failed attempts have left.
     *
     * @throws UserError if there is no training row
     */
    public Manifest build(String source, List<String> classNames, Manifest.Split split) throws IOException {
        List<Manifest.Part> parts = new ArrayList<>();
        for (int part = 0; part < files.size(); part++) {
            if (!files.get(part).isEmpty()) {
                parts.add(part(part));
            }
        }
        if (files.get(0).isEmpty()) {
            throw new UserError(
                    UserError.Subject.of(source),
                    "no row that falls to training",
                    "at least one: more rows, or another --split");
        }
        Manifest.Targets targets = new Manifest.Targets(format.targetShape(), format.classes(), classNames);
        Manifest manifest = new Manifest(
                Manifest.FORMAT, Manifest.VERSION, source, format.features(), targets, format.weighted(), split, parts);
        for (FileStatus left : FileAccess.list(directory)) {
            if (!left.getPath().getName().endsWith(".parquet")) {
                FileAccess.fileSystem(directory).delete(left.getPath(), false);
            }
        }
        ManifestFile.write(manifest, directory);
        return manifest;
    }

    private Manifest.Part part(int part) {
        Standardisation measured = statistics[part].standardisation();
        return new Manifest.Part(
                Manifest.PARTS.get(part),
                files.get(part).stream().mapToLong(Manifest.DataFile::rows).sum(),
                measured.mean(),
                measured.deviation(),
                statistics[part].classCounts(),
                files.get(part));
    }
}
