package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The image files of a directory with one folder for each class.
 *
 * @param classes names of the folders, sorted
 * @param files class by class, by name within one
 * @param labels class of each file
 */
record ImageFolders(List<String> classes, List<Path> files, int[] labels) {
    /**
     * Lists {@code directory}. Hidden files (names that begin with a dot or an underscore) are passed over.
     *
     * @throws UserError if there is no such directory, no folder, a folder without images or another kind of file
     */
    static ImageFolders list(Path directory) {
        try {
            if (!FileAccess.isDirectory(directory)) {
                throw ImageFile.error(directory, "no such directory; expected a folder of images for each class in it");
            }
            List<String> classes = new ArrayList<>();
            List<Path> files = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (FileStatus entry : visible(directory)) {
                if (!entry.isDirectory()) {
                    throw ImageFile.error(entry.getPath(), "found a file, expected folders of images alone");
                }
                List<Path> images = images(entry.getPath());
                images.forEach(image -> labels.add(classes.size()));
                files.addAll(images);
                classes.add(entry.getPath().getName());
            }
            if (classes.isEmpty()) {
                throw ImageFile.error(directory, "found no folder, expected one of images for each class");
            }
            return new ImageFolders(
                    classes, files, labels.stream().mapToInt(Integer::intValue).toArray());
        } catch (IOException e) {
            throw ImageFile.error(directory, "cannot be read: " + FileAccess.firstLine(e));
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        List<Path> images = new ArrayList<>();
        for (FileStatus entry : visible(folder)) {
            if (entry.isDirectory() || !ImageFile.named(entry.getPath().getName())) {
                String found = entry.isDirectory() ? "a directory" : "a file of another kind";
                throw ImageFile.error(entry.getPath(), "found " + found + ", expected names in .jpg, .jpeg or .png");
            }
            images.add(entry.getPath());
        }
        if (images.isEmpty()) {
            throw ImageFile.error(folder, "found no image, expected at least one JPEG or PNG file for the class");
        }
        return images;
    }

    private static List<FileStatus> visible(Path directory) throws IOException {
        return FileAccess.list(directory).stream()
                .filter(entry -> !entry.getPath().getName().matches("[._].*"))
                .toList();
    }
}
