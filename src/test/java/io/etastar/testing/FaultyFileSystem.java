package io.etastar.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk as {@code faulty:/path}, on which the set {@link DiskFault} happens. */
public final class FaultyFileSystem extends FileSystem {
    /** Of its paths. */
    public static final String SCHEME = "faulty";

    private static final URI NAME = URI.create(SCHEME + ":///");

    private final RawLocalFileSystem local = new RawLocalFileSystem();
    private Path working = new Path(NAME);

    /** Settings of Spark that make the file system known. */
    public static List<String> settings() {
        return List.of(
                "spark.hadoop.fs.faulty.impl=" + FaultyFileSystem.class.getName(),
                "spark.hadoop.fs.AbstractFileSystem.faulty.impl=" + FaultyFileContext.class.getName());
    }

    /** A local path on this file system. */
    public static String path(java.nio.file.Path path) {
        return SCHEME + ":" + path.toAbsolutePath();
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        local.initialize(URI.create("file:///"), conf);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return NAME;
    }

    private static Path disk(Path path) {
        return new Path("file", null, path.toUri().getPath());
    }

    private static FileStatus status(FileStatus found) {
        return new FileStatus(
                found.getLen(),
                found.isDirectory(),
                1,
                found.getBlockSize(),
                found.getModificationTime(),
                new Path(SCHEME, "", found.getPath().toUri().getPath()));
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        return local.open(disk(path), buffer);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int buffer,
            short replication,
            long block,
            Progressable progress)
            throws IOException {
        DiskFault.meet("create", path);
        FSDataOutputStream out = local.create(disk(path), overwrite, buffer, replication, block, progress);
        return new FSDataOutputStream(new Watched(out, path), null);
    }

    @Override
    public FSDataOutputStream append(Path path, int buffer, Progressable progress) throws IOException {
        DiskFault.meet("append", path);
        return new FSDataOutputStream(new Watched(local.append(disk(path), buffer, progress), path), null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        DiskFault.meet("rename", to);
        boolean renamed = local.rename(disk(from), disk(to));
        DiskFault.meet("renamed", to);
        return renamed;
    }

    @Override
    @SuppressWarnings("deprecation")
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        DiskFault.meet("rename", to);
        Files.move(
                local.pathToFile(disk(from)).toPath(),
                local.pathToFile(disk(to)).toPath(),
                StandardCopyOption.ATOMIC_MOVE);
        DiskFault.meet("renamed", to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        DiskFault.meet("delete", path);
        return local.delete(disk(path), recursive);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        DiskFault.meet("list", path);
        List<FileStatus> found = new ArrayList<>();
        for (FileStatus entry : local.listStatus(disk(path))) {
            found.add(status(entry));
        }
        return found.toArray(FileStatus[]::new);
    }

    @Override
    public void setWorkingDirectory(Path directory) {
        working = directory;
    }

    @Override
    public Path getWorkingDirectory() {
        return working;
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        DiskFault.meet("mkdirs", path);
        return local.mkdirs(disk(path));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(local.getFileStatus(disk(path)));
    }

    /** Counts the bytes of a file, up to the one at which a fault happens; what came before is on the disk. */
    private static final class Watched extends FilterOutputStream {
        private final Path path;

        Watched(OutputStream out, Path path) {
            super(out);
            this.path = path;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            long good = DiskFault.goodBytes(path, count);
            out.write(bytes, from, (int) good);
            if (good < count) {
                out.flush();
                DiskFault.meet("write", path);
            }
        }
    }
}
