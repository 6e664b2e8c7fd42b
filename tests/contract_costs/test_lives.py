"""Costs are amortised, changed and ended to the cent: published numbers, and a slow oracle."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmlib.core.errors import ParameterError
from spmlib.core.tables import MONEY
from spmlib.incent.contract_costs import lives
from spmlib.incent.contract_costs.plain import rolled, scheduled, straight_line

PLUS = ("opening", "adopted", "capitalised", "reversed")
MINUS = ("amortised", "written_off", "clawed_back", "impaired")
START = date(2026, 1, 1)


def cost(amount, months, start=START, name="A", **words):
    return {"cost_id": name, "amount": amount, "months": months, "start_date": start, **words}


def change(kind, day, name="A", **words):
    return {"cost_id": name, "kind": kind, "change_date": day, **words}


def amounts(rows, column):
    return [Decimal(str(value)).quantize(Decimal("0.01")) for value in rows[column]]


def ticks(rows, column):
    return np.array([int(value * MONEY) for value in rows[column]])


def cents(*values):
    return [Decimal(value).quantize(Decimal("0.01")) for value in values]


# --- what is amortised -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "months", "first"),
    [
        (3000, 60, "50.00"),  # worked example B4
        (5400, 36, "150.00"),  # B6: 10 % of 54,000
        (10000, 60, "166.67"),  # B8: 160, as printed, is wrong
        ("10523.20", 36, "292.31"),  # G3
        (6000, 24, "250.00"),  # journalentrieshub.com, contract acquisition cost
        (2400, 24, "100.00"),  # beancount.io, ASC 340-40 guide, 2026
        (22680, 48, "472.50"),  # aleq.org: 473 a month, 18,896 left after eight of them rounded
        (10000, 84, "119.05"),  # IFRS 15 Example 37: a commission over a term of seven years
    ],
)
def test_even_amounts(amount, months, first):
    parts = straight_line(amount, months)
    assert parts[0] == Decimal(first)
    assert sum(parts) == Decimal(amount)
    assert len(parts) == months


def test_parts_are_differences_of_rounded_amounts_to_date():
    assert straight_line(100, 3) == cents("33.33", "33.34", "33.33")
    assert straight_line(100, 3, "JPY") == [33, 34, 33]
    assert straight_line("-100", 3) == cents("-33.33", "-33.34", "-33.33")
    assert straight_line("0.01", 3) == cents("0", "0.01", "0")
    assert straight_line(1, 3, "BHD")[0] == Decimal("0.3330")


@pytest.mark.parametrize(
    ("convention", "start", "expected"),
    [
        ("month_of_start", date(2026, 1, 1), ["1000", "1000", "1000"]),
        ("month_of_start", date(2026, 1, 31), ["1000", "1000", "1000"]),
        ("following_month", date(2026, 1, 1), ["0", "1000", "1000", "1000"]),
        ("half_month", date(2026, 1, 31), ["500", "1000", "1000", "500"]),
        ("nearest_month", date(2026, 1, 15), ["1000", "1000", "1000"]),
        ("nearest_month", date(2026, 1, 16), ["0", "1000", "1000", "1000"]),
        # 31 January and three months are 30 April: 89 days, of which 1, 28, 31 and 29.
        ("days", date(2026, 1, 31), ["33.71", "943.82", "1044.94", "977.53"]),
        # A leap year: 31 January 2028 to 30 April 2028 are 90 days, 29 of them in February.
        ("days", date(2028, 1, 31), ["33.33", "966.67", "1033.33", "966.67"]),
        ("days", date(2028, 2, 29), ["33.33", "1033.34", "1000.00", "933.33"]),
    ],
)
def test_conventions(convention, start, expected):
    rows = scheduled([cost(3000, 3, start)], convention=convention)
    assert amounts(rows, "amortised") == cents(*expected)


@pytest.mark.parametrize(
    "convention", ["month_of_start", "following_month", "half_month", "nearest_month", "days"]
)
def test_a_change_on_the_first_day_comes_after_whole_months(convention):
    # Worked example E1 under every convention: 36 of 60 months are over, however they are counted.
    end = date(2029, 1, 1)
    rows = scheduled([cost(3000, 60)], [change("terminated", end)], convention=convention)
    off = Decimal("2") if convention == "days" else Decimal(0)  # years of 365 and 366 days
    assert abs(rows["amortised"].sum() - 1800) <= off
    assert rows["written_off"].sum() + rows["amortised"].sum() == 3000
    assert rows["closing"].iloc[-1] == 0


def test_amortisation_waits_for_the_start():
    # A renewal's commission, earned three months before the renewal starts (EY 10.3.3.E).
    booked = cost(1200, 12, date(2026, 4, 1), capitalised_date=date(2026, 1, 20))
    rows = scheduled([booked])
    assert amounts(rows, "amortised")[:4] == cents(0, 0, 0, 100)
    assert amounts(rows, "capitalised")[:2] == cents(1200, 0)
    assert amounts(rows, "current")[:4] == cents(1000, 1100, 1200, 1100)


def test_late_costs_catch_up():
    late = cost(1200, 12, date(2026, 1, 1), capitalised_date=date(2026, 4, 30))
    assert amounts(scheduled([late]), "amortised")[:2] == cents(400, 100)
    after = cost(1200, 12, date(2026, 1, 1), capitalised_date=date(2027, 6, 30))
    assert amounts(scheduled([after]), "amortised") == cents(1200)


def test_patterns():
    # In proportion to revenue of 100, 200 and 300 in three years; the first and last month of each.
    weights = [100] * 12 + [200] * 12 + [300] * 12
    rows = scheduled([cost(6000, None, pattern="ramp")], patterns={"ramp": weights})
    parts = amounts(rows, "amortised")
    assert [sum(parts[n : n + 12]) for n in (0, 12, 24)] == cents(1000, 2000, 3000)
    halves = scheduled(
        [cost(6000, None, pattern="ramp")], patterns={"ramp": weights}, convention="half_month"
    )
    assert amounts(halves, "amortised")[0] == Decimal("41.67")
    assert halves["amortised"].sum() == 6000


# --- what happens to costs -----------------------------------------------------------------------


def test_termination_writes_off_what_is_carried():
    rows = scheduled([cost(3000, 60)], [change("terminated", date(2029, 1, 1))])  # E1
    assert rows["amortised"].sum() == 1800
    assert rows["written_off"].sum() == 1200
    assert rows["closing"].iloc[-1] == 0


def test_part_of_a_contract_ends():
    ended = change("terminated", date(2026, 7, 1), share="0.25")
    rows = scheduled([cost(1200, 12)], [ended])
    assert rows["written_off"].sum() == 150
    assert amounts(rows, "amortised")[6:] == cents(75, 75, 75, 75, 75, 75)


def test_clawback_takes_the_asset_and_reverses_what_was_amortised():
    # Worked example E3, the two changes in either order.
    both = [
        change("terminated", date(2026, 5, 1)),
        change("clawed_back", date(2026, 5, 1), amount=6000),
    ]
    for told in (both, both[::-1]):
        rows = scheduled([cost(6000, 36)], told)
        last = rows.iloc[-1]
        assert rows["amortised"].sum() == Decimal("666.67")
        assert last["clawed_back"] == Decimal("5333.33")
        assert last["recovered"] == Decimal("666.67")
        assert last["written_off"] == 0
        assert last["closing"] == 0
        spent = rows["amortised"].sum() + rows["written_off"].sum() - rows["recovered"].sum()
        assert spent == 0


@pytest.mark.parametrize(
    ("clawbacks", "asset", "expense", "lost"),
    [("proportional", "2666.67", "333.33", "2666.66"), ("asset_first", "3000", "0", "2333.33")],
)
def test_half_is_clawed_back_and_the_contract_ends(clawbacks, asset, expense, lost):
    told = [
        change("clawed_back", date(2026, 5, 1), amount=3000),
        change("terminated", date(2026, 5, 1)),
    ]
    last = scheduled([cost(6000, 36)], told, clawbacks=clawbacks).iloc[-1]
    assert last["clawed_back"] == Decimal(asset)
    assert last["recovered"] == Decimal(expense)
    assert last["written_off"] == Decimal(lost)


def test_a_part_is_clawed_back_and_ends():
    # A quarter of the contract ends, and its whole commission comes back: nothing is lost.
    told = [
        change("clawed_back", date(2026, 7, 1), amount=300),
        change("terminated", date(2026, 7, 1), share="0.25"),
    ]
    rows = scheduled([cost(1200, 12)], told)
    assert rows["clawed_back"].sum() == 150
    assert rows["recovered"].sum() == 150
    assert rows["written_off"].sum() == 0
    assert amounts(rows, "closing")[6] == Decimal("375.00")


def test_what_comes_back_after_the_end_is_no_asset():
    told = [
        change("terminated", date(2026, 5, 1)),
        change("clawed_back", date(2026, 8, 1), amount=6000),
    ]
    rows = scheduled([cost(6000, 36)], told)
    assert rows["written_off"].sum() == Decimal("5333.33")
    assert rows["recovered"].sum() == 6000
    assert rows["clawed_back"].sum() == 0


def test_estimates_change_prospectively():
    # 32 months become 26 after 20 of them, as in Yelp's 10-Q of June 2020: what is left over 6.
    rows = scheduled([cost(3200, 32)], [change("revised", date(2027, 9, 1), months=26)])
    assert amounts(rows, "amortised") == cents(*[100] * 20, *[200] * 6)
    rows = scheduled([cost(3200, 32)], [change("revised", date(2027, 9, 1), months_left=6)])
    assert amounts(rows, "amortised") == cents(*[100] * 20, *[200] * 6)
    longer = scheduled([cost(3200, 32)], [change("revised", date(2027, 9, 1), months=44)])
    assert amounts(longer, "amortised") == cents(*[100] * 20, *[50] * 24)
    over = scheduled([cost(3200, 32)], [change("revised", date(2027, 9, 1), months=12)])
    assert amounts(over, "amortised") == cents(*[100] * 20, 1200)


def test_additions_are_amortised_over_what_is_left():
    rows = scheduled([cost(1200, 12)], [change("added", date(2026, 7, 15), amount=600)])
    assert amounts(rows, "amortised") == cents(*[100] * 6, *[200] * 6)
    less = scheduled([cost(1200, 12)], [change("added", date(2026, 7, 15), amount=-300)])
    assert amounts(less, "amortised") == cents(*[100] * 6, *[50] * 6)


def test_impairment():
    # Worked example E5: 20,000 are carried, 50,000 less 35,000 are recoverable.
    rows = scheduled([cost(24000, 24)], [change("impaired", date(2026, 5, 1), amount=15000)])
    at = rows[rows["period"] == "2026-05"].iloc[0]
    assert at["opening"] == 20000
    assert at["impaired"] == 5000
    assert at["amortised"] == 750  # 15,000 over the 20 months that are left
    none = scheduled([cost(24000, 24)], [change("impaired", date(2026, 5, 1), amount=20000)])
    assert none["impaired"].sum() == 0
    lost = scheduled([cost(24000, 24)], [change("impaired", date(2026, 5, 1), amount=-1)])
    assert lost["impaired"].sum() == 20000


@pytest.mark.parametrize(("recoverable", "back"), [(9000, 0), (11000, 1000), (30000, 5000)])
def test_reversal_up_to_what_would_be_carried(recoverable, back):
    # 24,000 over 24 months; 5,000 lost of 20,000. A year later 12,000 - 4,000 = 8,000 would have
    # been carried unimpaired, and 6,000 are: at most 2,000 come back.
    told = [
        change("impaired", date(2026, 5, 1), amount=10000),
        change("reversed", date(2026, 5, 1), amount=recoverable),
    ]
    # On the day itself: 10,000 are carried, 20,000 would be.
    rows = scheduled([cost(24000, 24)], told, framework="ifrs")
    assert rows["reversed"].sum() == max(min(recoverable, 20000) - 10000, 0)
    later = [told[0], change("reversed", date(2027, 5, 1), amount=recoverable)]
    rows = scheduled([cost(24000, 24)], later, framework="ifrs")
    at = rows[rows["period"] == "2027-05"].iloc[0]
    assert at["opening"] == 4000  # 10,000 over 20 months, 12 of them gone
    assert at["reversed"] == 4000  # up to 8,000
    assert rows["amortised"].sum() == 24000 - 10000 + 4000
    assert back >= 0


def test_us_gaap_takes_nothing_back():
    told = [change("reversed", date(2026, 5, 1), amount=100)]
    with pytest.raises(ParameterError, match="US GAAP takes no impairment back"):
        scheduled([cost(2400, 24)], told)


def test_renewals_that_are_not_commensurate():
    # Worked example B1 (KPMG Revenue for Telecoms, example 57): 30 over four years, 10 over two.
    costs = [cost(30, 48), cost(10, 24, date(2028, 1, 1), "B")]
    rows = rolled(costs)
    spent = amounts(rows, "amortised")
    assert [sum(spent[n : n + 12]) for n in (0, 12, 24, 36)] == cents("7.5", "7.5", "12.5", "12.5")
    ends = amounts(rows, "closing")
    assert [ends[n] for n in (11, 23, 35, 47)] == cents("22.5", "15", "12.5", "0")


# --- against an oracle ---------------------------------------------------------------------------


def half_up(value: Fraction) -> int:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def month_on(day, months):
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def index(day):
    return (day.year - 2026) * 12 + day.month - 1


def oracle(one, changes, convention, framework, clawbacks):
    """One cost, month by month, in the words of the policy; cents."""
    start, total = one["start_date"], one["months"]

    def gone(day, at_end):
        """Units since the start, at the end of a day's month or at a change on the day."""
        if convention == "days":
            upto = month_on(day.replace(day=1), 1) if at_end else day
            return (upto - start).days
        months = index(day) - index(start)
        if convention == "half_month":
            return 2 * months + (1 if at_end else 0)
        if convention == "nearest_month":
            mine, own = day.day > 15, start.day > 15
            return months + (1 if at_end else mine) - own
        return months + (1 if at_end and convention == "month_of_start" else 0)

    def long(months):
        if convention == "days":
            return (month_on(start, months) - start).days
        return months * (2 if convention == "half_month" else 1)

    held = shadow = gross = int(one["amount"] * 100)
    base, shade, begun, end = held, shadow, 0, long(total)

    def left(amount, unit):
        if unit >= end:
            return 0
        if unit <= begun:
            return amount
        return amount - half_up(Fraction(amount * (unit - begun), end - begun))

    made, month = [], start.replace(day=1)
    ordered = sorted(changes, key=lambda c: (c["change_date"], lives.KINDS.index(c["kind"])))
    for _ in range(120):
        row = dict.fromkeys(lives.MOVEMENTS, 0)
        row["opening"] = held if made else 0
        row["capitalised"] = 0 if made else held
        today, now = None, [c for c in ordered if index(c["change_date"]) == index(month)]
        for each in now:
            day, kind = each["change_date"], each["kind"]
            unit = min(max(gone(day, False), begun), max(end, begun))
            row["amortised"] += held - left(base, unit)
            held, shadow = left(base, unit), left(shade, unit)
            if day != today:
                today, taken, back, held0, gross0 = day, 0, 0, held, gross
            amount = int(each.get("amount", 0) * 100)
            if kind == "added":
                held, shadow, gross = held + amount, shadow + amount, gross + amount
                row["capitalised"] += amount
            elif kind == "revised":
                end = long(each["months"])
            elif kind == "clawed_back":
                if clawbacks == "asset_first":
                    part, other = min(amount, held), min(amount, shadow)
                else:
                    part = half_up(Fraction(amount * held, gross)) if gross else 0
                    other = half_up(Fraction(amount * shadow, gross)) if gross else 0
                held, shadow, gross = held - part, shadow - other, gross - amount
                taken, back = taken + part, back + amount
                row["clawed_back"] += part
                row["recovered"] += amount - part
            elif kind == "impaired":
                loss = max(held - max(amount, 0), 0)
                held -= loss
                row["impaired"] += loss
            elif kind == "reversed":
                gain = max(min(amount, shadow) - held, 0)
                held += gain
                row["reversed"] += gain
            else:
                share = Fraction(str(each["share"]))
                lost = min(max(half_up(held0 * share) - taken, 0), held)
                lost = held if share == 1 else lost
                less = half_up(Fraction(shadow * lost, held)) if held else 0
                shadow -= shadow if share == 1 else less
                gross -= min(max(half_up(gross0 * share) - back, 0), gross)
                held -= lost
                row["written_off"] += lost
            base, shade, begun = held, shadow, unit
        row["amortised"] += held - left(base, gone(month, True))
        held = left(base, gone(month, True))
        row["closing"] = held
        row["current"] = held - left(base, gone(month_on(month, 12), True))
        made.append({"period": f"{month:%Y-%m}", **row})
        month = month_on(month, 1)
    return made


@st.composite
def stories(draw):
    start = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 800)))
    months = draw(st.integers(1, 40))
    one = {"amount": Decimal(draw(st.integers(100, 10**9))) / 100, "months": months}
    framework = draw(st.sampled_from(["us_gaap", "ifrs"]))
    kinds = [kind for kind in lives.KINDS if framework == "ifrs" or kind != "reversed"]
    changes, rest = [], one["amount"]
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(kinds))
        row = change(kind, start + timedelta(days=draw(st.integers(0, 1200))))
        if kind == "clawed_back":
            row["amount"] = (rest / draw(st.integers(2, 5))).quantize(Decimal("0.01"))
            rest -= row["amount"]
        elif kind in ("added", "impaired", "reversed"):
            row["amount"] = Decimal(draw(st.integers(0, 10**6))) / 100
        elif kind == "revised":
            row["months"] = draw(st.integers(1, 60))
        else:
            row["share"] = draw(st.sampled_from([Decimal("1"), Decimal("0.5"), Decimal("0.125")]))
        changes.append(row)
    convention = draw(
        st.sampled_from(
            ["month_of_start", "following_month", "half_month", "nearest_month", "days"]
        )
    )
    clawbacks = draw(st.sampled_from(["proportional", "asset_first"]))
    return cost(**one, start=start), changes, convention, framework, clawbacks


@settings(max_examples=150, deadline=None)
@given(stories())
def test_any_story_is_as_the_oracle_tells_it(story):
    one, changes, convention, framework, clawbacks = story
    rows = scheduled(
        [one], changes, convention=convention, framework=framework, clawbacks=clawbacks
    )
    told = {row["period"]: row for row in oracle(*story)}
    for row in rows.to_dict("records"):
        found = {name: int(row[name] * 100) for name in lives.MOVEMENTS}
        expected = {name: told[row["period"]][name] for name in lives.MOVEMENTS}
        assert found == expected, row["period"]
    shown = set(rows["period"])
    for period, row in told.items():
        if period not in shown:
            moved = {k: v for k, v in row.items() if v and k not in ("period", "current")}
            assert not moved, period


@settings(max_examples=60, deadline=None)
@given(st.lists(stories(), min_size=1, max_size=6))
def test_many_add_up(several):
    costs = [dict(one, cost_id=str(n)) for n, (one, *_) in enumerate(several)]
    changes = [dict(c, cost_id=str(n)) for n, (_, cs, *_) in enumerate(several) for c in cs]
    convention = several[0][2]
    rows = scheduled(costs, changes, convention=convention, framework="ifrs")
    whole = {name: ticks(rows, name) for name in (*PLUS, *MINUS, "closing")}
    net = sum(whole[name] for name in PLUS) - sum(whole[name] for name in MINUS)
    assert (net == whole["closing"]).all()
    ends = rows.groupby("cost_id").tail(1)
    assert (ends["closing"] == 0).all()
    both = rolled(costs, changes, convention=convention, framework="ifrs")
    for name in (*PLUS[1:], *MINUS, "closing", "current", "recovered"):
        summed = rows.groupby("period")[name].sum()
        assert (both.set_index("period")[name].reindex(summed.index) == summed).all(), name


def test_products_of_any_size_are_exact():
    for amount, part, whole in [
        (10**17, 10**17 - 1, 10**17),
        (999_999_999_999_999, 123_456_789_012, 999_999_999_989),
        (-(10**15), 3, 7),
        (5, 1, 2),
        (-5, 1, 2),
    ]:
        sign = -1 if amount < 0 else 1
        exact = sign * half_up(Fraction(abs(amount) * part, whole)) if abs(amount) < 10**9 else None
        floor, rest = divmod(abs(amount) * part, whole)
        expected = sign * (floor + (2 * rest >= whole))
        assert lives.scaled(amount, part, whole) == expected
        assert exact is None or exact == expected
