package io.etastar.spark.check;

import io.etastar.UserError;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import scala.Option;
import scala.Tuple2;

/**
 * Executors and tasks of training, where they need other resources than the rest of an application: Spark's stage-level
 * scheduling. Each setting is Spark's own with {@code spark.etastar.training.} in place of {@code spark.}. A local master, whose
 * tasks run in the driver, takes no notice of them, as of Spark's own.
 */
public final class StageResources {
    private static final String PREFIX = "spark.etastar.training.";
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
    private static final Pattern RESOURCE =
            Pattern.compile("(executor|task)\\.resource\\.([^.]+)\\.(amount|discoveryScript|vendor)");
    private static final Set<String> PLAIN =
            Set.of("executor.memory", "executor.memoryOverhead", "executor.cores", "task.cpus");
    private static final String EXPECTED = "one of executor.memory, executor.memoryOverhead, executor.cores,"
            + " executor.resource.NAME.amount, .discoveryScript and .vendor, task.cpus, task.resource.NAME.amount after "
            + PREFIX;

    private final SparkConf conf;
    /** By what follows the prefix. */
    private final Map<String, String> settings = new TreeMap<>();

    private StageResources(SparkConf conf) {
        this.conf = conf;
        if (!conf.get("spark.master", "").matches("local(\\[.*])?")) {
            for (Tuple2<String, String> setting : conf.getAllWithPrefix(PREFIX)) {
                settings.put(setting._1(), setting._2());
            }
        }
    }

    /**
     * Settings of which Spark's own are those of training.
     *
     * @throws UserError naming the setting, what was found and what is expected
     */
    public static SparkConf inPlace(SparkConf conf) {
        SparkConf replaced = conf.clone();
        StageResources resources = new StageResources(conf);
        resources.check();
        resources.settings.forEach((name, value) -> replaced.set("spark." + name, value));
        return replaced;
    }

    /**
     * What stages of training ask for; the same object for the same resources of a context, so that its executors are kept from run
     * to run. Empty if there are no such settings.
     *
     * @throws UserError naming the setting, what was found and what is expected
     */
    public static Option<ResourceProfile> of(JavaSparkContext context) {
        StageResources resources = new StageResources(context.getConf());
        resources.check();
        if (resources.settings.isEmpty()) {
            return Option.empty();
        }
        ResourceProfile profile = resources.profile();
        Option<ResourceProfile> known = context.sc().resourceProfileManager().getEquivalentProfile(profile);
        return known.isDefined() ? known : Option.apply(profile);
    }

    private void check() {
        settings.forEach(this::check);
        Set<String> executors = names("executor");
        String first = settings.keySet().stream()
                .filter(name -> name.startsWith("executor."))
                .findFirst()
                .orElse(null);
        Set<String> tasks = names("task");
        if (first == null) {
            tasks.removeIf(name -> conf.contains("spark.executor.resource." + name + ".amount"));
        } else if (!conf.getBoolean(DYNAMIC, false)) {
            throw mistake(first, DYNAMIC + " = false", "true: only then are there executors of several kinds");
        }
        for (String name : executors) {
            if (!settings.containsKey("executor.resource." + name + ".amount")) {
                throw mistake("executor.resource." + name + ".amount", "nothing", "int >= 1");
            }
        }
        expectAmounts("task", executors, tasks);
        expectAmounts("executor", tasks, executors);
    }

    private void expectAmounts(String kind, Set<String> wanted, Set<String> there) {
        for (String name : wanted) {
            if (!there.contains(name)) {
                throw mistake(
                        kind + ".resource." + name + ".amount",
                        "nothing",
                        "a number, as " + (kind.equals("task") ? "executors have" : "tasks take") + " this resource");
            }
        }
    }

    /** Names of the resources that executors or tasks ask for. */
    private Set<String> names(String kind) {
        return settings.keySet().stream()
                .map(RESOURCE::matcher)
                .filter(matcher -> matcher.matches() && matcher.group(1).equals(kind))
                .map(matcher -> matcher.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void check(String name, String value) {
        Matcher resource = RESOURCE.matcher(name);
        if (resource.matches()) {
            boolean amount = resource.group(3).equals("amount");
            if (resource.group(1).equals("task")) {
                if (!amount) {
                    throw mistake(name, "no such setting", EXPECTED);
                }
                expect(name, value, isTaskAmount(value), "a number in (0, 1], or a whole one");
            } else if (amount) {
                expect(name, value, isWhole(value), "int >= 1");
            }
        } else if (!PLAIN.contains(name)) {
            throw mistake(name, "no such setting", EXPECTED);
        } else if (name.contains("memory")) {
            expect(name, value, isSize(value), "a size such as 512m or 2g");
        } else {
            expect(name, value, isWhole(value), "int >= 1");
        }
    }

    private static void expect(String name, String value, boolean good, String expected) {
        if (!good) {
            throw mistake(name, "'" + value + "'", expected);
        }
    }

    private static UserError mistake(String name, String found, String expected) {
        return new UserError(UserError.Subject.of(PREFIX + name), found, expected);
    }

    private static boolean isWhole(String value) {
        return value.matches("[1-9][0-9]{0,5}");
    }

    private static boolean isTaskAmount(String value) {
        return isWhole(value) || value.matches("1\\.0*|0?\\.0*[1-9][0-9]*");
    }

    private static boolean isSize(String value) {
        try {
            return JavaUtils.byteStringAsMb(value) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private ResourceProfile profile() {
        ExecutorResourceRequests executors = new ExecutorResourceRequests();
        TaskResourceRequests tasks = new TaskResourceRequests();
        settings.forEach((name, value) -> {
            switch (name) {
                case "executor.memory" -> executors.memory(value);
                case "executor.memoryOverhead" -> executors.memoryOverhead(value);
                case "executor.cores" -> executors.cores(Integer.parseInt(value));
                case "task.cpus" -> tasks.cpus(Integer.parseInt(value));
                default -> {}
            }
        });
        for (String name : names("executor")) {
            String key = "executor.resource." + name;
            executors.resource(
                    name,
                    Long.parseLong(settings.get(key + ".amount")),
                    settings.getOrDefault(key + ".discoveryScript", ""),
                    settings.getOrDefault(key + ".vendor", ""));
        }
        for (String name : names("task")) {
            tasks.resource(name, Double.parseDouble(settings.get("task.resource." + name + ".amount")));
        }
        return new ResourceProfileBuilder().require(executors).require(tasks).build();
    }
}
