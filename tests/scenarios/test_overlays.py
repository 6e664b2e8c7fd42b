"""Scenarios say what files would say if the words were changed in them, and who changed them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from spmlib.core.errors import ParameterError
from spmlib.core.tables import Decisions
from spmlib.orchestrate.capacity import written as capacity
from spmlib.orchestrate.quotas import written as quotas
from spmlib.orchestrate.scenarios import written

QUOTAS = """\
year: 2027
measure: bookings
roles: [seller]
growth: 10%
mix: {history: 1}
layers:
  payee_id: {over: 3%, most: 90%}
"""
CAPACITY = """\
measure: bookings
roles: [seller]
growth: 8%
sure: 80%
hires: {2027-01: 2, 2027-03: 3}
"""
SIGNED = "author: finance\ndate: 2026-11-03\nreason: why\n"
BASE = "author: board\ndate: 2026-10-01\nreason: first\napprovers: [officer]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "scenarios/2027"
    for name in ("quotas", "capacity"):
        (tmp_path / name).mkdir()
    made.mkdir(parents=True)
    (tmp_path / "quotas/2027.yaml").write_text(QUOTAS)
    (tmp_path / "capacity/2027.yaml").write_text(CAPACITY)
    return made


def scenario(folder: Path, name: str, *changes: str, head: str = SIGNED) -> written.Scenario:
    """A scenario that is written, and read."""
    lines = "".join(f"  - {change}\n" for change in changes)
    (folder / f"{name}.yaml").write_text(head + (f"changes:\n{lines}" if lines else ""))
    return written.read(folder, name)


def test_a_scenario_says_what_files_would_say_had_they_been_written_so(folder):
    made = scenario(
        folder,
        "more",
        "{file: quotas, word: growth, to: 15%}",
        "{file: quotas, word: layers.payee_id.over, to: 5%}",
        "{file: quotas, word: layers.payee_id.most, left_out: true}",
        "{file: quotas, word: layers.payee_id.adjusted.Ann, to: 1_000}",
        "{file: quotas, word: ramp, to: [0%, 50%]}",
        "{file: capacity, word: hires.2027-02, to: 4}",
        "{file: capacity, word: [hires, 2027-01], to: 0}",
    )
    by_hand = QUOTAS.replace("10%", "15%").replace(
        "{over: 3%, most: 90%}", "{over: 5%, adjusted: {Ann: 1_000}}"
    )
    path = folder / "by_hand.yaml.txt"
    path.write_text(by_hand + "ramp: [0%, 50%]\n")
    assert quotas.decided(made.file("quotas")) == quotas.read(path)
    path.write_text(
        CAPACITY.replace("2027-01: 2, 2027-03: 3", "2027-01: 0, 2027-03: 3, 2027-02: 4")
    )
    assert capacity.decided(made.file("capacity")) == capacity.read(path)


def test_files_and_what_a_scenario_stands_on_stay_as_they_are(folder):
    below = scenario(folder, "below", "{file: quotas, word: growth, to: 15%}")
    above = scenario(
        folder, "above", "{file: quotas, word: growth, to: 20%}", head="on: below\n" + SIGNED
    )
    growth = [
        float(quotas.decided(one.file("quotas")).growth)
        for one in (written.read(folder, "base"), below, above, written.read(folder, "below"))
    ]
    assert growth == [0.10, 0.15, 0.20, 0.15]
    assert [change.was for change in above.changes] == ["10%", "15%"]


def test_two_scenarios_on_each_other_are_one_with_both_changes(folder):
    one, other = "{file: quotas, word: growth, to: 15%}", "{file: capacity, word: sure, to: 90%}"
    scenario(folder, "first", one)
    second = scenario(folder, "second", other, head="on: first\n" + SIGNED)
    both = scenario(folder, "both", other, one)
    assert second.files == both.files


def test_every_word_is_signed_by_who_changed_it_last(folder):
    scenario(folder, "base", head=BASE)
    scenario(folder, "first", "{file: capacity, word: hires.2027-02, to: 1}")
    made = scenario(
        folder,
        "second",
        "{file: capacity, word: hires, to: {2027-03: 5}}",
        "{file: quotas, word: growth, to: 12%, author: sales, date: 2026-12-01, reason: own}",
        head="on: first\nauthor: finance\ndate: 2026-11-20\nreason: cash\n",
    )
    rows = made.decisions.set_index(["file", "word"])
    assert list(made.decisions) == list(Decisions.columns())
    told = rows.loc[("capacity", "hires.2027-03")]
    assert (told["was"], told["value"], told["author"]) == ("3", "5", "finance")
    assert (told["decided_date"], told["place"]) == (date(2026, 11, 20), "second.yaml:6")
    own = rows.loc[("quotas", "growth")]
    assert (own["author"], own["reason"], str(own["decided_date"])) == (
        "sales",
        "own",
        "2026-12-01",
    )
    for month, was in (("2027-01", "2"), ("2027-02", "1")):
        gone = rows.loc[("capacity", f"hires.{month}")]
        assert (gone["was"], gone["reason"]) == (was, "cash")
        assert pd.isna(gone["value"])
    base = rows.loc[("quotas", "layers.payee_id.over")]
    assert (base["author"], base["place"]) == ("board", "2027.yaml:7")
    assert made.authors == {"finance", "sales"}
    assert made.approvers == ("officer",)


def test_a_base_that_nobody_signed_is_the_files(folder):
    made = written.read(folder, "base")
    assert made.changes == ()
    assert made.decisions["author"].isna().all()
    assert set(made.decisions["place"].str.partition(":")[0]) == {"2027.yaml"}
    assert written.names(folder) == ["base"]


def test_a_changed_value_that_is_wrong_is_told_with_the_scenarios_line(folder):
    made = scenario(folder, "wrong", "{file: quotas, word: growth, to: 15}")
    with pytest.raises(ParameterError, match=r"^wrong\.yaml:5: growth 15 is above 1 and has no %"):
        quotas.decided(made.file("quotas"))
    made = scenario(folder, "wrong", "{file: quotas, word: layers.payee_id.ovre, to: 5%}")
    with pytest.raises(ParameterError, match=r"^wrong\.yaml:5: 'ovre' is not a word of a layer"):
        quotas.decided(made.file("quotas"))


CHANGED = "{file: quotas, word: growth, to: 15%}"
REFUSED = {
    "unknown scenario": ("on: frist\n" + SIGNED, [], "`on: frist` means nothing; write 'first'"),
    "unsigned": ("date: 2026-11-03\n", [], "wrong.yaml:1: 'author' is missing"),
    "no reason": ("author: x\ndate: 2026-11-03\n", [], "'reason' is missing"),
    "no day": ("author: x\ndate: 3.11.2026\nreason: y\n", [], "'3.11.2026' is not a day"),
    "unknown word": (SIGNED + "form: x\n", [], "wrong.yaml:4: 'form' is not a word of a scenario"),
    "older than below": (
        "on: first\nauthor: x\ndate: 2026-11-02\nreason: y\n",
        [],
        "wrong.yaml:3: wrong is of 2026-11-02, and first, which it stands on, of 2026-11-03",
    ),
    "no list": (SIGNED + "changes: growth\n", [], "wrong.yaml:4: the changes are no list"),
    "no change": (SIGNED, ["growth"], "wrong.yaml:5: a change is not written as `name: value`"),
    "unknown file": (
        SIGNED,
        ["{file: quota, word: growth, to: 1%}"],
        "`file: quota` means nothing; write 'quotas'",
    ),
    "file that is not there": (
        SIGNED,
        ["{file: budgets, word: growth, to: 1%}"],
        "wrong.yaml:5: the plan has no file of budgets; change one of quotas, capacity",
    ),
    "twice": (SIGNED, [CHANGED, CHANGED], "wrong.yaml:6: quotas: 'growth' is changed already"),
    "part of what is changed": (
        SIGNED,
        ["{file: capacity, word: hires, to: {}}", "{file: capacity, word: hires.2027-01, to: 1}"],
        "wrong.yaml:6: capacity: 'hires' is changed already; delete this or wrong.yaml:5",
    ),
    "whole of what is changed": (
        SIGNED,
        ["{file: capacity, word: hires.2027-01, to: 1}", "{file: capacity, word: hires, to: {}}"],
        "wrong.yaml:6: capacity: 'hires.2027-01' is changed already",
    ),
    "below a value": (
        SIGNED,
        ["{file: quotas, word: growth.year, to: 1%}"],
        "wrong.yaml:5: quotas: 'growth' is 10% and has no words below it; write `word: growth`",
    ),
    "to and left out": (
        SIGNED,
        ["{file: quotas, word: growth, to: 1%, left_out: true}"],
        "wrong.yaml:5: a change says either `to` or `left_out`",
    ),
    "neither": (SIGNED, ["{file: quotas, word: growth}"], "says either `to` or `left_out`"),
    "left out twice": (
        SIGNED,
        ["{file: quotas, word: ramp, left_out: true}"],
        "wrong.yaml:5: quotas does not say 'ramp'; leave out what is written",
    ),
    "before the scenario": (
        SIGNED,
        ["{file: quotas, word: growth, to: 1%, date: 2026-11-02}"],
        "wrong.yaml:5: the change is of 2026-11-02, and what stands above it of 2026-11-03",
    ),
    "before the change above": (
        SIGNED,
        [
            "{file: quotas, word: growth, to: 1%, date: 2026-11-09}",
            "{file: quotas, word: unit, to: 10, date: 2026-11-08}",
        ],
        "wrong.yaml:6: the change is of 2026-11-08, and what stands above it of 2026-11-09",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(folder, name):
    head, changes, says = REFUSED[name]
    scenario(folder, "first", CHANGED)
    with pytest.raises(ParameterError) as raised:
        scenario(folder, "wrong", *changes, head=head)
    assert says in str(raised.value)


def test_changes_on_one_day_are_in_order(folder):
    scenario(folder, "first", CHANGED)
    made = scenario(
        folder,
        "second",
        "{file: quotas, word: growth, to: 1%}",
        "{file: quotas, word: unit, to: 10, date: 2026-11-03}",
        head="on: first\n" + SIGNED,
    )
    assert len(made.changes) == 3


def test_a_circle_is_refused(folder):
    (folder / "one.yaml").write_text("on: two\n" + SIGNED)
    (folder / "two.yaml").write_text("on: one\n" + SIGNED)
    with pytest.raises(ParameterError, match="stands on itself: one on two on one"):
        written.read(folder, "one")
    (folder / "self.yaml").write_text("on: self\n" + SIGNED)
    with pytest.raises(ParameterError, match="stands on itself: self on self"):
        written.read(folder, "self")
    (folder / "base.yaml").write_text("on: one\n" + SIGNED)
    with pytest.raises(ParameterError, match="base stands on the files themselves"):
        written.read(folder, "base")


def test_a_scenario_or_a_plan_that_is_not_there_is_refused(folder):
    scenario(folder, "hire_later")
    with pytest.raises(ParameterError, match="no scenario 'hire_latr'; write 'hire_later'"):
        written.read(folder, "hire_latr")
    with pytest.raises(
        ParameterError, match="the plan '2028' has no files; write one of quotas/2028"
    ):
        written.read(folder.parent / "2028", "base")


def test_a_file_that_the_plan_lacks_is_refused_when_it_is_asked_for(folder):
    with pytest.raises(
        ParameterError, match=r"has no file budgets/2027\.yaml; write it; it has quotas"
    ):
        written.read(folder, "base").file("budgets")
