"""Planted: adjustments by hand, put into a copy of a company by a seeded draw: rules and noise.

Nobody in the sample company adjusts pay by hand. A copy in which people do shows whether readiness
finds the rules that hide in adjustments, and leaves what is no rule alone. Reasons are written as
people write them: with slips, names, days, in capitals, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.random import Generator

from spmlib.revops.readiness import misspelt

TICKS = 10_000
UNIT = 100  # ticks of a cent

Bases = Mapping[tuple[str, str, str, str], float]
Given = tuple[str, str, str, str, date, int, int]  # as `_schema`


@dataclass(frozen=True)
class Rule:
    """A rule that somebody pays by hand."""

    cause: str
    wordings: tuple[str, ...]
    people: int
    value: str | tuple[str, ...]  # an amount; a rate of the measure; several: each person's own
    measure: str = ""
    over: str = ""
    other: tuple[str, ...] = ()  # wordings that share few words with the first ones


RULES = (
    Rule("allowance", ("Car allowance for {m}", "Car allowance {m}, field"), 14, "400",
         other=("Vehicle stipend", "Dienstwagenpauschale {m}", "Monthly transport money")),
    Rule("late", ("Phone and home office {m}", "Phone and home office"), 20, "85",
         other=("Connectivity", "Mobile + internet {m}", "WFH reimbursement")),
    Rule("goodwill", ("Ramp top-up, new hire {m}", "Ramp top-up for new hire"), 10, "2500",
         other=("Onboarding guarantee", "New joiner minimum {m}", "Ramp")),
    Rule("owner", ("Partner referral fee {m}", "Referral fee, partner"), 8, "0.008", "new_bookings",
         other=("Introducer commission", "8 permille for intros", "Kickback via alliance desk")),
    Rule("plan", ("Analytics kicker {m}", "Analytics kicker"), 7, "0.0275", "analytics_bookings",
         other=("Data product accelerator", "extra on Analytics", "Uplift BI deals {m}")),
    Rule("plan", ("Services attach {m}", "Services attach bonus"), 6, "0.1", "services_bookings",
         other=("Pro serv add-on", "Consulting bonus {m}", "10% impl. work")),
    Rule("quota", ("Quarter-end override {m}", "Quarter-end override"), 6, "0.015", "new_bookings",
         "quarter", other=("QTD booster", "Sales contest Q close", "Quarter bonus per CRO")),
    Rule("spiff", ("Seat bonus per analytics seat {m}", "Seat bonus, analytics seats"), 6, "9.5",
         "analytics_seats", other=("Licence count bounty", "Per user money", "Seats {m}")),
    Rule("correction", ("Leased car deduction {m}", "Deduction for leased car"), 7, "-120",
         other=("Lease recovery", "Payroll offset vehicle {m}", "Abzug Leasing")),
    Rule("agreed", ("Guarantee as agreed in offer letter {m}", "Guarantee as agreed, offer letter"),
         12, ("3000", "4500", "6000", "7500"),
         other=("Offer letter floor", "Contractual minimum {m}", "Sign-on installment")),
    Rule("owner", ("Team coverage override {m}", "Override for team coverage"), 4, "0.004",
         "team_bookings", other=("Acting manager pay", "Dual hat {m}", "Interim lead share")),
)  # fmt: skip
NOISE = (
    ("split", "Split agreed after booking"),
    ("goodwill", "Goodwill after system outage"),
    ("quota", "Quota relief, territory moved"),
    ("late", "Deal booked after cut-off"),
    ("owner", "Deal moved between owners"),
    ("correction", "Manual true-up of commission"),
    ("spiff", "Contest prize missed in export"),
    ("", "As discussed with VP"),
    ("", ""),
)


@dataclass(frozen=True)
class Planted:
    """Adjustments by hand.

    Attributes:
        rows: adjustment_id, payee_id, period, component, event_date, amount [ticks], cause,
            reason, rule (its number; -1 for noise).
        rules: how many were planted.
        terms: rule, payee_id, measure, over, value: what each person has by rule.
    """

    rows: pl.DataFrame
    rules: int
    terms: pl.DataFrame


def planted(
    people: Sequence[str],
    months: Sequence[date],
    noise: int = 5,
    seed: int = 42,
    credited: pl.DataFrame | None = None,
    messy: float = 0.0,
    other: bool = False,
    names: Sequence[str] = (),
    sloppy: float = 0.0,
    gaps: float = 0.0,
    odd: bool = False,
) -> Planted:
    """Recurring rules and one-off noise for the months given.

    Args:
        people: whose pay is adjusted.
        months: first days.
        noise: one-off adjustments a month.
        seed: of the draws.
        credited: payee_id, period, measure, over, value: what rates are of; made up if not given.
        messy: share of reasons that are changed, and half that share is left out, or lacks a cause.
        other: with wordings that share few words within a rule.
        names: of people, to be named in reasons.
        sloppy: share of a rule's amounts that are rounded to tens, or up to 3 % off.
        gaps: share of a rule's amounts that were forgotten.
        odd: with formulas that are looked for by nobody: of last month's measure, capped, raised in
            the middle, or for a part of the month.
    """
    rng = np.random.default_rng(seed)
    known = made_up(people, months, seed) if credited is None else credited
    bases = {tuple(row[:-1]): row[-1] for row in _bases(known).iter_rows()}
    made, terms = [], []
    for k, rule in enumerate(RULES):
        held = _held(rule, people, months, bases, rng)
        terms += [(k, who, rule.measure, rule.over, value) for who, value in held.items()]
        own = _rule(k, rule, held, months, bases, rng, other)
        made += [_off(row, rng, sloppy) for row in own if rng.random() >= gaps and not odd]
        made += _odd(k, own, rng) if odd else []
    made += [_one_off(people, month, rng) for month in months for _ in range(noise)]
    texts = [misspelt.misspelt(*row[2:5], rng, messy, names) for row in made]
    whole = [(*row[:2], *text, *row[4:]) for row, text in zip(made, texts, strict=True)]
    rows = pl.DataFrame(whole, orient="row", schema=_schema()).sort(
        "event_date", "payee_id", "rule", "amount", "reason"
    )
    ids = pl.format("ADJ-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4))
    period = pl.col("event_date").dt.strftime("%Y-%m")
    schema = {"rule": pl.Int64, "payee_id": pl.String, "measure": pl.String, "over": pl.String,
              "value": pl.String}  # fmt: skip
    return Planted(
        rows.with_columns(adjustment_id=ids, period=period),
        len(RULES),
        pl.DataFrame(terms, orient="row", schema=schema),
    )


def made_up(people: Sequence[str], months: Sequence[date], seed: int) -> pl.DataFrame:
    """What people without a firm might be credited: as `planted` takes it."""
    rng = np.random.default_rng(seed + 1)
    measures = sorted({(rule.measure, rule.over or "month") for rule in RULES if rule.measure})
    rows = []
    for measure, over in measures:
        units = measure.endswith("seats")
        for who in people:
            for month in months:
                size = int(rng.integers(1, 90)) if units else int(rng.lognormal(10, 1) * 100) / 100
                rows.append(
                    (who, f"{month:%Y-%m}", measure, over, "units" if units else "money", size)
                )
    names = ("payee_id", "period", "measure", "over", "per", "value")
    return pl.DataFrame(rows, orient="row", schema=names, strict=False)


def _bases(credited: pl.DataFrame) -> pl.DataFrame:
    return credited.select("payee_id", "period", "measure", "over", "value")


def _schema() -> dict[str, type[pl.DataType]]:
    texts = dict.fromkeys(("payee_id", "component", "cause", "reason"), pl.String)
    return {**texts, "event_date": pl.Date, "amount": pl.Int64, "rule": pl.Int64}


def _held(
    rule: Rule, people: Sequence[str], months: Sequence[date], bases: Bases, rng: Generator
) -> dict[str, str]:
    """Who has a rule, and with which value: of a rate, people who are credited most months."""
    able = sorted(people)
    if rule.measure:
        over = rule.over or "month"
        counts = {
            who: sum((who, f"{m:%Y-%m}", rule.measure, over) in bases for m in months)
            for who in able
        }
        able = [who for who in able if counts[who] >= 0.7 * len(months)]
    count = min(rule.people, len(able))
    chosen = rng.choice(able, count, replace=False).tolist() if count else []
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return {who: values[place % len(values)] for place, who in enumerate(sorted(chosen))}


def _rule(
    k: int, rule: Rule, held: Mapping[str, str], months: Sequence[date], bases: Bases,
    rng: Generator, other: bool,
) -> list[Given]:  # fmt: skip
    made = []
    for month in months:
        if rule.over == "quarter" and month.month % 3:
            continue
        for who, value in held.items():
            key = (who, f"{month:%Y-%m}", rule.measure, rule.over or "month")
            if rule.measure and key not in bases:
                continue
            said = str(rng.choice(rule.other if other else rule.wordings))
            said = said.format(m=f"{month:%B %Y}")
            paid = Fraction(value) * (Fraction(str(bases[key])) if rule.measure else 1)
            made.append((who, "", rule.cause, said, month, _rounded(paid), k))
    return [row for row in made if row[5]]


def _odd(k: int, rows: list[Given], rng: Generator) -> list[Given]:
    """Rows by a formula that nobody looks for: one sort for each rule, by its number."""
    months = sorted({row[4] for row in rows})
    middle = months[len(months) // 2] if months else date.max
    amounts = {(row[0], row[4]): row[5] for row in rows}
    before = dict(zip(months[1:], months, strict=False))
    made = []
    for row in rows:
        who, month, paid = row[0], row[4], row[5]
        if k % 4 == 0:  # for some days of the month
            paid = _rounded(Fraction(paid, TICKS) * int(rng.integers(5, 31)) / 30)
        elif k % 4 == 1:  # raised in the middle
            paid = _rounded(Fraction(paid, TICKS) * Fraction(21, 20)) if month >= middle else paid
        elif k % 4 == 2:  # capped
            paid = max(min(paid, 250 * TICKS), -250 * TICKS)
        else:  # last month's
            paid = amounts.get((who, before.get(month, month)), paid)
        made.append((*row[:5], paid, row[6]))
    return made


def _off(row: Given, rng: Generator, sloppy: float) -> Given:
    """A row whose amount somebody rounded, or took from another report."""
    if rng.random() >= sloppy:
        return row
    amount = Fraction(row[5], TICKS)
    tens = Fraction(round(amount / 10) * 10) or amount
    near = amount * (1 + Fraction(int(rng.integers(-300, 301)), 10_000))
    return (*row[:5], _rounded(tens if rng.random() < 0.5 else near), row[6])


def _rounded(paid: Fraction) -> int:
    """In ticks of whole cents, half away from zero."""
    cents = int(abs(paid) * 100 + Fraction(1, 2))
    return (cents if paid > 0 else -cents) * UNIT


def _one_off(people: Sequence[str], month: date, rng: Generator) -> Given:
    cause, reason = NOISE[int(rng.integers(len(NOISE)))]
    size = float(np.exp(rng.normal(7.6, 1.0)))
    amount = 50 * max(round(size / 50), 1) if rng.random() < 0.3 else round(size, 2)
    sign = 1 if rng.random() < 0.7 else -1
    who = str(rng.choice(sorted(people)))
    return (who, "", cause, reason, month, sign * (_rounded(Fraction(str(amount))) or UNIT), -1)
