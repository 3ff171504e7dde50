#!/usr/bin/env python3
"""Runs the rivals on one case, each in a process of its own, and names the best of them:

    run.py MODEL DIRECTORY [--seconds S] [--limit S] [--gigabytes G] [--rivals NAME,...] [--gradient-only]

Prints a line "rival MODEL NAME ..." for each setting of each rival, and at the end key=value lines for compare.sh.
"""
import argparse
import json
import os
import queue
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
GRADIENTS = ["torch:gradient", "torch:gradient+compile", "jax:gradient"]
SUMMARIES = ["jax:jvp", "torch:backward", "torch:backward+compile", "torch:jvp", "torch:jvp+compile", "torch:batched",
             "torch:vmap", "jax:vmap", "jax:jet", "torch:batched+compile", "torch:vmap+compile"]


def events(command, limit):
    """What a rival says; at the end why it was stopped, if it was silent for longer than the limit or died."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=one_thread())
    lines, errors, late = queue.Queue(), [], False
    threading.Thread(target=lambda: [lines.put(x) for x in child.stdout] + [lines.put(None)], daemon=True).start()
    reader = threading.Thread(target=lambda: errors.extend(child.stderr), daemon=True)
    reader.start()
    try:
        while (line := lines.get(timeout=limit)) is not None:
            yield json.loads(line)
    except queue.Empty:
        late = True
        yield {"skipped": "took more than %g s" % limit}
        child.kill()
    code = child.wait()
    reader.join(5)
    if code != 0 and not late:
        yield {"skipped": "ended with %d: %s" % (code, "".join(errors[-1:]).strip()[:200])}


def one_thread():
    return os.environ | {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def told(event):
    words = []
    if "setting" in event:
        words.append("setting=" + ",".join("%s:%s" % item for item in event["setting"].items()))
    if "ms" in event:
        words += ["ms=%.4g" % event["ms"], "calls=%d" % event["calls"], "threads=%.2f" % event["threads"]]
    if "first_s" in event:
        words.append("first_call_s=%.1f" % event["first_s"])
    if "differences" in event:
        words.append("differences=" + event["differences"])
    if "skipped" in event:
        words.append("skipped=%r" % event["skipped"])
    return " ".join(words)


def best_of(rivals, model, args):
    """Milliseconds and name of the fastest setting of all rivals; None if there is none."""
    best = None
    for name in rivals:
        framework, way = name.split(":")
        program = os.path.join(HERE, framework + "_rivals.py")
        command = [sys.executable, program, way, model, args.directory, str(args.seconds), str(args.gigabytes)]
        for event in events(command, args.limit):
            load = "%.1f" % os.getloadavg()[0]
            print("rival", model, name, told(event), "load=" + load, flush=True)
            if "ms" in event and (best is None or event["ms"] < best[0]):
                best = event["ms"], name
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("directory")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--rivals", default=",".join(GRADIENTS + SUMMARIES))
    parser.add_argument("--gradient-only", action="store_true")
    args = parser.parse_args()
    wanted = args.rivals.split(",")
    unknown = [name for name in wanted if name not in GRADIENTS + SUMMARIES]
    if unknown:
        sys.exit("run.py: --rivals: found %s, expected %s" % (",".join(unknown), ", ".join(GRADIENTS + SUMMARIES)))
    for quantity, rivals in ("gradient", GRADIENTS), ("summary", [] if args.gradient_only else SUMMARIES):
        best = best_of([name for name in rivals if name in wanted], args.model, args)
        if best:
            print("best_%s_ms=%.4g\n%s_rival=%s" % (quantity, best[0], quantity, best[1]), flush=True)


if __name__ == "__main__":
    main()
