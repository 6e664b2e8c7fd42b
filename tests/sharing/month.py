"""A month's results as a run leaves them, written without running anything."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from spmlib.workbench import site

ENDED = "2026-11-02T09:30:00+00:00"
PLACE = "/home/somebody/notebooks"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><title>A square</title></svg>"
WHY = "ZeroDivisionError: division by zero"
FAILURE = {"reason": WHY, "cell": 6, "section": "Checks", "source": "1 / 0", "trace": ""}


def shown(kind, text, **others):
    """What a cell displays."""
    return new_output("display_data", {kind: text, **others})


def executed(name, *outputs, lead="Lead of it.", question=None, headings=("Checks",), **given):
    """A notebook that a run executed, told what is given."""
    told = "\n".join(f"{key} = {value!r}" for key, value in given.items())
    cells = [
        new_markdown_cell(f"# {question or f'What is {name}?'}\n\nAn opening paragraph."),
        new_code_cell('period = "2026-09"\npayee = ""', metadata={"tags": ["parameters"]}),
        new_code_cell(f"# Parameters\n{told}\n", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("'lead'", metadata={"tags": ["lead"]}),
        *(new_markdown_cell(f"## {heading}") for heading in headings),
        *(new_code_cell("display(it)", outputs=[output]) for output in outputs),
    ]
    cells[3].outputs = [shown("text/markdown", lead)]
    paths = {"input_path": f"{PLACE}/{name}.ipynb", "output_path": f"{PLACE}/made.ipynb"}
    return new_notebook(cells=cells, metadata={"papermill": {"end_time": ENDED, **paths}})


def report(name, failure=None, **given):
    """What the record of a run says of a report."""
    status = "failed" if failure else "good"
    about = {"question": f"What is {name}?", "name": name, "parameters": given, "seconds": 1.0}
    return {**about, "failure": failure, "status": status}


def write(folder: Path, made, failed=(), title="October 2026"):
    """Write the results of a run: the notebooks that were made, and which reports failed."""
    folder.mkdir(parents=True)
    reports = [report(name) for name in made] + [report(name, FAILURE) for name in failed]
    how = {"status": "failed" if failed else "good", "made": ENDED, "seconds": 1.0}
    what = {"run": folder.name, "title": title, "period": folder.name, "file": "a.yaml"}
    by = {"sha256": "0" * 64, "versions": {"spmlib": "0.1.0"}, "reports": reports}
    record = what | how | by
    for name, notebook in made.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
        masthead = site.Masthead(name, title, ENDED, {})
        (folder / f"{name}.html").write_text(site.page(notebook, masthead), "utf-8")
    for name in failed:
        (folder / f"{name}.FAILED.html").write_text("why", "utf-8")
    (folder / "manifest.json").write_text(json.dumps(record), "utf-8")
    (folder / "index.html").write_text(site.index(folder, record), "utf-8")
    (folder / "tables").mkdir()
    (folder / "tables/payroll.csv").write_text("payee_id,amount\nH1,1\n", "utf-8")
