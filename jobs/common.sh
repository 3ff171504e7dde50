# Shared by jobs/*.sh: finds Java and the project, builds on first use, starts a main class by spark-submit.
# shellcheck shell=bash

set -euo pipefail

# Symbolic links to the scripts work too.
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
jar="$root/target/etastar.jar"
# The jar that is submitted: etastar's own, unless "example" sets another one.
application=""

die() {
    echo "error: $*" >&2
    exit 2
}

find_java() {
    java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
    command -v "$java" > /dev/null || die "found no '$java', expected a JDK 17 (on Debian: openjdk-17-jdk-headless)"
    local version
    version="$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)"
    [ "${version:-0}" -ge 17 ] || die "found Java ${version:-of an unknown version} ($java), expected JDK 17 or later"
}

up_to_date() {
    [ -f "$jar" ] && [ -f "$root/target/classpath-provided.txt" ] && [ -f "$root/target/classpath-runtime.txt" ] \
        && [ -z "$(find "$root/src/main" "$root/pom.xml" -newer "$jar" -print -quit)" ]
}

build() {
    up_to_date && return
    command -v mvn > /dev/null || die "found no 'mvn', expected Maven to build with (on Debian: maven)"
    echo "building (the first time downloads the libraries) ..." >&2
    mkdir -p "$root/target"
    # Two jobs started at once build one after the other.
    exec 9> "$root/target/.build.lock"
    if command -v flock > /dev/null; then flock 9; fi
    if ! up_to_date; then
        (cd "$root" && mvn -B -q -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -Dcheckstyle.skip=true package 2>&1 | sed 's/\x1b\[[0-9;]*m//g' >&2) \
            || die "the build failed, see above"
        touch "$jar"
    fi
    exec 9>&-
}

# example NAME: compiles examples/NAME.java into a jar of its own, as a user's program is, and submits that one.
example() {
    local source="$root/examples/$1.java" classes
    find_java
    build
    application="$root/target/$1.jar"
    if [ "$application" -nt "$source" ] && [ "$application" -nt "$jar" ]; then return; fi
    classes="$(mktemp -d)"
    "${java%java}javac" -nowarn -d "$classes" \
        -cp "$jar:$(cat "$root/target/classpath-provided.txt"):$(cat "$root/target/classpath-runtime.txt")" "$source" \
        && "${java%java}jar" --create --file "$application" -C "$classes" . \
        || die "$source does not compile, see above"
    rm -rf "$classes"
}

# archive_classes JAVA_ARGUMENTS: sets archived to the options for an archive of loaded classes (AppCDS), made on first use by a short
# job: every job then starts two seconds sooner. ETASTAR_CLASS_ARCHIVE=no does without.
archive_classes() {
    local archive="$root/target/classes.jsa" scratch
    archived=()
    if [ "${ETASTAR_CLASS_ARCHIVE:-yes}" = no ]; then return; fi
    exec 9> "$root/target/.build.lock"
    if command -v flock > /dev/null; then flock 9; fi
    if [ ! -f "$archive" ] || [ "$root/target/etastar.jar" -nt "$archive" ]; then
        echo "preparing faster starts (once after a build, some 15 seconds; ETASTAR_CLASS_ARCHIVE=no does without) ..." >&2
        scratch="$(mktemp -d)"
        # Where it cannot be made, an empty file says so: no job tries again until the next build.
        "$java" "-XX:ArchiveClassesAtExit=$scratch/classes.jsa" -Xlog:disable "$@" --class io.etastar.jobs.Train \
            --properties-file "$root/conf/spark-defaults.conf" --master 'local[1]' "$jar" "$root/conf/digits.conf" \
            --output "$scratch/run" --set training.epochs=1 > "$scratch/log" 2>&1 9>&- || true
        if [ ! -s "$scratch/classes.jsa" ]; then : > "$scratch/classes.jsa"; fi
        mv -f "$scratch/classes.jsa" "$archive"
        rm -rf "$scratch"
    fi
    exec 9>&-
    # Where it does not fit (other jars, another JVM) the JVM goes on without, in silence.
    if [ -s "$archive" ]; then archived=("-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off); fi
}

# start COMMAND: becomes this command. The JVM itself says on stderr that the Vector API is an incubator's, which no option of Java silences: that
# line is left out. Our main classes write to descriptor 8, past the filter, so that the order of what they say stays (DirectErrors).
start() {
    export ETASTAR_STDERR="$$:8"
    exec "$@" 8>&2 2> >(trap '' INT TERM; exec grep --line-buffered -vxF 'WARNING: Using incubator modules: jdk.incubator.vector' >&2 8>&-)
}

# submit CLASS ARGUMENTS: takes --master, --packages, --jars, --conf and the like out of the arguments, for spark-submit.
submit() {
    local class="$1" master="" jars="" passed=() arguments=()
    shift
    while [ $# -gt 0 ]; do
        case "$1" in
            --master)
                [ $# -gt 1 ] || die "--master: found nothing after it, expected the address of a Spark master"
                [ -z "$master" ] || die "--master: found it given twice, expected it once"
                master="$2"
                shift
                ;;
            --master=*)
                [ -z "$master" ] || die "--master: found it given twice, expected it once"
                master="${1#--master=}"
                ;;
            --packages | --exclude-packages | --repositories | --conf | --jars)
                [ $# -gt 1 ] || die "$1: found nothing after it, expected a value as spark-submit takes it"
                if [ "$1" = --jars ]; then jars="$jars${jars:+,}$2"; else passed+=("$1" "$2"); fi
                shift
                ;;
            --packages=* | --exclude-packages=* | --repositories=* | --conf=*) passed+=("${1%%=*}" "${1#*=}") ;;
            --jars=*) jars="$jars${jars:+,}${1#*=}" ;;
            *) arguments+=("$1") ;;
        esac
        shift
    done
    find_java
    build

    local options=(--class "$class" --properties-file "$root/conf/spark-defaults.conf"
        --driver-memory "${ETASTAR_DRIVER_MEMORY:-2g}")
    if [ -n "$master" ]; then options+=(--master "$master"); fi
    local runtime sent=""
    runtime="$(cat "$root/target/classpath-runtime.txt")${ETASTAR_JARS:+:$ETASTAR_JARS}"
    case "$master" in
        "" | local | local\[*\]) ;;
        local-cluster* | spark://* | yarn | k8s://*) sent="$runtime" ;;
        *) die "--master: found '$master', expected local, local[N], local[*], spark://HOST:PORT, yarn or k8s://ADDRESS" ;;
    esac
    if [ -n "$application" ]; then sent="$jar${sent:+:$sent}"; fi
    sent="${sent//:/,}"
    if [ -n "$sent$jars" ]; then options+=(--jars "$sent${sent:+${jars:+,}}$jars"); fi
    case " ${passed[*]-} " in
        *spark.jars.ivySettings=*) ;;
        *" --packages "*)
            grep -q '^ *spark.jars.ivySettings' "$root/conf/spark-defaults.conf" \
                || options+=(--conf "spark.jars.ivySettings=$root/conf/ivysettings.xml")
            ;;
    esac
    options+=(${passed[@]+"${passed[@]}"})
    export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
    # Executors on the loopback address must find the driver there.
    case "$master" in spark://127.0.0.1:* | spark://localhost:*) export SPARK_LOCAL_IP="${SPARK_LOCAL_IP:-127.0.0.1}" ;; esac

    local flags
    mapfile -t flags < <(grep -v '^#' "$root/conf/java-options")
    local logging="-Dlog4j2.configurationFile=file://$root/conf/log4j2.properties"
    if [ -n "${SPARK_HOME:-}" ] && [ -x "$SPARK_HOME/bin/spark-submit" ]; then
        start "$SPARK_HOME/bin/spark-submit" --driver-java-options "${flags[*]} $logging" \
            --driver-class-path "$runtime" "${options[@]}" "${application:-$jar}" ${arguments[@]+"${arguments[@]}"}
    fi
    local command=(-cp "$(cat "$root/target/classpath-provided.txt"):$runtime" org.apache.spark.deploy.SparkSubmit)
    archive_classes "${flags[@]}" "$logging" "${command[@]}"
    start "$java" "${archived[@]}" "${flags[@]}" "$logging" "-Xmx${ETASTAR_DRIVER_MEMORY:-2g}" \
        "${command[@]}" "${options[@]}" "${application:-$jar}" ${arguments[@]+"${arguments[@]}"}
}
