"""The form: what is chosen is what is read."""

from datetime import date
from pathlib import Path

from spmlib.core.parameters import read
from spmlib.revops.maturity import answers, written
from spmlib.revops.maturity.answers import Answer
from spmlib.workbench.maturity_form import chosen, form

PARAMETERS = Path(__file__).parents[2] / "parameters"
ASKED = written.read(PARAMETERS / "policies/maturity.yaml")


def test_what_is_chosen_is_read(tmp_path):
    given = (Answer("close", 3, "", "finance"), Answer("forecast", 2, "sales"))
    levels = {"close": "3: x", "disputes": "4: y", "quotas": "not answered"}
    path = tmp_path / "maturity.yaml"
    path.write_text(chosen(ASKED, given, "operations", date(2026, 11, 2), **levels))
    made = answers.given(read(path), ASKED)
    assert set(made) == {*given, Answer("disputes", 4, "", "operations", date(2026, 11, 2))}


def test_the_form_moves():
    made = form(ASKED, (), "operations", date(2026, 11, 2))
    assert "answers: {}" in made.html
    made.at(close=f"4: {next(q for q in ASKED.questions if q.name == 'close').levels[3]}")
    assert "level: 4" in made.html and "How long does it take to close" in made.still()
