"""The audit of an optimizer's rates."""

import copy

import numpy
import pytest

pytestmark = [pytest.mark.torch, pytest.mark.classic]


def network(act=None):
    import torch

    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Linear(6, 12), act or torch.nn.Tanh(), torch.nn.Linear(12, 3))


def loader(batches=24, rows=24):
    """Three classes of points around a centre each."""
    import torch

    generator = torch.Generator().manual_seed(4)
    centres = 2 * torch.randn(3, 6, generator=generator)
    y = torch.randint(3, (batches, rows), generator=generator)
    return list(zip(centres[y] + torch.randn(batches, rows, 6, generator=generator), y))


def by_autograd(module, batch, step):
    """g, H and order3 of one batch along theta - eta u by nested autograd in double precision."""
    import torch

    module, eta = copy.deepcopy(module).double(), torch.zeros(len(step), dtype=torch.float64, requires_grad=True)
    moved = {name: parameter.detach() - eta[place] * step[name] for place, (name, parameter) in enumerate(module.named_parameters())}
    loss = torch.nn.functional.cross_entropy(torch.func.functional_call(module, moved, (batch[0].double(),)), batch[1])
    slope = torch.autograd.grad(loss, eta, create_graph=True)[0]
    rows = [torch.autograd.grad(one, eta, create_graph=True)[0] for one in slope]
    third = [float(torch.autograd.grad(row[place], eta, retain_graph=True)[0][place]) for place, row in enumerate(rows)]
    return -slope.detach().numpy(), torch.stack(rows).detach().numpy(), numpy.array(third)


def test_slopes_of_batches_are_those_of_nested_autograd(spark):
    from etastar.audit_slopes import slopes
    import torch

    module, batches = network().eval(), loader(3)
    step = {name: torch.randn(parameter.shape, generator=torch.Generator().manual_seed(5)).double() for name, parameter in module.named_parameters()}
    found = slopes(module, batches, step, "nll")
    order = [found.names.index(name) for name in step]
    for place, batch in enumerate(batches):
        g, h, third = by_autograd(module, batch, step)
        assert found.g[place, order] == pytest.approx(g, rel=1e-9)
        assert found.H[place][numpy.ix_(order, order)] == pytest.approx(h, rel=1e-9, abs=1e-12)
        assert numpy.abs(found.order3[place, order]) == pytest.approx(numpy.abs(third), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("g, h, third", [(2.0, 3.0, 0.0), (2.0, 3.0, 5.0), (2.0, -1.0, 4.0), (1e-9, 2.0, 7.0)])
def test_a_rate_is_the_minimum_of_the_model(g, h, third):
    from etastar.audit_slopes import rate

    found = rate(g, h, third)
    around = found * numpy.array([0.999, 1, 1.001])
    values = -g * around + h * around**2 / 2 + third * around**3 / 6
    assert values.argmin() == 1 and found > 0


def test_there_is_no_rate_without_descent():
    from etastar.audit_slopes import rate

    assert rate(-1.0, 2.0, 3.0) == 0 and rate(1.0, -2.0, 0.0) == numpy.inf


@pytest.mark.parametrize("lr, kind", [(3.0, "too far"), (1e-4, "too short")])
def test_a_common_rate_is_judged(spark, lr, kind):
    import etastar
    import torch

    module, batches = network(), loader()
    optimizer = torch.optim.Adam(module.parameters(), lr=lr)
    state, random = copy.deepcopy(module.state_dict()), torch.get_rng_state()
    found = etastar.audit(module, optimizer, batches, steps=18, batches=4)
    assert all(torch.equal(state[name], value) for name, value in module.state_dict().items())
    assert torch.equal(random, torch.get_rng_state()) and not optimizer.state
    assert found.findings[0].kind == kind and found.findings[0].names == list(state) and kind.split()[1] in str(found)
    assert set(found.rates) == set(state) and all((rate < lr) == (kind == "too far") for rate in found.rates.values())
    first = [row for row in found.steps if row["fraction"] == 1 / 64][0]
    assert first["predicted"] == pytest.approx(first["decrease"], rel=0.02)
    assert after(module, batches, found.param_groups()) < 0.7 * after(module, batches, optimizer.param_groups)


def after(module, batches, groups):
    """The loss of the last batches after an epoch of the others."""
    import torch

    own, at = copy.deepcopy(module), {id(parameter): name for name, parameter in module.named_parameters()}
    named = dict(own.named_parameters())
    optimizer = torch.optim.Adam([{**group, "params": [named[at[id(one)]] for one in group["params"]]} for group in groups])
    for x, y in batches[:-4]:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(own(x), y).backward()
        optimizer.step()
    return sum(float(torch.nn.functional.cross_entropy(own(x), y).detach()) for x, y in batches[-4:])


def test_what_does_not_move_is_named(spark):
    import etastar
    import torch

    class Shifted(torch.nn.Sequential):
        """Its loss does not depend on what is added to all logits."""

        def __init__(self, *layers):
            super().__init__(*layers)
            self.shift = torch.nn.Parameter(torch.ones(1))

        def forward(self, x):
            return super().forward(x) + self.shift

    module = Shifted(*network())
    module[0].weight.requires_grad_(False)
    optimizer = torch.optim.SGD([{"params": [module[0].weight, module[0].bias, module.shift]}, {"params": [module[2].weight], "lr": 0.0}], lr=0.5)
    found = etastar.audit(module, optimizer, loader(), steps=12, batches=3)
    still = {name: one.sentence for one in found.findings if one.kind == "stands still" for name in one.names}
    assert set(still) == {"0.weight", "2.weight", "2.bias"}
    assert "requires_grad is False" in still["0.weight"] and "the rate is 0" in still["2.weight"]
    assert "not among the optimizer's parameters" in still["2.bias"]
    assert [one.names for one in found.findings if one.kind == "no slope"] == [["shift"]]


def run(change, losses, longer):
    """A run whose losses, on two batches, are those, and of twice the length longer ones."""
    from etastar.audit_measures import traced

    both = [numpy.array([values, values], dtype=float).T for values in (losses, longer)]
    return {"change": change, **traced(both[0]), "longer": traced(both[1])}


@pytest.mark.parametrize("change, early, late", [("thaw", False, True), ("unfreeze", False, True), ("all", True, False), ("layer", True, False)])
def test_what_stood_still_is_judged_by_the_longer_run(change, early, late):
    from etastar.audit_search import Search

    search = object.__new__(Search)
    kept = run("keep", [3, 2, 2, 2], [3, 2, 2, 2, 1, 1, 1])
    assert search._supported(run(change, [3, 1, 1, 1], [3, 1, 1, 1, 2, 2, 2]), kept) is early
    assert search._supported(run(change, [3, 3, 3, 3], [3, 3, 3, 3, 0.5, 0.5, 0.5]), kept) is late


def test_groups_take_the_rates_and_keep_the_state():
    from etastar.torch_audit import Audit
    import torch

    module = network()
    optimizer = torch.optim.Adam([{"params": [module[0].weight, module[0].bias, module[2].weight], "betas": (0.8, 0.9)}], lr=0.1)
    torch.optim.lr_scheduler.StepLR(optimizer, 1)
    module(torch.ones(2, 6)).sum().backward()
    optimizer.step()
    state = optimizer.state[module[0].bias]["exp_avg"].clone()
    found = Audit([], {"0.bias": 0.01, "2.bias": 0.02}, [], [], [], module, optimizer)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1]
    new = type(optimizer)(found.param_groups())
    assert [(len(group["params"]), group["lr"], group["betas"]) for group in new.param_groups] == [
        (2, 0.1, (0.8, 0.9)), (1, 0.01, (0.8, 0.9)), (1, 0.02, (0.9, 0.999))]
    found.apply(optimizer)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.01, 0.02]
    assert torch.equal(optimizer.state[module[0].bias]["exp_avg"], state)
    optimizer.step()


def test_copies_step_and_not_the_optimizer():
    from etastar.audit_trial import Trials
    import torch

    module, batches = network(), loader(2)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.5, momentum=0.9)
    torch.optim.lr_scheduler.StepLR(optimizer, 1)
    trials = Trials(module, optimizer, batches, batches, "nll")
    before = copy.deepcopy(module.state_dict())
    u = trials.step(*trials.twin(), batches[0])
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items()) and not optimizer.state
    torch.nn.functional.cross_entropy(module(batches[0][0]), batches[0][1]).backward()
    for name, parameter in module.named_parameters():
        assert torch.allclose(u[name], 0.5 * parameter.grad.double(), atol=1e-7)


def test_mistakes_are_one_line():
    import etastar
    import torch

    module, batches = network(), loader(3)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="^loader: found 3 batches, expected 4 at least, as one in 4 is kept aside$"):
        etastar.audit(module, optimizer, batches)
    with pytest.raises(ValueError, match=r"^loader: found Tensor, expected pairs \(x, y\)$"):
        etastar.audit(module, optimizer, [x for x, _ in batches])
    with pytest.raises(ValueError, match="^loss: found 'hinge', expected one of nll, mse, bce$"):
        etastar.audit(module, optimizer, batches, loss="hinge")
    with pytest.raises(ValueError, match="^steps: found 5, expected a whole number from 10$"):
        etastar.audit(module, optimizer, batches, steps=5)
    with pytest.raises(ValueError, match="^optimizer: found a parameter in group 0 that is not the module's"):
        etastar.audit(network(), optimizer, batches)
    with pytest.raises(ValueError, match="^optimizer: found no rate above 0, expected one at least$"):
        etastar.audit(module, torch.optim.SGD(module.parameters(), lr=0.0), loader(4))
