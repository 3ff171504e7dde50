#!/usr/bin/env bash
# A Spark standalone cluster on this machine's loopback address, from the jars of the build: for trying and for tests.
# jobs/standalone.sh start [--workers N] [--cores C] [--memory M] [--port P] | stop | status | add-worker | stop-worker N
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
source "$root/jobs/standalone-processes.sh"

usage() {
    cat << 'USAGE'
Usage: jobs/standalone.sh COMMAND [options]

  start          starts a master and workers, waits until all are registered, prints the master's URL
    --workers N    workers (2)
    --cores C      cores of each worker, one task a core (1)
    --memory M     memory of each worker, for executors (2g)
    --port P       port of the master (7077)
  status         the master, its workers and its applications; exit code 3 where no master runs
  add-worker     one more worker, with --cores and --memory; prints its number
  stop-worker N  ends worker N and its executors
  stop           ends what was started here, and nothing else

Everything lies in target/standalone, or in the directory of ETASTAR_STANDALONE: links to jars, logs, process ids, scratch files.
USAGE
}

# read_options NAMES ARGUMENTS: sets the variables named, of options --NAME VALUE.
read_options() {
    local names=" $1 "
    shift
    while [ $# -gt 0 ]; do
        local name="${1#--}"
        [[ "$1" == --* && "$names" == *" $name "* ]] || die "standalone.sh: unknown option '$1', see --help"
        [ $# -gt 1 ] || die "$1: found nothing after it, expected a value"
        printf -v "$name" '%s' "$2"
        shift 2
    done
    number workers "$workers" && number cores "$cores" && number port "$port"
    [[ "$memory" =~ ^[1-9][0-9]*[kmgKMG]$ ]] || die "--memory: found '$memory', expected a size such as 512m or 2g"
    [ "$port" -le 65535 ] || die "--port: found $port, expected at most 65535"
}

number() {
    [[ "$2" =~ ^[1-9][0-9]{0,5}$ ]] || die "--$1: found '$2', expected a number from 1 on"
}

start() {
    read_options "workers cores memory port" "$@"
    if running "$(pid_of master)"; then
        die "a cluster is running already: $(cat "$state/url"), expected none in $state; stop it with jobs/standalone.sh stop"
    fi
    listens "$port" && die "--port: found $port in use by another program, expected a free port"
    find_java
    build
    stop_all
    assemble
    trap 'stop_all' EXIT
    trap 'exit 130' INT TERM
    local page
    page="$(free_port 8080)"
    echo "spark://127.0.0.1:$port" > "$state/url"
    echo "$page" > "$state/page"
    daemon master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port "$page"
    await '"status" *: *"ALIVE"' 120 "the master" master
    local i
    for ((i = 1; i <= workers; i++)); do start_worker "$i"; done
    local started
    mapfile -t started < <(names)
    await "\"aliveworkers\" *: *${workers}[^0-9]" 120 "$workers workers" "${started[@]}"
    trap - EXIT INT TERM
    echo "web page: http://127.0.0.1:$page   logs: $state/logs" >&2
    cat "$state/url"
}

start_worker() {
    daemon "worker-$1" org.apache.spark.deploy.worker.Worker "$(cat "$state/url")" --host 127.0.0.1 --webui-port 0 \
        --cores "$cores" --memory "$memory" --work-dir "$state/work/$1"
}

add_worker() {
    read_options "cores memory" "$@"
    running "$(pid_of master)" || die "add-worker: found no cluster running in $state, expected one of jobs/standalone.sh start"
    find_java
    local i=1 alive
    while [ -e "$state/pids/worker-$i" ]; do i=$((i + 1)); done
    alive="$(field aliveworkers)"
    start_worker "$i"
    trap 'end "worker-$i"' EXIT
    await "\"aliveworkers\" *: *$((alive + 1))[^0-9]" 120 "worker $i" "worker-$i"
    trap - EXIT
    echo "$i"
}

stop_worker() {
    [[ "$*" =~ ^[1-9][0-9]*$ ]] || die "stop-worker: found '$*', expected the number of a worker"
    running "$(pid_of "worker-$1")" || die "stop-worker: found no worker $1 running, expected one of: $(names | tr '\n' ' ')"
    end "worker-$1"
}

status() {
    if ! running "$(pid_of master)"; then
        echo "no cluster is running in $state"
        exit 3
    fi
    local name
    echo "master $(cat "$state/url") pid $(pid_of master) page http://127.0.0.1:$(cat "$state/page") $(field status)"
    for name in $(names | grep worker); do
        if running "$(pid_of "$name")"; then
            echo "${name/-/ } pid $(pid_of "$name") running"
        else
            echo "${name/-/ } ended, see $state/logs/$name.log"
        fi
    done
    echo "workers alive $(field aliveworkers) cores $(field coresused)/$(field cores) memory $(field memoryused)/$(field memory) MB"
    applications
}

stop() {
    [ $# -eq 0 ] || die "stop: found '$*', expected nothing"
    if [ -z "$(names)" ]; then
        echo "no cluster is running in $state" >&2
        return
    fi
    stop_all
}

workers=2 cores=1 memory=2g port=7077
command="${1:-}"
[ $# -gt 0 ] && shift
case "$command" in
    start | stop | status) "$command" "$@" ;;
    add-worker) add_worker "$@" ;;
    stop-worker) stop_worker "$@" ;;
    --help | -h) usage ;;
    *) die "standalone.sh: found '$command', expected start, stop, status, add-worker or stop-worker; see --help" ;;
esac
