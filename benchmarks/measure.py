#!/usr/bin/env python3
"""Sizes and shapes of the code: python3 benchmarks/measure.py [DIRECTORY OF A CHECKOUT]

Counts by text, not by a compiler: comparable from one commit to the next, exact to a few files."""
import re
import statistics
import sys
from pathlib import Path

root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
MAIN = root / "src/main/java"
TEST = root / "src/test/java"

# Files that state, parse, check, copy or document settings.
SETTINGS = [
    "src/main/java/io/etastar/config/*.java",
    "src/main/java/io/etastar/settings/**/*.java",
    "src/main/java/io/etastar/experiment/Experiment[FS]*.java",
    "src/main/java/io/etastar/experiment/OptimizerEntry.java",
    "src/main/java/io/etastar/jobs/ConfigurationReference.java",
    "src/main/java/io/etastar/partition/PartitionChoice.java",
    "src/main/resources/*-defaults.conf",
    "src/main/resources/etastar-experiment.conf",
    "src/main/java/io/etastar/ml/*Params.java",
    "src/main/java/io/etastar/ml/Param*.java",
    "src/main/java/io/etastar/optimizer/**/*Settings.java",
    "src/main/java/io/etastar/optimizer/**/Optimizers.java",
    "python/etastar/params.py",
]


def java(directory):
    return [p for p in sorted(directory.rglob("*.java"))]


def code(text):
    """Without comments and strings."""
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def methods(text):
    """Lines of each method body that begins with a signature of four or eight blanks."""
    lines = text.split("\n")
    sizes = []
    for i, line in enumerate(lines):
        head = re.match(r"^( {4}| {8})(?!return|new|throw|if|for|while|switch|try|else|synchronized \()[\w@<][^=;]*\)[^;=]*\{$", line)
        if head and not re.search(r"\b(class|interface|enum|record)\b", line):
            for j in range(i + 1, len(lines)):
                if lines[j].startswith(head.group(1) + "}"):
                    sizes.append(j - i + 1)
                    break
    return sizes


main = {p: p.read_text(encoding="utf-8") for p in java(MAIN)}
test = {p: p.read_text(encoding="utf-8") for p in java(TEST)}
bare = {p: code(t) for p, t in main.items()}
info = "package-info"

lengths = [t.count("\n") for p, t in main.items()]
sizes = [n for t in main.values() for n in methods(t)]
print(f"main: {len(main)} files, {sum(lengths)} lines; file median {statistics.median(lengths):.0f}, p90 {percentile(lengths, 0.9)};"
      f" method median {statistics.median(sizes):.0f}, p90 {percentile(sizes, 0.9)}")

stated = {p for pattern in SETTINGS for p in root.glob(pattern) if "not to be edited" not in p.read_text(encoding="utf-8")[:2000]}
print("lines that state settings:", sum(p.read_text(encoding="utf-8").count("\n") for p in stated))

one = [p for p in [*main, *(root / "src/main/resources").rglob("*.conf"), *(root / "python").rglob("*.py")]
       if re.search(r"lbfgs\.memory|lbfgsMemory|LbfgsMemory|memory\(\).*lbfgs|lbfgs\(\)\.memory|int memory|^  lbfgs \{", p.read_text(encoding="utf-8"), re.M)]
print("files that name lbfgs.memory:", len(one))

words = {p: set(re.findall(r"\b[A-Z]\w*\b", t)) for p, t in bare.items()}
users = {p: [q for q, w in words.items() if q != p and p.stem in w] for p in main if p.stem != info}
lonely = {p: q[0] for p, q in users.items() if len(q) == 1 and not p.stem.endswith("Rule")}
# A table names each of its entries, an optimizer, a model or a function, and nobody else does.
entries = [p for p, q in lonely.items() if sum(user == q for user in lonely.values()) >= 4]
abroad = [p for p, q in lonely.items() if p.parent != q.parent and p not in entries]
print("types that exactly one other main file uses (rules aside):", len(lonely),
      f"; of these {len(entries)} entries of a table of four or more, {len(abroad)} used from another package")

small = [p for p, t in main.items() if t.count("\n") <= 30 and p.stem != info]
infos = sum(p.stem == info for p in main)
print(f"files of 30 lines or fewer: {len(small)} of {len(main) - infos} ({100 * len(small) / (len(main) - infos):.0f} %), and {infos} package-info")

rules = sum(len(re.findall(r"rule\(\) instanceof|instanceof \w*Rule\b", t)) for t in bare.values())
thrown = sum(len(re.findall(r"default [^;{]*\{\s*throw new UnsupportedOperationException", t)) for t in bare.values())
print("instanceof on rules:", rules)
print("default methods that throw UnsupportedOperationException:", thrown)

product = re.compile(r"hessianVector|HessianVector")
print("files that name the Hessian-vector product:", sum(bool(product.search(t)) for t in bare.values()), "main,",
      sum(bool(product.search(t)) for t in test.values()), "test")

packages = {}
for p in main:
    packages.setdefault(str(p.parent.relative_to(MAIN / "io/etastar")).replace("/", "."), []).append(p)
largest = sorted(((len(v), k) for k, v in packages.items()), reverse=True)[:6]
print(f"packages: {len(packages)}; largest:", ", ".join(f"{k} {n}" for n, k in largest))

where = sum(len(re.findall(r"\b[Ww]here\b", "\n".join(re.findall(r"/\*\*.*?\*/", t, re.S)))) for t in main.values())
print("\"where\" in Javadoc:", where)
