"""Rules in disguise: formulas that give amounts, whatever the reasons say, and what is none."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.readiness import tried
from spmlib.core.errors import ParameterError
from spmlib.revops.readiness import clusters, disguised, measured, written
from spmlib.revops.readiness.planted import planted

POLICY = written.read(Path(__file__).parents[2] / "parameters/policies/readiness.yaml")
MONTHS = [f"2026-{n:02}" for n in range(1, 13)]


def given(amounts, who="A", reason="fee", cause="late", months=MONTHS, base=None):
    """Adjustments, one a month."""
    said = [reason] * len(amounts) if isinstance(reason, str) else reason
    table = {
        "period": months[: len(amounts)],
        "payee_id": who,
        "cause": cause,
        "reason": said,
        "amount": [float(amount) for amount in amounts],
    }
    made = pl.DataFrame(table)
    return made if base is None else made.with_columns(base=pl.Series(base))


def credited(values, measure="bookings", who="A", **words):
    table = {"payee_id": who, "period": MONTHS[: len(values)], "measure": measure}
    return pl.DataFrame(table | {"value": [float(value) for value in values]} | words)


def found(*tables, known=None):
    rows = clusters.clustered(pl.concat(tables), 0.5)
    return disguised.found(rows, POLICY, known)


def rules(*tables, known=None):
    return found(*tables, known=known).rules


def test_amounts_that_recur():
    assert rules(given([100, 100, 100]))["kind"].to_list() == ["amount"]
    assert rules(given([100, 100])).is_empty()  # two months
    assert rules(given([100] * 3, months=["2026-01"] * 3)).is_empty()  # one month
    assert rules(given([-100, -100, -100]))["value"].to_list() == [-100]
    assert rules(given([0, 0, 0])).is_empty() and rules(given([])).is_empty()


def test_what_is_no_rules_stays_out_of_it():
    made = found(given([100] * 3 + [900]))
    assert made.rows["rule"].to_list() == [1, 1, 1, None]
    made = found(given([100] * 3), given([100], months=["2026-03"]))  # twice in a month: once
    assert made.rows["rule"].null_count() == 1 and made.rules["lines"].to_list() == [3]


def test_steady_but_not_exact():
    made = rules(given([100, 105, 95]))  # at the tolerance
    assert made["found_by"].to_list() == ["near"] and made["exact"][0] == pytest.approx(1 / 3)
    assert rules(given([100, 106, 94])).is_empty()
    made = rules(given([100, 100, 100, 103, 106]))  # a rule, one paid nearly so, and none
    assert made["lines"].to_list() == [4] and made["exact"][0] == 0.75


def test_a_rate_of_what_was_credited():
    bases = ["1234.56", "987.65", "40000", "333.33"]
    amounts = ["24.69", "19.75", "800", "6.67"]  # 2 %, half away from zero: 19.753, 6.6666
    made = rules(given(amounts), known=credited(bases))
    assert made.select("kind", "measure", "over", "value", "exact").rows() == [
        ("rate", "bookings", "month", 0.02, 1.0)
    ]
    off = ["24.68", "19.75", "800", "6.67"]  # one of them a cent off
    made = rules(given(off), known=credited(bases))
    assert made["exact"].to_list() == [0.75] and made["value"].to_list() == [0.02]
    assert rules(given([10, 20, 40], base=[100, 200, 400]))["value"].to_list() == [0.1]


def test_halves_are_rounded_away_from_zero():
    known = credited([100.2, 300.2, 500.2])  # 2.5 %: 2.505, 7.505, 12.505
    assert rules(given(["2.51", "7.51", "12.51"]), known=known)["value"].to_list() == [0.025]
    assert rules(given(["-2.51", "-7.51", "-12.51"]), known=known)["value"].to_list() == [-0.025]


def test_money_for_each_unit():
    known = credited([12, 3, 7, 10], "meetings", per="units")
    made = rules(given(["900", "225", "525", "750"]), known=known)
    assert made.select("kind", "measure", "value").rows() == [("rate", "meetings", 75)]


def test_yen_have_no_cents():
    yen = given([2, 3, 7]).with_columns(unit=pl.lit(1.0), currency=pl.lit("JPY"))
    made = rules(yen, known=credited([101, 170, 333]))  # 2 %: 2.02, 3.4, 6.66
    assert made.select("value", "exact").rows() == [(0.02, 1.0)]


def test_a_persons_own_amounts_are_one_rule():
    own = [given([amount] * 3, who=who) for who, amount in zip("ABC", (100, 200, 300), strict=True)]
    made = found(*own)
    assert made.rules["kind"].to_list() == ["amount each"] and made.rules["value"][0] is None
    assert made.terms["value"].to_list() == [100, 200, 300]


def test_reasons_say_nothing_and_money_does():
    said = ["as agreed", "", "per mail 12.03.", "Zuschuss"]
    made = rules(given([333.33] * 4, reason=said))
    assert made["found_by"].to_list() == ["amounts"]
    gap = given([333.33] * 3, reason=said[:3], months=[MONTHS[0], MONTHS[4], MONTHS[9]])
    others = given([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], who="B")
    assert rules(gap, others).is_empty()  # three of ten months, and no word in common


def test_two_rules_of_one_amount_stay_two():
    both = [given([100] * 4, reason="car money"), given([100] * 4, reason="phone bill")]
    assert rules(*both)["lines"].to_list() == [4, 4]
    one = given([100] * 4, reason=["car money", "vehicle", "car money", "car money"])
    assert rules(one)["lines"].to_list() == [4]  # the odd one is the rule's of that month
    moved = given([100] * 6, reason=["car money"] * 3 + ["transport allowance"] * 3)
    assert rules(moved)["lines"].to_list() == [6]  # the same goes on under another name


def test_of_measures_alike_the_first_is_named():
    known = pl.concat([credited([10, 20, 30], name) for name in ("new", "all")])
    assert rules(given([1, 2, 3]), known=known)["measure"].to_list() == ["new"]


def test_a_steady_rate_needs_more_rows_than_a_steady_amount():
    bases, amounts = (
        [100, 200, 300, 400, 500, 600],
        ["2.04", "3.97", "6.11", "7.9", "10.2", "11.85"],
    )
    made = rules(given(amounts), known=credited(bases))
    assert made.select("kind", "found_by").rows() == [("rate", "near")]
    assert rules(given(amounts[:5]), known=credited(bases[:5])).is_empty()


def test_order_of_rows_does_not_matter():
    made = planted([f"H{n}" for n in range(25)], [date(2026, m, 1) for m in range(1, 7)], messy=0.5)
    known = [
        found(table.rename({"rule": "truth"})).rows.sort("adjustment_id")["rule"].to_list()
        for table in (made.rows, made.rows.reverse())
    ]
    assert known[0] == known[1]


@pytest.mark.parametrize(
    ("style", "rules_found", "right", "lines"),
    [
        ({}, 1, 1, 1),
        ({"messy": 0.9}, 1, 1, 0.98),
        ({"messy": 0.9, "other": True, "sloppy": 0.35, "gaps": 0.1}, 0.7, 0.9, 0.75),
    ],
)
def test_planted_rules_are_found_and_little_else(style, rules_found, right, lines):
    made = tried(10, 7, people=40, **style).shares
    assert made["rules_found"] >= rules_found and made["rules_right"] >= right
    assert made["rows_found"] >= lines and made["rows_right"] >= 0.97


def test_what_is_measured_of_nothing():
    made = found(given([1, 2, 3]).with_columns(adjustment_id=pl.Series(["a", "b", "c"])))
    truth = pl.DataFrame({"adjustment_id": ["a", "b", "c"], "rule": [-1, -1, -1]})
    assert set(measured.measured(made, truth).shares.values()) == {None}
    truth = truth.with_columns(rule=pl.Series([0, 0, -1]))
    told = measured.measured(made, truth).shares
    assert (told["rules_found"], told["rules_right"], told["rows_found"]) == (0, None, 0)


def test_odd_credits_are_refused():
    with pytest.raises(ParameterError, match="no column 'measure'"):
        found(given([1]), known=credited([1]).drop("measure"))
    with pytest.raises(ParameterError, match="twice"):
        found(given([1]), known=pl.concat([credited([1]), credited([2])]))
