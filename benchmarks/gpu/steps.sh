#!/usr/bin/env bash
# Runs the steps that run.sh packs, on the machine with the GPU, most valuable first; from the directory of the packs.
#   ./steps.sh [--out DIR] [--limit S] [--methods REGEX] [--cases "NAME ..."] [--models "NAME:ROWS ..."] [--seconds S] [--epochs N] [STEP ...]
# Without STEP all of them, each with a time limit of its own, ten minutes together; --limit S is one for each instead.
#   0  the machine: driver, libraries, versions                                                      20 s
#   1  the contract of kernels in both precisions, which are compiled first; --methods names tests    80 s
#   2  golden summaries in both precisions: differences, the same bits; --cases names cases          110 s
#   3  milliseconds of gradient and summary on the device and on two threads of the CPU, and where    200 s
#      a device's time goes; --models and --seconds for each figure (3)
#   4  torch.func on the same card, by turns with ours                                               120 s
#   5  digits trained by two tasks on a device, for --epochs (10), and where time goes                70 s
# Results go to DIR (results), a file step-N.json a step and log.txt. $ETASTAR_PYTHON is the Python of step 4 (python3).
# A step that fails or overruns its limit does not stop the rest. At the end a line a step; exit code 0 if each is done or needs hardware.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")" || exit 2

die() { echo "error: steps.sh: $*" >&2; exit 2; }

out=results limit="" methods=".*" cases=() models=(784-200-100-10:1000 lenet:1000 vgg11:200 resnet18:50) seconds=3 epochs=10 wanted=()
while (($#)); do
    case "$1" in
        --out | --limit | --methods | --cases | --models | --seconds | --epochs)
            (($# > 1)) || die "$1: found nothing after it, expected a value"
            case "$1" in
                --cases) read -ra cases <<< "$2" ;;
                --models) read -ra models <<< "$2" ;;
                *) printf -v "${1#--}" '%s' "$2" ;;
            esac
            shift 2
            ;;
        -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
        [0-5]) wanted+=("$1"); shift ;;
        *) die "found '$1', expected an option that --help lists, or numbers of steps" ;;
    esac
done
[[ "$epochs" =~ ^[1-9][0-9]*$ ]] || die "--epochs: found '$epochs', expected a whole number"
[[ "$limit" =~ ^([1-9][0-9]*)?$ ]] || die "--limit: found '$limit', expected seconds, a whole number"
[[ "$seconds" =~ ^[0-9]*\.?[0-9]+$ ]] || die "--seconds: found '$seconds', expected a number"
for model in "${models[@]}"; do
    [[ "$model" =~ ^(lenet|(vgg11|resnet18)(/[1-9][0-9]?)?|[0-9]+(-[0-9]+(x[0-9]+)?)+):[1-9][0-9]*$ ]] ||
        die "--models: found '$model', expected lenet, vgg11, resnet18, narrower ones such as vgg11/16, or widths such as 784-200-10, then a colon and rows"
done
((${#wanted[@]})) || wanted=(0 1 2 3 4 5)
declare -A names=([0]=machine [1]=kernels [2]=golden [3]=times [4]=torch [5]=training)
declare -A limits=([0]=20 [1]=80 [2]=110 [3]=200 [4]=120 [5]=70)
python="${ETASTAR_PYTHON:-python3}"
export ETASTAR_CUDA="${ETASTAR_CUDA:-device}"

mkdir -p "$out" work && out="$(readlink -f "$out")" || die "--out: cannot write to '$out'"
log="$out/log.txt"
: > "$log"
emulated=false
[ "$ETASTAR_CUDA" != emulator ] || emulated=true

# Puts CUDA's libraries where the system's loader finds them: those of the emulator, else what is on the machine: a toolkit, or the wheels
# of a Python environment, whichever Python is in the path.
find_libraries() {
    if [ "$emulated" = true ]; then
        libraries="${ETASTAR_EMULATOR:?}"
    else
        libraries="$PWD/work/cuda"
        mkdir -p "$libraries"
        local folder file
        while read -r folder; do
            for file in "$folder"/lib{cublas,cublasLt,cudart,nvrtc,nvrtc-builtins,nvJitLink}.so*; do
                [ ! -e "$file" ] || [ -e "$libraries/${file##*/}" ] || ln -s "$file" "$libraries"
            done
        done < <(ls -d /usr/local/cuda*/lib64 2> /dev/null | sort -rV
            ls -d "$PWD"/cuda/nvidia/*/lib 2> /dev/null
            "$python" -c 'import glob, site, sys
for folder in [*site.getsitepackages(), *sys.path]: print(*glob.glob(folder + "/nvidia/*/lib"), sep="\n")' 2> /dev/null)
    fi
    export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

# java_run OPTIONS... CLASS ARGUMENTS...: with what came along alone.
java_run() {
    local flags cache="$PWD/work/kernels"
    mapfile -t flags < <(grep -v '^#' java-options)
    [ "$emulated" = false ] || cache="$ETASTAR_EMULATOR/cache"
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 jre/bin/java "${flags[@]}" "-Djava.io.tmpdir=$PWD/work" "-Dorg.bytedeco.javacpp.cachedir=$PWD/work/javacpp" \
        "-Detastar.cuda.cache=$cache" "-Detastar.cuda.emulator=${ETASTAR_EMULATOR:-}" -cp "$(paste -sd: classpath.txt)" "$@"
}

# needs GROUP...: ends the step unless the libraries of these groups have come, whole.
needs() {
    local group
    for group in "$@"; do
        sha256sum --quiet --strict -c "$group.sha256" || { because "libraries of $group are not there or not whole: a pack is missing"; return 1; }
    done
    jre/bin/java -version || { because "the packed Java does not run"; return 1; }
}

# because REASON: why the step is not done.
because() { echo "$1" > "$part.reason"; }

# The value as JSON; null if empty.
text() {
    local text="${1//\\/\\\\}"
    text="${text//\"/\\\"}"
    text="${text//$'\n'/\\n}"
    if [ -z "$1" ]; then printf null; else printf '"%s"' "${text//[[:cntrl:]]/ }"; fi
}

step_0() {
    local gpu files
    gpu="$(nvidia-smi --query-gpu=name,driver_version,memory.total,compute_cap --format=csv,noheader)"
    files="$(ls -L "$libraries")"
    {
        printf '{"gpu":%s,"cuda_libraries":%s,' "$(text "$gpu")" "$(text "$files")"
        printf '"kernel":%s,"libc":%s,' "$(text "$(uname -sr)")" "$(text "$(ldd --version | head -n 1)")"
        printf '"processor":%s,"threads":%s,' "$(text "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)")" "$(nproc)"
        printf '"java":%s,' "$(text "$(jre/bin/java -version 2>&1 | head -n 1)")"
        printf '"python":%s,' "$(text "$("$python" --version)")"
        printf '"torch":%s}' "$(text "$("$python" -c 'import torch; print(torch.__version__, torch.version.cuda, torch.cuda.is_available())')")"
    } > "$part.new"
    [ "$emulated" = true ] || [ -n "$gpu" ] || { because "nvidia-smi shows no GPU"; return 1; }
}

# Words key=value of the input as what stands between a JSON object's braces.
pairs() {
    awk '{
        gsub(/["\\]/, "")
        for (i = 1; i <= NF; i++) {
            at = index($i, "=")
            value = substr($i, at + 1)
            if (value !~ /^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/) value = "\"" value "\""
            if (at > 1) printf "%s\"%s\":%s", count++ ? "," : "", substr($i, 1, at - 1), value
        }
    }' "$@"
}

# The kernels of a profile in FILE that took longest, as a JSON array.
longest() {
    local line all=()
    while read -r line; do all+=("{$(pairs <<< "kernel=$line")}"); done < <(head -n 8 "$1")
    (IFS=,; echo "[${all[*]-}]")
}

# add OBJECT: one more figure among the step's results, which stay where it is ended later on.
add() {
    echo "$1" >> "$part.list"
    echo "[$(paste -sd, "$part.list")]" > "$part.all"
    mv "$part.all" "$part"
}

step_1() {
    needs engine || return
    local type code all=0 fields=""
    for type in Float Double; do
        java_run -Xmx3g io.etastar.tensor.cuda.DeviceTests "$methods" "io.etastar.tensor.cuda.Cuda${type}KernelsTest" > "$part.out" && code=0 || code=$?
        cat "$part.out"
        fields+="${fields:+,}\"${type,,}\":{$(grep '^tests=' "$part.out" | pairs)}"
        [ "$code" = 0 ] || { because "the contract ended with $code in ${type,,}, see log.txt" && all=1; }
    done
    echo "{$fields}" > "$part.new"
    return "$all"
}

step_2() {
    needs engine || return
    java_run -Xmx3g io.etastar.taylor.GoldenSummariesMain "$part.cases" "$part.bits" ${cases[@]+"${cases[@]}"}
    local code=$? same=false
    [ "$code" = 0 ] || because "numbers out of their bounds, or other bits the second time"
    [ -s "$part.cases" ] || { because "ended with $code, see log.txt" && return 1; }
    java_run -Xmx3g io.etastar.taylor.GoldenSummariesMain "$part.again" "$part.bits.again" ${cases[@]+"${cases[@]}"}
    if cmp "$part.bits" "$part.bits.again"; then same=true; else because "other bits in a second process"; fi
    printf '{"same_in_second_process":%s,"cases":%s}' "$same" "$(cat "$part.cases")" > "$part.new"
    [ "$code" = 0 ] && [ "$same" = true ]
}

# compare OPTIONS... MODEL:ROWS SECONDS [DIRECTORY]: figures of the engine, to $part.out.
compare() {
    local options=()
    while [[ "$1" == -* ]]; do options+=("$1"); shift; done
    java_run -Xmx8g "${options[@]}" io.etastar.benchmarks.Compare "${1%:*}" "${1#*:}" "$2" summary "${@:3}" > "$part.out"
    local code=$?
    cat "$part.out"
    [ "$code" = 0 ] || because "${1%:*} ended with $code, see log.txt"
    return "$code"
}

step_3() {
    needs engine || return
    local model code=0
    for model in "${models[@]}"; do
        compare -Detastar.backend=cuda "$model" "$seconds" || { code=1 && continue; }
        add "{\"model\":\"${model%:*}\",\"rows\":${model#*:},\"on\":\"device\",$(pairs "$part.out")}"
    done
    for model in "${models[@]}"; do
        compare -Detastar.threads=2 "$model" "$seconds" || { code=1 && continue; }
        add "{\"model\":\"${model%:*}\",\"rows\":${model#*:},\"on\":\"two threads\",$(pairs "$part.out")}"
    done
    for model in "${models[@]}"; do
        compare -Detastar.backend=cuda "-Detastar.cuda.profile=$part.profile" "$model" 0.1 || { code=1 && continue; }
        add "{\"model\":\"${model%:*}\",\"rows\":${model#*:},\"on\":\"device\",\"profile\":$(longest "$part.profile")}"
    done
    return "$code"
}

step_4() {
    local device model
    device="$("$python" -c 'import torch, torch.func; print("cuda" if torch.cuda.is_available() else "cpu")')"
    [ -n "$device" ] || { because "no PyTorch 2 here" && return 3; }
    [ "$device" = cuda ] || [ "$emulated" = true ] || { because "PyTorch sees no GPU" && return 3; }
    needs engine || return
    for model in "${models[@]}"; do
        rm -rf "$part.case" && mkdir "$part.case"
        compare -Detastar.backend=cuda "$model" "$seconds" "$part.case" || return
        cp "$part.out" "$part.ours"
        PYTHONDONTWRITEBYTECODE=1 ETASTAR_RIVALS_DEVICE="$device" "$python" rivals/run.py "${model%:*}" "$part.case" --seconds "$seconds" \
            --limit 60 --rivals torch:gradient,torch:vmap,torch:batched,torch:jvp > "$part.rivals" || { because "rivals/run.py ended with $?, see log.txt" && return 1; }
        cat "$part.rivals"
        grep -q '^best_summary_ms' "$part.rivals" || { because "no rival computes ${model%:*} as we do, see log.txt" && return 1; }
        grep -v '^rival' "$part.rivals" | cat "$part.ours" - > "$part.both"
        add "{\"model\":\"${model%:*}\",\"rows\":${model#*:},\"torch_on\":\"$device\",$(pairs "$part.both")}"
    done
    [ "$device" = cuda ] || { because "PyTorch sees no GPU; rehearsed on the CPU" && return 3; }
}

step_5() {
    needs engine training || return
    local run="$PWD/work/digits-$$" line
    java_run -Xmx2g "-Detastar.cuda.profile=$part.profile" -Dspark.master='local[2]' -Dspark.ui.enabled=false -Dspark.driver.host=127.0.0.1 \
        -Dspark.driver.bindAddress=127.0.0.1 io.etastar.jobs.Train digits.conf --set engine.backend=cuda --set data.partitions=2 \
        --set "training.epochs=$epochs" --output "$run" > "$part.out"
    local code=$?
    cat "$part.out"
    line="$(sed -n 's/^result //p' "$part.out")"
    rm -rf "$run"
    [ "$code" = 0 ] && [ -n "$line" ] || { because "training ended with $code, see log.txt" && return 1; }
    echo "{$(pairs <<< "$line"),\"profile\":$(longest "$part.profile")}" > "$part.new"
}

# finish N STATE SECONDS: writes step-N.json whole, or not at all.
finish() {
    local reason="" results=null
    [ ! -s "$part.reason" ] || reason="$(cat "$part.reason")"
    [ ! -s "$part" ] || results="$(cat "$part")"
    printf '{"step":%d,"name":"%s","state":"%s","reason":%s,"emulated":%s,"seconds":%s,"results":%s}\n' "$1" "${names[$1]}" "$2" \
        "$(text "$reason")" "$emulated" "$3" "$results" > "$part.json"
    mv "$part.json" "$out/step-$1.json"
    rm -rf "$part" "$part".*
    ended+=("step $1 ${names[$1]}: $2${reason:+: $reason}")
    case "$2" in done | "needs hardware") ;; *) failed=1 ;; esac
}

# run_step N: in a process group of its own, so that what it started ends with it.
run_step() {
    local limit="${limit:-${limits[$1]}}" start=$EPOCHREALTIME code state
    part="$out/.step-$1"
    rm -rf "$out/step-$1.json" "$part" "$part".*
    export part
    printf '\n== step %d %s, at most %d s\n' "$1" "${names[$1]}" "$limit" >> "$log"
    set -m
    { "step_$1" && code=0 || code=$?; [ ! -e "$part.new" ] || mv "$part.new" "$part"; exit "$code"; } < /dev/null >> "$log" 2>&1 &
    running=$!
    set +m
    (sleep "$limit" & trap 'kill $!; exit' TERM; wait $!; echo "took more than $limit s" > "$part.reason"; kill -KILL -- "-$running") 2> /dev/null &
    local watch=$!
    wait "$running" 2> /dev/null
    code=$?
    kill "$watch" 2> /dev/null
    wait "$watch" 2> /dev/null
    running=""
    case "$code" in 0) state="done" ;; 3) state="needs hardware" ;; 137) state="overran" ;; *) state="failed" ;; esac
    [ "$state" != failed ] || [ -s "$part.reason" ] || because "ended with $code, see log.txt"
    finish "$1" "$state" "$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')"
}

running="" failed=0 ended=()
trap '[ -z "$running" ] || kill -KILL -- "-$running"; rm -rf "$out"/.step-*; exit 143' INT TERM
find_libraries
for step in "${wanted[@]}"; do run_step "$step"; done
printf '%s\n' "${ended[@]}"
exit "$failed"
