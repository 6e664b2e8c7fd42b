"""Random plans in every word of the language, and random people and sales to pay by them.

A plan is drawn as the text of its file. Sales hit thresholds exactly, tie in their dates and are
often reversals; people are hired, go on leave, change their target and leave.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.oracles.companies import Sale, SmallCompany, months
from tests.oracles.goals import Person, Position, Quota

NEW_YEAR = date(2026, 1, 1)
DAYS = st.one_of(
    st.sampled_from([date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31)]),
    st.integers(0, 364).map(lambda n: NEW_YEAR + timedelta(n)),
)
STARTS = {
    "quota": ["0%", "40%", "80%", "100%", "130%", "150.5%"],
    "money": ["0", "1_000", "2_500.50", "4_000", "9_000"],
    "units": ["0", "3", "7.5", "12", "30"],
}
HEIGHTS = {
    "rate": ["0%", "1%", "2.5%", "3.333%", "7%", "12.75%"],
    "personal_rate": ["0%", "50%", "100%", "133.3%", "200%"],
    "unit": ["0", "1.25", "3", "10.5"],
    "payout": ["0%", "10%", "45.5%", "100%", "160%"],
    "slope": ["0%", "50%", "100%", "175%"],
    "amount": ["0", "50", "120", "333", "1_000"],
    "factor": ["0", "0.5", "0.925", "1", "1.15", "2"],
}
CHANGES = st.sampled_from(["2026-02-01", "2026-03-15", "2026-07-01", "2026-12-31"])


@st.composite
def companies(draw: Any) -> SmallCompany:
    """A company of one plan and a few people."""
    currency = draw(st.sampled_from(["USD", "USD", "JPY", "KWD"]))
    plan = draw(plans(currency))
    people = [draw(_person(name, plan)) for name in "ABC"[: draw(st.integers(1, 3))]]
    sales = tuple(
        draw(_sale(f"T{n:02}", [p.name for p in people], plan))
        for n in range(draw(st.integers(0, 12)))
    )
    return SmallCompany((plan,), tuple(people), sales, months(2026))


@st.composite
def plans(draw: Any, currency: str = "USD") -> str:
    """The text of a plan file of one to three components."""
    kinds = draw(st.lists(st.sampled_from(list(PAYS)), min_size=1, max_size=3))
    targets = kinds.count("target") + kinds.count("slope")
    weights = {1: ["100%"], 2: ["62.5%", "37.5%"], 3: ["33.4%", "33.3%", "33.3%"]}.get(targets, [])
    lines = ["plan: p", "title: P", "source: none", f"currency: {currency}", "components:"]
    for n, kind in enumerate(kinds):
        weight = weights.pop() if kind in ("target", "slope") else None
        words = draw(_component(kind, weight))
        lines += [f"  c{n}:", *(f"    {word}: {text}" for word, text in words.items())]
    windows = ["month", "quarter", "half", "year"]
    longest = max(
        (
            windows.index(w)
            for w in re.findall(r"accumulate: (\w+)", "\n".join(lines))
            if w in windows
        ),
        default=0,
    )
    over = f", over: {draw(st.sampled_from(windows[longest:]))}"
    modifiers = draw(st.lists(_modifier(over, bool(targets)), max_size=2))
    if modifiers:
        lines += ["modifiers:", *(f"  - {text}" for text in modifiers)]
    return "\n".join(lines) + "\n"


PAYS = {  # kind of component: what it pays, its rows' word, the thresholds it may count in
    "rate": ("rate", "rate", ["quota", "money"]),
    "personal_rate": ("personal_rate", "rate", ["quota", "money"]),
    "unit": ("unit", "rate", ["quota", "units"]),
    "target": ("target", "payout", ["quota", "money", "units"]),
    "slope": ("target", "rate", ["quota"]),
    "amount": ("amount", "amount", ["quota", "money", "units"]),
    "place": ("amount", "amount", ["place"]),
}


@st.composite
def _component(draw: Any, kind: str, weight: str | None) -> dict[str, str]:
    pays, word, allowed = PAYS[kind]
    thresholds = draw(st.sampled_from(allowed))
    windows = ["month", "quarter", "half", "year", "year"]
    if thresholds in ("money", "units") and pays != "target":
        windows += ["transaction"]
    accumulate = draw(st.sampled_from(windows))
    units = pays == "unit" or thresholds == "units"
    if thresholds == "quota" and pays in ("target", "amount"):
        units = draw(st.booleans())
    words = {"clause": "random", "measure": "seats" if units else "bookings"}
    words |= {"accumulate": accumulate, "thresholds": thresholds, "pays": pays}
    if kind == "place":
        return words | {"table": draw(_places())}
    if thresholds == "quota":
        words["quota"] = draw(st.sampled_from(["window", "to_date"]))
    moving = words.get("quota") == "to_date" or kind == "slope"
    crosses = accumulate not in ("transaction",) and not moving
    words |= draw(_shape(word, accumulate, crosses))
    if kind == "slope":  # a slope is never interpolated
        words["within"] = "step"
        if words["crossing"] == "whole":
            words["boundary"] = draw(st.sampled_from(["upper", "lower"]))
    if weight:
        words |= {"weight": weight}
    if weight or thresholds == "quota":
        words["proration"] = draw(st.sampled_from(["none", "days", "months", "working_days"]))
    walks = words.get("crossing") == "transaction"  # the past is never restated
    matrix = None if walks or draw(st.booleans()) else draw(_matrix(accumulate))
    if matrix:
        words["matrix"] = matrix
    if draw(st.integers(0, 4)) == 0:
        words["windfall"] = "{2026-01-01: 10}" if units else "{2026-01-01: 2_000, 2026-03-15: 900}"
    heights = HEIGHTS["slope" if kind == "slope" else pays if word == "rate" else word]
    whens = [None] if not matrix else ["0%", draw(st.sampled_from(["20%", "50%", "100%"]))]
    tables = [draw(_rows(STARTS[thresholds], word, heights, whens))]
    dates = ["2026-01-01"]
    if draw(st.integers(0, 2)) == 0:
        dates.append(draw(CHANGES))
        tables.append(draw(_rows(STARTS[thresholds], word, heights, whens)))
        changes = ["continue", "restart"] if walks else ["continue", "restart", "restate"]
        words["on_change"] = draw(st.sampled_from(changes))
        moves = words.get("quota") == "to_date" or matrix
        if moves or (weight and words["on_change"] == "restart"):  # see the oracle's list
            words["on_change"] = "restate"
    words["table"] = "{" + ", ".join(f"{d}: {t}" for d, t in zip(dates, tables, strict=True)) + "}"
    over = draw(st.sampled_from([", over: month", ", over: quarter", ", over: year"]))
    over = over if accumulate == "transaction" else ""
    modifiers = draw(st.lists(_modifier(over, pays == "target"), max_size=3))
    if modifiers:
        words["modifiers"] = "[" + ", ".join(f"{{{text}}}" for text in modifiers) + "]"
    if accumulate == "transaction":
        words.pop("on_change", None)
    return words


@st.composite
def _shape(draw: Any, word: str, accumulate: str, crosses: bool) -> dict[str, str]:
    """How rows become a curve: crossing, within, boundary, group."""
    within = draw(st.sampled_from(["step", "step", "interpolate"]))
    words = {"within": within}
    if word == "rate":
        crossings = ["split", "whole"] + ["transaction"] * crosses
        words["crossing"] = draw(st.sampled_from(crossings))
        if words["crossing"] == "transaction":
            groups = ["transaction"] + ["month"] * (accumulate != "month")
            words["group"] = draw(st.sampled_from(groups))
    if within == "step" and words.get("crossing") != "split":
        words["boundary"] = draw(st.sampled_from(["upper", "lower"]))
    return words


@st.composite
def _rows(draw: Any, starts: list[str], word: str, heights: list[str], whens: list[Any]) -> str:
    rows = []
    for when in whens:
        chosen = [starts[0], draw(st.sampled_from(starts[1:]))]
        chosen += [s for s in starts[1:] if s != chosen[1] and draw(st.booleans())]
        chosen.sort(key=starts.index)
        for start in chosen:
            first = f"when: {when}, " if when else ""
            rows.append(f"{{{first}from: {start}, {word}: {draw(st.sampled_from(heights))}}}")
    return "[" + ", ".join(rows) + "]"


@st.composite
def _places(draw: Any) -> str:
    sums = draw(st.lists(st.sampled_from(["1_500", "1_000", "500", "100"]), min_size=1, max_size=3))
    rows = [f"{{from: {n}, amount: {text}}}" for n, text in enumerate([*sums, "0"], 1)]
    return "{2026-01-01: [" + ", ".join(rows) + "]}"


@st.composite
def _matrix(draw: Any, accumulate: str) -> str:
    boundary = draw(st.sampled_from(["upper", "lower"]))
    if accumulate == "transaction" or draw(st.booleans()):
        return f"{{measure: margin_rate, boundary: {boundary}}}"
    of = draw(st.sampled_from(["quota", "quota_to_date"]))
    return f"{{measure: renewals, of: {of}, boundary: {boundary}}}"


@st.composite
def _modifier(draw: Any, over: str, has_target: bool) -> str:
    kind = draw(st.sampled_from(["gate", "multiplier", "cap", "floor"]))
    if kind in ("cap", "floor"):
        texts = ["40", "100", "250"] if kind == "cap" else ["0", "5", "40"]
        if has_target:
            texts += ["50%", "120%"] if kind == "cap" else ["10%", "50%"]
        text = f"2026-01-01: {draw(st.sampled_from(texts))}"
        if draw(st.integers(0, 3)) == 0:
            text += f", {draw(CHANGES)}: {draw(st.sampled_from(texts))}"
        return f"{kind}: {{{text}{over}}}"
    measure, of, levels = draw(
        st.sampled_from(
            [
                ("margin_rate", "none", ["0%", "20%", "50%"]),
                ("renewals", "none", ["0", "500", "2_000"]),
                ("renewals", "quota", ["0%", "50%", "100%"]),
                ("renewals", "quota_to_date", ["0%", "80%", "100%"]),
            ]
        )
    )
    words = f"measure: {measure}" + ("" if of == "none" else f", of: {of}")
    if kind == "gate":
        test = draw(st.sampled_from(["at_least", "more_than"]))
        otherwise = draw(st.sampled_from(["withhold", "lose"]))
        level = draw(st.sampled_from(levels))
        return f"gate: {{{words}, {test}: {level}, otherwise: {otherwise}{over}}}"
    rows = draw(_rows(levels, "factor", HEIGHTS["factor"], [None]))
    boundary = draw(st.sampled_from(["upper", "lower"]))
    return f"multiplier: {{{words}, boundary: {boundary}, table: {{2026-01-01: {rows}}}{over}}}"


@st.composite
def _person(draw: Any, name: str, plan: str) -> Person:
    early = "on_change" in plan or draw(st.booleans())  # joining after a change: see the oracle
    starts = [NEW_YEAR] if early else [draw(DAYS)]
    starts += sorted(draw(st.lists(DAYS, max_size=2)))
    starts = sorted(set(starts))
    end = draw(st.none() | DAYS)
    end = end if end and end > starts[-1] else None
    rate = draw(st.sampled_from([Fraction("0.05"), Fraction("0.0333")]))
    positions = tuple(
        Position(
            start=start,
            end=stop,
            plan="p" if n == 0 else draw(st.sampled_from(["p", "p", None])),
            target=draw(st.sampled_from([Fraction(12000), Fraction(10000), Fraction("54321.98")])),
            commission_rate=rate,
            status=draw(st.sampled_from(["active", "active", "leave"])) if n else "active",
        )
        for n, (start, stop) in enumerate(zip(starts, [*starts[1:], end], strict=True))
    )
    quotas = [q for measure in ("bookings", "seats", "renewals") for q in draw(_quotas(measure))]
    return Person(name, positions, tuple(quotas))


@st.composite
def _quotas(draw: Any, measure: str) -> list[Quota]:
    """A year's quota in equal or unequal stretches; now and then none at all."""
    stretch = draw(st.sampled_from([1, 3, 6, 12, 12, 0]))
    if not stretch:
        return []
    amounts = [Fraction(4000), Fraction(1000), Fraction("2500.50"), Fraction(0)]
    amounts = [Fraction(10), Fraction(30), Fraction("7.5")] if measure == "seats" else amounts
    bounds = [*(date(2026, m, 1) for m in range(1, 13, stretch)), date(2027, 1, 1)]
    return [
        Quota(measure, start, end, draw(st.sampled_from(amounts)))
        for start, end in pairwise(bounds)
    ]


@st.composite
def _sale(draw: Any, transaction: str, owners: list[str], plan: str) -> Sale:
    nothing = "accumulate: transaction" not in plan  # a deal of nothing: see the oracle's list
    fine = st.integers(-30_000_000, 60_000_000).filter(bool).map(lambda n: Fraction(n, 10**4))
    level = st.sampled_from([1000, 500, 1500, 2500, 4000, -1000, -500, -4000] + [0] * nothing)
    amount = draw(st.one_of(level.map(Fraction), level.map(Fraction), fine))
    units = st.sampled_from(["1", "2", "3", "4.5", "12", "-1", "-3"] + ["0"] * nothing)
    margin = draw(st.sampled_from([Fraction(n, 10) for n in (0, 2, 3, 5, -1)])) * amount
    scaled = Fraction(int(margin * 10**4), 10**4)
    return Sale(
        transaction=transaction,
        day=draw(DAYS),
        owner=draw(st.sampled_from(owners)),
        amount=amount,
        kind=draw(st.sampled_from(["booking", "booking", "renewal"])),
        margin=scaled,
        quantity=Fraction(draw(units)),
    )
