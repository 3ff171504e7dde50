"""ONNX's own cases of its ops, as the package onnx generates them: what the engine reads, it computes as ONNX does."""

import base64
import json
import warnings

import numpy
import pytest

pytestmark = pytest.mark.classic

# Random, or a quotient of zeros that ONNX takes for 0.
EXEMPT = {"test_training_dropout", "test_training_dropout_default", "test_training_dropout_default_mask", "test_training_dropout_mask",
          "test_l2normalization_axis_0", "test_mod_float_edge_cases_fmod_0_float32"}
LARGEST = 20000


def _cases():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import onnx.backend.test.case.node as node

        return node.collect_testcases(None)


def _is_plain(array):
    """Whether these are numbers of the kinds that weights and indices have."""
    return array.size > 0 and array.dtype.kind in "fiub" and (array.dtype.kind != "f" or array.dtype.itemsize == 4)


def _network(case):
    """The case's inputs as arrays of a file, its output behind a feature that is 0; and what is expected."""
    import onnx
    from onnx import helper, numpy_helper

    graph = case.model.graph
    inputs, outputs = case.data_sets[0]
    try:
        inputs, expected = [numpy.asarray(value) for value in inputs], numpy.asarray(outputs[0])
    except ValueError:
        return None
    if len(inputs) != len(graph.input) or expected.size > LARGEST or not all(map(_is_plain, inputs + [expected])):
        return None
    try:
        arrays = [numpy_helper.from_array(value, info.name) for value, info in zip(inputs, graph.input)]
    except (KeyError, ValueError):
        return None
    shape = numpy.array([1, expected.size])
    arrays += [numpy_helper.from_array(shape, "shape_"), numpy_helper.from_array(numpy.ones(1, "float32"), "one_")]
    nodes = list(graph.node) + [
        helper.make_node("Cast", [graph.output[0].name], ["real_"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Reshape", ["real_", "shape_"], ["row_"]),
        helper.make_node("Add", ["row_", "x_"], ["sum_"]),
        helper.make_node("Mul", ["sum_", "one_"], ["y_"]),
    ]
    x = helper.make_tensor_value_info("x_", onnx.TensorProto.FLOAT, ["N", 1])
    y = helper.make_tensor_value_info("y_", onnx.TensorProto.FLOAT, ["N", expected.size])
    whole = helper.make_graph(nodes, "case", [x], [y], arrays)
    return helper.make_model(whole, opset_imports=case.model.opset_import).SerializeToString(), expected


@pytest.fixture(scope="module")
def outputs(spark):
    """A function from a file and what is trained in it to the output of a row of 0."""
    jvm, gateway = spark._jvm, spark.sparkContext._gateway
    double = getattr(jvm.io.etastar.tensor.DType, "DOUBLE")

    def row(length):
        return jvm.io.etastar.tensor.RawArray.of(gateway.new_array(gateway.jvm.double, length))

    def run(file, length, **keys):
        keys = {"model": "onnx", "content": base64.b64encode(file).decode(), "loss": "mse", **keys}
        description = jvm.io.etastar.graph.ModelDescription(json.dumps(keys)).loaded()
        program = jvm.io.etastar.taylor.Program.compile(description.build(double), double, 1, None)
        try:
            program.setParameters(description.initial())
            rows = gateway.new_array(gateway.jvm.int, 1)
            found = program.outputs(jvm.io.etastar.data.Shard(1, row(1), row(length)), rows)
            return numpy.frombuffer(_bytes(gateway, found.toDoubles()), ">f8")
        finally:
            program.close()

    return run


def _bytes(gateway, doubles):
    """The bytes of an array of the JVM, which come in one message."""
    buffer = gateway.jvm.java.nio.ByteBuffer.allocate(8 * len(doubles))
    buffer.asDoubleBuffer().put(doubles)
    return buffer.array()


# Inputs as parameters, and as constants that are folded where they can be.
@pytest.mark.parametrize("keys", [{}, {"trainable": ["one_"]}], ids=["parameters", "constants"])
def test_ops_compute_what_onnx_says(spark, outputs, keys):
    from py4j.protocol import Py4JJavaError

    ops = set(spark._jvm.io.etastar.graph.onnx.OnnxReader.ops())
    right, refused, wrong = 0, 0, []
    for case in _cases():
        if case.name in EXEMPT or not all(node.op_type in ops for node in case.model.graph.node):
            continue
        network = _network(case)
        if network is None:
            continue
        file, expected = network
        try:
            found = outputs(file, expected.size, **keys)
        except Py4JJavaError as e:
            # A form of the op that the engine does not have is said, in one line.
            assert "io.etastar.UserError" in str(e.java_exception.toString()), case.name
            refused += 1
            continue
        near = numpy.abs(found - expected.ravel()) <= 1e-4 * (1 + numpy.abs(expected.ravel()))
        right += near.all()
        wrong += [] if near.all() else [case.name]
    assert wrong == []
    assert right > 800 and refused < 150
