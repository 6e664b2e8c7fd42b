"""Limits: the target incentive that the modifiers of a component, or of a whole plan, look at.

All of their window's, whatever of it is over: a month pays the same computed alone as with the
months that follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from spmlib.core import engine
from spmlib.core.tables import Table
from spmlib.incent.earning import seconds, window_goals
from spmlib.incent.earning.layout import Layout, spans
from spmlib.incent.work import Work


def spanned(chosen: Sequence[int], over: str, targets: Table[Any], made: Layout) -> Table[Any]:
    """The target of some components in each window of a length.

    Args:
        chosen: their numbers.
        over: month, quarter, half or year.
        targets: of `window_goals.targets`.

    Returns:
        person, span, target [ticks].
    """
    own = targets.filter(nw.col("component").is_in(list(chosen)))
    placed = at_ends(own, made)
    summed = placed.join(spans(0, over, made), on="period_number").group_by("person", "span")
    return engine.kept(summed.agg(target=nw.col("target").sum()))


def at_ends(targets: Table[Any], made: Layout) -> Table[Any]:
    """The targets of windows with the number of their last period: ``period_number``."""
    windows = made.placed.group_by("component", "window")
    last = windows.agg(period_number=nw.col("period_number").max())
    return targets.join(last, on=["component", "window"])


def on_target(plan: str, made: Layout) -> list[int]:
    """The components of a plan that pay by the target incentive, by number."""
    return [n for n, c in enumerate(made.components) if c.plan == plan and c.pays == "target"]


def of_modifiers(work: Work) -> dict[tuple[str, str], Table[Any]]:
    """What modifiers take for the target: by plan and component (empty: of the whole plan).

    Returns:
        Of those that have modifiers, a table: person, span, target [ticks].
    """
    every, made = window_goals.targets(work), work.made
    found = {
        (c.plan, c.name): spanned([n], seconds.over(c.modifiers, c), every, made)
        for n, c in enumerate(made.components)
        if c.modifiers
    }
    whole = {
        (name, ""): spanned(on_target(name, made), plan.modifiers[0].over, every, made)
        for name, plan in work.parameters.plans.items()
        if plan.modifiers
    }
    return found | whole
