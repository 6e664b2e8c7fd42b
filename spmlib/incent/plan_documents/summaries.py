"""Summaries: what plan documents say together, and what must hold of every one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from spmlib.core.plan_documents import Clause, PlanDocument

if TYPE_CHECKING:
    import pandas as pd


def by_plan(told: Sequence[PlanDocument]) -> pd.DataFrame:
    """Plans by how many hold them: plan, title, people, version, parts, clauses, examples."""
    import pandas as pd

    made: dict[str, list[PlanDocument]] = {}
    for one in told:
        made.setdefault(one.plan, []).append(one)
    rows = [
        (
            plan,
            own[0].title,
            len(own),
            own[0].version,
            len(own[0].parts),
            len(_clauses(own[0])),
            sum(len(p.example.deals) for p in own[0].parts if p.example is not None),
        )
        for plan, own in sorted(made.items())
    ]
    columns = ["plan", "title", "people", "version", "parts", "clauses", "examples"]
    return pd.DataFrame(rows, columns=columns)


def examples(of: PlanDocument) -> pd.DataFrame:
    """A plan's worked examples: component, deal, counted, how, earned [plan currency], currency."""
    import pandas as pd

    rows = [
        (
            part.name,
            line.transaction_id,
            line.credited,
            "; ".join(f"{step.words} = {step.amount:,}" for step in line.steps if step.words),
            line.amount,
            of.currency,
        )
        for part in of.parts
        if part.example is not None
        for line in part.example.lines
    ]
    return pd.DataFrame(rows, columns=["component", "deal", "counted", "how", "earned", "currency"])


def checks(told: Sequence[PlanDocument]) -> pd.DataFrame:
    """What must hold of plan documents: check, says, holds."""
    import pandas as pd

    plans = {one.plan: one for one in told}.values()
    placeless = [c.key for one in plans for c in _clauses(one) if ":" not in c.place]
    shown = [p.example for one in plans for p in one.parts if p.example is not None]
    unreversed = 0
    for example in shown:
        *_, last, back = [line for line in example.lines if line.transaction_id]
        unreversed += last.amount != -back.amount
    told_goals = [goal for one in told for goal in one.goals]
    falling = [g for g in told_goals if any(b[1] < a[1] for a, b in pairwise(g.pays))]
    rows = [
        ("Every sentence has its place", f"{len(placeless)} have none", not placeless),
        ("What is reversed takes back what it brought", f"{unreversed} do not", unreversed == 0),
        ("Reaching more never pays less", f"{len(falling)} of {len(told_goals)} do", not falling),
    ]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _clauses(of: PlanDocument) -> list[Clause]:
    return [*of.clauses, *(clause for part in of.parts for clause in part.clauses)]
