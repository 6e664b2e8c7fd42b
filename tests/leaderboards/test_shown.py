"""Who sees what: pseudonyms, suppression, the reader's page."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from spmlib.core.errors import ParameterError
from spmlib.motivate.leaderboards import pseudonyms, suppression, views

KEY = b"0123456789abcdef"
PEOPLE = [f"H{number}" for number in range(3000)]


def test_names_are_one_each_however_many_people():
    made = pseudonyms.pseudonyms(PEOPLE * 2, KEY, "board 2026-10")
    assert len(set(made.values())) == len(PEOPLE)


def test_names_collide_and_are_resolved(monkeypatch):
    monkeypatch.setattr(pseudonyms, "NUMBERS", 1)
    monkeypatch.setattr(pseudonyms, "NOUNS", ("Oak", "Elm"))
    made = pseudonyms.pseudonyms(PEOPLE[:60], KEY, "board")
    assert len(set(made.values())) == 60


def test_names_stay_within_a_scope_and_differ_between_scopes_and_keys():
    first = pseudonyms.pseudonyms(PEOPLE, KEY, "board 2026-10")
    assert first == pseudonyms.pseudonyms(reversed(PEOPLE), KEY, "board 2026-10")
    for key, scope in ((KEY, "board 2026-11"), (b"another key, long", "board 2026-10")):
        other = pseudonyms.pseudonyms(PEOPLE, key, scope)
        assert sum(first[who] == other[who] for who in PEOPLE) <= 1


def test_a_name_that_was_given_stays_whoever_comes():
    first = pseudonyms.pseudonyms(PEOPLE[:10], KEY, "board")
    assert first.items() <= pseudonyms.pseudonyms(PEOPLE, KEY, "board", first).items()


def test_the_key_comes_from_a_file_or_the_environment(tmp_path):
    path = tmp_path / "key"
    path.write_text("a key of enough length\n")
    assert pseudonyms.secret(path, {}) == b"a key of enough length"
    assert pseudonyms.secret(None, {pseudonyms.VARIABLE: "x" * 16}) == b"x" * 16
    with pytest.raises(ParameterError, match="there is no key"):
        pseudonyms.secret(tmp_path / "none", {})
    with pytest.raises(ParameterError, match="can be guessed"):
        pseudonyms.secret(None, {pseudonyms.VARIABLE: "short"})


@pytest.mark.parametrize("persons", [4, 5])
def test_the_threshold_itself_is_shown(persons):
    rows = pl.DataFrame({"group": ["a", "b", "c"], "persons": [persons, 9, 8]})
    states = suppression.suppressed(rows, 5)["state"].to_list()
    assert states == (["shown"] * 3 if persons == 5 else ["small", "shown", "with another"])


def test_no_hidden_group_can_be_had_by_subtraction():
    """Of any parents: what is hidden is nothing, or two groups and as many people as are needed."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        many = int(rng.integers(3, 9))
        persons = rng.integers(0, 12, many)
        rows = pl.DataFrame({"group": [str(n) for n in range(many)], "persons": persons})
        made = suppression.suppressed(rows, 5)
        hidden = made.filter(pl.col("state") != "shown")
        left = made.filter(pl.col("state") == "shown", pl.col("persons") > 0)
        if hidden.is_empty() or left.is_empty():
            continue
        assert len(hidden) >= 2
        assert hidden["persons"].sum() >= 5
        more = hidden.filter(state="with another")["persons"].to_list()
        small = hidden.filter(state="small")["persons"].to_list()
        fewer = [sub for k in range(len(more)) for sub in combinations(more, k)]
        assert not any(len([*small, *s]) >= 2 and sum(small) + sum(s) >= 5 for s in fewer)


def test_groups_of_different_parents_hide_apart():
    rows = pl.DataFrame(
        {"parent": ["x", "x", "y", "y"], "group": ["a", "b", "a", "b"], "persons": [2, 8, 7, 9]}
    )
    states = suppression.suppressed(rows, 5)["state"].to_list()
    assert states == ["small", "with another", "shown", "shown"]


def board():
    return pl.DataFrame(
        {
            "payee_id": ["a", "b", "c", "d", "e", "f"],
            "group": ["x"] * 6,
            "place": [1.0, 2, 3, 4, 5, None],
            "score": [9.0, 8, 7, 6, 5, None],
        }
    )


NAMES = {who: f"name of {who}" for who in "abcdef"}


def test_who_opted_out_is_counted_and_not_shown():
    made = views.view(board(), NAMES, opted_out=["b"])
    assert made["place"].to_list() == [1, 3, 4, 5]
    assert made["gap"].to_list() == [0, 1, 0, 0]
    assert "payee_id" not in made.columns


def test_the_reader_sees_the_own_row_and_those_around_it():
    made = views.view(board(), NAMES, viewer="d", first=1, around=1)
    assert made["place"].to_list() == [1, 3, 4, 5]
    assert made.filter("own")["name"].to_list() == ["name of d"]


def test_of_a_hidden_group_only_the_own_row_is_shown():
    assert views.view(board(), NAMES, hidden=["x"]).is_empty()
    assert views.view(board(), NAMES, "b", opted_out=["b"], hidden=["x"])["place"].to_list() == [2]


def test_whoever_has_no_name_is_not_shown_by_id():
    with pytest.raises(ParameterError, match="'a' has no name"):
        views.view(board(), {})
