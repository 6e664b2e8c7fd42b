"""Maturity: questionnaires, answers, scores, evidence and what is recommended."""

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.revops.maturity import answers, evidence, recommendations, scores, written
from spmlib.revops.maturity.answers import Answer
from spmlib.revops.maturity.written import Measure

PARAMETERS = Path(__file__).parents[2] / "parameters"
OURS = written.read(PARAMETERS / "policies/maturity.yaml")
OTHER = """
pillars: [pay, play]
teams: [red, blue]
target: 50
unlocking: 50%
questions:
  a:
    asks: First?
    pillar: pay
    teams: [red, blue]
    levels: {1: none, 2: some, 3: all}
    measured: {figure: error, better: lower, levels: {2: 20%, 3: 10%}}
    steps: [{to: 3, does: mend a, effort: 5, see: notebooks/51_disputes.ipynb, unlocks: [b]}]
  b:
    asks: Second?
    pillar: play
    teams: [red]
    weight: 2
    levels: {1: none, 2: all}
    steps: [{to: 2, does: mend b, effort: 10, see: notebooks/51_disputes.ipynb}]
"""


def other(tmp_path, text=OTHER):
    path = tmp_path / "asked.yaml"
    path.write_text(text)
    return written.read(path)


def given(tmp_path, text, questionnaire):
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    return answers.read(path, questionnaire)


def by_name(made):
    return {score.name: score for score in made}


def test_ten_questions_cover_pillars_and_teams():
    assert len(OURS.questions) == 10
    assert {q.pillar for q in OURS.questions} == {"orchestrate", "motivate", "incent"}
    assert {team for q in OURS.questions for team in q.teams} == set(OURS.teams)
    assert all(q.steps for q in OURS.questions)


def test_what_is_recommended_exists():
    from typer.main import get_command

    from spmlib.workbench.cli import app

    commands = set(get_command(app).commands)
    for step in (step for q in OURS.questions for step in q.steps):
        assert (PARAMETERS.parent / step.see).exists(), step.see
        kind, _, rest = step.by.partition(" ")
        assert not step.by or (kind == "spm" and rest.split()[0] in commands), step.by


def test_scores_by_hand(tmp_path):
    # a: red 3 of 3 is 100, blue 1 is 0, half a weight each; b: red 1 of 2 is 0, weight 2.
    asked = other(tmp_path)
    made = by_name(scores.scores(asked, [Answer("a", 3, "red"), Answer("a", 1), Answer("b", 1)]))
    assert made["pay"].score == 50
    assert made["all"].score == pytest.approx(50 / 3)
    assert made["red"].score == 20  # (0.5 x 100 + 2 x 0) / 2.5
    assert made["blue"].score == 0 and made["blue"].gap == 50
    assert made["pay"].low == made["pay"].high == 50 and made["pay"].gap == 0


def test_unanswered_widens_the_bounds(tmp_path):
    asked = other(tmp_path)
    made = by_name(scores.scores(asked, [Answer("a", 3, "red")]))
    assert (made["pay"].low, made["pay"].score, made["pay"].high) == (50, 100, 100)
    none = by_name(scores.scores(asked, []))["all"]
    assert (none.low, none.score, none.high, none.gap) == (0, None, 100, None)
    assert scores.unanswered(asked, []) == [("a", "red"), ("a", "blue"), ("b", "red")]


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(0.21, 1, 3), (0.2, 2, 3), (0.1, 3, 2), (0.09, 3, 1), (-0.1, 3, 1), (None,) * 3],
)
def test_a_threshold_is_reached_at_it(value, low, high):
    assert evidence.measured(value, Measure("x", "lower", ((2, 0.2), (3, 0.1)))) == low
    assert evidence.measured(value, Measure("x", "higher", ((2, 0.1), (3, 0.2)))) == high


def test_no_number_is_no_level():
    assert evidence.measured(float("nan"), Measure("x", "lower", ((2, 0.2),))) is None


def test_evidence_beside_answers(tmp_path):
    asked = other(tmp_path)
    a, b = evidence.evidence(asked, [Answer("a", 3)], {"error": 0.15})
    assert (a.answered, a.measured, a.gap) == (3, 2, 1) and "more is said" in a.says
    assert b.measured is None and "by itself" in b.says
    assert evidence.evidence(asked, [], {"error": 0.3})[0].says.startswith("Nobody answered")


def test_recommendations_by_hand(tmp_path):
    # target 50. a stands at 2 of 3 by answer, 1 by data: own 1 x (50 - 0) = 50; it unlocks b:
    # half of 2 x 50 = 50; 100 for 5 days. b: 2 x 50 = 100 for 10 days.
    asked = other(tmp_path)
    found = evidence.evidence(asked, [Answer("a", 2), Answer("b", 1)], {"error": 0.5})
    first, second = recommendations.recommendations(asked, found)
    assert (first.question, first.own, first.unlocked, first.worth) == ("a", 50, 50, 20)
    assert (second.question, second.effect, second.worth) == ("b", 100, 10)


def test_ties_keep_the_order_of_the_questionnaire(tmp_path):
    even = OTHER.replace("unlocks: [b]", "unlocks: []").replace("effort: 10", "effort: 10")
    asked = other(tmp_path, even.replace(", unlocks: []", ""))
    found = evidence.evidence(asked, [Answer("a", 1), Answer("b", 1)], {})
    made = recommendations.recommendations(asked, found)
    assert [row.worth for row in made] == [10, 10]
    assert [row.question for row in made] == ["b", "a"]  # the larger effect first


def test_what_nobody_answered_has_no_steps(tmp_path):
    asked = other(tmp_path)
    assert recommendations.recommendations(asked, evidence.evidence(asked, [], {})) == []


def test_answers_are_written_as_they_are_read(tmp_path):
    made = answers.read(PARAMETERS / "maturity.yaml", OURS)
    assert given(tmp_path, answers.text(made), OURS) == made
    assert given(tmp_path, answers.text(()), OURS) == ()


@pytest.mark.parametrize(
    "who", ['A "quoted": name, {odd} \\ # it', "Zoë & Co.", "- x", "'", "*a", "a\nb", "x ", "1"]
)
def test_whoever_answers_is_read_as_written(tmp_path, who):
    odd = (Answer("close", 2, who=who), Answer("disputes", 1, "customer success"))
    assert given(tmp_path, answers.text(odd), OURS) == odd


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("answers: {nothing: {level: 1}}", "'nothing' is not a word"),
        ("answers: {a: {level: 4}}", "level 4 of 'a' is out of range"),
        ("answers: {a: {level: 0}}", "out of range"),
        ("answers: {a: {level: 2.5}}", "not a whole number"),
        ("answers: {a: {level: 1, team: green}}", "does not ask team 'green'"),
        ("answers: {b: {level: 1, team: blue}}", "does not ask team 'blue'"),
        ("answers: {a: [{level: 1}, {level: 2}]}", "answered twice for all"),
        ("answers: {a: [{team: red, level: 1}, {team: red, level: 1}]}", "answered twice for team"),
        ("answers:\n  a: {level: 1}\n  a: {level: 2}", "written twice"),
        ("answers: {a: {who: me}}", "'level' is missing"),
        ("answers: {a: {level: 1, on: yesterday}}", "not a day"),
    ],
)
def test_odd_answers_are_refused(tmp_path, text, wrong):
    with pytest.raises(ParameterError, match=wrong):
        given(tmp_path, text, other(tmp_path))


@pytest.mark.parametrize("odd", [Answer("c", 1), Answer("a", 9), Answer("a", 1, "green")])
def test_odd_answers_of_a_form_are_refused(tmp_path, odd):
    with pytest.raises(ParameterError, match="answers: "):
        scores.scores(other(tmp_path), [odd])


def test_a_form_that_answers_twice_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="answered twice"):
        scores.scores(other(tmp_path), [Answer("a", 1), Answer("a", 2)])


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("{1: none, 2: some, 3: all}", "{1: none, 3: all}", "not 1, 2, 3 in turn"),
        ("{2: 20%, 3: 10%}", "{2: 10%, 3: 20%}", "turn back"),
        ("{2: 20%, 3: 10%}", "{4: 10%}", "no level to be reached"),
        ("unlocks: [b]", "unlocks: [z]", "no other question"),
        ("unlocks: [b]", "unlocks: [a]", "no other question"),
        ("target: 50", "target: 101", "out of range"),
        ("weight: 2", "weight: 0", "not above 0"),
        ("effort: 5", "effort: -1", "not above 0"),
        ("pillar: play", "pillar: prey", "means nothing"),
        ("teams: [red]", "teams: [red, red]", "stands here twice"),
        ("10, see: notebooks/51_disputes.ipynb", "10, see: spm check", "is no notebook"),
    ],
)
def test_odd_questionnaires_are_refused(tmp_path, old, new, wrong):
    with pytest.raises(ParameterError, match=wrong):
        other(tmp_path, OTHER.replace(old, new))
