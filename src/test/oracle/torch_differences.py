"""How far EtaStar is from PyTorch in the networks of torch_modules.py, torch_more_modules.py and torch_unusual_modules.py, by the Python package.

    python src/test/oracle/torch_differences.py [NAME ...]

Needs PyTorch, onnx, onnxscript and pyspark; of etastar the wheel that is installed, else this checkout as `make build` leaves it. A line for
each network: the largest differences of the outputs, in single precision, and of g, H and order3, in double, to the module and to its nested
autograd as torch_golden.py has it, each relative to the largest entry; or why a network does not come in.
"""
import importlib.util
import pathlib
import sys

NEEDED = ("numpy", "torch", "onnx", "onnxscript", "pyspark")
if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
    sys.exit("torch_differences.py: found no %s, expected it: pip install %s" % (missing[0], " ".join(missing)))

import numpy
import torch

import torch_functions
import torch_golden
import torch_modules
import torch_more_modules
import torch_unusual_modules

CASES = {**torch_modules.CASES, **torch_more_modules.CASES, **torch_unusual_modules.CASES}


def relative(found, expected):
    """0 if both are 0 throughout, as the third derivatives of a piecewise linear loss."""
    difference, largest = numpy.abs(found - expected).max(), numpy.abs(expected).max()
    return 0.0 if difference == 0 else float(difference / largest) if largest else float("inf")


def outputs(case):
    """Of the model as it comes in."""
    import etastar

    module, (x, y) = case.make(), case.data()
    model = etastar.from_torch(module, x, case.loss)
    fitted = model.estimator(maxIter=0, numPartitions=1).fit(model.frame(x, y))
    with torch.no_grad():
        expected = module(x).flatten(1).numpy()
    one = case.loss == "nll" and expected.ndim == 2 and "rawPrediction" in fitted.transform(model.frame(x)).columns
    rows = fitted.transform(model.frame(x)).select("rawPrediction" if one else "prediction").collect()
    found = numpy.array([row[0].toArray() if hasattr(row[0], "toArray") else [row[0]] for row in rows])
    return relative(found, expected)


def derivatives(case):
    """Of g, H and order3."""
    import etastar

    with plain_weight_norm():
        golden = torch_golden.summary(case)
        with torch_functions.written_out():
            zero = torch.zeros(golden.size)
            expected = {"g": golden.gradient(zero).numpy(), "H": golden.hessian(zero).numpy(), "order3": golden.order3(golden.mean_loss)}
    torch.set_default_dtype(torch.float32)
    module, (x, y) = case.make(), case.data()
    found = etastar.summary(module, x, y, case.loss, direction={name: u.double() for name, u in case.direction(module).items()})
    places = [list(golden.theta).index(names[0]) for names in found["subsets"]]
    expected = {"g": expected["g"][places], "H": expected["H"][places][:, places], "order3": expected["order3"][places]}
    return [relative(found[key], expected[key]) for key in ("g", "H", "order3")]


class plain_weight_norm:
    """PyTorch's own has no derivative of a tangent."""

    def __enter__(self):
        self.before = torch._weight_norm

        def norm(v, g, dim=0):
            axes = [i for i in range(v.dim()) if i != dim % v.dim()]
            return v * (g / torch.sqrt((v * v).sum(axes, keepdim=True)))

        torch._weight_norm = norm

    def __exit__(self, *_):
        torch._weight_norm = self.before


def differences(name):
    """Outputs, g, H, order3."""
    try:
        return [outputs(CASES[name]), *derivatives(CASES[name])]
    finally:
        torch.set_default_dtype(torch.float32)


def main():
    torch.backends.mha.set_fastpath_enabled(False)
    for name in sys.argv[1:] or CASES:
        try:
            print(name, *("%s %.1e" % pair for pair in zip(("outputs", "g", "H", "order3"), differences(name))), flush=True)
        except Exception as problem:
            print(name, (str(problem) or repr(problem)).splitlines()[0], flush=True)


def start():
    """A session with the jars of the installed wheel, else of this checkout."""
    root = pathlib.Path(__file__).resolve().parents[3]
    if importlib.util.find_spec("etastar") is None:
        sys.path.insert(0, str(root / "python"))
    import etastar
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    jars = pathlib.Path(etastar.__file__).parent / "jars"
    if jars.exists():
        return etastar.session(builder)
    own, others = root / "target/etastar.jar", root / "target/classpath-runtime.txt"
    if not (own.exists() and others.exists()):
        sys.exit("torch_differences.py: found neither etastar's wheel nor %s, expected one of them: make build" % own)
    return builder.config("spark.driver.extraClassPath", "%s:%s" % (own, others.read_text().strip())).getOrCreate()


if __name__ == "__main__":
    start()
    main()
