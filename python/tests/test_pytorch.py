"""Modules of PyTorch in and out; python/test.sh --torch installs what they need."""

import copy
import dataclasses
import pathlib
import sys

import numpy
import pytest

pytestmark = pytest.mark.torch
sys.path.append(str(pathlib.Path(__file__).parents[2] / "src" / "test" / "oracle"))


def cases():
    import torch_modules
    import torch_more_modules
    import torch_unusual_modules

    return {**torch_modules.CASES, **torch_more_modules.CASES, **torch_unusual_modules.CASES}


def case(name):
    known = cases()[name]
    return known, known.make(), *known.data()


def trained(model, x, y):
    """Two steps of plain gradient descent, as a fit and as a model."""
    estimator = model.estimator(optimizer="sgd", lr=0.1, baseMomentum=0.0, maxIter=2, batchSize=len(x), numPartitions=1)
    return estimator.fit(model.frame(x, y))


def steps(module, kind, x, y):
    """The same two steps in PyTorch; the losses before each."""
    import torch
    import torch_modules

    optimizer, losses = torch.optim.SGD(module.parameters(), lr=0.1), []
    for _ in range(2):
        optimizer.zero_grad()
        loss = torch_modules.loss(kind, module(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("name, train", [
    ("conv", False), ("conv", True), ("encoder-fresh", False), ("gpt", False), ("autoencoder", True)])
def test_steps_are_those_of_pytorch(spark, tmp_path, name, train):
    import etastar
    import torch

    known, module, x, y = case(name)
    module.train(train)
    before = copy.deepcopy(module.state_dict())
    model = etastar.from_torch(module, x, known.loss)
    fitted = trained(model, x, y)
    state = model.to_state_dict(fitted, path=str(tmp_path / "model"))
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())
    losses = steps(module, known.loss, x, y)
    assert list(fitted.summary.objectiveHistory) == pytest.approx(losses, rel=1e-5)
    assert list(state) == list(before)
    for key, parameter in module.named_parameters(remove_duplicate=False):
        assert torch.allclose(state[key], parameter, atol=1e-6), key
    if train:
        statistics = [key for key in state if key.endswith("running_mean")]
        assert statistics and not any(torch.equal(state[key], before[key]) for key in statistics)


MODULES = ["mlp", "conv", "unet", "resnet", "mobilenet", "vit", "gpt", "encoder-post", "encoder-pre", "encoder-fresh", "textcnn", "conv1d",
           "autoencoder", "mixer",
           "groupnorm", "superres", "window", "maskedmean", "rotary", "padmask", "gatedtcn", "pointwise", "convnext", "tabular", "gatedmlp",
           "separable", "bilinear-unet", "alibi", "set", "mixture", "fourier", "siamese", "perceiver", "bucketed", "response-norm", "columns",
           "relative-bias", "queries", "decoder", "crosses", "forecast",
           "excite-separable", "bag", "hyper", "standard-conv", "segments", "crossed", "activations", "gated-conv1d", "cells", "recurrent",
           "contractions", "capsules", "translated"]


def test_all_modules_are_named():
    assert list(cases()) == MODULES


# All of the first file, and of the others the newest and those that are made most differently.
TRAINED = MODULES[:14] + [
    "tabular", "set", "fourier", "bucketed", "response-norm", "columns", "relative-bias", "queries", "decoder", "crosses", "forecast"]


@pytest.mark.classic
@pytest.mark.parametrize("name", TRAINED)
def test_an_epoch_on_spark_comes_back(spark, name):
    """An epoch of mini-batches of Adam moves every module; with the parameters that come back it predicts what the model does."""
    import etastar
    import torch

    known = dataclasses.replace(cases()[name], rows=24)
    module, (x, y) = known.make(), known.data()
    before = copy.deepcopy(module.state_dict())
    model = etastar.from_torch(module, x[:4], known.loss)
    fitted = model.estimator(optimizer="adam", lr=0.01, maxIter=1, batchSize=8, numPartitions=1).fit(model.frame(x, y))
    module.load_state_dict(model.to_state_dict(fitted))
    # What has no slope, such as the bias of attention's keys, may stay.
    moved = [not torch.equal(before[name], parameter) for name, parameter in module.named_parameters()]
    assert sum(moved) > 0.8 * len(moved)
    with torch.no_grad():
        expected = module.eval()(x)
    one = known.loss == "nll" and expected.dim() == 2
    rows = fitted.transform(model.frame(x)).select("probability" if one else "prediction").collect()
    expected = torch.softmax(expected, dim=1) if one else expected.flatten(1)
    found = [row[0].toArray() if hasattr(row[0], "toArray") else [row[0]] for row in rows]
    assert numpy.abs(numpy.array(found) - expected.numpy()).max() < 1e-5


def repeated():
    """A learned query, repeated for each row: len(x) is a number of Python where shape[0] may stay open."""
    import torch

    class Repeated(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.query, self.out = torch.nn.Parameter(torch.tensor([[0.5, -1.0, 2.0]])), torch.nn.Linear(3, 2)

        def forward(self, x):
            return self.out(torch.tanh(self.query.repeat(len(x), 1) * x))

    torch.manual_seed(6)
    return Repeated()


@pytest.mark.parametrize("rows", [2, 5])
def test_the_length_of_a_batch_is_open(spark, tmp_path, rows):
    """Whatever the example's number of rows is, batches of other lengths are as in PyTorch, the shorter last one too."""
    import etastar
    import torch

    module, x, y = repeated(), torch.randn(7, 3), torch.tensor([0, 1, 1, 0, 1, 0, 0])
    model = etastar.from_torch(module, x[:rows])
    fitted = model.estimator(optimizer="sgd", lr=0.1, baseMomentum=0.0, maxIter=1, batchSize=4, numPartitions=1).fit(model.frame(x, y))
    module.load_state_dict(model.to_state_dict(fitted, path=str(tmp_path / "model")))
    assert not torch.equal(module.query, repeated().query)
    with torch.no_grad():
        expected = torch.softmax(module(x), dim=1).numpy()
    found = [row[0].toArray() for row in fitted.transform(model.frame(x)).select("probability").collect()]
    assert numpy.array(found) == pytest.approx(expected, abs=1e-6)


@pytest.mark.classic
def test_a_classic_session_hands_parameters_over(spark):
    import etastar
    import torch

    known, module, x, y = case("mlp")
    model = etastar.from_torch(module, x)
    state = model.to_state_dict(trained(model, x, y))
    steps(module, known.loss, x, y)
    assert all(torch.allclose(state[key], parameter, atol=1e-6) for key, parameter in module.named_parameters())


def test_another_loss_is_an_error(spark, monkeypatch):
    import etastar.pytorch
    import torch

    _, module, x, _ = case("mlp")
    other, exported = copy.deepcopy(module), etastar.pytorch.exported
    with torch.no_grad():
        other.net[0].weight.mul_(2)
    monkeypatch.setattr(etastar.pytorch, "exported", lambda _, example: exported(other, example))
    model = etastar.pytorch.from_torch(module, x)
    with pytest.raises(ValueError, match="^loss of the example: found [0-9.]+, expected PyTorch's, [0-9.]+$"):
        model.estimator()


def test_names_and_modes():
    import etastar

    _, module, x, _ = case("gpt")
    module.wpe.weight.requires_grad_(False)
    model = etastar.from_torch(module, x)
    assert model.tied == {"lm_head.weight": "wte.weight"} and model.frozen == ["wpe.weight"] and not model.training
    assert list(model.parameters)[0] == "wte.weight" and "wpe.weight" not in model.parameters
    assert model.parameters["h.0.attn.c_attn.weight"] == (24, 8)


def test_arrays_must_be_the_modules():
    import etastar

    _, module, x, _ = case("mlp")
    model = etastar.from_torch(module, x)
    arrays = {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}
    assert list(model.to_state_dict(arrays)) == list(module.state_dict())
    with pytest.raises(ValueError, match=r"^net.4.weight: found shape \[9, 10\], expected \[10, 10\]$"):
        model.to_state_dict({**arrays, "net.4.weight": numpy.zeros((9, 10))})
    with pytest.raises(ValueError, match="^net.7.bias: found no such parameter, expected all of the module's$"):
        model.to_state_dict({name: array for name, array in arrays.items() if name != "net.7.bias"})
    with pytest.raises(ValueError, match="^more: found a parameter that the module does not have, expected its own alone$"):
        model.to_state_dict({**arrays, "more": numpy.zeros(1)})


def test_mistakes():
    import etastar
    import torch

    _, module, x, _ = case("mlp")
    with pytest.raises(ValueError, match=r"^example: found \[1, 6\], expected a tensor of at least two rows$"):
        etastar.from_torch(module, x[:1])
    with pytest.raises(ValueError, match="^example: found tuple, expected .* two rows; a module of several inputs comes in by an ONNX file$"):
        etastar.from_torch(module, (x, x))
    with pytest.raises(ValueError, match="^loss: found 'hinge', expected one of nll, mse, bce$"):
        etastar.from_torch(module, x, "hinge")
    padded = torch.nn.Sequential(torch.nn.Embedding(5, 3, padding_idx=0), torch.nn.Flatten(), torch.nn.Linear(6, 2))
    with pytest.warns(UserWarning, match="^0: row 0 is padding"):
        etastar.from_torch(padded, torch.tensor([[1, 2], [3, 4]]))


@pytest.mark.parametrize("train", [False, True])
def test_batch_norms_may_count_their_batches(train):
    import etastar
    import torch

    module = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4, momentum=None)).train(train)
    model = etastar.from_torch(module, torch.randn(3, 3))
    assert list(model.parameters) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert module[1].momentum is None and module[1].num_batches_tracked == 0


@pytest.mark.parametrize("name", ["mlp", "conv", "gpt"])
@pytest.mark.classic
def test_summaries_are_those_of_nested_autograd(spark, name):
    import etastar
    import json

    golden = json.loads((pathlib.Path(__file__).parents[2] / "src/test/resources/onnx" / (name + ".json")).read_text())
    known, module, x, y = case(name)
    direction = {key: numpy.reshape(value["values"], value["shape"]) for key, value in golden["u"].items()}
    found = etastar.summary(module.eval(), x, y, known.loss, direction=direction)
    order = [found["subsets"].index([key]) for key in golden["names"]]
    assert found["loss"] == pytest.approx(golden["value"], rel=1e-9)
    assert found["g"][order] == pytest.approx(numpy.array(golden["g"]), rel=1e-9, abs=1e-11)
    assert found["H"][numpy.ix_(order, order)] == pytest.approx(numpy.array(golden["H"]), rel=1e-9, abs=1e-10)
    assert found["order3"][order] == pytest.approx(numpy.array(golden["order3"]), rel=1e-8, abs=1e-9)


def test_summaries_along_the_gradient(spark, tmp_path):
    import etastar
    import torch

    known, module, x, y = case("mlp")
    module.eval()
    found = etastar.summary(module, [(x[:2], y[:2]), (x[2:], y[2:])], None, partition="trivial", curvature="ggn", path=str(tmp_path))
    loss = torch.nn.functional.cross_entropy(module.double()(x.double()), y)
    slopes = torch.autograd.grad(loss, list(module.parameters()))
    assert found["loss"] == pytest.approx(loss.item(), rel=1e-9)
    assert found["g"][0] == pytest.approx(sum(float((slope**2).sum()) for slope in slopes), rel=1e-6)
    assert found["H"].shape == (1, 1) and found["H"][0, 0] > 0 and found["eta"][0] > 0


@pytest.mark.parametrize("function, said", [
    ("cdist", r"op aten._cdist_forward.default at node '_cdist_forward': found no rule for it in torch.onnx, expected ops that torch.onnx can write"),
    ("branch", r"found what torch.export cannot capture \(.+\), expected shapes and branches that do not depend on the data")])
def test_what_the_exporter_lacks_is_one_line(capfd, function, said):
    import etastar
    import torch

    class Layer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(2, 3))

        def forward(self, x):
            return torch.cdist(x, self.weight) if function == "cdist" else (x if x.sum() > 0 else -x) * self.weight[0]

    with pytest.raises(ValueError, match="^module: %s$" % said):
        etastar.from_torch(Layer(), torch.randn(4, 3))
    assert capfd.readouterr().err == ""


def test_mistakes_of_summaries_are_one_line(spark):
    import etastar
    import torch

    _, module, x, y = case("mlp")
    with pytest.raises(ValueError, match="^module: found train mode, expected eval mode"):
        etastar.summary(module.train(), x, y)


@pytest.mark.classic
def test_directions_have_the_modules_parameters(spark):
    import etastar

    _, module, x, y = case("mlp")
    names = dict(module.eval().named_parameters())
    first = next(iter(names))
    with pytest.raises(ValueError, match="^direction: found none for %s, expected shape" % first):
        etastar.summary(module, x, y, direction={key: value for key, value in names.items() if key != first})
    with pytest.raises(ValueError, match="^direction: found other, expected the module's parameters alone"):
        etastar.summary(module, x, y, direction={**names, "other": names[first]})
