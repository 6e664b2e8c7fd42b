"""The form: what is chosen is saved, what is saved is read, and nothing is overwritten unasked."""

from datetime import date
from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.maturity import answers, written
from spmlib.revops.maturity.answers import Answer
from spmlib.workbench.maturity.assessment import Maturity
from spmlib.workbench.maturity.form import AS_IS, OPEN, Form, chosen, saved

ASKED = written.read(Path(__file__).parents[2] / "parameters/policies/maturity.yaml")
DAY = date(2026, 11, 2)
GIVEN = (
    Answer("pay_errors", 2, "sales", "operations"),
    Answer("pay_errors", 3, "finance", "finance"),
    Answer("close", 3, "", "finance"),
    Answer("forecast", 2, "sales"),
)


def form(team=""):
    return Form(Maturity(ASKED, GIVEN, {}), "operations", DAY, team)


@pytest.fixture(scope="module")
def unmoved():
    return form()


@pytest.mark.parametrize("team", ["", "sales"])
def test_what_is_not_moved_stays_as_it_was_given(unmoved, team):
    assert (form(team) if team else unmoved).answers == GIVEN


def test_a_level_for_all_takes_the_place_of_what_teams_said():
    made = chosen(ASKED, GIVEN, "", "me", DAY, {"pay_errors": 4, "close": 3, "forecast": OPEN})
    assert made == (Answer("pay_errors", 4, "", "me", DAY), Answer("close", 3, "", "finance"))


def test_a_team_answers_for_itself_alone():
    made = chosen(ASKED, GIVEN, "finance", "me", DAY, {"pay_errors": 2, "close": OPEN})
    mine = Answer("pay_errors", 2, "finance", "me", DAY)
    assert made == (GIVEN[0], mine, GIVEN[3])
    all_teams = (Answer("disputes", 2, "", "all"),)
    made = chosen(ASKED, all_teams, "sales", "me", DAY, {"disputes": OPEN})
    assert made == tuple(Answer("disputes", 2, team, "all") for team in ("finance",
                         "customer success"))  # fmt: skip


def test_moved_saved_and_read_back_and_overwritten_only_if_told(tmp_path, unmoved):
    made, path = form(), tmp_path / "own.yaml"
    made.live.at(quotas=4, contests=2, close=5)
    assert made.live.alt != unmoved.live.alt and "level 4" in made.live.html
    assert "How often is pay wrong" in made.live.still()
    made.saving.name.value = str(path)
    made.saving.save.click()
    moved = made.answers
    assert answers.read(path, ASKED) == moved != GIVEN
    made.save(tmp_path / "other.yaml")
    path.write_text(answers.text(GIVEN))
    made.saving.save.click()
    assert "there is such a file already" in made.saving.says.value
    assert answers.read(path, ASKED) == GIVEN
    made.saving.read.click()
    assert made.answers == GIVEN
    assert made.live.controls["close"].value == 3
    assert made.live.controls["pay_errors"].value == AS_IS
    path.write_text("nothing")
    made.saving.replace.value = True
    made.saving.save.click()
    assert answers.read(path, ASKED) == GIVEN and made.saving.replace.value is False
    assert answers.read(tmp_path / "other.yaml", ASKED) == moved


def test_a_broken_file_leaves_the_lists_alone(tmp_path, unmoved):
    path = tmp_path / "own.yaml"
    path.write_text("answers: {close: {level: 9}}")
    unmoved.saving.name.value = str(path)
    unmoved.saving.read.click()
    assert "own.yaml:1: level 9" in unmoved.saving.says.value
    assert unmoved.answers == GIVEN


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("own.txt", "let the name end in .yaml"), ("no/own.yaml", "there is no such folder")],
)
def test_odd_files_are_refused(tmp_path, name, wrong):
    with pytest.raises(ParameterError, match=wrong):
        saved(GIVEN, ASKED, tmp_path / name)


def test_who_answers_can_be_read(tmp_path):
    with pytest.raises(ParameterError, match="who answers close is written with invisible"):
        saved([Answer("close", 1, "", "\x07")], ASKED, tmp_path / "own.yaml")


def test_odd_choices_are_refused():
    with pytest.raises(ParameterError, match="there is no team 'legal'"):
        form("legal")
    with pytest.raises(ParameterError, match="out of range"):
        chosen(ASKED, (), "", "me", DAY, {"close": 6})
    with pytest.raises(ParameterError, match="there is no question 'clsoe'"):
        chosen(ASKED, (), "", "me", DAY, {"clsoe": 2})
