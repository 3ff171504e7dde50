"""The notebook for beginners runs from top to bottom, and is committed with what it gave."""

import json
import os
import pathlib
import re

import nbformat
import pytest
from conftest import REMOTE
from nbclient import NotebookClient
from nbconvert import HTMLExporter

ROOT = pathlib.Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BEGINNING = ROOT / "notebooks/getting-started.ipynb"
MADE = ROOT / "target/notebooks"


@pytest.fixture(scope="module")
def executed():
    """As Jupyter runs it; cells tagged classic are of classic sessions alone. Logs, which go to stderr, are left out."""
    notebook = nbformat.read(BEGINNING, as_version=4)
    if REMOTE:
        notebook.cells = [cell for cell in notebook.cells if "classic" not in cell.metadata.get("tags", [])]
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(BEGINNING.parent)}}, record_timing=False).execute()
    for cell in codes(notebook):
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    MADE.mkdir(parents=True, exist_ok=True)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, MADE / ("getting-started-connect.ipynb" if REMOTE else BEGINNING.name))
    return notebook


def codes(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def figures(cells):
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


def figure_of(text, cells):
    """The number that a printed line ends with."""
    printed = "".join(output.text for cell in cells for output in cell.outputs if output.output_type == "stream")
    return float(re.search(text + r".*: ([0-9.]+)$", printed, re.M).group(1))


def test_networks_learn_and_h_is_drawn(executed):
    cells = codes(executed)
    assert figure_of("accuracy on [0-9]+ penguins", cells) > 0.95
    assert figure_of("accuracy on [0-9]+ digits", cells) > 0.9
    assert figures(cells) == (4 if REMOTE else 5)


@pytest.mark.classic
def test_what_is_committed_is_what_a_run_gives(executed):
    committed = nbformat.read(BEGINNING, as_version=4)
    kinds = [[kind(output) for output in cell.outputs] for cell in codes(committed)]
    assert kinds == [[kind(output) for output in cell.outputs] for cell in codes(executed)]
    for text in ("accuracy on [0-9]+ penguins", "accuracy on [0-9]+ digits"):
        assert figure_of(text, codes(committed)) == pytest.approx(figure_of(text, codes(executed)), abs=0.02)
    assert BEGINNING.stat().st_size < 250_000


def kind(output):
    return output.output_type, sorted(output.get("data", {}))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_titles_render(path):
    """One title, and every line that begins with # is a heading of its level in the page."""
    notebook = nbformat.read(path, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    written = [(len(marks), title) for marks, title in re.findall(r"^(#+)(.*)$", text, re.M)]
    assert written[0][0] == 1 and [level for level, _ in written].count(1) == 1
    page, _ = HTMLExporter().from_notebook_node(notebook)
    rendered = re.findall(r'<h([1-6]) id="[^"]*">(.*?)<a class="anchor-link"', page)
    assert [(int(level), " " + title) for level, title in rendered] == written
