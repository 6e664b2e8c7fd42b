"""The file of decisions: as it is written, and every way in which it cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmlib.core.errors import ParameterError
from spmlib.incent.modelling.simulated import written

PROJECT = Path(__file__).resolve().parents[2]
PLAIN = "year: 2027\ncurrency: USD\nmeasure: bookings\n"
TABLE = "table: {plan: seller, component: bookings, "


def read(folder, text):
    path = folder / "modelling.yaml"
    path.write_text(text, "utf-8")
    return written.read(path)


def test_the_projects_file_can_be_read():
    told = written.read(PROJECT / "parameters/policies/modelling.yaml")
    assert (told.year, told.currency, told.runs) == (2027, "USD", 10_000)
    assert told.table is not None
    assert told.table.step == 0.0025


def test_what_is_not_written_has_a_meaning(tmp_path):
    told = read(tmp_path, PLAIN)
    assert (told.growth, told.market, told.least, told.room) == (0, 0, 0, 0)
    assert (told.runs, told.seed, told.excellence, told.table) == (10_000, 1, 0.9, None)
    table = read(tmp_path, PLAIN + TABLE + "cost: -5%}\n").table
    assert (table.cost, table.leverage, table.mix, table.step, table.rising) == (
        -0.05,
        None,
        None,
        0.0,
        False,
    )


BAD = [
    ("growht: 8%", "4: 'growht' is not a word of modelling"),
    ("growth: -100%", "4: '-100%' leaves nothing"),
    ("market: -1%", "4: '-1%' is below 0"),
    ("least: 8", "4: least 8 is above 1 and has no %"),
    ("runs: 1", "4: '1' is too few; write 2 or more"),
    ("runs: 2.5", "4: '2.5' is not a whole number"),
    ("excellence: 100%", "4: '100%' is not between 0% and 100%"),
    (TABLE + "}", "nothing is asked of the table"),
    (TABLE + "cost: -5%, leverage: 0}", "'0' is not above 0"),
    (TABLE + "mix: 0%}", "'0%' is not between 0% and 100%"),
    (TABLE + "cost: -5%, rising: maybe}", "`rising: maybe` means nothing"),
    (TABLE + "cost: -5%, step: -1%}", "'-1%' is below 0"),
    ("table: {plan: seller, cost: 1%}", "'component' is missing"),
    ("table: 5", "is not written as `name: value`"),
]


@pytest.mark.parametrize(("line", "says"), BAD)
def test_what_cannot_be_meant_is_refused_with_its_line(tmp_path, line, says):
    with pytest.raises(ParameterError) as refused:
        read(tmp_path, PLAIN + line + "\n")
    assert says in str(refused.value)
    assert str(refused.value).startswith("modelling.yaml:4")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("currency: USD\nmeasure: b\n", "'year' is missing"),
        ("year: 2027\ncurrency: usd\nmeasure: b\n", "'usd' is no currency"),
        ("year: 2027\ncurrency: USD\n", "'measure' is missing"),
    ],
)
def test_what_is_needed_is_asked_for(tmp_path, text, says):
    with pytest.raises(ParameterError, match=says):
        read(tmp_path, text)
