# Sourced by run.sh: packs what the steps need. $root is the checkout, $here this directory, $scratch an empty one.
# shellcheck shell=bash

# The modules of Java that the engine, Spark and JUnit use.
modules=java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql
modules+=,java.xml,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.management.jfr,jdk.security.auth,jdk.unsupported

# Sets classpath to the tests' class path: $ETASTAR_CLASSPATH where it says one that is built, else Maven's.
find_classpath() {
    classpath="${ETASTAR_CLASSPATH:-}"
    if [ -z "$classpath" ]; then
        (source "$root/benchmarks/common.sh" && build)
        classpath="$root/target/test-classes:$root/target/classes:$(cat "$root/target/classpath-bench.txt")"
    fi
}

# java_home: the folder of a JDK that can make a runtime of parts of itself.
java_home() {
    local home
    home="${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}"
    [ -d "$home/jmods" ] && [ -x "$home/bin/jlink" ] || { echo "error: run.sh: found no jmods in $home, expected a JDK" >&2; return 2; }
    echo "$home"
}

# fill TREE: lays out what travels, in TREE, and prints the names of its parts in the order in which they travel.
fill() {
    local tree="$1" home pattern jar group all jars=()
    home="$(java_home)"
    mkdir -p "$tree/lib"
    cp "$here/steps.sh" "$root/conf/java-options" "$root/conf/digits.conf" "$tree"
    "$home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress=2 --output "$tree/jre" > /dev/null
    cp -r "$root/target/classes" "$root/target/test-classes" "$tree"
    # Not those of JMH, which need its generated classes.
    "$home/bin/javac" -nowarn -proc:none -d "$tree/benchmark-classes" -cp "$classpath" -sourcepath "$root/benchmarks/java" \
        "$root/benchmarks/java/io/etastar/benchmarks/Compare.java" 2> "$tree.javac" || { cat "$tree.javac" >&2; return 2; }
    mkdir "$tree/rivals"
    cp "$root"/benchmarks/rivals/{case,models,run,torch_rivals}.py "$tree/rivals"
    printf '%s\n' steps.sh java-options digits.conf classpath.txt engine.sha256 training.sha256 jre rivals classes test-classes benchmark-classes
    mapfile -t all < <(tr ':' '\n' <<< "$classpath" | grep '\.jar$')
    while read -r pattern; do
        case "$pattern" in
            "" | "#"*) continue ;;
            "["*) group="${pattern//[\[\]]/}" && continue ;;
        esac
        for jar in "${all[@]}"; do
            travels "${jar##*/}" "$pattern" || continue
            [ ! -e "$tree/lib/${jar##*/}" ] || continue
            cp "$jar" "$tree/lib"
            (cd "$tree" && sha256sum "lib/${jar##*/}" >> "$group.sha256")
            jars+=("lib/${jar##*/}")
        done
    done < "$here/jars.txt"
    # The order of the class path is Maven's.
    {
        printf '%s\n' benchmark-classes test-classes classes
        for jar in "${all[@]}"; do [ ! -e "$tree/lib/${jar##*/}" ] || echo "lib/${jar##*/}"; done
    } > "$tree/classpath.txt"
    printf '%s\n' "${jars[@]}"
}

# travels JAR PATTERN: whether a library fits, and is for this kind of machine. Of ND4J's two builds the faster one replaces the other.
travels() {
    # shellcheck disable=SC2053
    [[ "$1" == $2 ]] || return 1
    case "$1" in
        nd4j-native-[0-9]*-linux-x86_64.jar | *-linux-aarch_64.jar | *-linux-riscv64.jar | *-osx-* | *-windows-*) return 1 ;;
    esac
}

# Wheels of PyPI that hold what the engine opens of CUDA, and what these libraries open.
cuda_wheels=(nvidia-cuda-nvrtc-cu12 nvidia-cublas-cu12 nvidia-cuda-runtime-cu12)

# pieces DIR NAME MIB: the input cut into files NAME-01, NAME-02, ..., and a line about each.
pieces() {
    local piece
    split -b "$3M" -d --numeric-suffixes=1 - "$1/$2-"
    for piece in "$1/$2"-*; do told "$piece" || return; done
}

# told FILE: its name and size.
told() {
    local bytes
    bytes="$(stat -c %s "$1")"
    awk -v file="${1##*/}" -v bytes="$bytes" 'BEGIN { printf "%s %.1f MiB\n", file, bytes / 2 ^ 20 }'
}

# make_cuda_packs DIR MIB: the libraries of CUDA's wheels, one stream cut into pieces, and a line about each wheel and piece.
make_cuda_packs() {
    local python="${ETASTAR_PYTHON:-python3}" wheel
    mkdir -p "$1" "$scratch/wheels" "$scratch/cuda"
    "$python" -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d "$scratch/wheels" "${cuda_wheels[@]}" ||
        { echo "error: run.sh: --cuda: $python -m pip found not all of ${cuda_wheels[*]}" >&2; return 2; }
    for wheel in "$scratch"/wheels/*.whl; do
        told "$wheel"
        "$python" -m zipfile -e "$wheel" "$scratch/cuda/cuda"
        rm "$wheel"
    done
    (cd "$scratch/cuda" && tar -cz --owner=0 --group=0 cuda/nvidia/*/lib) | pieces "$1" cuda "$2"
    rm -r "$scratch/wheels" "$scratch/cuda"
}

# make_packs DIR MIB: the packs, one stream cut into pieces, and a line about each.
make_packs() {
    local tree
    mkdir -p "$1"
    find_classpath
    tree="$scratch/tree"
    fill "$tree" > "$tree.parts"
    (cd "$tree" && tar -c --owner=0 --group=0 -T "$tree.parts") | pieces "$1" pack "$2"
    rm -r "$tree" "$tree".*
}
