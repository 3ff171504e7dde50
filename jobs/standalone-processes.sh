# Shared by jobs/standalone.sh: processes of a cluster, by the files in its directory.
# shellcheck shell=bash

state="${ETASTAR_STANDALONE:-$root/target/standalone}"
case "$state" in /*) ;; *) state="$PWD/$state" ;; esac

# Links to Spark's own jars: those of scope "provided", and of the runtime ones those that a Spark distribution has as well.
assemble() {
    rm -rf "$state/jars" "$state/logs" "$state/work" "$state/local"
    mkdir -p "$state/jars" "$state/pids" "$state/logs" "$state/work" "$state/local"
    {
        tr ':' '\n' < "$root/target/classpath-provided.txt"
        echo
        tr ':' '\n' < "$root/target/classpath-runtime.txt" | grep -E '/(commons-lang3|commons-math3|slf4j-api)-[^/]*$'
    } | while read -r path; do
        if [ -n "$path" ]; then ln -sf "$path" "$state/jars/"; fi
    done
}

# daemon NAME CLASS ARGUMENTS: a process group of its own; Spark's processes must not look for another port, nor take 6066.
daemon() {
    local name="$1" flags
    shift
    mapfile -t flags < <(grep -v '^#' "$root/conf/java-options")
    SPARK_HOME="$state" SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS="$state/local" \
        setsid "$java" "${flags[@]}" "-Detastar.standalone=$state" -Dspark.port.maxRetries=0 -Xmx512m \
        -Dspark.master.rest.enabled=false \
        "-Dlog4j2.configurationFile=file://$root/conf/log4j2.properties" -cp "$state/jars/*" "$@" \
        < /dev/null > "$state/logs/$name.log" 2>&1 &
    echo $! > "$state/pids/$name"
}

# Names of what was started and not stopped, the master last.
names() {
    local file
    for file in "$state"/pids/worker-* "$state/pids/master"; do
        if [ -e "$file" ]; then basename "$file"; fi
    done
}

pid_of() {
    cat "$state/pids/$1" 2> /dev/null || true
}

# Whether that process is there and is one of this cluster: the system gives numbers of ended processes out again.
running() {
    [ -n "$1" ] && [ -r "/proc/$1/cmdline" ] \
        && { tr '\0' '\n' < "/proc/$1/cmdline" | grep -qxF -e "-Detastar.standalone=$state"; } 2> /dev/null
}

# Ends a process and what it started, which is its group: executors of a worker.
end() {
    local pid i
    pid="$(pid_of "$1")"
    if running "$pid"; then
        kill -- "$pid" 2> /dev/null || true
        for ((i = 0; i < 100; i++)); do
            running "$pid" || break
            sleep 0.1
        done
        kill -9 -- "-$pid" 2> /dev/null || true
        for ((i = 0; i < 50; i++)); do
            running "$pid" || break
            sleep 0.1
        done
    fi
    rm -f "$state/pids/$1"
}

stop_all() {
    local name
    for name in $(names); do end "$name"; done
    rm -rf "$state/jars" "$state/local"
}

listens() {
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

free_port() {
    local candidate="$1"
    while listens "$candidate"; do candidate=$((candidate + 1)); done
    echo "$candidate"
}

# The master's state as JSON, on one line; nothing where it does not answer.
json() {
    local page
    page="$(cat "$state/page")"
    {
        exec 3<> "/dev/tcp/127.0.0.1/$page" || return 0
        printf 'GET /json/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
        tr '\r\n' '  ' <&3
    } 2> /dev/null
}

# Number or word of that name in the master's state itself, not in that of a worker or of an application.
field() {
    json | sed -E 's/"workers" *: .*("aliveworkers" *:)/\1/; s/"activeapps" *: .*("status" *: *"[A-Z]+" *\} *)$/\1/' | grep -oE "\"$1\" *: *\"?[A-Za-z0-9]+" | tail -n 1 | grep -oE '[A-Za-z0-9]+$' || echo unknown
}

# A line for each application that runs.
applications() {
    local list
    list="$(json | sed 's/.*"activeapps" *: *\[//; s/"completedapps".*//')"
    echo "applications running $(grep -o '"submitdate"' <<< "$list" | wc -l)"
    grep -oE '"name" *: *"[^"]*"' <<< "$list" | sed 's/"name" *: *"\(.*\)"/  \1/' || true
}

# await PATTERN SECONDS WHAT NAMES: waits until the master's state matches and all of these processes are there.
await() {
    local pattern="$1" seconds="$2" what="$3" name i
    shift 3
    for ((i = 0; i < seconds * 5; i++)); do
        if json | grep -qE "$pattern"; then return; fi
        for name in "$@"; do
            running "$(pid_of "$name")" || [ "$i" -lt 10 ] || failed "$what" "$name"
        done
        sleep 0.2
    done
    failed "$what" "$1"
}

# The last lines of a log say more than we can.
failed() {
    tail -n 5 "$state/logs/$2.log" >&2 || true
    die "$1 did not start: found the lines above in the log of $2, expected it to register with the master"
}
