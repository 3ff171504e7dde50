#!/usr/bin/env bash
# Checks and measures the GPU backend on a machine that has nothing but what is brought along: no network, no Java, files come in
# pieces of at most 64 MiB.
#   benchmarks/gpu/run.sh --pack DIR [--size MIB] [--cuda]   writes what travels to DIR as pack-01, pack-02, ..., of at most MIB MiB (62)
#     each; with --cuda also CUDA's libraries of PyPI's wheels as cuda-01, cuda-02, ..., for a machine that has a driver alone
#   benchmarks/gpu/run.sh [OPTION ...]              packs, unpacks into an empty directory, and runs all steps on this machine's GPU
#   benchmarks/gpu/run.sh --rehearse [OPTION ...]   the same on the emulated GPU, few rows, VGG-11' and ResNet-18 narrow; slow, and its times say nothing
# Options are those of steps.sh, which travels along: its --help lists them. Results: a file step-N.json a step, and the log, in the
# directory that --out names, by default target/gpu. The last lines say how each step ended.
set -euo pipefail
here="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
root="$(dirname "$(dirname "$here")")"
source "$here/pack.sh"

die() { echo "error: run.sh: $*" >&2; exit 2; }

mode=device packs="" size=62 cuda=false out="$root/target/gpu" options=()
while (($#)); do
    case "$1" in
        --pack | --size | --out)
            (($# > 1)) || die "$1: found nothing after it, expected a value"
            case "$1" in
                --pack) mode=pack packs="$2" ;;
                --size) size="$2" ;;
                --out) out="$2" ;;
            esac
            shift 2
            ;;
        --rehearse) mode=rehearse; shift ;;
        --cuda) cuda=true; shift ;;
        -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) options+=("$1"); shift ;;
    esac
done
[[ "$size" =~ ^[1-9][0-9]?$ ]] && ((size <= 64)) || die "--size: found '$size', expected MiB, a whole number up to 64"
[ "$cuda" = false ] || [ "$mode" = pack ] || die "--cuda: found no --pack DIR with it"

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
if [ "$mode" = pack ]; then
    ((${#options[@]} == 0)) || die "found '${options[0]}', expected --pack DIR, --size MIB and --cuda alone"
    [ ! -e "$packs" ] || [ -z "$(ls -A "$packs")" ] || die "--pack: found files in $packs, expected a new directory"
    make_packs "$packs" "$size"
    [ "$cuda" = false ] || make_cuda_packs "$packs" "$size"
    [ "$cuda" = false ] || echo "On the machine, in the same directory, before the steps: cat PATH/cuda-* | tar -xz"
    echo "On the machine, in an empty directory, when all packs are there: cat PATH/pack-* | tar -x && ./steps.sh --help"
    exit
fi

mkdir -p "$out"
out="$(readlink -f "$out")"
make_packs "$scratch/packs" "$size"
mkdir "$scratch/machine" "$scratch/home"
(cd "$scratch/machine" && cat "$scratch"/packs/pack-* | tar -x)
rm -r "$scratch/packs"
# Nothing of this checkout or of the user's folders is on the path of what follows.
clean=(env -i "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" "HOME=$scratch/home" "TMPDIR=$scratch" "ETASTAR_PYTHON=${ETASTAR_PYTHON:-}")
if [ "$mode" = rehearse ]; then
    emulator="${ETASTAR_EMULATOR:-$root/target/cuda-emulator/rehearsal}"
    [ -f "$emulator/libcublas.so.12" ] || "$root/src/test/cuda/emulator/build.sh" "$emulator"
    options=(--methods 'fill|map|rowDots' --cases mlp-tanh-nll --models '64-8-10:4 lenet:2 vgg11/64:2 resnet18/64:2' --seconds 0.1 --epochs 1 --limit 600 ${options[@]+"${options[@]}"})
    clean+=(ETASTAR_CUDA=emulator "ETASTAR_EMULATOR=$(readlink -f "$emulator")")
else
    clean+=("LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}" "VIRTUAL_ENV=${VIRTUAL_ENV:-}" "PATH=$PATH")
fi
cd "$scratch/machine"
"${clean[@]}" ./steps.sh --out "$out" ${options[@]+"${options[@]}"}
