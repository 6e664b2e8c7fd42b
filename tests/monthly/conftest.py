"""A small company whose month was made once, with a notebook that fails; each test has a copy.

A copy rests on the same data, parameters and code, so that what was made is not made again; the
notebook that failed is not in its run any more.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from spmlib.workbench.cli import app
from tests.delivery.servers import Box, mail, serving
from tests.workbench import another_company
from tests.workbench.conftest import Workbench

RUN = "run: 2026-10\nperiod: 2026-10\nnotebooks:\n  20_crediting: {}\n"
STATEMENTS = "locale: en_US\ncontact: pay, pay@firm.example\ndispute_days: 45\n"
BEARS = "most_refused: 2\n"  # as many rows as the company's data have wrong
SENDS = BEARS + "summary: {send: yes, to: [ann@firm.example, bob@firm.example]}\n"


@dataclass
class Firm:
    """A company's folder, and what a schedule does there."""

    root: Path
    box: Box

    @property
    def results(self) -> Path:
        return self.root / "results/2026-10"

    @property
    def workbench(self) -> Workbench:
        return Workbench(self.root)

    def monthly(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["monthly", "--period", "2026-10", *words])

    def decides(self, text: str) -> None:
        (self.root / "parameters/policies/monthly.yaml").write_text(text, encoding="utf-8")

    def closes(self) -> list[str]:
        return sorted(path.name for path in self.root.glob("ledger/closes/*.json"))


def steps(made: Result) -> dict[str, str]:
    """How each step ended, by the log's lines on the error stream."""
    lines = (line.split() for line in made.stderr.splitlines())
    return {words[1]: words[3] for words in lines}


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Firm, Result]]:
    root, box = tmp_path_factory.mktemp("monthly") / "firm", Box()
    another_company.write(root)
    for folder in ("parameters/runs", "parameters/policies", "notebooks"):
        (root / folder).mkdir(parents=True)
    firm = Firm(root, box)
    firm.workbench.notebook("20_crediting", "print(payee, period)")
    firm.workbench.notebook("21_commissions", "1 / 0")
    firm.workbench.run(RUN + "  21_commissions: {}\n")
    (root / "parameters/policies/statements.yaml").write_text(STATEMENTS, encoding="utf-8")
    firm.decides(BEARS)
    with serving(box) as port:
        mail(root / "parameters/policies", port)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(root)
            made = firm.monthly("--jobs", "1")
        yield firm, made


@pytest.fixture
def firm(made_once: tuple[Firm, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Firm:
    first, _ = made_once
    root = Path(shutil.copytree(first.root, tmp_path / "firm"))
    monkeypatch.chdir(root)
    first.box.letters.clear()
    copy = replace(first, root=root)
    copy.workbench.run(RUN)
    return copy
