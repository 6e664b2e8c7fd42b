"""However large the numbers, pay is exact or refused; it never wraps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core import engine
from spmlib.core.errors import OverflowRefused, PlanError
from spmlib.incent.calculation import calculated
from spmlib.incent.crediting import holdings
from spmlib.rules import curves
from tests import small
from tests.shared import examples

DAY = date(2026, 3, 5)
LARGEST = 922_337_203_685_477  # units whose ten-thousandths fit into 64 bits
WORDS = {"crossing": "split", "within": "step", "low": "8%", "high": "12.3456789%"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parameters")


@settings(max_examples=examples(8), deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-LARGEST, LARGEST) | st.integers(0, 10**6), min_size=1, max_size=3),
    st.integers(1, LARGEST) | st.integers(1, 10**6),
    st.sampled_from(["split", "whole"]),
    st.sampled_from(["step", "interpolate"]),
)
def test_any_amount_and_quota_are_paid_exactly_or_refused(
    folder: Path, amounts: list[int], quota: int, crossing: str, within: str
):
    words = WORDS | {"crossing": crossing, "within": within}
    exact = expected(folder, words, sum(amounts), quota)
    try:
        found = paid(folder, words, amounts, quota)
    except OverflowRefused:
        assert max(map(abs, amounts)) > 10**9 or quota > 10**9 or within == "interpolate"
    else:
        assert found == exact


@pytest.mark.parametrize("amount", [LARGEST, LARGEST // 2 + 1, -LARGEST])
def test_a_total_that_no_longer_fits_is_refused(folder: Path, amount: int):
    with pytest.raises(OverflowRefused):
        paid(folder, WORDS, [amount, amount], quota=1000)


@pytest.mark.parametrize("within", ["step", "interpolate"])
def test_a_quota_near_the_largest_number_is_paid_exactly_or_refused(folder: Path, within: str):
    words = WORDS | {"within": within}
    try:
        found = paid(folder, words, [1000], LARGEST)
    except OverflowRefused:
        return
    assert found == expected(folder, words, 1000, LARGEST)


def test_rates_finer_than_the_engine_are_refused(folder: Path):
    words = WORDS | {"crossing": "whole", "within": "interpolate", "high": "12.3456789123%"}
    try:
        found = paid(folder, words, [123_456_789], 987_654_321)
    except (OverflowRefused, PlanError):
        return
    assert found == expected(folder, words, 123_456_789, 987_654_321)


FACTORS = "{2026-01-01: [{from: 0, factor: 1.23456789}]}"
MULTIPLIED = f"multiplier: {{measure: bookings, boundary: upper, table: {FACTORS}}}"


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_multipliers_of_many_digits_are_paid_exactly_or_refused(folder: Path, count: int):
    factor = Fraction(123_456_789, 10**8)
    modifiers = ", ".join([f"{{{MULTIPLIED}}}"] * count)
    words = WORDS | {"low": "8%", "high": "8%", "modifiers": f"[{modifiers}]"}
    try:
        found = paid(folder, words, [1_000_000], 1_000_000)
    except OverflowRefused:
        assert count > 1
    else:
        assert found == int(8_000_000 * factor**count + Fraction(1, 2))


def test_more_people_than_numbers_for_them_are_refused():
    count = holdings.PEOPLE + 1
    rows = {"payee_id": pl.int_range(count, eager=True).cast(pl.String)}
    many = pl.DataFrame(rows).with_columns(
        name="payee_id",
        currency=pl.lit("USD"),
        hire_date=pl.lit(DAY),
        leave_date=pl.lit(None, dtype=pl.Date),
    )
    with pytest.raises(OverflowRefused, match="1,048,577 people are too many"):
        holdings.holdings(replace(small.company(), payees=engine.table(many)), {})


@pytest.mark.parametrize("amount", [10**6, 10**8, 10**9])
def test_what_companies_book_is_far_from_the_limits(folder: Path, amount: int):
    assert paid(folder, WORDS, [amount], amount // 2) == expected(
        folder, WORDS, amount, amount // 2
    )


def paid(folder: Path, words: dict[str, str], amounts: list[int], quota: int) -> int:
    """What the engine pays for sales against a quota [cents]."""
    parameters = small.parameters(written(folder, words))
    payee, position = small.person("A", "seller")
    sales = [small.sale(f"T{n}", "A", DAY, amount) for n, amount in enumerate(amounts)]
    company = small.company(
        payees=[payee],
        positions=[position],
        transactions=sales,
        quotas=[small.quota("A", quota)],
    )
    return int(engine.collected(calculated(company, parameters).payouts)["amount"].sum()) // 100


def expected(folder: Path, words: dict[str, str], amount: int, quota: int) -> int:
    """The same in exact fractions [cents]."""
    component = small.parameters(written(folder, words)).plans["seller"].components["bookings"]
    curve = curves.brackets(component, next(iter(component.tables.values())))
    earned = curves.earned(curve, Fraction(amount, quota)) * quota * 100
    size = abs(earned) + Fraction(1, 2)
    return int(size) * (1 if earned >= 0 else -1)


def written(folder: Path, words: dict[str, str]) -> Path:
    """The folder with a plan of these words."""
    own = {name: said for name, said in words.items() if name not in ("low", "high")}
    rows = f"[{{from: 0%, rate: {words['low']}}}, {{from: 73.0001%, rate: {words['high']}}}]"
    table = f"{{2026-01-01: {rows}}}"
    return small.written(
        folder, small.plan(thresholds="quota", boundary="upper", table=table, **own)
    )
