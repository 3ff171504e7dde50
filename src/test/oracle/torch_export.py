"""ONNX files of torch_modules.py by the exporters that PyTorch has; torch_golden.py runs this.

NAME.onnx: from torch.export, as it is; NAME-optimised.onnx: the same as a call without options gives it, with parameters folded and merged;
NAME-script.onnx: from TorchScript; NAME-old.onnx: the default of PyTorch 1.13, opset 14, by /usr/bin/python3. All in eval mode, with a batch of
any size. Stack traces, most of a file's size, are taken out.
"""
import logging
import pathlib
import subprocess
import sys
import warnings

import torch

import torch_modules

OLD = ("mlp", "conv", "vit", "gpt")


def by_script(case, path, **options):
    torch.onnx.export(case.make(), (case.data()[0],), str(path), input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}}, **options)


def by_export(case, path, optimize):
    import onnx

    model = torch.onnx.export(case.make(), (case.data()[0],), dynamo=True, optimize=optimize, input_names=["x"], output_names=["y"],
                              dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False).model_proto
    for part in [model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, path)


def write_all(names, directory):
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    for name in names:
        case = torch_modules.CASES[name]
        torch.set_default_dtype(torch.float32)
        by_export(case, directory / (name + ".onnx"), False)
        by_export(case, directory / (name + "-optimised.onnx"), True)
        by_script(case, directory / (name + "-script.onnx"), dynamo=False, do_constant_folding=False)
    old = [name for name in names if name in OLD]
    if old:
        subprocess.run(["/usr/bin/python3", __file__, str(directory), *old], check=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for name in sys.argv[2:]:
        by_script(torch_modules.CASES[name], pathlib.Path(sys.argv[1]) / (name + "-old.onnx"))
