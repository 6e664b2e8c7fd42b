"""A notebook tells a story and holds no logic; it is committed with what it showed."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from spmlib.workbench import notebooks

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LOGIC = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.While, ast.Try, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp),
)
MOST_LINES = 10
NAME_OR_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?|[\w .&-]*")


def faults(notebook, template=False):
    """What is wrong with a notebook, a sentence each."""
    cells, code = notebook.cells, [c for c in notebook.cells if c.cell_type == "code"]
    titles = notebooks.headings(notebook)
    if cells[0].cell_type != "markdown" or not re.match(r"# .+\?\n\n\w", cells[0].source):
        yield "it does not open with its question (# ...?) and, below it, a paragraph"
    if len(notebooks.tagged(notebook, "parameters")) != 1:
        yield "not exactly one cell is tagged 'parameters'"
    for name, value in notebooks.defaults(notebook).items():
        if not isinstance(value, str) or not NAME_OR_DAY.fullmatch(value):
            yield f"the parameter {name} is neither a name nor a day: {value!r}"
    if titles[-1:] != ["Checks"]:
        yield "its last section is not '## Checks'"
    for before, cell in pairwise(cells):
        if cell.cell_type == "code":
            yield from faults_of(cell, before)
    if not template and not any(cell.outputs for cell in code):
        yield "it has no outputs: run `spm notebooks` before you commit"
    if not template and any(cell.execution_count is None for cell in code):
        yield "a cell was never run: run `spm notebooks` before you commit"
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        yield "a cell failed"
    if any(o.get("name") == "stderr" for cell in code for o in cell.outputs):
        yield "a cell warns"
    for number in notebooks.silent_pictures(notebook):
        yield f"cell {number} shows a picture without alternative text"
    if notebook.metadata.kernelspec.name != "python3":
        yield "its kernel is not python3"


def faults_of(cell, before):
    """What is wrong with a cell of code that stands after another cell."""
    first = cell.source.split("\n")[0]
    if before.cell_type != "markdown":
        yield f"no prose says why one runs: {first}"
    if len(cell.source.splitlines()) > MOST_LINES:
        yield f"more than {MOST_LINES} lines, move logic to spmlib: {first}"
    if any(isinstance(node, LOGIC) for node in ast.walk(ast.parse(cell.source))):
        yield f"logic, move it to spmlib: {first}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path):
    template = path.stem.startswith("_")
    assert list(faults(nbformat.read(path, 4), template)) == []


def good():
    """A notebook in which nothing is wrong."""
    run = {"execution_count": 1, "outputs": [new_output("stream", text="1")]}
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            new_markdown_cell("# What is it?\n\nThis."),
            new_markdown_cell("## Which month"),
            new_code_cell('month = "2026-10"', metadata={"tags": ["parameters"]}, **run),
            new_markdown_cell("## What is seen"),
            new_code_cell("print(1)", **run),
            new_markdown_cell("## Checks"),
            new_code_cell("assert month", **run),
        ],
    )


def test_a_good_notebook_has_no_faults():
    assert list(faults(good())) == []


SILENT = [new_output("display_data", {"image/png": "iVBORw0KGgo="})]
FAILED = [new_output("error", ename="ValueError", evalue="", traceback=[])]
WARNED = [new_output("stream", name="stderr", text="deprecated")]


@pytest.mark.parametrize(
    ("cell", "field", "value", "says"),
    [
        (0, "source", "# Commissions\n\nThis.", "does not open with its question"),
        (0, "source", "# What is it?", "does not open with its question"),
        (2, "source", "rate = 0.08", "the parameter rate is neither a name nor a day: 0.08"),
        (2, "metadata", {}, "not exactly one cell is tagged 'parameters'"),
        (3, "cell_type", "raw", "no prose says why one runs: print(1)"),
        (5, "source", "## The end", "its last section is not '## Checks'"),
        (4, "execution_count", None, "a cell was never run"),
        (4, "outputs", SILENT, "cell 5 shows a picture without alternative text"),
        (4, "outputs", FAILED, "a cell failed"),
        (4, "outputs", WARNED, "a cell warns"),
        (4, "source", "\n".join(["print(1)"] * (MOST_LINES + 1)), "more than 10 lines"),
        (4, "source", "for i in range(3): print(i)", "logic, move it to spmlib"),
        (4, "source", "def f(): ...", "logic, move it to spmlib"),
        (4, "source", "[i for i in range(3)]", "logic, move it to spmlib"),
        (4, "source", "sorted('ab', key=lambda x: x)", "logic, move it to spmlib"),
    ],
)
def test_each_fault_is_found(cell, field, value, says):
    notebook = good()
    notebook.cells[cell] = nbformat.from_dict(notebook.cells[cell] | {field: value})
    assert [fault for fault in faults(notebook) if says in fault]


def test_a_notebook_stripped_of_outputs_is_refused():
    notebook = good()
    for cell in notebook.cells[2::2]:
        cell.outputs = []
    assert list(faults(notebook)) == ["it has no outputs: run `spm notebooks` before you commit"]


def test_ten_lines_are_not_too_many():
    notebook = good()
    notebook.cells[4].source = "\n".join(["print(1)"] * MOST_LINES)
    assert list(faults(notebook)) == []
