package io.etastar.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A Maven repository in a directory, as a company's own one, beside the one that the build's libraries came from. */
final class MavenRepository {
    private final Path directory;
    private final Path libraries;

    /**
     * @param directory of the new one
     * @param library any jar of the other
     * @param group of that jar, such as org.nd4j
     */
    MavenRepository(Path directory, Path library, String group) {
        this.directory = directory;
        String path = library.toString();
        libraries = Path.of(path.substring(0, path.indexOf("/" + group.replace('.', '/') + "/")));
    }

    /** Adds a jar whose description names others, by their classifiers too, and nothing that they in turn ask for. */
    void add(String group, String name, String version, Path jar, List<Path> dependencies) throws IOException {
        Path place = Files.createDirectories(
                directory.resolve(group.replace('.', '/')).resolve(name).resolve(version));
        Files.copy(jar, place.resolve(name + "-" + version + ".jar"));
        Files.writeString(
                place.resolve(name + "-" + version + ".pom"),
                "<project><modelVersion>4.0.0</modelVersion>" + coordinates(group, name, version) + "<dependencies>"
                        + dependencies.stream().map(this::dependency).collect(Collectors.joining())
                        + "</dependencies></project>\n");
    }

    private String dependency(Path jar) {
        Path place = jar.getParent();
        String name = place.getParent().getFileName().toString();
        String version = place.getFileName().toString();
        String group =
                libraries.relativize(place.getParent().getParent()).toString().replace('/', '.');
        String rest = jar.getFileName().toString().substring((name + "-" + version).length());
        String classifier = rest.equals(".jar") ? "" : rest.substring(1, rest.length() - ".jar".length());
        return "<dependency>" + coordinates(group, name, version)
                + (classifier.isEmpty() ? "" : "<classifier>" + classifier + "</classifier>")
                + "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
                + "</dependency>\n";
    }

    private static String coordinates(String group, String name, String version) {
        return "<groupId>" + group + "</groupId><artifactId>" + name + "</artifactId><version>" + version
                + "</version>";
    }

    /** Writes settings of Ivy that know these two repositories alone. */
    Path ivySettings(Path file) throws IOException {
        return Files.writeString(
                file,
                "<ivysettings><settings defaultResolver=\"all\"/><resolvers><chain name=\"all\">"
                        + resolver("own", directory) + resolver("libraries", libraries)
                        + "</chain></resolvers></ivysettings>\n");
    }

    private static String resolver(String name, Path root) {
        return "<ibiblio name=\"" + name + "\" m2compatible=\"true\" root=\"" + root.toUri() + "\"/>";
    }
}
