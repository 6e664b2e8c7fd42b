"""Solver: the table nearest to the one in force that meets a budget, a pay mix and a leverage.

At given thresholds pay is linear in what rows give, so each condition is a plane, and the nearest
table is a projection. Caps, floors and gates bend the planes: they are laid again at the table
found, until every condition holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from spmlib.core.arrays import Floats
from spmlib.core.errors import ParameterError
from spmlib.core.parameters import nearest as nearest_word
from spmlib.incent.modelling.simulated import rows
from spmlib.incent.modelling.simulated.asked import Asked, excellent, mean_paid
from spmlib.incent.modelling.simulated.nearest import Bounds, nearest, said, ways
from spmlib.incent.modelling.simulated.played import Played, moved, played
from spmlib.incent.modelling.simulated.sets import Prepared
from spmlib.incent.modelling.simulated.written import Wanted
from spmlib.incent.work import Parameters
from spmlib.rules.estimated.plans import Component, PlanPay
from spmlib.rules.plans import Component as WrittenComponent
from spmlib.rules.plans import Row

if TYPE_CHECKING:
    import pandas as pd

RUNS = 2_000
ROUNDS = 40  # of laying the planes again
MET = 1e-10  # relative
TRIED = 24  # ways of rounding that are paid again
TOUCH = 1e-4  # by how much a rate is moved to see what it is worth


@dataclass(frozen=True)
class Found:
    """A table that was found.

    Attributes:
        rows: row (from), when (of a matrix), word, now, exact, rounded, place (file:line).
        conditions: cost [currency a year], pay mix, leverage: wanted (nan if not asked), now,
            exact, rounded, miss (of rounded, over wanted, less 1).
        text: the rows as the plan file has them.
        overlay: the words of a scenario: file, word, to.
        table: the rows.
        plan: how the plan pays by them.
        excellence: the attainment called excellent.
        elsewhere: what the rounded table costs in as many other companies, over those on which it
            was found, less 1.
    """

    rows: pd.DataFrame
    conditions: pd.DataFrame
    text: str
    overlay: tuple[Mapping[str, str], ...]
    table: tuple[Row, ...]
    plan: PlanPay
    excellence: float
    elsewhere: float


def found(
    ready: Prepared,
    parameters: Parameters,
    wanted: Wanted,
    runs: int = RUNS,
    excellence: float | None = None,
) -> Found:
    """The table that meets what is wanted.

    Defined as the rates r that minimise |r - now|^2 with, over the people on the plan,

        mean over companies of pay(r)                     = cost x (1 + wanted cost)
        pay(r) if all reach 100 % of quota                = mix / (1 - mix) x base pay
        pay(r) at excellence / pay(r) at 100 % of quota   = leverage

    each as far as it is asked, and within bounds. Pay is that of the whole plan: other components
    count as they are drawn, or as expected. Rows that give nothing go on giving nothing.

    Args:
        ready: what is known.
        parameters: the files whose table is replaced: those of base.
        wanted: of the table; `written.Wanted`.
        runs: how many companies.
        excellence: multiple of quota; the quantile that the file names, of those on the plan, if
            not given.

    Raises:
        ParameterError: nobody holds the plan, it has no such component, or that is not rated by
            sums; the conditions clash: the message says how far each can go.
    """
    told, own = _component(ready, parameters, wanted)
    on = date(ready.decided.year, 12, 31)
    table = rows.table(told, on)
    of = played(ready, wanted.plan, runs)
    level = excellence if excellence is not None else excellent(ready, of)
    asked = Asked.of(ready, wanted, of, level)
    now = np.array([float(row.gives) for row in table])
    paying = now != 0
    bounds = Bounds(0.0, wanted.most, wanted.rising and len({row.when for row in table}) == 1)
    own_slices = rows.slices(told, table)

    def plan(gives: Floats) -> PlanPay:
        return moved(of.known, replace(own, curves=rows.combined(own_slices, gives)))

    def pays(some: Floats) -> Floats:
        """What each condition comes to, by what the rows give that give anything."""
        return asked.sums(plan(_spread(some, paying)))

    exact, slopes = _solved(now[paying], pays, asked, bounds)
    sums = asked.wanted - pays(exact) + slopes @ exact
    tried = ways(exact, slopes, sums, wanted.step, bounds)[:TRIED]
    missed = [asked.missed(pays(way)) for way in tried]
    whole = tried[int(np.argmin(missed))]
    sides = {"now": now, "exact": _spread(exact, paying), "rounded": _spread(whole, paying)}
    by = {side: plan(gives) for side, gives in sides.items()}
    made = rows.given(table, sides["rounded"])
    return Found(
        _rows(table, sides),
        _conditions(wanted, asked, by),
        rows.written(made),
        _overlay(wanted, rows.begins(told, on), table, made),
        made,
        by["rounded"],
        level,
        _elsewhere(ready, wanted.plan, by["rounded"], of, runs),
    )


def applied(parameters: Parameters, wanted: Wanted, of: Found, on: date) -> Parameters:
    """The parameters with a table found in the place of the one in force on a day.

    What it would have paid for what was really sold is then the engine's to say: `calculated`.
    """
    plan = parameters.plans[wanted.plan]
    component = plan.components[wanted.component]
    tables = {**component.tables, rows.begins(component, on): of.table}
    parts = {**plan.components, wanted.component: replace(component, tables=tables)}
    plans = {**parameters.plans, wanted.plan: replace(plan, components=parts)}
    return replace(parameters, plans=plans)


def _solved(
    now: Floats, pays: Callable[[Floats], Floats], asked: Asked, bounds: Bounds
) -> tuple[Floats, Floats]:
    """The nearest rates that meet the conditions, and what each is worth there."""
    at = now
    scale = np.maximum(np.abs(asked.wanted), max(float(np.abs(pays(now)).max()), 1.0) * MET)
    scale = np.where(asked.wanted == 0, float(np.abs(pays(now)).max()) + 1.0, scale)
    for _ in range(ROUNDS):
        here = pays(at)
        slopes = np.array([(pays(at + unit) - here) / TOUCH for unit in TOUCH * np.eye(len(now))]).T
        sums = asked.wanted - here + slopes @ at
        made = nearest(now, slopes, sums, bounds)
        if made is None:
            told = said(asked.names, slopes, sums, bounds)
            upto = "or more" if np.isinf(bounds.most) else f"to {bounds.most:g}"
            limits = f"{bounds.least:g} {upto}{', rising' if bounds.rising else ''}"
            raise ParameterError(
                f"no rates of {limits} meet this: {told}; ask for less, or move thresholds."
            )
        still = np.abs(made - at).max() < MET
        at = made
        if still or (np.abs(pays(at) - asked.wanted) <= MET * scale).all():
            return at, slopes
    raise ParameterError(
        f"what is asked is not met after {ROUNDS} rounds: caps or floors hold nearly all pay; "
        "ask for less, or move them first."
    )


def _spread(some: Floats, paying: Floats) -> Floats:
    """What all rows give: those that give nothing go on giving nothing."""
    made = np.zeros(len(paying))
    made[paying] = some
    return made


def _component(
    ready: Prepared, parameters: Parameters, wanted: Wanted
) -> tuple[WrittenComponent, Component]:
    """The component as it is written, and as arrays."""
    if wanted.plan not in ready.known or wanted.plan not in parameters.plans:
        raise ParameterError(
            f"nobody holds plan '{wanted.plan}'; write {nearest_word(wanted.plan, ready.known)}."
        )
    told = parameters.plans[wanted.plan].components
    if wanted.component not in told:
        raise ParameterError(
            f"{wanted.plan} has no component '{wanted.component}'; "
            f"write {nearest_word(wanted.component, told)}."
        )
    parts = {part.name: part for part in ready.known[wanted.plan].plan.components}
    own = parts[wanted.component]
    if not own.curved:
        rated = [name for name, part in parts.items() if part.curved]
        raise ParameterError(
            f"'{wanted.component}' pays transactions one by one, or places, which are not drawn; "
            f"write {nearest_word(wanted.component, rated)}."
        )
    return told[wanted.component], own


def _rows(table: Sequence[Row], sides: Mapping[str, Floats]) -> pd.DataFrame:
    import pandas as pd

    starts = [rows.word(row.start) for row in table]
    whens = ["" if row.when is None else rows.word(row.when) for row in table]
    about = {"row": starts, "when": whens, "word": [row.word for row in table]}
    return pd.DataFrame({**about, **sides, "place": [row.place for row in table]})


def _conditions(wanted: Wanted, asked: Asked, by: Mapping[str, PlanPay]) -> pd.DataFrame:
    import pandas as pd

    made = pd.DataFrame({side: asked.shown(plan) for side, plan in by.items()})
    cost = np.nan if wanted.cost is None else made["now"][0] * (1 + wanted.cost)
    aims = [cost, *(np.nan if aim is None else aim for aim in (wanted.mix, wanted.leverage))]
    made.insert(0, "condition", ["cost", "pay mix", "leverage"])
    made.insert(1, "wanted", aims)
    return made.assign(miss=made["rounded"] / made["wanted"] - 1)


def _overlay(
    wanted: Wanted, since: date, before: Sequence[Row], after: Sequence[Row]
) -> tuple[Mapping[str, str], ...]:
    """The words of a scenario that make the table: rows count from 1."""
    return tuple(
        {
            "file": wanted.plan,
            "word": f"components.{wanted.component}.table.{since}.{place}.{new.word}",
            "to": rows.word(new.gives),
        }
        for place, (old, new) in enumerate(zip(before, after, strict=True), start=1)
        if old.gives != new.gives
    )


def _elsewhere(ready: Prepared, name: str, plan: PlanPay, of: Played, runs: int) -> float:
    """What a plan costs in as many other companies, over those of before, less 1."""
    seed = ready.decided.seed + 1
    other = played(replace(ready, decided=replace(ready.decided, seed=seed)), name, runs)
    return mean_paid(other, plan) / mean_paid(of, plan) - 1
