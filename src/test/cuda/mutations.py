#!/usr/bin/env python3
"""Breaks the kernels on purpose, one fault at a time, and says what finds it:

    src/test/cuda/mutations.py CLASSPATH [PATTERN]

CLASSPATH is that of the tests. Each mutant is a copy of one file that stands first on the class path of a process that runs the contract of
kernels in double precision on the emulated GPU. PATTERN picks mutants whose line holds it. Prints a line a mutant; ends with 1 if one
survives. Some minutes.
"""
import os
import re
import subprocess
import sys
import tempfile

SOURCES = "src/main/resources/io/etastar/tensor/cuda"
TESTS = "io.etastar.tensor.cuda.CudaDoubleKernelsTest"
SECONDS = 120

# Methods of the contract that reach a file's kernels; what they pass over goes through all of it.
METHODS = {
    "common.cuh": "sampleSums.*|logSoftmax.*|scalarTangents.*|rowDots|pickedRows.*|theFirst.*",
    "elementwise.cu": "fill|map|affine|binary|broadcast|operands.*",
    "indices.cu": "maxPool.*|scattered.*|theFirst.*|pickedRows.*|labelsMust.*|oneHot|scaledRows|rowsOfAnArray.*|neighbouring.*",
    "random.cu": "dropout.*|labelsAreDrawn.*",
    "reductions.cu": "sum.*|logSoftmax|rowDots|addAt.*|weightedSums.*|sampleSums.*|totals.*",
    "series.cu": "logSoftmaxSeries|scalarSeries",
    "scalar.cu": "scalar.*|map",
    "windows.cu": "convolutionAndItsAdjoints|averagePool.*|aDepthwise.*|aWeight.*|neighbouring.*",
}

# Not among them: the last barrier of blockMax, which no kernel calls twice. It changes no result today.
# File, kernel or function, fault, text, what stands there instead, and which of several places, from 0.
BARRIER = "__syncthreads();\n"
MUTANTS = [
    ("common.cuh", "blockSum", "missing barrier before the tree", BARRIER, "", 0),
    ("common.cuh", "blockSum", "missing barrier within the tree", BARRIER, "", 1),
    ("common.cuh", "blockSum", "next use before all have read", BARRIER, "", 2),
    ("common.cuh", "blockSum", "barrier of some threads", "        __syncthreads();\n", "        if (threadIdx.x < half) __syncthreads();\n", 0),
    ("common.cuh", "blockSum", "half of the threads left out", "REDUCTION / 2", "REDUCTION / 4", 0),
    ("common.cuh", "blockMax", "missing barrier before the tree", BARRIER, "", 3),
    ("common.cuh", "blockMax", "missing barrier within the tree", BARRIER, "", 4),
    ("common.cuh", "blockMax", "half of the threads left out", "REDUCTION / 2", "REDUCTION / 4", 1),
    ("common.cuh", "blockMax", "smallest for largest", "part[threadIdx.x + half] > part", "part[threadIdx.x + half] < part", 0),
    ("elementwise.cu", "tanhOf", "one element too far", "i < n", "i <= n", 0),
    ("elementwise.cu", "squareOf", "no bound", "if (i < n) out[i] = in[i] * in[i]", "out[i] = in[i] * in[i]", 0),
    ("elementwise.cu", "reluOf", "one element too few", "i < n", "i + 1 < n", 2),
    ("elementwise.cu", "sigmoidOf", "sign left out", "1 + exp(-in[i])", "1 + exp(in[i])", 0),
    ("elementwise.cu", "eluOf", "one not subtracted", "expm1(in[i])", "exp(in[i])", 0),
    ("elementwise.cu", "softplusOf", "absolute value left out", "exp(-fabs(in[i]))", "exp(in[i])", 0),
    ("elementwise.cu", "arctanOf", "one element too far", "if (i < n) out[i] = atan", "if (i <= n) out[i] = atan", 0),
    ("elementwise.cu", "erfOf", "one element too few", "if (i < n) out[i] = erf", "if (i + 1 < n) out[i] = erf", 0),
    ("elementwise.cu", "expOf", "no bound", "if (i < n) out[i] = exp(in[i])", "out[i] = exp(in[i])", 0),
    ("elementwise.cu", "logOf", "element before it", "log(in[i])", "log(in[i > 0 ? i - 1 : 0])", 0),
    ("elementwise.cu", "affine", "shift left out", " + (real)shift", "", 0),
    ("elementwise.cu", "fill", "wrong type", "(real)value", "(int)value", 0),
    ("elementwise.cu", "locate", "wrong stride", "left += at * axes.left[axis]", "left += at * axes.right[axis]", 0),
    ("elementwise.cu", "locate", "axes in the wrong order", "int axis = axes.rank - 1; axis >= 0; axis--", "int axis = 0; axis < axes.rank; axis++", 0),
    ("elementwise.cu", "locate", "remainder not divided", "i /= axes.side[axis];", "", 0),
    ("elementwise.cu", "broadcast", "other operand's index", "in[left]", "in[i]", 0),
    ("elementwise.cu", "add", "indices exchanged", "left[l] + right[r]", "left[r] + right[l]", 0),
    ("elementwise.cu", "subtract", "operands exchanged", "left[l] - right[r]", "right[r] - left[l]", 0),
    ("elementwise.cu", "multiply", "index of the result", "left[l] * right[r]", "left[l] * right[l]", 0),
    ("indices.cu", "maxPool", "last of equal ones", "images[at] > images[winner]", "images[at] >= images[winner]", 0),
    ("indices.cu", "maxPool", "one row too far", "h >= w.height", "h > w.height", 0),
    ("indices.cu", "maxPool", "wrong stride of planes", "(w.outWidth * w.outHeight) * w.height * w.width", "(w.outWidth * w.outHeight) * w.height", 0),
    ("indices.cu", "gather", "winner of another stack", "winners[i % count]", "winners[i / count]", 0),
    ("indices.cu", "copyRows", "row's place for its number", "rows[i / width] * width", "(i / width) * width", 0),
    ("indices.cu", "copyRows", "one element too far", "if (i < n) out[i] = table", "if (i <= n) out[i] = table", 0),
    ("indices.cu", "link", "list that loses its head", "atomicExch(&heads[winners[i]], (int)i)", "heads[winners[i]]", 0),
    ("indices.cu", "collect", "order of arrival", "if (at > last && at < smallest) smallest = at;", "sum += in[at];", 0),
    ("indices.cu", "oneHot", "wrong row", "labels[i / classes]", "labels[i % classes]", 0),
    ("indices.cu", "pickRows", "width left out", ": 0) * width", ": 0)", 0),
    ("indices.cu", "pickRows", "number that is no row", "(row >= 0 && row < rows ? (int)row : 0)", "(int)row", 0),
    ("indices.cu", "checkNumbers", "one number too many", "x < limit", "x <= limit", 0),
    ("indices.cu", "checkNumbers", "last position for the first", "first = -blockMax(first)", "first = blockMax(-first)", 0),
    ("indices.cu", "checkNumbers", "only the first block of numbers", "i += REDUCTION", "i += n", 0),
    ("indices.cu", "scaleRows", "factor of each row", "factors[row / each]", "factors[row]", 0),
    ("indices.cu", "scaleRows", "row of factor 0 is read", "factor == 0 ? 0 : ", "", 0),
    ("indices.cu", "repeatFactors", "factor of each image", "i / count / each", "i / count", 0),
    ("random.cu", "mix", "wrong shift", "z >> 30", "z >> 31", 0),
    ("random.cu", "dropoutMask", "element from 0", "(i % width + 1)", "(i % width)", 0),
    ("random.cu", "dropoutMask", "row's place for its number", "rows[i / width] : 0", "i / width : 0", 0),
    ("random.cu", "uniform", "row left out", " ^ (long long)row", "", 0),
    ("random.cu", "drawClasses", "largest not subtracted twice", "double p = exp(z[c] - largest)", "double p = exp(z[c])", 0),
    ("random.cu", "drawClasses", "one row too many", "i >= n", "i > n", 1),
    ("random.cu", "drawGaussian", "one draw for two", "2 * j + 1", "2 * j", 0),
    ("random.cu", "drawBernoulli", "factor of the first row", "factors[row] * (sqrt(scale) * (p", "factors[0] * (sqrt(scale) * (p", 0),
    ("reductions.cu", "offset", "wrong stride", "axes.left[axis]", "axes.side[axis]", 0),
    ("reductions.cu", "sumShort", "one term too few", "j < terms", "j < terms - 1", 0),
    ("reductions.cu", "sumParts", "one element too far", "from + part < terms ? from + part : terms", "from + part", 0),
    ("reductions.cu", "sumParts", "parts that overlap", "blockIdx.x * part", "blockIdx.x * (part - 1)", 0),
    ("reductions.cu", "sumParts", "wrong stride of parts", "blockIdx.y * gridDim.x", "blockIdx.y", 0),
    ("reductions.cu", "addParts", "one part too few", "j < count", "j < count - 1", 0),
    ("reductions.cu", "logSoftmax", "largest left out", "largest = blockMax(largest);", "largest = 0;", 0),
    ("reductions.cu", "logSoftmax", "largest of a thread", "largest = blockMax(largest);", "", 0),
    ("reductions.cu", "logSoftmax", "sum of a thread", "log(blockSum(total))", "log(total)", 0),
    ("reductions.cu", "rowDots", "assigned for added", "sums[at[blockIdx.x]] += factor", "sums[at[blockIdx.x]] = factor", 0),
    ("reductions.cu", "rowDots", "one row for all", "blockIdx.x * rightStep", "0 * rightStep", 0),
    ("reductions.cu", "rowDots", "every thread adds", "if (threadIdx.x == 0) sums[at", "sums[at", 0),
    ("reductions.cu", "addAt", "place left out", "if (i < n) sums[at[i]]", "if (i < n) sums[i]", 0),
    ("reductions.cu", "weightedSums", "row of weight 0 is read", "if (weights[i] != 0) sum", "sum", 0),
    ("reductions.cu", "accumulate", "assigned for added", "if (i < n) total[i] +=", "if (i < n) total[i] =", 0),
    ("reductions.cu", "sampleSums", "last of equal ones", "row[c] > row[best]", "row[c] >= row[best]", 0),
    ("reductions.cu", "sampleSums", "loss of weight 0 is read", "if (weight != 0) loss", "loss", 0),
    ("reductions.cu", "sampleSums", "regression counted as classes", "if (!classes) continue;", "", 0),
    ("series.cu", "logSoftmaxSeries", "logs read before they are there", BARRIER, "", 0),
    ("series.cu", "logSoftmaxSeries", "one term too few", "j <= k; j++) value", "j < k; j++) value", 0),
    ("series.cu", "logSoftmaxSeries", "factor left out", "rest += j * logs[j]", "rest += logs[j]", 0),
    ("series.cu", "logSoftmaxSeries", "probabilities of the first row", "(size_t)(blockIdx.x % rows) * classes", "0", 0),
    ("series.cu", "composeSeries", "powers overwritten too early", "int k = order; k >= m; k--", "int k = m; k <= order; k++", 0),
    ("series.cu", "composeSeries", "one term too few", "j <= k - m + 1", "j <= k - m", 0),
    ("series.cu", "composeSeries", "wrong stride", "c[(size_t)(m - 1) * n]", "c[(size_t)(m - 1)]", 0),
    ("scalar.cu", "scalarValue", "one element too far", "i < n", "i <= n", 0),
    ("scalar.cu", "scalarAdjoint", "value for argument", "firstAt(x[i], y[i])", "firstAt(y[i], x[i])", 0),
    ("scalar.cu", "scalarAdjointTangents", "adjoint left out", " * tangent[i] * adjoint[i]", " * tangent[i]", 0),
    ("scalar.cu", "scalarAdjointTangents", "null is read", "if (adjointTangent) sum", "sum", 0),
    ("scalar.cu", "tangentProducts", "missing barrier before the products", BARRIER, "", 0),
    ("scalar.cu", "tangentProducts", "next tile before all have read", BARRIER, "", 1),
    ("scalar.cu", "tangentProducts", "no bound of directions", "inside && r < directions", "inside", 0),
    ("scalar.cu", "tangentProducts", "no bound of directions on the left", "inside && l < directions", "inside", 0),
    ("scalar.cu", "tangentProducts", "no bound of elements", "bool inside = i < n;", "bool inside = true;", 0),
    ("scalar.cu", "tangentProducts", "only the first part", "int from = blockIdx.y * part;\n    int to", "int from = 0;\n    int to", 0),
    ("scalar.cu", "tangentProducts", "pairs of groups exchanged", "int l = row * GROUP + d, r = column * GROUP + d;", "int l = column * GROUP + d, r = row * GROUP + d;", 0),
    ("scalar.cu", "tangentProducts", "wrong stride of parts", "blockIdx.y * directions + k) * directions", "blockIdx.y * GROUP + k) * directions", 0),
    ("scalar.cu", "tangentProducts", "upper triangle written as well", "k < directions && j <= k", "k < directions", 0),
    ("scalar.cu", "scalarTangents", "overwritten before it is read", "        real t = first[base + i];\n", "        firstOut[base + i] = firstAt(x[i], y[i]) * first[base + i];\n        real t = first[base + i];\n", 0),
    ("scalar.cu", "scalarTangents", "second tangent left out", "3 * f2 * t * c", "0 * f2 * t * c", 0),
    ("scalar.cu", "scalarTangents", "null is written", "if (secondOut) secondOut", "secondOut", 0),
    ("scalar.cu", "scalarTangents", "wrong stride of parts", "blockIdx.y * gridDim.x", "blockIdx.y", 0),
    ("scalar.cu", "addTangentSums", "diagonal twice", "if (j < k) h", "h", 0),
    ("scalar.cu", "addTangentSums", "only the first part", "p < productParts", "p < 1", 0),
    ("scalar.cu", "addTangentSums", "direction for its subset", "order3[subsets[j]]", "order3[j]", 0),
    ("scalar.cu", "scalarExpansion", "factorial left out", "thirdAt(at, value) / 6", "thirdAt(at, value)", 0),
    ("windows.cu", "unfold", "rows and columns exchanged", "int tapX = row % w.kernelWidth;", "int tapX = row / w.kernelWidth % w.kernelWidth;", 0),
    ("windows.cu", "unfold", "one column too far", "v < w.width;", "v <= w.width;", 0),
    ("windows.cu", "unfold", "image of factor 0 is read", "inside && factor != 0", "inside", 0),
    ("windows.cu", "unfold", "wrong stride of images", "(size_t)image * imageStride", "(size_t)image * rowStride", 0),
    ("windows.cu", "position", "dilation left out", "at - tap * dilation - start", "at - tap - start", 0),
    ("windows.cu", "position", "one window too far", "from / stride >= count", "from / stride > count", 0),
    ("windows.cu", "fold", "wrong stride of taps", "tapY * w.kernelWidth + tapX) * positions", "tapY * w.kernelHeight + tapX) * positions", 0),
    ("windows.cu", "swapAxes", "axes not exchanged", "((size_t)first * b + second) * p", "((size_t)second * a + first) * p", 0),
    ("windows.cu", "covered", "padding counted", "rows += h >= 0 && h < w.height;", "rows++;", 0),
    ("windows.cu", "averagePool", "divisor of one window for all", "covered(w, y, x)));\n}\n\n// The adjoint of averagePool", "covered(w, 0, 0)));\n}\n\n// The adjoint of averagePool", 0),
    ("windows.cu", "averagePoolAdjoint", "divisor left out", " / (double)(divisor ? divisor : covered(w, y, x))", "", 0),
    ("windows.cu", "depthwise", "filter of the first channel", "plane % (channels * times)", "plane % times", 0),
    ("windows.cu", "depthwiseImageAdjoint", "one kernel for all", "((size_t)plane * times + m)", "((size_t)plane * times)", 0),
    ("windows.cu", "depthwiseWeightAdjoint", "sum of a thread", "sum = blockSum(sum);", "", 0),
    ("windows.cu", "depthwiseWeightAdjoint", "only the first image", "j < count * positions", "j < positions", 0),
]


def replaced(text, old, new, which):
    places = [m.start() for m in re.finditer(re.escape(old), text)]
    if which >= len(places):
        sys.exit("mutations.py: found %d places of %r, expected more than %d" % (len(places), old, which))
    at = places[which]
    if "//" in text[text.rfind("\n", 0, at) + 1 : at]:
        sys.exit("mutations.py: found %r in a comment, expected it in the code" % old)
    return text[:at] + new + text[at + len(old) :]


def verdict(output, code):
    """What found the mutant, in words."""
    failed = re.search(r"^failed \S*?(\w+)\(.*?\]: (?:[\w.$]+Error: |[\w.$]+Exception: )?(.*)", output, re.M)
    if not failed:
        return "ended with %d: %s" % (code, output[-200:].replace("\n", " "))
    finder = "emulator" if "expected: <> but was" in failed.group(2) else "contract"
    return "%s, %s: %s" % (finder, failed.group(1), failed.group(2).replace("expected: <> but was: <", "")[:110])


def run(classpath, mutant):
    file, _, _, old, new, which = mutant
    with open(os.path.join(SOURCES, file)) as source:
        text = replaced(source.read(), old, new, which)
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "io/etastar/tensor/cuda")
        os.makedirs(target)
        with open(os.path.join(target, file), "w") as out:
            out.write(text)
        for methods in METHODS[file], ".*":
            command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", "-Detastar.tests.stop=true", "-cp",
                       folder + ":" + classpath, "io.etastar.tensor.cuda.DeviceTests", methods, TESTS]
            try:
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return "took more than %d s" % SECONDS
            if done.returncode != 0:
                return verdict(done.stdout, done.returncode)
    return None


def main():
    classpath, pattern = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    found = run(classpath, ("common.cuh", "", "", BARRIER, BARRIER, 0))
    if found:
        sys.exit("mutations.py: the contract does not hold without a fault either: " + found)
    survivors = 0
    for mutant in MUTANTS:
        line = "%s %s: %s" % mutant[:3]
        if pattern in line:
            found = run(classpath, mutant)
            survivors += found is None
            print(line, "->", found or "SURVIVED", flush=True)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
