"""Sentences and tables of an audit."""

import copy
import math

import numpy

from etastar.audit_measures import FRACTIONS, MOVED, final, part
from etastar.torch_audit import Finding

_STRONG = 0.5


def findings(search):
    """What a search found: changes of rates first."""
    told = [_changed(search, *change) for change in _merged(search.changes)]
    return (told or [_kept(search)]) + _still(search) + _flat(search) + _interactions(search)


def _merged(changes):
    """Changes of rates; later ones of the same tensors are part of the first."""
    found = {}
    for label, names, factor, before, run in changes:
        if label not in MOVED:
            _, _, known, first, _ = found.get(tuple(names), (label, names, 1.0, before, run))
            found[tuple(names)] = (label, names, known * factor, first, run)
    return found.values()


def _kept(search):
    sentence = "Keep the optimizer's rates: eta* along its step is %s of it; after %d steps they leave a loss of %.4g on other rows" % (
        _quartiles(search.start.own(search.live)), search.steps, final(search.keep["losses"]))
    tried = [run for run in search.runs if run["change"] not in ("keep", *MOVED)]
    if tried:
        least = min(tried, key=lambda run: final(run["losses"]))
        sentence += ", the best of %d others (%s x %.3g) %.4g" % (
            len(tried), _who(search, least["names"]), least["factor"], final(least["losses"]))
    return Finding("keep", list(search.moved), sentence + ".")


def _changed(search, label, names, factor, before, run):
    kind = "too far" if factor < 1 else "too short"
    sentence = "%s step%s %s: eta* along it is %s; at %.3g of the rate other rows have a loss of %.4g after %d steps, for %.4g before." % (
        _who(search, names), "" if len(names) > 1 else "s", kind, _quartiles(search.start.own(names)), factor, final(run["losses"]), search.steps,
        final(before["losses"]))
    reached = round(part(run, before) * search.steps)
    if reached:
        sentence = sentence[:-1] + ", which they reach after %d." % reached
    return Finding(kind, list(names), sentence, factor)


def _who(search, names):
    return "all tensors" if set(names) >= set(search.live) else ", ".join(names)


def _still(search):
    reasons = [
        ("requires_grad is False", search.frozen, "unfreeze"), ("not among the optimizer's parameters", search.left_out, "thaw"),
        ("the rate is 0", search.zero, "thaw")]
    return [
        Finding("stands still", list(names), "%s stand%s still: %s%s." % (", ".join(names), "" if len(names) > 1 else "s", why, _gain(search, label)))
        for why, names, label in reasons if names]


def _gain(search, label):
    """What the first run in which tensors moved that stood still came to."""
    for run in search.runs:
        if run["change"] == label:
            taken = any(change[4] is run for change in search.changes)
            with_it, without = (final(one["longer"]["losses"]) for one in (run, run["before"]))
            return "; at a rate of %.3g other rows have a loss of %.4g after %d steps, for %.4g%s" % (
                search.usual, with_it, 2 * search.steps, without, "" if taken else ": not enough to offer it")
    return ""


def _flat(search):
    flat = [name for name in search.start.names if name in search.flat]
    reasons = [("the loss does not depend on them", search.unused), ("their derivatives are below rounding, and no rate matters", flat)]
    return [Finding("no slope", list(names), "No slope: %s, %s." % (", ".join(names), why)) for why, names in reasons if names]


def _interactions(search):
    c = search.start.interactions()
    pairs = sorted(((abs(c[s, t]), s, t) for s in range(len(c)) for t in range(s)), reverse=True)
    strong = [pair for pair in pairs if pair[0] > _STRONG]
    if not strong:
        return []
    _, s, t = strong[0]
    names = [search.start.names[t], search.start.names[s]]
    sentence = "%s and %s interact most: H_st / sqrt(H_ss H_tt) is %.2f; %d of %d pairs are beyond %.1f."
    return [Finding("interacts", names, sentence % (*names, c[s, t], len(strong), len(pairs), _STRONG))]


def tensors(search):
    """A dict for each tensor that has a gradient."""
    named, rows = dict(search.module.named_parameters()), []
    for name in search.start.names:
        length = float(named[name].detach().double().norm())
        rows.append({
            "name": name, "rate": search.rates.get(name, 0.0), "step": float(search.step[name].norm()) / (length or 1.0),
            "eta": _three(search.start.own([name])), "eta_end": None if search.end is None else _three(search.end.own([name]))})
    return rows


def one_steps(search, step, at):
    """Decreases after one step with fractions of the common eta*, beside those predicted."""
    import torch

    eta = float(numpy.median(search.start.own(search.start.names)))
    if not 0 < eta < math.inf:
        return []
    sides = [[(x.cpu(), y.cpu()) for x, y in batches] for batches in (search.judged, search.trials.others)]
    before = [search.trials.losses(at, batches).mean() for batches in sides]
    rows = []
    for fraction in FRACTIONS:
        moved = copy.deepcopy(at)
        with torch.no_grad():
            for name, parameter in moved.named_parameters():
                if name in step:
                    parameter -= (fraction * eta * step[name].cpu()).to(parameter)
        decrease, other = (float(was - search.trials.losses(moved, batches).mean()) for was, batches in zip(before, sides))
        predicted = search.start.predicted(fraction * eta)
        rows.append({"fraction": fraction, "eta": fraction * eta, "predicted": predicted, "decrease": decrease, "other": other})
    return rows


def text(audit):
    """Sentences, then tables."""
    lines = [one.sentence[:1].upper() + one.sentence[1:] if one.sentence.startswith("all ") else one.sentence for one in audit.findings]
    if audit.tensors:
        width = max(len(row["name"]) for row in audit.tensors)
        lines += ["", "%-*s  %9s  %9s  %s" % (width, "tensor", "rate", "step", "eta*, quartiles over batches: at the start, after the steps")]
        for row in audit.tensors:
            lines.append("%-*s  %9.3g  %9.2e  %s  %s" % (width, row["name"], row["rate"], row["step"], _line(row["eta"]), _line(row["eta_end"])))
    if audit.steps:
        lines += ["", "one step at      " + "".join("%10.3g" % row["eta"] for row in audit.steps)]
        for key, name in (("predicted", "predicted"), ("decrease", "on the batches"), ("other", "on other rows")):
            lines.append("  %-15s" % name + "".join("%10.4g" % row[key] for row in audit.steps))
    return "\n".join(lines)


def _three(values):
    return [float(value) for value in numpy.percentile(values, [25, 50, 75])]


def _quartiles(values):
    low, middle, high = _three(values)
    return "%.3g (quartiles over batches %.3g to %.3g)" % (middle, low, high)


def _line(three):
    return "-" if three is None else "%8.3g %8.3g %8.3g" % tuple(three)
