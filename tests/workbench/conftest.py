"""A workbench in a folder of its own, with notebooks as small as they can be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner, Result

from spmlib.workbench.cli import app
from tests.workbench import another_company

PARAMETERS = 'period = "2026-10"\npayee = "P-0001"\nday = "2026-10-31"\ntop = 5\nall_teams = False'


@dataclass
class Workbench:
    """A project's folder, and what one does with it."""

    root: Path

    @property
    def results(self) -> Path:
        return self.root / "results/2026-10"

    def notebook(self, name: str, *sources: str, parameters: str | None = PARAMETERS) -> Path:
        cells = [new_markdown_cell(f"# What is {name}?\n\nThe lead of {name}. And more.")]
        if parameters is not None:
            cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
        for source in sources:
            cells += [new_markdown_cell("## A section"), new_code_cell(source)]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = self.root / f"notebooks/{name}.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        return path

    def run(self, text: str, name: str = "2026-10") -> Path:
        path = self.root / f"parameters/runs/{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def spm(self, *words: str) -> Result:
        return CliRunner().invoke(app, words)

    def page(self, name: str) -> str:
        return (self.results / name).read_text(encoding="utf-8")


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    another_company.write(tmp_path)
    for folder in ("parameters/runs", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return Workbench(tmp_path)
