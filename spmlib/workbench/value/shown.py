"""Value shown: what a change was worth, as notebooks show it: figures, tables and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spmlib.revops.value import money, placebos, readings, teams
from spmlib.show import words
from spmlib.workbench.value.assessment import Value

if TYPE_CHECKING:
    import pandas as pd

CENT = 0.005


def in_figures(made: Value) -> dict[str, Any]:
    """A value in figures: measures, shown, doubted, truths, found, false, and those of money.

    `truths` counts measures in which something was planted, `found` those of them that are shown
    and not doubted, `false` those that are, with nothing planted.
    """
    rows = made.table()
    sure = (rows["shown"] == True) & ~rows["doubted"]  # noqa: E712 (empty: not known)
    planted = rows["truth"].notna() & (rows["truth"] != 0)
    nothing = rows["truth"] == 0
    counts = {
        "measures": int(rows["change"].notna().sum()),
        "shown": int(sure.sum()),
        "doubted": int(rows["doubted"].sum()),
        "truths": int(planted.sum()),
        "found": int((sure & planted).sum()),
        "false": int((sure & nothing).sum()),
    }
    return counts | (readings.in_figures(made.returns) if made.returns else {})


def in_words(made: Value) -> str:
    """What a change brought in money, in a sentence; and if nothing is counted, that."""
    if made.returns is None:
        doubted = "; all that could be is in doubt" if made.doubted else ""
        return f"Nothing that is worth money has an interval to be counted with{doubted}."
    told = readings.in_figures(made.returns)
    names = [made.policy.measures[one.name].says.lower() for one in made.counted]
    return (
        f"Counted: {words.listed(names)}. Net **{words.short(told['net'], made.currency)}** in "
        f"{made.policy.months} months ({words.span(told, 'low', 'high')} in 9 of 10 cases), on "
        f"costs of {words.short(told['costs'])}; paid back with a chance of "
        f"{words.percent(told['paid'])}."
    )


def course(made: Value, name: str) -> pd.DataFrame:
    """A measure beside what would have come: as `readings.course`.

    Raises:
        ParameterError: the measure is not known.
    """
    return readings.course(made.effect(name))


def worths(made: Value) -> pd.DataFrame:
    """What units are worth: says, unit, worth, within (in words), counted."""
    import pandas as pd

    told = made.policy.measures
    counted = [one.name for one in made.counted]
    rows = [(one.says, one.unit, one.worth, told[one.within].says if one.within else "",
             one.name in counted) for one in told.values()]  # fmt: skip
    return pd.DataFrame(rows, columns=["says", "unit", "worth", "within", "counted"])


def bridge(made: Value) -> pd.DataFrame:
    """What counted measures bring, less costs: as `readings.bridge`; no rows where none is."""
    names = {name: one.says for name, one in made.policy.measures.items()}
    return readings.bridge(made.returns, names) if made.returns else readings.no_bridge()


def payback(made: Value) -> pd.DataFrame:
    """What is left by each month: as `readings.payback`; no rows where nothing is counted."""
    return readings.payback(made.returns) if made.returns else readings.no_payback()


def tried(
    made: Value, set_up: float, running: float, discount: float, later: float = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bridge and payback with other costs, another discount, and starts some months later.

    Args:
        made: as it stands.
        set_up: once, at the start [currency]; running: a month [currency].
        discount: a year.
        later: months by which all starts are taken to have come later; earlier below 0.
    """
    costs = {"set_up": set_up, "running": running, "discount": discount}
    moved = made.moved(by=int(later), **costs)
    return bridge(moved), payback(moved)


def checked(made: Value) -> pd.DataFrame:
    """What must hold of a value: check, says, holds."""
    import pandas as pd

    rows = [*_of_effects(made), *_of_money(made)]
    return pd.DataFrame(rows, columns=["check", "says", "holds"])


def _of_effects(made: Value) -> list[tuple[str, str, bool]]:
    told = made.policy
    known = {name: int(own.known.sum()) for name, own in made.measures.items()}
    used = {one.name: one.before + one.after for one in made.effects}
    short = [name for name, count in used.items() if not 0 <= known[name] - count <= 1]
    apart = [
        name
        for name, own in made.by_team.items()
        if not np.allclose(teams.total(own, told.measures[name].adds).values,
                           made.measures[name].values, equal_nan=True)
    ]  # fmt: skip
    outside = [
        e.name for e in made.effects if e.bounded and not e.change[1] <= e.change[0] <= e.change[2]
    ]
    both = [name for name in told.measures if name in used and name in made.unknown]
    held = {name: placebos.share(own) or 0 for name, own in made.tests.items()}
    worst = max((held[one.name] for one in made.counted), default=0.0)
    most = f"{100 * worst:.0f} % at the most, {100 * told.doubt:.0f} % are allowed"
    return [
        ("Months before and after are all that are known", f"{len(short)} differ", not short),
        ("Teams make the company", f"{len(apart)} differ", not apart),
        ("Each change lies in its interval", f"{len(outside)} do not", not outside),
        ("A measure is known, or it is said why not", f"{len(both)} are both", not both),
        ("Made-up days of what is counted show nothing", most, worst <= told.doubt),
    ]


def _of_money(made: Value) -> list[tuple[str, str, bool]]:
    names = {one.name for one in made.counted}
    above = [name for name in names if names & set(money.above(name, made.worths))]
    rows = [("Nothing is counted twice", f"{len(above)} are held by another", not above)]
    returns = made.returns
    if returns is None:
        return [*rows, ("Nothing is counted in money", "no net is said", not names)]
    values = sum(part.mean() for part in returns.values.values())
    left = values - returns.costs
    net = float(returns.present_value.mean())
    paid = np.diff(returns.paid)
    return [
        *rows,
        ("Measures less costs are the net", f"{left:,.0f} and {net:,.0f}", abs(left - net) < CENT),
        (
            "The chance to have paid never falls",
            f"{int((paid < 0).sum())} do",
            not (paid < 0).any(),
        ),
    ]
