"""Scenarios of pay say only what they change, and what cannot be meant is told with their line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from spmlib.core.errors import ParameterError, PlanError
from spmlib.incent.modelling import issued, written
from tests.modelling import firms

ROWS = "components.bookings.table.2026-01-01"


@pytest.fixture
def folder(tmp_path):
    return firms.folder(tmp_path)


def rows(scenario):
    table = scenario.parameters.plans["seller"].components["bookings"].tables
    return [(str(row.start), str(row.gives)) for row in next(iter(table.values()))]


def test_rows_of_a_table_are_words_counted_from_one(folder):
    made = firms.scenario(
        folder,
        "more",
        f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}",
        f"{{file: seller, word: {ROWS}.3, left_out: true}}",
    )
    assert rows(made) == [("0.00", "0.10"), ("0.50", "0.15")]
    assert rows(written.read(folder, "base")) == [
        ("0.00", "0.10"),
        ("0.50", "0.12"),
        ("1.00", "0.20"),
    ]


def test_a_number_one_beyond_the_last_adds_a_row(folder):
    made = firms.scenario(
        folder, "more", f"{{file: seller, word: {ROWS}.4, to: {{from: 150%, rate: 5%}}}}"
    )
    assert rows(made)[3] == ("1.50", "0.05")


def test_a_changed_row_stands_where_the_scenario_says_so(folder):
    made = firms.scenario(folder, "more", f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}")
    table = made.parameters.plans["seller"].components["bookings"].tables
    first, second, third = next(iter(table.values()))
    assert second.place == "more.yaml:5"
    assert {first.place.split(":")[0], third.place.split(":")[0]} == {"seller.yaml"}


def test_a_whole_table_a_modifier_and_a_cap_are_words(folder):
    made = firms.scenario(
        folder,
        "more",
        "{file: seller, word: modifiers.1.cap.2026-01-01, to: 20_000.00}",
        "{file: seller, word: components.bookings.table, to: {2026-01-01: [{from: 0%, rate: 9%}]}}",
    )
    assert rows(made) == [("0.00", "0.09")]
    (cap,) = made.parameters.plans["seller"].modifiers
    assert (next(iter(cap.limits.values())), cap.place) == (Decimal("20000.00"), "more.yaml:5")


def test_scenario_on_scenario(folder):
    firms.scenario(folder, "first", f"{{file: seller, word: {ROWS}.3, left_out: true}}")
    made = firms.scenario(
        folder,
        "second",
        f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}",
        "{file: quotas, word: bookings, to: 110%}",
        head="on: first\n" + firms.SIGNED,
    )
    assert rows(made) == [("0.00", "0.10"), ("0.50", "0.15")]
    told = made.changed
    assert list(told["by"]) == ["first", "second", "second"]
    assert list(told["was"].fillna("")) == ["from: 100%, rate: 20%", "12%", ""]
    assert written.names(folder) == ["base", "first", "second"]


def test_decisions_tell_rows_that_change_one_by_one(folder):
    made = firms.scenario(folder, "more", f"{{file: seller, word: {ROWS}.2.rate, to: 15%}}")
    own = made.decisions.set_index("word")
    assert tuple(own.loc[f"{ROWS}.2.rate", ["was", "value", "author"]]) == ("12%", "15%", "finance")
    assert own.loc[f"{ROWS}.1.rate", "value"] == "10%"


def test_factors_of_measures_and_roles(folder):
    made = firms.scenario(
        folder,
        "more",
        "{file: quotas, word: bookings.seller, to: 110%}",
        "{file: quotas, word: bookings.junior, to: 0.9}",
        "{file: target_incentives, word: seller, to: 105%}",
    )
    quotas, targets = issued.factors(made)
    assert [(f.measure, f.role, float(f.by)) for f in quotas] == [
        ("bookings", "seller", 1.1),
        ("bookings", "junior", 0.9),
    ]
    assert [(f.measure, f.role, float(f.by)) for f in targets] == [("", "seller", 1.05)]


REFUSED = {
    "no such row": (
        f"{{file: seller, word: {ROWS}.5, to: {{from: 150%, rate: 5%}}}}",
        "more.yaml:5: seller: the list has 3 items, and none is '5'; write a number from 1 to 4",
    ),
    "no row of that number": (
        f"{{file: seller, word: {ROWS}.0.rate, to: 5%}}",
        "more.yaml:5: seller: the list has 3 items, and none is '0'; write a number from 1 to 3",
    ),
    "a word where a number is due": (
        f"{{file: seller, word: {ROWS}.last.rate, to: 5%}}",
        "none is 'last'",
    ),
    "below a value of a row": (
        f"{{file: seller, word: {ROWS}.1.rate.of, to: 5%}}",
        "more.yaml:5: seller: 'rate' is 10% and has no words below it",
    ),
    "rows that fall": (
        f"{{file: seller, word: {ROWS}.2.from, to: 120%}}",
        "more.yaml:5: ",
    ),
    "a rate without percent": (
        f"{{file: seller, word: {ROWS}.2.rate, to: 12}}",
        "more.yaml:5: rate 12 is above 1 and has no %",
    ),
    "a word that no plan has": (
        "{file: seller, word: components.bookings.tabel, to: 1%}",
        "more.yaml:5: 'tabel' is not a word of a component",
    ),
    "a measure that nobody defined": (
        "{file: seller, word: components.bookings.measure, to: bokings}",
        "more.yaml:5: nobody defined the measure 'bokings'; write one of: bookings",
    ),
    "a plan that no longer fits": (
        "{file: seller, word: components.bookings.pays, to: target}",
        "more.yaml:5: with this change, seller.yaml:",
    ),
    "a measure that a plan still counts": (
        "{file: measures, word: bookings.sum, to: amounts}",
        "`sum: amounts` means nothing",
    ),
    "a rule that credits nobody": (
        "{file: crediting, word: rules.owner.kind, to: indirect}",
        "`kind: indirect` means nothing",
    ),
    "no such file": (
        "{file: saler, word: title, to: x}",
        "more.yaml:5: `file: saler` means nothing; write 'seller'",
    ),
    "left out what is not there": (
        f"{{file: seller, word: {ROWS}.4, left_out: true}}",
        f"more.yaml:5: seller does not say '{ROWS}.4'",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(folder, name):
    change, says = REFUSED[name]
    with pytest.raises(ParameterError) as raised:
        _ = firms.scenario(folder, "more", change).parameters
    told = str(raised.value)
    assert says in told
    assert told.startswith("more.yaml:5: ")


def test_a_plan_that_cannot_be_meant_is_a_plan_error(folder):
    made = firms.scenario(folder, "more", f"{{file: seller, word: {ROWS}.2.from, to: 120%}}")
    with pytest.raises(PlanError):
        _ = made.parameters


WRONG_FACTORS = {
    "of no measure": ("quotas, word: boking, to: 110%", "'boking' is no measure of which quotas"),
    "of no role": ("quotas, word: bookings.sellar, to: 110%", "'sellar' is no role that anybody"),
    "of no target's role": ("target_incentives, word: boss, to: 110%", "'boss' is no role"),
    "nothing left": ("quotas, word: bookings, to: 0%", "0% of what was issued cannot be meant"),
    "below nothing": ("quotas, word: bookings, to: -10%", "-10% of what was issued cannot"),
    "a slip": ("quotas, word: bookings, to: 1100%", "1100% of what was issued cannot be meant"),
    "not percent": ("quotas, word: bookings, to: 110", "factor 110 is above 1 and has no %"),
    "no number": ("quotas, word: bookings, to: more", "'more' is not a factor"),
    "a list": ("quotas, word: bookings, to: [110%]", "is not a factor"),
}


@pytest.mark.parametrize("name", WRONG_FACTORS)
def test_a_factor_that_cannot_be_meant_is_refused(folder, name):
    change, says = WRONG_FACTORS[name]
    made = firms.scenario(folder, "more", f"{{file: {change}}}")
    with pytest.raises(ParameterError) as raised:
        issued.issued(firms.firm(), made)
    assert str(raised.value).startswith("more.yaml:5: ")
    assert says in str(raised.value)
