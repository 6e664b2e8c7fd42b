"""Random payment terms, below components of every kind that the terms treat in its own way.

What is left out, because the engine is known to differ or the page does not say:

1. A cancellation in part of a transaction that stands alone (`accumulate: transaction`).
2. A gate beside a clawback: its measure sees what the clawback spares.
3. A gate with `otherwise: lose` over amounts that need rounding: the last cent of what was lost.
4. People under the plan before the calendar begins, and draws from a day before it.
5. People who change from one plan to another, windfalls, and cancellations before the booking.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

NEW_YEAR = date(2026, 1, 1)
ENDS_OF_MONTHS = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 31)]
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


def a_day(chance: Random) -> date:
    """A day of the first nine months, often the end of one."""
    if chance.random() < 0.4:
        return chance.choice(ENDS_OF_MONTHS)
    return NEW_YEAR + timedelta(chance.randrange(270))


def a_plan(chance: Random, name: str, currency: str) -> str:
    """The text of a plan file of one or two components."""
    terms = _terms(chance, ENDS[currency])
    lines = [f"plan: {name}", "source: none", f"currency: {currency}", "components:"]
    named = set()
    for number in range(chance.choice([1, 2])):
        words = _component(chance, terms.get("clawback", ""))
        lines += [f"  c{number}:", *(f"    {word}: {text}" for word, text in words.items())]
        named |= {f"c{number}", words.get("category", f"c{number}")}
    if "draw" in terms and chance.random() < 0.4:
        covers = chance.sample(sorted(named), chance.randint(1, len(named)))
        terms["draw"] = terms["draw"][:-1] + f", covers: [{', '.join(covers)}]}}"
    if chance.random() < 0.2:
        over = chance.choice(["year", "half"])
        lines += ["modifiers:", f"  - cap: {{2026-01-01: 850, over: {over}}}"]
    if terms:
        lines += ["payment:", *(f"  {word}: {text}" for word, text in terms.items())]
    return "\n".join(lines) + "\n"


def _component(chance: Random, clawback: str) -> dict[str, str]:
    """Pay of deals, of units, restated, modified, or a prize."""
    kinds = ["split"] * 3 + ["whole", "transaction", "alone", "to_date", "unit", "amount", "place"]
    kind = chance.choice(kinds)
    if kind == "alone" and "current_curve" in clawback and "full" not in clawback:
        kind = "split"  # 1. of what is left out
    words = {"measure": chance.choice(["bookings", "bookings", "renewals"])}
    words |= {"category": chance.choice(["new", "other"])} if chance.random() < 0.5 else {}
    words["accumulate"] = chance.choice(["month", "quarter", "year", "year"])
    words |= SHAPES[kind]
    if kind in ("whole", "transaction"):
        words["boundary"] = chance.choice(["upper", "lower"])
    if kind == "unit":
        words["measure"] = chance.choice(["seats", "deals"])
    rates = chance.choices(["12.5%", "33.333%", "60%", "100%"], k=2)
    rows = TABLES.get(kind, "{{from: 0, rate: {}}}, {{from: 1_000, rate: {}}}")
    words["table"] = f"{{2026-01-01: [{rows.format(*rates)}]}}"
    if chance.random() < 0.3:
        words["modifiers"] = f"[{{{_modifier(chance, kind, clawback)}}}]"
    return words


def _modifier(chance: Random, kind: str, clawback: str) -> str:
    over = ", over: month" if kind == "alone" else ""
    if clawback or chance.random() < 0.4:  # 2. of what is left out
        return f"cap: {{2026-01-01: 250{over}}}"
    otherwise = chance.choice(["withhold", "lose"] if kind in ("amount", "place") else ["withhold"])
    return f"gate: {{measure: renewals, at_least: 500, otherwise: {otherwise}{over}}}"  # 3. of it


def _terms(chance: Random, ends: str) -> dict[str, str]:
    """Each term of `payment`, or not."""
    terms = {}
    if chance.random() < 0.5:
        terms["event"] = _event(chance)
        if chance.random() < 0.3:
            terms["advance"] = chance.choice(["25%", "75%", "100%"])
    if chance.random() < 0.4:
        employed = f"{{until: employed, months: {chance.randint(1, 6)}}}"
        terms["hold"] = chance.choice(["{until: collected}", employed])
    if chance.random() < 0.6:
        terms["draw"] = _draw(chance, ends)
    if chance.random() < 0.5:
        terms["clawback"] = _clawback(chance)
    if chance.random() < 0.3:
        amount = chance.choice(["300", f"799{ends}"])
        terms["guarantee"] = f"{{amount: {amount}, months: {chance.randint(1, 6)}}}"
    if chance.random() < 0.35:
        shortfall = chance.choice(["", ", shortfall: later", ", shortfall: lost"])
        amount = chance.choice(["0", "100", f"250{ends}", "400"])
        terms["minimum"] = f"{{amount: {amount}{shortfall}}}"
    if chance.random() < 0.35:
        excess = chance.choice(["", ", excess: later", ", excess: lost"])
        amount = chance.choice(["800", f"825{ends}"])
        terms["maximum"] = f"{{amount: {amount}{excess}}}"
    return terms


def _event(chance: Random) -> str:
    shares = chance.choice([["100%"], ["50%", "50%"], ["33.33%", "33.33%", "33.34%"]])
    words = chance.sample(["booking", "billing", "collection"], len(shares))
    parts = (f"{word}: {share}" for word, share in zip(words, shares, strict=True))
    return "{" + ", ".join(parts) + "}"


def _draw(chance: Random, ends: str) -> str:
    kind = chance.choice(["recoverable", "recoverable", "recoverable", "non_recoverable"])
    amount = chance.choice(["200", f"499{ends}", "800"])
    words = [f"kind: {kind}", f"amount: {amount}", f"months: {chance.randint(1, 6)}"]
    if chance.random() < 0.3:
        words.append(f"from: {a_day(chance)}")
    if kind == "recoverable":
        words += _recovery(chance, ends)
    return "{" + ", ".join(words) + "}"


def _recovery(chance: Random, ends: str) -> list[str]:
    limit = chance.choice(["300", f"1_200{ends}"])
    words = [
        f"from_month: {chance.randint(1, 8)}",
        f"share: {chance.choice(PERCENTS)}",
        f"balance_limit: {limit}",
    ]
    recover = [word for word in words if chance.random() < 0.5]
    made = ["recover: {" + ", ".join(recover) + "}"] if recover else []
    if chance.random() < 0.35:
        ends_on = [f"after_month: {chance.randint(1, 8)}", f"date: {a_day(chance)}"]
        made.append(f"forgive: {{{chance.choice(ends_on)}}}")
    return made


def _clawback(chance: Random) -> str:
    within = chance.choice([1, 2, 3, 6, 12])
    schedule = chance.choice(["full", "pro_rata", "table"])
    at = chance.choice(["current_curve", "paid_rate"])
    words = f"within_months: {within}, schedule: {schedule}, at: {at}"
    if schedule == "table":
        first, second = chance.choices(PERCENTS, k=2)
        rows = f"{{from_month: 0, share: {first}}}, {{from_month: 2, share: {second}}}"
        words += f", table: [{rows}]"
    return f"{{{words}}}"
