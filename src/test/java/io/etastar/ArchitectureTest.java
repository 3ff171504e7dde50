package io.etastar;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of packages in docs/architecture.md: each package uses only what its line names. */
class ArchitectureTest {
    private static final Path PAGE = Path.of("docs/architecture.md");
    private static final String ROOT = "io.etastar";
    private static final Pattern NAME = Pattern.compile("`([\\w.*]+)`");
    private static final String EVERYTHING = "everything";

    /** Packages in the table's order, without the root, and the entries of the column "may use": `package` or library. */
    private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

    /** Libraries that are not free to all, and their packages. */
    private static final Map<String, List<String>> LIBRARIES = new LinkedHashMap<>();

    static {
        table("package `io.etastar.`").forEach(row -> MAY_USE.put(names(row[0]).get(0), entries(row[2])));
        table("library").forEach(row -> LIBRARIES.put(row[0], names(row[1])));
    }

    private static final JavaClasses MAIN = classes();

    /** Libraries' classes are known by name alone: reading them would take half a minute. */
    private static JavaClasses classes() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
    }

    /** Rows of the table whose first column has this title. */
    private static List<String[]> table(String title) {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.dropWhile(line -> !line.startsWith("| " + title + " |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(line -> Arrays.stream(line.substring(1).split("\\|", -1))
                            .map(String::strip)
                            .toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static List<String> entries(String cell) {
        return cell.isEmpty() ? List.of() : List.of(cell.split(", "));
    }

    private static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    static List<String> packages() {
        return List.copyOf(MAY_USE.keySet());
    }

    @Test
    void theTableHasALineForEachPackage() {
        Set<String> found = MAIN.stream()
                .map(ArchitectureTest::packageOf)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(found, new TreeSet<>(packages()), "packages of the code, and lines of " + PAGE);
    }

    @Test
    void entriesNamePackagesOrLibraries() {
        List<String> unknown = new ArrayList<>();
        MAY_USE.forEach((name, entries) -> entries.stream()
                .filter(entry -> !entry.equals(EVERYTHING) && !LIBRARIES.containsKey(entry))
                .filter(entry -> !entry.matches("`.+`") || packages().stream().noneMatch(other -> covers(entry, other)))
                .forEach(entry -> unknown.add(name + ": " + entry)));
        assertTrue(
                unknown.isEmpty(),
                PAGE + ": found " + unknown + ", expected `package`, `package.*` or one of " + LIBRARIES.keySet());
    }

    /** Whether an entry of "may use" names a package: by itself, or as one inside `x.*`. */
    private static boolean covers(String entry, String name) {
        String bare = entry.replace("`", "");
        return bare.endsWith(".*") ? name.startsWith(bare.substring(0, bare.length() - 1)) : bare.equals(name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packages")
    void usesOnlyWhatItsLineNames(String name) {
        List<String> entries = MAY_USE.get(name);
        Set<String> found = MAIN.stream()
                .filter(type -> packageOf(type).equals(name))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> !allows(name, entries, use.getTargetClass().getBaseComponentType()))
                .map(use -> use.getOriginClass().getSimpleName() + " -> "
                        + use.getTargetClass().getBaseComponentType().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(
                found.isEmpty(),
                () -> PAGE + ": `" + name + "` uses what its line does not name:\n  " + String.join("\n  ", found));
    }

    private static boolean allows(String name, List<String> entries, JavaClass type) {
        return isOurs(type) ? mayUse(name, entries, packageOf(type)) : !isClosed(entries, type);
    }

    private static boolean mayUse(String name, List<String> entries, String other) {
        return other.isEmpty()
                || other.equals(name)
                || entries.stream().anyMatch(entry -> entry.equals(EVERYTHING) || covers(entry, other));
    }

    /** Whether a class belongs to a library that the entries do not name. */
    private static boolean isClosed(List<String> entries, JavaClass type) {
        return LIBRARIES.entrySet().stream()
                .filter(library -> !entries.contains(library.getKey()))
                .flatMap(library -> library.getValue().stream())
                .anyMatch(prefix -> type.getName().startsWith(prefix + "."));
    }

    @Test
    void packagesHaveNoCircles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
    }
}
