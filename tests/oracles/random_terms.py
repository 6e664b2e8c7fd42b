"""Random payment terms, below components of every kind that the terms treat in its own way.

What is left out, because the engine is known to differ or the page does not say:

1. A cancellation in part of a transaction that stands alone (`accumulate: transaction`).
2. A gate beside a clawback: its measure sees what the clawback spares.
3. `otherwise: lose` with `quota: to_date`: the last cent of what was lost.
4. People under the plan before the calendar begins, and draws from a day before it.
5. People who change from one plan to another, windfalls, and cancellations before the booking.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

NEW_YEAR = date(2026, 1, 1)
DAYS = st.one_of(
    st.sampled_from([date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 31)]),
    st.integers(0, 270).map(lambda n: NEW_YEAR + timedelta(n)),
)
PERCENTS = ["100%", "50%", "33.33%", "25%", "10%"]
ENDS = {"USD": ".37", "JPY": "", "KWD": ".125"}


RATE = {"thresholds": "money", "pays": "rate"}
SHAPES = {
    "split": RATE | {"crossing": "split"},
    "whole": RATE | {"crossing": "whole"},
    "transaction": RATE | {"crossing": "transaction"},
    "alone": RATE | {"accumulate": "transaction", "crossing": "split"},
    "to_date": RATE | {"thresholds": "quota", "quota": "to_date", "crossing": "split"},
    "unit": {"thresholds": "units", "pays": "unit", "crossing": "split"},
    "amount": {"thresholds": "money", "pays": "amount", "boundary": "upper"},
    "place": {"thresholds": "place", "pays": "amount"},
}
TABLES = {
    "to_date": "{{from: 0%, rate: {}}}, {{from: 80%, rate: {}}}",
    "unit": "{{from: 0, rate: 10}}, {{from: 3, rate: 40.5}}",
    "amount": "{{from: 0, amount: 20}}, {{from: 1_000, amount: 300}}",
    "place": "{{from: 1, amount: 500}}, {{from: 2, amount: 101}}",
}


@st.composite
def plans(draw: Any, name: str, currency: str) -> str:
    """The text of a plan file of one or two components."""
    terms = draw(_terms(ENDS[currency]))
    lines = [f"plan: {name}", "source: none", f"currency: {currency}", "components:"]
    named = set()
    for number in range(draw(st.integers(1, 2))):
        words = draw(_component(terms.get("clawback", "")))
        lines += [f"  c{number}:", *(f"    {word}: {text}" for word, text in words.items())]
        named |= {f"c{number}", words.get("category", f"c{number}")}
    if "draw" in terms and draw(st.integers(0, 2)) == 0:
        covers = draw(st.lists(st.sampled_from(sorted(named)), min_size=1, unique=True))
        terms["draw"] = terms["draw"][:-1] + f", covers: [{', '.join(covers)}]}}"
    if draw(st.integers(0, 4)) == 0:
        over = draw(st.sampled_from(["year", "year", "half"]))
        lines += ["modifiers:", f"  - cap: {{2026-01-01: 2_500, over: {over}}}"]
    if terms:
        lines += ["payment:", *(f"  {word}: {text}" for word, text in terms.items())]
    return "\n".join(lines) + "\n"


@st.composite
def _component(draw: Any, clawback: str) -> dict[str, str]:
    """Pay of deals, of units, restated, modified, or a prize."""
    kinds = ["split", "split", "whole", "transaction", "alone", "to_date", "unit"]
    kind = draw(st.sampled_from(kinds))
    kind = draw(st.sampled_from(["amount", "place"])) if draw(st.integers(0, 5)) == 0 else kind
    if kind == "alone" and "current_curve" in clawback and "full" not in clawback:
        kind = "split"  # 1. of what is left out
    words = {"measure": draw(st.sampled_from(["bookings", "bookings", "renewals"]))}
    words |= {"category": draw(st.sampled_from(["new", "other"]))} if draw(st.booleans()) else {}
    words["accumulate"] = draw(st.sampled_from(["month", "quarter", "year", "year"]))
    words |= SHAPES[kind]
    first, second = (draw(st.sampled_from(["5%", "12.5%", "33.333%", "100%"])) for _ in range(2))
    if kind in ("whole", "transaction"):
        words["boundary"] = draw(st.sampled_from(["upper", "lower"]))
    if kind == "unit":
        words["measure"] = draw(st.sampled_from(["seats", "deals"]))
    rows = TABLES.get(kind, "{{from: 0, rate: {}}}, {{from: 1_000, rate: {}}}")
    words["table"] = f"{{2026-01-01: [{rows.format(first, second)}]}}"
    if draw(st.integers(0, 3)) == 0:
        words["modifiers"] = draw(_modifiers(kind, clawback))
    return words


@st.composite
def _modifiers(draw: Any, kind: str, clawback: str) -> str:
    over = ", over: month" if kind == "alone" else ""
    gate = "gate: {{measure: renewals, at_least: 500, otherwise: {}{}}}"
    words = [f"cap: {{2026-01-01: 400{over}}}"]
    if not clawback:  # 2. of what is left out
        words.append(gate.format("withhold", over))
        words += [gate.format("lose", over)] if kind != "to_date" else []  # 3. of it
    return f"[{{{draw(st.sampled_from(words))}}}]"


@st.composite
def _terms(draw: Any, ends: str) -> dict[str, str]:
    """Each term of `payment`, or not."""
    terms = {}
    months = st.integers(1, 6)
    events = st.sampled_from(["booking", "billing", "collection"])
    if draw(st.booleans()):
        shares = draw(st.sampled_from([["100%"], ["50%", "50%"], ["33.33%", "33.33%", "33.34%"]]))
        words = draw(st.lists(events, unique=True, min_size=len(shares), max_size=len(shares)))
        parts = (f"{word}: {share}" for word, share in zip(words, shares, strict=True))
        terms["event"] = "{" + ", ".join(parts) + "}"
        if draw(st.integers(0, 2)) == 0:
            terms["advance"] = draw(st.sampled_from(["25%", "75%", "100%"]))
    hold = draw(st.sampled_from(["", "", "", "collected", "employed"]))
    if hold:
        count = f", months: {draw(months)}" if hold == "employed" else ""
        terms["hold"] = f"{{until: {hold}{count}}}"
    if draw(st.booleans()):
        terms["draw"] = draw(_draw(ends))
    if draw(st.booleans()):
        terms["clawback"] = draw(_clawback())
    if draw(st.integers(0, 3)) == 0:
        amount = draw(st.sampled_from(["300", f"799{ends}"]))
        terms["guarantee"] = f"{{amount: {amount}, months: {draw(months)}}}"
    if draw(st.integers(0, 2)) == 0:
        shortfall = draw(st.sampled_from(["", ", shortfall: later", ", shortfall: lost"]))
        amount = draw(st.sampled_from(["0", "100", f"250{ends}"]))
        terms["minimum"] = f"{{amount: {amount}{shortfall}}}"
    if draw(st.integers(0, 2)) == 0:
        excess = draw(st.sampled_from(["", ", excess: later", ", excess: lost"]))
        amount = draw(st.sampled_from(["1_000", f"1_050{ends}"]))
        terms["maximum"] = f"{{amount: {amount}{excess}}}"
    return terms


@st.composite
def _draw(draw: Any, ends: str) -> str:
    months = st.integers(1, 6)
    kind = draw(st.sampled_from(["recoverable", "recoverable", "non_recoverable"]))
    amount = draw(st.sampled_from(["200", f"499{ends}", "1_000"]))
    words = [f"kind: {kind}", f"amount: {amount}", f"months: {draw(months)}"]
    if draw(st.integers(0, 3)) == 0:
        words.append(f"from: {draw(DAYS)}")
    return "{" + ", ".join(words + draw(_recovery(ends)) * (kind == "recoverable")) + "}"


@st.composite
def _recovery(draw: Any, ends: str) -> list[str]:
    months = st.integers(1, 8)
    recover = [f"from_month: {draw(months)}"] * draw(st.booleans())
    recover += [f"share: {draw(st.sampled_from(PERCENTS))}"] * draw(st.booleans())
    limit = draw(st.sampled_from(["300", f"1_200{ends}"]))
    recover += [f"balance_limit: {limit}"] * draw(st.booleans())
    words = ["recover: {" + ", ".join(recover) + "}"] if recover else []
    if draw(st.integers(0, 2)) == 0:
        end = draw(st.one_of(months.map("after_month: {}".format), DAYS.map("date: {}".format)))
        words.append(f"forgive: {{{end}}}")
    return words


@st.composite
def _clawback(draw: Any) -> str:
    within = draw(st.sampled_from([1, 2, 3, 6, 12]))
    schedule = draw(st.sampled_from(["full", "pro_rata", "table"]))
    at = draw(st.sampled_from(["current_curve", "paid_rate"]))
    words = f"within_months: {within}, schedule: {schedule}, at: {at}"
    if schedule == "table":
        first, second = (draw(st.sampled_from(PERCENTS)) for _ in range(2))
        rows = f"[{{from_month: 0, share: {first}}}, {{from_month: 2, share: {second}}}]"
        words += f", table: {rows}"
    return f"{{{words}}}"
