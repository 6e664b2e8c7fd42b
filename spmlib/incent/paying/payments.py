"""Payments: how what is earned becomes what is paid, a line for each term, and what is outstanding.

A plan without payment terms pays what is earned in the month. With terms: what events make of it
(`payables`), then what holds, draws, guarantees and bounds do (`terms`). Payouts are the sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw

from spmlib.core import conversion, engine
from spmlib.core.money import CURRENCIES
from spmlib.core.tables import Balances, Payments, Payouts, Table
from spmlib.incent.earning.earnings import Owed, summed
from spmlib.incent.paying.grid import Grid, people
from spmlib.incent.paying.payables import Payables
from spmlib.incent.paying.terms import BALANCES, settled
from spmlib.incent.work import Work
from spmlib.rules.payments import Payment
from spmlib.rules.plans import Plan

if TYPE_CHECKING:
    import numpy as np
    import polars as pl


NEVER = (date.max, date.max)  # employed


@dataclass(frozen=True)
class Paid:
    """What is paid, how it came about, and what is outstanding."""

    payments: Table[Payments]
    balances: Table[Balances]
    payouts: Table[Payouts]


@dataclass(frozen=True)
class History:
    """What earlier closes recorded, when the last period is about to be closed."""

    payables: pl.DataFrame  # payee_id, plan, component, period, amount [ticks]
    paid: pl.DataFrame  # payee_id, plan, amount [ticks]: in all closes


def paid(
    owed: Owed, payables: Callable[[], Payables], work: Work, history: History | None = None
) -> Paid:
    """The payments of everybody in every period; with a history, of the last period only.

    Args:
        owed: what was earned.
        payables: what becomes payable, computed when it is asked for.
        work: of the calculation.
        history: of the closes before. What they recorded stands; what differs from it by what is
            known now is a correction in the last period.
    """
    every = work.parameters.plans.values()
    plans = [plan for plan in every if plan.payment or history]
    earned: Table[Any] = owed.payouts.with_columns(
        kind=nw.lit("earned"), source=nw.lit(None, dtype=nw.String)
    ).select(*Payments.columns())
    if not plans:
        return Paid(earned, engine.empty(Balances), owed.payouts)
    periods = work.made.periods.filter(nw.col("period_number") <= work.made.last)
    months, employed = engine.collected(periods.sort("period_number")), _employed(work)
    made = [
        _of_plan(plan, payables().of(plan.name), months, employed, work, history) for plan in plans
    ]
    lines = engine.stacked([earned, *(payments for payments, _ in made)])
    balances = engine.stacked([balances for _, balances in made])
    if history is not None:
        last = nw.col("period") == months["period"][-1]
        lines, balances = lines.filter(last), balances.filter(last)
    payments = engine.kept(lines.filter((nw.col("amount") != 0) | (nw.col("kind") == "earned")))
    return Paid(payments, balances, summed(payments))


def _of_plan(
    plan: Plan,
    payables: Payables,
    months: pl.DataFrame,
    employed: dict[str, tuple[date, date]],
    work: Work,
    history: History | None,
) -> tuple[Table[Payments], Table[Balances]]:
    """The lines that a plan's payment terms, and corrections, add; and its balances."""
    import numpy as np
    import polars as pl

    terms = plan.payment or Payment(plan.place)
    unit = conversion.minor(plan.currency)
    held = _held(plan, work)
    now = pl.concat([payables.earned, payables.released])
    before = _closed(history, plan, now)
    ids = sorted({*held["payee_id"], *payables.earned["payee_id"], *before["payee_id"]})
    grid = Grid(ids, months["period"].to_list())
    payable, correction = _standing(grid, now, before, history, unit)
    covers = _covers(plan)
    some, closed = (rows.filter(_in(rows, covers)) for rows in (now, before))
    them = people(
        terms,
        payable=payable,
        covered=_standing(grid, some, closed, history, unit)[0],
        holds=grid.filled(held, 1) > 0,
        starts=months["period_start"].to_list(),
        ends=months["period_end"].to_list(),
        employed=[employed.get(payee, NEVER) for payee in ids],
    )
    made = settled(them, terms, CURRENCIES[plan.currency])
    events = grid.filled(payables.released, unit)
    lines = {"event": events, "correction": correction} | made.lines
    lines["terms"] = _changed_terms(grid, payable, made.lines, history, plan, unit)
    unpaid = {"unpaid": -np.cumsum(events, axis=1)} | made.balances
    return _lines(grid, lines, plan, terms, unit), _balances(grid, unpaid, plan, unit)


def _standing(
    grid: Grid, now: pl.DataFrame, before: pl.DataFrame, history: History | None, unit: int
) -> tuple[np.ndarray, np.ndarray]:
    """What is payable in each month, and how much of it corrects earlier ones.

    With a history, earlier months stand as they were closed, and what differs from them by what is
    known now is payable in the last one.
    """
    import numpy as np

    payable = grid.filled(now, unit)
    correction = np.zeros_like(payable)
    if history is not None:
        closed = grid.filled(before, unit)
        correction[:, -1] = (payable - closed)[:, :-1].sum(axis=1)
        payable = np.hstack([closed[:, :-1], payable[:, -1:] + correction[:, -1:]])
    return payable, correction


def _changed_terms(
    grid: Grid,
    payable: np.ndarray,
    lines: dict[str, np.ndarray],
    history: History | None,
    plan: Plan,
    unit: int,
) -> np.ndarray:
    """What the terms that hold now would have paid before, less what was paid."""
    import numpy as np

    made = np.zeros_like(payable)
    if history is not None:
        walked = (payable + sum(lines.values()))[:, :-1].sum(axis=1)
        rows = history.paid.filter(history.paid["plan"] == plan.name)
        paid_ = grid.filled(rows.with_columns(period=_lit(grid.periods[-1])), unit)
        made[:, -1] = walked - paid_[:, -1]
    return made


def _closed(history: History | None, plan: Plan, like: pl.DataFrame) -> pl.DataFrame:
    """What earlier closes recorded as payable under a plan."""
    if history is None:
        return like.head(0)
    own = history.payables.filter(history.payables["plan"] == plan.name)
    return own.select(like.columns)


def _lit(word: str) -> pl.Expr:
    import polars as pl

    return pl.lit(word)


def _held(plan: Plan, work: Work) -> pl.DataFrame:
    """Who holds the plan in which period: payee_id, period, amount (1 or more)."""
    number = work.who.plans.index(plan.name)
    known = work.held.filter(nw.col("plan_number") == number)
    named = known.join(work.who.people.select("person", "payee_id"), on="person")
    dated = named.join(work.made.periods.select("period_number", "period"), on="period_number")
    return engine.collected(dated.group_by("payee_id", "period").agg(amount=nw.len()))


def _employed(work: Work) -> dict[str, tuple[date, date]]:
    """Each person's first day of employment, and the first day after it."""
    rows = engine.collected(work.who.people.select("payee_id", "hire_date", "leave_date"))
    return {payee: (hired, left or date.max) for payee, hired, left in rows.iter_rows()}


def _covers(plan: Plan) -> set[str] | None:
    """The components that the draw covers; none: all, and the whole plan's modifiers."""
    draw = plan.payment.draw if plan.payment else None
    if draw is None or not draw.covers:
        return None
    return {c.name for c in plan.components.values() if {c.name, c.category} & {*draw.covers}}


def _in(rows: pl.DataFrame, components: set[str] | None) -> pl.Series:
    import polars as pl

    if components is None:
        return pl.Series([True] * len(rows), dtype=pl.Boolean)
    return rows["component"].is_in(list(components)).fill_null(False)


def _lines(
    grid: Grid, lines: dict[str, np.ndarray], plan: Plan, terms: Payment, unit: int
) -> Table[Payments]:
    """The amounts that are not 0, as rows."""
    import polars as pl

    frames = [
        grid.rows({"amount": amounts}, unit).with_columns(
            plan=pl.lit(plan.name),
            kind=pl.lit(kind),
            currency=pl.lit(plan.currency),
            source=pl.lit(_place(terms, kind)),
        )
        for kind, amounts in lines.items()
    ]
    return engine.brought(pl.concat(frames).select(*Payments.columns()))


def _place(terms: Payment, kind: str) -> str:
    """Where the term is written that makes a kind of line; the plan for a correction."""
    words = {"recovery": ("draw",), "carried": ("maximum", "minimum"), "event": ("event", "hold")}
    written = [word for word in words.get(kind, (kind,)) if word in terms.places]
    return terms.places[written[0]] if written else terms.place


def _balances(
    grid: Grid, balances: dict[str, np.ndarray], plan: Plan, unit: int
) -> Table[Balances]:
    """The balances of those who have any, as rows."""
    import polars as pl

    rows = grid.rows({name: balances[name] for name in ("unpaid", *BALANCES)}, unit)
    worded = rows.with_columns(plan=pl.lit(plan.name), currency=pl.lit(plan.currency))
    return engine.brought(worded.select(*Balances.columns()))
