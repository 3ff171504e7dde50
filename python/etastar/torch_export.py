"""The ONNX file of a PyTorch module, with every parameter under its own name."""

import contextlib
import io
import logging
import re
import warnings

import numpy

from etastar.torch_written import written_out


def exported(module, example):
    """The file's bytes, in which tied parameters have the first of their names, and the number of axes of the output.

    What the exporter optimises is not wanted: it folds and renames parameters, merges batch norms and copies tied weights.
    """
    tensors = dict(module.named_parameters())
    model = _export(module, example)
    _rename(model.graph, tied_names(module))
    _set_training(module, model.graph)
    _strip(model)
    _check_values(model.graph, tensors)
    return model.SerializeToString(), len(model.graph.output[0].type.tensor_type.shape.dim)


def tied_names(module):
    """Further names of tied parameters to the first one."""
    first = {id(p): name for name, p in module.named_parameters()}
    return {name: first[id(p)] for name, p in module.named_parameters(remove_duplicate=False) if first[id(p)] != name}


def _export(module, example):
    import torch

    try:
        with _quiet(), warnings.catch_warnings(), _with_momentum(module), written_out():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                _captured(module, example), (example,), dynamo=True, optimize=False, verbose=False, input_names=["x"],
                output_names=["y"], dynamic_shapes=_any_rows())
    except torch.onnx.errors.OnnxExporterError as problem:
        raise ValueError("module: " + _reason(problem)) from problem
    return program.model_proto


@contextlib.contextmanager
def _quiet():
    """Without what is logged and printed of what is tried: what fails in the end is raised."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "torch._guards", "torch._dynamo", "torch.fx.experimental.symbolic_shapes")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        for logger, level in zip(loggers, levels):
            logger.setLevel(level)


def _reason(problem):
    """In one line what the exporter could not do: an op at its node, or to capture the module at all."""
    causes = [problem]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    last = (str(causes[-1]).strip().splitlines() or [type(causes[-1]).__name__])[0]
    for cause in causes:
        place = re.search(r"translating node %(\S+) .*?target=(?:torch\.ops\.)?([^\]\s]+)\]", str(cause))
        if place:
            known = "no rule for it in torch.onnx" if last.startswith("No ONNX function found") else last
            return "op %s at node '%s': found %s, expected ops that torch.onnx can write" % (place[2], place[1], known)
    return "found what torch.export cannot capture (%s), expected shapes and branches that do not depend on the data" % last


def _captured(module, example):
    """The module's graph for any number of rows, by its bytecode if running it fixes the number, as len(x) does; else the module.

    What the exporter would do by itself then is to fix the number in silence.
    """
    import torch

    for strict in (False, True):
        with contextlib.suppress(Exception):
            return torch.export.export(module, (example,), dynamic_shapes=_any_rows(), strict=strict)
    return module


def _any_rows():
    import torch

    return ({0: torch.export.Dim("batch")},)


@contextlib.contextmanager
def _with_momentum(module):
    """Batch norms that count their batches for running means get a momentum, without which the exporter fails; their outputs are the same."""
    import torch

    counting = [child for child in module.modules() if isinstance(child, torch.nn.modules.batchnorm._NormBase) and child.momentum is None]
    try:
        for child in counting:
            child.momentum = 0.1
        yield
    finally:
        for child in counting:
            child.momentum = None


def _rename(graph, tied):
    """Gives tied parameters, for which the exporter takes the last name, the first one."""
    for initializer in graph.initializer:
        initializer.name = tied.get(initializer.name, initializer.name)
    for node in graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = tied.get(name, name)


def _set_training(module, graph):
    """Marks batch norms that take the batch's statistics: the exporter writes all of them for inference."""
    import onnx

    modules = dict(module.named_modules())
    statistics = {name for name, _ in module.named_buffers()}
    for place, node in enumerate(graph.node):
        if node.op_type == "BatchNormalization":
            mean = node.input[3]
            owner = modules[mean.rpartition(".")[0]] if mean in statistics else None
            if owner is None or owner.training:
                node.attribute.append(onnx.helper.make_attribute("training_mode", 1))
                node.output.extend(["etastar_mean_%d" % place, "etastar_var_%d" % place])


def _strip(model):
    """Takes out stack traces and the like, most of the file's size."""
    for part in [model, model.graph, *model.graph.node, *model.graph.value_info]:
        del part.metadata_props[:]
        part.doc_string = ""


def _check_values(graph, tensors):
    """Each parameter must be there by name, shape and value."""
    import onnx

    found = {initializer.name: initializer for initializer in graph.initializer}
    for name, tensor in tensors.items():
        values = onnx.numpy_helper.to_array(found[name]) if name in found else None
        if values is None or not numpy.array_equal(values, tensor.detach().cpu().numpy()):
            raise ValueError("%s: found no such parameter in what the exporter wrote, expected all that the module has" % name)
